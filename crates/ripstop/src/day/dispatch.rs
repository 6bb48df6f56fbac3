//! Phase 6, **dispatch**: goods leave: continuously, in complete lots, or on collection days.
//!
//! *Stranded*: finished, due to leave, and a crossing of the route is shut for its class, or a rule keeps it. *Delayed*: due to leave, the
//! route is open, but the goods wait (for a lot, for a collection). Theft is booked on arrival, retention here, neither silently.

use crate::model::network::{Dispatch, Leftovers, Terms};
use crate::plan::columns::sum;
use crate::plan::state::{NOTHING, Stage, State};
use crate::plan::transit::{Gates, NO_GATE, NO_LIMIT, Path, let_through, send_apart};
use crate::plan::{Plan, Stream, whole_days};

use super::receive::count;
use super::switching::{still_away, way_found};
use crate::rule::level::{fill, pair};
use crate::rule::news::still_sent;

/// Standing flows: today's share of every order.
pub fn standing(plan: &Plan, state: &mut State, t: usize) {
    // Bulk lines have seen to their own.
    if plan.only_bulk {
        return;
    }
    state.waiting_goods.copy_from_slice(&state.finished);
    state.delayed.fill(0.0);
    for ((stranded, &blocked), (&wanted, &finished)) in
        state.stranded.iter_mut().zip(&state.blocked).zip(state.wanted.iter().zip(&state.finished))
    {
        // The same is asked of a line by [`State::standing_stranded`].
        *stranded = if blocked > 0.0 && wanted == 0.0 { finished } else { 0.0 };
    }
    for stream in &plan.standing.streams {
        leave(plan, state, stream, t);
    }
    let flows = &plan.standing;
    for (flow, &cleared) in state.flow_cleared.iter().enumerate() {
        let contract = flows.contract[flow].index();
        state.sent_today[contract] += state.shipped[flow];
        state.cleared_today[contract] += cleared;
    }
}

/// A stream's share of what its lines serve leaves.
fn leave(plan: &Plan, state: &mut State, stream: &Stream, t: usize) {
    let lines = &plan.standing.line[stream.flows()];
    let (path, cells) = plan.path_of(stream);
    let value = plan.network.products[stream.product as usize].value_per_unit;
    let is_shut = state.shut_gates[stream.path as usize] > 0;
    let mut away: Vec<f64> = Vec::new();
    if path.branches.len() > 1 && !plan.switching.flow_detour.is_empty() {
        away.extend(stream.flows().map(|flow| still_away(state, &plan.switching.flow_detour, flow)));
    }
    let State { cells: all, open, release, passed, ordered, shipped, served, flow_cleared, sent_shut, .. } = state;
    let shipped = &mut shipped[stream.flows()];
    for ((shipped, &ordered), &line) in shipped.iter_mut().zip(&ordered[stream.flows()]).zip(lines) {
        // Where a rule shares out it has said what leaves.
        if !plan.line_ruled[line as usize] {
            *shipped = ordered * served[line as usize];
        }
    }
    if is_shut {
        sent_shut[stream.product as usize] += sum(shipped);
    }
    let cleared = flow_cleared.get_mut(stream.flows()).unwrap_or_default();
    away.iter_mut().zip(&*shipped).for_each(|(away, shipped)| *away *= shipped);
    send_apart(path, &mut all[cells], shipped, &away, &mut Gates { t, open, release, value, passed, cleared });
}

/// Order lines: what is ready leaves if it may; finished order lines settle their leftovers and close.
pub fn order_lines(plan: &Plan, state: &mut State, t: usize) {
    if plan.any_credit_limit {
        owed_by_account(plan, state);
    }
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            state.order_stranded[order] = 0.0;
            state.order_delayed[order] = 0.0;
            if state.order_finished[order] > 0.0 {
                leave_or_stay(plan, state, order, t);
            }
            if state.stage[order] == Stage::Made as u8 {
                close_if_over(plan, state, order, t);
            }
        }
    }
}

