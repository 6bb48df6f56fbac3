//! Phase 3, **order**: order lines are placed, cut and cancelled; final demand arrives; clients consign inputs; standing flows restock.
//!
//! *Restock* (Hallegatte 2008; Inoue & Todo 2019): with need = a·g, target n and travel time L,
//! `O = w·max(0, γ·need + ((n + (L − 1)·γ)·need − position)/τ)` per product, the same with a supplier's own position per supplier;
//! γ ≥ 1 is what is ordered per unit needed because some is stolen, refused or spoilt (`steady::gross`).
//! The planned rate is `g = min(capacity, E + backlog/τ_b + order lines left/days to due)`, `E ← E + (received yesterday − E)/expect_days`,
//! or yesterday's output. All buyers order from yesterday's state.
//!
//! Bulk contracts, which ask nothing special ([`crate::plan::Bulk`]), are received and ordered in one sweep over the network, by the same
//! formulas; what they bring is there before anything else is ordered.

use rayon::prelude::*;

use super::switching::{still_away, way_found};
use super::today::lawful_share;
use super::twins::{look_on, move_on, stays_away};
use crate::model::network::{Demand, Importance, PlanRate};
use crate::plan::state::{CUT_BY_RULE, NOTHING, Stage, State};
use crate::plan::transit::{Gates, send_apart as send_off};
use crate::plan::{NONE, Plan, in_season};
use crate::rule::{expect, work};

const OPEN: u8 = Stage::Open as u8;
const MADE: u8 = Stage::Made as u8;

/// Places the order lines of the day, cancels what clients give up, and lets finished order lines go.
pub fn place(plan: &Plan, state: &mut State, t: usize) {
    super::switching::look(plan, state);
    let first = plan.placings.partition_point(|&(step, _)| step < t as i32);
    for &(_, order) in plan.placings[first..].iter().take_while(|&&(step, _)| step == t as i32) {
        place_one(plan, state, order as usize);
    }
    state.usual_output.copy_from_slice(&plan.usual_output);
    if !plan.order_firms.is_empty() {
        state.order_rate.fill(0.0);
        state.processing_rate.fill(0.0);
    }
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        forget_closed(plan, state, firm, t);
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            if plan.network.rules_act && matches!(state.stage[order], OPEN | MADE) {
                bar(plan, state, order);
            }
            look_on(plan, state, order);
            if state.stage[order] == Stage::Open as u8 {
                cancel(plan, state, order, t);
                let rate = rate_to_come(plan, state, order, t as i32);
                let l = plan.orders.line[order] as usize;
                if let Some(usual) = state.usual_output.get_mut(l) {
                    *usual += state.target[order] / plan.terms_of_order(order).input_window_days.round().max(1.0);
                }
                if plan.is_processing(order) {
                    state.processing_rate[l] += rate;
                } else {
                    state.order_rate[l] += rate;
                }
            }
        }
    }
}

/// What an order line asks of its line on a day of those to come: of a plan the mean over the days that the line's store looks ahead, else
/// what is left over the days to its date.
fn rate_to_come(plan: &Plan, state: &State, order: usize, t: i32) -> f64 {
    let (target, made) = (state.target[order], state.made[order]);
    let spread = plan.orders.work_days[order];
    if spread == 0 {
        return (target - made) / f64::from((plan.orders.due[order] - t).max(1));
    }
    let days = plan.line_lookahead[plan.orders.line[order] as usize];
    if t.saturating_add(days) <= plan.orders.work_start[order] {
        return 0.0;
    }
    let share = work::planned_share(t.saturating_add(days - 1), plan.orders.work_start[order], spread);
    work::planned(target, made, share) / f64::from(days)
}

fn place_one(plan: &Plan, state: &mut State, order: usize) {
    let orders = &plan.orders;
    let terms = plan.terms_of_order(order);
    let path = if orders.input_path[order] == NONE { orders.path[order] } else { orders.input_path[order] };
    let seller = plan.network.lines[orders.line[order] as usize].firm.index();
    let given_up = days_shut(plan, state, path, seller) > terms.stop_after_days || state.ended(seller);
    let contract = orders.contract[order].index();
    let lawful = lawful_share(plan, state, contract);
    let placed = if state.ended(orders.buyer[order] as usize) { 0.0 } else { state.order_factor[contract] * lawful };
    let factor = if given_up { 0.0 } else { placed };
    let mut target = orders.quantity[order] * factor;
    if given_up {
        move_on(plan, state, order, orders.quantity[order] * placed);
    } else {
        target -= stays_away(plan, state, order, target).min(target);
    }
    state.target[order] = target;
    state.cut[order] = if lawful < 1.0 { CUT_BY_RULE } else { u8::from(factor < 1.0) };
    state.unsent[order] = u8::from(!plan.inputs_of_order(order).is_empty());
    state.stage[order] = if target > 0.0 { Stage::Open } else { Stage::Closed } as u8;
    state.order_high[seller] = state.order_high[seller].max(order as u32 + 1);
    prepay(plan, state, order, target);
}

