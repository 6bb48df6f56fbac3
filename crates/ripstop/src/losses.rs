//! What a scenario cost, against its counterfactual, as of a date: output, value added, final demand, goods, money, jobs, by bearer.

use std::collections::BTreeMap;

use crate::cause::Cause;
use crate::deadlock::Deadlock;
use crate::plan::{NEVER, NONE, Plan};
use crate::run::Outcome;
use crate::scenario::{Change, Event};
use crate::series::{Columns, Detail, Record, price_share};
use crate::state::Condition;

/// Losses of a scenario against its counterfactual from the first day to the date of the account. Currency unless said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Losses {
    /// Step of the account.
    pub at: usize,
    /// Gross output lost. Not a loss of income: it counts inputs as often as they are sold on.
    pub output: f64,
    /// Value added lost.
    pub value_added: f64,
    /// Final demand that went unmet, beyond the counterfactual.
    pub final_demand_unmet: f64,
    /// Part of `output`: lines an event names, or with a contract over a crossing it names.
    pub direct: f64,
    /// Part of `output`: the rest.
    pub indirect: f64,
    /// Step of the largest output loss over 28 days.
    pub peak: Option<usize>,
    /// First step after the event from which 28-day output stays at 95 % or more of the counterfactual.
    pub recovered: Option<usize>,
    /// Stranded order goods: units by product, and value at cost by owner (firm).
    pub stranded_units: Vec<f64>,
    /// Value of stranded goods per owner.
    pub stranded_by_owner: BTreeMap<usize, f64>,
    /// Delayed order goods: units by product.
    pub delayed_units: Vec<f64>,
    /// Delayed goods, value at cost.
    pub delayed_value: f64,
    /// Held at crossings, value at cost.
    pub held_value: f64,
    /// Open receivables.
    pub invoices: f64,
    /// Overdue receivables.
    pub overdue: f64,
    /// Compensation claimed and not paid.
    pub claims: f64,
    /// Wages owed.
    pub wages: f64,
    /// Wages owed, worker-days.
    pub worker_days: f64,
    /// Idle worker-days beyond the counterfactual.
    pub idle_worker_days: f64,
    /// Largest 28-day mean of workers idle or dismissed beyond the counterfactual, persons.
    pub workers_idle_peak: f64,
    /// Workers dismissed and not replaced, persons.
    pub dismissed: f64,
    /// The same in the counterfactual.
    pub dismissed_without: f64,
    /// Claims on insolvent firms that their creditors lost.
    pub bad_debt: f64,
    /// Money owners put in to rescue firms.
    pub rescued: f64,
    /// Firms insolvent or stopped for good, as `(firm, stopped for good)`.
    pub insolvent: Vec<(usize, bool)>,
    /// Goods spoilt beyond the counterfactual, value at cost; negative where less spoils.
    pub spoilt: f64,
    /// Goods spoilt in the counterfactual, value at cost.
    pub spoilt_without: f64,
    /// Product → units spoilt beyond the counterfactual.
    pub spoilt_units: Vec<f64>,
    /// Goods refused at inspection beyond the counterfactual, value at cost.
    pub refused: f64,
    /// Goods seized, value at cost.
    pub seized: f64,
    /// Fines paid.
    pub fined: f64,
    /// Rings of lines that wait for each other.
    pub deadlocks: Vec<Deadlock>,
    /// Order lines of a season by product and season's end.
    pub seasons: BTreeMap<(usize, i32), Season>,
    /// Who carries the loss.
    pub bearers: Bearers,
    /// `bearers.others` by sector.
    pub others_by_sector: BTreeMap<u32, f64>,
    /// `value_added` by country.
    pub value_added_by_country: BTreeMap<u32, f64>,
    /// Line-days stopped after the first event, by cause code ([`Cause::code`]).
    pub stopped_days: BTreeMap<u32, f64>,
}

/// The order lines of one product for one season, as of the date of the account.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Season {
    /// Made so far, units.
    pub made: f64,
    /// Finished and still at the maker, units.
    pub at_maker: f64,
    /// Value at cost of `at_maker`, currency.
    pub at_cost: f64,
    /// Part of `at_cost` by which the season's end has marked it down, currency.
    pub marked_down: f64,
}