fn leave_or_stay(plan: &Plan, state: &mut State, order: usize, t: usize) {
    let terms = plan.terms_of_order(order);
    let l = plan.orders.line[order] as usize;
    let finished = state.order_finished[order];
    let barred = barred(plan, state, order);
    // Until its date is near it waits, finished and not due.
    let early = f64::from(plan.orders.due[order] - t as i32) > terms.leave_days_before_due;
    let ready = if early { 0.0 } else { (ready(state, terms, order) - barred).max(0.0) };
    let goes = whole_lots(state, terms, order, ready, way_found(plan, state, &plan.switching.order_detour, order, plan.orders.path[order]));
    let due_to_leave = if t as i32 >= plan.orders.due[order] { finished } else { ready };
    let shut = !still_sent(state.shut_days[plan.orders.path[order] as usize], whole_days(terms.news_days).max(0) as u32);
    // Nobody collects for a client that has stopped.
    let buyer = plan.orders.buyer[order] as usize;
    let shut = shut || state.ended_firms[0] > 0 && state.ended(buyer);
    let shut = shut || plan.freezes && (state.frozen(plan, buyer) || state.frozen(plan, plan.line_firm[l] as usize));
    let leaves = if shut || !leaves_today(plan, terms, order, t) { 0.0 } else { goes };
    let leaves = if plan.any_credit_limit { within_credit(plan, state, terms, order, leaves) } else { leaves };
    let waits = (due_to_leave - leaves).max(0.0);
    if shut {
        state.order_stranded[order] = waits;
        state.stranded[l] += waits;
    } else {
        let barred = barred.min(waits);
        state.order_stranded[order] = barred;
        state.stranded[l] += barred;
        state.order_delayed[order] = waits - barred;
        state.delayed[l] += waits - barred;
    }
    if leaves > 0.0 {
        ship(plan, state, order, leaves, t);
    }
    state.waiting_goods[l] += state.order_finished[order];
}

/// Units that may not leave by rule, as long as one forbids it.
fn barred(plan: &Plan, state: &State, order: usize) -> f64 {
    if !plan.network.rules_act {
        return 0.0;
    }
    let contract = plan.orders.contract[order].index();
    if state.allowed[contract] * state.relation[contract] < 1.0 { state.barred[order] } else { 0.0 }
}

/// Units ready to leave: all that is finished, or complete lots only. The remainder of a finished order line counts as a complete lot.
fn ready(state: &State, terms: &Terms, order: usize) -> f64 {
    let finished = state.order_finished[order];
    if terms.dispatch == Dispatch::Continuous || state.stage[order] != Stage::Open as u8 {
        return finished;
    }
    let lot = state.target[order] / terms.lots_per_order.max(1.0);
    let complete = ((state.made[order] / lot) * (1.0 + NOTHING)).floor() * lot;
    let gone = state.made[order] - finished;
    (complete - gone).clamp(0.0, finished)
}

/// Of what is ready the share for which a way is found, in complete lots where goods leave in lots.
fn whole_lots(state: &State, terms: &Terms, order: usize, ready: f64, share: f64) -> f64 {
    if share >= 1.0 || terms.dispatch == Dispatch::Continuous {
        return ready * share.min(1.0);
    }
    let lot = state.target[order] / terms.lots_per_order.max(1.0);
    (ready * share / lot * (1.0 + NOTHING)).floor() * lot
}

fn leaves_today(plan: &Plan, terms: &Terms, order: usize, t: usize) -> bool {
    if terms.dispatch != Dispatch::Collection {
        return true;
    }
    let since = t as i32 - plan.orders.first_collection[order];
    let interval = crate::plan::whole_days(terms.collection_interval_days).max(1);
    // Before the first recorded day (in a warm-up) the same rhythm holds.
    (since >= 0 || t < plan.warm_up) && since.rem_euclid(interval) == 0
}

