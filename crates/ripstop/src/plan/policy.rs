//! How bulk contracts are ordered and divided: what of their terms and rules the sweep asks for.

use crate::model::network::{Rationing, Terms};

/// How a row restocks: its replenishment policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// Target stock n, days.
    pub stock_days: f64,
    /// 1/τ, per day.
    pub restock_rate: f64,
    /// Whether stock is kept per supplier.
    pub by_supplier: bool,
}

/// Whether a rule fills orders up to a level.
pub(crate) fn fills_to_level(rule: Rationing) -> bool {
    matches!(rule, Rationing::LeastServed | Rationing::LeastServedMarketLast)
}

pub(super) fn policy_of(terms: &Terms) -> Policy {
    Policy { stock_days: terms.stock_days, restock_rate: 1.0 / terms.restock_days, by_supplier: terms.stock_by_supplier }
}
