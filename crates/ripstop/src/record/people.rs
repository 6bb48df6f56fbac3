//! Who is without work because of the events: firm by firm and day by day against the run without them.
//!
//! `without work = max(0, labour used without the events − labour used)`: first the dismissed, then the absent, each at most as many as
//! there are beyond the run without the events, the rest idle. Labour used beyond the run without the events is *extra work*, a line of its
//! own: work that is made up for later takes back no day on which somebody stood there without.

use crate::plan::Plan;
use crate::plan::columns::{Cells, Column, RestoreError, refill};
use crate::plan::state::State;
use crate::record::{Detail, Record};

/// The parts, in the order of [`Parts`]: dismissed, absent, idle; and extra work.
pub const PARTS: [&str; 4] = ["without_work_dismissed", "without_work_absent", "without_work_idle", "extra_work"];

/// Worker-days of a firm on a day, or persons: dismissed, absent and idle beyond the counterfactual; and extra work.
pub type Parts = [f64; 4];

/// The people of a firm on a day, worker-days; all zero on a rest day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hands {
    /// On the payroll when the day began.
    pub employed: f64,
    /// Of these, those who came.
    pub present: f64,
    /// Labour used.
    pub used: f64,
}

impl Hands {
    fn absent(self) -> f64 {
        (self.employed - self.present).max(0.0)
    }
}

impl Record {
    /// The people of a firm on a recorded day ([`Detail::Full`]).
    pub fn hands(&self, plan: &Plan, firm: usize, t: usize) -> Hands {
        let cell = t * plan.network.firms.len() + firm;
        let columns = &self.columns;
        Hands { employed: columns.firm_employed[cell], present: columns.firm_present[cell], used: columns.firm_used[cell] }
    }
}

/// Differences of this size, relative to those employed, are rounding.
const ROUNDING: f64 = 1e-12;

/// The parts of a day.
pub fn parts(with: Hands, without: Hands) -> Parts {
    let gap = without.used - with.used;
    if gap.abs() <= ROUNDING * without.employed.max(with.employed) {
        return [0.0; 4];
    }
    if gap < 0.0 {
        return [0.0, 0.0, 0.0, -gap];
    }
    let dismissed = gap.min((without.employed - with.employed).max(0.0));
    let absent = (gap - dismissed).min((with.absent() - without.absent()).max(0.0));
    [dismissed, absent, gap - dismissed - absent, 0.0]
}

/// What all but extra work of the parts comes to.
pub fn without_work(parts: &Parts) -> f64 {
    parts[0] + parts[1] + parts[2]
}

/// The parts of a scenario, day by day.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Firms with workers and lines.
    firms: Vec<u32>,
    /// Of each: which of [`Self::weeks`] it keeps.
    week: Vec<u32>,
    /// Weekdays of rest, a bit each, that any of the firms keeps.
    weeks: Vec<u8>,
    /// Part → worker-days of the firms of a week on a day: `t × weeks + week`.
    daily: [Vec<f64>; 4],
    /// The same by sector and by place, where sums are recorded.
    sectors: [Vec<f64>; 4],
    places: [Vec<f64>; 4],
    /// Number of sectors and places; zero where these are not kept.
    counts: [usize; 2],
}

impl People {
    /// Nobody so far.
    pub fn new(plan: &Plan, detail: Detail) -> Self {
        let network = &plan.network;
        let mut people = Self::default();
        for firm in (0..network.firms.len()).filter(|&f| plan.workers[f] > 0.0 && !plan.lines_of(f).is_empty()) {
            let rests = plan.rest_weekdays[firm];
            let week = people.weeks.iter().position(|&week| week == rests).unwrap_or_else(|| {
                people.weeks.push(rests);
                people.weeks.len() - 1
            });
            people.firms.push(firm as u32);
            people.week.push(week as u32);
        }
        if detail == Detail::Sectors && !people.firms.is_empty() {
            people.counts = [network.sectors.max(1) as usize, network.places.len().max(1)];
        }
        people
    }

    /// Whether both runs must be seen on the same day: the days of every firm are not kept.
    pub(crate) fn in_step(&self, detail: Detail) -> bool {
        detail != Detail::Full && !self.firms.is_empty()
    }

    /// Days so far.
    pub fn days(&self) -> usize {
        self.daily[0].len() / self.weeks.len().max(1)
    }

    /// Days without any difference, up to so many in all.
    pub(crate) fn calm(&mut self, days: usize) {
        let [sectors, places] = self.counts;
        let widths = [(&mut self.daily, self.weeks.len()), (&mut self.sectors, sectors), (&mut self.places, places)];
        for (columns, width) in widths {
            columns.iter_mut().for_each(|column| column.resize(days * width, 0.0));
        }
    }

    /// Adds a day on which both runs stand at the same step.
    pub(crate) fn push(&mut self, plan: &Plan, with: &State, without: &State) {
        let hands = |state: &State, firm: usize| Hands {
            employed: state.employed[firm],
            present: state.present[firm],
            used: plan.lines_of(firm).iter().map(|&l| state.labour_used[l as usize]).sum(),
        };
        self.add(plan, &|firm| (hands(with, firm), hands(without, firm)));
    }

    /// All days of two records that keep every firm.
    pub(crate) fn of(plan: &Plan, with: &Record, without: &Record, first_event: usize) -> Self {
        let mut people = Self::new(plan, with.detail);
        people.calm(first_event.min(with.days));
        for t in first_event..with.days {
            people.add(plan, &|firm| (with.hands(plan, firm, t), without.hands(plan, firm, t)));
        }
        people
    }

