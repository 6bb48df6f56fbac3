//! Evidence, like with like: numbers somebody published, each beside the same quantity of a run.
//!
//! An observation says itself what it may be compared with (`measure`, `of`, `toward`, `class`, `period`, `base`), how (`compare`) and what that
//! cannot show (`limits`). Weak kinds and rows without a comparison are shown and never counted. Nothing is fitted and nothing is
//! correlated; a ratio is set against benchmarks (the run without the events, that nothing changes, guesses that need no model), and the
//! nearest is named. Ratios are compared per day, so that months of 29 and of 31 days are alike.

mod measured;

use ripstop::model::calendar::Day;
use ripstop::model::draws::quantile;

pub use self::measured::simulate;
pub use ripstop_case::language::observations::{Compare, Measured, NO_CHANGE, WITHOUT};
use ripstop_case::language::observations::{WEAK, scale};
use ripstop_case::tables::selector::Selector;
use ripstop_case::{Case, Table};

/// First and last day, in days since 1970-01-01.
pub type Period = (i32, i32);

/// A row of `guesses.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// The ratio as it stands in the file.
    pub value: f64,
    /// Why somebody would have guessed it.
    pub why: String,
}

/// A row of `observations.csv`.
#[derive(Clone, Debug)]
pub struct Observation {
    /// Its id.
    pub id: String,
    /// The series it belongs to.
    pub series: String,
    /// The time it is about.
    pub date: Period,
    /// The number as published, in `unit`.
    pub value: f64,
    /// Unit as published.
    pub unit: String,
    /// What one published unit is in units of the measure (a million for `USD million`).
    pub scale: f64,
    /// How good a number it is.
    pub kind: &'static str,
    /// How the run is compared with it.
    pub compare: Compare,
    /// What of the run is set beside it.
    pub measure: Option<Measured>,
    /// That in words: `passed_value toward KP`.
    pub asked: String,
    /// Time of the run set beside it.
    pub period: Period,
    /// The period that is 1 (ratio), or whose monthly mean is (last month above).
    pub base: Option<Period>,
    /// Ratios that guesses without a model would have used: rows of `guesses.csv`.
    pub guesses: Vec<Given>,
    /// What the comparison cannot show.
    pub limits: Option<String>,
    /// Anything a reader should know; of a row that is not compared, why.
    pub note: Option<String>,
    of: Option<Selector>,
    toward: Option<String>,
    class: Option<String>,
}

impl Observation {
    /// Whether the number is good enough to count.
    pub fn is_sound(&self) -> bool {
        !WEAK.contains(&self.kind)
    }

    /// The number in units of the measure; of a ratio or share the number itself.
    pub fn observed(&self) -> f64 {
        self.value * self.scale
    }

    /// A published ratio of two periods as one of their days: what is published is a ratio of totals, unless its unit says otherwise.
    pub fn per_day(&self, ratio: f64) -> f64 {
        let daily = ["per day", "a day", "daily"].iter().any(|words| self.unit.to_lowercase().contains(words));
        match self.base {
            Some(base) if !daily => ratio * days(base) / days(self.period),
            _ => ratio,
        }
    }
}

/// Days of a period.
fn days(period: Period) -> f64 {
    f64::from(period.1 - period.0) + 1.0
}

/// Every observation of a case, in file order.
pub fn observations(case: &Case) -> Vec<Observation> {
    let table = case.table("observations");
    let base = case.parameters.base_values();
    let mut list: Vec<Observation> = (0..table.rows()).map(|row| observation(case, table, row, &base)).collect();
    let guesses = case.table("guesses");
    let text = |name: &str, row| guesses.text(guesses.col(name), row).unwrap_or_default().to_string();
    for row in 0..guesses.rows() {
        let of = guesses.reference(guesses.col("observation"), row);
        if let Some(observation) = of.and_then(|of| list.get_mut(of as usize)) {
            let value = guesses.number(guesses.col("value"), row, &base).unwrap_or(f64::NAN);
            observation.guesses.push(Given { name: text("name", row), value, why: text("why", row) });
        }
    }
    list
}

