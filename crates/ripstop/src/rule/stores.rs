//! How what is used leaves a store that is kept per supplier.

use super::make::positive;

/// Days λ of cover that a use of `used` units takes out of every part alike: `Σ S·min(1, λ/n) = used`. Parts come in order of their cover.
/// A part is left with the share `max(0, 1 − λ/n)`. In the steady state λ is 1; with one cover for all it is a use in proportion to the
/// stocks (Inoue & Todo 2019).
pub fn days_used(used: f64, parts: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let mut by_day: f64 = parts.clone().map(|(stock, days)| stock / days).sum();
    let mut left = used;
    for (stock, days) in parts {
        if left <= days * by_day {
            return left.max(0.0) / by_day.max(f64::MIN_POSITIVE);
        }
        // It is used up; what remains is taken from those that last longer.
        left -= stock;
        by_day -= stock / days;
    }
    f64::INFINITY
}

/// Share with which a part is left: `max(0, 1 − taken/held)`, with both in days of cover, or in units where all parts have one cover, since
/// then [`days_used`] over the cover is what is used over what there is.
///
/// ```
/// # use ripstop::rule::stores::{days_used, kept};
/// assert_eq!([kept(1.0, 4.0), kept(9.0, 4.0), kept(0.0, 0.0)], [0.75, 0.0, 1.0]);
/// // 15 and 30 of a cover of 4 days: 9 of 45 leave four fifths of each.
/// let days = days_used(9.0, [(15.0, 4.0), (30.0, 4.0)].into_iter());
/// assert_eq!((kept(days, 4.0), kept(9.0, 45.0)), (0.8, 0.8));
/// ```
#[inline(always)]
pub fn kept(taken: f64, held: f64) -> f64 {
    let held = if held > f64::MIN_POSITIVE { held } else { f64::MIN_POSITIVE };
    positive(1.0 - taken / held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_gives_as_many_days() {
        let used = |units: f64, parts: &[(f64, f64)]| days_used(units, parts.iter().copied());
        // 3 days and 15 days of 5 a day each: a day's use of 10 takes one day of both, 25 takes two and a half.
        let parts = [(15.0, 3.0), (75.0, 15.0)];
        assert_eq!((used(10.0, &parts), used(25.0, &parts)), (1.0, 2.5));
        // 40: the first is used up after 3 days, which is 30; the other 10 are two more days of the second.
        assert_eq!((used(30.0, &parts), used(40.0, &parts), used(90.0, &parts)), (3.0, 5.0, 15.0));
        // One cover for all: in proportion to the stocks, 9 of 45.
        assert_eq!(used(9.0, &[(15.0, 4.0), (30.0, 4.0)]), 4.0 * 9.0 / 45.0);
        assert_eq!(used(0.0, &[(0.0, 4.0)]), 0.0);
        assert_eq!(used(1.0, &[]), f64::INFINITY);
    }
}
