//! What a firm owes its people for a month, and what of its cash it may keep.

/// Time of a month, worker-days.
#[derive(Clone, Copy, Debug)]
pub struct Time {
    /// Spent at work.
    pub worked: f64,
    /// Spent without work.
    pub idle: f64,
}

impl Time {
    /// Worker-days that are paid: `worked + idle_pay·idle`.
    #[inline]
    pub fn paid_days(self, idle_pay_share: f64) -> f64 {
        self.worked + idle_pay_share * self.idle
    }
}

/// Wages due, money: `full·(worked + idle_pay·idle)/(worked + idle)` with `full` the pay of a workforce that has worked all the time.
///
/// ```
/// # use ripstop::rule::wage::{Time, due};
/// let time = Time { worked: 150.0, idle: 50.0 };
/// assert_eq!(due(1000.0, time, 0.5), 875.0, "three quarters in full, a quarter half");
/// assert_eq!(due(1000.0, time, 1.0), 1000.0);
/// ```
#[inline]
pub fn due(full: f64, time: Time, idle_pay_share: f64) -> f64 {
    full * (time.paid_days(idle_pay_share) / (time.worked + time.idle))
}

/// Worker-days of arrears that are left when some of the money is paid: they shrink alike.
///
/// ```
/// # use ripstop::rule::wage::days_left;
/// assert_eq!(days_left(40.0, 25.0, 100.0), 30.0);
/// ```
#[inline]
pub fn days_left(arrears_days: f64, paid: f64, arrears: f64) -> f64 {
    arrears_days * (1.0 - paid / arrears)
}

/// Cash above `keep_months` of wages, money, which goes to the owner: nothing where there is no limit, or wages are owed.
///
/// ```
/// # use ripstop::rule::wage::surplus;
/// assert_eq!(surplus(500.0, 2.0, (3.0, 50.0), 0.0), 200.0);
/// assert_eq!(surplus(500.0, 2.0, (3.0, 50.0), 1.0), 0.0, "while wages are owed");
/// assert_eq!(surplus(500.0, f64::INFINITY, (0.0, 50.0), 0.0), 0.0, "without limit and without wages");
/// ```
#[inline]
pub fn surplus(cash: f64, keep_months: f64, (workers, wage_per_month): (f64, f64), arrears: f64) -> f64 {
    let keep = keep_months * workers * wage_per_month;
    // ∞ × 0: a firm without wages and without a limit keeps all.
    if keep_months.is_infinite() || cash <= keep || arrears > 0.0 { 0.0 } else { cash - keep }
}
