//! Claims with ✓ or ✗ and their share of draws, and what the results rest on.

use std::fmt::Write;

use ripstop::model::calendar::Day;
use ripstop::record::Detail;
use ripstop_case::{Case, ClaimKind, Parameter};
use ripstop_study::figures::Unit;
use ripstop_study::rests::RestsOn;
use ripstop_study::study::{ClaimAnswer, Study};

use super::words::{count, date, hanging, left, percent, right, short_money};
use super::{WIDTH, heading};

/// Claims, outcomes first, premises apart.
pub fn claims(case: &Case, study: &Study) -> String {
    let mut text = String::new();
    if study.claims.is_empty() {
        return text;
    }
    let of = |kind| study.claims.iter().filter(move |c| case.claims[c.claim].kind == kind);
    heading(&mut text, "What sources say, and whether the run agrees");
    let recorded = study.outcome.scenario.detail == Detail::Full;
    if !recorded {
        text.push_str(&hanging("Not recorded: statements are measured on the days of every firm (--record full).", 2, 2));
    }
    if study.draws > 0 && recorded {
        let _ = writeln!(text, "{}", right("share of draws (without the events)", WIDTH));
    }
    of(ClaimKind::Outcome).for_each(|c| row(&mut text, case, c));
    if of(ClaimKind::Premise).next().is_some() {
        let _ = writeln!(text, "  Premises (what the case was built on; agreement proves nothing):");
        of(ClaimKind::Premise).for_each(|c| row(&mut text, case, c));
    }
    if !recorded {
        return text;
    }
    let asked: Vec<&ClaimAnswer> = of(ClaimKind::Outcome).filter(|c| c.holds.is_some()).collect();
    let hold = asked.iter().filter(|c| c.holds == Some(true)).count();
    let mostly = asked.iter().filter(|c| c.share_of_draws.is_some_and(|share| share > 0.5)).count();
    let (all, hold) = (asked.len(), format!("{hold} of the {} outcomes that can be tested hold", asked.len()));
    text.push_str(&hanging(
        &if study.draws_lead() {
            format!(
                "Of the {all} outcomes that can be tested {mostly} hold in more than half of the draws; ✓ and ✗: with the starting values."
            )
        } else {
            format!("{hold} with the starting values.")
        },
        2,
        2,
    ));
    text
}

fn row(text: &mut String, case: &Case, answer: &ClaimAnswer) {
    let claim = &case.claims[answer.claim];
    let sign = match answer.holds {
        Some(true) => '✓',
        Some(false) => '✗',
        None => '·',
    };
    let share = match (&claim.needs, answer.share_of_draws) {
        (Some(needs), _) => {
            if needs.is_empty() {
                String::new()
            } else {
                "not tested yet".to_string()
            }
        }
        (None, Some(share)) => {
            let without = answer.share_without_events.map_or(String::new(), |w| format!("({})", percent(w)));
            format!("{} {}", percent(share), right(&without, 7))
        }
        (None, None) => String::new(),
    };
    // Long claims wrap under themselves; the share stands at the end of the first line.
    let wrapped = hanging(&format!("{} {}", claim.id, claim.text), 4, 8);
    let mut lines = wrapped.lines().map(str::to_string).collect::<Vec<_>>();
    let room = WIDTH - 15;
    if lines[0].chars().count() > room {
        lines = rewrap(&claim.id, &claim.text, room);
    }
    for (at, line) in lines.iter().enumerate() {
        if at == 0 {
            let _ = writeln!(text, "  {sign} {} {}", left(line.trim_start(), room - 4), right(&share, 14));
        } else {
            let _ = writeln!(text, "{line}");
        }
    }
}

fn rewrap(id: &str, claim: &str, room: usize) -> Vec<String> {
    let mut lines = vec![format!("    {id}")];
    for word in claim.split_whitespace() {
        let last = lines.len() - 1;
        if lines[last].chars().count() + 1 + word.chars().count() > room {
            lines.push(format!("        {word}"));
        } else {
            lines[last].push(' ');
            lines[last].push_str(word);
        }
    }
    lines
}

