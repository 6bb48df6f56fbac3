//! Headline figures: what a run says in a number, with the events and without, and how far the draws spread it.
//!
//! There is one list, and everything that shows a figure (summary, screen, page) reads it: starting values, median and 5–95 % of the
//! draws, of the scenario, of its counterfactual, and of the difference between the two, draw by draw.

use ripstop::analysis::levels::{Levels, levels};
use ripstop::analysis::losses::Losses;
use ripstop::model::draws::quantile;
use ripstop::plan::{NONE, Plan};
use ripstop::record::Record;
use ripstop::record::caught::Reason;
use ripstop::run::Outcome;

use crate::study::numbers::pieces;
use ripstop_case::Case;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// The case's currency.
    Currency,
    /// Days of work.
    WorkerDays,
    /// People.
    Persons,
    /// Pieces of whatever product is counted in pieces.
    Pieces,
    /// Units of a product (its index).
    Product(usize),
    /// Firms.
    Firms,
}

/// A headline figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Its name, a key of `draws.bands` in `summary.json`.
    pub name: String,
    /// What it counts.
    pub unit: Unit,
    /// Whether it is a part of another figure, or no result at all (`workers`): it is told beside that, and decides nothing by itself.
    pub part: bool,
    read: Reader,
}

/// What the figures are read from.
struct Finished<'a> {
    losses: &'a Losses,
    with: Levels,
    without: Levels,
    /// Stranded and delayed, with the events and without.
    pieces: [(f64, f64); 2],
    workers: f64,
}

/// With the events, and without them.
type Pair = (f64, f64);

