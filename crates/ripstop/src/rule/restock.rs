//! What a buyer orders to keep its store (an order-up-to policy that closes the gap over τ days; Hallegatte 2008, Inoue & Todo 2019).

use super::make::positive;

/// Target position of a store, units: `(n + pipeline)·need`, with n days of cover, and what is on the way in the steady state in days of
/// need.
///
/// ```
/// # use ripstop::rule::restock::target;
/// assert_eq!(target(4.0, 2.0, 10.0), 60.0);
/// ```
#[inline(always)]
pub fn target(stock_days: f64, pipeline_days: f64, need: f64) -> f64 {
    (stock_days + pipeline_days) * need
}

/// What of an order is placed where there is a smallest one, units: nothing below it. The gap stays, and grows until it is worth an order.
///
/// ```
/// # use ripstop::rule::restock::at_least;
/// assert_eq!(at_least(12.0, 10.0), 12.0);
/// assert_eq!(at_least(8.0, 10.0), 0.0);
/// assert_eq!(at_least(8.0, 0.0), 8.0);
/// ```
#[inline(always)]
pub fn at_least(order: f64, minimum: f64) -> f64 {
    if order < minimum { 0.0 } else { order }
}

/// Order of a day, units: `O = max(0, γ·need + (target − position)/τ)`. `gross_need`: γ·need, with what is lost on the way on top
/// ([`super::gross`]); `a_day`: how much of a gap is closed a day, `gap/τ`: the caller divides by τ or multiplies with 1/τ.
///
/// ```
/// # use ripstop::rule::restock::order;
/// let over_5_days = |gap: f64| gap / 5.0;
/// assert_eq!(order(10.0, 40.0, 30.0, over_5_days), 12.0, "a fifth of the gap on top of the day's need");
/// assert_eq!(order(10.0, 40.0, 100.0, over_5_days), 0.0, "nobody sends goods back");
/// ```
#[inline(always)]
pub fn order(gross_need: f64, target: f64, position: f64, a_day: impl FnOnce(f64) -> f64) -> f64 {
    positive(gross_need + a_day(target - position))
}
