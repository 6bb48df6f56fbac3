//! The part of phase 4 that brings work forward: where the days to come cannot take what is due, today takes what it has room for.

use crate::plan::state::{Stage, State};
use crate::plan::{NONE, Plan};
use crate::rule::work::Load;

use super::produce::{finish_if_done, make, worked};

/// Works ahead of the plans of a firm's order lines, earliest due first, as much as hands or lines would lack later.
///
/// The days to come are taken as full: everybody there, nothing else to do. Order lines that are not placed yet count with what is usually
/// ordered. Nothing is worked whose inputs are not there.
pub(super) fn work(plan: &Plan, state: &mut State, firm: usize, t: i32) {
    let hands = plan.hands_bind(firm) && state.labour_left[firm] > 0.0;
    if !hands && !plan.lines_of(firm).iter().any(|&l| has_room(plan, state, l as usize)) {
        return;
    }
    let mut of_hands = ahead(plan, state, firm, t);
    let lines = plan.lines_of(firm).iter().any(|&l| state.line_ahead[l as usize] > 0.0);
    if of_hands <= 0.0 && !lines {
        return;
    }
    for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
        if state.stage[order] != Stage::Open as u8 {
            continue;
        }
        let l = plan.orders.line[order] as usize;
        let labour = plan.network.lines[l].labour_days_per_unit;
        let by_hands = if labour > 0.0 { of_hands / labour } else { 0.0 };
        let most = by_hands.max(state.line_ahead[l]);
        if most <= 0.0 {
            continue;
        }
        let (made, _) = make(plan, state, order, most);
        state.labour_asked[firm] += made * labour;
        of_hands = (of_hands - made * labour).max(0.0);
        state.line_ahead[l] = (state.line_ahead[l] - made).max(0.0);
        if made > 0.0 {
            worked(state, l);
            finish_if_done(plan, state, order);
        }
    }
}

fn has_room(plan: &Plan, state: &State, l: usize) -> bool {
    plan.network.lines[l].capacity_per_day.is_finite() && state.capacity_left[l] > 0.0
}

/// Worker-days that a firm must work ahead today; and of its lines, in `line_ahead`, units.
fn ahead(plan: &Plan, state: &mut State, firm: usize, t: i32) -> f64 {
    let (today, workers) = (plan.working_days(firm, t), plan.workers[firm]);
    let (low, high) = (state.order_low[firm] as usize, state.order_high[firm] as usize);
    for &l in plan.lines_of(firm) {
        state.line_load[l as usize] = 0.0;
        state.line_ahead[l as usize] = 0.0;
    }
    let mut hands = Load::default();
    for order in low..high {
        let left = left_of(plan, state, order);
        if left <= 0.0 {
            continue;
        }
        let l = plan.orders.line[order] as usize;
        let (line, days) = (&plan.network.lines[l], plan.orders.work_before[order] - today);
        hands.add(left * line.labour_days_per_unit, workers, days);
        if line.capacity_per_day.is_finite() {
            let mut load = Load { sum: state.line_load[l], ahead: state.line_ahead[l] };
            load.add(left, line.capacity_per_day, days);
            (state.line_load[l], state.line_ahead[l]) = (load.sum, load.ahead);
        }
    }
    for &line in plan.lines_of(firm) {
        let (l, a_day) = (line as usize, plan.network.lines[line as usize].capacity_per_day);
        if let Some(beyond) = plan.foresight.beyond(plan.foreseen_line(l), high, a_day, today) {
            let mut load = Load { sum: state.line_load[l], ahead: state.line_ahead[l] };
            load.add_later(beyond);
            state.line_ahead[l] = load.ahead;
        }
    }
    if !plan.hands_bind(firm) {
        return 0.0;
    }
    if let Some(beyond) = plan.foresight.beyond(firm, high, workers, today) {
        hands.add_later(beyond);
    }
    hands.ahead
}

/// Units left of an order line: of one that is not placed yet, of what would be placed today.
fn left_of(plan: &Plan, state: &State, order: usize) -> f64 {
    if state.stage[order] == Stage::Open as u8 {
        return state.target[order] - state.made[order];
    }
    let foreseen = state.stage[order] == Stage::Future as u8 && plan.orders.twin_of[order] == NONE;
    if foreseen { plan.orders.quantity[order] * state.order_factor[plan.orders.contract[order].index()] } else { 0.0 }
}