#[derive(Clone, Copy, Debug)]
enum Reader {
    Of(fn(&Finished<'_>) -> Pair),
    Country(u32),
    Product(usize),
}

/// A loss is a difference already: without the events nothing is lost.
fn lost(value: f64) -> Pair {
    (value, 0.0)
}

/// A part of those without work in the worst 28 days.
fn at_worst(finished: &Finished<'_>, part: usize) -> Pair {
    lost(finished.losses.worst.map_or(0.0, |(_, persons)| persons[part]))
}

/// Goods caught for one reason.
fn caught(finished: &Finished<'_>, reason: Reason) -> Pair {
    (finished.with.caught[reason as usize], finished.without.caught[reason as usize])
}

type Row = (&'static str, Unit, bool, fn(&Finished<'_>) -> Pair);

/// The figures every case has: name, unit, whether it is a part, and how it is read.
const FIGURES: [Row; 45] = [
    ("value_added_lost", Unit::Currency, false, |f| lost(f.losses.value_added)),
    ("final_demand_unmet", Unit::Currency, false, |f| lost(f.losses.final_demand_unmet)),
    ("stranded_value", Unit::Currency, false, |f| (f.with.stranded_value, f.without.stranded_value)),
    ("invoices_unpaid", Unit::Currency, false, |f| (f.with.invoices, f.without.invoices)),
    ("wages_unpaid", Unit::Currency, false, |f| (f.with.arrears, f.without.arrears)),
    ("worker_days_unpaid", Unit::WorkerDays, false, |f| (f.with.arrears_days, f.without.arrears_days)),
    ("workers_idle_peak", Unit::Persons, false, |f| lost(f.losses.workers_idle_peak)),
    ("idle_worker_days", Unit::WorkerDays, false, |f| lost(f.losses.idle_worker_days)),
    ("extra_worker_days", Unit::WorkerDays, false, |f| lost(f.losses.without_work[3])),
    ("output_lost", Unit::Currency, false, |f| lost(f.losses.output)),
    ("stranded_pieces", Unit::Pieces, false, |f| f.pieces[0]),
    ("delayed_value", Unit::Currency, false, |f| (f.with.delayed_value, f.without.delayed_value)),
    ("held_value", Unit::Currency, false, |f| (f.with.held_value, f.without.held_value)),
    ("caught_value", Unit::Currency, false, |f| (f.with.caught.iter().sum(), f.without.caught.iter().sum())),
    ("sent_into_shut_value", Unit::Currency, false, |f| (f.with.sent_shut, f.without.sent_shut)),
    ("invoices_overdue", Unit::Currency, false, |f| (f.with.overdue, f.without.overdue)),
    ("claims_unpaid", Unit::Currency, false, |f| (f.with.claims, f.without.claims)),
    ("bad_debt", Unit::Currency, false, |f| (f.with.bad_debt, f.without.bad_debt)),
    ("dismissed", Unit::Persons, false, |f| (f.with.dismissed, f.without.dismissed)),
    ("spoilt_value", Unit::Currency, false, |f| (f.with.spoilt, f.without.spoilt)),
    ("refused_value", Unit::Currency, false, |f| (f.with.refused, f.without.refused)),
    ("seized_value", Unit::Currency, false, |f| (f.with.seized, f.without.seized)),
    ("fines", Unit::Currency, false, |f| (f.with.fined, f.without.fined)),
    ("rescued", Unit::Currency, false, |f| (f.with.rescued, f.without.rescued)),
    ("insolvent_firms", Unit::Firms, false, |f| (f.with.insolvent, f.without.insolvent)),
    ("workers", Unit::Persons, true, |f| (f.workers, f.workers)),
    ("workers_idle_peak:dismissed", Unit::Persons, true, |f| at_worst(f, 0)),
    ("workers_idle_peak:absent", Unit::Persons, true, |f| at_worst(f, 1)),
    ("workers_idle_peak:idle", Unit::Persons, true, |f| at_worst(f, 2)),
    ("idle_worker_days:dismissed", Unit::WorkerDays, true, |f| lost(f.losses.without_work[0])),
    ("idle_worker_days:absent", Unit::WorkerDays, true, |f| lost(f.losses.without_work[1])),
    ("idle_worker_days:idle", Unit::WorkerDays, true, |f| lost(f.losses.without_work[2])),
    ("caught_value:frozen", Unit::Currency, true, |f| caught(f, Reason::Frozen)),
    ("caught_value:held", Unit::Currency, true, |f| caught(f, Reason::Held)),
    ("caught_value:stranded", Unit::Currency, true, |f| caught(f, Reason::Stranded)),
    ("caught_value:shut_in", Unit::Currency, true, |f| caught(f, Reason::ShutIn)),
    ("delayed_pieces", Unit::Pieces, true, |f| f.pieces[1]),
    ("output_lost:direct", Unit::Currency, true, |f| lost(f.losses.direct)),
    ("output_lost:indirect", Unit::Currency, true, |f| lost(f.losses.indirect)),
    ("loss_borne:client", Unit::Currency, true, |f| lost(f.losses.bearers.client)),
    ("loss_borne:factory", Unit::Currency, true, |f| lost(f.losses.bearers.factory)),
    ("loss_borne:workers", Unit::Currency, true, |f| lost(f.losses.bearers.workers)),
    ("loss_borne:state", Unit::Currency, true, |f| lost(f.losses.bearers.state)),
    ("loss_borne:lost_on_the_way", Unit::Currency, true, |f| lost(f.losses.bearers.lost_on_the_way)),
    ("loss_borne:others", Unit::Currency, true, |f| lost(f.losses.bearers.others)),
];

/// Countries and products of which a figure is kept at most; a case with more tells the others in its series.
const PARTS_MAX: usize = 100;

/// The figures of a case, the same for all its draws.
#[derive(Clone, Debug, Default)]
pub struct Figures(pub Vec<Figure>);

impl Figures {
    /// Those every case has, value added lost by country, and stranded units by product (of which there are orders).
    pub fn of(case: &Case, plan: &Plan) -> Self {
        let always = FIGURES.iter().map(|&(name, unit, part, read)| Figure { name: name.to_string(), unit, part, read: Reader::Of(read) });
        let countries = case.countries.iter().zip(0u32..).take(PARTS_MAX);
        let countries = countries.map(|(name, country)| Figure {
            name: format!("value_added_lost:{name}"),
            unit: Unit::Currency,
            part: true,
            read: Reader::Country(country),
        });
        let mut ordered = vec![false; plan.network.products.len()];
        let points = plan.orders.point.iter().filter(|&&point| point != NONE);
        points.for_each(|&point| ordered[plan.point_product[point as usize] as usize] = true);
        let products = (0..ordered.len()).filter(|&p| ordered[p]).take(PARTS_MAX).map(|p| Figure {
            name: format!("stranded:{}", case.table("products").key(p)),
            unit: Unit::Product(p),
            part: true,
            read: Reader::Product(p),
        });
        Self(always.chain(countries).chain(products).collect())
    }

