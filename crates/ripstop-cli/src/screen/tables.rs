//! Who stopped, when and why: by place and by group; and who carries the loss.

use std::collections::BTreeMap;
use std::fmt::Write;

use ripstop::cause::Cause;
use ripstop::plan::Plan;
use ripstop::series::Record;
use ripstop_case::Case;
use ripstop_case::study::{Study, day_of};

use super::heading;
use super::words::{count, date, hanging, left, percent, right, short_money};

const SHUT_DAYS: usize = 14;
const SHUT_UTILISATION: f64 = 0.05;
const MONTH: usize = 28;
const YEAR: usize = 365;

/// Tables by place and by group of the firms that have workers.
pub fn by_place_and_group(case: &Case, study: &Study) -> String {
    let plan = &study.outcome.plan;
    let places = case.table("places");
    let groups = case.table("groups");
    let mut text = String::new();
    let working = |f: &usize| plan.network.firms[*f].workers > 0.0;
    let mut by_place: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut by_group: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for firm in (0..plan.network.firms.len()).filter(working) {
        let spec = &plan.network.firms[firm];
        by_place.entry(name(places, spec.place.index())).or_default().push(firm);
        if let Some(group) = spec.group {
            by_group.entry(name(groups, group.index())).or_default().push(firm);
        }
    }
    if by_place.is_empty() {
        return text;
    }
    heading(&mut text, "Who stopped, since when, why");
    let _ = writeln!(text, "  {}", header("place"));
    for (place, firms) in &by_place {
        text.push_str(&row(case, study, place, firms));
    }
    if !by_group.is_empty() {
        let _ = writeln!(text, "  {}", header("group"));
        for (group, firms) in &by_group {
            text.push_str(&row(case, study, group, firms));
        }
    }
    let _ = writeln!(text, "  at work: labour used / present, a year before the first event → last 28 days");
    text
}

fn name(table: &ripstop_case::Table, row: usize) -> String {
    table.text(table.col("name"), row).map_or_else(|| table.key(row), str::to_string)
}

fn header(first: &str) -> String {
    format!(
        "{} {} {} {} {} {}",
        left(first, 24),
        right("workers", 7),
        right("at work", 12),
        left("stopped", 11),
        right("owed", 8),
        right("stranded", 9)
    )
}

fn row(case: &Case, study: &Study, label: &str, firms: &[usize]) -> String {
    let (plan, record, at) = (&study.outcome.plan, &study.outcome.scenario, study.losses.at);
    let workers: f64 = firms.iter().map(|&f| plan.network.firms[f].workers).sum();
    let event = study.outcome.first_event.min(at);
    let before = utilisation(plan, record, firms, event.saturating_sub(YEAR)..event);
    let now = utilisation(plan, record, firms, (at + 1).saturating_sub(MONTH)..at + 1);
    let stop = stopped_since(plan, record, firms, event, at);
    let all = plan.network.firms.len();
    let owed: f64 = firms.iter().map(|f| record.columns.firm_arrears[at * all + f]).sum();
    let mut text = format!(
        "  {} {} {} {} {} {}\n",
        left(label, 24),
        right(&count(workers), 7),
        right(&format!("{} → {}", percent(before).replace(' ', ""), percent(now).replace(' ', "")), 12),
        left(&stop.map_or_else(|| "–".to_string(), |t| date(day_of(case, t))), 11),
        right(&short_money(owed), 8),
        right(&short_money(stranded(plan, record, firms, at)), 9)
    );
    if let Some(stop) = stop {
        let why = causes(case, plan, record, firms, stop, at);
        if !why.is_empty() {
            text.push_str(&hanging(&format!("because of: {why}"), 4, 6));
        }
    }
    text
}

fn utilisation(plan: &Plan, record: &Record, firms: &[usize], days: std::ops::Range<usize>) -> f64 {
    let all = plan.network.firms.len();
    let sum = |column: &[f64]| -> f64 { days.clone().map(|t| firms.iter().map(|f| column[t * all + f]).sum::<f64>()).sum() };
    sum(&record.columns.firm_used) / sum(&record.columns.firm_present)
}