/// Figures of which the rows that move them are told, in the order of the headline.
const TOLD: [&str; 13] = [
    "workers_idle_peak",
    "idle_worker_days",
    "stranded_value",
    "wages_unpaid",
    "invoices_overdue",
    "invoices_unpaid",
    "claims_unpaid",
    "held_value",
    "spoilt_value",
    "bad_debt",
    "dismissed",
    "value_added_lost",
    "final_demand_unmet",
];
/// Rows told of each figure.
const ROWS: usize = 2;

/// Per figure the rows that move it most, from what to what; then the rows that flip a claim.
pub fn rests_on(case: &Case, study: &Study) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut named: Vec<ripstop_case::ParamId> = Vec::new();
    for name in TOLD {
        let Some(f) = study.figures.find(name) else { continue };
        let show = |value: f64| if study.figures.0[f].unit == Unit::Currency { short_money(value) } else { count(value) };
        let (base, moved) = (show(study.brief.headline[f]), study.moved_by[f].iter());
        // What is not seen in three digits is no news.
        let seen = moved.filter(|m| show(m.low) != base || show(m.high) != base).take(ROWS);
        let rows: Vec<String> = seen
            .map(|m| {
                let (parameter, known) = (case.parameters.get(m.parameter), named.contains(&m.parameter));
                named.push(m.parameter);
                let about =
                    if known { String::new() } else { format!(" ({}, {})", range(parameter), parameter.basis.unwrap_or("assumed")) };
                format!("{}{about} {} → {}", parameter.name, show(m.low), show(m.high))
            })
            .collect();
        if !rows.is_empty() {
            lines.push(format!("{} {base}: {}", name.replace('_', " "), rows.join("; ")));
        }
    }
    let recorded = study.outcome.scenario.detail == Detail::Full || study.claims.is_empty();
    let flips = if recorded {
        flips(case, study)
    } else {
        vec!["Not recorded: what flips a statement is measured on the days of every firm (--record full).".to_string()]
    };
    if lines.is_empty() && (flips.is_empty() || !recorded) {
        return String::new();
    }
    let mut text = String::new();
    heading(&mut text, "What moves each figure most (one row alone, at its low → its high)");
    lines.iter().chain(&flips).for_each(|line| text.push_str(&hanging(line, 2, 6)));
    text.push_str(&hanging("beside each its starting value; every figure and row: summary.json, moved_by and rests_on", 2, 2));
    text
}

/// The rows that flip most outcomes.
fn flips(case: &Case, study: &Study) -> Vec<String> {
    const SHOWN: usize = 3;
    let outcomes = |rests: &RestsOn| -> Vec<&str> {
        let outcome = |c: &&usize| case.claims[**c].kind == ClaimKind::Outcome;
        rests.flips.iter().filter(outcome).map(|&c| case.claims[c].id.as_str()).collect()
    };
    let mut rows: Vec<(&RestsOn, Vec<&str>)> = study.rests_on.iter().map(|r| (r, outcomes(r))).filter(|(_, o)| !o.is_empty()).collect();
    rows.sort_by_key(|(_, outcomes)| std::cmp::Reverse(outcomes.len()));
    let more = rows.len().saturating_sub(SHOWN);
    let one = |(rests, outcomes): &(&RestsOn, Vec<&str>)| {
        let parameter = case.parameters.get(rests.parameter);
        format!("{} ({}, {}) flips {}", parameter.name, range(parameter), parameter.basis.unwrap_or("assumed"), outcomes.join(" "))
    };
    let mut lines: Vec<String> = rows.iter().take(SHOWN).map(one).collect();
    if more > 0 {
        lines.push(format!("… and {more} more rows that flip an outcome"));
    }
    lines
}

fn range(parameter: &Parameter) -> String {
    let show = |value: f64| {
        if parameter.unit == "date" { date(Day(value.round() as i32)) } else { format!("{}", (value * 1e6).round() / 1e6) }
    };
    let unit = if parameter.unit == "date" { String::new() } else { format!(" {}", parameter.unit) };
    format!("{} … {}{unit}", show(parameter.low.unwrap_or(f64::NAN)), show(parameter.high.unwrap_or(f64::NAN)))
}
