//! `ripstop screen`: which contracts and consignments touch a rule, which paragraph, since when, on which facts.

use std::fmt::Write;

use ripstop::calendar::Day;
use ripstop::rules::{ExemptionOutcome, Outcome};
use ripstop::series::Detail;
use ripstop_case::network::Mapper;
use ripstop_case::rules::{DISCLAIMER, RuleSet, Told, findings_json};
use ripstop_case::study::{self, Request, Study};
use ripstop_case::{Case, load, near_miss};

use crate::account::rules as account;
use crate::account::words::{count, date, hanging, money, paragraph};
use crate::{Failure, ScreenArgs, print, problems, run};

/// Screens a case: its scenario is run once, at base values, and every rule is asked.
pub fn screen(arguments: &ScreenArgs) -> Result<(), Failure> {
    let outcomes = fail_on(&arguments.fail_on)?;
    let mut loaded = load(&run::folder(&arguments.case)?);
    loaded.apply(&arguments.warnings.policy());
    problems::print(&loaded);
    let Some(case) = &loaded.case else { return Err(Failure::Input) };
    let scenario = run::find_scenario(case, arguments.scenario.as_deref())?;
    let request = Request { scenario, draws: 0, seed: case.settings.seed, sweep: false, record: Some(Detail::Full) };
    let study = run::with_progress(case, &request, None).map_err(|stop| run::unfinished(stop, &loaded, None))?;
    let (told, whole_book) = findings(case, &study, scenario, &arguments.rules)?;
    let name = &case.scenarios[scenario].name;
    if arguments.json {
        run::print_json(&findings_json(case, name, Day(case.meta.as_of), &told))?;
    } else {
        let shown = of_contract(case, &told, arguments.contract.as_deref())?;
        print(&page(case, &study, name, &told, shown, whole_book));
    }
    let met = told.iter().filter(|t| outcomes.contains(&t.finding.outcome)).count();
    if met > 0 { Err(Failure::Met(format!("{met} findings are {}", arguments.fail_on.join(" or ")))) } else { Ok(()) }
}

/// Outcomes that end the command with code 4.
fn fail_on(words: &[String]) -> Result<Vec<Outcome>, Failure> {
    let known = || Outcome::ALL.into_iter().map(Outcome::word);
    words
        .iter()
        .map(|word| {
            Outcome::ALL.into_iter().find(|outcome| outcome.word() == word).ok_or_else(|| {
                let hint = near_miss(word, known()).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                anyhow::anyhow!("no finding says `{word}`{hint} They say: {}.", known().collect::<Vec<_>>().join(", ")).into()
            })
        })
        .collect()
}

/// Findings under the rules named, else those in force, else the whole shipped book; and whether it was that.
fn findings(case: &Case, study: &Study, scenario: usize, named: &[String]) -> Result<(Vec<Told>, bool), Failure> {
    if let Some(told) = study.findings.as_ref().filter(|_| named.is_empty()) {
        return Ok((told.clone(), false));
    }
    // A scenario that puts no rule in force means it.
    if named.is_empty() && case.scenarios[scenario].rules.is_some() {
        return Ok((Vec::new(), false));
    }
    let all = &case.law.all.rules;
    let mut rules = Vec::new();
    for name in named {
        if name == "all" {
            rules.extend(0..all.len());
            continue;
        }
        let Some(index) = all.iter().position(|rule| rule.id == *name) else {
            let hint =
                near_miss(name, all.iter().map(|rule| rule.id.as_str())).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            return Err(anyhow::anyhow!("there is no rule `{name}`{hint} `ripstop rules list` shows them").into());
        };
        rules.push(index);
    }
    let whole = rules.is_empty();
    if whole {
        rules = (0..all.len()).collect();
    }
    rules.sort_unstable();
    rules.dedup();
    let mapper = Mapper::new(case);
    let values = case.parameters.values_in(&case.scenarios[scenario], &[]);
    let set = RuleSet::new(case, &mapper.network(&values), &values, &rules);
    Ok((study::findings(case, &mapper, &study.outcome, &set, scenario), whole))
}

/// The findings of one contract, where one is named.
fn of_contract<'a>(case: &Case, told: &'a [Told], contract: Option<&str>) -> Result<Option<&'a [Told]>, Failure> {
    let Some(name) = contract else { return Ok(None) };
    let contracts = case.table("contracts");
    let Some(row) = contracts.row_of(name) else {
        let keys: Vec<String> = (0..contracts.rows()).map(|row| contracts.key(row)).collect();
        let hint = near_miss(name, keys.iter().map(String::as_str)).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Err(anyhow::anyhow!("the case has no contract `{name}`{hint}").into());
    };
    let id = |t: &Told| t.finding.candidate.consignment.contract.0;
    let first = told.partition_point(|t| id(t) < row);
    let last = told.partition_point(|t| id(t) <= row);
    Ok(Some(&told[first..last]))
}

