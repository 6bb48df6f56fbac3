//! Legs of whole days, as the engine has them, from legs of parts of days.

use ripstop::model::network::Leg;

/// Legs of whole days from legs that may have parts of days, each with the fewest days it can have.
///
/// The way as a whole takes its days to the nearest day (at least one: goods need a night), and each leg ends on the day nearest to
/// where the days before it and its own lead, as far as later legs leave room. More days on any leg never end one earlier.
pub(super) fn whole_legs(legs: Vec<(Leg, f64)>) -> Vec<Leg> {
    // Five legs of 0.3 days are a day and a half, whatever their sum in binary digits.
    let nearest = |days: f64| (days + 1e-9).round() as u32;
    let mut sum = 0.0;
    let mut end = 0;
    let mut ends: Vec<u32> = Vec::with_capacity(legs.len());
    for (leg, days) in &legs {
        sum += days;
        end = nearest(sum).max(end + leg.days);
        ends.push(end);
    }
    let fewest: u32 = legs.iter().map(|(leg, _)| leg.days).sum();
    let mut latest = nearest(sum).max(fewest).max(1);
    if let Some(last) = ends.last_mut() {
        *last = latest; // a way that draws round to nothing takes a night
    }
    for (end, (leg, _)) in ends.iter_mut().zip(&legs).rev() {
        *end = latest.min(*end);
        latest -= leg.days;
    }
    let mut before = 0;
    let whole = |(leg, end): (Leg, u32)| {
        let days = end - before;
        before = end;
        Leg { days, ..leg }
    };
    legs.into_iter().map(|(leg, _)| leg).zip(ends).map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days of each leg; a negative length: a leg with a limit, which takes a day at least.
    fn legs(days: &[f64]) -> Vec<u32> {
        let leg = |days: &f64| (Leg { days: u32::from(*days < 0.0), ..Leg::default() }, days.abs());
        whole_legs(days.iter().map(leg).collect()).into_iter().map(|leg| leg.days).collect()
    }

    #[test]
    fn legs_of_parts_of_days_take_as_long_as_their_sum() {
        for (days, whole) in [
            (&[2.5, 2.5][..], &[3, 2][..]),
            (&[0.3, 0.3, 0.3, 0.3, 0.3], &[0, 1, 0, 0, 1]),
            (&[0.4, 0.4, 0.4], &[0, 1, 0]),
            (&[0.2], &[1]),
            (&[0.1, 0.1], &[0, 1]),
            (&[1.5, 1.5, 1.5], &[2, 1, 2]),
            (&[2.0, 3.0], &[2, 3]),
            (&[0.6, -0.6], &[0, 1]),
            (&[-0.6, 0.6, -0.6], &[1, 0, 1]),
            (&[-1.4, -1.4, 1.4], &[1, 2, 1]),
            (&[-0.5, -0.5, -0.5], &[1, 1, 1]),
        ] {
            assert_eq!(legs(days), whole, "{days:?}");
        }
    }

    #[test]
    fn more_days_never_end_a_leg_earlier() {
        let tenths = |index: usize| -> f64 { [0.0, 0.4, 0.5, 0.6, 1.0, 1.3, 1.5, 2.5, 2.7][index % 9] };
        let ends = |days: &[f64]| -> Vec<u32> {
            legs(days)
                .iter()
                .scan(0, |end, days| {
                    *end += days;
                    Some(*end)
                })
                .collect()
        };
        for start in 0..9 * 9 * 9 {
            let mut days = [tenths(start), -tenths(start / 9).max(0.5), tenths(start / 81)];
            let sum: f64 = days.iter().map(|days| days.abs()).sum();
            let before = ends(&days);
            assert_eq!(before[2], ((sum + 1e-9).round() as u32).max(1), "{days:?}");
            for leg in 0..3 {
                let kept = days[leg];
                days[leg] += 0.3_f64.copysign(kept);
                assert!(before.iter().zip(ends(&days)).all(|(before, after)| *before <= after), "{days:?}, leg {leg}");
                days[leg] = kept;
            }
        }
    }
}
