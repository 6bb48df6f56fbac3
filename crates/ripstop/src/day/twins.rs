//! Order lines that move: what an unreachable seller loses of one goes to contracts that stand by, at once or in time.

use super::order::prepay;
use super::today::lawful_share;
use crate::plan::state::{Stage, State};
use crate::plan::{NONE, Plan};

/// A share of what an unreachable seller loses of an order line moves to the buyer's standby contracts, within their limits.
pub(super) fn move_on(plan: &Plan, state: &mut State, order: usize, lost: f64) {
    let looks = moving(plan, order) * lost;
    let moved = hand_over(plan, state, order, looks);
    if let Some(looking) = state.order_looking.get_mut(order) {
        *looking += looks - moved;
    }
}

/// What of an order line still looks for another seller goes on looking, as long as its own cannot be reached.
#[inline]
pub(super) fn look_on(plan: &Plan, state: &mut State, order: usize) {
    let looks = state.order_looking.get(order).copied().unwrap_or(0.0);
    if looks <= 0.0 {
        return;
    }
    let moved = if out_of_reach(plan, state, order) { hand_over(plan, state, order, looks) } else { looks };
    state.order_looking[order] -= moved;
}

/// Whether an order line's own seller cannot be reached.
fn out_of_reach(plan: &Plan, state: &State, order: usize) -> bool {
    let orders = &plan.orders;
    let path = if orders.input_path[order] == NONE { orders.path[order] } else { orders.input_path[order] };
    let seller = plan.line_firm[orders.line[order] as usize] as usize;
    state.shut_gates[path as usize] > 0 || state.ended(seller) || state.frozen(plan, seller)
}

/// Of an order line that is placed with its seller again, what stays with others that have not given back yet; returns it.
pub(super) fn stays_away(plan: &Plan, state: &mut State, order: usize, placed: f64) -> f64 {
    if plan.switching.twin_ramp.is_empty() || out_of_reach(plan, state, order) {
        0.0
    } else {
        hand_over(plan, state, order, moving(plan, order) * placed)
    }
}

/// Share of what is lost that moves: what the terms say, else all that others take over in time.
fn moving(plan: &Plan, order: usize) -> f64 {
    let share = plan.terms_of_order(order).moves_share;
    if share > 0.0 || plan.switching.twin_ramp.is_empty() { share } else { 1.0 }
}

/// Hands units of an order line over to those that stand by, in proportion to their room; returns what they take.
fn hand_over(plan: &Plan, state: &mut State, order: usize, moves: f64) -> f64 {
    let twins = plan.twins_of(order);
    if moves <= 0.0 || twins.is_empty() || state.ended(plan.orders.buyer[order] as usize) {
        return 0.0;
    }
    let rooms: f64 = twins.iter().map(|&(_, twin)| room(plan, state, order, twin as usize)).sum();
    let share = if moves < rooms { moves / rooms } else { 1.0 };
    let mut moved = 0.0;
    for &(_, twin) in twins {
        let twin = twin as usize;
        let quantity = room(plan, state, order, twin) * share;
        if quantity > 0.0 {
            let firm = plan.network.lines[plan.orders.line[twin] as usize].firm.index();
            state.target[twin] += quantity;
            state.stage[twin] = Stage::Open as u8;
            state.unsent[twin] = u8::from(!plan.inputs_of_order(twin).is_empty());
            state.order_low[firm] = state.order_low[firm].min(twin as u32);
            state.order_high[firm] = state.order_high[firm].max(twin as u32 + 1);
            prepay(plan, state, twin, quantity);
            moved += quantity;
        }
    }
    moved
}

/// Units one that stands by still takes of an order line today.
fn room(plan: &Plan, state: &State, order: usize, twin: usize) -> f64 {
    let seller = plan.network.lines[plan.orders.line[twin] as usize].firm.index();
    let input_path = plan.orders.input_path[twin];
    let inputs_shut = input_path != NONE && state.shut_gates[input_path as usize] > 0;
    let shut = inputs_shut || state.shut_gates[plan.orders.path[twin] as usize] > 0 || state.ended(seller) || state.frozen(plan, seller);
    let lawful = lawful_share(plan, state, plan.orders.contract[twin].index());
    let most = match plan.switching.twin_ramp.get(twin) {
        // What was cut or cancelled of what it has taken over is not taken over, and prepaid, again.
        Some(_) if state.cut[twin] != 0 => 0.0,
        Some(&ramp) => plan.orders.quantity[twin] * state.ramp_level[ramp as usize],
        None => plan.orders.quantity[twin],
    };
    debug_assert_eq!(plan.orders.twin_of[twin] as usize, order, "a twin stands by for one order line");
    if shut { 0.0 } else { (most * lawful - state.target[twin]).max(0.0) }
}
