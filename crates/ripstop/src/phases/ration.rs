//! Phase 5, **ration**: what was produced and what was finished before is shared among open standing orders and final demand.
//!
//! Proportional: every standing order of a line gets the same share `min(1, available/wanted)`: one number per seller, so neither
//! orders nor deliveries need to be stored per rule. Final demand is used the same day; what is unmet waits out its patience.

use crate::plan::Plan;
use crate::state::State;

use super::order::waiting;

/// Shares of the day.
pub fn share(plan: &Plan, state: &mut State, _t: usize) {
    for l in 0..plan.network.lines.len() {
        let wanted = state.wanted[l];
        let served = proportional(state.finished[l], wanted);
        state.served[l] = served;
        state.finished[l] = (state.finished[l] - served * wanted).max(0.0);
    }
    for (m, demand) in plan.network.demands.iter().enumerate() {
        let line = demand.line.index();
        let met = state.demand_wanted[m] * state.served[line];
        state.demand_met[m] = met;
        state.sold[plan.network.lines[line].product.index()] += met;
        let cells = waiting(plan, demand, m);
        let new = state.demand_wanted[m] - state.waiting[cells.clone()].iter().sum::<f64>();
        state.demand_lost[m] = age(&mut state.waiting[cells], met, new.max(0.0));
    }
}

/// Share of the wanted that is served.
pub fn proportional(available: f64, wanted: f64) -> f64 {
    if wanted > available { available / wanted } else { 1.0 }
}

/// Serves the longest waiting first, ages the rest by a day and returns what has waited too long.
pub fn age(waiting: &mut [f64], met: f64, new: f64) -> f64 {
    let mut left = met;
    for cell in waiting.iter_mut().rev() {
        let served = cell.min(left);
        *cell -= served;
        left -= served;
    }
    let unmet = (new - left).max(0.0);
    // Rounding of `met` is no unmet demand.
    let unmet = if unmet <= 1e-12 * new { 0.0 } else { unmet };
    let Some(last) = waiting.len().checked_sub(1) else { return unmet };
    let lost = waiting[last];
    waiting.copy_within(..last, 1);
    waiting[0] = unmet;
    lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_proportional_and_never_exceed_one() {
        assert_eq!(proportional(5.0, 10.0), 0.5);
        assert_eq!(proportional(10.0, 5.0), 1.0);
        assert_eq!(proportional(0.0, 0.0), 1.0);
        assert_eq!(proportional(0.0, 3.0), 0.0);
    }

    #[test]
    fn the_longest_waiting_are_served_first_and_lost_after_their_patience() {
        let mut waiting = [3.0, 2.0];
        assert_eq!(age(&mut waiting, 4.0, 10.0), 0.0, "two of the oldest, two of the next are served");
        assert_eq!(waiting, [10.0, 1.0]);
        assert_eq!(age(&mut waiting, 0.0, 7.0), 1.0);
        assert_eq!(waiting, [7.0, 10.0]);
        assert_eq!(age(&mut [], 4.0, 10.0), 6.0, "without patience the unmet is lost at once");
    }
}