fn observation(case: &Case, table: &Table, row: usize, base: &ripstop_case::Values) -> Observation {
    let text = |name: &str| table.text(table.col(name), row).map(str::to_string);
    let word = |name: &str| table.enumeration(table.col(name), row, base);
    let compare = Compare::of(word("compare").unwrap_or("none"));
    let measure = word("measure").and_then(Measured::of);
    let (unit, date) = (text("unit").unwrap_or_default(), table.period(table.col("date"), row).unwrap_or_default());
    Observation {
        id: table.key(row),
        series: text("series").unwrap_or_default(),
        date,
        value: table.number(table.col("value"), row, base).unwrap_or(f64::NAN),
        scale: scale(&unit, compare, measure, &case.meta.currency).unwrap_or(f64::NAN),
        unit,
        kind: word("kind").unwrap_or("reported"),
        compare,
        measure,
        asked: asked(table, row, base),
        period: table.period(table.col("period"), row).unwrap_or(date),
        base: table.period(table.col("base"), row),
        guesses: Vec::new(),
        limits: text("limits"),
        note: text("note"),
        of: table.selector(table.col("of"), row).cloned(),
        toward: text("toward"),
        class: text("class"),
    }
}

/// What of the run is meant, in the words of the file.
fn asked(table: &Table, row: usize, base: &ripstop_case::Values) -> String {
    let mut words = vec![table.enumeration(table.col("measure"), row, base).unwrap_or("").to_string()];
    let cell = |name: &str| table.cell_text(table.col(name), row).unwrap_or("").to_string();
    for (before, name) in [("of ", "of"), ("of class ", "class"), ("toward ", "toward")] {
        let text = cell(name);
        if !text.is_empty() {
            words.push(format!("{before}{text}"));
        }
    }
    words.join(" ").trim().to_string()
}

/// The observations of a case beside a run, its counterfactual and its draws.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The rows of `observations.csv`.
    pub rows: Vec<Observation>,
    /// Per row: what the base run says ([`simulate`]).
    pub simulated: Vec<f64>,
    /// Per row: what the same run without the events says.
    pub without: Vec<f64>,
    /// Per draw and row: what the draw says; then, row by row, what it says without the events.
    pub draws: Vec<Vec<f64>>,
    /// Whether the runs kept the days of every firm; without them nothing can be compared.
    pub recorded: bool,
}

/// Rows that belong together, and what comes of them.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Rows (index in [`Evidence::rows`]), in file order.
    pub rows: Vec<usize>,
    /// What comes of it.
    pub finding: Finding,
    /// What it cannot show; each sentence once.
    pub limits: Vec<String>,
}

/// What comes of a comparison.
#[derive(Clone, Debug)]
pub enum Finding {
    /// Of [`Compare::Below`].
    Below(Below),
    /// Of [`Compare::Ratio`].
    Ratio(Ratio),
    /// Of [`Compare::LastAbove`].
    LastAbove(LastAbove),
    /// Of [`Compare::Size`]: what the base run says, and its band.
    Size(f64, Option<Band>),
    /// Rows compared with nothing.
    Nothing,
}

/// The run stays below, period by period.
#[derive(Clone, Debug)]
pub struct Below {
    /// Periods that count.
    pub counted: usize,
    /// Rows that count and fail.
    pub fails: Vec<usize>,
    /// Rows that count and in which the base run has nothing, so that they cannot fail.
    pub silent: usize,
    /// Row with the largest simulated share of the observed, and that share.
    pub largest: Option<(usize, f64)>,
    /// Band of the draws' largest shares.
    pub largest_band: Option<Band>,
    /// Share of draws in which no counted row fails.
    pub share_of_draws: Option<f64>,
    /// Rows that count and fail in the run without the events.
    pub fails_without: usize,
}

/// A benchmark beside a ratio.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The name of its row of `guesses.csv`, [`NO_CHANGE`] or [`WITHOUT`].
    pub name: String,
    /// The ratio it gives, per day.
    pub value: f64,
    /// |guess − observed|.
    pub error: f64,
    /// Why it would have been guessed; blank of the two that are always at hand.
    pub why: String,
}

