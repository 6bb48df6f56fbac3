//! What a scenario cost, against its counterfactual, as of a date: output, value added, final demand, goods, money, jobs, by bearer.

use std::collections::BTreeMap;

use super::levels::Waiting;
use crate::plan::state::Condition;
use crate::plan::{NEVER, NONE, Plan};
use crate::record::deadlock::Deadlock;
use crate::record::people::{Parts, without_work};
use crate::record::{Record, Snapshot, price_share};
use crate::run::Outcome;

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
    /// Arrears of wages, currency.
    pub arrears: f64,
    /// Arrears of wages, worker-days.
    pub arrears_days: f64,
    /// Worker-days without work beyond the counterfactual: the dismissed, absent and idle of [`Self::without_work`].
    pub idle_worker_days: f64,
    /// Largest 28-day mean of workers without work beyond the counterfactual, persons.
    pub workers_idle_peak: f64,
    /// Worker-days dismissed, absent and idle beyond the counterfactual, and extra work ([`crate::record::people`]).
    pub without_work: Parts,
    /// The same of the worst 28 days, persons, and their last step.
    pub worst: Option<(usize, Parts)>,
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
    /// Line-days stopped after the first event, by cause code ([`crate::rule::cause::Cause::code`]).
    pub stopped_days: BTreeMap<u32, f64>,
    /// The same of lines that need labour.
    pub stopped_labour_days: BTreeMap<u32, f64>,
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

/// Losses as of step `at` (clamped to the recorded days). Needs snapshots at `at`: without them only totals and people are told. They are
/// the same whatever else is recorded.
pub fn losses(outcome: &Outcome, at: usize) -> Losses {
    let (plan, scenario, without) = (&outcome.plan, &outcome.scenario, &outcome.counterfactual);
    let at = at.min(scenario.days.saturating_sub(1));
    let mut losses = Losses { at, ..Losses::default() };
    let days = || scenario.totals[..=at].iter().zip(&without.totals[..=at]);
    losses.output = days().map(|(s, c)| c.output_value - s.output_value).sum();
    losses.value_added = days().map(|(s, c)| c.value_added - s.value_added).sum();
    losses.final_demand_unmet = days().map(|(s, c)| c.demand_met - s.demand_met).sum();
    losses.without_work = outcome.people.sum(at);
    losses.idle_worker_days = without_work(&losses.without_work);
    losses.worst = outcome.people.worst(plan, at, MONTH);
    losses.workers_idle_peak = losses.worst.map_or(0.0, |(_, persons)| without_work(&persons));
    let output = |r: &Record| -> Vec<f64> { r.totals.iter().map(|t| t.output_value).collect() };
    (losses.peak, losses.recovered) = peak_and_recovery(&output(scenario), &output(without), outcome.first_event);
    let last = &scenario.totals[at];
    losses.held_value = last.held_value;
    losses.invoices = last.receivable;
    losses.overdue = last.overdue;
    losses.claims = last.claims;
    losses.arrears = last.arrears;
    losses.arrears_days = last.arrears_days;
    losses.dismissed = last.dismissed;
    losses.bad_debt = last.bad_debt;
    losses.rescued = last.rescued;
    losses.dismissed_without = without.totals[at].dismissed;
    losses.fined = last.fined;
    if let (Some(now), Some(cf)) = (scenario.snapshot(at), without.snapshot(at)) {
        so_far(plan, now, cf, &mut losses);
    }
    waiting_goods(plan, scenario, &mut losses);
    seasons(plan, scenario, &mut losses);
    bearers(plan, scenario, without, &mut losses);
    losses
}

/// What is summed up to the day of the account, at any level of detail.
fn so_far(plan: &Plan, now: &Snapshot, without: &Snapshot, losses: &mut Losses) {
    let (with, cf) = (&now.tally, &without.tally);
    losses.direct = cf.direct_output[0] - with.direct_output[0];
    losses.indirect = losses.output - losses.direct;
    let countries = with.value_added.iter().zip(&cf.value_added).enumerate();
    let mut makes = vec![false; with.value_added.len()];
    plan.line_firm.iter().for_each(|&firm| makes[plan.firm_country[firm as usize] as usize] = true);
    losses.value_added_by_country = countries.filter(|&(c, _)| makes[c]).map(|(c, (with, cf))| (c as u32, cf - with)).collect();
    let products = &plan.network.products;
    let value = |units: &[f64]| units.iter().zip(products).map(|(units, product)| units * product.value_per_unit).sum::<f64>();
    losses.spoilt_without = value(&cf.spoilt);
    losses.spoilt = value(&with.spoilt) - losses.spoilt_without;
    losses.spoilt_units = with.spoilt.iter().zip(&cf.spoilt).map(|(with, without)| with - without).collect();
    losses.refused = value(&with.refused) - value(&cf.refused);
    losses.seized = value(&with.seized);
    let days = |codes: &[f64]| codes.iter().enumerate().filter(|code| *code.1 > 0.0).map(|(code, &days)| (code as u32, days)).collect();
    losses.stopped_days = days(&with.stopped);
    losses.stopped_labour_days = days(&with.stopped_labour);
    let marked = now.condition.iter().enumerate().filter(|&(_, &condition)| condition != f64::from(Condition::Sound as u8));
    losses.insolvent = marked.map(|(firm, &condition)| (firm, condition == f64::from(Condition::Ended as u8))).collect();
    losses.deadlocks.clone_from(&now.deadlocks);
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

fn waiting_goods(plan: &Plan, scenario: &Record, losses: &mut Losses) {
    losses.stranded_units = vec![0.0; plan.network.products.len()];
    losses.delayed_units = vec![0.0; plan.network.products.len()];
    let Some(now) = scenario.snapshot(losses.at) else { return };
    let waiting = Waiting::of(plan, now);
    (losses.stranded_units, losses.delayed_units) = (waiting.stranded_units, waiting.delayed_units);
    (losses.stranded_by_owner, losses.delayed_value) = (waiting.stranded_by_owner, waiting.delayed_value);
}

/// What was made for each season and still lies at the maker: value at cost, and what of it the markdown after the season takes.
fn seasons(plan: &Plan, scenario: &Record, losses: &mut Losses) {
    let Some(now) = scenario.snapshot(losses.at) else { return };
    for order in 0..plan.orders.row.len() {
        let (point, end) = (plan.orders.point[order], plan.orders.season_end[order]);
        if point == NONE || end == NEVER || now.made[order] == 0.0 {
            continue;
        }
        let product = plan.point_product[point as usize] as usize;
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
        let worth = |s: &crate::record::Snapshot| s.cash[firm] + s.owned_value[firm] + s.credit[firm];
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
        let given = |s: &crate::record::Snapshot| s.handed_over[firm] - s.rescued[firm];
        bearers.state += given(cf) - given(with);
    }
    for (l, line) in plan.network.lines.iter().enumerate() {
        bearers.lost_on_the_way += (with.line_lost[l] - cf.line_lost[l]) * plan.network.products[line.product.index()].value_per_unit;
    }
    bearers.lost_on_the_way += losses.spoilt + losses.refused + losses.seized;
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
}
