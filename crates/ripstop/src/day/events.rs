//! Phase 1, **events**: the factors of the day.
//!
//! Factors of several events multiply; the open share of a gate is the smallest any event leaves; cuts compound. When ρ rises from
//! ρ₀ to ρ₁, the share (ρ₁ − ρ₀)/(1 − ρ₀) of what is held is released. Of several refusals the largest counts.
//! Places may be out of reach for some days, stores of places destroyed or carried out.
//! Damage takes a share of a line's capacity and heals by one of six shapes (Inoue & Todo 2019; [`crate::model::damage`]).

use crate::model::calendar::Day;
use crate::model::damage::{Healing, Recovery};
use crate::model::enforcement::Enforcement;
use crate::model::events::{Change, Event};
use crate::model::factors::{factors, scale, since_recovery, theirs};
use crate::model::ids::*;
use crate::model::network::{Direction, Network};
use crate::plan::state::State;
use crate::plan::{Plan, gate};

/// Sets the factors of day `t` and clears the counts of the day.
pub fn apply(plan: &Plan, state: &mut State, t: usize) {
    clear_counts(state);
    super::places::count_days(plan, state, t);
    if plan.changes[t] {
        reset(state);
        for (number, event) in plan.events.iter().enumerate().filter(|(_, event)| plan.holds(event)) {
            apply_event(plan, state, number, event, plan.calendar.day(t));
        }
        state.firm_damage.copy_from_slice(&state.firm_damage_today);
        open_gates(plan, state);
        super::places::take(plan, state, t);
    } else if t > 0 && plan.changes[t - 1] {
        state.release.fill(0.0);
        state.cancelled_today.fill(0);
    }
    for ((rate, &listed), &factor) in state.rate.iter_mut().zip(plan.rates_on(t)).zip(&state.rate_factor) {
        *rate = listed * factor;
    }
    if plan.changes[t] {
        // What is lost is worth what it is today.
        defaults(plan, state, t);
    }
    for (days, &gates) in state.shut_days.iter_mut().zip(&state.shut_gates) {
        *days = if gates > 0 { *days + 1 } else { 0 };
    }
}

fn clear_counts(state: &mut State) {
    for column in [
        &mut state.produced,
        &mut state.used,
        &mut state.sold,
        &mut state.sent_shut,
        &mut state.lost,
        &mut state.spoilt,
        &mut state.refused,
        &mut state.seized,
        &mut state.retained,
        &mut state.written_off,
        &mut state.destroyed,
        &mut state.carried_out,
        &mut state.forfeited,
        &mut state.sold_off,
        &mut state.passed,
        &mut state.inputs_today,
        &mut state.sent_today,
        &mut state.cleared_today,
        &mut state.inputs_sent_today,
        &mut state.inputs_cleared_today,
        &mut state.barred_today,
        &mut state.misallocated,
        &mut state.imported,
    ] {
        column.fill(0.0);
    }
}

fn reset(state: &mut State) {
    for column in [&mut state.capacity_factor, &mut state.attendance_factor, &mut state.demand_factor, &mut state.order_factor] {
        column.fill(1.0);
    }
    state.rate_factor.fill(1.0);
    state.refusal.fill(0.0);
    state.allowed.fill(1.0);
    state.watched.fill(0);
    state.cancelled_today.fill(0);
    state.firm_damage_today.fill(0.0);
    // Yesterday's shares wait in `release` until today's are known.
    state.release.copy_from_slice(&state.open);
    state.open.fill(1.0);
}

