//! What a line can make at most on a day.

/// Capacity at today's factor, units per day: `capacity × factor`; of a line without a limit the factor leaves a share of what it usually
/// makes.
///
/// ```
/// # use ripstop::rule::capacity::today;
/// assert_eq!(today(10.0, 0.25, || 4.0), 2.5);
/// assert_eq!(today(f64::INFINITY, 0.25, || 4.0), 1.0, "a quarter of the usual");
/// assert_eq!(today(f64::INFINITY, 1.0, || 4.0), f64::INFINITY);
/// assert_eq!(today(f64::INFINITY, 0.0, || 4.0), 0.0);
/// ```
#[inline(always)]
pub fn today(per_day: f64, factor: f64, usual: impl FnOnce() -> f64) -> f64 {
    if factor == 0.0 {
        0.0 // 0 × ∞ is no number
    } else if factor < 1.0 && per_day.is_infinite() {
        usual() * factor
    } else {
        per_day * factor
    }
}
