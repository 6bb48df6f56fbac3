//! Phase 2, **receive**: what was sent L days ago arrives; openness is tested on the day goods reach a crossing.
//!
//! For `sale` title passes at delivery: what is stolen on the way is the seller's loss and is not paid. For `processing` the client
//! owns the goods all along: what is stolen is the client's loss and the fee is due all the same. What inspection refuses is destroyed
//! and not paid; what is seized under a rule is the owner's loss and not paid either.

use crate::plan::{NONE, Plan};
use crate::rules::drawn;
use crate::scenario::Change;
use crate::state::State;
use crate::transit::{Gates, advance};

/// Standing flows.
pub fn standing(plan: &Plan, state: &mut State, t: usize) {
    let flows = &plan.standing;
    for flow in 0..flows.contract.len() {
        let way = &plan.ways[flows.way[flow] as usize];
        let first = flows.cells[flow] as usize;
        let State { cells, open, release, passed, .. } = state;
        let gates = &mut Gates { t, open, release, passed, cleared: 0.0 };
        let cells = &mut cells[first..first + way.cells as usize];
        let product = plan.slot_product[flows.slot[flow] as usize] as usize;
        let value = plan.network.products[product].value_per_unit;
        let came = advance(way, cells, value, gates);
        let gates_cleared = gates.cleared;
        let (held, on_way) = (way.held(cells), cells.iter().sum::<f64>());
        let stolen = came * flows.theft_share[flow];
        let contract = flows.contract[flow].index();
        count(&mut state.cleared_today, contract, gates_cleared);
        let refused = (came - stolen) * refused_share(plan, &state.refusal, contract);
        let seized = if plan.network.rules_act { seize(plan, state, contract, product, came - stolen - refused, t) } else { 0.0 };
        let taken = came - stolen - refused - seized;
        state.lost[product] += stolen;
        state.refused[product] += refused;
        state.line_lost[flows.line[flow] as usize] += stolen;
        state.arrived[flow] = taken;
        state.stock[flows.slot[flow] as usize] += taken;
        if flows.by_supplier[flow] {
            state.supplier_stock[flow] += taken;
        }
        // What waits at a limit in tonnes is counted in the evening, when the day's tonnes have gone.
        if !way.throated {
            state.held_days[flow] = if held > 0.0 { state.held_days[flow] + 1 } else { 0 };
        }
        let given_up = if state.held_days[flow] > flows.patience_days[flow] { held } else { 0.0 };
        state.on_way[flow] = on_way - given_up;
    }
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
    if state.order_on_way[order] == 0.0 {
        return;
    }
    let orders = &plan.orders;
    let way = &plan.ways[orders.way[order] as usize];
    let first = orders.cells[order] as usize;
    let slot = orders.slot[order] as usize;
    let product = plan.slot_product[slot] as usize;
    let State { cells, open, release, passed, .. } = state;
    let cells = &mut cells[first..first + way.cells as usize];
    let value = plan.network.products[product].value_per_unit;
    let mut gates = Gates { t, open, release, passed, cleared: 0.0 };
    let came = advance(way, cells, value, &mut gates);
    let cleared = gates.cleared;
    state.order_on_way[order] = cells.iter().sum();
    let contract = orders.contract[order].index();
    count(&mut state.cleared_today, contract, cleared);
    state.quiet[order] &= u8::from(state.order_on_way[order] == 0.0);
    if came == 0.0 {
        return;
    }
    let stolen = came * plan.terms_of_order(order).theft_share;
    let refused = (came - stolen) * refused_share(plan, &state.refusal, contract);
    let seized = if plan.network.rules_act { seize(plan, state, contract, product, came - stolen - refused, t) } else { 0.0 };
    state.lost[product] += stolen;
    state.refused[product] += refused;
    state.line_lost[orders.line[order] as usize] += stolen;
    state.stock[slot] += came - stolen - refused - seized;
    // Nobody pays for what is seized.
    let delivered = if plan.is_processing(order) { came - refused } else { came - stolen - refused };
    state.billed_today[order] = delivered - seized;
    state.billed[order] += state.billed_today[order];
}

/// What is seized of a consignment that arrives: in expectation the chance of being found times the share then seized, or all or nothing as
/// drawn for this contract and day. The buyer owes the fine; the share of the relation that ends is cancelled this morning.
fn seize(plan: &Plan, state: &mut State, contract: usize, product: usize, units: f64, t: usize) -> f64 {
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
        if state.input_on_way[input] != 0.0 {
            let way = &plan.ways[orders.input_way[order] as usize];
            let first = plan.consigned.cells[input] as usize;
            let value = plan.network.products[plan.consigned.product[input] as usize].value_per_unit;
            let State { cells, open, release, passed, .. } = state;
            let cells = &mut cells[first..first + way.cells as usize];
            let mut gates = Gates { t, open, release, passed, cleared: 0.0 };
            let came = advance(way, cells, value, &mut gates);
            let of_contract = plan.consigned.of_contract[input] as usize;
            state.inputs_cleared_today[of_contract] += gates.cleared;
            state.input_stock[input] += came;
            state.input_on_way[input] = cells.iter().sum();
            state.inputs_today[of_contract] += came;
        }
        // Leftovers travel back with the goods: they arrive when the way is open on the day they are due.
        if state.returning[input] != 0.0 && t as i32 >= state.return_step[input] && state.shut_gates[orders.way[order] as usize] == 0 {
            debug_assert!(plan.consigned.store[input] != NONE, "consigned inputs come from a store");
            state.stock[plan.consigned.store[input] as usize] += state.returning[input];
            state.returning[input] = 0.0;
        }
        state.quiet[order] &= u8::from(state.input_on_way[input] == 0.0 && state.returning[input] == 0.0);
    }
}