    /// Number of figures.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the figure of a name stands.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|figure| figure.name == name)
    }

    /// Every figure of a finished run: with the events, and without. What a run does not record is no number.
    pub fn values(&self, case: &Case, outcome: &Outcome, losses: &Losses) -> (Vec<f64>, Vec<f64>) {
        let of = |record: &Record| levels(&outcome.plan, record, losses.at);
        let (with, without) = (of(&outcome.scenario), of(&outcome.counterfactual));
        let pieces_of = |units: fn(&Levels) -> &Vec<f64>| (pieces(case, units(&with)), pieces(case, units(&without)));
        let both = [pieces_of(|l| &l.stranded_units), pieces_of(|l| &l.delayed_units)];
        let workers = outcome.plan.network.firms.iter().map(|f| f.workers).sum();
        let finished = Finished { losses, with, without, pieces: both, workers };
        self.0.iter().map(|figure| read(&figure.read, &finished)).unzip()
    }

    /// How large the numbers are that each figure is reckoned from: of it, the 1e-9th part is rounding.
    pub fn scales(&self, outcome: &Outcome, at: usize) -> Vec<f64> {
        let days = |record: &Record, value: fn(&ripstop::record::Totals) -> f64| -> f64 {
            record.totals.iter().take(at + 1).map(|t| value(t).abs()).filter(|v| v.is_finite()).sum()
        };
        let both = |value| days(&outcome.scenario, value).max(days(&outcome.counterfactual, value));
        let (money, labour) = (both(|t| t.output_value), both(|t| t.present));
        let workers: f64 = outcome.plan.network.firms.iter().map(|f| f.workers).sum();
        let ordered: f64 = outcome.plan.network.orders.iter().map(|o| o.quantity.abs()).sum();
        let one = |figure: &Figure| match figure.unit {
            Unit::Currency => money,
            Unit::WorkerDays => labour,
            Unit::Persons => workers,
            Unit::Pieces | Unit::Product(_) => ordered,
            Unit::Firms => 1.0,
        };
        self.0.iter().map(one).collect()
    }
}

fn read(reader: &Reader, finished: &Finished<'_>) -> Pair {
    let by_country = &finished.losses.value_added_by_country;
    match *reader {
        Reader::Of(read) => read(finished),
        // A run that records no firms and places knows of no country.
        Reader::Country(_) if by_country.is_empty() => (f64::NAN, f64::NAN),
        Reader::Country(country) => lost(by_country.get(&country).copied().unwrap_or(0.0)),
        Reader::Product(p) => (finished.with.stranded_units[p], finished.without.stranded_units[p]),
    }
}

/// Below this number of draws 5 and 95 % mean nothing, and the starting values lead.
pub const BAND_DRAWS_MIN: usize = 20;

/// Quantiles of the draws; what they do not say is no number (NaN).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantiles {
    /// 5 % of the draws lie below it; only with [`BAND_DRAWS_MIN`] draws or more.
    pub p05: f64,
    /// 10 % of the draws lie below it; only with [`BAND_DRAWS_MIN`] draws or more.
    pub p10: f64,
    /// The median.
    pub p50: f64,
    /// 90 % of the draws lie below it; only with [`BAND_DRAWS_MIN`] draws or more.
    pub p90: f64,
    /// 95 % of the draws lie below it; only with [`BAND_DRAWS_MIN`] draws or more.
    pub p95: f64,
}

