//! Who stopped, when, why: by place and by group, as of the case's date.
//!
//! Rows are of the firms with workers. Where no firm has any, they are of all firms, and work is output against the counterfactual.

use std::collections::BTreeMap;
use std::ops::Range;

use ripstop::cause::Cause;
use ripstop::claims::{SHUT_DAYS, SHUT_UTILISATION};
use ripstop::plan::Plan;
use ripstop::series::{Detail, Record};

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
    /// Labour used / present in the year before the first event, the dismissed counted as present (without workers: output / counterfactual).
    pub at_work_before: f64,
    /// Labour used / present in the last 28 days.
    pub at_work_now: f64,
    /// First step of a stop (utilisation ≤ 5 % over 14 days) that lasts to the date.
    pub stopped_since: Option<usize>,
    /// Longest run of days without any output after the first event, rest days included, if it has ended or is no 14 days old.
    pub longest_stop: Option<(usize, usize)>,
    /// Share of the stop per cause code, since the stop or in the longest one, most first. A day of a firm
    /// counts with its workers, shared equally among the lines that are stopped that day (without workers: once a firm).
    pub causes: Vec<(u32, f64)>,
    /// Wages owed, currency.
    pub wages_owed: f64,
    /// Stranded goods, value at cost, currency.
    pub stranded: f64,
    /// Cash of the firms, currency.
    pub cash: f64,
    /// Full wages of a month, currency.
    pub wages_per_month: f64,
}

/// Rows by firm.
pub fn by_firm(case: &Case, study: &Study) -> Vec<Who> {
    // Of a record without firms none can be told.
    if study.outcome.scenario.detail != Detail::Full {
        return Vec::new();
    }
    rows(case, study, "firms", |_, firm| Some(firm))
}

/// Rows by place.
pub fn by_place(case: &Case, study: &Study) -> Vec<Who> {
    if study.outcome.scenario.detail != Detail::Full {
        let places = case.table("places");
        return summed(study, 1, places.rows(), |row| (places.key(row), name(places, row)));
    }
    rows(case, study, "places", |plan, firm| Some(plan.network.firms[firm].place.index()))
}

/// Rows by group; firms without one are left out.
pub fn by_group(case: &Case, study: &Study) -> Vec<Who> {
    if study.outcome.scenario.detail != Detail::Full {
        return Vec::new();
    }
    rows(case, study, "groups", |plan, firm| plan.network.firms[firm].group.map(|g| g.index()))
}

/// Rows by sector, of a record that keeps sums instead of firms; else none.
pub fn by_sector(case: &Case, study: &Study) -> Vec<Who> {
    let products = case.table("products");
    let title = |sector: &str| products.row_of(sector).map_or_else(|| sector.to_string(), |row| name(products, row as usize));
    summed(study, 0, case.sectors.len(), |row| (case.sectors[row].clone(), title(&case.sectors[row])))
}

/// Rows from sums by sector (level 0) or place (1): output / counterfactual before the first event and lately.
fn summed(study: &Study, level: usize, count: usize, named: impl Fn(usize) -> (String, String)) -> Vec<Who> {
    let (with, cf) = (&study.outcome.scenario, &study.outcome.counterfactual);
    if with.detail != Detail::Sectors {
        return Vec::new();
    }
    let (at, event) = (study.losses.at, study.outcome.first_event.min(study.losses.at));
    let sum = |record: &Record, row: usize, days: Range<usize>| -> f64 {
        let columns = if level == 0 { &record.groups.sectors } else { &record.groups.places };
        days.map(|t| columns[0][t * record.groups.counts[level] + row]).sum()
    };
    let work = |row: usize, days: Range<usize>| sum(with, row, days.clone()) / sum(cf, row, days);
    let one = |row: usize| {
        let (id, name) = named(row);
        Who {
            id,
            name,
            workers: 0.0,
            at_work_before: work(row, event.saturating_sub(YEAR)..event),
            at_work_now: work(row, (at + 1).saturating_sub(MONTH)..at + 1),
            stopped_since: None,
            longest_stop: None,
            causes: Vec::new(),
            wages_owed: 0.0,
            stranded: 0.0,
            cash: 0.0,
            wages_per_month: 0.0,
        }
    };
    (0..count).filter(|&row| sum(cf, row, 0..at + 1) > 0.0).map(one).collect()
}

