//! What events do to places: they may be out of reach, what lies there may be destroyed or carried out.

use crate::model::events::{After, Change, Event};
use crate::model::ids::PlaceId;
use crate::plan::Plan;
use crate::plan::state::State;

/// Counts the days in a row on which places are out of reach.
pub(super) fn count_days(plan: &Plan, state: &mut State, t: usize) {
    if !plan.freezes {
        return;
    }
    let day = plan.calendar.day(t);
    let acts = |event: &Event| event.from <= day && event.to.is_none_or(|last| day <= last);
    let mut frozen = vec![false; state.frozen_days.len()];
    for event in plan.events.iter().filter(|event| plan.holds(event) && acts(event)) {
        if let Change::Freeze { places, .. } = &event.change {
            places.iter().for_each(|place| frozen[place.index()] = true);
        }
    }
    state.frozen_days.iter_mut().zip(frozen).for_each(|(days, frozen)| *days = if frozen { *days + 1 } else { 0 });
}

/// Takes out of stores what is destroyed or carried out today, and what is lost or sold with a place that was out of reach until yesterday.
pub(super) fn take(plan: &Plan, state: &mut State, t: usize) {
    if !plan.takes_goods {
        return;
    }
    let day = plan.calendar.day(t);
    for event in plan.events.iter().filter(|event| plan.holds(event)) {
        match &event.change {
            Change::Destroy(places) if day == event.from => {
                let taken = take_from(plan, state, places, event.value);
                add(&mut state.destroyed, &taken);
            }
            Change::Freeze { places, after } if event.to.is_some_and(|last| day == last.plus(1)) && *after != After::Returned => {
                let taken = take_from(plan, state, places, 1.0);
                add(if *after == After::Lost { &mut state.forfeited } else { &mut state.sold_off }, &taken);
            }
            Change::Evacuate(places) if event.strength(day) > 0.0 => {
                // Nothing is carried out of a place that is out of reach.
                let in_reach = |place: &PlaceId| state.frozen_days.get(place.index()).is_none_or(|&days| days == 0);
                let places: Vec<PlaceId> = places.iter().copied().filter(in_reach).collect();
                let taken = take_from(plan, state, &places, event.value * event.strength(day));
                add(&mut state.carried_out, &taken);
            }
            _ => {}
        }
    }
}

fn add(column: &mut [f64], units: &[f64]) {
    column.iter_mut().zip(units).for_each(|(sum, units)| *sum += units);
}

/// Takes a share of all that lies in stores at some places: inputs and finished goods, whoever owns them. Returns what was taken of every
/// product.
fn take_from(plan: &Plan, state: &mut State, places: &[PlaceId], share: f64) -> Vec<f64> {
    let mut taken = vec![0.0; plan.network.products.len()];
    let at = |firm: u32| places.contains(&plan.network.firms[firm as usize].place);
    let mut part = |stock: &mut f64, product: u32| {
        let goes = if share >= 1.0 { *stock } else { *stock * share };
        *stock -= goes;
        taken[product as usize] += goes;
    };
    for (point, stock) in state.stock.iter_mut().enumerate().filter(|(point, _)| at(plan.point_firm[*point])) {
        part(stock, plan.point_product[point]);
    }
    for (l, finished) in state.finished.iter_mut().enumerate().filter(|(l, _)| at(plan.line_firm[*l])) {
        part(finished, plan.line_product[l]);
    }
    for firm in plan.order_firms.iter().filter(|&&firm| at(firm)) {
        for order in plan.orders_of(*firm as usize) {
            part(&mut state.order_finished[order], plan.point_product[plan.orders.point[order] as usize]);
            for input in plan.inputs_of_order(order) {
                part(&mut state.input_stock[input], plan.consigned.product[input]);
            }
        }
    }
    let parts = state.supplier_stock.iter_mut().zip(&plan.standing.point);
    parts.filter(|(_, point)| at(plan.point_firm[**point as usize])).for_each(|(stock, _)| *stock *= 1.0 - share);
    taken
}