/// Days in a row on which a path is shut, or the seller's place out of reach.
fn days_shut(plan: &Plan, state: &State, path: u32, seller: usize) -> f64 {
    f64::from(state.shut_days[path as usize].max(state.days_frozen(plan, seller)))
}

/// A rule stops a share of an open order line: that share of what is not made is cancelled, and of what is made it may not leave. Where no
/// rule stops anything any more nothing is kept.
fn bar(plan: &Plan, state: &mut State, order: usize) {
    let contract = plan.orders.contract[order].index();
    if lawful_share(plan, state, contract) >= 1.0 {
        state.barred[order] = 0.0;
    }
    let share = state.barred_today[contract];
    if share > 0.0 {
        state.target[order] -= share * (state.target[order] - state.made[order]).max(0.0);
        state.barred[order] += share * (state.order_finished[order] - state.barred[order]).max(0.0);
        state.cut[order] = CUT_BY_RULE;
        if state.target[order] - state.made[order] <= NOTHING * plan.orders.quantity[order] {
            state.stage[order] = Stage::Made as u8;
        }
    }
}

/// Prepays on `quantity` more units of an order line.
pub(super) fn prepay(plan: &Plan, state: &mut State, order: usize, quantity: f64) {
    let terms = plan.terms_of_order(order);
    if quantity > 0.0 && terms.prepaid_share > 0.0 {
        let asked = terms.prepaid_share * plan.orders.price[order] * quantity;
        let paid = super::settle::transfer_for_order(plan, state, order, asked);
        let before = state.advance_per_unit[order] * (state.target[order] - quantity).max(0.0);
        state.advance[order] += paid;
        state.advance_per_unit[order] = (before + paid) / state.target[order];
    }
}

/// Moves the start of a firm's order window over order lines that are over.
fn forget_closed(plan: &Plan, state: &mut State, firm: usize, t: usize) {
    let mut low = state.order_low[firm] as usize;
    let high = state.order_high[firm] as usize;
    // A cut order line is remembered to its due date: until then its days count as `no orders`.
    // A twin that was never called waits as long as orders can still move to it: no longer than its own order line is open.
    let over = |state: &State, order: usize| {
        let parent = plan.orders.twin_of[order];
        state.stage[order] == Stage::Closed as u8
            || parent != NONE && state.stage[order] == Stage::Future as u8 && state.stage[parent as usize] == Stage::Closed as u8
    };
    while low < high && over(state, low) && (t as i32) > plan.orders.due[low] {
        state.billed_today[low] = 0.0;
        low += 1;
    }
    state.order_low[firm] = low as u32;
}

/// Cancels the unsent (processing) or unmade (sale) part: by an event, after `stop_after` closed days, or when it is too late.
fn cancel(plan: &Plan, state: &mut State, order: usize, t: usize) {
    let orders = &plan.orders;
    let terms = plan.terms_of_order(order);
    let path = if orders.input_path[order] == NONE { orders.path[order] } else { orders.input_path[order] };
    let any_ended = state.ended_firms[0] > 0;
    let by_event = state.cancelled_today[orders.contract[order].index()] != 0 || any_ended && state.ended(orders.buyer[order] as usize);
    let seller = plan.line_firm[orders.line[order] as usize] as usize;
    let seller_ended = any_ended && state.ended(seller);
    let given_up = days_shut(plan, state, path, seller) > terms.stop_after_days || seller_ended;
    let late = f64::from(t as i32 - orders.due[order]) >= terms.cancel_late_days;
    if !(by_event || given_up || late) {
        return;
    }
    let kept = if late || seller_ended { state.made[order] } else { sent_part(plan, state, order) }.max(state.made[order]);
    if kept < state.target[order] * (1.0 - NOTHING) {
        if given_up && !by_event {
            move_on(plan, state, order, state.target[order] - kept);
        }
        state.target[order] = kept;
        state.cut[order] = state.cut[order].max(1);
    }
    if state.target[order] - state.made[order] <= NOTHING * orders.quantity[order] {
        state.stage[order] = Stage::Made as u8;
    }
}

