//! Phase 3, **order**: order lines are placed, cut and cancelled; final demand arrives; clients consign inputs; standing flows restock.
//!
//! *Restock* (Hallegatte 2008; Inoue & Todo 2019): with need = a·g, target n and travel time L,
//! `O = w·max(0, need + ((n + L − 1)·need − position)/τ)` per product, the same without `w` per supplier.
//! The planned rate is `g = min(capacity, E + backlog/τ + order lines left/days to due)`, `E ← E + (received yesterday − E)/expect_days`,
//! or yesterday's output. All buyers order from yesterday's state.

use crate::network::{Demand, Input, PlanRate, SuppliedBy};
use crate::plan::{NONE, Plan, in_season, whole_days};
use crate::state::{Stage, State};
use crate::transit::{Gates, pour};

/// Below this share of an order line nothing is left to do.
pub const NOTHING: f64 = 1e-9;

/// Places the order lines of the day, cancels what clients give up, and lets finished order lines go.
pub fn place(plan: &Plan, state: &mut State, t: usize) {
    let first = plan.placings.partition_point(|&(step, _)| step < t as i32);
    for &(_, order) in plan.placings[first..].iter().take_while(|&&(step, _)| step == t as i32) {
        place_one(plan, state, order as usize);
    }
    state.order_rate.fill(0.0);
    state.processing_rate.fill(0.0);
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        forget_closed(plan, state, firm, t);
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            if state.stage[order] == Stage::Open as u8 {
                cancel(plan, state, order, t);
                let days = f64::from((plan.orders.due[order] - t as i32).max(1));
                let rate = (state.target[order] - state.made[order]) / days;
                let l = plan.orders.line[order] as usize;
                if plan.is_processing(order) {
                    state.processing_rate[l] += rate;
                } else {
                    state.order_rate[l] += rate;
                }
            }
        }
    }
}

fn place_one(plan: &Plan, state: &mut State, order: usize) {
    let orders = &plan.orders;
    let terms = plan.terms_of_order(order);
    let way = if orders.input_way[order] == NONE { orders.way[order] } else { orders.input_way[order] };
    let given_up = f64::from(state.shut_days[way as usize]) > terms.stop_after_days;
    let factor = if given_up { 0.0 } else { state.order_factor[orders.contract[order].index()] };
    let target = orders.quantity[order] * factor;
    state.target[order] = target;
    state.cut[order] = u8::from(factor < 1.0);
    state.unsent[order] = u8::from(!plan.inputs_of_order(order).is_empty());
    state.stage[order] = if target > 0.0 { Stage::Open } else { Stage::Closed } as u8;
    let firm = plan.network.lines[orders.line[order] as usize].firm.index();
    state.order_high[firm] = state.order_high[firm].max(order as u32 + 1);
    if target > 0.0 && terms.prepaid_share > 0.0 {
        let asked = terms.prepaid_share * orders.price[order] * target;
        let paid = super::settle::transfer_for_order(plan, state, order, asked);
        state.advance[order] = paid;
        state.advance_per_unit[order] = paid / target;
    }
}

/// Moves the start of a firm's order window over order lines that are over.
fn forget_closed(plan: &Plan, state: &mut State, firm: usize, t: usize) {
    let mut low = state.order_low[firm] as usize;
    let high = state.order_high[firm] as usize;
    // A cut order line is remembered to its due date: until then its days count as `no orders`.
    while low < high && state.stage[low] == Stage::Closed as u8 && (t as i32) > plan.orders.due[low] {
        state.billed_today[low] = 0.0;
        low += 1;
    }
    state.order_low[firm] = low as u32;
}

