//! When the parts of a fee are due, and what is claimed for goods that nobody collects.

/// What is due soon and what after the season of the rest R of a fee, money: `(1 − σ)R` and `σR`.
///
/// ```
/// # use ripstop::rule::fee::parts;
/// assert_eq!(parts(80.0, 0.25), (60.0, 20.0));
/// assert_eq!(parts(80.0, 0.0), (80.0, 0.0), "without a season all is due soon");
/// ```
#[inline]
pub fn parts(rest: f64, season_settlement_share: f64) -> (f64, f64) {
    (rest * (1.0 - season_settlement_share), rest * season_settlement_share)
}

/// Days on which the two parts are due, `days` of inspection and payment after delivery, the second not before as many days after the
/// season's end.
///
/// ```
/// # use ripstop::rule::fee::due_days;
/// assert_eq!(due_days(100, 37, 150), (137, 187));
/// assert_eq!(due_days(200, 37, 150), (237, 237), "delivered after the season");
/// ```
#[inline]
pub fn due_days(delivered: i32, days: i32, season_end: i32) -> (i32, i32) {
    let soon = delivered + days;
    (soon, soon.max(season_end + days))
}

/// Claim for finished pieces that are not collected, money: `max(0, price − prepaid)·pieces·(1 − retention)`. What was prepaid is not owed
/// again, and for pieces the processor keeps no fee is due.
///
/// ```
/// # use ripstop::rule::fee::claim;
/// assert_eq!(claim(6.0, 1.0, 100.0, 0.5), 250.0);
/// assert_eq!(claim(6.0, 7.0, 100.0, 0.0), 0.0);
/// ```
#[inline]
pub fn claim(price_per_unit: f64, prepaid_per_unit: f64, pieces: f64, retention_share: f64) -> f64 {
    let fee = (price_per_unit - prepaid_per_unit).max(0.0);
    fee * pieces * (1.0 - retention_share)
}
