//! Civil dates as day numbers, and what the simulation needs to know of each day.

use jiff::civil::{Date, Weekday, date};

/// A civil date as days since 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a civil date.
    ///
    /// Errors: `None` if the three numbers are no date.
    pub fn from_civil(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self::from_date)
    }

    /// The day of a `jiff` date.
    pub fn from_date(civil: Date) -> Self {
        let days = civil.since((jiff::Unit::Day, date(1970, 1, 1))).map_or(0, |s| s.get_days());
        Self(days)
    }

    /// The civil date of this day (years −9999 … 9999; outside, the nearest representable date).
    pub fn date(self) -> Date {
        use jiff::ToSpan;
        let epoch = date(1970, 1, 1);
        epoch.checked_add(self.0.days()).unwrap_or(if self.0 < 0 { Date::MIN } else { Date::MAX })
    }

    /// This day moved by `days`.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.date())
    }
}

/// A day of the year, month and day of month.
pub type MonthDay = (i8, i8);

/// Facts about one simulated day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayFacts {
    /// 0 = Monday … 6 = Sunday.
    pub weekday: u8,
    /// Last day of its month: wages are paid, surplus is remitted.
    pub month_end: bool,
    /// Month and day of month.
    pub month_day: MonthDay,
}

/// The simulated days, first to last.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// First simulated day.
    pub start: Day,
    /// One entry per simulated day.
    pub days: Vec<DayFacts>,
}

impl Calendar {
    /// The days `start..=end`; empty if `end` is before `start`.
    pub fn new(start: Day, end: Day) -> Self {
        let facts = |day: i32| {
            let civil = Day(day).date();
            DayFacts {
                weekday: match civil.weekday() {
                    Weekday::Monday => 0,
                    Weekday::Tuesday => 1,
                    Weekday::Wednesday => 2,
                    Weekday::Thursday => 3,
                    Weekday::Friday => 4,
                    Weekday::Saturday => 5,
                    Weekday::Sunday => 6,
                },
                month_end: civil.day() == civil.days_in_month(),
                month_day: (civil.month(), civil.day()),
            }
        };
        Self { start, days: (start.0..=end.0).map(facts).collect() }
    }

    /// Number of simulated days.
    pub fn len(&self) -> usize {
        self.days.len()
    }

    /// Whether there is no day at all.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The civil day of step `t`.
    pub fn day(&self, t: usize) -> Day {
        self.start.plus(t as i32)
    }

    /// Share of its month that has passed at the end of step `t`.
    pub fn month_passed(&self, t: usize) -> f64 {
        let date = self.day(t).date();
        f64::from(date.day()) / f64::from(date.days_in_month())
    }

    /// The step of a civil day; days before the start give step 0, later ones the number of days.
    pub fn step(&self, day: Day) -> usize {
        ((day.0 - self.start.0).max(0) as usize).min(self.len())
    }
}

/// Whether `day` lies in the yearly season `from..=to`; a season may run over New Year.
pub fn in_season(day: MonthDay, from: MonthDay, to: MonthDay) -> bool {
    if from <= to { from <= day && day <= to } else { day >= from || day <= to }
}

/// The days of a year without 29 February.
pub fn year_days() -> impl Iterator<Item = MonthDay> {
    const LENGTHS: [i8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    (1..).zip(LENGTHS).flat_map(|(month, length)| (1..=length).map(move |day| (month, day)))
}

/// Whether the yearly season `from..=to` leaves out no day, or 29 February alone: who writes 1 March to 28 February means the whole year.
pub fn whole_year(from: MonthDay, to: MonthDay) -> bool {
    year_days().all(|day| in_season(day, from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree() {
        // 1970-01-01 was a Thursday; 2000-02-29 is 30 years and 7 leap days later, less the rest of the year: 30·365 + 7 + 31 + 28 = 11016.
        assert_eq!(Day::from_civil(1970, 1, 1), Some(Day(0)));
        assert_eq!(Day::from_civil(2000, 2, 29), Some(Day(11_016)));
        assert_eq!(Day::from_civil(1969, 12, 31), Some(Day(-1)));
        assert_eq!(Day::from_civil(2019, 2, 29), None);
        assert_eq!(Day(11_016).to_string(), "2000-02-29");
        assert_eq!(Day(11_016).plus(1).to_string(), "2000-03-01");
        assert_eq!(Day(i32::MAX).plus(1), Day(i32::MAX));
    }

    #[test]
    fn a_calendar_knows_weekdays_and_month_ends() {
        // 27 February 2020, a Thursday, to 2 March.
        let start = Day::from_civil(2020, 2, 27).unwrap();
        let calendar = Calendar::new(start, start.plus(4));
        let facts = |t: usize| (calendar.days[t].weekday, calendar.days[t].month_end, calendar.days[t].month_day);
        assert_eq!(calendar.len(), 5);
        assert_eq!(facts(0), (3, false, (2, 27)));
        assert_eq!(facts(2), (5, true, (2, 29)));
        assert_eq!(facts(4), (0, false, (3, 2)));
        assert_eq!((calendar.step(start.plus(-9)), calendar.step(start.plus(3)), calendar.step(start.plus(99))), (0, 3, 5));
        assert_eq!(calendar.day(3).to_string(), "2020-03-01");
        assert!(Calendar::new(start, start.plus(-1)).is_empty());
    }

    #[test]
    fn a_season_may_run_over_new_year() {
        assert!(in_season((7, 1), (6, 1), (8, 31)) && !in_season((9, 1), (6, 1), (8, 31)));
        assert!(in_season((12, 28), (12, 28), (1, 3)) && in_season((1, 3), (12, 28), (1, 3)) && !in_season((1, 4), (12, 28), (1, 3)));
    }

    #[test]
    fn a_season_may_be_the_whole_year() {
        for (from, to) in
            [((1, 1), (12, 31)), ((7, 1), (6, 30)), ((3, 1), (2, 29)), ((2, 29), (2, 28)), ((3, 1), (2, 28)), ((2, 1), (1, 31))]
        {
            assert!(whole_year(from, to), "{from:?} to {to:?}");
        }
        for (from, to) in
            [((1, 1), (12, 30)), ((1, 2), (12, 31)), ((7, 1), (6, 29)), ((3, 2), (2, 29)), ((2, 29), (2, 29)), ((6, 5), (6, 5))]
        {
            assert!(!whole_year(from, to), "{from:?} to {to:?}");
        }
        assert_eq!((year_days().count(), year_days().last()), (365, Some((12, 31))));
    }
}
