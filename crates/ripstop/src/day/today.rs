//! What several phases ask of the day: factors that events have set, applied.

use crate::plan::Plan;
use crate::plan::state::State;
use crate::rule::capacity;

/// [`capacity::today`] of a line that goes by the general rules.
pub(super) fn capacity_of_line(plan: &Plan, state: &State, l: usize) -> f64 {
    let usual = || state.usual_output.get(l).copied().unwrap_or(f64::INFINITY);
    capacity::today(plan.network.lines[l].capacity_per_day, state.capacity_factor[l], usual)
}

/// Share of a contract's orders that rules, and seizures under them, leave.
pub(super) fn lawful_share(plan: &Plan, state: &State, contract: usize) -> f64 {
    if plan.network.rules_act { state.allowed[contract] * state.relation[contract] } else { 1.0 }
}

/// Moves the workforce in the evening towards the labour that orders and inputs asked for today.
pub(super) fn hire_and_fire(plan: &Plan, state: &mut State, firm: usize) {
    let spec = &plan.network.firms[firm];
    let now = state.workforce[firm];
    let gap = state.labour_asked[firm].min(spec.workers) - now;
    let days = if gap > 0.0 { spec.hire_days } else { spec.fire_days };
    if days.is_finite() {
        state.workforce[firm] = (now + gap / days).clamp(0.0, spec.workers);
    }
}
