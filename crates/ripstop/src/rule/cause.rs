//! What bound a line on a day.

/// The cause of a line-day. Stored as `u32`; inputs are [`Cause::Input`] with the product's id. (`u16` would save two bytes a line and day,
/// but a case may have more products than it counts.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Nothing: what was wanted was made.
    None,
    /// Capacity of the line, or the hands of its firm at full attendance.
    Capacity,
    /// Hands: workers were missing today.
    Attendance,
    /// What usually asks did not: an order line that covers the day was cut, withheld or cancelled, orders moved to another seller, or
    /// standing customers and a market in season asked for nothing.
    NoOrders,
    /// No order line covers the day, or all are complete; or the line sells only to clients' plans or to a market out of season, and none
    /// asks today. Neither stopped nor shut.
    OffSeason,
    /// A rest day of its firm.
    Rest,
    /// Standing orders exist, but every path of theirs is shut today.
    NoOutlet,
    /// Its firm has stopped for good: insolvent, or by an event of kind `default`.
    NoCash,
    /// A rule stopped what usually asks: buyers that comply with it order nothing, or a relation has ended because goods were seized.
    Forbidden,
    /// Its place is out of reach: events of kind `freeze`.
    Frozen,
    /// An input is too short; its name follows. Of inputs that run out together, the one that costs most in a unit, then by id.
    Input(u32),
}

/// Code of the input that is product 0; those below are the other causes.
pub(crate) const INPUT: u32 = 16;

/// What is asked of a line today by standing orders and final demand, units.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Wanted beyond what stands finished.
    pub open: f64,
    /// Wanted.
    pub wanted: f64,
    /// Ordered by buyers to whom nothing can leave today.
    pub blocked: f64,
    /// Not ordered, because a rule stops it.
    pub forbidden: f64,
    /// Not ordered, cancelled or moved to another seller.
    pub withheld: f64,
    /// Whether somebody usually asks: a standing customer, or a market in season.
    pub usual: bool,
}

/// Whether a line has stopped on a day: it made nothing, and the cause (its code) is one that counts.
///
/// Records, sums, measures of claims and accounts all ask this one question.
#[inline]
pub fn stopped(output: f64, code: u32) -> bool {
    output <= 0.0 && Cause::of(code).stops()
}

impl Cause {
    /// What bound a line's standing business, on a day that is no rest day. `input`: the product that is too short for what is open;
    /// `allowed`: what the line can make without it.
    ///
    /// ```
    /// # use ripstop::rule::cause::{Asked, Cause};
    /// let asked = Asked { open: 5.0, wanted: 8.0, ..Asked::default() };
    /// assert_eq!(Cause::of_standing(&asked, Some(3), 5.0), Cause::Input(3));
    /// assert_eq!(Cause::of_standing(&asked, None, 4.0), Cause::Capacity);
    /// assert_eq!(Cause::of_standing(&Asked { usual: true, ..Asked::default() }, None, 4.0), Cause::NoOrders);
    /// ```
    #[inline(always)]
    pub fn of_standing(asked: &Asked, input: Option<u32>, allowed: f64) -> Self {
        if asked.open > 0.0 {
            return match input {
                Some(product) => Self::Input(product),
                None if allowed < asked.open => Self::Capacity,
                None => Self::None,
            };
        }
        if asked.blocked > 0.0 {
            Self::NoOutlet
        } else if asked.wanted > 0.0 {
            Self::None
        } else if asked.forbidden > 0.0 {
            Self::Forbidden
        } else if asked.usual || asked.withheld > 0.0 {
            Self::NoOrders
        } else {
            Self::OffSeason
        }
    }

    /// The stored form.
    pub fn code(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Capacity => 1,
            Self::Attendance => 2,
            Self::NoOrders => 3,
            Self::OffSeason => 4,
            Self::Rest => 5,
            Self::NoOutlet => 6,
            Self::NoCash => 7,
            Self::Forbidden => 8,
            Self::Frozen => 9,
            // A table has fewer products than would reach the end.
            Self::Input(product) => INPUT.saturating_add(product),
        }
    }

    /// The cause of a stored form.
    pub fn of(code: u32) -> Self {
        match code {
            0 => Self::None,
            1 => Self::Capacity,
            2 => Self::Attendance,
            3 => Self::NoOrders,
            4 => Self::OffSeason,
            5 => Self::Rest,
            6 => Self::NoOutlet,
            7 => Self::NoCash,
            8 => Self::Forbidden,
            9 => Self::Frozen,
            code => Self::Input(code.saturating_sub(INPUT)),
        }
    }

    /// The words used in files and tables; an input adds its product's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Capacity => "capacity",
            Self::Attendance => "attendance",
            Self::NoOrders => "no orders",
            Self::OffSeason => "off-season",
            Self::Rest => "rest day",
            Self::NoOutlet => "no outlet",
            Self::NoCash => "no cash",
            Self::Forbidden => "forbidden",
            Self::Frozen => "frozen",
            Self::Input(_) => "input",
        }
    }

    /// Whether a line without output for this cause counts as stopped.
    pub fn stops(self) -> bool {
        !matches!(self, Self::None | Self::OffSeason | Self::Rest)
    }
}
