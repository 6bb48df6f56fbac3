//! Who stopped, since when, why: firms with workers, by place and by group, as of the case's date.

use std::collections::BTreeMap;
use std::ops::Range;

use ripstop::cause::Cause;
use ripstop::claims::{SHUT_DAYS, SHUT_UTILISATION};
use ripstop::plan::Plan;
use ripstop::series::Record;

use crate::study::Study;
use crate::{Case, Table};

/// Days of "lately".
const MONTH: usize = 28;
/// Days of "before": a year, so that seasons even out.
const YEAR: usize = 365;

/// A place or a group.
#[derive(Clone, Debug)]
pub struct Who {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Workers, persons.
    pub workers: f64,
    /// Labour used / present in the year before the first event.
    pub at_work_before: f64,
    /// Labour used / present in the last 28 days.
    pub at_work_now: f64,
    /// First step of a stop (utilisation ≤ 5 % over 14 days) that lasts to the date.
    pub stopped_since: Option<usize>,
    /// Stopped line-days since then per cause code, most first.
    pub causes: Vec<(u16, f64)>,
    /// Wages owed, currency.
    pub wages_owed: f64,
    /// Stranded goods, value at cost, currency.
    pub stranded: f64,
}

/// Rows by place.
pub fn by_place(case: &Case, study: &Study) -> Vec<Who> {
    rows(case, study, "places", |plan, firm| Some(plan.network.firms[firm].place.index()))
}

/// Rows by group; firms without one are left out.
pub fn by_group(case: &Case, study: &Study) -> Vec<Who> {
    rows(case, study, "groups", |plan, firm| plan.network.firms[firm].group.map(|g| g.index()))
}

fn rows(case: &Case, study: &Study, table: &str, parent: impl Fn(&Plan, usize) -> Option<usize>) -> Vec<Who> {
    let plan = &study.outcome.plan;
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for firm in (0..plan.network.firms.len()).filter(|&f| plan.network.firms[f].workers > 0.0) {
        if let Some(row) = parent(plan, firm) {
            members.entry(row).or_default().push(firm);
        }
    }
    let table = case.table(table);
    let mut list: Vec<Who> = members.iter().map(|(&row, firms)| who(table, row, study, firms)).collect();
    list.sort_by(|a, b| a.name.cmp(&b.name));
    list
}

/// The name of a row, or its id if it has none.
pub fn name(table: &Table, row: usize) -> String {
    table.text(table.col("name"), row).map_or_else(|| table.key(row), str::to_string)
}

fn who(table: &Table, row: usize, study: &Study, firms: &[usize]) -> Who {
    let (plan, record, at) = (&study.outcome.plan, &study.outcome.scenario, study.losses.at);
    let event = study.outcome.first_event.min(at);
    let stopped = stopped_since(plan, record, firms, event, at);
    let all = plan.network.firms.len();
    Who {
        id: table.key(row),
        name: name(table, row),
        workers: firms.iter().map(|&f| plan.network.firms[f].workers).sum(),
        at_work_before: utilisation(plan, record, firms, event.saturating_sub(YEAR)..event),
        at_work_now: utilisation(plan, record, firms, (at + 1).saturating_sub(MONTH)..at + 1),
        stopped_since: stopped,
        causes: stopped.map_or_else(Vec::new, |from| causes(plan, record, firms, from, at)),
        wages_owed: firms.iter().map(|f| record.columns.firm_arrears[at * all + f]).sum(),
        stranded: stranded(plan, record, firms, at),
    }
}

fn utilisation(plan: &Plan, record: &Record, firms: &[usize], days: Range<usize>) -> f64 {
    let all = plan.network.firms.len();
    let sum = |column: &[f64]| -> f64 { days.clone().map(|t| firms.iter().map(|f| column[t * all + f]).sum::<f64>()).sum() };
    sum(&record.columns.firm_used) / sum(&record.columns.firm_present)
}

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

fn causes(plan: &Plan, record: &Record, firms: &[usize], from: usize, at: usize) -> Vec<(u16, f64)> {
    let lines = plan.network.lines.len();
    let mut days: BTreeMap<u16, f64> = BTreeMap::new();
    for t in from..=at {
        for &l in firms.iter().flat_map(|&f| plan.lines_of(f)) {
            let code = record.columns.line_cause[t * lines + l as usize];
            if Cause::of(code).stops() && record.columns.line_output[t * lines + l as usize] <= 0.0 {
                *days.entry(code).or_default() += 1.0;
            }
        }
    }
    let mut list: Vec<(u16, f64)> = days.into_iter().collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    list
}

fn stranded(plan: &Plan, record: &Record, firms: &[usize], at: usize) -> f64 {
    let lines = plan.network.lines.len();
    let value = |l: usize| {
        let product = plan.network.lines[l].product.index();
        record.columns.line_stranded[at * lines + l] * plan.network.products[product].value_per_unit
    };
    firms.iter().map(|&f| plan.lines_of(f).iter().map(|&l| value(l as usize)).sum::<f64>()).sum()
}
