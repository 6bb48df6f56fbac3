//! What lies and moves in the columns of bulk lines, which are as the morning left them: for whoever looks at the state in the evening.

use super::Plan;
use super::state::State;
use crate::rule::level::Deal;
use crate::rule::restock;

/// Calls `visit(plain line, row, stock in the evening)` for every plain row.
pub(crate) fn each_of_bulk(plan: &Plan, state: &State, mut visit: impl FnMut(usize, usize, f64)) {
    let plain = &plan.plain;
    for (row, &i) in plain.row_line.iter().enumerate() {
        visit(i as usize, row, in_the_evening(plan, state, i as usize, row));
    }
}

/// Stock of a row when the day's use has been taken out.
fn in_the_evening(plan: &Plan, state: &State, i: usize, row: usize) -> f64 {
    let plain = &plan.plain;
    let cells = &state.plain_stock[plain.cells_in(&(row..row + 1))];
    let by_supplier = plain.paces[plain.row_pace[row] as usize].by_supplier;
    let morning: f64 =
        if by_supplier { cells.iter().zip(&plain.share[plain.flows_of(row)]).map(|(x, share)| x * share).sum() } else { cells[0] };
    (morning - plain.row_use[row] * state.output[plain.lines[i] as usize]).max(0.0)
}

/// What a firm has of a product in store, wherever it lies.
pub(crate) fn of_firm(plan: &Plan, state: &State, firm: usize, product: u32) -> f64 {
    let at = plan.slot_firm.iter().zip(&plan.slot_product);
    let first = plan.slot_firm.partition_point(|&other| (other as usize) < firm);
    let general = at.skip(first).take_while(|(other, _)| **other as usize == firm).position(|(_, other)| *other == product);
    if let Some(slot) = general {
        return state.stock[first + slot];
    }
    let plain = &plan.plain;
    let own = plan.lines_of(firm).iter().filter_map(|line| plain.lines.binary_search(line).ok());
    let rows = own.flat_map(|i| {
        let tile = &plain.tiles[plain.tiles.partition_point(|tile| tile.lines.end <= i)];
        let is_own = move |&row: &usize| plain.row_line[row] as usize == i && plain.row_product[row] == product;
        tile.rows.clone().filter(is_own).map(move |row| (i, row))
    });
    rows.map(|(i, row)| in_the_evening(plan, state, i, row)).sum()
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
