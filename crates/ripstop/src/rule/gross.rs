//! What is ordered on top of a need because some of it never gets used.

/// γ, units ordered per unit of need where nothing moves: `(1 + s·(n − 1)) / ((1 − θ)(1 − ρ))` with s the daily spoilage, n the days of
/// need in what it fills ([`crate::plan::cover::Cover::part_days`]), θ theft and ρ refusals.
///
/// ```
/// # use ripstop::rule::gross::gross;
/// assert_eq!(gross(0.0, 10.0, 0.5, 0.0), 2.0, "of two pieces one arrives");
/// assert_eq!(gross(0.125, 5.0, 0.0, 0.0), 1.5, "an eighth of four days of need spoils a day");
/// ```
pub fn gross(spoilage_share_per_day: f64, part_days: f64, theft_share: f64, refused_share: f64) -> f64 {
    let spoilt = spoilage_share_per_day * (part_days - 1.0).max(0.0);
    let arrives = (1.0 - theft_share) * (1.0 - refused_share);
    // Where nothing arrives no order can make up for it.
    if arrives > 0.0 { (1.0 + spoilt) / arrives } else { 1.0 }
}