/// Loss by bearer: counterfactual minus scenario at the date. Positive: worse off.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bearers {
    /// Clients of processing orders: worth, that is cash, goods owned at cost after markdown, and receivables less payables not overdue.
    pub client: f64,
    /// Processors: worth.
    pub factory: f64,
    /// Workers: wages received.
    pub workers: f64,
    /// State and owners: levies and remittances, less what owners put in to rescue firms.
    pub state: f64,
    /// Of the losses above, goods stolen, spoilt, refused or seized, value at cost (owners or sellers bear them).
    pub lost_on_the_way: f64,
    /// All other firms: worth.
    pub others: f64,
}

/// Days of the moving sums.
const MONTH: usize = 28;

/// Losses as of step `at` (clamped to the recorded days). Needs snapshots at `at` for stranded goods and bearers.
pub fn losses(outcome: &Outcome, at: usize) -> Losses {
    let (plan, scenario, without) = (&outcome.plan, &outcome.scenario, &outcome.counterfactual);
    let at = at.min(scenario.days.saturating_sub(1));
    let mut losses = Losses { at, ..Losses::default() };
    let days = || scenario.totals[..=at].iter().zip(&without.totals[..=at]);
    losses.output = days().map(|(s, c)| c.output_value - s.output_value).sum();
    losses.value_added = days().map(|(s, c)| c.value_added - s.value_added).sum();
    losses.final_demand_unmet = days().map(|(s, c)| c.demand_met - s.demand_met).sum();
    losses.idle_worker_days = days().map(|(s, c)| (s.present - s.used) - (c.present - c.used)).sum();
    split(plan, scenario, without, &mut losses);
    let output = |r: &Record| -> Vec<f64> { r.totals.iter().map(|t| t.output_value).collect() };
    (losses.peak, losses.recovered) = peak_and_recovery(&output(scenario), &output(without), outcome.first_event);
    losses.workers_idle_peak = idle_peak(scenario, without, at);
    let last = &scenario.totals[at];
    losses.held_value = last.held_value;
    losses.invoices = last.receivable;
    losses.overdue = last.overdue;
    losses.claims = last.claims;
    losses.wages = last.arrears;
    losses.worker_days = last.arrears_days;
    losses.dismissed = last.dismissed;
    losses.bad_debt = last.bad_debt;
    losses.rescued = last.rescued;
    losses.dismissed_without = without.totals[at].dismissed;
    losses.spoilt_without = gone(plan, without, at, |c| &c.product_spoilt);
    losses.spoilt = gone(plan, scenario, at, |c| &c.product_spoilt) - losses.spoilt_without;
    let spoilt = |record: &Record| units_gone(plan, record, at, |c| &c.product_spoilt);
    losses.spoilt_units = spoilt(scenario).iter().zip(spoilt(without)).map(|(with, without)| with - without).collect();
    losses.refused = gone(plan, scenario, at, |c| &c.product_refused) - gone(plan, without, at, |c| &c.product_refused);
    losses.seized = gone(plan, scenario, at, |c| &c.product_seized);
    losses.fined = last.fined;
    insolvent(plan, scenario, &mut losses);
    waiting_goods(plan, scenario, &mut losses);
    seasons(plan, scenario, &mut losses);
    bearers(plan, scenario, without, &mut losses);
    losses.stopped_days = stopped(plan, scenario, outcome.first_event, at);
    losses
}

fn split(plan: &Plan, scenario: &Record, without: &Record, losses: &mut Losses) {
    let lines = plan.network.lines.len();
    if scenario.detail == Detail::Sectors {
        return split_sums(plan, scenario, without, losses);
    }
    let direct = direct_lines(plan);
    if scenario.columns.line_output_value.is_empty() {
        return;
    }
    for t in 0..=losses.at {
        for (l, &direct) in direct.iter().enumerate() {
            let lost = without.columns.line_output_value[t * lines + l] - scenario.columns.line_output_value[t * lines + l];
            let cell = t * lines + l;
            let country = plan.firm_country[plan.network.lines[l].firm.index()];
            *losses.value_added_by_country.entry(country).or_default() +=
                without.columns.line_value_added[cell] - scenario.columns.line_value_added[cell];
            if direct {
                losses.direct += lost;
            } else {
                losses.indirect += lost;
            }
        }
    }
}