/// Cancels the unsent (processing) or unmade (sale) part: by an event, after `stop_after` closed days, or when it is too late.
fn cancel(plan: &Plan, state: &mut State, order: usize, t: usize) {
    let orders = &plan.orders;
    let terms = plan.terms_of_order(order);
    let way = if orders.input_way[order] == NONE { orders.way[order] } else { orders.input_way[order] };
    let by_event = state.cancelled_today[orders.contract[order].index()] != 0;
    let given_up = f64::from(state.shut_days[way as usize]) > terms.stop_after_days;
    let late = f64::from(t as i32 - orders.due[order]) >= terms.cancel_late_days;
    if !(by_event || given_up || late) {
        return;
    }
    let kept = if late { state.made[order] } else { sent_part(plan, state, order) }.max(state.made[order]);
    if kept < state.target[order] * (1.0 - NOTHING) {
        state.target[order] = kept;
        state.cut[order] = 1;
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
    inputs.map(|i| state.input_sent[i] / plan.consigned.sent_per_unit[i].max(f64::MIN_POSITIVE)).fold(state.target[order], f64::min)
}

/// Updates expectations and takes in the final demand of the day.
pub fn demand(plan: &Plan, state: &mut State, t: usize) {
    if t > 0 || plan.network.settings.start_state == crate::network::StartState::Steady {
        let weight = 1.0 / plan.network.settings.expect_days.max(1.0);
        for (expected, received) in state.expected.iter_mut().zip(&state.received) {
            *expected += (received - *expected) * weight;
        }
    }
    for column in [&mut state.received, &mut state.wanted, &mut state.blocked, &mut state.withheld, &mut state.backlog] {
        column.fill(0.0);
    }
    state.in_season.fill(0);
    let today = plan.calendar.days[t].month_day;
    for (m, demand) in plan.network.demands.iter().enumerate() {
        let season = u8::from(in_season(demand, today));
        let new = demand.quantity_per_day * state.demand_factor[m] * f64::from(season);
        let waits: f64 = waiting(plan, demand, m).map(|cell| state.waiting[cell]).sum();
        let line = demand.line.index();
        state.demand_wanted[m] = new + waits;
        state.received[line] += new;
        state.wanted[line] += new + waits;
        state.backlog[line] += waits;
        state.in_season[line] |= season;
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
    state.slot_wanted.fill(0.0);
    state.planned_need.fill(0.0);
    for &firm in &plan.order_firms {
        want_consignments(plan, state, firm as usize, t);
    }
    for (wanted, stock) in state.slot_wanted.iter_mut().zip(&state.stock) {
        *wanted = if *wanted > *stock { *stock / *wanted } else { 1.0 };
    }
    for &firm in &plan.order_firms {
        for order in state.order_low[firm as usize] as usize..state.order_high[firm as usize] as usize {
            if state.sending[order] == 1 {
                send(plan, state, order, t);
            }
        }
    }
}

/// Share of an order line's inputs that is to be sent by step `t`.
fn planned_share(plan: &Plan, order: usize, t: i32) -> f64 {
    let start = plan.orders.send_start[order];
    if t < start {
        return 0.0;
    }
    let interval = whole_days(plan.terms_of_order(order).consignment_interval_days).max(1);
    (f64::from((t - start) / interval + 1) / plan.orders.consignments[order]).min(1.0)
}

fn want_consignments(plan: &Plan, state: &mut State, firm: usize, t: usize) {
    let window = state.order_low[firm] as usize..state.order_high[firm] as usize;
    let open = |state: &State, order: usize| state.stage[order] == Stage::Open as u8;
    let labour = |order: usize| plan.network.lines[plan.orders.line[order] as usize].labour_days_per_unit;
    let mut ahead = 0.0;
    for order in window.clone().filter(|&o| open(state, o)) {
        if let Some(input) = plan.inputs_of_order(order).next() {
            let units = (state.input_stock[input] + state.input_on_way[input]) / plan.consigned.used_per_unit[input].max(f64::MIN_POSITIVE);
            ahead += units * labour(order);
        }
    }
    let workers = plan.network.firms[firm].workers;
    for order in window {
        state.sending[order] = 0;
        let soon = t as i32 + plan.lookahead_max as i32 >= plan.orders.send_start[order];
        if soon && state.unsent[order] == 1 && open(state, order) {
            let waits = workers > 0.0 && ahead > plan.terms_of_order(order).ceiling_days * workers;
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
        let wanted = if waits { 0.0 } else { due };
        let store = plan.consigned.store[input] as usize;
        let look = planned_share(plan, order, t + plan.slot_lookahead[store] as i32);
        state.input_wanted[input] = wanted;
        state.slot_wanted[store] += wanted;
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
        let quantity = (state.input_wanted[input] * state.slot_wanted[store]).min(state.stock[store]);
        if quantity <= 0.0 {
            continue;
        }
        let product = plan.consigned.product[input] as usize;
        let way = &plan.ways[plan.orders.input_way[order] as usize];
        let first = plan.consigned.cells[input] as usize;
        let State { cells, open, release, passed, .. } = state;
        let cells = &mut cells[first..first + way.cells as usize];
        let value = plan.network.products[product].value_per_unit;
        let at_once = pour(way, cells, 0, quantity, value, &mut Gates { t, open, release, passed });
        state.stock[store] -= quantity;
        state.planned_need[store] -= quantity;
        state.input_sent[input] += quantity;
        state.input_stock[input] += at_once;
        state.input_on_way[input] = cells.iter().sum();
        state.quiet[order] = 0;
    }
}

/// Standing flows: planned rates, needs, positions, orders.
pub fn restock(plan: &Plan, state: &mut State, _t: usize) {
    if plan.standing.contract.is_empty() {
        return;
    }
    needs(plan, state);
    state.position.copy_from_slice(&state.stock);
    for (flow, &slot) in plan.standing.slot.iter().enumerate() {
        state.position[slot as usize] += state.on_way[flow];
    }
    let flows = &plan.standing;
    for flow in 0..flows.contract.len() {
        let slot = flows.slot[flow] as usize;
        let share = flows.share[flow];
        let quantity = if flows.planned[flow] {
            share * (state.planned_need[slot] - state.position[slot]).max(0.0)
        } else if flows.by_supplier[flow] {
            let need = share * state.need[slot];
            let position = state.supplier_stock[flow] + state.on_way[flow];
            let target = (flows.stock_days[flow] + flows.lead_days[flow] - 1.0) * need;
            (need + (target - position) / flows.restock_days[flow]).max(0.0)
        } else {
            let need = state.need[slot];
            let target = (flows.stock_days[flow] + plan.slot_lead_days[slot] - 1.0) * need;
            share * (need + (target - state.position[slot]) / flows.restock_days[flow]).max(0.0)
        };
        let line = flows.line[flow] as usize;
        let placed = state.order_factor[flows.contract[flow].index()];
        state.withheld[line] += quantity * (1.0 - placed);
        let quantity = quantity * placed;
        if state.shut_gates[flows.way[flow] as usize] > 0 {
            // It cannot leave today: neither produced for nor rationed (DESIGN §4.4).
            state.blocked[line] += quantity;
            state.ordered[flow] = 0.0;
        } else {
            state.ordered[flow] = quantity;
            state.received[line] += quantity;
            state.wanted[line] += quantity;
        }
    }
}

/// Capacity at today's factor. 0 × ∞ is no number: a factor of zero stops a line without a limit too.
pub fn capacity_today(per_day: f64, factor: f64) -> f64 {
    if factor == 0.0 { 0.0 } else { per_day * factor }
}

/// Need per slot at the planned rates: Σ over the firm's lines of a·(1 + waste)·g.
fn needs(plan: &Plan, state: &mut State) {
    let settings = &plan.network.settings;
    state.need.fill(0.0);
    for (l, line) in plan.network.lines.iter().enumerate() {
        if line.first_input == line.last_input {
            continue;
        }
        // What clients consign is not bought for their orders; what the maker brings itself is.
        let own = state.expected[l] + state.backlog[l] / settings.backlog_days.max(1.0) + state.order_rate[l];
        let capacity = capacity_today(line.capacity_per_day, state.capacity_factor[l]);
        let rate_for = |input: &Input| match (settings.plan_rate, input.supplied_by) {
            (PlanRate::Realised, _) => state.output[l],
            (PlanRate::Demand, SuppliedBy::Client) => own.min(capacity),
            (PlanRate::Demand, SuppliedBy::Maker) => (own + state.processing_rate[l]).min(capacity),
        };
        for row in line.first_input as usize..line.last_input as usize {
            let slot = plan.input_slot[row];
            if slot != NONE {
                let input = &plan.network.inputs[row];
                state.need[slot as usize] += input.per_unit * (1.0 + input.waste_share) * rate_for(input);
            }
        }
    }
}
