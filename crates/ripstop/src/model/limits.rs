//! The largest spans and counts that a run can have, and what a number may be.

use std::fmt;

/// Longest span of days a route, a payment or a patience may have: goods and money on the way hold a cell a day.
pub const DAYS_MAX: f64 = 10_000.0;
/// Longest run, days.
pub const RUN_DAYS_MAX: i32 = 100_000;
/// Most of any quantity: beyond every economy in every currency, and far from where sums of products lose their meaning.
pub const AMOUNT_MAX: f64 = 1e18;
/// Most days of a term: some 2,700 years, as good as never.
pub const TERM_DAYS_MAX: f64 = 1e6;

/// What a number may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Least it may be.
    pub low: f64,
    /// Whether it must be more than that.
    pub above: bool,
    /// Most it may be.
    pub high: f64,
    /// Whether it may be infinite besides: without limit, never; `none` in files.
    pub endless: bool,
}

/// A quantity.
pub const AMOUNT: Limits = Limits { low: 0.0, above: false, high: AMOUNT_MAX, endless: false };
/// A quantity that something is divided by, or that is left out where there is none of it.
pub const POSITIVE: Limits = Limits { above: true, ..AMOUNT };
/// A share.
pub const SHARE: Limits = AMOUNT.to(1.0);
/// Days that hold a cell each.
pub const DAYS: Limits = AMOUNT.to(DAYS_MAX);
/// Days that are only compared or reckoned with.
pub const TERM: Limits = AMOUNT.to(TERM_DAYS_MAX);
/// Days from one to the next of something; a count of parts.
pub const INTERVAL: Limits = TERM.from(1.0);
/// What an event multiplies a capacity, a staff or a demand by.
pub const FACTOR: Limits = AMOUNT.to(1000.0);
/// What an event multiplies an exchange rate by.
pub const RATE_FACTOR: Limits = POSITIVE.to(1e6);

impl Limits {
    /// The same from another least number on.
    pub const fn from(self, low: f64) -> Self {
        Self { low, ..self }
    }

    /// The same up to another largest number.
    pub const fn to(self, high: f64) -> Self {
        Self { high, ..self }
    }

    /// The same, or infinite.
    pub const fn or_none(self) -> Self {
        Self { endless: true, ..self }
    }

    /// Whether a number is within them.
    ///
    /// ```
    /// use ripstop::model::limits::{POSITIVE, SHARE, TERM};
    /// assert!(SHARE.hold(1.0) && !SHARE.hold(1.1) && !SHARE.hold(f64::NAN));
    /// assert!(TERM.or_none().hold(f64::INFINITY) && !TERM.hold(f64::INFINITY));
    /// assert!(!POSITIVE.hold(0.0));
    /// ```
    pub fn hold(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value) && !(self.above && value == self.low) || self.endless && value == f64::INFINITY
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.above {
            true => write!(f, "above {} and at most ", self.low)?,
            false => write!(f, "from {} to ", self.low)?,
        }
        // Powers of ten are easier read than their zeros.
        if self.high > 1e6 {
            write!(f, "{:e}", self.high)?
        } else {
            write!(f, "{}", self.high)?
        }
        f.write_str(if self.endless { ", or infinite" } else { "" })
    }
}
