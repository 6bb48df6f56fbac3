//! Phase 2, **receive**: what was sent L days ago arrives; openness is tested on the day goods reach a crossing.
//!
//! For `sale` title passes at delivery: what is stolen on the way is the seller's loss and is not paid. For `processing` the client
//! owns the goods all along: what is stolen is the client's loss and the fee is due all the same. What inspection refuses is destroyed
//! and not paid; what is seized under a rule is the owner's loss and not paid either.

use crate::model::enforcement::drawn;
use crate::model::events::Change;
use crate::plan::state::State;
use crate::plan::transit::{Gates, Hop, advance};
use crate::plan::{NONE, Plan, Stream};

pub use super::newcomers::receive as newcomers;

/// Standing flows, stream by stream.
pub fn standing(plan: &Plan, state: &mut State, t: usize) {
    for stream in &plan.standing.streams {
        move_on(plan, state, stream, t);
        look_at_held(plan, state, stream);
        take_in(plan, state, stream, t);
    }
}

/// Moves a stream's goods by a day and counts what is on the way after it.
fn move_on(plan: &Plan, state: &mut State, stream: &Stream, t: usize) {
    let (path, cells) = plan.path_of(stream);
    let value = plan.network.products[stream.product as usize].value_per_unit;
    let State { cells: all, open, release, passed, arrived, flow_cleared, in_transit, .. } = state;
    let (cells, in_transit) = (&mut all[cells], &mut in_transit[stream.flows()]);
    let cleared = flow_cleared.get_mut(stream.flows()).unwrap_or_default();
    cleared.fill(0.0);
    advance(path, cells, &mut arrived[stream.flows()], &mut Gates { t, open, release, value, passed, cleared });
    in_transit.fill(0.0);
    for cell in cells.chunks_exact(in_transit.len()) {
        in_transit.iter_mut().zip(cell).for_each(|(in_transit, units)| *in_transit += units);
    }
    if plan.freezes {
        for flow in stream.flows() {
            let frozen = state.frozen(plan, plan.point_firm[plan.standing.point[flow] as usize] as usize);
            state.arrived[flow] = wait_or_enter(&mut state.flow_waits[flow], state.arrived[flow], frozen);
            state.in_transit[flow] += state.flow_waits[flow];
        }
    }
}

/// What comes to a place that is out of reach waits before it; once it is in reach, what has waited comes too. Returns what comes in.
fn wait_or_enter(waits: &mut f64, came: f64, frozen: bool) -> f64 {
    let all = std::mem::take(waits) + came;
    if frozen {
        *waits = all;
        0.0
    } else {
        all
    }
}

/// Goods that have been held longer than the buyer's patience count as on the way no more.
fn look_at_held(plan: &Plan, state: &mut State, stream: &Stream) {
    let (path, cells) = plan.path_of(stream);
    let (cells, width, flows) = (&state.cells[cells], stream.width as usize, stream.flows());
    let holds = |hop: &&Hop| hop.holds() && cells[hop.held as usize * width..][..width].iter().any(|&held| held > 0.0);
    if !path.hops.iter().any(|hop| holds(&hop)) {
        if !path.limited {
            state.held_days[flows].fill(0);
        }
        return;
    }
    for (at, flow) in flows.enumerate() {
        let held = path.held(cells, at, width);
        // What waits at a limit in tonnes is counted in the evening, when the day's tonnes have gone.
        if !path.limited {
            state.held_days[flow] = if held > 0.0 { state.held_days[flow] + 1 } else { 0 };
        }
        if state.held_days[flow] > plan.standing.patience_days[flow] {
            state.in_transit[flow] -= held;
        }
    }
}

/// Takes what has come into store, less what is stolen, refused and seized.
fn take_in(plan: &Plan, state: &mut State, stream: &Stream, t: usize) {
    let terms = &plan.network.terms[stream.terms.index()];
    if terms.theft_share > 0.0 || terms.refused_share > 0.0 || plan.any_refusal || plan.network.rules_act {
        for flow in stream.flows() {
            lose(plan, state, stream, flow, t);
        }
    }
    for purchase in &plan.standing.purchases[stream.purchases()] {
        state.stock[purchase.point as usize] += state.arrived[purchase.flows()].iter().sum::<f64>();
    }
    if plan.standing.by_supplier[stream.first as usize] {
        let arrived = &state.arrived[stream.flows()];
        state.supplier_stock[stream.flows()].iter_mut().zip(arrived).for_each(|(stock, taken)| *stock += taken);
    }
}

/// What is stolen, refused and seized of a flow's goods.
fn lose(plan: &Plan, state: &mut State, stream: &Stream, flow: usize, t: usize) {
    let flows = &plan.standing;
    let (came, product, contract) = (state.arrived[flow], stream.product as usize, flows.contract[flow].index());
    let stolen = came * flows.theft_share[flow];
    let refused = (came - stolen) * refused_share(plan, &state.refusal, contract);
    let seized = if plan.network.rules_act { seize(plan, state, contract, came - stolen - refused, t) } else { 0.0 };
    state.lost[product] += stolen;
    state.refused[product] += refused;
    state.line_lost[flows.line[flow] as usize] += stolen;
    state.arrived[flow] = came - stolen - refused - seized;
}

/// Order lines: goods to buyers, consigned inputs to makers, leftovers back to clients.
pub fn order_lines(plan: &Plan, state: &mut State, t: usize) {
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            state.billed_today[order] = 0.0;
            if state.quiet[order] == 0 {
                goods(plan, state, order, t);
                inputs(plan, state, order, t);
            }
        }
    }
}

