//! Phase 5, **ration**: what was produced and what was finished before is shared among open standing orders and final demand.
//!
//! Proportional: every standing order of a line gets the same share `min(1, available/wanted)`: one number per seller, whatever the number
//! of its customers. The other rules give the orders of a line their own shares, again from one number each:
//! *least served first* fills every order up to the same level λ of order/normal order, `Σ min(r, λ)·normal = available` (Inoue & Todo
//! 2019, R2 conserving); *class priority* serves rank by rank and the last rank in proportion; *oldest first* serves final demand by the
//! days it has waited, the last age in proportion, orders of today last; *market last* serves firms first, alike (R1) or least served first
//! (R3), and final demand with what they leave. Final demand is used the same day; what is unmet waits out its patience.

use crate::model::network::Rationing;
use crate::plan::Plan;
use crate::plan::state::State;
use crate::rule::level::{fill, pair, up_to};
use crate::rule::share::{self, proportional};

use super::order::waiting;

/// Shares of the day.
pub fn share(plan: &Plan, state: &mut State, _t: usize) {
    for &l in &plan.general_lines {
        let l = l as usize;
        let wanted = state.wanted[l];
        // Nothing is sold where nobody gets in.
        let there = if state.frozen(plan, plan.line_firm[l] as usize) { 0.0 } else { state.finished[l] };
        let served = proportional(there, wanted);
        state.served[l] = served;
        state.finished[l] = (state.finished[l] - served * wanted).max(0.0);
    }
    for k in 0..plan.ruled_lines.len() {
        by_rule(plan, state, k);
    }
    crate::bulk::share::share(plan, state);
    for &m in &plan.general_demands {
        let m = m as usize;
        let demand = &plan.network.demands[m];
        let line = demand.line.index();
        // Where a rule shares out it has said what is met.
        let met = if plan.line_ruled[line] { state.demand_met[m] } else { state.demand_wanted[m] * state.served[line] };
        state.demand_met[m] = met;
        state.sold[plan.network.lines[line].product.index()] += met;
        let cells = waiting(plan, demand, m);
        let new = state.demand_wanted[m] - state.waiting[cells.clone()].iter().sum::<f64>();
        state.demand_lost[m] = age(&mut state.waiting[cells], met, new.max(0.0));
    }
}

/// One customer of a line: a standing flow, or final demand.
#[derive(Clone, Copy)]
enum Customer {
    Flow(usize),
    Demand(usize),
}

/// The flows and final demands of ruled line `k`.
fn customers(plan: &Plan, k: usize) -> impl Iterator<Item = Customer> {
    let of = |first: &[u32]| first[k] as usize..first[k + 1] as usize;
    let flows = plan.ruled_flows[of(&plan.ruled_first)].iter().map(|&flow| Customer::Flow(flow as usize));
    flows.chain(plan.ruled_demands[of(&plan.ruled_demand_first)].iter().map(|&m| Customer::Demand(m as usize)))
}

/// Shares out what a line serves today, `served × wanted`, by its rule.
fn by_rule(plan: &Plan, state: &mut State, k: usize) {
    let line = plan.ruled_lines[k] as usize;
    let available = state.served[line] * state.wanted[line];
    let short = state.served[line] < 1.0;
    match plan.network.lines[line].rationing {
        rule if !short || rule == Rationing::Proportional => {
            for customer in customers(plan, k) {
                give(state, customer, wanted_by(state, customer) * state.served[line]);
            }
        }
        Rationing::LeastServed | Rationing::Proportional => least_served(plan, state, k, available),
        Rationing::ClassPriority => class_priority(plan, state, k, available),
        Rationing::Oldest => oldest(plan, state, k, available),
        rule => market_last(plan, state, k, available, rule),
    }
}

fn give(state: &mut State, customer: Customer, quantity: f64) {
    match customer {
        Customer::Flow(flow) => state.shipped[flow] = quantity,
        Customer::Demand(m) => state.demand_met[m] = quantity,
    }
}

fn wanted_by(state: &State, customer: Customer) -> f64 {
    match customer {
        Customer::Flow(flow) => state.ordered[flow],
        Customer::Demand(m) => state.demand_wanted[m],
    }
}

/// Every order is filled up to the same level, in normal orders.
fn least_served(plan: &Plan, state: &mut State, k: usize, available: f64) {
    fill_to_level(plan, state, available, || customers(plan, k));
}

fn fill_to_level<I: Iterator<Item = Customer>>(plan: &Plan, state: &mut State, available: f64, customers: impl Fn() -> I) {
    let normal = |state: &State, customer: Customer| match customer {
        Customer::Flow(flow) if plan.standing.normal[flow] > 0.0 => plan.standing.normal[flow],
        Customer::Demand(m) if plan.network.demands[m].quantity_per_day > 0.0 => plan.network.demands[m].quantity_per_day,
        // Without a normal order today's is as normal as any.
        other => wanted_by(state, other),
    };
    let level = fill(available, &mut customers().map(|c| pair(wanted_by(state, c), normal(state, c))).collect::<Vec<_>>());
    for customer in customers() {
        let quantity = up_to(wanted_by(state, customer), normal(state, customer), level);
        give(state, customer, quantity);
    }
}

