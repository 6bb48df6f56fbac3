//! The case `inoue-todo-200` from its files, against the series that the authors' program printed: every day of output, value added and
//! final consumption.

mod common;

use common::TempDir;
use ripstop_case::load;
use ripstop_study::study::{Request, Study, study};
use std::path::{Path, PathBuf};

const DAYS: usize = 60;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs the case with edits of its case.toml.
fn run(edits: &[(&str, &str)]) -> Study {
    run_with(edits, None)
}

/// The same with other events.
fn run_with(edits: &[(&str, &str)], events: Option<&str>) -> Study {
    let dir = TempDir::new();
    for file in std::fs::read_dir(root().join("cases/teaching/inoue-todo-200")).unwrap().flatten() {
        std::fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
    }
    let toml = dir.path().join("case.toml");
    let mut text = std::fs::read_to_string(&toml).unwrap();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    std::fs::write(toml, text).unwrap();
    if let Some(events) = events {
        std::fs::write(dir.path().join("events.csv"), events).unwrap();
    }
    let loaded = load(dir.path());
    assert_eq!(loaded.errors(), 0, "{:#?}", loaded.diagnostics);
    study(&loaded.case.unwrap(), &Request { scenario: 0, rows: 0..0, seed: 1, sweep: false, record: None }, &|| ()).unwrap()
}

/// What the program printed from day 0 on; what it printed before the shock.
fn printed(series: &str) -> (f64, Vec<f64>) {
    let file = root().join("crates/ripstop/tests/data/inoue-todo").join(format!("{series}.txt"));
    let text = std::fs::read_to_string(file).unwrap();
    let mut values = text.lines().map(|line| line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap());
    (values.next().unwrap(), values.collect())
}

fn against(study: &Study, rule: &str) {
    let totals = &study.outcome.scenario.totals;
    assert_eq!(totals.len(), DAYS);
    let series: [(&str, Vec<f64>); 3] = [
        ("pact", totals.iter().map(|t| t.output_value).collect()),
        ("va", totals.iter().map(|t| t.value_added).collect()),
        ("fc", totals.iter().map(|t| t.demand_met).collect()),
    ];
    for (name, found) in series {
        let (before, wanted) = printed(&format!("{name}_{rule}"));
        assert_eq!(wanted.len(), DAYS);
        for (day, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
            assert!((found - wanted).abs() <= 1e-12 * wanted.abs(), "{name}_{rule}, day {day}: {found} for {wanted}");
        }
        // Final consumption before the shock is printed to six digits.
        let still = &study.outcome.counterfactual.totals[0];
        let still =
            [still.output_value, still.value_added, still.demand_met][["pact", "va", "fc"].iter().position(|n| *n == name).unwrap()];
        assert!((still - before).abs() <= 1e-6 * before, "{name}: {still} before the shock, {before} printed");
    }
}

#[test]
fn proportional_rationing_is_theirs_to_the_last_digit() {
    against(&run(&[]), "R0");
    // Where nothing is dealt by level their program and the published equations agree.
    against(&run(&[("compat = \"inoue-todo-2019\"\n", "")]), "R0");
}

#[test]
fn the_least_served_rule_is_theirs_with_compat() {
    against(&run(&[("\"proportional\"", "\"least_served\"")]), "R2");
}

#[test]
fn the_least_served_rule_with_the_market_last_is_theirs_with_compat() {
    against(&run(&[("\"proportional\"", "\"least_served_market_last\"")]), "R3");
}

/// Damage of a file of theirs as rows of events.csv.
fn damage(file: &str, shape: &str, stop_days: u32) -> String {
    let text = std::fs::read_to_string(root().join("crates/ripstop/tests/data/inoue-todo").join(file)).unwrap();
    let row = |line: &str| {
        let (firm, share) = line.split_once(' ').unwrap();
        format!("firm-{firm},damage,firm:{firm},2011-03-11,{share},{shape},20,{stop_days},damage\n")
    };
    std::iter::once("id,kind,target,from,value,shape,recovery_days,stop_days,scenarios\n".to_string())
        .chain(text.lines().map(row))
        .collect()
}

#[test]
fn every_recovery_is_theirs_with_compat() {
    for (file, shape, stop_days, printed) in [
        ("D60.txt", "linear", 0, "x0"),
        ("D60.txt", "step", 0, "x1"),
        ("D60.txt", "sudden", 0, "x2"),
        ("D60.txt", "geometric", 0, "x2"),
        ("D60.txt", "exponential", 0, "x4"),
        ("D60.txt", "damped", 0, "x5"),
        ("D.txt", "step", 5, "b1S5"),
        ("D.txt", "exponential", 5, "b4S5"),
        ("D.txt", "damped", 5, "b5S5"),
    ] {
        against(&run_with(&[], Some(&damage(file, shape, stop_days))), printed);
    }
}

#[test]
fn without_compat_goods_are_conserved_and_totals_differ() {
    let study = run(&[("\"proportional\"", "\"least_served\""), ("compat = \"inoue-todo-2019\"\n", "")]);
    assert!(study.residual_max <= 1e-12, "{}", study.residual_max);
    let (_, wanted) = printed("pact_R2");
    let off = (study.outcome.scenario.totals[40].output_value / wanted[40] - 1.0).abs();
    assert!(off > 0.01, "{off}");
}
