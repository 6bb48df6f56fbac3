//! Phase 8, **record**: the series of the day, the audit, the snapshots.
//!
//! Audit, per product: what was there + produced + imported + misallocated = what is there + used + sold + stolen + spoilt + refused + seized +
//! retained + written off + destroyed + carried out + forfeited + sold off; money: per currency the sum over all accounts is constant. The
//! content is summed from the state every day, not carried along, so the proof is independent of the book-keeping it checks; stocks of bulk
//! lines are summed by the sweep in the morning.

use crate::plan::Plan;
use crate::plan::state::State;
use crate::record::content::tally_general;
use crate::record::{Audit, Record, Snapshot};
use crate::rule::audit::relative;

/// Records day `t`.
pub fn day(plan: &Plan, state: &mut State, record: &mut Record, t: usize) {
    if t < plan.warm_up {
        // A warm-up is not recorded; where it ends is where the record starts.
        if t + 1 == plan.warm_up {
            record.open(plan, state);
        }
        return;
    }
    let (goods_residual, held_value) = audit_goods(plan, state, record);
    let money_residual = audit_money(plan, state, record);
    record.push(plan, state, Audit { goods_residual, money_residual, held_value });
    if record.probes.binary_search(&(t - plan.warm_up)).is_ok() {
        let mut taken = Snapshot::take(plan, state, &record.tally, t);
        if !plan.only_bulk {
            taken = taken.with_caught(plan, state);
        }
        record.snapshots.push(Snapshot { t: t - plan.warm_up, ..taken });
    }
}

/// Largest relative residual over all products, and the value held at crossings.
fn audit_goods(plan: &Plan, state: &mut State, record: &mut Record) -> (f64, f64) {
    let content = &mut record.scratch;
    let held = tally_general(plan, state, content, &mut record.gate_held_today);
    // The sweep has summed the bulk stocks while it had them in hand: the sum of the whole state, without another pass over it.
    content.iter_mut().zip(&state.bulk_content).for_each(|(sum, bulk)| *sum += bulk);
    let mut worst: f64 = 0.0;
    let mut taken = vec![0.0; if plan.takes_goods { content.len() } else { 0 }];
    for column in [&state.destroyed, &state.carried_out, &state.forfeited, &state.sold_off] {
        taken.iter_mut().zip(column).for_each(|(sum, units)| *sum += units);
    }
    for (p, &now) in content.iter().enumerate() {
        // The first day has no evening before: what the start put there counts as opening.
        let before = if record.days == 0 { record.opening_content[p] } else { state.content[p] };
        let opening = before + state.produced[p] + state.misallocated[p] + state.imported.get(p).copied().unwrap_or(0.0);
        let left = state.used[p]
            + state.sold[p]
            + state.lost[p]
            + state.spoilt[p]
            + state.refused[p]
            + state.seized[p]
            + state.retained[p]
            + state.written_off[p]
            + taken.get(p).copied().unwrap_or(0.0);
        worst = worst.max(relative(now - (opening - left), opening));
    }
    state.content.copy_from_slice(content);
    (worst, held)
}

/// Largest relative residual over all currencies. It is relative to all money of the run, at the day's rates: a currency that only passes
/// through leaves nothing of its own to compare the rounding of what has passed with.
fn audit_money(plan: &Plan, state: &State, record: &mut Record) -> f64 {
    // Without an account that could move there is nothing to sum.
    if plan.only_bulk {
        return 0.0;
    }
    state.money(plan, &mut record.money_today);
    let all: f64 = record.money_today.iter().zip(&state.rate).map(|(&(_, gross), rate)| gross * rate).sum();
    let today = record.money_today.iter().zip(&record.opening_money).zip(&state.rate);
    today.map(|((&(sum, _), &opening), rate)| relative((sum - opening) * rate, all)).fold(0.0, f64::max)
}
