//! The part of phase 3 that deals with standing flows: planned rates, needs, positions, orders.

use super::switching;
use super::today::{capacity_of_line, lawful_share};
use crate::model::network::{PlanRate, SuppliedBy};
use crate::plan::state::{BUYER_GONE, FAILING, RECOVERING, SELLER_GONE, State};
use crate::plan::{Plan, Stream};
use crate::rule::switching::short;
use crate::rule::{expect, news, restock};

/// Standing flows: planned rates, needs, positions, orders.
pub(super) fn flows(plan: &Plan, state: &mut State, t: usize) {
    if plan.standing.contract.is_empty() {
        return;
    }
    needs(plan, state);
    state.position.copy_from_slice(&state.stock);
    for purchase in &plan.standing.purchases {
        state.position[purchase.point as usize] += state.in_transit[purchase.flows()].iter().sum::<f64>();
    }
    for n in 0..state.newcomer_ordered.len() {
        let point = plan.switching.newcomer_point[n] as usize;
        if let Some(position) = state.position.get_mut(point) {
            *position += state.newcomer_cells[plan.switching.cells_of(n, &plan.network.newcomers[n])].iter().sum::<f64>();
        }
    }
    if plan.any_credit_limit {
        credit_rooms(plan, state);
    }
    switching::let_go(plan, state);
    let troubled = switching::any(plan, state);
    state.flow_blocked.fill(0.0);
    state.flow_missing.fill(0.0);
    for stream in &plan.standing.streams {
        if !troubled && unhindered(plan, state, stream) {
            order_all(plan, state, stream);
        } else {
            stream.flows().for_each(|flow| order_one(plan, state, flow));
        }
    }
    if plan.any_moves {
        move_orders(plan, state);
    }
    if plan.any_takers() && troubled {
        switching::take_over(plan, state, t);
    }
    // Of what was ordered before only final demand waits.
    let asked = state.received.iter().zip(&state.backlog);
    state.wanted.iter_mut().zip(asked).for_each(|(wanted, (received, waits))| *wanted = received + waits);
}

/// Whether every flow of a stream gets today what its buyer wants: the path is open, and no event, rule, limit or stopped firm takes from
/// it.
fn unhindered(plan: &Plan, state: &State, stream: &Stream) -> bool {
    let open = state.shut_gates[stream.path as usize] == 0 && state.ended_firms[0] == 0;
    open && !plan.freezes && !plan.cuts_orders && !plan.network.rules_act && !plan.any_credit_limit
}

