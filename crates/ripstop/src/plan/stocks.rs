//! What lies and moves in the columns of bulk lines, which are as the morning left them: for whoever looks at the state in the evening.

use super::Plan;
use super::state::State;
use crate::rule::level::Fill;
use crate::rule::restock;

/// Calls `visit(bulk line, row, stock in the evening)` for every bulk row.
pub(crate) fn each_of_bulk(plan: &Plan, state: &State, mut visit: impl FnMut(usize, usize, f64)) {
    let bulk = &plan.bulk;
    for (row, &i) in bulk.row_line.iter().enumerate() {
        visit(i as usize, row, in_the_evening(plan, state, i as usize, row));
    }
}

/// Stock of a row when the day's use has been taken out.
fn in_the_evening(plan: &Plan, state: &State, i: usize, row: usize) -> f64 {
    let bulk = &plan.bulk;
    let cells = &state.bulk_stock[bulk.cells_in(&(row..row + 1))];
    let by_supplier = bulk.policies[bulk.row_policy[row] as usize].by_supplier;
    let morning: f64 =
        if by_supplier { cells.iter().zip(&bulk.share[bulk.flows_of(row)]).map(|(x, share)| x * share).sum() } else { cells[0] };
    (morning - bulk.row_use[row] * state.output[bulk.lines[i] as usize]).max(0.0)
}

/// What a firm has of a product in store, wherever it lies.
pub(crate) fn of_firm(plan: &Plan, state: &State, firm: usize, product: u32) -> f64 {
    let at = plan.point_firm.iter().zip(&plan.point_product);
    let first = plan.point_firm.partition_point(|&other| (other as usize) < firm);
    let general = at.skip(first).take_while(|(other, _)| **other as usize == firm).position(|(_, other)| *other == product);
    if let Some(point) = general {
        return state.stock[first + point];
    }
    let bulk = &plan.bulk;
    let own = plan.lines_of(firm).iter().filter_map(|line| bulk.lines.binary_search(line).ok());
    let rows = own.flat_map(|i| {
        let tile = &bulk.tiles[bulk.tiles.partition_point(|tile| tile.lines.end <= i)];
        let is_own = move |&row: &usize| bulk.row_line[row] as usize == i && bulk.row_product[row] == product;
        tile.rows.clone().filter(is_own).map(move |row| (i, row))
    });
    rows.map(|(i, row)| in_the_evening(plan, state, i, row)).sum()
}

/// What a bulk flow is sent today.
pub(crate) fn sent(plan: &Plan, state: &State, i: usize, row: usize, flow: usize) -> f64 {
    let bulk = &plan.bulk;
    let policy = &bulk.policies[bulk.row_policy[row] as usize];
    let need = bulk.row_use[row] * state.bulk_rate[bulk.lines[i] as usize];
    let at = if policy.by_supplier { flow - bulk.first_flow[row] as usize } else { 0 };
    let stock = state.bulk_stock[bulk.first_cell[row] as usize + at];
    let order = restock::order(need, restock::target(policy.stock_days, 0.0, need), stock, |gap| gap * policy.restock_rate);
    let given = state.bulk_given[bulk.seller[flow] as usize];
    if given.is_sign_positive() {
        return bulk.share[flow] * order * given;
    }
    let seller = bulk.seller[flow] as usize;
    let extra = |column: &[f64], otherwise: f64| column.get(seller).copied().unwrap_or(otherwise);
    let fill = Fill { level: -given, over: extra(&state.bulk_over, -given), first: extra(&state.bulk_first, 0.0), market: 0.0 };
    let normal = bulk.row_normal[row];
    bulk.share[flow] * fill.serves(order, normal)
}

/// Adds what bulk goods there are to the sums per product, from the whole state.
pub(crate) fn tally_bulk(plan: &Plan, state: &State, content: &mut [f64]) {
    let bulk = &plan.bulk;
    if bulk.lines.is_empty() {
        return;
    }
    each_of_bulk(plan, state, |_, row, stock| content[bulk.row_product[row] as usize] += stock);
    for (i, &line) in bulk.lines.iter().enumerate() {
        content[bulk.product[i] as usize] += state.finished[line as usize];
    }
    for (line, sent) in plan.network.lines.iter().zip(&state.bulk_sent) {
        content[line.product.index()] += sent;
    }
}
