//! What a seller expects to be asked for, and the rate it orders inputs for.

/// Weight of the last day in what is expected: `1/expect_days`, at most 1.
pub fn weight(expect_days: f64) -> f64 {
    1.0 / expect_days.max(1.0)
}

/// Orders expected a day, units: `E ← E + (received yesterday − E)·weight` (exponential smoothing; Hallegatte 2014 smooths demand alike).
///
/// ```
/// # use ripstop::rule::expect::{next, weight};
/// assert_eq!(next(10.0, 38.0, weight(28.0)), 11.0);
/// ```
#[inline(always)]
pub fn next(expected: f64, received: f64, weight: f64) -> f64 {
    expected + (received - expected) * weight
}

/// Planned rate of output, units per day: `g = min(capacity, E + backlog/τ_b + order lines left/days to due)`. `waiting`, `order_lines`,
/// `processing`: what of the backlog, of order lines that are sold and of those worked for a client is planned for today.
///
/// ```
/// # use ripstop::rule::expect::planned_rate;
/// assert_eq!(planned_rate(5.0, 1.0, 2.0, 0.0, 100.0), 8.0);
/// assert_eq!(planned_rate(5.0, 1.0, 2.0, 4.0, 6.0), 6.0);
/// ```
#[inline(always)]
pub fn planned_rate(expected: f64, waiting: f64, order_lines: f64, processing: f64, capacity: f64) -> f64 {
    (expected + waiting + order_lines + processing).min(capacity)
}