/// The same from sums by place and of the lines hit directly.
fn split_sums(plan: &Plan, scenario: &Record, without: &Record, losses: &mut Losses) {
    let (with, cf) = (&scenario.groups, &without.groups);
    losses.direct = with.direct_output[..=losses.at].iter().zip(&cf.direct_output).map(|(s, c)| c - s).sum();
    losses.indirect = losses.output - losses.direct;
    let places = with.counts[1];
    for cell in 0..(losses.at + 1) * places {
        let Some(place) = plan.network.places.get(cell % places) else { continue };
        *losses.value_added_by_country.entry(place.country.0).or_default() += cf.places[1][cell] - with.places[1][cell];
    }
}

/// Lines a scenario event names, or with a contract (as seller or buyer) over a crossing it names.
pub fn direct_lines(plan: &Plan) -> Vec<bool> {
    let mut direct = vec![false; plan.network.lines.len()];
    for event in plan.events.iter().filter(|e| !e.background) {
        mark(plan, event, &mut direct);
    }
    direct
}

fn mark(plan: &Plan, event: &Event, direct: &mut [bool]) {
    let contracts = &plan.network.contracts;
    match &event.change {
        Change::Capacity(lines) => lines.iter().for_each(|l| direct[l.index()] = true),
        Change::Damage { shares, .. } => shares.iter().for_each(|(l, _)| direct[l.index()] = true),
        // The value of money is no line's business.
        Change::ExchangeRate(_) => {}
        Change::Attendance(firms) | Change::Default(firms) => {
            for firm in firms {
                plan.lines_of(firm.index()).iter().for_each(|&l| direct[l as usize] = true);
            }
        }
        Change::Demand(demands) => demands.iter().for_each(|d| direct[plan.network.demands[d.index()].line.index()] = true),
        Change::OrderCut(cut) | Change::Cancel(cut) | Change::Refusal(cut) | Change::Forbid(cut) | Change::Enforce(cut, _) => {
            cut.iter().for_each(|c| direct[contracts.seller[c.index()].index()] = true)
        }
        Change::OpenShare { crossings, .. } => {
            let over = |route: crate::ids::RouteId| {
                plan.network.routes[route.index()].legs.iter().any(|leg| leg.crossing.is_some_and(|(c, _)| crossings.contains(&c)))
            };
            for row in 0..contracts.len() {
                if over(contracts.route[row]) || over(contracts.input_route[row]) {
                    direct[contracts.seller[row].index()] = true;
                    mark_buyer(plan, row, direct);
                }
            }
        }
    }
}

/// Lines of the buyer that use the contract's product.
fn mark_buyer(plan: &Plan, contract: usize, direct: &mut [bool]) {
    let contracts = &plan.network.contracts;
    let product = plan.network.lines[contracts.seller[contract].index()].product;
    for &l in plan.lines_of(contracts.buyer[contract].index()) {
        let line = &plan.network.lines[l as usize];
        let inputs = &plan.network.inputs[line.first_input as usize..line.last_input as usize];
        if inputs.iter().any(|i| i.product == product) {
            direct[l as usize] = true;
        }
    }
}

/// Step of the largest loss over 28 days, and the first step from which 28-day output stays at ≥ 95 % of the counterfactual
/// (the first event's if it never falls below; none if the counterfactual's output has ended by then).
pub fn peak_and_recovery(scenario: &[f64], without: &[f64], first_event: usize) -> (Option<usize>, Option<usize>) {
    let moving = |series: &[f64], t: usize| series[(t + 1).saturating_sub(MONTH)..=t].iter().sum::<f64>();
    let (mut peak, mut most) = (None, 0.0);
    let mut last_low = None;
    for t in first_event..scenario.len() {
        let (with, cf) = (moving(scenario, t), moving(without, t));
        // Rounding is no loss.
        if cf - with > most + 1e-12 * cf.abs() {
            (peak, most) = (Some(t), cf - with);
        }
        if with < 0.95 * cf {
            last_low = Some(t);
        }
    }
    let after = last_low.map_or(first_event, |t| t + 1);
    // Nothing where nothing would have been is no recovery.
    (peak, peak.and(Some(after)).filter(|&t| t < scenario.len() && moving(without, t) > 0.0))
}