fn page(case: &Case, study: &Study, scenario: &str, told: &[Told], shown: Option<&[Told]>, whole_book: bool) -> String {
    let mut text = paragraph(&format!("{}, scenario {scenario}, to {}", case.meta.title, date(Day(case.meta.as_of))), 0);
    text.push_str(&paragraph(DISCLAIMER, 0));
    if whole_book {
        text.push_str(&paragraph(
            "The case puts no rule in force: it is held against every rule that comes with ripstop. `rules` in case.toml chooses.",
            0,
        ));
    }
    text.push('\n');
    if let Some(shown) = shown {
        if shown.is_empty() {
            text.push_str("No rule asked touches this contract. That says nothing of other rules or facts.\n");
        }
        shown.iter().for_each(|t| text.push_str(&in_full(case, t)));
        return text;
    }
    text.push_str(&account::table(case, told));
    text.push('\n');
    text.push_str(&account::people(case, study));
    text.push('\n');
    for group in alike(case, told) {
        text.push_str(&group);
    }
    if !told.is_empty() {
        text.push_str("\nFacts and exemptions of one contract: --contract ID; everything: --json\n");
    }
    text
}

/// Contracts under the same findings, told together, with their names and spans.
fn alike(case: &Case, told: &[Told]) -> Vec<String> {
    let contract = |t: &Told| t.finding.candidate.consignment.contract;
    let mut groups: Vec<(Vec<String>, Vec<&[Told]>)> = Vec::new();
    for findings in told.chunk_by(|a, b| contract(a) == contract(b)) {
        let mut key: Vec<String> = findings.iter().map(|t| short(case, t)).collect();
        key.dedup();
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, members)) => members.push(findings),
            None => groups.push((key, vec![findings])),
        }
    }
    groups.iter().map(|(key, members)| group_text(case, key, members)).collect()
}

fn group_text(case: &Case, key: &[String], members: &[&[Told]]) -> String {
    let mut text = String::from("\n");
    for line in key {
        text.push_str(&hanging(line, 0, 4));
    }
    let contracts = case.table("contracts");
    for findings in members {
        let first = findings.iter().map(|t| t.finding.first).min().unwrap_or_default();
        let last = findings.iter().map(|t| t.finding.last).max().unwrap_or_default();
        let goods = findings.iter().filter(|t| t.finding.candidate.consignment.object.word() == "goods");
        let (shipments, value) = goods.fold((0, 0.0_f64), |(n, v), t| (n.max(t.finding.shipments), v.max(t.finding.value)));
        let key = contracts.key(findings[0].finding.candidate.consignment.contract.index());
        let line = format!("{key}: {first} … {last}, {shipments} shipments, {}", money(value, &case.meta.currency));
        text.push_str(&hanging(&line, 2, 6));
    }
    text
}

/// `breach, goods: S/RES/2375 (2017) ¶16 (UN-2375-16)`.
fn short(case: &Case, told: &Told) -> String {
    let rule = &case.law.all.rules[told.rule];
    let finding = &told.finding;
    format!("{}, {}: {} ({})", finding.outcome.word(), finding.candidate.consignment.object.word(), rule.cite(), rule.id)
}

/// A finding with its facts and exemptions.
fn in_full(case: &Case, told: &Told) -> String {
    let rule = &case.law.all.rules[told.rule];
    let finding = &told.finding;
    let products = case.table("products");
    let product = finding.candidate.consignment.product.index();
    let unit = products.text(products.col("unit"), product).unwrap_or("units");
    let mut text = hanging(&format!("{}; {}", short(case, told), rule.title), 0, 4);
    let amount = format!("{} {unit} of {}", count(finding.quantity), ripstop_case::who::name(products, product));
    let line = format!(
        "{} … {}, {} shipments, {amount}, {}",
        finding.first,
        finding.last,
        finding.shipments,
        money(finding.value, &case.meta.currency)
    );
    text.push_str(&paragraph(&line, 2));
    for fact in &told.facts {
        let source = fact.source.as_ref().map_or(String::new(), |source| format!(", {source}"));
        text.push_str(&hanging(&format!("{} [{}{source}]: {}", fact.test, fact.basis, fact.text), 2, 6));
    }
    for (id, outcome, why) in told.exemptions.iter().filter(|e| e.1 != ExemptionOutcome::NotApplicable) {
        text.push_str(&hanging(&format!("exemption {id}: {}, {why}", outcome.word()), 2, 6));
    }
    if let Some(note) = &told.note {
        text.push_str(&hanging(&format!("note: {note}"), 2, 6));
    }
    let _ = writeln!(text);
    text
}