fn apply_event(plan: &Plan, state: &mut State, number: usize, event: &Event, day: Day) {
    let network = &plan.network;
    if let Change::Damage { shares, shape, recovery_days, stop_days } = &event.change {
        if day >= event.from {
            let healing = Healing { shape: *shape, days: *recovery_days, stop_days: *stop_days, theirs: theirs(network) };
            let (entry, since) = (plan.damped.first_of_event[number] as usize, since_recovery(event, *stop_days, day));
            damage(plan, state, &Hit { entry, shares, since, healing });
        }
        return;
    }
    let strength = event.strength(day);
    if strength == 0.0 {
        return;
    }
    let factor = 1.0 + (event.value - 1.0) * strength;
    match &event.change {
        Change::Capacity(_) | Change::Demand(_) => {
            factors(network, event, day, &mut state.capacity_factor, &mut state.demand_factor);
        }
        Change::Attendance(firms) => scale(&mut state.attendance_factor, firms.iter().map(|f| f.index()), factor),
        Change::OrderCut(contracts) => {
            scale(&mut state.order_factor, contracts.iter().map(|c| c.index()), 1.0 - event.value * strength);
        }
        Change::Cancel(contracts) => {
            scale(&mut state.order_factor, contracts.iter().map(|c| c.index()), 0.0);
            if day == event.from {
                for contract in contracts {
                    state.cancelled_today[contract.index()] = 1;
                }
            }
        }
        Change::ExchangeRate(currencies) => scale(&mut state.rate_factor, currencies.iter().map(|c| c.index()), factor),
        Change::Refusal(contracts) => {
            for contract in contracts {
                let share = &mut state.refusal[contract.index()];
                *share = share.max((event.value * strength).min(1.0));
            }
        }
        // Done before, and once after the factors: see `defaults` and `places`.
        Change::Damage { .. } | Change::Default(_) | Change::Freeze { .. } | Change::Destroy(_) | Change::Evacuate(_) => {}
        Change::Forbid(contracts) => {
            let share = event.value * strength;
            scale(&mut state.allowed, contracts.iter().map(|c| c.index()), 1.0 - share);
            if day == event.from.plus(event.ramp_in_days as i32) {
                for contract in contracts {
                    let barred = &mut state.barred_today[contract.index()];
                    *barred = barred.max(event.value);
                }
            }
        }
        Change::Enforce(contracts, terms) => {
            for contract in contracts {
                let now = &mut state.watched[contract.index()];
                if watched_by(plan, *now).is_none_or(|others| terms.severity() > others.severity()) {
                    *now = number as u32 + 1;
                }
            }
        }
        Change::OpenShare { crossings, towards, class } => {
            for &crossing in crossings {
                narrow(network, &mut state.open, crossing, (*towards, *class), factor);
            }
        }
    }
}

/// Damage of an event on a day.
struct Hit<'a> {
    /// First of its entries in [`State::damage_left`].
    entry: usize,
    /// Lines, and the share of capacity each lost.
    shares: &'a [(LineId, f64)],
    /// Days since the recovery began.
    since: i32,
    healing: Healing,
}

/// Takes what damage leaves out of the capacity of lines.
fn damage(plan: &Plan, state: &mut State, hit: &Hit<'_>) {
    let &Hit { entry, shares, since, healing } = hit;
    let damped = healing.shape == Recovery::Damped;
    for turn in 0..shares.len() {
        let at = if damped { plan.damped.turn[entry + turn] as usize } else { turn };
        let (line, first) = shares[at];
        let firm = plan.network.lines[line.index()].firm;
        let lost = if damped && since > 0 {
            let around = plan.damped.damage_around(entry + at, &state.firm_damage, &state.firm_damage_today, firm);
            healing.damped(state.damage_left[entry + at], around)
        } else {
            healing.lost(first, since)
        };
        if damped && since >= 0 {
            state.damage_left[entry + at] = lost;
        }
        state.capacity_factor[line.index()] *= 1.0 - lost;
        if let Some(worst) = state.firm_damage_today.get_mut(firm.index()) {
            *worst = worst.max(lost);
        }
    }
}

/// What the event that watches a contract says, if one does.
fn watched_by(plan: &Plan, watched: u32) -> Option<Enforcement> {
    match &plan.events.get((watched as usize).checked_sub(1)?)?.change {
        Change::Enforce(_, terms) => Some(*terms),
        _ => None,
    }
}

/// Leaves a crossing open for a share, towards one country and for one class, or any.
fn narrow(network: &Network, open: &mut [f64], crossing: CrossingId, (towards, class): (Option<CountryId>, Option<ClassId>), share: f64) {
    let country_a = network.crossings[crossing.index()].country_a;
    let only = towards.map(|country| Change::direction_towards(country, country_a));
    for direction in [Direction::AToB, Direction::BToA] {
        if only.is_some_and(|d| d != direction) {
            continue;
        }
        for class in (0..network.classes).map(ClassId).filter(|&c| class.is_none_or(|only| only == c)) {
            let gate = gate(network, crossing, direction, class) as usize;
            open[gate] = open[gate].min(share);
        }
    }
}

fn open_gates(plan: &Plan, state: &mut State) {
    for (release, &open) in state.release.iter_mut().zip(&state.open) {
        let before = *release;
        *release = if open > before { (open - before) / (1.0 - before) } else { 0.0 };
    }
    for (path, shut) in plan.paths.iter().zip(&mut state.shut_gates) {
        *shut = path.shut_gates(&state.open);
    }
}

/// Firms that default today, or did before the first day.
fn defaults(plan: &Plan, state: &mut State, t: usize) {
    for event in plan.events.iter().filter(|event| plan.holds(event)) {
        if let Change::Default(firms) = &event.change
            && event.from <= plan.calendar.day(t)
        {
            for firm in firms.iter().map(|f| f.index()) {
                if !state.ended(firm) {
                    // Its people have not worked today.
                    super::settle::end(plan, state, firm, t.saturating_sub(1));
                }
            }
        }
    }
}
