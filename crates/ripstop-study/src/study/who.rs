//! Who stopped, when, why: by place and by group, as of the case's date.
//!
//! Rows are of the firms with workers. Where no firm has any, they are of all firms, and work is output against the counterfactual. All but when
//! and why a firm stopped is told of sums so far, the same at every level of record; that needs the days of every firm.

use std::collections::BTreeMap;
use std::ops::Range;

use ripstop::analysis::claims::{SHUT_DAYS, SHUT_UTILISATION};
use ripstop::plan::Plan;
use ripstop::record::tally::{Tally, has_labour};
use ripstop::record::{Detail, Record, Snapshot};
use ripstop::rule::cause;

use crate::study::ask::Study;
pub use crate::study::names::name;
use crate::study::spans::{MONTH, YEAR};
use ripstop_case::Case;

/// A place or a group.
#[derive(Clone, Debug)]
pub struct Who {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Workers, persons.
    pub workers: f64,
    /// Of the workers, those dismissed and not replaced on the date, persons.
    pub dismissed: f64,
    /// Utilisation in the year before the first event: labour used / labour of those employed (without workers: output / counterfactual).
    pub at_work_before: f64,
    /// The same in the last 28 days; 0 where nobody is left.
    pub at_work_now: f64,
    /// Whether the record says when and why it stopped: it needs the days of every firm.
    pub days_recorded: bool,
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
    let firms = case.table("firms");
    rows(study, &|row| (firms.key(row), name(firms, row)), |_, firm| Some(firm))
}

/// How many rows [`by_firm`] has.
pub fn firms_told(study: &Study) -> usize {
    told(&study.outcome.plan).count()
}

/// Rows by place.
pub fn by_place(case: &Case, study: &Study) -> Vec<Who> {
    let places = case.table("places");
    rows(study, &|row| (places.key(row), name(places, row)), |plan, firm| Some(plan.network.firms[firm].place.index()))
}

/// Rows by group; firms without one are left out.
pub fn by_group(case: &Case, study: &Study) -> Vec<Who> {
    let groups = case.table("groups");
    rows(study, &|row| (groups.key(row), name(groups, row)), |plan, firm| plan.network.firms[firm].group.map(|g| g.index()))
}

/// Rows by sector.
pub fn by_sector(case: &Case, study: &Study) -> Vec<Who> {
    let products = case.table("products");
    let title = |sector: &str| products.row_of(sector).map_or_else(|| sector.to_string(), |row| name(products, row as usize));
    let named = |row: usize| (case.sectors[row].clone(), title(&case.sectors[row]));
    let sector = |plan: &Plan, firm: usize| Some(plan.network.firms[firm].sector.index()).filter(|&row| row < case.sectors.len());
    rows(study, &named, sector)
}

/// Firms that are told: those with workers, or all that make something where nobody has any.
fn told(plan: &Plan) -> impl Iterator<Item = usize> {
    let labour = has_labour(plan);
    (0..plan.network.firms.len()).filter(move |&f| if labour { plan.workers[f] > 0.0 } else { !plan.lines_of(f).is_empty() })
}

fn rows(study: &Study, named: &dyn Fn(usize) -> (String, String), parent: impl Fn(&Plan, usize) -> Option<usize>) -> Vec<Who> {
    let plan = &study.outcome.plan;
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for firm in told(plan) {
        if let Some(row) = parent(plan, firm) {
            members.entry(row).or_default().push(firm);
        }
    }
    let mut list: Vec<Who> = members.iter().map(|(&row, firms)| who(named(row), study, firms)).collect();
    list.sort_by(|a, b| a.name.cmp(&b.name));
    list
}

