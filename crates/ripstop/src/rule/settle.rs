//! When a network stands still: output of two times compared.

/// Days of one of the two times: four weeks.
pub const SPAN_DAYS: usize = 28;

/// Days back to the same four weeks a year earlier: 52 weeks, so that weekdays meet weekdays.
pub const YEAR_DAYS: usize = 364;

/// How many days before the last four weeks the four weeks lie that they are compared with: a year where the run has them, so that a
/// season is no drift; else the four weeks before. `None` where it has neither.
///
/// ```
/// # use ripstop::rule::settle::days_back;
/// assert_eq!([55, 56, 391, 392].map(days_back), [None, Some(28), Some(28), Some(364)]);
/// ```
pub fn days_back(days: usize) -> Option<usize> {
    [YEAR_DAYS, SPAN_DAYS].into_iter().find(|back| days >= back + SPAN_DAYS)
}

/// How far a mean has moved, as a share of the larger: `|x − r| / max(x, r)`. 0: not at all; 1: it has begun, or ended.
///
/// ```
/// # use ripstop::rule::settle::moved_share;
/// assert_eq!(moved_share(8.0, 10.0), 0.2);
/// assert_eq!(moved_share(10.0, 8.0), 0.2);
/// assert_eq!((moved_share(3.0, 0.0), moved_share(0.0, 0.0)), (1.0, 0.0));
/// ```
pub fn moved_share(now: f64, before: f64) -> f64 {
    let larger = now.max(before);
    if larger > 0.0 { (now - before).abs() / larger } else { 0.0 }
}
