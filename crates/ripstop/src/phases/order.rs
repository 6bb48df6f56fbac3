//! Phase 3, **order**: order lines are placed, cut and cancelled; final demand arrives; clients consign inputs; standing flows restock.
//!
//! *Restock* (Hallegatte 2008; Inoue & Todo 2019): with need = a·g, target n and travel time L,
//! `O = w·max(0, γ·need + ((n + (L − 1)·γ)·need − position)/τ)` per product, the same with a supplier's own position per supplier;
//! γ ≥ 1 is what is ordered per unit needed because some is stolen, refused or spoilt (`steady::gross`).
//! The planned rate is `g = min(capacity, E + backlog/τ_b + order lines left/days to due)`, `E ← E + (received yesterday − E)/expect_days`,
//! or yesterday's output. All buyers order from yesterday's state.
//!
//! Plain contracts, which ask nothing special ([`crate::plan::Plain`]), are received and ordered in one sweep over the network, by the same
//! formulas; what they bring is there before anything else is ordered.

use rayon::prelude::*;

use crate::network::{Demand, Importance, PlanRate, SuppliedBy};
use crate::plan::{NONE, Plan, Stream, in_season};
use crate::state::{BUYER_GONE, SELLER_GONE, Stage, State};
use crate::transit::{Gates, send as send_off};

/// Below this share of an order line nothing is left to do.
pub const NOTHING: f64 = 1e-9;
/// [`State::cut`] of an order line that a rule has cut.
pub const CUT_BY_RULE: u8 = 2;
const OPEN: u8 = Stage::Open as u8;
const MADE: u8 = Stage::Made as u8;