/// First day of the stop that still lasts at `at`: from there on, utilisation over 14 days is at most 5 %.
fn stopped_since(plan: &Plan, record: &Record, firms: &[usize], event: usize, at: usize) -> Option<usize> {
    let shut = |t: usize| utilisation(plan, record, firms, (t + 1).saturating_sub(SHUT_DAYS)..t + 1) <= SHUT_UTILISATION;
    if at + 1 < SHUT_DAYS || !shut(at) {
        return None;
    }
    let mut first = at;
    while first > event && shut(first - 1) {
        first -= 1;
    }
    Some((first + 1).saturating_sub(SHUT_DAYS))
}

/// Causes of the stopped line-days from a day on, with their shares.
fn causes(case: &Case, plan: &Plan, record: &Record, firms: &[usize], from: usize, at: usize) -> String {
    let lines = plan.network.lines.len();
    let mut days: BTreeMap<String, f64> = BTreeMap::new();
    for t in from..=at {
        for &firm in firms {
            for &l in plan.lines_of(firm) {
                let code = record.columns.line_cause[t * lines + l as usize];
                if Cause::of(code).stops() && record.columns.line_output[t * lines + l as usize] <= 0.0 {
                    *days.entry(word(case, code)).or_default() += 1.0;
                }
            }
        }
    }
    let all: f64 = days.values().sum();
    sorted(days.into_iter().collect(), &|share| percent(share / all), ", ")
}

/// `word value` pairs, largest first.
fn sorted(mut words: Vec<(String, f64)>, show: &dyn Fn(f64) -> String, between: &str) -> String {
    words.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
    words.into_iter().map(|(word, value)| format!("{word} {}", show(value))).collect::<Vec<_>>().join(between)
}

/// A cause in words; a missing input by its product.
fn word(case: &Case, code: u16) -> String {
    match Cause::of(code) {
        Cause::Input(product) => format!("no {}", name(case.table("products"), product as usize).to_lowercase()),
        cause => cause.word().to_string(),
    }
}

fn stranded(plan: &Plan, record: &Record, firms: &[usize], at: usize) -> f64 {
    let lines = plan.network.lines.len();
    let value = |l: usize| record.columns.line_stranded[at * lines + l] * plan.network.products[plan.network.lines[l].product.index()].value_per_unit;
    firms.iter().map(|&f| plan.lines_of(f).iter().map(|&l| value(l as usize)).sum::<f64>()).sum()
}

/// Stranded goods by owner, losses by bearer, stopped days by cause.
pub fn losses(case: &Case, study: &Study) -> String {
    let losses = &study.losses;
    if study.outcome.first_event >= study.outcome.scenario.days {
        return String::new();
    }
    let mut text = String::new();
    heading(&mut text, "Whose goods, who bears it, what stopped the lines");
    let firms = case.table("firms");
    let money = |v: f64| short_money(v);
    let owners = losses.stranded_by_owner.iter().map(|(&f, &v)| (name(firms, f), v)).collect();
    let b = losses.bearers;
    let bearers = vec![
        ("clients".to_string(), b.client),
        ("factories".to_string(), b.factory),
        ("workers".to_string(), b.workers),
        ("state and owners".to_string(), b.state),
        ("stolen on the way".to_string(), b.lost_on_the_way),
        ("suppliers, brands and other firms".to_string(), b.others),
    ];
    let mut by_word: BTreeMap<String, f64> = BTreeMap::new();
    for (&code, &days) in &losses.stopped_days {
        *by_word.entry(word(case, code)).or_default() += days;
    }
    for (label, line) in [
        ("stranded, by owner", sorted(owners, &money, " · ")),
        ("loss by bearer (gain: minus)", sorted(bearers.into_iter().filter(|(_, v)| v.abs() >= 0.5).collect(), &money, " · ")),
        ("line-days stopped", sorted(by_word.into_iter().collect(), &count, " · ")),
    ] {
        if !line.is_empty() {
            text.push_str(&hanging(&format!("{label}: {line}"), 2, 4));
        }
    }
    let recovered = losses.recovered.map_or("not by the end of the run".to_string(), |t| date(day_of(case, t)));
    let peak = losses.peak.map_or("–".to_string(), |t| date(day_of(case, t)));
    text.push_str(&hanging(&format!("worst 28 days of output end {peak}; recovered (28-day output ≥ 95 %): {recovered}"), 2, 4));
    text
}
