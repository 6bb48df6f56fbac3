//! Rules in the account of a run: what each says, by outcome, and what stands beside it for people.

use std::fmt::Write;

use ripstop::law::Outcome;
use ripstop::model::calendar::Day;
use ripstop::record::tally::has_labour;
use ripstop_case::Case;
use ripstop_study::rules::Told;
use ripstop_study::study::{Study, day_of};

use super::heading;
use super::words::{count, date, left, money, paragraph, right, short_money, some};

/// One row of the table: a rule and an outcome.
struct Row<'a> {
    rule: &'a str,
    outcome: Outcome,
    object: &'static str,
    contracts: usize,
    first: Day,
    last: Day,
    value: f64,
}

/// The section of the account; nothing where no rule is in force.
pub fn section(case: &Case, study: &Study) -> String {
    let mut text = String::new();
    let Some(told) = &study.findings else {
        if study.rules_unrecorded {
            heading(&mut text, "What the rules in force say of it");
            text.push_str(&paragraph("Not recorded: shipments are judged one by one (--record full).", 2));
            text.push_str(&people(case, study));
        }
        return text;
    };
    heading(&mut text, &super::of_base(study, "What the rules in force say of it"));
    text.push_str(&table(case, told));
    text.push_str(&people(case, study));
    text.push_str(&paragraph("Analysis, not legal advice; `ripstop screen` shows contracts, facts and exemptions.", 2));
    text
}

/// Findings by rule, object and outcome, gravest first.
pub fn table(case: &Case, told: &[Told]) -> String {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for t in told {
        let (rule, object) = (case.law.all.rules[t.rule].id.as_str(), t.finding.candidate.consignment.object.word());
        let f = &t.finding;
        match rows.iter_mut().find(|row| row.rule == rule && row.outcome == f.outcome && row.object == object) {
            Some(row) => {
                row.contracts += 1;
                row.first = row.first.min(f.first);
                row.last = row.last.max(f.last);
                row.value += f.value;
            }
            None => rows.push(Row { rule, outcome: f.outcome, object, contracts: 1, first: f.first, last: f.last, value: f.value }),
        }
    }
    rows.sort_by(|a, b| (a.outcome, a.rule, a.object).cmp(&(b.outcome, b.rule, b.object)));
    let mut text = String::new();
    if rows.is_empty() {
        text.push_str(&paragraph(
            "No rule in force touches what is done here. That says nothing of rules that are not in force in the case.",
            2,
        ));
        return text;
    }
    let _ = writeln!(
        text,
        "  {} {} {} {} {} {}",
        left("outcome", 21),
        left("rule", 18),
        left("on", 8),
        right("found", 5),
        left("first … last", 15),
        right(&case.meta.currency, 5)
    );
    for row in &rows {
        let rule = row.rule.replace("US-ADVISORY-2018", "US-2018");
        let span = format!("{}…{}", month(row.first), month(row.last));
        let _ = writeln!(
            text,
            "  {} {} {} {} {} {}",
            left(row.outcome.word(), 21),
            left(&rule, 18),
            left(row.object, 8),
            right(&row.contracts.to_string(), 5),
            left(&span, 15),
            right(&short_money(row.value), 6)
        );
    }
    text
}

/// `2018-11`.
fn month(day: Day) -> String {
    day.to_string()[..7].to_owned()
}

/// What people have of it, beside the findings: jobs and wages.
pub fn people(case: &Case, study: &Study) -> String {
    let losses = &study.losses;
    if !has_labour(&study.outcome.plan) {
        return String::new();
    }
    let mut text = format!(
        "Beside it, for people: {} worker-days to {} without work beyond those without the events, {} of wages unpaid ({} worker-days).",
        count(losses.idle_worker_days),
        date(day_of(case, losses.at)),
        money(losses.arrears, &case.meta.currency),
        count(losses.arrears_days),
    );
    let forbidden = losses.stopped_days.get(&ripstop::rule::cause::Cause::Forbidden.code()).copied().unwrap_or(0.0);
    if forbidden > 0.0 {
        let _ = write!(text, " Lines stood {} because a rule stopped their orders.", some(forbidden.round() as usize, "day"));
    }
    if losses.seized > 0.0 {
        let (seized, fined) = (money(losses.seized, &case.meta.currency), money(losses.fined, &case.meta.currency));
        let _ = write!(text, " Goods worth {seized} are seized, fines of {fined} paid.");
    }
    paragraph(&text, 2)
}
