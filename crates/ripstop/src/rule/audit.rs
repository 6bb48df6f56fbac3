//! How far books are from balance.

/// A residual relative to a size. What is no number is no balance either: infinite, so that `max` cannot hide it.
///
/// ```
/// # use ripstop::rule::audit::relative;
/// assert_eq!(relative(-0.5, 10.0), 0.05);
/// assert_eq!(relative(f64::NAN, 10.0), f64::INFINITY);
/// assert_eq!(relative(f64::NEG_INFINITY, f64::INFINITY), f64::INFINITY);
/// ```
pub fn relative(residual: f64, size: f64) -> f64 {
    if residual == 0.0 {
        0.0
    } else if !residual.is_finite() {
        f64::INFINITY
    } else {
        residual.abs() / size.max(f64::MIN_POSITIVE)
    }
}