/// Places the order lines of the day, cancels what clients give up, and lets finished order lines go.
pub fn place(plan: &Plan, state: &mut State, t: usize) {
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
            if state.stage[order] == Stage::Open as u8 {
                cancel(plan, state, order, t);
                let days = f64::from((plan.orders.due[order] - t as i32).max(1));
                let rate = (state.target[order] - state.made[order]) / days;
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

fn place_one(plan: &Plan, state: &mut State, order: usize) {
    let orders = &plan.orders;
    let terms = plan.terms_of_order(order);
    let way = if orders.input_way[order] == NONE { orders.way[order] } else { orders.input_way[order] };
    let seller = plan.network.lines[orders.line[order] as usize].firm.index();
    let given_up = f64::from(state.shut_days[way as usize]) > terms.stop_after_days || state.ended(seller);
    let contract = orders.contract[order].index();
    let lawful = lawful_share(plan, state, contract);
    let placed = if state.ended(orders.buyer[order] as usize) { 0.0 } else { state.order_factor[contract] * lawful };
    let factor = if given_up { 0.0 } else { placed };
    let target = orders.quantity[order] * factor;
    if given_up {
        move_on(plan, state, order, orders.quantity[order] * placed);
    }
    state.target[order] = target;
    state.cut[order] = if lawful < 1.0 { CUT_BY_RULE } else { u8::from(factor < 1.0) };
    state.unsent[order] = u8::from(!plan.inputs_of_order(order).is_empty());
    state.stage[order] = if target > 0.0 { Stage::Open } else { Stage::Closed } as u8;
    state.order_high[seller] = state.order_high[seller].max(order as u32 + 1);
    prepay(plan, state, order, target);
}

/// Share of a contract's orders that rules, and seizures under them, leave.
fn lawful_share(plan: &Plan, state: &State, contract: usize) -> f64 {
    if plan.network.rules_act { state.allowed[contract] * state.relation[contract] } else { 1.0 }
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
fn prepay(plan: &Plan, state: &mut State, order: usize, quantity: f64) {
    let terms = plan.terms_of_order(order);
    if quantity > 0.0 && terms.prepaid_share > 0.0 {
        let asked = terms.prepaid_share * plan.orders.price[order] * quantity;
        let paid = super::settle::transfer_for_order(plan, state, order, asked);
        let before = state.advance_per_unit[order] * (state.target[order] - quantity).max(0.0);
        state.advance[order] += paid;
        state.advance_per_unit[order] = (before + paid) / state.target[order];
    }
}

/// A share of what an unreachable seller loses of an order line moves to the buyer's standby contracts, within their limits.
fn move_on(plan: &Plan, state: &mut State, order: usize, lost: f64) {
    let moves = plan.terms_of_order(order).moves_share * lost;
    let twins = plan.twins_of(order);
    if moves <= 0.0 || twins.is_empty() || state.ended(plan.orders.buyer[order] as usize) {
        return;
    }
    let room = |state: &State, twin: usize| {
        let seller = plan.network.lines[plan.orders.line[twin] as usize].firm.index();
        let input_way = plan.orders.input_way[twin];
        let inputs_shut = input_way != NONE && state.shut_gates[input_way as usize] > 0;
        let shut = inputs_shut || state.shut_gates[plan.orders.way[twin] as usize] > 0 || state.ended(seller);
        let lawful = lawful_share(plan, state, plan.orders.contract[twin].index());
        if shut { 0.0 } else { (plan.orders.quantity[twin] * lawful - state.target[twin]).max(0.0) }
    };
    let rooms: f64 = twins.iter().map(|&(_, twin)| room(state, twin as usize)).sum();
    let share = if moves < rooms { moves / rooms } else { 1.0 };
    for &(_, twin) in twins {
        let twin = twin as usize;
        let quantity = room(state, twin) * share;
        if quantity > 0.0 {
            let firm = plan.network.lines[plan.orders.line[twin] as usize].firm.index();
            state.target[twin] += quantity;
            state.stage[twin] = Stage::Open as u8;
            state.unsent[twin] = u8::from(!plan.inputs_of_order(twin).is_empty());
            state.order_low[firm] = state.order_low[firm].min(twin as u32);
            state.order_high[firm] = state.order_high[firm].max(twin as u32 + 1);
            prepay(plan, state, twin, quantity);
        }
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
    let way = if orders.input_way[order] == NONE { orders.way[order] } else { orders.input_way[order] };
    let any_ended = state.ended_firms[0] > 0;
    let by_event = state.cancelled_today[orders.contract[order].index()] != 0 || any_ended && state.ended(orders.buyer[order] as usize);
    let seller_ended = any_ended && state.ended(plan.network.lines[orders.line[order] as usize].firm.index());
    let given_up = f64::from(state.shut_days[way as usize]) > terms.stop_after_days || seller_ended;
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
    let expects = !plan.only_plain || settings.plan_rate == PlanRate::Demand;
    if expects && (t > 0 || settings.start_state == crate::network::StartState::Steady) {
        let weight = 1.0 / plan.network.settings.expect_days.max(1.0);
        let parts = if plan.only_plain { plan.plain.stretches.len() } else { 1 };
        each_part(&mut state.expected, parts, |first, expected| {
            for (expected, received) in expected.iter_mut().zip(&state.received[first..]) {
                *expected += (received - *expected) * weight;
            }
        });
    }
    if plan.only_plain {
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
    state.slot_wanted.fill(0.0);
    state.planned_need.fill(0.0);
    if plan.any_by_supplier {
        crate::cover::open_day(state);
    }
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
    if plan.any_by_supplier {
        crate::cover::use_parts(plan, state);
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
            let units = (state.input_stock[input] + state.input_on_way[input]) / plan.consigned.used_per_unit[input].max(f64::MIN_POSITIVE);
            ahead += units * labour(order);
        }
    }
    let workers = plan.network.firms[firm].workers;
    for order in window {
        if sends(state, order) {
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
        let mut cleared = [0.0];
        let gates = &mut Gates { t, open, release, passed, cleared: &mut cleared };
        let at_once = quantity * send_off(way, cells, &[quantity], value, gates);
        let on_way = cells.iter().sum();
        let of_contract = plan.consigned.of_contract[input] as usize;
        state.inputs_sent_today[of_contract] += quantity;
        state.inputs_cleared_today[of_contract] += cleared[0];
        if plan.slot_by_supplier[store] {
            let before = state.stock[store];
            crate::cover::note_use(state, store, quantity, before);
        }
        state.stock[store] -= quantity;
        state.planned_need[store] -= quantity;
        state.input_sent[input] += quantity;
        state.input_stock[input] += at_once;
        state.inputs_today[of_contract] += at_once;
        state.input_on_way[input] = on_way;
        state.quiet[order] = 0;
    }
}

/// Plain contracts: what yesterday's orders brought arrives, and today's go out; the final demand of plain lines arrives.
pub fn plain(plan: &Plan, state: &mut State, _t: usize) {
    crate::plain::order(plan, state);
}

/// Standing flows: planned rates, needs, positions, orders.
pub fn restock(plan: &Plan, state: &mut State, _t: usize) {
    if plan.standing.contract.is_empty() {
        return;
    }
    needs(plan, state);
    state.position.copy_from_slice(&state.stock);
    for purchase in &plan.standing.purchases {
        state.position[purchase.slot as usize] += state.on_way[purchase.flows()].iter().sum::<f64>();
    }
    if plan.any_credit_limit {
        credit_rooms(plan, state);
    }
    for stream in &plan.standing.streams {
        if unhindered(plan, state, stream) {
            order_all(plan, state, stream);
        } else {
            stream.flows().for_each(|flow| order_one(plan, state, flow));
        }
    }
    if plan.any_moves {
        move_orders(plan, state);
    }
    // Of what was ordered before only final demand waits.
    let asked = state.received.iter().zip(&state.backlog);
    state.wanted.iter_mut().zip(asked).for_each(|(wanted, (received, waits))| *wanted = received + waits);
}

/// Whether every flow of a stream gets today what its buyer wants: the way is open, and no event, rule, limit or stopped firm takes from it.
fn unhindered(plan: &Plan, state: &State, stream: &Stream) -> bool {
    let open = state.shut_gates[stream.way as usize] == 0 && state.ended_firms[0] == 0;
    open && !plan.cuts_orders && !plan.network.rules_act && !plan.any_credit_limit
}

/// The orders of a stream that nothing hinders.
fn order_all(plan: &Plan, state: &mut State, stream: &Stream) {
    let flows = &plan.standing;
    for purchase in &flows.purchases[stream.purchases()] {
        // Terms are those of the stream, but days of cover are the store's.
        let policy = Policy::of(plan, purchase.first as usize);
        let gap = gap_of(plan, state, &policy, purchase.slot as usize);
        for flow in purchase.flows() {
            let share = flows.share[flow];
            let quantity = if policy.by_supplier { order_at(plan, state, &policy, flow, share) } else { share * gap };
            state.ordered[flow] = quantity;
            state.received[flows.line[flow] as usize] += quantity;
        }
    }
}

/// The order of one flow, as far as events, rules and limits leave it.
fn order_one(plan: &Plan, state: &mut State, flow: usize) {
    let flows = &plan.standing;
    if plan.network.rules_act {
        recall(plan, state, flow);
    }
    let wanted = order_at(plan, state, &Policy::of(plan, flow), flow, flows.share[flow]);
    let line = flows.line[flow] as usize;
    let placed = placed_share(plan, state, flow);
    state.withheld[line] += wanted * (1.0 - placed);
    let mut quantity = wanted * placed;
    if plan.network.rules_act {
        let lawful = lawful_share(plan, state, flows.contract[flow].index());
        // What a rule has stopped of a plan's purchases is missing on every day on which it is still wanted.
        state.forbidden[line] += wanted * (1.0 - lawful) + state.forgone[flow];
        state.withheld[line] += state.forgone[flow];
        quantity = quantity.min(own_need(plan, state, flow, flows.share[flow]));
    }
    if plan.any_credit_limit && quantity > state.credit_room[flow] {
        state.withheld[line] += quantity - state.credit_room[flow];
        quantity = state.credit_room[flow];
    }
    if !reachable(plan, state, flow) {
        // It cannot leave today: neither produced for nor rationed (DESIGN §4.4).
        state.blocked[line] += quantity;
        state.ordered[flow] = 0.0;
        if plan.any_moves {
            state.slot_moved[flows.slot[flow] as usize] += flows.moves_share[flow] * quantity;
        }
    } else {
        state.ordered[flow] = quantity;
        state.received[line] += quantity;
        if plan.network.rules_act {
            forgo(plan, state, flow, wanted, quantity);
        }
    }
}

/// How a flow's buyer orders: the same for all flows of a purchase.
#[derive(Clone, Copy)]
struct Policy {
    planned: bool,
    by_supplier: bool,
    gross: f64,
    stock_days: f64,
    lead_days: f64,
    restock_days: f64,
}

impl Policy {
    fn of(plan: &Plan, flow: usize) -> Self {
        let flows = &plan.standing;
        Self {
            planned: flows.planned[flow],
            by_supplier: flows.by_supplier[flow],
            gross: flows.gross[flow],
            stock_days: flows.stock_days[flow],
            lead_days: flows.lead_days[flow],
            restock_days: flows.restock_days[flow],
        }
    }
}

/// What a flow's buyer orders of the product at a share of its need.
fn order_at(plan: &Plan, state: &State, policy: &Policy, flow: usize, share: f64) -> f64 {
    let slot = plan.standing.slot[flow] as usize;
    if policy.planned {
        let forgone = if plan.network.rules_act { state.forgone[flow] } else { 0.0 };
        return (share * gap_of(plan, state, policy, slot) - forgone).max(0.0);
    }
    if !policy.by_supplier {
        return share * gap_of(plan, state, policy, slot);
    }
    let Policy { gross, stock_days, lead_days, restock_days, .. } = *policy;
    let need = share * state.need[slot];
    let position = state.supplier_stock[flow] + state.on_way[flow];
    let target = (stock_days + (lead_days - 1.0) * gross) * need;
    (gross * need + (target - position) / restock_days).max(0.0)
}

/// What a store as a whole asks of all its suppliers together.
fn gap_of(plan: &Plan, state: &State, policy: &Policy, slot: usize) -> f64 {
    if policy.planned {
        return planned_gap(state, slot);
    }
    let need = state.need[slot];
    let target = (policy.stock_days + plan.slot_pipeline_days[slot]) * need;
    (policy.gross * need + (target - state.position[slot]) / policy.restock_days).max(0.0)
}

/// Share of a standing order that is placed: none by a buyer that has stopped.
fn placed_share(plan: &Plan, state: &State, flow: usize) -> f64 {
    let contract = plan.standing.contract[flow].index();
    let placed = if state.flow_gone[flow] & BUYER_GONE == 0 { state.order_factor[contract] } else { 0.0 };
    placed * lawful_share(plan, state, contract)
}

/// Where a rule stops a share of the buyers behind a flow, the rest order no more than their own need: they do not refill the stock of those
/// who have stopped. Without a rule there is no such bound, and a plan's purchases have their own ([`forgo`]).
fn own_need(plan: &Plan, state: &State, flow: usize, share: f64) -> f64 {
    let flows = &plan.standing;
    let lawful = lawful_share(plan, state, flows.contract[flow].index());
    if lawful >= 1.0 || flows.planned[flow] {
        return f64::INFINITY;
    }
    lawful * share * flows.gross[flow] * state.need[flows.slot[flow] as usize]
}

/// What the plan asks of a store beyond what is there and on the way.
fn planned_gap(state: &State, slot: usize) -> f64 {
    (state.planned_need[slot] - state.position[slot]).max(0.0)
}

/// What a rule has stopped of a plan's purchases so far: what others have brought since, or the plan no longer asks for, is forgotten; where
/// the rule lets more through than yesterday, so much of it is wanted again.
fn recall(plan: &Plan, state: &mut State, flow: usize) {
    let flows = &plan.standing;
    if !flows.planned[flow] {
        return;
    }
    let lawful = lawful_share(plan, state, flows.contract[flow].index());
    let before = std::mem::replace(&mut state.lawful_before[flow], lawful);
    // A flow that only stands by may take over the whole gap.
    let share = if flows.share[flow] > 0.0 { flows.share[flow] } else { 1.0 };
    let most = share * planned_gap(state, flows.slot[flow] as usize);
    // Of what is wanted again the lawful share is ordered: together with what was bought before that makes the lawful share of all.
    let kept = if lawful > before { 1.0 - (lawful - before) / ((1.0 - before) * lawful) } else { 1.0 };
    state.forgone[flow] = (state.forgone[flow] * kept.max(0.0)).min(most);
}

/// Notes what a rule stops of a plan's purchases. The gap stays open, and without the note tomorrow's order would make it up.
fn forgo(plan: &Plan, state: &mut State, flow: usize, wanted: f64, ordered: f64) {
    let flows = &plan.standing;
    let contract = flows.contract[flow].index();
    let lawful = lawful_share(plan, state, contract);
    if flows.planned[flow] && lawful < 1.0 {
        let stopped = if lawful > 0.0 { ordered * (1.0 - lawful) / lawful } else { state.order_factor[contract] * wanted };
        state.forgone[flow] += stopped;
    }
}

/// Whether goods of a standing flow can leave today.
fn reachable(plan: &Plan, state: &State, flow: usize) -> bool {
    state.shut_gates[plan.standing.way[flow] as usize] == 0 && state.flow_gone[flow] & SELLER_GONE == 0
}

/// Units a buyer may order under the credit limit of each priced flow: what is due, overdue and on the way counts.
fn credit_rooms(plan: &Plan, state: &mut State) {
    let flows = &plan.standing;
    for (p, &flow) in flows.priced.iter().enumerate().filter(|&(p, _)| flows.credit_limit[p].is_finite()) {
        // What came this morning is invoiced in the evening.
        let goods = state.on_way[flow as usize] + state.arrived[flow as usize];
        let owed = state.due_later[p] + state.overdue[p] + goods * flows.price[p];
        state.credit_room[flow as usize] = ((flows.credit_limit[p] - owed) / flows.price[p]).max(0.0);
    }
}

/// Orders that cannot be placed move to the buyer's standby flows, in proportion to and within what these can take over.
fn move_orders(plan: &Plan, state: &mut State) {
    let flows = &plan.standing;
    state.slot_standby.fill(0.0);
    let takes = |state: &State, flow: usize| {
        let moves = flows.standby_share[flow] > 0.0 && state.slot_moved[flows.slot[flow] as usize] > 0.0;
        if !(moves && reachable(plan, state, flow)) {
            return 0.0;
        }
        // Where stock is kept per supplier a standby flow's own stock says nothing of the others' gaps: it takes over their need.
        let order = if flows.by_supplier[flow] {
            flows.gross[flow] * state.need[flows.slot[flow] as usize]
        } else {
            order_at(plan, state, &Policy::of(plan, flow), flow, 1.0)
        };
        let takes = flows.standby_share[flow] * order * placed_share(plan, state, flow);
        let takes = if plan.network.rules_act { takes.min(own_need(plan, state, flow, flows.standby_share[flow])) } else { takes };
        if plan.any_credit_limit { takes.min((state.credit_room[flow] - state.ordered[flow]).max(0.0)) } else { takes }
    };
    for flow in 0..flows.contract.len() {
        state.slot_standby[flows.slot[flow] as usize] += takes(state, flow);
    }
    for flow in 0..flows.contract.len() {
        let slot = flows.slot[flow] as usize;
        let extra = takes(state, flow) * (state.slot_moved[slot] / state.slot_standby[slot]).min(1.0);
        if extra > 0.0 {
            let line = flows.line[flow] as usize;
            state.ordered[flow] += extra;
            state.received[line] += extra;
            if plan.network.rules_act {
                forgo(plan, state, flow, 0.0, extra);
            }
        }
    }
    // What has moved is no longer wanted of the old seller: its days count as `no orders`.
    for flow in (0..flows.contract.len()).filter(|&f| flows.moves_share[f] > 0.0) {
        let slot = flows.slot[flow] as usize;
        if state.slot_moved[slot] > 0.0 && !reachable(plan, state, flow) {
            let moved = flows.moves_share[flow] * (state.slot_standby[slot] / state.slot_moved[slot]).min(1.0);
            let line = flows.line[flow] as usize;
            let quantity =
                order_at(plan, state, &Policy::of(plan, flow), flow, flows.share[flow]) * placed_share(plan, state, flow) * moved;
            state.blocked[line] = (state.blocked[line] - quantity).max(0.0);
            state.withheld[line] += quantity;
        }
    }
    state.slot_moved.fill(0.0);
}

/// Capacity at today's factor; of a line without a limit the factor leaves a share of what it usually makes.
pub fn capacity_today(per_day: f64, factor: f64, usual: impl FnOnce() -> f64) -> f64 {
    if factor == 0.0 {
        0.0 // 0 × ∞ is no number
    } else if factor < 1.0 && per_day.is_infinite() {
        usual() * factor
    } else {
        per_day * factor
    }
}

/// [`capacity_today`] of a line that goes by the general rules.
pub fn capacity_of_line(plan: &Plan, state: &State, l: usize) -> f64 {
    let usual = || state.usual_output.get(l).copied().unwrap_or(f64::INFINITY);
    capacity_today(plan.network.lines[l].capacity_per_day, state.capacity_factor[l], usual)
}

/// Need per slot at the planned rates: Σ over the firm's lines of a·(1 + waste)·g.
fn needs(plan: &Plan, state: &mut State) {
    let settings = &plan.network.settings;
    state.need.fill(0.0);
    for &l in &plan.general_lines {
        let l = l as usize;
        let uses = plan.uses_of(l);
        if uses.is_empty() {
            continue;
        }
        // What clients consign is not bought for their orders; what the maker brings itself is.
        let own = state.expected[l] + state.backlog[l] / settings.backlog_days.max(1.0) + state.order_rate[l];
        let capacity = capacity_of_line(plan, state, l);
        for input in uses {
            let rate = match (settings.plan_rate, input.supplied_by) {
                (PlanRate::Realised, _) => state.output[l],
                (PlanRate::Demand, SuppliedBy::Client) => own.min(capacity),
                (PlanRate::Demand, SuppliedBy::Maker) => (own + state.processing_rate[l]).min(capacity),
            };
            state.need[input.slot as usize] += input.per_unit * rate;
        }
    }
}