fn ship(plan: &Plan, state: &mut State, order: usize, quantity: f64, t: usize) {
    let orders = &plan.orders;
    let point = orders.point[order] as usize;
    let product = plan.point_product[point] as usize;
    let kept = quantity * plan.terms_of_order(order).retention_share;
    let sent = quantity - kept;
    state.retained[product] += kept;
    note(&mut state.order_retained, order, kept);
    // What leaves in full leaves nothing behind, to the last bit.
    let finished = state.order_finished[order];
    state.order_finished[order] = if quantity >= finished { 0.0 } else { finished - quantity };
    state.order_shipped[order] += quantity;
    if plan.any_credit_limit {
        state.account_open[orders.account[order] as usize] += sent * owed_per_unit(plan, state, order);
    }
    if state.shut_gates[orders.path[order] as usize] > 0 {
        state.sent_shut[product] += sent;
    }
    let path = &plan.paths[orders.path[order] as usize];
    let first = orders.cells[order] as usize;
    let away = sent * still_away(state, &plan.switching.order_detour, order);
    let State { cells, open, release, passed, .. } = state;
    let cells = &mut cells[first..first + path.cells as usize];
    let value = plan.network.products[product].value_per_unit;
    let mut cleared = [0.0];
    send_apart(path, cells, &mut [sent], &[away], &mut Gates { t, open, release, value, passed, cleared: &mut cleared });
    let contract = orders.contract[order].index();
    state.order_in_transit[order] = cells.iter().sum();
    count(&mut state.sent_today, contract, sent);
    count(&mut state.cleared_today, contract, cleared[0]);
    state.quiet[order] = 0;
}

/// Adds to a column that is there only where somebody keeps something.
fn note(column: &mut [f64], row: usize, units: f64) {
    if let Some(sum) = column.get_mut(row) {
        *sum += units;
    }
}

fn close_if_over(plan: &Plan, state: &mut State, order: usize, t: usize) {
    if state.order_finished[order] > 0.0 || state.order_in_transit[order] != 0.0 {
        return;
    }
    // Nothing is sent back from a place out of reach.
    if state.frozen(plan, plan.line_firm[plan.orders.line[order] as usize] as usize) {
        return;
    }
    let inputs = plan.inputs_of_order(order);
    if inputs.clone().any(|i| state.input_in_transit[i] != 0.0) {
        return;
    }
    let rule = plan.terms_of_order(order).leftovers;
    let lead = plan.paths[plan.orders.path[order] as usize].lead_days as i32;
    let mut over = true;
    for input in inputs {
        let left = std::mem::take(&mut state.input_stock[input]);
        let product = plan.consigned.product[input] as usize;
        match rule {
            Leftovers::Returned if left > 0.0 => {
                state.returning[input] += left;
                state.quiet[order] = 0;
                state.return_step[input] = t as i32 + lead;
            }
            Leftovers::Returned => {}
            Leftovers::Retained => {
                state.retained[product] += left;
                note(&mut state.input_retained, input, left);
            }
            Leftovers::WrittenOff => state.written_off[product] += left,
        }
        over &= state.returning[input] == 0.0;
    }
    if over {
        state.stage[order] = Stage::Closed as u8;
    }
}

/// What every scheduled contract's buyer owes, goods on the way included.
fn owed_by_account(plan: &Plan, state: &mut State) {
    state.account_open.fill(0.0);
    for &number in &state.invoices_open {
        let i = number as usize;
        state.account_open[plan.orders.account[state.invoice_order[i] as usize] as usize] += state.invoice_left[i];
    }
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            let in_transit = (state.order_in_transit[order] + state.billed_today[order]) * owed_per_unit(plan, state, order);
            state.account_open[plan.orders.account[order] as usize] += in_transit;
        }
    }
}

/// What the buyer owes for a unit on the way: what is prepaid is not owed.
fn owed_per_unit(plan: &Plan, state: &State, order: usize) -> f64 {
    (plan.orders.price[order] - state.advance_per_unit[order]).max(0.0)
}

/// Of what would leave, what the buyer may still owe; complete lots only where goods leave in lots.
fn within_credit(plan: &Plan, state: &State, terms: &Terms, order: usize, leaves: f64) -> f64 {
    let owed = owed_per_unit(plan, state, order);
    if leaves <= 0.0 || owed <= 0.0 {
        return leaves;
    }
    let account = plan.orders.account[order] as usize;
    let room = ((plan.account_limit[account] - state.account_open[account]) / owed).max(0.0);
    if room >= leaves || terms.dispatch == Dispatch::Continuous {
        return leaves.min(room);
    }
    let lot = state.target[order] / terms.lots_per_order.max(1.0);
    (room / lot * (1.0 + NOTHING)).floor() * lot
}