/// A ratio of two periods, per day.
#[derive(Clone, Debug)]
pub struct Ratio {
    /// The row.
    pub row: usize,
    /// Observed ratio.
    pub observed: f64,
    /// Ratio of the base run.
    pub simulated: f64,
    /// Band of the draws' ratios.
    pub band: Option<Band>,
    /// Ratio of the run without the events.
    pub without: f64,
    /// |simulated − observed|.
    pub error: f64,
    /// Benchmarks: guesses without a model, then [`NO_CHANGE`], then [`WITHOUT`].
    pub guesses: Vec<Guess>,
    /// Whether the run is closer than every benchmark; a tie goes to the benchmark. `None`: the row does not count.
    pub run_is_closer: Option<bool>,
    /// Share of the draws closer than every benchmark, the same draw without the events among them.
    pub share_of_draws: Option<f64>,
}

impl Ratio {
    /// The benchmark nearest to the observed ratio.
    pub fn best_guess(&self) -> &Guess {
        self.guesses.iter().min_by(|a, b| a.error.total_cmp(&b.error)).unwrap_or(&self.guesses[0])
    }
}

/// The last month above a share of a mean.
#[derive(Clone, Debug)]
pub struct LastAbove {
    /// The row.
    pub row: usize,
    /// First day of the month observed.
    pub observed: Day,
    /// First day of the month of the base run; `None`: no month is above.
    pub simulated: Option<Day>,
    /// The same of the run without the events.
    pub without: Option<Day>,
    /// Band of the draws.
    pub band: Option<Band<Day>>,
    /// Share of the draws with the observed month.
    pub share_of_draws: Option<f64>,
    /// Whether the months are the same; `None`: the row does not count.
    pub agrees: Option<bool>,
}

/// Below this number of draws 5 and 95 % mean nothing.
const BAND_DRAWS_MIN: usize = 20;

/// How far the draws spread a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band<T = f64> {
    /// 5 and 95 % of the draws: what is meant by a band where nothing else is said.
    pub outer: (T, T),
    /// 10 and 90 %: four of five draws lie in it.
    pub inner: (T, T),
}

