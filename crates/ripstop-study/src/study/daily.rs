//! The draws day by day.

use ripstop::record::Totals;

/// Name and value of a total.
pub(crate) type Total = (&'static str, fn(&Totals) -> f64);

/// Totals of which a daily band over the draws is kept: name, and value.
pub(crate) const DAILY: [Total; 3] =
    [("output_value", |t| t.output_value), ("stranded_value", |t| t.stranded_value), ("wages_unpaid", |t| t.arrears)];

/// The draws day by day, per total of `DAILY`.
#[derive(Clone, Debug, Default)]
pub struct DailyBands {
    /// 5, 50 and 95 % of the draws.
    pub with: [[Vec<f64>; 3]; 3],
    /// Medians of their counterfactuals.
    pub without: [Vec<f64>; 3],
}