/// What can be made of the inputs sent so far; what is made already if nothing is consigned.
fn sent_part(plan: &Plan, state: &State, order: usize) -> f64 {
    let inputs = plan.inputs_of_order(order);
    if inputs.is_empty() {
        return state.made[order];
    }
    // What does not stop the work does not limit it either, unless nothing else is sent.
    let critical = |i: usize| plan.consigned.importance[i] == Importance::Critical;
    let any_critical = inputs.clone().any(critical);
    inputs
        .filter(|&i| critical(i) || !any_critical)
        .map(|i| state.input_sent[i] / plan.consigned.sent_per_unit[i].max(f64::MIN_POSITIVE))
        .fold(state.target[order], f64::min)
}

/// Does something to every part of a column, on several threads where it has several.
pub(crate) fn each_part(column: &mut [f64], parts: usize, work: impl Fn(usize, &mut [f64]) + Sync) {
    let len = column.len().div_ceil(parts.max(1)).max(1);
    if parts <= 1 {
        return work(0, column);
    }
    column.par_chunks_mut(len).enumerate().for_each(|(part, column)| work(part * len, column));
}

/// Updates expectations and takes in the final demand of the day.
pub fn demand(plan: &Plan, state: &mut State, t: usize) {
    let settings = &plan.network.settings;
    let expects = !plan.only_bulk || settings.plan_rate == PlanRate::Demand;
    if expects && (t > 0 || settings.start_state == crate::model::network::StartState::Steady) {
        let weight = expect::weight(settings.expect_days);
        let parts = if plan.only_bulk { plan.bulk.chunks.len() } else { 1 };
        each_part(&mut state.expected, parts, |first, expected| {
            for (expected, received) in expected.iter_mut().zip(&state.received[first..]) {
                *expected = expect::next(*expected, *received, weight);
            }
        });
    }
    if plan.only_bulk {
        return;
    }
    for column in
        [&mut state.received, &mut state.wanted, &mut state.blocked, &mut state.withheld, &mut state.backlog, &mut state.forbidden]
    {
        column.fill(0.0);
    }
    state.in_season.fill(0);
    let today = plan.calendar.days[t].month_day;
    for &m in &plan.general_demands {
        let m = m as usize;
        let demand = &plan.network.demands[m];
        let season = u8::from(in_season(demand, today));
        let new = demand.quantity_per_day * state.demand_factor[m] * f64::from(season);
        let waits: f64 = waiting(plan, demand, m).map(|cell| state.waiting[cell]).sum();
        let line = demand.line.index();
        state.demand_wanted[m] = new + waits;
        state.received[line] += new;
        state.wanted[line] += new + waits;
        state.backlog[line] += waits;
        state.in_season[line] |= season;
        if let Some(usual) = state.usual_output.get_mut(line).filter(|_| demand.season.is_some()) {
            *usual += demand.quantity_per_day * f64::from(season);
        }
    }
}

/// The cells in which a demand's unmet part waits, youngest first.
pub fn waiting(plan: &Plan, demand: &Demand, m: usize) -> std::ops::Range<usize> {
    let first = plan.demand_cells[m] as usize;
    first..first + demand.patience_days as usize
}

/// Clients send consigned inputs: what the plan asks by today, at most one consignment, within the ceiling, shared if the store is short.
pub fn consign(plan: &Plan, state: &mut State, t: usize) {
    if plan.consigned.product.is_empty() {
        return;
    }
    state.point_wanted.fill(0.0);
    state.planned_need.fill(0.0);
    if plan.any_by_supplier {
        super::stores::open_day(state);
    }
    for &firm in &plan.order_firms {
        want_consignments(plan, state, firm as usize, t);
    }
    for (wanted, stock) in state.point_wanted.iter_mut().zip(&state.stock) {
        *wanted = if *wanted > *stock { *stock / *wanted } else { 1.0 };
    }
    for &firm in &plan.order_firms {
        for order in state.order_low[firm as usize] as usize..state.order_high[firm as usize] as usize {
            if state.sending[order] == 1 {
                send(plan, state, order, t);
            }
        }
    }
    if plan.any_by_supplier {
        super::stores::use_parts(plan, state);
    }
}

/// Share of an order line's inputs that is to be sent by step `t`.
fn planned_share(plan: &Plan, order: usize, t: i32) -> f64 {
    let start = plan.orders.send_start[order];
    if t < start {
        return 0.0;
    }
    (f64::from((t - start) / plan.orders.interval[order] + 1) / plan.orders.consignments[order]).min(1.0)
}

