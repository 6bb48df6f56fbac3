//! How much is recorded, and of how many.

use super::snapshot::AGES;
use crate::plan::{Account, Plan};

/// How much is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Totals per day only.
    Totals,
    /// Totals and sums by sector, place and cause: for networks of millions.
    Sectors,
    /// Every line, firm, gate, product and demand, every day.
    #[default]
    Full,
}

/// Numbers of entities.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    /// Lines.
    pub lines: usize,
    /// Firms.
    pub firms: usize,
    /// Gates.
    pub gates: usize,
    /// Products.
    pub products: usize,
    /// Final demands.
    pub demands: usize,
    /// Contracts.
    pub contracts: usize,
    /// Currencies.
    pub currencies: usize,
    /// Order lines.
    pub orders: usize,
    /// Institutions: [`Account::ALL`].
    pub institutions: usize,
    /// Ages of what firms are owed: [`AGES`].
    pub ages: usize,
    /// Products, where events take goods; else none.
    pub taken: usize,
}

impl Counts {
    /// The counts of a plan.
    pub fn of(plan: &Plan) -> Self {
        Self {
            lines: plan.network.lines.len(),
            firms: plan.network.firms.len(),
            gates: plan.gates,
            products: plan.network.products.len(),
            demands: plan.network.demands.len(),
            contracts: plan.network.contracts.len(),
            currencies: plan.currencies,
            orders: plan.orders.row.len(),
            institutions: Account::ALL.len(),
            ages: AGES.len(),
            taken: if plan.takes_goods { plan.network.products.len() } else { 0 },
        }
    }
}
