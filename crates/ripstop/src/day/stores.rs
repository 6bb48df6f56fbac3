//! What the phases of a day take out of stores that are kept per supplier.

use crate::plan::cover::Part;
use crate::plan::state::State;
use crate::plan::{NONE, Plan};
use crate::rule::stores::{days_used, kept};

/// Nothing has been taken out of any store.
pub(crate) fn open_day(state: &mut State) {
    state.point_keep.fill(1.0);
    state.point_used.fill(0.0);
}

/// Notes what is taken out of a store in which there was more than nothing. What its parts lose by it is reckoned when all has been taken.
pub(crate) fn note_use(state: &mut State, point: usize, used: f64, before: f64) {
    state.point_keep[point] *= 1.0 - used / before;
    if let Some(sum) = state.point_used.get_mut(point) {
        *sum += used;
    }
}

/// Takes what has been used of every store out of its suppliers' parts: of all alike (Inoue & Todo 2019), or as many days of each.
pub(crate) fn use_parts(plan: &Plan, state: &mut State) {
    let State { supplier_stock, point_keep, point_used, stock, .. } = state;
    for store in &plan.uneven {
        let point = store.point as usize;
        let (parts, used) = (&plan.parts[store.parts()], point_used[point]);
        point_keep[point] = 1.0;
        if used <= 0.0 {
            continue;
        }
        let own: f64 = parts.iter().filter(|part| part.flow != NONE).map(|part| supplier_stock[part.flow as usize]).sum();
        let common = (stock[point] + used - own).max(0.0);
        let of = |part: &Part| if part.flow == NONE { common } else { supplier_stock[part.flow as usize] };
        let days = days_used(used, parts.iter().map(|part| (of(part), part.days)));
        for part in parts.iter().filter(|part| part.flow != NONE) {
            supplier_stock[part.flow as usize] *= kept(days, part.days);
        }
    }
    for (stock, &point) in supplier_stock.iter_mut().zip(&plan.standing.point) {
        *stock *= point_keep[point as usize];
    }
}