fn idle_peak(scenario: &Record, without: &Record, at: usize) -> f64 {
    // Whoever was dismissed is no longer present, and still without work: on days on which anybody works.
    let idle = |t: &crate::series::Totals| t.present - t.used + if t.present > 0.0 { t.dismissed } else { 0.0 };
    let extra: Vec<f64> = scenario.totals[..=at].iter().zip(&without.totals).map(|(s, c)| idle(s) - idle(c)).collect();
    let worked: Vec<f64> = without.totals[..=at].iter().map(|t| f64::from(u8::from(t.present > 0.0))).collect();
    let mut most = 0.0_f64;
    for t in 0..extra.len() {
        let window = (t + 1).saturating_sub(MONTH)..=t;
        let days = worked[window.clone()].iter().sum::<f64>();
        if days > 0.0 {
            most = most.max(extra[window].iter().sum::<f64>() / days);
        }
    }
    most
}

/// Value at cost of what a product column counted up to step `at`.
fn gone(plan: &Plan, record: &Record, at: usize, column: impl Fn(&Columns) -> &Vec<f64>) -> f64 {
    let products = &plan.network.products;
    let counted = column(&record.columns);
    let last = ((at + 1) * products.len()).min(counted.len());
    counted[..last].iter().enumerate().map(|(cell, units)| units * products[cell % products.len()].value_per_unit).sum()
}

/// Product → what a product column counted up to step `at`, units.
fn units_gone(plan: &Plan, record: &Record, at: usize, column: impl Fn(&Columns) -> &Vec<f64>) -> Vec<f64> {
    let mut units = vec![0.0; plan.network.products.len()];
    for day in column(&record.columns).chunks_exact(units.len().max(1)).take(at + 1) {
        units.iter_mut().zip(day).for_each(|(sum, today)| *sum += today);
    }
    units
}

fn insolvent(plan: &Plan, scenario: &Record, losses: &mut Losses) {
    let firms = plan.network.firms.len();
    let conditions = scenario.columns.firm_condition.chunks_exact(firms.max(1)).nth(losses.at).unwrap_or_default();
    let marked = conditions.iter().enumerate().filter(|&(_, &condition)| condition != Condition::Sound as u16);
    losses.insolvent = marked.map(|(firm, &condition)| (firm, condition == Condition::Ended as u16)).collect();
    if let Some(now) = scenario.snapshot(losses.at) {
        losses.deadlocks.clone_from(&now.deadlocks);
    }
}

fn waiting_goods(plan: &Plan, scenario: &Record, losses: &mut Losses) {
    losses.stranded_units = vec![0.0; plan.network.products.len()];
    losses.delayed_units = vec![0.0; plan.network.products.len()];
    let Some(now) = scenario.snapshot(losses.at) else { return };
    for order in 0..plan.orders.row.len() {
        if plan.orders.slot[order] == NONE || now.stranded[order] + now.delayed[order] == 0.0 {
            continue;
        }
        let product = plan.slot_product[plan.orders.slot[order] as usize] as usize;
        let value = plan.network.products[product].value_per_unit;
        losses.stranded_units[product] += now.stranded[order];
        losses.delayed_units[product] += now.delayed[order];
        losses.delayed_value += now.delayed[order] * value;
        if now.stranded[order] > 0.0 {
            *losses.stranded_by_owner.entry(crate::series::owner_of(plan, order)).or_default() += now.stranded[order] * value;
        }
    }
}

/// What was made for each season and still lies at the maker: value at cost, and what of it the markdown after the season takes.
fn seasons(plan: &Plan, scenario: &Record, losses: &mut Losses) {
    let Some(now) = scenario.snapshot(losses.at) else { return };
    for order in 0..plan.orders.row.len() {
        let (slot, end) = (plan.orders.slot[order], plan.orders.season_end[order]);
        if slot == NONE || end == NEVER || now.made[order] == 0.0 {
            continue;
        }
        let product = plan.slot_product[slot as usize] as usize;
        let season = losses.seasons.entry((product, end)).or_default();
        let at_cost = now.finished[order] * plan.network.products[product].value_per_unit;
        season.made += now.made[order];
        season.at_maker += now.finished[order];
        season.at_cost += at_cost;
        season.marked_down += at_cost * (1.0 - price_share(plan, order, losses.at + plan.warm_up));
    }
}

