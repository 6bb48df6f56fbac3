//! How a seller that is short shares out (levels: [`super::level`]).

/// Share of everything wanted that is served when all get the same: `min(1, available/wanted)`.
///
/// ```
/// # use ripstop::rule::share::proportional;
/// assert_eq!(proportional(5.0, 10.0), 0.5);
/// assert_eq!(proportional(10.0, 5.0), 1.0);
/// assert_eq!(proportional(0.0, 0.0), 1.0);
/// ```
#[inline(always)]
pub fn proportional(available: f64, wanted: f64) -> f64 {
    if wanted > available { available / wanted } else { 1.0 }
}

/// Share of final demand that is served where firms go first: [`proportional`] of what they leave.
///
/// ```
/// # use ripstop::rule::share::market_last;
/// assert_eq!(market_last(9.0, 4.0, 20.0), 0.25);
/// assert_eq!(market_last(3.0, 4.0, 20.0), 0.0);
/// assert_eq!(market_last(30.0, 4.0, 20.0), 1.0);
/// ```
#[inline(always)]
pub fn market_last(available: f64, ordered: f64, wanted: f64) -> f64 {
    proportional((available - ordered).max(0.0), wanted)
}