    fn add(&mut self, plan: &Plan, hands: &dyn Fn(usize) -> (Hands, Hands)) {
        let day = self.days();
        self.calm(day + 1);
        let (weeks, [sectors, places]) = (self.weeks.len(), self.counts);
        for (&firm, &week) in self.firms.iter().zip(&self.week) {
            let (with, without) = hands(firm as usize);
            for (part, worker_days) in parts(with, without).into_iter().enumerate().filter(|part| part.1 > 0.0) {
                self.daily[part][day * weeks + week as usize] += worker_days;
                if sectors > 0 {
                    let spec = &plan.network.firms[firm as usize];
                    self.sectors[part][day * sectors + spec.sector.index()] += worker_days;
                    self.places[part][day * places + spec.place.index()] += worker_days;
                }
            }
        }
    }

    /// A part of all firms, day by day, worker-days.
    pub fn total(&self, part: usize) -> Vec<f64> {
        self.daily[part].chunks_exact(self.weeks.len().max(1)).map(|day| day.iter().sum()).collect()
    }

    /// The parts by sector and by place ([`Detail::Sectors`]): columns and their width.
    pub fn groups(&self) -> [(&[Vec<f64>; 4], usize); 2] {
        [(&self.sectors, self.counts[0]), (&self.places, self.counts[1])]
    }

    /// The parts up to a day, worker-days.
    pub fn sum(&self, at: usize) -> Parts {
        let cells = ((at + 1) * self.weeks.len()).min(self.daily[0].len());
        std::array::from_fn(|part| self.daily[part][..cells].iter().sum::<f64>() + 0.0)
    }

    /// The window of `length` days up to day `at` in which most are without work, as its last day and the parts in persons: of every firm
    /// the mean of its working days.
    pub fn worst(&self, plan: &Plan, at: usize, length: usize) -> Option<(usize, Parts)> {
        let weeks = self.weeks.len();
        let mut worst: Option<(usize, Parts)> = None;
        for t in 0..(at + 1).min(self.days()) {
            let window = (t + 1).saturating_sub(length)..t + 1;
            let mut persons = [0.0; 4];
            for (week, rests) in self.weeks.iter().enumerate() {
                let works = |&t: &usize| rests >> plan.calendar.days[t].weekday & 1 == 0;
                let days = window.clone().filter(works).count() as f64;
                for (part, persons) in persons.iter_mut().enumerate().filter(|_| days > 0.0) {
                    *persons += window.clone().map(|t| self.daily[part][t * weeks + week]).sum::<f64>() / days;
                }
            }
            if without_work(&persons) > worst.map_or(0.0, |(_, most)| without_work(&most)) {
                worst = Some((t, persons));
            }
        }
        worst
    }

    /// Shows what was found so far, column by column.
    ///
    /// Errors: those of `write`.
    pub fn save<E>(&self, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
        for (name, columns) in [("week", &self.daily), ("sector", &self.sectors), ("place", &self.places)] {
            for (part, column) in PARTS.iter().zip(columns) {
                write(&format!("{name}.{part}"), Cells::F64(column))?;
            }
        }
        Ok(())
    }

    /// Takes what was found on `days` days from saved columns.
    ///
    /// Errors: those of `read`; columns that are not those of this network.
    pub fn restore<E: From<RestoreError>>(&mut self, days: usize, read: &mut impl FnMut(&str) -> Result<Column, E>) -> Result<(), E> {
        let [sectors, places] = self.counts;
        let widths =
            [("week", &mut self.daily, self.weeks.len()), ("sector", &mut self.sectors, sectors), ("place", &mut self.places, places)];
        for (name, columns, width) in widths {
            for (part, column) in PARTS.iter().zip(columns) {
                let name = format!("{name}.{part}");
                refill(&name, &read(&name)?, Some(days * width), column)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(employed: f64, present: f64, used: f64) -> Hands {
        Hands { employed, present, used }
    }

    #[test]
    fn who_is_without_work_was_dismissed_then_absent_then_idle() {
        // Without the events 10 are employed, 9 come, 8 work: 1 is absent and 1 idle already.
        let usual = day(10.0, 9.0, 8.0);
        assert_eq!(parts(usual, usual), [0.0; 4]);
        assert_eq!(parts(day(4.0, 4.0, 3.0), usual), [5.0, 0.0, 0.0, 0.0], "6 were dismissed, 5 of them worked");
        assert_eq!(parts(day(8.0, 4.0, 2.0), usual), [2.0, 3.0, 1.0, 0.0], "2 dismissed, 4 absent and 1 of them in any case, 1 more idle");
        assert_eq!(parts(day(10.0, 0.0, 0.0), usual), [0.0, 8.0, 0.0, 0.0], "all absent: of 9 more, 8 worked");
        assert_eq!(parts(day(0.0, 0.0, 0.0), usual), [8.0, 0.0, 0.0, 0.0], "the firm has ended");
        assert_eq!(parts(day(10.0, 9.0, 0.0), usual), [0.0, 0.0, 8.0, 0.0], "nothing to do");
    }

    #[test]
    fn more_work_is_a_line_of_its_own_and_nobody_less() {
        assert_eq!(parts(day(10.0, 10.0, 9.5), day(10.0, 10.0, 8.0)), [0.0, 0.0, 0.0, 1.5]);
        assert_eq!(parts(day(10.0, 10.0, 3.0), day(2.0, 2.0, 2.0)), [0.0, 0.0, 0.0, 1.0], "without the events 8 would have been dismissed");
        assert_eq!(parts(day(10.0, 10.0, 8.0 + 1e-13), day(10.0, 10.0, 8.0)), [0.0; 4], "rounding is no work");
        assert_eq!(parts(day(0.0, 0.0, 0.0), day(0.0, 0.0, 0.0)), [0.0; 4], "a rest day");
    }
}
