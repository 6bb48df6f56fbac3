//! When an order line is worked: spread evenly over its window, or ahead where the hands of the days to come would not do.

/// Share of an order line that its plan wants made by the evening of step `t`: `W = min(1, max(0, (t − s + 1)/a))`, s the planned start of
/// work, a the days over which it is spread.
///
/// ```
/// # use ripstop::rule::work::planned_share;
/// assert_eq!([9, 10, 11, 13, 20].map(|t| planned_share(t, 10, 4)), [0.0, 0.25, 0.5, 1.0, 1.0]);
/// ```
#[inline(always)]
pub fn planned_share(t: i32, start: i32, days: i32) -> f64 {
    if t < start {
        return 0.0;
    }
    (f64::from(t - start + 1) / f64::from(days)).min(1.0)
}

/// Units the plan still asks for, at a planned share of the target: what is behind it is caught up at once.
///
/// ```
/// # use ripstop::rule::work::planned;
/// assert_eq!(planned(90.0, 20.0, 0.5), 25.0);
/// assert_eq!(planned(90.0, 60.0, 0.5), 0.0, "ahead of the plan");
/// ```
#[inline(always)]
pub fn planned(target: f64, made: f64, share: f64) -> f64 {
    (target * share - made).max(0.0)
}

/// Work that later days cannot take, `M = max over k (Σ over i ≤ k of left_i − L·D_k)`, at least zero: `left` in worker-days or units, L
/// what a full day can take, `D_k` the working days from tomorrow to the last planned one of order line k. Fed with order lines by due date.
///
/// ```
/// # use ripstop::rule::work::Load;
/// let mut load = Load::default();
/// load.add(30.0, 10.0, 2); // 30 to do, and 2 days of 10 to come: 10 today
/// load.add(50.0, 10.0, 9); // 80 to do in 9 days: no more than that
/// assert_eq!(load.ahead, 10.0);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Load {
    /// Work left up to here.
    pub sum: f64,
    /// What must be worked today if nothing shall be late.
    pub ahead: f64,
}

impl Load {
    /// A further order line, due no earlier than those before.
    #[inline(always)]
    pub fn add(&mut self, left: f64, a_day: f64, days: i32) {
        self.sum += left;
        self.ahead = self.ahead.max(self.sum - a_day * f64::from(days.max(0)));
    }

    /// Order lines of later, of which it is known by how much the worst exceeds what the days to it can take.
    #[inline(always)]
    pub fn add_later(&mut self, beyond: f64) {
        self.ahead = self.ahead.max(self.sum + beyond);
    }
}