fn who((id, name): (String, String), study: &Study, firms: &[usize]) -> Who {
    let (plan, record, at) = (&study.outcome.plan, &study.outcome.scenario, study.losses.at);
    let event = study.outcome.first_event.min(at);
    let days_recorded = record.detail == Detail::Full;
    let (stopped, longest, causes) = if days_recorded { stops(study, firms, event, at) } else { Default::default() };
    let work = |days: Range<usize>| work(study, firms, days);
    let sum = |of: &dyn Fn(&Snapshot, usize) -> f64| record.snapshot(at).map_or(f64::NAN, |now| firms.iter().map(|&f| of(now, f)).sum());
    Who {
        id,
        name,
        workers: firms.iter().map(|&f| plan.workers[f]).sum(),
        dismissed: sum(&|now, f| plan.workers[f] - now.workforce[f]),
        at_work_before: work(event.saturating_sub(YEAR)..event),
        at_work_now: work((at + 1).saturating_sub(MONTH)..at + 1),
        days_recorded,
        stopped_since: stopped,
        longest_stop: longest,
        causes,
        wages_owed: sum(&|now, f| now.arrears[f]),
        stranded: sum(&|now, f| now.firm_stranded[f]),
        cash: sum(&|now, f| now.cash[f]),
        wages_per_month: sum(&|now, f| {
            let spec = &plan.network.firms[f];
            spec.workers * spec.wage_per_month * now.rate[spec.currency.index()]
        }),
    }
}

/// A stop: the first step of one that lasts, else the longest, and its causes.
type Stop = (Option<usize>, Option<(usize, usize)>, Vec<(u32, f64)>);

/// Idle for want of a season is neither stopped nor shut: a stop has a cause.
fn stops(study: &Study, firms: &[usize], event: usize, at: usize) -> Stop {
    let (plan, record) = (&study.outcome.plan, &study.outcome.scenario);
    let caused = |from: usize, to: usize| Some(causes(plan, record, firms, from, to)).filter(|list| !list.is_empty());
    let work = |days: Range<usize>| work_by_day(study, firms, days);
    if let Some((from, causes)) = stopped_since(&work, event, at).and_then(|from| Some((from, caused(from, at)?))) {
        return (Some(from), None, causes);
    }
    match longest_stop(plan, record, firms, event, at).and_then(|(from, to)| Some(((from, to), caused(from, to)?))) {
        Some((longest, causes)) => (None, Some(longest), causes),
        None => Stop::default(),
    }
}

/// Whether any of the firms should work on one of the days.
fn works(plan: &Plan, firms: &[usize], mut days: Range<usize>) -> bool {
    days.any(|t| firms.iter().any(|&f| plan.workers[f] > 0.0 && !plan.lines_of(f).is_empty() && !plan.rests(f, t)))
}

/// Labour used / labour of those employed, 0 where nobody is left; without workers, output / counterfactual. From sums so far.
fn work(study: &Study, firms: &[usize], days: Range<usize>) -> f64 {
    let (plan, record) = (&study.outcome.plan, &study.outcome.scenario);
    let until = |record: &Record, end: usize, of: &dyn Fn(&Tally) -> &Vec<f64>| -> f64 {
        if end == 0 {
            return 0.0;
        }
        record.so_far(end - 1).map_or(f64::NAN, |sums| firms.iter().map(|&f| of(sums)[f]).sum())
    };
    let sum = |record: &Record, of: &dyn Fn(&Tally) -> &Vec<f64>| until(record, days.end, of) - until(record, days.start, of);
    if has_labour(plan) {
        let employed = sum(record, &|sums| &sums.employed);
        // An hour is no remainder of sums of years.
        let nobody = employed.abs() <= 1e-9 * until(record, days.end, &|sums| &sums.employed).max(1.0);
        return match nobody {
            true if works(plan, firms, days.clone()) => 0.0,
            true => f64::NAN,
            false => share(sum(record, &|sums| &sums.used) / employed),
        };
    }
    share(sum(record, &|sums| &sums.output) / sum(&study.outcome.counterfactual, &|sums| &sums.output))
}

/// A share without the rounding of the sums it was taken from.
fn share(value: f64) -> f64 {
    (value * 1e12).round() / 1e12
}

/// The same from the days of every firm, for days of a stop.
fn work_by_day(study: &Study, firms: &[usize], days: Range<usize>) -> f64 {
    let (plan, record) = (&study.outcome.plan, &study.outcome.scenario);
    if has_labour(plan) {
        let hands = || days.clone().flat_map(|t| firms.iter().map(move |&f| record.hands(plan, f, t)));
        let (used, employed) = hands().fold((0.0, 0.0), |(used, employed), hand| (used + hand.used, employed + hand.employed));
        return if employed == 0.0 && works(plan, firms, days.clone()) { 0.0 } else { used / employed };
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
    // A rest day is no number and no work.
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
            let stopped = |cell: &usize| cause::stopped(record.columns.line_output[*cell], record.columns.line_cause[*cell]);
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
