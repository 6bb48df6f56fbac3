//! How fast a buyer gets elsewhere what a seller, or the first way of its goods, fails to bring. Source: ours; recorded closures show
//! weeks between the failure and the first goods of another seller.

/// What holds of what could be switched: a share from 0 to 1.
///
/// `clock`: days of failure counted from 1, so k + 1 for k days since it began; below zero, days since its end counted from −1; 0: nothing
/// has failed. While it lasts `r = clamp((k − after + 1)/days, 0, 1)`, and no less than yesterday; j days after its end
/// `1 − (j + 1)/return`, and no more than yesterday. Times below a day count as one.
///
/// ```
/// # use ripstop::rule::switching::level;
/// let (after, days, back) = (2.0, 4.0, 2.0);
/// let rises: Vec<f64> = (1..=7).map(|clock| level(0.0, clock, (after, days, back))).collect();
/// assert_eq!(rises, [0.0, 0.0, 0.25, 0.5, 0.75, 1.0, 1.0]);
/// assert_eq!(level(1.0, -1, (after, days, back)), 0.5);
/// assert_eq!(level(0.5, -2, (after, days, back)), 0.0);
/// assert_eq!(level(0.0, 1, (0.0, 0.0, 0.0)), 1.0, "without times at once");
/// assert_eq!(level(1.0, -1, (0.0, 0.0, 0.0)), 0.0, "and back at once");
/// ```
pub fn level(yesterday: f64, clock: i32, (after_days, days, return_days): (f64, f64, f64)) -> f64 {
    let day = f64::from(clock);
    if clock > 0 {
        ((day - after_days) / days.max(1.0)).clamp(0.0, 1.0).max(yesterday)
    } else {
        (1.0 + day / return_days.max(1.0)).clamp(0.0, 1.0).min(yesterday)
    }
}

/// The clock of [`level`] a day on.
///
/// ```
/// # use ripstop::rule::switching::tick;
/// assert_eq!([tick(0, true), tick(3, true), tick(-3, true)], [1, 4, 1]);
/// assert_eq!([tick(0, false), tick(3, false), tick(-3, false)], [0, -1, -4]);
/// ```
pub fn tick(clock: i32, fails: bool) -> i32 {
    match (fails, clock) {
        (true, _) => clock.max(0).saturating_add(1),
        (false, 0) => 0,
        (false, _) => clock.min(0).saturating_sub(1),
    }
}

/// What is left of an order when a share binds: no more than that share of the need, `min(O, w·γ·need°)`, units.
///
/// ```
/// # use ripstop::rule::switching::within_share;
/// assert_eq!(within_share(20.0, 0.2, 1.0, 20.0), 4.0);
/// assert_eq!(within_share(3.0, 0.2, 1.0, 20.0), 3.0);
/// ```
pub fn within_share(order: f64, share: f64, gross: f64, bare_need: f64) -> f64 {
    order.min(share * gross * bare_need)
}

/// Orders above a share of the need by less than this part of it are no more than rounding, or the last of a gap that is all but closed.
pub const HARDLY: f64 = 1e-9;

/// Whether a seller served less of yesterday's order than all.
///
/// ```
/// # use ripstop::rule::switching::short;
/// assert!(short(9.0, 10.0) && !short(10.0, 10.0) && !short(0.0, 0.0));
/// ```
pub fn short(shipped: f64, ordered: f64) -> bool {
    shipped < ordered * (1.0 - 1e-9)
}
