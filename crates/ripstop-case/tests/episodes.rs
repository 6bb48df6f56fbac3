//! The two short cases of recorded episodes: `gaza-2007` and `kaesong-2013`.
//!
//! The tables between marks in their READMEs are what runs say; `RIPSTOP_BLESS=1` writes them anew. What must not move is asserted here.

use ripstop_case::network::Mapper;
use ripstop_case::{Case, ClaimKind, load};
use ripstop_study::figures::{Quantiles, Unit};
use ripstop_study::study::summary::{bounds_text, summary};
use ripstop_study::study::{Request, Study, study};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The figures of the table of results.
const RESULTS: [&str; 10] = [
    "value_added_lost",
    "final_demand_unmet",
    "stranded_value",
    "held_value",
    "invoices_unpaid",
    "invoices_overdue",
    "wages_unpaid",
    "worker_days_unpaid",
    "workers_idle_peak",
    "idle_worker_days",
];

/// A case, how its money is written, and the studies of all its scenarios.
struct Episode {
    case: Case,
    folder: PathBuf,
    money: (&'static str, f64),
    studies: BTreeMap<String, Study>,
}

/// Loads a case without any diagnostic, warnings included, and runs every scenario, the default one with its 200 draws.
fn episode(name: &str, money: (&'static str, f64)) -> Episode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(name);
    let loaded = load(&folder);
    assert!(loaded.diagnostics.is_empty(), "{name}: {:#?}", loaded.diagnostics);
    let case = loaded.case.unwrap();
    let run = |scenario: usize| {
        let draws = if case.scenarios[scenario].name == "closure" { 200 } else { 0 };
        study(&case, &Request { scenario, rows: 0..draws, seed: 1, sweep: false, record: None }, &|| ()).unwrap()
    };
    let studies = (0..case.scenarios.len()).map(|s| (case.scenarios[s].name.clone(), run(s))).collect();
    Episode { case, folder, money, studies }
}

fn gaza() -> Episode {
    episode("gaza-2007", ("USD m", 1e6))
}

fn kaesong() -> Episode {
    episode("kaesong-2013", ("KRW bn", 1e9))
}

/// Three figures that matter, thousands apart.
fn figure(value: f64) -> String {
    if value.abs() < 1000.0 {
        let decimals = if value.abs() >= 100.0 { 0 } else { 2 };
        let text = format!("{value:.decimals$}");
        let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
        return if text == "-0" { "0".to_owned() } else { text };
    }
    let grain = 10f64.powi((value.abs().log10().floor() as i32 - 2).max(0));
    let digits = format!("{:.0}", ((value / grain).round() * grain).abs());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 { format!("-{text}") } else { text }
}

fn percent(share: Option<f64>) -> String {
    share.map_or("–".to_owned(), |s| format!("{:.0} %", s * 100.0))
}

impl Episode {
    fn study(&self, scenario: &str) -> &Study {
        &self.studies[scenario]
    }

    fn holds(&self, scenario: &str, claim: &str) -> bool {
        self.answer(scenario, claim).0
    }

    /// Whether a claim holds, and the first value simulated for it.
    fn answer(&self, scenario: &str, claim: &str) -> (bool, f64) {
        let found = self.study(scenario).claims.iter().find(|c| self.case.claims[c.claim].id == claim).unwrap();
        (found.holds.unwrap(), found.answers[0].value)
    }

    /// In the order of case.toml.
    fn scenarios(&self) -> impl Iterator<Item = (&str, &Study)> {
        self.case.scenarios.iter().map(|s| (s.name.as_str(), self.study(&s.name)))
    }

    fn outcomes_hold(&self, study: &Study) -> usize {
        study.claims.iter().filter(|c| self.case.claims[c.claim].kind == ClaimKind::Outcome && c.holds == Some(true)).count()
    }

    fn claims_table(&self) -> String {
        let names: Vec<String> = self.scenarios().map(|(name, _)| format!("`{name}`")).collect();
        let mut text = format!("| claim | kind | holds when | {} | share of draws / without the events |\n", names.join(" | "));
        text += &format!("|---|---|---|{}---|\n", "---|".repeat(names.len()));
        for (at, claim) in self.case.claims.iter().enumerate() {
            let kind = if claim.kind == ClaimKind::Outcome { "outcome" } else { "premise" };
            let required: Vec<String> = claim.parts.iter().map(|p| format!("{} {}", p.measure, bounds_text(p))).collect();
            text += &format!("| {} | {kind} | {} |", claim.id, required.join("; "));
            for (_, study) in self.scenarios() {
                let values: Vec<String> = study.claims[at].answers.iter().map(|a| figure(a.value)).collect();
                let sign = if study.claims[at].holds == Some(true) { "✓" } else { "✗" };
                text += &format!(" {sign} {} |", values.join(" and "));
            }
            let drawn = &self.study("closure").claims[at];
            text += &format!(" {} / {} |\n", percent(drawn.share_of_draws), percent(drawn.share_without_events));
        }
        text + &format!("\nAll outcomes together hold in {} of the draws of `closure`.\n", percent(self.study("closure").joint_share))
    }

    fn results_table(&self) -> String {
        let study = self.study("closure");
        let mut text = "| `closure`, to the case's date | median of 200 draws (5–95 %) | without the events | difference | starting value |\n|---|---|---|---|---|\n".to_owned();
        for name in RESULTS {
            let f = study.figures.find(name).unwrap();
            let (about, spread) = (&study.figures.0[f], &study.bands[f]);
            let (unit, scale) =
                if about.unit == Unit::Currency { self.money } else { (ripstop_study::figures_out::unit(&self.case, about), 1.0) };
            let shown = |v: f64| figure(v / scale);
            let band = |q: &Quantiles| {
                let (low, high) = (shown(q.p05), shown(q.p95));
                if low == high { shown(q.p50) } else { format!("{} ({low} to {high})", shown(q.p50)) }
            };
            let cells = [band(&spread.with), band(&spread.without), band(&spread.difference), shown(study.brief.headline[f])];
            text += &format!("| {}, {unit} | {} |\n", name.replace('_', " "), cells.join(" | "));
        }
        text
    }

    fn scenarios_table(&self) -> String {
        let (unit, scale) = self.money;
        let mut text = format!("| scenario | value added lost, {unit} | customers go without, {unit} | stranded, {unit} | held, {unit} | ");
        text += &format!("overdue, {unit} | wages owed, {unit} | outcomes that hold |\n|---|---|---|---|---|---|---|---|\n");
        for (name, study) in self.scenarios() {
            let l = &study.losses;
            let stranded: f64 = l.stranded_by_owner.values().sum();
            let values = [l.value_added, l.final_demand_unmet, stranded, l.held_value, l.overdue, l.arrears].map(|v| figure(v / scale));
            text += &format!("| `{name}` | {} | {} |\n", values.join(" | "), self.outcomes_hold(study));
        }
        text
    }

    /// The marked tables of the README are those of the runs.
    fn readme(&self) {
        let path = self.folder.join("README.md");
        let mut text = fs::read_to_string(&path).unwrap();
        for (name, table) in [("claims", self.claims_table()), ("results", self.results_table()), ("scenarios", self.scenarios_table())] {
            let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->"));
            let from = text.find(&begin).unwrap_or_else(|| panic!("{begin}")) + begin.len();
            let to = text.find(&end).unwrap_or_else(|| panic!("{end}"));
            if std::env::var_os("RIPSTOP_BLESS").is_some() {
                text.replace_range(from..to, &table);
            } else {
                assert_eq!(&text[from..to], table, "{name} of {}; RIPSTOP_BLESS=1 writes it", path.display());
            }
        }
        if std::env::var_os("RIPSTOP_BLESS").is_some() {
            fs::write(&path, text).unwrap();
        }
    }

    /// Goods and money balance in every run and draw; nothing differs before the first event; without events nothing is lost.
    fn sane(&self) {
        for (name, study) in self.scenarios() {
            let summary = summary(&self.case, study, name);
            let worst = ["goods_residual_max", "money_residual_max"].map(|r| summary["audit"][r].as_f64().unwrap());
            assert!(worst.iter().all(|&w| w <= 1e-12), "{name}: {worst:?}");
            assert!(study.residual_max <= 1e-12, "{name}, all draws: {}", study.residual_max);
            let lines = self.case.table("lines").rows();
            let (run, without) = (&study.outcome.scenario.columns, &study.outcome.counterfactual.columns);
            let before = study.outcome.first_event.min(study.outcome.scenario.days) * lines;
            assert_eq!(run.line_output[..before], without.line_output[..before], "{name}");
            assert!(without.line_stranded.iter().all(|&s| s == 0.0), "{name}: with the crossing open nothing is stranded");
        }
        let quiet = self.study("no-closure");
        assert_eq!(quiet.brief.headline[0], 0.0, "nothing lost");
        assert_eq!(self.outcomes_hold(quiet), 0, "no outcome comes of itself");
    }

    fn value_of(&self, product: &str) -> f64 {
        let row = self.case.table("products").row_of(product).unwrap() as usize;
        let values = self.case.parameters.values_in(&self.case.scenarios[0], &[]);
        Mapper::new(&self.case).network(&values).products[row].value_per_unit
    }

    /// The last day on which a line whose key begins so makes anything (0: the first).
    fn last_day(&self, scenario: &str, lines_of: &str) -> usize {
        self.last_day_before(scenario, lines_of, self.study(scenario).outcome.scenario.days)
    }

    fn last_day_before(&self, scenario: &str, lines_of: &str, end: usize) -> usize {
        let table = self.case.table("lines");
        let output = &self.study(scenario).outcome.scenario.columns.line_output;
        let works = |day: usize| (0..table.rows()).any(|l| table.key(l).starts_with(lines_of) && output[day * table.rows() + l] > 0.0);
        (0..end).rev().find(|&day| works(day)).unwrap()
    }

    /// Units finished and without a way out on a day of the run (0: the first), over all lines.
    fn stranded(&self, scenario: &str, day: usize) -> f64 {
        let lines = self.case.table("lines").rows();
        self.study(scenario).outcome.scenario.columns.line_stranded[day * lines..(day + 1) * lines].iter().sum()
    }
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{found} is not {expected}");
}

#[test]
fn gaza_balances_and_its_readme_is_true() {
    let gaza = gaza();
    gaza.sane();
    gaza.readme();
    let evidence = &gaza.study("closure").evidence;
    let may: Vec<String> = evidence.simulated.iter().filter(|v| v.is_finite()).map(|v| figure(v / 1e6)).collect();
    assert_eq!(may, ["1.21", "1.9"], "exports of May in USD million, as the README says");
    // Wages of USD 380 for 26 days; 1.6 times half a day of them, and cloth for USD 5.
    near(gaza.value_of("summer_wear"), 5.0 + 1.6 * 0.5 * 380.0 / 26.0);
    near(gaza.value_of("summer_wear") * 4.0, 66.769_230_769_230_77);
    // 23 June is day 173 of the year.
    assert_eq!(gaza.last_day("closure", "shop-large/"), 173);
    near(gaza.value_of("furniture"), 40.0 + 1.6 * 2.0 * 380.0 / 26.0);
}

#[test]
fn gaza_shops_stop_for_want_of_cloth_and_strand_goods_for_want_of_a_way_out() {
    let gaza = gaza();
    let expected = |scenario| ["G01", "G02", "G03", "G04", "G05", "G06", "G07", "G08", "G09"].map(|claim| gaza.holds(scenario, claim));
    assert_eq!(expected("closure"), [true, false, false, true, true, false, true, true, true]);
    // A way out alone: nothing is stranded, and the shops stop all the same.
    assert_eq!(expected("way-out-open"), [false, false, false, false, true, true, true, true, true]);
    assert_eq!(gaza.answer("way-out-open", "G02").1, 0.0);
    assert_eq!(gaza.answer("way-out-open", "G07").1, gaza.answer("closure", "G07").1);
    // A way in alone: the shops go on, and what they sew piles up to the recorded number.
    assert_eq!(expected("way-in-open"), [true, true, false, true, false, false, false, false, false]);
    assert!(gaza.answer("way-in-open", "G02").1 > 5.0 * gaza.answer("closure", "G02").1);
}

#[test]
fn kaesong_balances_and_its_readme_is_true() {
    let kaesong = kaesong();
    kaesong.sane();
    kaesong.readme();
    // USD 130 at 1,100 won for 26 days are 5,500 won a day.
    near(kaesong.value_of("winter_wear"), 8000.0 + 2.5 * 0.6 * 5500.0);
    near(kaesong.value_of("part"), 10_000.0 + 2.5 * 0.4 * 5500.0);
    let bearers = &kaesong.study("closure").losses.others_by_sector;
    assert_eq!(bearers.values().map(|v| figure(v / 1e9)).collect::<Vec<_>>(), ["85.95"], "what partners lose");
    // The last work before the road opens on 16 September, day 258: 8 April, the eve of the day on which the workers leave, is day 97.
    assert_eq!(["garment-plants/", "part-plants/"].map(|firm| kaesong.last_day_before("closure", firm, 258)), [97, 97]);
}

#[test]
fn kaesong_strands_goods_until_the_road_opens() {
    let kaesong = kaesong();
    let expected = |scenario| ["K01", "K02", "K03", "K04", "K05", "K06"].map(|claim| kaesong.holds(scenario, claim));
    assert_eq!(expected("closure"), [true, false, false, true, true, true]);
    assert_eq!(expected("goods-let-out"), [true, false, false, false, true, false]);
    assert_eq!(expected("orders-kept"), expected("closure"));
    // 31 August is day 242, 30 September day 272 of the year.
    assert!(kaesong.stranded("closure", 242) > 300_000.0);
    assert_eq!(kaesong.stranded("closure", 272), 0.0, "recovered two weeks after the road is open");
    assert_eq!(kaesong.stranded("goods-let-out", 242), 0.0);
    // Only parents who kept their orders see the old output again within the year.
    assert_eq!(kaesong.study("closure").losses.recovered, None);
    assert!(kaesong.study("orders-kept").losses.recovered.is_some());
}

/// `check` keeps claims and inputs apart; here the same for observations: no input row cites what the run is compared with.
#[test]
fn no_observation_is_the_source_of_an_input() {
    for name in ["gaza-2007", "kaesong-2013"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(name);
        let case = load(&folder).case.unwrap();
        let (observations, statements) = (case.table("observations"), case.table("sources"));
        let text = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
        let cited = text("observations.csv");
        let sources: Vec<String> =
            (0..statements.rows()).map(|s| statements.key(s)).filter(|id| cited.contains(&format!(",{id},"))).collect();
        assert!(sources.len() + 1 >= observations.rows() && !sources.is_empty(), "{name}: {sources:?}");
        for file in ["parameters.csv", "firms.csv", "events.csv", "crossings.csv"] {
            for (row, id) in text(file).lines().flat_map(|row| sources.iter().map(move |id| (row, id))) {
                assert!(!row.contains(id.as_str()), "{name}/{file}: {row} rests on the observation {id}");
            }
        }
    }
}
