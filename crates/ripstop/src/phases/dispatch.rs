//! Phase 6, **dispatch**: goods leave: continuously, in complete lots, or on collection days.
//!
//! *Stranded*: finished, due to leave, and a crossing of the route is shut for its class. *Delayed*: due to leave, the route is open, but
//! the goods wait (for a lot, for a collection). Theft is booked on arrival, retention here, neither silently.

use crate::network::{Dispatch, Leftovers, Terms};
use crate::plan::Plan;
use crate::state::{Stage, State};
use crate::transit::{Gates, pour};

use super::order::NOTHING;

/// Standing flows: today's share of every order.
pub fn standing(plan: &Plan, state: &mut State, t: usize) {
    state.waiting_goods.copy_from_slice(&state.finished);
    state.delayed.fill(0.0);
    for ((stranded, &blocked), (&wanted, &finished)) in
        state.stranded.iter_mut().zip(&state.blocked).zip(state.wanted.iter().zip(&state.finished))
    {
        *stranded = if blocked > 0.0 && wanted == 0.0 { finished } else { 0.0 };
    }
    let flows = &plan.standing;
    for flow in 0..flows.contract.len() {
        let quantity = state.ordered[flow] * state.served[flows.line[flow] as usize];
        state.shipped[flow] = quantity;
        if quantity <= 0.0 {
            continue;
        }
        let way = &plan.ways[flows.way[flow] as usize];
        let first = flows.cells[flow] as usize;
        let value = plan.network.products[plan.slot_product[flows.slot[flow] as usize] as usize].value_per_unit;
        let State { cells, open, release, passed, .. } = state;
        pour(way, &mut cells[first..first + way.cells as usize], 0, quantity, value, &mut Gates { t, open, release, passed });
    }
}

/// Order lines: what is ready leaves if it may; finished order lines settle their leftovers and close.
pub fn order_lines(plan: &Plan, state: &mut State, t: usize) {
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            state.order_stranded[order] = 0.0;
            state.order_delayed[order] = 0.0;
            if state.order_finished[order] > 0.0 {
                leave_or_stay(plan, state, order, t);
            }
            if state.stage[order] == Stage::Made as u8 {
                close_if_over(plan, state, order, t);
            }
        }
    }
}

fn leave_or_stay(plan: &Plan, state: &mut State, order: usize, t: usize) {
    let terms = plan.terms_of_order(order);
    let l = plan.orders.line[order] as usize;
    let finished = state.order_finished[order];
    let ready = ready(state, terms, order);
    let due_to_leave = if t as i32 >= plan.orders.due[order] { finished } else { ready };
    let shut = state.shut_gates[plan.orders.way[order] as usize] > 0;
    let leaves = if shut || !leaves_today(plan, terms, order, t) { 0.0 } else { ready };
    let waits = (due_to_leave - leaves).max(0.0);
    if shut {
        state.order_stranded[order] = waits;
        state.stranded[l] += waits;
    } else {
        state.order_delayed[order] = waits;
        state.delayed[l] += waits;
    }
    if leaves > 0.0 {
        ship(plan, state, order, leaves, t);
    }
    state.waiting_goods[l] += state.order_finished[order];
}

/// Units ready to leave: all that is finished, or complete lots only. The remainder of a finished order line counts as a complete lot.
fn ready(state: &State, terms: &Terms, order: usize) -> f64 {
    let finished = state.order_finished[order];
    if terms.dispatch == Dispatch::Continuous || state.stage[order] != Stage::Open as u8 {
        return finished;
    }
    let lot = state.target[order] / terms.lots_per_order.max(1.0);
    let complete = ((state.made[order] / lot) * (1.0 + NOTHING)).floor() * lot;
    let gone = state.made[order] - finished;
    (complete - gone).clamp(0.0, finished)
}

fn leaves_today(plan: &Plan, terms: &Terms, order: usize, t: usize) -> bool {
    if terms.dispatch != Dispatch::Collection {
        return true;
    }
    let since = t as i32 - plan.orders.first_collection[order];
    since >= 0 && since % crate::plan::whole_days(terms.collection_interval_days).max(1) == 0
}

fn ship(plan: &Plan, state: &mut State, order: usize, quantity: f64, t: usize) {
    let orders = &plan.orders;
    let slot = orders.slot[order] as usize;
    let product = plan.slot_product[slot] as usize;
    let kept = quantity * plan.terms_of_order(order).retention_share;
    let sent = quantity - kept;
    state.retained[product] += kept;
    // What leaves in full leaves nothing behind, to the last bit.
    let finished = state.order_finished[order];
    state.order_finished[order] = if quantity >= finished { 0.0 } else { finished - quantity };
    state.order_shipped[order] += quantity;
    let way = &plan.ways[orders.way[order] as usize];
    let first = orders.cells[order] as usize;
    let State { cells, open, release, passed, .. } = state;
    let cells = &mut cells[first..first + way.cells as usize];
    let value = plan.network.products[product].value_per_unit;
    pour(way, cells, 0, sent, value, &mut Gates { t, open, release, passed });
    state.order_on_way[order] = cells.iter().sum();
    state.quiet[order] = 0;
}

fn close_if_over(plan: &Plan, state: &mut State, order: usize, t: usize) {
    if state.order_finished[order] > 0.0 || state.order_on_way[order] != 0.0 {
        return;
    }
    let inputs = plan.inputs_of_order(order);
    if inputs.clone().any(|i| state.input_on_way[i] != 0.0) {
        return;
    }
    let rule = plan.terms_of_order(order).leftovers;
    let lead = plan.ways[plan.orders.way[order] as usize].lead_days as i32;
    let mut over = true;
    for input in inputs {
        let left = std::mem::take(&mut state.input_stock[input]);
        let product = plan.consigned.product[input] as usize;
        match rule {
            Leftovers::Returned if left > 0.0 => {
                state.returning[input] += left;
                state.quiet[order] = 0;
                state.return_step[input] = t as i32 + lead;
            }
            Leftovers::Returned => {}
            Leftovers::Retained => state.retained[product] += left,
            Leftovers::WrittenOff => state.written_off[product] += left,
        }
        over &= state.returning[input] == 0.0;
    }
    if over {
        state.stage[order] = Stage::Closed as u8;
    }
}
