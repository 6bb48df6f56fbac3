//! What there is on a date in one run, with the events or without: goods that wait, money owed, people dismissed.
//!
//! The same function reads a scenario and its counterfactual, so that open is compared with open and overdue with overdue.

use std::collections::BTreeMap;

use super::caught::{Which, caught};
use crate::plan::{NONE, Plan};
use crate::record::caught::Reason;
use crate::record::tally::Tally;
use crate::record::{Record, Snapshot, owner_of};

/// What there is on a date. Currency unless said; what a run does not record is no number (NaN).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Levels {
    /// Product → stranded order goods, units.
    pub stranded_units: Vec<f64>,
    /// Product → delayed order goods, units.
    pub delayed_units: Vec<f64>,
    /// Stranded order goods, value at cost.
    pub stranded_value: f64,
    /// Delayed order goods, value at cost.
    pub delayed_value: f64,
    /// Held at crossings, value at cost.
    pub held_value: f64,
    /// Reason ([`Reason`]) → goods caught, value at cost.
    pub caught: [f64; 4],
    /// Open receivables.
    pub invoices: f64,
    /// Overdue receivables.
    pub overdue: f64,
    /// Compensation claimed and not paid.
    pub claims: f64,
    /// Arrears of wages, currency.
    pub arrears: f64,
    /// Arrears of wages, worker-days.
    pub arrears_days: f64,
    /// Workers dismissed and not replaced, persons.
    pub dismissed: f64,
    /// Claims on insolvent firms that their creditors lost so far.
    pub bad_debt: f64,
    /// Money owners put in to rescue firms so far.
    pub rescued: f64,
    /// Firms insolvent or stopped for good.
    pub insolvent: f64,
    /// Fines paid so far.
    pub fined: f64,
    /// Goods sent so far into ways that were shut, value at cost.
    pub sent_shut: f64,
    /// Goods spoilt so far, value at cost.
    pub spoilt: f64,
    /// Goods refused at inspection so far, value at cost.
    pub refused: f64,
    /// Goods seized so far, value at cost.
    pub seized: f64,
}

/// The levels of a record at the end of step `at`, which it must have recorded. Needs a snapshot at `at` for goods of orders.
pub fn levels(plan: &Plan, record: &Record, at: usize) -> Levels {
    let (last, now) = (record.totals.get(at).cloned().unwrap_or_default(), record.snapshot(at));
    let mut levels = Levels {
        held_value: last.held_value,
        invoices: last.receivable,
        overdue: last.overdue,
        claims: last.claims,
        arrears: last.arrears,
        arrears_days: last.arrears_days,
        dismissed: last.dismissed,
        bad_debt: last.bad_debt,
        rescued: last.rescued,
        insolvent: last.insolvent,
        fined: last.fined,
        caught: Reason::ALL.map(|reason| {
            let which = Which { reason: Some(reason), ..Which::default() };
            caught(plan, record, &which, at, &|product| plan.network.products[product.index()].value_per_unit)
        }),
        sent_shut: record.totals.iter().take(at + 1).map(|totals| totals.sent_shut_value).sum(),
        spoilt: gone(plan, now, |t| &t.spoilt),
        refused: gone(plan, now, |t| &t.refused),
        seized: gone(plan, now, |t| &t.seized),
        ..Levels::default()
    };
    let untold = || vec![f64::NAN; plan.network.products.len()];
    (levels.stranded_units, levels.delayed_units) = (untold(), untold());
    (levels.stranded_value, levels.delayed_value) = (f64::NAN, f64::NAN);
    if let Some(now) = now {
        let waiting = Waiting::of(plan, now);
        // By owner first, as the losses have it: the same sum has the same bits.
        (levels.stranded_value, levels.delayed_value) = (waiting.stranded_by_owner.values().sum(), waiting.delayed_value);
        (levels.stranded_units, levels.delayed_units) = (waiting.stranded_units, waiting.delayed_units);
    }
    levels
}

/// Value at cost of what was counted of every product up to a snapshot.
fn gone(plan: &Plan, now: Option<&Snapshot>, counted: impl Fn(&Tally) -> &[f64]) -> f64 {
    let value = |units: &[f64]| units.iter().zip(&plan.network.products).map(|(units, product)| units * product.value_per_unit).sum();
    now.map_or(f64::NAN, |now| value(counted(&now.tally)))
}

/// Goods of orders that wait at the end of a step, which must have a snapshot.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// Product → stranded, units.
    pub stranded_units: Vec<f64>,
    /// Product → delayed, units.
    pub delayed_units: Vec<f64>,
    /// Owner (firm) → stranded, value at cost.
    pub stranded_by_owner: BTreeMap<usize, f64>,
    /// Delayed, value at cost.
    pub delayed_value: f64,
}

impl Waiting {
    pub fn of(plan: &Plan, now: &Snapshot) -> Self {
        let products = &plan.network.products;
        let none = vec![0.0; products.len()];
        let mut waiting = Self { stranded_units: none.clone(), delayed_units: none, ..Self::default() };
        for order in 0..plan.orders.row.len() {
            if plan.orders.point[order] == NONE || now.stranded[order] + now.delayed[order] == 0.0 {
                continue;
            }
            let product = plan.point_product[plan.orders.point[order] as usize] as usize;
            let value = products[product].value_per_unit;
            waiting.stranded_units[product] += now.stranded[order];
            waiting.delayed_units[product] += now.delayed[order];
            waiting.delayed_value += now.delayed[order] * value;
            if now.stranded[order] > 0.0 {
                *waiting.stranded_by_owner.entry(owner_of(plan, order)).or_default() += now.stranded[order] * value;
            }
        }
        waiting
    }
}