/// The evening at limits in tonnes: the day's tonnes are shared by class rank, within a rank in proportion; the rest is held.
pub fn limits(plan: &Plan, state: &mut State, t: usize) {
    if plan.limits.is_empty() {
        return;
    }
    state.limit_wanted.fill(0.0);
    for_waiting(plan, state, |plan, state, path, (first, width), product, _| {
        let classes = plan.network.classes as usize;
        for hop in path.hops.iter().filter(|h| h.limit != NO_LIMIT) {
            let waiting = state.cells[first + hop.held as usize * width] * plan.tonnes(product);
            state.limit_wanted[hop.limit as usize * classes + path.class as usize] += waiting;
        }
    });
    share_tonnes(plan, state);
    for_waiting(plan, state, |plan, state, path, (first, width), product, goods| {
        let classes = plan.network.classes as usize;
        let value = plan.network.products[product].value_per_unit;
        let weightless = plan.tonnes(product) <= 0.0;
        let State { cells, limit_share, passed, open, release, cleared_today, inputs_cleared_today, .. } = state;
        let (cells, gates) = (&mut cells[first..], &mut Gates { t, open, release, value, passed, cleared: &mut [] });
        for hop in path.hops.iter().filter(|h| h.limit != NO_LIMIT) {
            let share = limit_share[hop.limit as usize * classes + path.class as usize];
            // What weighs nothing passes wherever its class may.
            let free = if hop.gate == NO_GATE || open[hop.gate as usize] > 0.0 { 1.0 } else { 0.0 };
            let cleared = let_through(hop, cells, width, if weightless { free } else { share }, gates);
            match goods {
                Goods::Contract(contract) => count(cleared_today, contract, cleared),
                Goods::Input(of_contract) => inputs_cleared_today[of_contract] += cleared,
            }
        }
    });
    for &flow in &plan.limited_flows {
        let flow = flow as usize;
        let held = plan.flow_held(&state.cells, flow);
        state.held_days[flow] = if held > 0.0 { state.held_days[flow] + 1 } else { 0 };
    }
}

/// What waits at a limit: goods of a contract, or an input that its client sends ([`Plan::contract_inputs`]).
#[derive(Clone, Copy)]
enum Goods {
    Contract(usize),
    Input(usize),
}

/// Calls `visit(plan, state, path, (first cell, items side by side), product, whose)` for everything on a path with a limit.
fn for_waiting(plan: &Plan, state: &mut State, mut visit: impl FnMut(&Plan, &mut State, &Path, (usize, usize), usize, Goods)) {
    for &flow in &plan.limited_flows {
        let flow = flow as usize;
        let path = &plan.paths[plan.standing.path[flow] as usize];
        let product = plan.point_product[plan.standing.point[flow] as usize] as usize;
        let goods = Goods::Contract(plan.standing.contract[flow].index());
        let cells = (plan.standing.cells[flow] as usize, plan.standing.width[flow] as usize);
        visit(plan, state, path, cells, product, goods);
    }
    let orders = &plan.orders;
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            let path = &plan.paths[orders.path[order] as usize];
            if path.limited && state.order_in_transit[order] != 0.0 {
                let product = plan.point_product[orders.point[order] as usize] as usize;
                visit(plan, state, path, (orders.cells[order] as usize, 1), product, Goods::Contract(orders.contract[order].index()));
            }
            for input in plan.inputs_of_order(order) {
                let path = &plan.paths[orders.input_path[order] as usize];
                if path.limited && state.input_in_transit[input] != 0.0 {
                    let goods = Goods::Input(plan.consigned.of_contract[input] as usize);
                    visit(plan, state, path, (plan.consigned.cells[input] as usize, 1), plan.consigned.product[input] as usize, goods);
                }
            }
        }
    }
}

