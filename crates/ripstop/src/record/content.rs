//! What there is of every product, summed from the state: the proof is independent of the book-keeping it checks. In a day the stocks of
//! bulk lines come from the sweep, which has them in hand; [`tally`] sums these too from the whole state.

use crate::plan::Plan;
use crate::plan::columns::sum;
use crate::plan::state::{Stage, State};
use crate::plan::transit::{NO_GATE, Path};

/// Sums what is in the system per product; returns the value held at crossings, also per gate.
pub fn tally(plan: &Plan, state: &State, content: &mut [f64], gate_held: &mut [f64]) -> f64 {
    let held = tally_general(plan, state, content, gate_held);
    crate::plan::stocks::tally_bulk(plan, state, content);
    held
}

/// The same of all that is not bulk.
pub(crate) fn tally_general(plan: &Plan, state: &State, content: &mut [f64], gate_held: &mut [f64]) -> f64 {
    content.fill(0.0);
    gate_held.fill(0.0);
    for (&product, &stock) in plan.point_product.iter().zip(&state.stock) {
        content[product as usize] += stock;
    }
    for (n, one) in plan.network.newcomers.iter().enumerate() {
        content[one.product.index()] += state.newcomer_cells[plan.switching.cells_of(n, one)].iter().sum::<f64>();
    }
    for &l in &plan.general_lines {
        content[plan.line_product[l as usize] as usize] += state.finished[l as usize];
    }
    let mut held = 0.0;
    let value = |product: usize| plan.network.products[product].value_per_unit;
    for stream in &plan.standing.streams {
        let (path, cells) = plan.path_of(stream);
        let (cells, product) = (&state.cells[cells], stream.product as usize);
        content[product] += sum(cells);
        held += held_value(path, cells, stream.width as usize, value(product), gate_held);
        content[product] += state.flow_waits.get(stream.flows()).map_or(0.0, sum);
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
    let product = plan.point_product[orders.point[order] as usize] as usize;
    let mut held = 0.0;
    content[product] += state.order_finished[order];
    if state.order_in_transit[order] != 0.0 {
        let path = &plan.paths[orders.path[order] as usize];
        let first = orders.cells[order] as usize;
        let cells = &state.cells[first..first + path.cells as usize];
        content[product] += cells.iter().sum::<f64>();
        held += held_value(path, cells, 1, value(product), gate_held);
        content[product] += state.order_waits.get(order).copied().unwrap_or(0.0);
    }
    for input in plan.inputs_of_order(order) {
        let product = plan.consigned.product[input] as usize;
        content[product] += state.input_stock[input] + state.returning[input];
        if state.input_in_transit[input] != 0.0 {
            let path = &plan.paths[orders.input_path[order] as usize];
            let first = plan.consigned.cells[input] as usize;
            let cells = &state.cells[first..first + path.cells as usize];
            content[product] += cells.iter().sum::<f64>();
            held += held_value(path, cells, 1, value(product), gate_held);
            content[product] += state.input_waits.get(input).copied().unwrap_or(0.0);
        }
    }
    held
}

/// Value of what is held on a path, of so many items side by side.
fn held_value(path: &Path, cells: &[f64], width: usize, value: f64, gate_held: &mut [f64]) -> f64 {
    let mut held = 0.0;
    for hop in path.hops.iter().filter(|h| h.holds()) {
        let waiting = sum(&cells[hop.held as usize * width..][..width]) * value;
        if hop.gate != NO_GATE {
            gate_held[hop.gate as usize] += waiting;
        }
        held += waiting;
    }
    held
}
