//! Phase 8, **record**: the series of the day, the audit, the snapshots.
//!
//! Audit, per product: what was there + produced + misdealt = what is there + used + sold + stolen + spoilt + refused + seized + retained + written off; money:
//! per currency the sum over all accounts is constant. The content is summed anew from the whole state every day, not carried along, so the proof is independent of the
//! book-keeping it checks.

use crate::columns::sum;
use crate::plan::Plan;
use crate::series::{Record, Snapshot};
use crate::state::{Stage, State};
use crate::transit::{NO_GATE, Way};

/// Records day `t`.
pub fn day(plan: &Plan, state: &mut State, record: &mut Record, t: usize) {
    if t < plan.warm_up {
        // A warm-up is not recorded; where it ends is where the record starts.
        if t + 1 == plan.warm_up {
            record.open(plan, state);
        }
        return;
    }
    let (goods, held) = audit_goods(plan, state, record);
    let money = audit_money(plan, state, record);
    record.push(plan, state, goods, money, held);
    if record.probes.binary_search(&(t - plan.warm_up)).is_ok() {
        let taken = Snapshot::take(plan, state, &record.tally, t);
        record.snapshots.push(Snapshot { t: t - plan.warm_up, ..taken });
    }
}

/// Largest relative residual over all products, and the value held at crossings.
fn audit_goods(plan: &Plan, state: &mut State, record: &mut Record) -> (f64, f64) {
    let content = &mut record.scratch;
    let held = tally_general(plan, state, content, &mut record.gate_held_today);
    // The sweep has summed the plain stocks while it had them in hand: the sum of the whole state, without another pass over it.
    content.iter_mut().zip(&state.plain_content).for_each(|(sum, plain)| *sum += plain);
    let mut worst: f64 = 0.0;
    for (p, &now) in content.iter().enumerate() {
        // The first day has no evening before: what the start put there counts as opening.
        let before = if record.days == 0 { record.opening_content[p] } else { state.content[p] };
        let opening = before + state.produced[p] + state.misdealt[p];
        let left = state.used[p]
            + state.sold[p]
            + state.lost[p]
            + state.spoilt[p]
            + state.refused[p]
            + state.seized[p]
            + state.retained[p]
            + state.written_off[p];
        worst = worst.max(relative(now - (opening - left), opening));
    }
    state.content.copy_from_slice(content);
    (worst, held)
}

/// Largest relative residual over all currencies. It is relative to all money of the run, at the day's rates: a currency that only passes
/// through leaves nothing of its own to compare the rounding of what has passed with.
fn audit_money(plan: &Plan, state: &State, record: &mut Record) -> f64 {
    // Without an account that could move there is nothing to sum.
    if plan.only_plain {
        return 0.0;
    }
    state.money(plan, &mut record.money_today);
    let all: f64 = record.money_today.iter().zip(&state.rate).map(|(&(_, gross), rate)| gross * rate).sum();
    let today = record.money_today.iter().zip(&record.opening_money).zip(&state.rate);
    today.map(|((&(sum, _), &opening), rate)| relative((sum - opening) * rate, all)).fold(0.0, f64::max)
}

/// A residual relative to a size. What is no number is no balance either: infinite, so that `max` cannot hide it.
pub(crate) fn relative(residual: f64, size: f64) -> f64 {
    if residual == 0.0 {
        0.0
    } else if residual.is_nan() {
        f64::INFINITY
    } else {
        residual.abs() / size.max(f64::MIN_POSITIVE)
    }
}

/// Sums what is in the system per product; returns the value held at crossings, also per gate.
pub fn tally(plan: &Plan, state: &State, content: &mut [f64], gate_held: &mut [f64]) -> f64 {
    let held = tally_general(plan, state, content, gate_held);
    crate::plain::tally(plan, state, content);
    held
}

/// The same of all that is not plain.
fn tally_general(plan: &Plan, state: &State, content: &mut [f64], gate_held: &mut [f64]) -> f64 {
    content.fill(0.0);
    gate_held.fill(0.0);
    for (&product, &stock) in plan.slot_product.iter().zip(&state.stock) {
        content[product as usize] += stock;
    }
    for &l in &plan.general_lines {
        content[plan.line_product[l as usize] as usize] += state.finished[l as usize];
    }
    let mut held = 0.0;
    let value = |product: usize| plan.network.products[product].value_per_unit;
    for stream in &plan.standing.streams {
        let (way, cells) = plan.way_of(stream);
        let (cells, product) = (&state.cells[cells], stream.product as usize);
        content[product] += sum(cells);
        held += held_value(way, cells, stream.width as usize, value(product), gate_held);
    }
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            if state.stage[order] != Stage::Closed as u8 {
                held += tally_order(plan, state, order, content, gate_held);
            }
        }
    }
    held
}

fn tally_order(plan: &Plan, state: &State, order: usize, content: &mut [f64], gate_held: &mut [f64]) -> f64 {
    let orders = &plan.orders;
    let value = |product: usize| plan.network.products[product].value_per_unit;
    let product = plan.slot_product[orders.slot[order] as usize] as usize;
    let mut held = 0.0;
    content[product] += state.order_finished[order];
    if state.order_on_way[order] != 0.0 {
        let way = &plan.ways[orders.way[order] as usize];
        let first = orders.cells[order] as usize;
        let cells = &state.cells[first..first + way.cells as usize];
        content[product] += cells.iter().sum::<f64>();
        held += held_value(way, cells, 1, value(product), gate_held);
    }
    for input in plan.inputs_of_order(order) {
        let product = plan.consigned.product[input] as usize;
        content[product] += state.input_stock[input] + state.returning[input];
        if state.input_on_way[input] != 0.0 {
            let way = &plan.ways[orders.input_way[order] as usize];
            let first = plan.consigned.cells[input] as usize;
            let cells = &state.cells[first..first + way.cells as usize];
            content[product] += cells.iter().sum::<f64>();
            held += held_value(way, cells, 1, value(product), gate_held);
        }
    }
    held
}

/// Value of what is held on a way, of so many items side by side.
fn held_value(way: &Way, cells: &[f64], width: usize, value: f64, gate_held: &mut [f64]) -> f64 {
    let mut held = 0.0;
    for hop in way.hops.iter().filter(|h| h.holds()) {
        let waiting = sum(&cells[hop.held as usize * width..][..width]) * value;
        if hop.gate != NO_GATE {
            gate_held[hop.gate as usize] += waiting;
        }
        held += waiting;
    }
    held
}