impl Evidence {
    /// Whether the case has anything to compare or to show.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The comparisons, in order of their first row; rows that are compared with nothing come last.
    pub fn comparisons(&self) -> Vec<Comparison> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for row in 0..self.rows.len() {
            match groups.iter_mut().find(|group| self.together(group[0], row)) {
                Some(group) => group.push(row),
                None => groups.push(vec![row]),
            }
        }
        groups.sort_by_key(|group| match self.rows[group[0]].compare {
            Compare::Below => 0,
            Compare::LastAbove => 1,
            Compare::Ratio => 2,
            Compare::Size => 3,
            Compare::None => 4,
        });
        groups.into_iter().map(|rows| self.comparison(rows)).collect()
    }

    fn together(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.rows[a], &self.rows[b]);
        let alike = a.compare == b.compare && a.asked == b.asked;
        alike
            && match a.compare {
                Compare::Below => a.series == b.series,
                Compare::Ratio | Compare::LastAbove => false,
                Compare::Size => a.period == b.period,
                Compare::None => a.note == b.note,
            }
    }

    fn comparison(&self, rows: Vec<usize>) -> Comparison {
        let mut limits: Vec<String> = Vec::new();
        for limit in rows.iter().filter_map(|&row| self.rows[row].limits.clone()) {
            if !limits.contains(&limit) {
                limits.push(limit);
            }
        }
        let first = rows[0];
        let finding = match self.rows[first].compare {
            Compare::Below => Finding::Below(self.below(&rows)),
            Compare::Ratio => Finding::Ratio(self.ratio(first)),
            Compare::LastAbove => Finding::LastAbove(self.last_above(first)),
            Compare::Size => Finding::Size(self.simulated[first], self.band(|draw| draw[first])),
            Compare::None => Finding::Nothing,
        };
        Comparison { rows, finding, limits }
    }

    /// The band of a figure of the draws.
    fn band(&self, figure: impl Fn(&[f64]) -> f64) -> Option<Band> {
        if self.draws.len() < BAND_DRAWS_MIN {
            return None;
        }
        let values: Vec<f64> = self.draws.iter().map(|draw| figure(draw)).collect();
        let ends = |low: f64, high: f64| quantile(&values, low).zip(quantile(&values, high));
        ends(0.05, 0.95).zip(ends(0.1, 0.9)).map(|(outer, inner)| Band { outer, inner })
    }

    fn share(&self, holds: impl Fn(&[f64]) -> bool) -> Option<f64> {
        let held = self.draws.iter().filter(|draw| holds(draw)).count();
        (!self.draws.is_empty()).then(|| held as f64 / self.draws.len() as f64)
    }

    fn below(&self, rows: &[usize]) -> Below {
        let counted: Vec<usize> = rows.iter().copied().filter(|&row| self.rows[row].is_sound()).collect();
        let fails = |run: &[f64], row: usize| exceeds(run[row], self.rows[row].observed());
        let largest = |run: &[f64]| {
            let shares = counted.iter().map(|&row| (row, run[row] / self.rows[row].observed())).filter(|(_, share)| !share.is_nan());
            shares.max_by(|a, b| a.1.total_cmp(&b.1))
        };
        Below {
            counted: counted.len(),
            fails: counted.iter().copied().filter(|&row| fails(&self.simulated, row)).collect(),
            silent: counted.iter().filter(|&&row| self.simulated[row] == 0.0).count(),
            largest: largest(&self.simulated),
            largest_band: self.band(|draw| largest(draw).map_or(f64::NAN, |(_, share)| share)),
            share_of_draws: self.share(|draw| counted.iter().all(|&row| !fails(draw, row))),
            fails_without: counted.iter().filter(|&&row| fails(&self.without, row)).count(),
        }
    }

    fn ratio(&self, row: usize) -> Ratio {
        let o = &self.rows[row];
        let observed = o.per_day(o.value);
        let guess = |name: &str, value: f64, why: &str| Guess {
            name: name.to_string(),
            value,
            error: (value - observed).abs(),
            why: why.to_string(),
        };
        let mut guesses: Vec<Guess> = o.guesses.iter().map(|given| guess(&given.name, o.per_day(given.value), &given.why)).collect();
        guesses.push(guess(NO_CHANGE, 1.0, ""));
        let given = guesses.len();
        guesses.push(guess(WITHOUT, self.without[row], ""));
        // What is no number is close to nothing, and no benchmark either.
        let closer = |simulated: f64, without: f64| {
            let error = (simulated - observed).abs();
            let beats = |other: f64| error < other || other.is_nan();
            !error.is_nan() && guesses[..given].iter().all(|guess| beats(guess.error)) && beats((without - observed).abs())
        };
        let of_draw = |draw: &[f64]| closer(draw[row], draw.get(self.rows.len() + row).copied().unwrap_or(f64::NAN));
        Ratio {
            row,
            observed,
            simulated: self.simulated[row],
            band: self.band(|draw| draw[row]),
            without: self.without[row],
            error: (self.simulated[row] - observed).abs(),
            run_is_closer: o.is_sound().then(|| closer(self.simulated[row], self.without[row])),
            share_of_draws: self.share(of_draw).filter(|_| o.is_sound()),
            guesses,
        }
    }

    fn last_above(&self, row: usize) -> LastAbove {
        let o = &self.rows[row];
        let month = |value: f64| value.is_finite().then(|| Day::from_date(Day(value as i32).date().first_of_month()));
        let observed = Day(o.date.0);
        let same = |value: f64| month(value) == Some(observed);
        LastAbove {
            row,
            observed,
            simulated: month(self.simulated[row]),
            without: month(self.without[row]),
            band: self.band(|draw| draw[row]).and_then(|Band { outer, inner }| {
                let months = |(low, high): (f64, f64)| month(low).zip(month(high));
                months(outer).zip(months(inner)).map(|(outer, inner)| Band { outer, inner })
            }),
            share_of_draws: self.share(|draw| same(draw[row])).filter(|_| o.is_sound()),
            agrees: o.is_sound().then(|| same(self.simulated[row])),
        }
    }
}

