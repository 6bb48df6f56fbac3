//! What bound a line on a day.

/// The cause of a line-day. Stored as `u16`; inputs are [`Cause::Input`] with the product's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Nothing: all that was ordered was made.
    None,
    /// Capacity or labour at full attendance.
    Capacity,
    /// Attendance: workers were missing.
    Attendance,
    /// An order covering the day was cancelled, withheld or moved, or standing customers ordered nothing.
    NoOrders,
    /// No order line covers the day, or all are complete: neither stopped nor shut.
    OffSeason,
    /// A rest day.
    Rest,
    /// Orders exist but no route is open.
    NoOutlet,
    /// The firm is insolvent and has stopped.
    NoCash,
    /// An input was missing.
    Input(u32),
}

const INPUT: u16 = 16;

impl Cause {
    /// The stored form.
    ///
    /// # Panics
    /// If a product's id exceeds 65,519; the number of products is limited where cases are read.
    pub fn code(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Capacity => 1,
            Self::Attendance => 2,
            Self::NoOrders => 3,
            Self::OffSeason => 4,
            Self::Rest => 5,
            Self::NoOutlet => 6,
            Self::NoCash => 7,
            Self::Input(product) => INPUT + u16::try_from(product).unwrap_or(u16::MAX - INPUT).min(u16::MAX - INPUT),
        }
    }

    /// The cause of a stored form.
    pub fn of(code: u16) -> Self {
        match code {
            0 => Self::None,
            1 => Self::Capacity,
            2 => Self::Attendance,
            3 => Self::NoOrders,
            4 => Self::OffSeason,
            5 => Self::Rest,
            6 => Self::NoOutlet,
            7 => Self::NoCash,
            code => Self::Input(u32::from(code.saturating_sub(INPUT))),
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
            Self::Input(_) => "input",
        }
    }

    /// Whether a line without output for this cause counts as stopped.
    pub fn stops(self) -> bool {
        !matches!(self, Self::None | Self::OffSeason | Self::Rest)
    }
}