fn rows(case: &Case, study: &Study, table: &str, parent: impl Fn(&Plan, usize) -> Option<usize>) -> Vec<Who> {
    let plan = &study.outcome.plan;
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let labour = plan.network.firms.iter().any(|f| f.workers > 0.0);
    let counts = |f: &usize| if labour { plan.network.firms[*f].workers > 0.0 } else { !plan.lines_of(*f).is_empty() };
    for firm in (0..plan.network.firms.len()).filter(counts) {
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
    let work = |days: Range<usize>| work(study, firms, days);
    // Idle for want of a season is neither stopped nor shut: a stop has a cause.
    let caused = |from: usize, to: usize| Some(causes(plan, record, firms, from, to)).filter(|list| !list.is_empty());
    let stopped = stopped_since(&work, event, at).and_then(|from| Some((from, caused(from, at)?)));
    let longest = if stopped.is_some() { None } else { longest_stop(plan, record, firms, event, at) };
    let longest = longest.and_then(|(from, to)| Some((from, to, caused(from, to)?)));
    let all = plan.network.firms.len();
    Who {
        id: table.key(row),
        name: name(table, row),
        workers: firms.iter().map(|&f| plan.network.firms[f].workers).sum(),
        at_work_before: work(event.saturating_sub(YEAR)..event),
        at_work_now: work((at + 1).saturating_sub(MONTH)..at + 1),
        stopped_since: stopped.as_ref().map(|s| s.0),
        longest_stop: longest.as_ref().map(|l| (l.0, l.1)),
        causes: stopped.map(|s| s.1).or(longest.map(|l| l.2)).unwrap_or_default(),
        wages_owed: firms.iter().map(|f| record.columns.firm_arrears[at * all + f]).sum(),
        stranded: stranded(plan, record, firms, at),
        cash: firms.iter().map(|f| record.columns.firm_cash[at * all + f]).sum(),
        wages_per_month: firms.iter().map(|&f| wages_per_month(plan, record, f, at)).sum(),
    }
}

/// Full wages of a firm in a month, at the day's rate.
fn wages_per_month(plan: &Plan, record: &Record, firm: usize, at: usize) -> f64 {
    let spec = &plan.network.firms[firm];
    spec.workers * spec.wage_per_month * record.columns.currency_rate[at * plan.currencies + spec.currency.index()]
}

/// Labour used / present, the dismissed counted as present; of firms without workers, output / counterfactual.
fn work(study: &Study, firms: &[usize], days: Range<usize>) -> f64 {
    let (plan, record) = (&study.outcome.plan, &study.outcome.scenario);
    let all = plan.network.firms.len();
    let sum = |column: &[f64]| -> f64 { days.clone().map(|t| firms.iter().map(|f| column[t * all + f]).sum::<f64>()).sum() };
    // Whoever was dismissed would be there, had the firm work: a plant that keeps a tenth of its people busy is not at work.
    let dismissed = |t: usize, f: usize| {
        let there = record.columns.firm_present[t * all + f] > 0.0;
        if there { plan.network.firms[f].workers - record.columns.firm_workforce[t * all + f] } else { 0.0 }
    };
    let gone: f64 = days.clone().map(|t| firms.iter().map(|&f| dismissed(t, f)).sum::<f64>()).sum();
    let present = sum(&record.columns.firm_present) + gone;
    if present > 0.0 {
        return sum(&record.columns.firm_used) / present;
    }
    let made = |record: &Record| -> f64 { days.clone().map(|t| output(plan, record, firms, t)).sum() };
    made(record) / made(&study.outcome.counterfactual)
}

fn output(plan: &Plan, record: &Record, firms: &[usize], t: usize) -> f64 {
    let lines = plan.network.lines.len();
    firms.iter().flat_map(|&f| plan.lines_of(f)).map(|&l| record.columns.line_output_value[t * lines + l as usize]).sum()
}

/// The longest run of days without output; the first of equals.
fn longest_stop(plan: &Plan, record: &Record, firms: &[usize], event: usize, at: usize) -> Option<(usize, usize)> {
    let (mut longest, mut from) = (None, None);
    for t in event..=at {
        if output(plan, record, firms, t) > 0.0 {
            from = None;
            continue;
        }
        let start = *from.get_or_insert(t);
        if longest.is_none_or(|(a, b)| t - start > b - a) {
            longest = Some((start, t));
        }
    }
    longest
}

/// First day of a stop that lasts to the date: 14 days at ≤ 5 % at the date, begun after the last day with more work than that.
fn stopped_since(work: &dyn Fn(Range<usize>) -> f64, event: usize, at: usize) -> Option<usize> {
    // A day without anybody present (a rest day) is no number and no work.
    let idle = |days: Range<usize>| !matches!(work(days).partial_cmp(&SHUT_UTILISATION), Some(std::cmp::Ordering::Greater));
    if at + 1 < SHUT_DAYS || !idle(at + 1 - SHUT_DAYS..at + 1) {
        return None;
    }
    (event..=at).rev().take_while(|&t| idle(t..t + 1)).last()
}

fn causes(plan: &Plan, record: &Record, firms: &[usize], from: usize, at: usize) -> Vec<(u32, f64)> {
    let lines = plan.network.lines.len();
    let mut weight: BTreeMap<u32, f64> = BTreeMap::new();
    for &firm in firms {
        let workers = plan.network.firms[firm].workers;
        let workers = if workers > 0.0 { workers } else { 1.0 };
        for t in from..=at {
            let cells = plan.lines_of(firm).iter().map(|&l| t * lines + l as usize);
            let stopped = |cell: &usize| Cause::of(record.columns.line_cause[*cell]).stops() && record.columns.line_output[*cell] <= 0.0;
            let stops: Vec<usize> = cells.filter(stopped).collect();
            for &cell in &stops {
                *weight.entry(record.columns.line_cause[cell]).or_default() += workers / stops.len() as f64;
            }
        }
    }
    let all: f64 = weight.values().sum();
    let mut list: Vec<(u32, f64)> = weight.into_iter().map(|(code, w)| (code, w / all)).collect();
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
