//! What lies and moves in the columns of bulk lines, which are as the morning left them: for whoever looks at the state in the evening.

use super::Plan;
use super::state::State;
use crate::rule::level::Deal;
use crate::rule::restock;

/// Calls `visit(plain line, row, stock in the evening)` for every plain row.
pub(crate) fn each_of_bulk(plan: &Plan, state: &State, mut visit: impl FnMut(usize, usize, f64)) {
    let plain = &plan.plain;
    for (row, &i) in plain.row_line.iter().enumerate() {
        let i = i as usize;
        let cells = &state.plain_stock[plain.cells_in(&(row..row + 1))];
        let by_supplier = plain.paces[plain.row_pace[row] as usize].by_supplier;
        let morning: f64 =
            if by_supplier { cells.iter().zip(&plain.share[plain.flows_of(row)]).map(|(x, share)| x * share).sum() } else { cells[0] };
        visit(i, row, (morning - plain.row_use[row] * state.output[plain.lines[i] as usize]).max(0.0));
    }
}

/// What a plain flow is sent today.
pub(crate) fn sent(plan: &Plan, state: &State, i: usize, row: usize, flow: usize) -> f64 {
    let plain = &plan.plain;
    let pace = &plain.paces[plain.row_pace[row] as usize];
    let need = plain.row_use[row] * state.plain_rate[plain.lines[i] as usize];
    let at = if pace.by_supplier { flow - plain.first_flow[row] as usize } else { 0 };
    let stock = state.plain_stock[plain.first_cell[row] as usize + at];
    let order = restock::order(need, restock::target(pace.stock_days, 0.0, need), stock, |gap| gap * pace.restock_rate);
    let given = state.plain_given[plain.seller[flow] as usize];
    if given.is_sign_positive() {
        return plain.share[flow] * order * given;
    }
    let seller = plain.seller[flow] as usize;
    let extra = |column: &[f64], otherwise: f64| column.get(seller).copied().unwrap_or(otherwise);
    let deal = Deal { level: -given, over: extra(&state.plain_over, -given), first: extra(&state.plain_first, 0.0), market: 0.0 };
    let normal = plain.row_normal[row];
    plain.share[flow] * deal.gives(order / normal) * normal
}

/// Adds what plain goods there are to the sums per product, from the whole state.
pub(crate) fn tally_bulk(plan: &Plan, state: &State, content: &mut [f64]) {
    let plain = &plan.plain;
    if plain.lines.is_empty() {
        return;
    }
    each_of_bulk(plan, state, |_, row, stock| content[plain.row_product[row] as usize] += stock);
    for (i, &line) in plain.lines.iter().enumerate() {
        content[plain.product[i] as usize] += state.finished[line as usize];
    }
    for (line, sent) in plan.network.lines.iter().zip(&state.plain_sent) {
        content[line.product.index()] += sent;
    }
}