fn goods(plan: &Plan, state: &mut State, order: usize, t: usize) {
    state.quiet[order] = 1;
    if state.order_in_transit[order] == 0.0 {
        return;
    }
    let orders = &plan.orders;
    let path = &plan.paths[orders.path[order] as usize];
    let first = orders.cells[order] as usize;
    let point = orders.point[order] as usize;
    let product = plan.point_product[point] as usize;
    let State { cells, open, release, passed, .. } = state;
    let cells = &mut cells[first..first + path.cells as usize];
    let value = plan.network.products[product].value_per_unit;
    let (mut came, mut cleared) = ([0.0], [0.0]);
    advance(path, cells, &mut came, &mut Gates { t, open, release, value, passed, cleared: &mut cleared });
    let mut came = came[0];
    state.order_in_transit[order] = cells.iter().sum();
    if plan.freezes {
        let frozen = state.frozen(plan, orders.buyer[order] as usize);
        came = wait_or_enter(&mut state.order_waits[order], came, frozen);
        state.order_in_transit[order] += state.order_waits[order];
    }
    let contract = orders.contract[order].index();
    count(&mut state.cleared_today, contract, cleared[0]);
    state.quiet[order] &= u8::from(state.order_in_transit[order] == 0.0);
    if came == 0.0 {
        return;
    }
    let stolen = came * plan.terms_of_order(order).theft_share;
    let refused = (came - stolen) * refused_share(plan, &state.refusal, contract);
    let seized = if plan.network.rules_act { seize(plan, state, contract, came - stolen - refused, t) } else { 0.0 };
    state.lost[product] += stolen;
    state.refused[product] += refused;
    state.line_lost[orders.line[order] as usize] += stolen;
    state.stock[point] += came - stolen - refused - seized;
    // Nobody pays for what is seized.
    let delivered = if plan.is_processing(order) { came - refused } else { came - stolen - refused };
    state.billed_today[order] = delivered - seized;
    state.billed[order] += state.billed_today[order];
}

/// What is seized of a consignment that arrives: in expectation the chance of being found times the share then seized, or all or nothing as
/// drawn for this contract and day. The buyer owes the fine; the share of the relation that ends is cancelled this morning.
fn seize(plan: &Plan, state: &mut State, contract: usize, units: f64, t: usize) -> f64 {
    let event = state.watched[contract];
    if event == 0 || units <= 0.0 {
        return 0.0;
    }
    let Change::Enforce(_, terms) = &plan.events[event as usize - 1].change else { return 0.0 };
    let day = plan.calendar.day(t).0;
    let (found, ended) = match plan.network.enforcement_seed {
        None => (terms.detection_share, terms.detection_share * terms.ends_share),
        Some(seed) => {
            let chance = |question: u32, share: f64| drawn(seed, contract, day, question) < share;
            let found = chance(0, terms.detection_share);
            (f64::from(u8::from(found)), f64::from(u8::from(found && chance(1, terms.ends_share))))
        }
    };
    let seized = units * found * terms.seized_share;
    let product = plan.line_product[plan.network.contracts.seller[contract].index()] as usize;
    state.seized[product] += seized;
    let buyer = plan.network.contracts.buyer[contract].index();
    let fine = seized * plan.network.products[product].value_per_unit * terms.fine_per_value;
    state.fine_due[buyer] += fine / state.rate[plan.network.firms[buyer].currency.index()];
    if ended > 0.0 {
        state.relation[contract] *= 1.0 - ended;
        state.barred_today[contract] = state.barred_today[contract].max(ended);
    }
    seized
}

/// Counts units of a contract where there are crossings.
pub fn count(column: &mut [f64], contract: usize, units: f64) {
    if let Some(counted) = column.get_mut(contract) {
        *counted += units;
    }
}

/// Share of a delivery refused: by the terms, or by an event if that is more.
fn refused_share(plan: &Plan, refusal: &[f64], contract: usize) -> f64 {
    plan.network.terms[plan.network.contracts.terms[contract].index()].refused_share.max(refusal[contract])
}

fn inputs(plan: &Plan, state: &mut State, order: usize, t: usize) {
    let orders = &plan.orders;
    for input in plan.inputs_of_order(order) {
        if state.input_in_transit[input] != 0.0 {
            let path = &plan.paths[orders.input_path[order] as usize];
            let first = plan.consigned.cells[input] as usize;
            let value = plan.network.products[plan.consigned.product[input] as usize].value_per_unit;
            let State { cells, open, release, passed, .. } = state;
            let cells = &mut cells[first..first + path.cells as usize];
            let (mut came, mut cleared) = ([0.0], [0.0]);
            advance(path, cells, &mut came, &mut Gates { t, open, release, value, passed, cleared: &mut cleared });
            let of_contract = plan.consigned.of_contract[input] as usize;
            state.inputs_cleared_today[of_contract] += cleared[0];
            state.input_in_transit[input] = cells.iter().sum();
            let mut came = came[0];
            if plan.freezes {
                let frozen = state.frozen(plan, plan.line_firm[orders.line[order] as usize] as usize);
                came = wait_or_enter(&mut state.input_waits[input], came, frozen);
                state.input_in_transit[input] += state.input_waits[input];
            }
            state.input_stock[input] += came;
            state.inputs_today[of_contract] += came;
        }
        // Leftovers travel back with the goods: they arrive when the path is open on the day they are due.
        let back = state.returning[input] != 0.0 && t as i32 >= state.return_step[input];
        let open = state.shut_gates[orders.path[order] as usize] == 0 && !state.frozen(plan, orders.buyer[order] as usize);
        if back && open {
            debug_assert!(plan.consigned.store[input] != NONE, "consigned inputs come from a store");
            state.stock[plan.consigned.store[input] as usize] += state.returning[input];
            state.returning[input] = 0.0;
        }
        state.quiet[order] &= u8::from(state.input_in_transit[input] == 0.0 && state.returning[input] == 0.0);
    }
}
