//! The largest spans and counts that a run can have.

/// Longest span of days a route, a payment or a patience may have.
pub const DAYS_MAX: f64 = 10_000.0;
/// Longest run, days.
pub const RUN_DAYS_MAX: i32 = 100_000;
