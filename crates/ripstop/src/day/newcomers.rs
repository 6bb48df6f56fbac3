//! Sellers outside the network, to whom buyers switch: their goods come from abroad and their price goes there.

use crate::model::accounts::Account;
use crate::plan::state::State;
use crate::plan::{NONE, Plan};

/// What newcomers have sent arrives in the stores of their buyers.
pub fn receive(plan: &Plan, state: &mut State, t: usize) {
    state.newcomer_ordered.fill(0.0);
    for (n, &point) in plan.switching.newcomer_point.iter().enumerate() {
        let cell = cell(plan, n, t);
        let came = std::mem::take(&mut state.newcomer_cells[cell]);
        if state.frozen(plan, plan.network.newcomers[n].buyer.index()) {
            // It waits before a place out of reach.
            state.newcomer_cells[self::cell(plan, n, t + 1)] += came;
        } else if point != NONE {
            state.stock[point as usize] += came;
        }
    }
}

/// Where what a newcomer sends on day `t` stands, once what arrives on it is gone.
fn cell(plan: &Plan, n: usize, t: usize) -> usize {
    plan.switching.newcomer_cells[n] as usize + t % plan.network.newcomers[n].travel_days.max(1) as usize
}

/// Units a newcomer sells its buyer today: within its capacity, and what the buyer can pay at once. A new seller gives no credit.
pub(super) fn room(plan: &Plan, state: &State, n: usize) -> f64 {
    let one = &plan.network.newcomers[n];
    let buyer = one.buyer.index();
    if state.ended(buyer) || state.frozen(plan, buyer) {
        return 0.0;
    }
    if one.price_per_unit <= 0.0 {
        return one.capacity_per_day;
    }
    let home = plan.network.firms[buyer].currency.index();
    let can_pay = state.cash[buyer].max(0.0) * state.rate[home] / one.price_per_unit;
    one.capacity_per_day.min(can_pay)
}

/// A newcomer sends what is ordered, and is paid.
pub(super) fn order(plan: &Plan, state: &mut State, n: usize, quantity: f64, t: usize) {
    let one = &plan.network.newcomers[n];
    let buyer = one.buyer.index();
    let home = plan.network.firms[buyer].currency.index();
    let paid = (quantity * one.price_per_unit / state.rate[home]).min(state.cash[buyer].max(0.0));
    if one.price_per_unit > 0.0 {
        state.cash[buyer] -= paid;
        state.cash[plan.account_for(Account::Outside, buyer)] += paid;
    }
    let cell = cell(plan, n, t);
    state.newcomer_cells[cell] += quantity;
    state.newcomer_ordered[n] = quantity;
    state.imported[one.product.index()] += quantity;
}
