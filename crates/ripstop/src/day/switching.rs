//! The part of phase 3 that deals with what fails: who does, whose share binds, and what takes over in time.

use super::restock::{Policy, gap_of, order_at, placed_share, reachable};
use crate::plan::state::{FAILING, RECOVERING, SOUND, State};
use crate::plan::switching::{Fails, Taker, Who};
use crate::plan::{NONE, Plan};
use crate::rule::switching::{HARDLY, level, short, tick, within_share};

/// Looks who fails this morning, and lets what takes time go on by a day.
pub(super) fn look(plan: &Plan, state: &mut State) {
    let switching = &plan.switching;
    for store in switching.shared.chunk_by(|a, b| a.0 == b.0) {
        for &(_, flow) in store {
            let flow = flow as usize;
            // Orders and shipments are still those of yesterday.
            let fails =
                first_way_shut(plan, state, flow) || !reachable(plan, state, flow) || short(state.shipped[flow], state.ordered[flow]);
            state.trouble[flow] = match (fails, state.trouble[flow]) {
                (true, _) => FAILING,
                (false, SOUND) => SOUND,
                (false, _) => RECOVERING,
            };
        }
        count(state, store);
    }
    for (r, ramp) in switching.ramps.iter().enumerate() {
        let fails = match ramp.fails {
            Fails::Store(point, flow) => {
                let own = flow != NONE && state.trouble[flow as usize] == FAILING;
                state.point_failing[point as usize] > u32::from(own)
            }
            Fails::FirstBranch(path) => plan.paths[path as usize].first_shut(&state.open),
            Fails::Seller(path, firm) => state.shut_gates[path as usize] > 0 || state.ended(firm as usize),
        };
        state.ramp_clock[r] = tick(state.ramp_clock[r], fails);
        state.ramp_level[r] = level(state.ramp_level[r], state.ramp_clock[r], ramp.times);
    }
}

fn count(state: &mut State, store: &[(u32, u32)]) {
    let with = |trouble: u8| store.iter().filter(|&&(_, flow)| state.trouble[flow as usize] == trouble).count() as u32;
    let (failing, recovering) = (with(FAILING), with(RECOVERING));
    let point = store[0].0 as usize;
    (state.point_failing[point], state.point_recovering[point]) = (failing, recovering);
}

fn first_way_shut(plan: &Plan, state: &State, flow: usize) -> bool {
    let path = &plan.paths[plan.standing.path[flow] as usize];
    path.branches.len() > 1 && path.first_shut(&state.open)
}

/// Lets go the shares of stores that have what they want again: no seller fails, nobody takes over, and no order is above its share.
pub(super) fn let_go(plan: &Plan, state: &mut State) {
    let takers = &plan.switching.takers;
    for store in plan.switching.shared.chunk_by(|a, b| a.0 == b.0) {
        let point = store[0].0;
        if state.point_recovering[point as usize] == 0 || state.point_failing[point as usize] > 0 {
            continue;
        }
        let first = takers.partition_point(|taker| taker.point < point);
        let mut own = takers[first..].iter().take_while(|taker| taker.point == point);
        let wants_more = |&(_, flow): &(u32, u32)| {
            let flow = flow as usize;
            let share = plan.standing.share[flow];
            let order = order_at(plan, state, &Policy::of(plan, flow), flow, share);
            order > (1.0 + HARDLY) * within(plan, state, flow, f64::INFINITY, share)
        };
        if own.all(|taker| state.ramp_level[taker.ramp as usize] == 0.0) && !store.iter().any(wants_more) {
            for &(_, flow) in store {
                state.trouble[flow as usize] = SOUND;
            }
            count(state, store);
        }
    }
}

/// Whether something fails, comes back or takes another way, so that orders are looked at one by one.
pub(super) fn any(plan: &Plan, state: &State) -> bool {
    let troubled = |&(_, flow): &(u32, u32)| state.trouble[flow as usize] != SOUND;
    plan.switching.shared.iter().any(troubled) || state.ramp_clock.iter().any(|&clock| clock > 0)
}

/// An order, or a part of it, within a share of the need without backlog.
pub(super) fn within(plan: &Plan, state: &State, flow: usize, order: f64, share: f64) -> f64 {
    let flows = &plan.standing;
    within_share(order, share, flows.gross[flow], state.bare_need[flows.point[flow] as usize])
}

/// Whether shares bind at a flow's store today.
pub(super) fn binds_at(plan: &Plan, state: &State, flow: usize) -> bool {
    let point = plan.standing.point[flow] as usize;
    state.point_failing.get(point).is_some_and(|&failing| failing + state.point_recovering[point] > 0)
}