fn bearers(plan: &Plan, scenario: &Record, without: &Record, losses: &mut Losses) {
    let (Some(with), Some(cf)) = (scenario.snapshot(losses.at), without.snapshot(losses.at)) else { return };
    let bearers = &mut losses.bearers;
    for firm in 0..plan.network.firms.len() {
        let worth = |s: &crate::series::Snapshot| s.cash[firm] + s.owned_value[firm] + s.credit[firm];
        let lost = worth(cf) - worth(with);
        if plan.processor[firm] {
            bearers.factory += lost;
        } else if plan.client[firm] {
            bearers.client += lost;
        } else {
            bearers.others += lost;
            *losses.others_by_sector.entry(plan.network.firms[firm].sector.0).or_default() += lost;
        }
        bearers.workers += cf.wages_paid[firm] - with.wages_paid[firm];
        let given = |s: &crate::series::Snapshot| s.handed_over[firm] - s.rescued[firm];
        bearers.state += given(cf) - given(with);
    }
    for (l, line) in plan.network.lines.iter().enumerate() {
        bearers.lost_on_the_way += (with.line_lost[l] - cf.line_lost[l]) * plan.network.products[line.product.index()].value_per_unit;
    }
    bearers.lost_on_the_way += losses.spoilt + losses.refused + losses.seized;
}

fn stopped(plan: &Plan, record: &Record, from: usize, at: usize) -> BTreeMap<u32, f64> {
    let lines = plan.network.lines.len();
    let mut days = BTreeMap::new();
    if record.detail == Detail::Sectors {
        let codes = record.groups.counts[2];
        for t in from..=at {
            let today = record.groups.stopped[t * codes..(t + 1) * codes].iter().enumerate().filter(|(_, lines)| **lines > 0.0);
            today.for_each(|(code, lines)| *days.entry(code as u32).or_default() += lines);
        }
        return days;
    }
    if record.columns.line_cause.is_empty() {
        return days;
    }
    for t in from..=at {
        for l in 0..lines {
            let code = record.columns.line_cause[t * lines + l];
            if Cause::of(code).stops() && record.columns.line_output[t * lines + l] <= 0.0 {
                *days.entry(code).or_default() += 1.0;
            }
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_is_the_day_from_which_output_stays_up() {
        let without = vec![10.0; 200];
        let mut with = without.clone();
        with[50..80].fill(0.0);
        let (peak, recovered) = peak_and_recovery(&with, &without, 50);
        assert_eq!(peak, Some(77), "28 days after the stop the whole window is lost");
        // 28-day output is back at 95 % once at most one of the 28 days (3.6 %) is a lost one.
        assert_eq!(recovered, Some(106));
        with[150..].fill(0.0);
        assert_eq!(peak_and_recovery(&with, &without, 50).1, None, "a second fall that lasts is no recovery");
        assert_eq!(peak_and_recovery(&without, &without, 50), (None, None));
        let ended: Vec<f64> = (0..200).map(|t| if t < 90 { 10.0 } else { 0.0 }).collect();
        let mut stopped = ended.clone();
        stopped[50..].fill(0.0);
        assert_eq!(peak_and_recovery(&stopped, &ended, 50).1, None, "nothing where nothing would have been is no recovery");
        let dent: Vec<f64> = (0..200).map(|t| if (50..60).contains(&t) { 9.8 } else { 10.0 }).collect();
        assert_eq!(peak_and_recovery(&dent, &without, 50), (Some(59), Some(50)), "a dent of 2 % never leaves the 95 %");
    }

    #[test]
    fn whoever_was_dismissed_is_without_work_too() {
        let day = |present: f64, used: f64, dismissed: f64| crate::series::Totals { present, used, dismissed, ..Default::default() };
        let record = |day| {
            let mut record = Record::default();
            record.totals = vec![day; 28];
            record
        };
        // Of 10 workers 6 were dismissed and 1 is idle; without the events 2 were dismissed and nobody is idle.
        let most = idle_peak(&record(day(4.0, 3.0, 6.0)), &record(day(8.0, 8.0, 2.0)), 27);
        assert_eq!(most, 5.0);
    }
}