/// Of the tonnes waiting at each limit, the share of each class that sets out. A class takes at most ρ·Q, all together the largest of
/// these.
fn share_tonnes(plan: &Plan, state: &mut State) {
    let classes = plan.network.classes as usize;
    let rank = |class: usize| plan.network.class_rank.get(class).copied().unwrap_or(0);
    let last_rank = plan.network.class_rank.iter().copied().max().unwrap_or(0);
    for (k, limit) in plan.limits.iter().enumerate() {
        let at = k * classes;
        let open = |class: usize| if limit.gates == NO_GATE { 1.0 } else { state.open[limit.gates as usize + class] };
        let wanted = |class: usize| state.limit_wanted[at + class] + plan.traffic[at + class];
        let most = |class: usize| wanted(class).min(open(class) * limit.tonnes_per_day);
        let mut left = limit.tonnes_per_day * (0..classes).map(open).fold(0.0, f64::max);
        for now in 0..=last_rank {
            let of_rank = || (0..classes).filter(|&class| rank(class) == now);
            let asked: f64 = of_rank().map(most).sum();
            let orders = || of_rank().map(|class| pair(most(class), wanted(class))).collect::<Vec<_>>();
            let level = if asked > left { fill(left, &mut orders()) } else { 1.0 };
            for class in of_rank() {
                let share = if wanted(class) > 0.0 { (most(class) / wanted(class)).min(level) } else { 1.0 };
                state.limit_share[at + class] = share;
            }
            left = (left - asked).max(0.0);
        }
    }
}

/// What spoils in the evening: goods held, finished and waiting, or in store.
pub fn spoil(plan: &Plan, state: &mut State) {
    if !plan.perishable {
        return;
    }
    let share = |product: usize| plan.network.products[product].spoilage_share_per_day;
    for (point, &product) in plan.point_product.iter().enumerate() {
        let product = product as usize;
        decay(&mut state.stock[point], share(product), &mut state.spoilt[product]);
    }
    for (l, line) in plan.network.lines.iter().enumerate() {
        let product = line.product.index();
        decay(&mut state.finished[l], share(product), &mut state.spoilt[product]);
    }
    for stream in &plan.standing.streams {
        let product = stream.product as usize;
        let (path, cells) = plan.path_of(stream);
        spoil_held(state, path, (cells.start, stream.width as usize), product, share(product));
        state.supplier_stock[stream.flows()].iter_mut().for_each(|stock| *stock *= 1.0 - share(product));
    }
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            spoil_order(plan, state, order);
        }
    }
}

fn spoil_order(plan: &Plan, state: &mut State, order: usize) {
    let orders = &plan.orders;
    let product = plan.point_product[orders.point[order] as usize] as usize;
    let share = |product: usize| plan.network.products[product].spoilage_share_per_day;
    decay(&mut state.order_finished[order], share(product), &mut state.spoilt[product]);
    if state.order_in_transit[order] != 0.0 {
        let path = &plan.paths[orders.path[order] as usize];
        let gone = spoil_held(state, path, (orders.cells[order] as usize, 1), product, share(product));
        if gone > 0.0 {
            let waits = state.order_waits.get(order).copied().unwrap_or(0.0);
            state.order_in_transit[order] = cells_of(state, path, orders.cells[order]) + waits;
            // A client's goods spoil at the client's risk: the work on them is due.
            if plan.is_processing(order) {
                state.billed_today[order] += gone;
                state.billed[order] += gone;
            }
        }
    }
    for input in plan.inputs_of_order(order) {
        let product = plan.consigned.product[input] as usize;
        decay(&mut state.input_stock[input], share(product), &mut state.spoilt[product]);
        if state.input_in_transit[input] != 0.0 {
            let path = &plan.paths[orders.input_path[order] as usize];
            spoil_held(state, path, (plan.consigned.cells[input] as usize, 1), product, share(product));
            let waits = state.input_waits.get(input).copied().unwrap_or(0.0);
            state.input_in_transit[input] = cells_of(state, path, plan.consigned.cells[input]) + waits;
        }
    }
}

fn cells_of(state: &State, path: &Path, first: u32) -> f64 {
    state.cells[first as usize..(first + path.cells) as usize].iter().sum()
}

fn decay(stock: &mut f64, share: f64, spoilt: &mut f64) {
    let gone = *stock * share;
    *stock -= gone;
    *spoilt += gone;
}

/// Spoils what is held on a path, by so many items side by side; returns how much.
fn spoil_held(state: &mut State, path: &Path, (first, width): (usize, usize), product: usize, share: f64) -> f64 {
    let mut gone = 0.0;
    for hop in path.hops.iter().filter(|h| h.holds()) {
        let held = &mut state.cells[first + hop.held as usize * width..][..width];
        held.iter_mut().for_each(|held| decay(held, share, &mut gone));
    }
    state.spoilt[product] += gone;
    gone
}