impl Quantiles {
    /// Of the values of all draws.
    pub fn of(values: &[f64]) -> Self {
        let at = |share: f64| quantile(values, share).unwrap_or(f64::NAN);
        let end = |share: f64| if values.len() < BAND_DRAWS_MIN { f64::NAN } else { at(share) };
        Self { p05: end(0.05), p10: end(0.1), p50: at(0.5), p90: end(0.9), p95: end(0.95) }
    }
}

/// A figure over the draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The scenario's own.
    pub with: Quantiles,
    /// The counterfactuals of the same draws.
    pub without: Quantiles,
    /// Scenario less counterfactual, each of one draw: the median of differences, not the difference of medians.
    pub difference: Quantiles,
}

impl Spread {
    /// Of the values of all draws, with the events and without, in the same order.
    pub fn of(with: &[f64], without: &[f64]) -> Self {
        let difference: Vec<f64> = with.iter().zip(without).map(|(with, without)| with - without).collect();
        Self { with: Quantiles::of(with), without: Quantiles::of(without), difference: Quantiles::of(&difference) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_taken_draw_by_draw() {
        // Worked out by hand: with 10, 20, 60; without 0, 19, 5; difference 10, 1, 55.
        let spread = Spread::of(&[10.0, 20.0, 60.0], &[0.0, 19.0, 5.0]);
        assert_eq!((spread.with.p50, spread.without.p50, spread.difference.p50), (20.0, 5.0, 10.0));
        assert_ne!(spread.difference.p50, spread.with.p50 - spread.without.p50, "no difference of medians");
        assert!(spread.with.p05.is_nan() && spread.with.p95.is_nan(), "three draws have no 5 and 95 %");
    }

    #[test]
    fn one_and_two_draws_have_a_median_and_no_band() {
        let (one, two) = (Spread::of(&[7.0], &[2.0]), Spread::of(&[7.0, 9.0], &[2.0, 1.0]));
        assert_eq!((one.with.p50, one.without.p50, one.difference.p50), (7.0, 2.0, 5.0));
        assert_eq!((two.with.p50, two.without.p50, two.difference.p50), (8.0, 1.5, 6.5));
        assert!(one.difference.p05.is_nan() && two.difference.p95.is_nan());
    }

    #[test]
    fn twenty_one_draws_have_their_second_and_last_but_one_as_band() {
        let with: Vec<f64> = (0..21).map(f64::from).collect();
        let without: Vec<f64> = (0..21).map(|k| f64::from(20 - k)).collect();
        let spread = Spread::of(&with, &without);
        assert_eq!((spread.with.p05, spread.with.p50, spread.with.p95), (1.0, 10.0, 19.0));
        assert_eq!((spread.with.p10, spread.with.p90), (2.0, 18.0), "the third and the last but two");
        assert_eq!((spread.difference.p05, spread.difference.p50, spread.difference.p95), (-18.0, 0.0, 18.0), "2k − 20");
        let nothing = Spread::of(&[0.0; 21], &[0.0; 21]);
        assert_eq!(nothing.difference, Quantiles { p05: 0.0, p10: 0.0, p50: 0.0, p90: 0.0, p95: 0.0 });
    }

    #[test]
    fn what_is_not_recorded_stays_unknown() {
        let spread = Spread::of(&[f64::NAN; 20], &[0.0; 20]);
        assert!(spread.with.p50.is_nan() && spread.difference.p50.is_nan());
    }

    #[test]
    fn every_figure_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> = FIGURES.iter().map(|row| row.0).collect();
        assert_eq!(names.len(), FIGURES.len());
    }
}