/// Whether a value lies above a bound; what is no number does not lie below it either.
pub fn exceeds(value: f64, bound: f64) -> bool {
    value.is_nan() || value > bound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_or_refused() {
        let money = Some(Measured::PassedValue);
        assert_eq!(scale("USD million", Compare::Below, money, "USD"), Some(1e6));
        assert_eq!(scale("million USD", Compare::Size, money, "USD"), Some(1e6));
        assert_eq!(scale("USD", Compare::Below, money, "USD"), Some(1.0));
        assert_eq!(scale("EUR million", Compare::Below, money, "USD"), None);
        assert_eq!(scale("million", Compare::Below, money, "USD"), None);
        assert_eq!(scale("USD lakh", Compare::Below, money, "USD"), None);
        assert_eq!(scale("ratio to 2019", Compare::Ratio, money, "USD"), Some(1.0));
        assert_eq!(scale("USD million", Compare::Ratio, money, "USD"), None);
        assert_eq!(scale("pieces", Compare::Size, Some(Measured::MadePerWorker), "USD"), Some(1.0));
        assert_eq!(scale("USD million", Compare::Size, Some(Measured::MadePerWorker), "USD"), None);
    }

    /// An observed ratio of 0.6 of February to January, both of 2020: 31 days, then 29.
    fn of_february(simulated: f64, without: f64, draws: Vec<Vec<f64>>) -> Evidence {
        let day = |text: &str| ripstop_case::parse_date(text).unwrap();
        let february = (day("2020-02-01"), day("2020-02-29"));
        let row = Observation {
            id: "fell".to_string(),
            series: "trade".to_string(),
            date: february,
            value: 0.6 * 29.0 / 31.0,
            unit: "ratio to January".to_string(),
            scale: 1.0,
            kind: "official",
            compare: Compare::Ratio,
            measure: Some(Measured::PassedValue),
            asked: "passed_value".to_string(),
            period: february,
            base: Some((day("2020-01-01"), day("2020-01-31"))),
            guesses: Vec::new(),
            limits: None,
            note: None,
            of: None,
            toward: None,
            class: None,
        };
        Evidence { rows: vec![row], simulated: vec![simulated], without: vec![without], recorded: true, draws }
    }

    #[test]
    fn the_run_without_the_events_is_a_benchmark() {
        let ratio = |evidence: &Evidence| evidence.ratio(0);
        let near = ratio(&of_february(0.5, 0.65, vec![vec![0.5, 0.65], vec![0.6, 0.65], vec![0.7, 0.9]]));
        assert!((near.observed - 0.6).abs() < 1e-12, "per day");
        assert_eq!((near.run_is_closer, near.best_guess().name.as_str()), (Some(false), WITHOUT));
        assert_eq!(near.share_of_draws, Some(2.0 / 3.0), "each draw against itself without the events");
        assert_eq!(ratio(&of_february(0.5, 0.9, Vec::new())).run_is_closer, Some(true));
        assert_eq!(ratio(&of_february(0.5, 0.5, Vec::new())).run_is_closer, Some(false), "a tie goes to the benchmark");
        assert_eq!(ratio(&of_february(f64::NAN, 0.5, Vec::new())).run_is_closer, Some(false));
        let mut daily = of_february(0.5, 0.9, Vec::new());
        daily.rows[0].unit = "ratio to January, per day".to_string();
        assert_eq!(ratio(&daily).observed, 0.6 * 29.0 / 31.0, "published per day: taken as it is");
    }

    #[test]
    fn every_measure_of_the_schema_is_known() {
        let spec = ripstop_case::language::schema::table("observations").unwrap();
        let column = spec.columns.iter().find(|column| column.name == "measure").unwrap();
        let ripstop_case::language::schema::Kind::Enum(words) = column.kind else { panic!("`measure` is a word") };
        assert!(words.iter().all(|word| Measured::of(word).is_some()), "{words:?}");
    }
}