/// The orders of a stream that nothing hinders.
fn order_all(plan: &Plan, state: &mut State, stream: &Stream) {
    let flows = &plan.standing;
    for purchase in &flows.purchases[stream.purchases()] {
        // Terms are those of the stream, but days of cover are the store's.
        let policy = Policy::of(plan, purchase.first as usize);
        let gap = gap_of(plan, state, &policy, purchase.point as usize);
        for flow in purchase.flows() {
            let share = flows.share[flow];
            let wanted = if policy.by_supplier { order_at(plan, state, &policy, flow, share) } else { share * gap };
            let quantity = restock::at_least(wanted, flows.minimum_order[flow]);
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
    let served = if short(state.shipped[flow], state.ordered[flow]) { state.shipped[flow] / state.ordered[flow] } else { 1.0 };
    let wanted = restock::at_least(switching::wanted(plan, state, flow), flows.minimum_order[flow]);
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
    let way = switching::way_found(plan, state, &plan.switching.flow_detour, flow, flows.path[flow]);
    let leaves = if reachable(plan, state, flow) { quantity * way } else { 0.0 };
    let blocked = quantity - leaves;
    if blocked > 0.0 || leaves == 0.0 {
        // It cannot leave today: neither produced for nor rationed (docs/model.md, order).
        state.blocked[line] += blocked;
        if plan.any_moves {
            state.point_moved[flows.point[flow] as usize] += flows.moves_share[flow] * blocked;
        }
    }
    state.ordered[flow] = leaves;
    if let Some(of_flow) = state.flow_blocked.get_mut(flow) {
        *of_flow = blocked;
    }
    if reachable(plan, state, flow) {
        state.received[line] += leaves;
        if plan.network.rules_act {
            forgo(plan, state, flow, wanted, leaves);
        }
    }
    if plan.any_takers() {
        // The terms may say that not all of it moves.
        let moves = if flows.moves_share[flow] > 0.0 { flows.moves_share[flow] } else { 1.0 };
        state.flow_missing[flow] = moves
            * match state.trouble.get(flow) {
                Some(&FAILING) => blocked + leaves * (1.0 - served),
                Some(&RECOVERING) => switching::within(plan, state, flow, leaves, flows.share[flow]),
                _ => 0.0,
            };
    }
}

/// How a flow's buyer orders: the same for all flows of a purchase.
#[derive(Clone, Copy)]
pub(super) struct Policy {
    planned: bool,
    pub(super) by_supplier: bool,
    gross: f64,
    stock_days: f64,
    lead_days: f64,
    restock_days: f64,
}

impl Policy {
    pub(super) fn of(plan: &Plan, flow: usize) -> Self {
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
pub(super) fn order_at(plan: &Plan, state: &State, policy: &Policy, flow: usize, share: f64) -> f64 {
    let point = plan.standing.point[flow] as usize;
    if policy.planned {
        let forgone = if plan.network.rules_act { state.forgone[flow] } else { 0.0 };
        return (share * gap_of(plan, state, policy, point) - forgone).max(0.0);
    }
    if !policy.by_supplier {
        return share * gap_of(plan, state, policy, point);
    }
    let Policy { gross, stock_days, lead_days, restock_days, .. } = *policy;
    let need = share * state.need[point];
    let position = state.supplier_stock[flow] + state.in_transit[flow];
    let target = restock::target(stock_days, (lead_days - 1.0) * gross, need);
    restock::order(gross * need, target, position, |gap| gap / restock_days)
}

/// What a store as a whole asks of all its suppliers together.
pub(super) fn gap_of(plan: &Plan, state: &State, policy: &Policy, point: usize) -> f64 {
    if policy.planned {
        return planned_gap(state, point);
    }
    let need = state.need[point];
    let target = restock::target(policy.stock_days, plan.point_pipeline_days[point], need);
    restock::order(policy.gross * need, target, state.position[point], |gap| gap / policy.restock_days)
}

/// Share of a standing order that is placed: none by a buyer that has stopped.
pub(super) fn placed_share(plan: &Plan, state: &State, flow: usize) -> f64 {
    let contract = plan.standing.contract[flow].index();
    let placed = if state.flow_gone[flow] & BUYER_GONE == 0 { state.order_factor[contract] } else { 0.0 };
    placed * lawful_share(plan, state, contract)
}

/// Where a rule stops a share of the buyers behind a flow, the rest order no more than their own need: they do not refill the stock of
/// those who have stopped. Without a rule there is no such bound, and a plan's purchases have their own ([`forgo`]).
fn own_need(plan: &Plan, state: &State, flow: usize, share: f64) -> f64 {
    let flows = &plan.standing;
    let lawful = lawful_share(plan, state, flows.contract[flow].index());
    if lawful >= 1.0 || flows.planned[flow] {
        return f64::INFINITY;
    }
    lawful * share * flows.gross[flow] * state.need[flows.point[flow] as usize]
}

/// What the plan asks of a store beyond what is there and on the way.
fn planned_gap(state: &State, point: usize) -> f64 {
    (state.planned_need[point] - state.position[point]).max(0.0)
}

/// What a rule has stopped of a plan's purchases so far: what others have brought since, or the plan no longer asks for, is forgotten;
/// where the rule lets more through than yesterday, so much of it is wanted again.
fn recall(plan: &Plan, state: &mut State, flow: usize) {
    let flows = &plan.standing;
    if !flows.planned[flow] {
        return;
    }
    let lawful = lawful_share(plan, state, flows.contract[flow].index());
    let before = std::mem::replace(&mut state.lawful_before[flow], lawful);
    // A flow that only stands by may take over the whole gap.
    let share = if flows.share[flow] > 0.0 { flows.share[flow] } else { 1.0 };
    let most = share * planned_gap(state, flows.point[flow] as usize);
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

/// Whether goods of a standing flow leave today: its path is open, or has not been shut for longer than news takes, and neither end is out of
/// reach.
pub(super) fn reachable(plan: &Plan, state: &State, flow: usize) -> bool {
    let flows = &plan.standing;
    let frozen = |firm: u32| state.frozen(plan, firm as usize);
    let out_of_reach =
        plan.freezes && (frozen(plan.line_firm[flows.line[flow] as usize]) || frozen(plan.point_firm[flows.point[flow] as usize]));
    let sent = news::still_sent(state.shut_days[flows.path[flow] as usize], flows.news_days[flow]);
    sent && state.flow_gone[flow] & SELLER_GONE == 0 && !out_of_reach
}

/// Units a buyer may order under the credit limit of each priced flow: what is due, overdue and on the way counts.
fn credit_rooms(plan: &Plan, state: &mut State) {
    let flows = &plan.standing;
    for (p, &flow) in flows.priced.iter().enumerate().filter(|&(p, _)| flows.credit_limit[p].is_finite()) {
        // What came this morning is invoiced in the evening.
        let goods = state.in_transit[flow as usize] + state.arrived[flow as usize];
        // From loading on they are invoiced already.
        let goods = if flows.title_at_loading[flow as usize] { 0.0 } else { goods };
        let paid_ahead = state.paid_ahead.get(p).copied().unwrap_or(0.0);
        let owed = state.due_later[p] + state.overdue[p] + (goods * flows.price[p] - paid_ahead).max(0.0);
        state.credit_room[flow as usize] = ((flows.credit_limit[p] - owed) / flows.price[p]).max(0.0);
    }
}

/// Orders that cannot be placed move to the buyer's standby flows, in proportion to and within what these can take over.
fn move_orders(plan: &Plan, state: &mut State) {
    let flows = &plan.standing;
    state.point_standby.fill(0.0);
    let takes = |state: &State, flow: usize| {
        let moves = flows.standby_share[flow] > 0.0 && state.point_moved[flows.point[flow] as usize] > 0.0;
        if !(moves && reachable(plan, state, flow)) {
            return 0.0;
        }
        // Where stock is kept per supplier a standby flow's own stock says nothing of the others' gaps: it takes over their need.
        let order = if flows.by_supplier[flow] {
            flows.gross[flow] * state.need[flows.point[flow] as usize]
        } else {
            order_at(plan, state, &Policy::of(plan, flow), flow, 1.0)
        };
        let order = if switching::binds_at(plan, state, flow) { switching::within(plan, state, flow, order, 1.0) } else { order };
        let takes = flows.standby_share[flow] * order * placed_share(plan, state, flow);
        let takes = if plan.network.rules_act { takes.min(own_need(plan, state, flow, flows.standby_share[flow])) } else { takes };
        if plan.any_credit_limit { takes.min((state.credit_room[flow] - state.ordered[flow]).max(0.0)) } else { takes }
    };
    for flow in 0..flows.contract.len() {
        state.point_standby[flows.point[flow] as usize] += takes(state, flow);
    }
    for flow in 0..flows.contract.len() {
        let point = flows.point[flow] as usize;
        let extra = takes(state, flow) * (state.point_moved[point] / state.point_standby[point]).min(1.0);
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
        let point = flows.point[flow] as usize;
        if state.point_moved[point] > 0.0 && state.flow_blocked[flow] > 0.0 {
            let moved = flows.moves_share[flow] * (state.point_standby[point] / state.point_moved[point]).min(1.0);
            let line = flows.line[flow] as usize;
            let quantity = state.flow_blocked[flow] * moved;
            state.blocked[line] = (state.blocked[line] - quantity).max(0.0);
            state.withheld[line] += quantity;
            state.flow_blocked[flow] -= quantity;
            if let Some(missing) = state.flow_missing.get_mut(flow) {
                *missing = (*missing - quantity).max(0.0);
            }
        }
    }
    state.point_moved.fill(0.0);
}

/// Need per stock point at the planned rates: Σ over the firm's lines of a·(1 + waste)·g.
fn needs(plan: &Plan, state: &mut State) {
    let settings = &plan.network.settings;
    state.need.fill(0.0);
    state.bare_need.fill(0.0);
    for &l in &plan.general_lines {
        let l = l as usize;
        let uses = plan.uses_of(l);
        if uses.is_empty() {
            continue;
        }
        // What clients consign is not bought for their orders; what the maker brings itself is.
        let waiting = state.backlog[l] / settings.backlog_days.max(1.0);
        let (expected, order_lines, capacity) = (state.expected[l], state.order_rate[l], capacity_of_line(plan, state, l));
        let rate_with = |processing: f64| expect::planned_rate(expected, waiting, order_lines, processing, capacity);
        let (of_sales, of_all) = (rate_with(0.0), rate_with(state.processing_rate[l]));
        for input in uses {
            let rate = match (settings.plan_rate, input.supplied_by) {
                (PlanRate::Realised, _) => state.output[l],
                (PlanRate::Demand, SuppliedBy::Client) => of_sales,
                (PlanRate::Demand, SuppliedBy::Maker) => of_all,
            };
            state.need[input.point as usize] += input.per_unit * rate;
            if let Some(bare) = state.bare_need.get_mut(input.point as usize) {
                // What customers have waited for is no reason to buy more of a seller than its part.
                let extra = if input.supplied_by == SuppliedBy::Maker { state.processing_rate[l] } else { 0.0 };
                *bare += input.per_unit * rate.min(expect::planned_rate(expected, 0.0, order_lines, extra, capacity));
            }
        }
    }
}