fn want_consignments(plan: &Plan, state: &mut State, firm: usize, t: usize) {
    let window = state.order_low[firm] as usize..state.order_high[firm] as usize;
    let open = |state: &State, order: usize| state.stage[order] == Stage::Open as u8;
    let soon = |order: usize| t as i32 + plan.lookahead_max as i32 >= plan.orders.send_start[order];
    let sends = |state: &State, order: usize| state.unsent[order] == 1 && open(state, order) && soon(order);
    state.sending[window.clone()].fill(0);
    if !window.clone().any(|order| sends(state, order)) {
        return;
    }
    let labour = |order: usize| plan.network.lines[plan.orders.line[order] as usize].labour_days_per_unit;
    let mut ahead = 0.0;
    for order in window.clone().filter(|&o| open(state, o)) {
        if let Some(input) = plan.inputs_of_order(order).next() {
            let units =
                (state.input_stock[input] + state.input_in_transit[input]) / plan.consigned.used_per_unit[input].max(f64::MIN_POSITIVE);
            ahead += units * labour(order);
        }
    }
    let workers = plan.network.firms[firm].workers;
    for order in window {
        if sends(state, order) {
            let full = workers > 0.0 && ahead > plan.terms_of_order(order).ceiling_days * workers;
            // Nothing is sent to a place out of reach, nor from one.
            let waits = full || state.frozen(plan, firm) || state.frozen(plan, plan.orders.buyer[order] as usize);
            ahead += want_inputs(plan, state, order, t as i32, waits) * labour(order);
        }
    }
}

/// Puts an order line's inputs on the list of the day and in the plan of purchases; returns the units they are good for.
fn want_inputs(plan: &Plan, state: &mut State, order: usize, t: i32, waits: bool) -> f64 {
    let share = planned_share(plan, order, t);
    let mut units = 0.0_f64;
    let mut unsent = 0;
    for input in plan.inputs_of_order(order) {
        let all = state.target[order] * plan.consigned.sent_per_unit[input];
        let left = all - state.input_sent[input];
        unsent |= u8::from(left > NOTHING * NOTHING * all);
        let due = (all * share - state.input_sent[input]).min(all / plan.orders.consignments[order]).max(0.0);
        let wanted =
            if waits { 0.0 } else { due * way_found(plan, state, &plan.switching.input_detour, order, plan.orders.input_path[order]) };
        let store = plan.consigned.store[input] as usize;
        let look = planned_share(plan, order, t + plan.point_lookahead[store] as i32);
        state.input_wanted[input] = wanted;
        state.point_wanted[store] += wanted;
        state.planned_need[store] += (all * look - state.input_sent[input]).max(0.0);
        units = units.max(wanted / plan.consigned.used_per_unit[input].max(f64::MIN_POSITIVE));
    }
    state.unsent[order] = unsent;
    state.sending[order] = u8::from(units > 0.0);
    units
}

fn send(plan: &Plan, state: &mut State, order: usize, t: usize) {
    for input in plan.inputs_of_order(order) {
        let store = plan.consigned.store[input] as usize;
        // Rounding must not take more than there is.
        let quantity = (state.input_wanted[input] * state.point_wanted[store]).min(state.stock[store]);
        if quantity <= 0.0 {
            continue;
        }
        let product = plan.consigned.product[input] as usize;
        if state.shut_gates[plan.orders.input_path[order] as usize] > 0 {
            state.sent_shut[product] += quantity;
        }
        let path = &plan.paths[plan.orders.input_path[order] as usize];
        let first = plan.consigned.cells[input] as usize;
        let away = still_away(state, &plan.switching.input_detour, order);
        let State { cells, open, release, passed, .. } = state;
        let cells = &mut cells[first..first + path.cells as usize];
        let value = plan.network.products[product].value_per_unit;
        let mut cleared = [0.0];
        let gates = &mut Gates { t, open, release, value, passed, cleared: &mut cleared };
        let away = quantity * away;
        let at_once = quantity * send_off(path, cells, &mut [quantity], &[away], gates);
        let in_transit = cells.iter().sum();
        let of_contract = plan.consigned.of_contract[input] as usize;
        state.inputs_sent_today[of_contract] += quantity;
        state.inputs_cleared_today[of_contract] += cleared[0];
        if plan.point_by_supplier[store] {
            let before = state.stock[store];
            super::stores::note_use(state, store, quantity, before);
        }
        state.stock[store] -= quantity;
        state.planned_need[store] -= quantity;
        state.input_sent[input] += quantity;
        state.input_stock[input] += at_once;
        state.inputs_today[of_contract] += at_once;
        state.input_in_transit[input] = in_transit;
        state.quiet[order] = 0;
    }
}

/// Bulk contracts: what yesterday's orders brought arrives, and today's go out; the final demand of bulk lines arrives.
pub fn bulk(plan: &Plan, state: &mut State, _t: usize) {
    crate::bulk::passes::order(plan, state);
}

/// Standing flows: planned rates, needs, positions, orders.
pub fn restock(plan: &Plan, state: &mut State, t: usize) {
    super::restock::flows(plan, state, t);
}