/// What a flow's buyer wants of it today. While another seller fails no more than its share of the need; a seller that comes back is left to
/// fill what it failed to bring. What is blocked looks elsewhere within its share too.
pub(super) fn wanted(plan: &Plan, state: &State, flow: usize) -> f64 {
    let flows = &plan.standing;
    let (share, policy) = (flows.share[flow], Policy::of(plan, flow));
    if flows.planned[flow] || !binds_at(plan, state, flow) {
        return order_at(plan, state, &policy, flow, share);
    }
    let point = flows.point[flow] as usize;
    let trouble = state.trouble[flow];
    let others_fail = state.point_failing[point] > u32::from(trouble == FAILING);
    if others_fail || trouble == SOUND {
        // Of stock kept per supplier its own part says nothing of what the store lacks: use runs it down while the others bring nothing.
        let store =
            if policy.by_supplier { share * gap_of(plan, state, &policy, point) } else { order_at(plan, state, &policy, flow, share) };
        return within(plan, state, flow, store, share);
    }
    let order = order_at(plan, state, &policy, flow, share);
    if reachable(plan, state, flow) { order } else { within(plan, state, flow, order, share) }
}

/// Share of what is ready, or ordered, that can leave today: all, unless the first way is shut and another is only being found. `detours`:
/// ramps of flows, order lines or their inputs; `row`: one of them; `path`: its path.
#[inline]
pub(super) fn way_found(plan: &Plan, state: &State, detours: &[u32], row: usize, path: u32) -> f64 {
    match detours.get(row) {
        Some(&ramp) if ramp != NONE && plan.paths[path as usize].first_shut(&state.open) => state.ramp_level[ramp as usize],
        _ => 1.0,
    }
}

/// Share of what leaves that still takes another way though the first is open again.
#[inline]
pub(super) fn still_away(state: &State, detours: &[u32], row: usize) -> f64 {
    match detours.get(row) {
        Some(&ramp) if ramp != NONE && state.ramp_clock[ramp as usize] < 0 => state.ramp_level[ramp as usize],
        _ => 0.0,
    }
}

/// What the takers of stores in trouble bring of what is missing, each as far as it is and within its share of the need, all alike if less is
/// missing. What they keep while a seller comes back is not ordered of that one.
pub(super) fn take_over(plan: &Plan, state: &mut State, t: usize) {
    let flows = &plan.standing;
    state.point_moved.fill(0.0);
    state.point_standby.fill(0.0);
    for &(point, flow) in &plan.switching.shared {
        state.point_moved[point as usize] += state.flow_missing[flow as usize];
    }
    for taker in &plan.switching.takers {
        state.point_standby[taker.point as usize] += takes(plan, state, taker);
    }
    for taker in &plan.switching.takers {
        let point = taker.point as usize;
        if state.point_moved[point] > 0.0 {
            let extra = takes(plan, state, taker) * (state.point_moved[point] / state.point_standby[point]).min(1.0);
            match taker.who {
                Who::Flow(flow) if extra > 0.0 => {
                    state.ordered[flow as usize] += extra;
                    state.received[flows.line[flow as usize] as usize] += extra;
                }
                Who::Newcomer(n) if extra > 0.0 => super::newcomers::order(plan, state, n as usize, extra, t),
                _ => {}
            }
        }
    }
    for &(point, flow) in &plan.switching.shared {
        let (point, flow) = (point as usize, flow as usize);
        if state.point_moved[point] > 0.0 {
            forget(plan, state, flow, (state.point_standby[point] / state.point_moved[point]).min(1.0));
        }
    }
    state.point_moved.fill(0.0);
}

/// What has gone to others is wanted of the old seller no more: its days count as `no orders`.
fn forget(plan: &Plan, state: &mut State, flow: usize, share: f64) {
    let line = plan.standing.line[flow] as usize;
    let gone = share * state.flow_missing[flow];
    if state.trouble[flow] == RECOVERING {
        let kept = gone.min(state.ordered[flow]);
        state.ordered[flow] -= kept;
        state.received[line] = (state.received[line] - kept).max(0.0);
        state.withheld[line] += kept;
    } else {
        let moved = gone.min(state.flow_blocked[flow]);
        state.blocked[line] = (state.blocked[line] - moved).max(0.0);
        state.withheld[line] += moved;
    }
}

/// What a taker could bring today.
fn takes(plan: &Plan, state: &State, taker: &Taker) -> f64 {
    let level = state.ramp_level[taker.ramp as usize];
    if level == 0.0 || state.point_moved[taker.point as usize] == 0.0 {
        return 0.0;
    }
    match taker.who {
        Who::Flow(flow) => {
            let flow = flow as usize;
            if !reachable(plan, state, flow) || state.trouble[flow] == FAILING {
                return 0.0;
            }
            let most = level * within(plan, state, flow, f64::INFINITY, taker.share) * placed_share(plan, state, flow);
            if plan.any_credit_limit { most.min((state.credit_room[flow] - state.ordered[flow]).max(0.0)) } else { most }
        }
        Who::Newcomer(n) => {
            let most = level * taker.share * state.bare_need[taker.point as usize];
            most.min(super::newcomers::room(plan, state, n as usize))
        }
    }
}
