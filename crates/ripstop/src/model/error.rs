//! What can be wrong with a network handed to the engine by a program (files are diagnosed where they are read).

/// A network that cannot be simulated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// The last day lies before the first.
    #[error("the case ends before it starts")]
    NoDays,
    /// The run is too long.
    #[error("the case has {days} days; a run has at most {max}", max = crate::model::limits::RUN_DAYS_MAX)]
    TooManyDays {
        /// Days asked for.
        days: i32,
    },
    /// An event begins on a day that has been simulated.
    #[error("the event begins on {from}, but the next day to simulate is {next}")]
    EventInThePast {
        /// First day of the event.
        from: super::calendar::Day,
        /// The next day.
        next: super::calendar::Day,
    },
    /// A published program cannot be followed here.
    #[error("compat follows the published program for lines that ask nothing special; line {line} does")]
    NoCompat {
        /// The line.
        line: usize,
    },
    /// A row refers to a row that is not there.
    #[error("{table} {row} refers to {target} {found}, but there are {count}")]
    Dangling {
        /// Referring table.
        table: &'static str,
        /// Referring row.
        row: usize,
        /// Referred table.
        target: &'static str,
        /// Referred row.
        found: usize,
        /// Rows of the referred table.
        count: usize,
    },
    /// A number is not usable.
    #[error("{table} {row}: {field} is {value}, must be {must}")]
    BadNumber {
        /// Table.
        table: &'static str,
        /// Row.
        row: usize,
        /// Field.
        field: &'static str,
        /// Found value.
        value: f64,
        /// What it must be.
        must: String,
    },
    /// A row does not fit what it refers to or its neighbours.
    #[error("{table} {row}: {why}")]
    Misfit {
        /// Table.
        table: &'static str,
        /// Row.
        row: usize,
        /// What does not fit.
        why: &'static str,
    },
    /// A column of contracts is longer or shorter than the others.
    #[error("contracts have {found} rows of {column}, but {count} sellers")]
    Uneven {
        /// The column.
        column: &'static str,
        /// Its rows.
        found: usize,
        /// Rows of the column of sellers.
        count: usize,
    },
    /// More of something than its numbers can name.
    #[error("{count} {what}; at most {max}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much.
        count: u64,
        /// How much there may be.
        max: u64,
    },
    /// A route without travel time: goods dispatched in the evening arrive the next day at the earliest.
    #[error("route {route} takes no day; the sum of its legs must be at least one")]
    NoLead {
        /// The route.
        route: usize,
    },
    /// Money is carried over a crossing but no class of persons is named.
    #[error("terms {terms} carry cash, but the network names no class of persons")]
    NoPersons {
        /// The terms.
        terms: usize,
    },
    /// A currency without a rate.
    #[error("currency {currency} has no exchange rate")]
    NoRate {
        /// The currency.
        currency: usize,
    },
    /// A leg that begins with a limit in tonnes takes no day, or has two limits.
    #[error("route {route}: a leg that begins with a limit in tonnes takes at least a day and has one limit")]
    LimitedLeg {
        /// The route.
        route: usize,
    },
    /// A steady start with order lines.
    #[error("a steady start does not fit order lines, which have a beginning; start empty")]
    SteadyOrders,
    /// Standing contracts need more than they make: no steady rates exist.
    #[error("standing contracts have no steady state: lines need more of each other than they make")]
    NoSteadyState,
    /// A settled start is asked for and not reached.
    #[error("after {days} days before the start the output of line {line} still moves by {moved:.3} in four weeks, more than {tolerance}")]
    NotSettled {
        /// The line that moves most.
        line: usize,
        /// By how much, share.
        moved: f64,
        /// By how much it may.
        tolerance: f64,
        /// Days simulated before the start.
        days: u32,
    },
}
