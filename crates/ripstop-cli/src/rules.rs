//! `ripstop rules`: the rules that come with ripstop, one in full, and a file of one's own checked.

use std::sync::Arc;

use ripstop_case::rules::{check_file, shipped};
use ripstop_case::{Diagnostic, Severity, Source, near_miss};
use ripstop_study::rules::{explain, list};

use crate::account::words::{did_you_mean, hanging, some};
use crate::{Failure, RulesCommand, print, problems, terminal};

/// Lists, explains or checks.
pub fn rules(command: &RulesCommand) -> Result<(), Failure> {
    match command {
        RulesCommand::List { json } => {
            let (lines, value) = list(shipped());
            if *json {
                return terminal::print_json(&value);
            }
            let text: String = lines.iter().map(|[what, since]| hanging(what, 0, 4) + &hanging(since, 4, 4)).collect();
            print(&format!("{text}\n{}; one in full: `ripstop rules explain ID`\n", some(lines.len(), "rule")));
            Ok(())
        }
        RulesCommand::Explain { id, json } => one(id, *json),
        RulesCommand::Check { file, json } => check(file, *json),
    }
}

fn one(id: &str, json: bool) -> Result<(), Failure> {
    let law = shipped();
    let Some(rule) = law.rules.iter().find(|rule| rule.id.eq_ignore_ascii_case(id)) else {
        let near = near_miss(id, law.rules.iter().map(|rule| rule.id.as_str()));
        let hint = did_you_mean(near);
        return Err(anyhow::anyhow!("there is no rule `{id}`{hint} `ripstop rules list` shows them").into());
    };
    let (lines, value) = explain(rule);
    if json {
        return terminal::print_json(&value);
    }
    let text: String = lines.iter().map(|line| hanging(line, 0, 4)).collect();
    print(&format!("{text}\nA rule of ripstop is data for analysis, not legal advice.\n"));
    Ok(())
}

fn check(file: &std::path::Path, json: bool) -> Result<(), Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| anyhow::anyhow!("cannot read {}: {error}", file.display()))?;
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let (source, rules) = check_file(file, text, &mut diagnostics);
    diagnostics.sort_by_key(|fault| (fault.line, fault.column));
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    let sources: [Arc<Source>; 1] = [source];
    if json {
        terminal::print_json(&serde_json::to_value(&diagnostics).unwrap_or_default())?;
    } else {
        problems::print_with(&diagnostics, &sources);
        if errors == 0 {
            print(&format!("{}: no errors, {}.\n", file.display(), some(rules.len(), "rule")));
        }
    }
    if errors > 0 { Err(Failure::Input) } else { Ok(()) }
}