/// Firms first, by the same share or by the same level; final demand gets what they leave.
fn market_last(plan: &Plan, state: &mut State, k: usize, available: f64, rule: Rationing) {
    let firms = || customers(plan, k).filter(|c| matches!(c, Customer::Flow(_)));
    let markets = || customers(plan, k).filter(|c| matches!(c, Customer::Demand(_)));
    let ordered: f64 = firms().map(|c| wanted_by(state, c)).sum();
    if rule == Rationing::MarketLast {
        let share = proportional(available, ordered);
        firms().for_each(|c| give(state, c, share * wanted_by(state, c)));
    } else {
        fill_to_level(plan, state, available.min(ordered), firms);
    }
    let wanted: f64 = markets().map(|c| wanted_by(state, c)).sum();
    let share = share::market_last(available, ordered, wanted);
    markets().for_each(|c| give(state, c, share * wanted_by(state, c)));
}

fn class_priority(plan: &Plan, state: &mut State, k: usize, available: f64) {
    let rank = |customer: Customer| {
        let class = match customer {
            Customer::Flow(flow) => plan.paths[plan.standing.path[flow] as usize].class,
            Customer::Demand(m) => {
                let line = plan.network.demands[m].line.index();
                plan.network.products[plan.network.lines[line].product.index()].class.0
            }
        };
        plan.network.class_rank.get(class as usize).copied().unwrap_or(0)
    };
    let mut by_rank: Vec<_> = customers(plan, k).map(|customer| (rank(customer), customer)).collect();
    by_rank.sort_by_key(|(rank, _)| *rank);
    let mut left = available;
    for same in by_rank.chunk_by(|a, b| a.0 == b.0) {
        let wanted: f64 = same.iter().map(|&(_, c)| wanted_by(state, c)).sum();
        let share = proportional(left, wanted);
        left = (left - wanted).max(0.0);
        for &(_, customer) in same {
            give(state, customer, share * wanted_by(state, customer));
        }
    }
}

/// Final demand by the days it has waited; what is ordered today counts as age zero.
fn oldest(plan: &Plan, state: &mut State, k: usize, available: f64) {
    let waiting_of = |state: &State, customer: Customer, age: usize| -> f64 {
        match customer {
            Customer::Flow(_) => 0.0,
            Customer::Demand(m) => waiting(plan, &plan.network.demands[m], m).nth(age).map_or(0.0, |cell| state.waiting[cell]),
        }
    };
    let ages = |customer: Customer| match customer {
        Customer::Flow(_) => 0,
        Customer::Demand(m) => plan.network.demands[m].patience_days as usize,
    };
    let oldest = customers(plan, k).map(ages).max().unwrap_or(0);
    let mut left = available;
    customers(plan, k).for_each(|customer| give(state, customer, 0.0));
    for age in (0..=oldest).rev() {
        // Cells hold what has waited 1, 2, … days; age 0 is what is new today.
        let at_age = |state: &State, customer: Customer| match age.checked_sub(1) {
            Some(cell) => waiting_of(state, customer, cell),
            None => wanted_by(state, customer) - (0..ages(customer)).map(|cell| waiting_of(state, customer, cell)).sum::<f64>(),
        };
        let wanted: f64 = customers(plan, k).map(|c| at_age(state, c).max(0.0)).sum();
        let share = proportional(left, wanted);
        left = (left - wanted).max(0.0);
        for customer in customers(plan, k) {
            let gets = share * at_age(state, customer).max(0.0);
            match customer {
                Customer::Flow(flow) => state.shipped[flow] += gets,
                Customer::Demand(m) => state.demand_met[m] += gets,
            }
        }
    }
}

/// Serves the longest waiting first, ages the rest by a day and returns what has waited too long.
pub fn age(waiting: &mut [f64], met: f64, new: f64) -> f64 {
    let mut left = met;
    for cell in waiting.iter_mut().rev() {
        let served = cell.min(left);
        *cell -= served;
        left -= served;
    }
    let unmet = (new - left).max(0.0);
    // Rounding of `met` is no unmet demand.
    let unmet = if unmet <= 1e-12 * new { 0.0 } else { unmet };
    let Some(last) = waiting.len().checked_sub(1) else { return unmet };
    let lost = waiting[last];
    waiting.copy_within(..last, 1);
    waiting[0] = unmet;
    lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_waiting_are_served_first_and_lost_after_their_patience() {
        let mut waiting = [3.0, 2.0];
        assert_eq!(age(&mut waiting, 4.0, 10.0), 0.0, "two of the oldest, two of the next are served");
        assert_eq!(waiting, [10.0, 1.0]);
        assert_eq!(age(&mut waiting, 0.0, 7.0), 1.0);
        assert_eq!(waiting, [7.0, 10.0]);
        assert_eq!(age(&mut [], 4.0, 10.0), 6.0, "without patience the unmet is lost at once");
    }
}
