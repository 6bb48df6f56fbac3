//! The teaching cases: every number here is worked out by hand, and every table of their READMEs is held against the run.
//!
//! All begin on 1 March 2024, a Friday, and end on 30 April.

#[path = "../common/mod.rs"]
mod common;
mod firsts;
mod options;
mod ways;

use common::TempDir;
use ripstop::record::{Detail, Record};
use ripstop::run::Simulation;
use ripstop_case::network::Mapper;
use ripstop_case::{Case, Code, Severity, load};
use ripstop_study::series_out::series;
use ripstop_study::study::summary::summary;
use ripstop_study::study::{Request, Study, study};
use serde_json::Value;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

const DAYS: usize = 61;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/teaching").join(name)
}

fn read(dir: &Path, file: &str) -> String {
    fs::read_to_string(dir.join(file)).unwrap_or_else(|e| panic!("{}: {e}", dir.join(file).display()))
}

// ------------------------------------------------------------------------------------------------------------------ runs

/// A case, one of its scenarios, and the finished study of it.
struct Run {
    case: Case,
    scenario: usize,
    study: Study,
}

/// Loads a case without any diagnostic, warnings included, and runs a scenario without draws.
fn run(dir: &Path, scenario: &str) -> Run {
    let loaded = load(dir);
    assert!(loaded.diagnostics.is_empty(), "{}: {:#?}", dir.display(), loaded.diagnostics);
    run_case(loaded.case.unwrap(), scenario)
}

fn run_case(case: Case, scenario: &str) -> Run {
    let scenario = case.scenarios.iter().position(|s| s.name == scenario).unwrap();
    let request = Request { scenario, rows: 0..0, seed: 1, sweep: false, record: None };
    let study = study(&case, &request, &|| ()).unwrap();
    let run = Run { case, scenario, study };
    run.balances();
    run
}

impl Run {
    fn summary(&self) -> Value {
        summary(&self.case, &self.study, &self.case.scenarios[self.scenario].name)
    }

    /// The audit of scenario and counterfactual.
    fn balances(&self) {
        let summary = self.summary();
        for residual in ["goods_residual_max", "money_residual_max"] {
            let worst = summary["audit"][residual].as_f64().unwrap();
            assert!(worst <= 1e-12, "{residual} {worst}");
        }
    }

    /// What `look` sees at the end of each day.
    fn watch(&self, look: impl Fn(&Simulation) -> f64) -> Vec<f64> {
        let mapper = Mapper::new(&self.case);
        let values = self.case.parameters.values_in(&self.case.scenarios[self.scenario], &[]);
        let network = mapper.network(&values);
        let events = mapper.events(&network, &values, self.scenario);
        let mut simulation = Simulation::new(network, events, Detail::Totals, &[]).unwrap();
        let mut seen = Vec::new();
        for _ in 0..DAYS {
            simulation.step();
            seen.push(look(&simulation));
        }
        assert_eq!(simulation.state.hash(), self.study.outcome.state_hash, "the run looked at is the run of the study");
        seen
    }

    /// What a running total of `look` grows by each day.
    fn grows(&self, look: impl Fn(&Simulation) -> f64) -> Vec<f64> {
        differences(&self.watch(look))
    }

    /// A series of the run folder, or zeros if it is zero on every day.
    fn series(&self, level: &str, entity: &str, variable: &str) -> Vec<f64> {
        let list = series(&self.case, &Mapper::new(&self.case), &self.study.outcome.plan, &self.study.outcome.scenario);
        let found = list.into_iter().find(|s| s.level == level && s.entity == entity && s.variable == variable);
        found.map_or(vec![0.0; DAYS], |s| s.values)
    }

    fn row(&self, table: &str, key: &str) -> usize {
        self.case.table(table).row_of(key).unwrap_or_else(|| panic!("{table} has no {key}")) as usize
    }

    /// Output of a line, units.
    fn output(&self, line: &str) -> Vec<f64> {
        let (row, lines) = (self.row("lines", line), self.case.table("lines").rows());
        self.study.outcome.scenario.columns.line_output.iter().skip(row).step_by(lines).copied().collect()
    }

    /// What `look` sees of a standing contract at the end of each day.
    fn flow(&self, contract: &str, look: impl Fn(&Simulation, usize) -> f64) -> Vec<f64> {
        let row = self.row("contracts", contract);
        self.watch(|s| {
            let flow = s.plan.standing.contract.iter().position(|c| c.index() == row).unwrap();
            look(s, flow)
        })
    }

    /// What a running total of `look` grows by each day, of the only order line of a contract.
    fn line_grows(&self, order: &str, look: impl Fn(&Simulation, usize) -> f64) -> Vec<f64> {
        let row = self.row("orders", order);
        self.grows(|s| {
            let at = s.plan.orders.row.iter().position(|&r| r.index() == row).unwrap();
            look(s, at)
        })
    }

    /// A column of a final demand.
    fn demand(&self, row: &str, look: impl Fn(&Simulation, usize) -> f64) -> Vec<f64> {
        let row = self.row("demand", row);
        self.watch(|s| look(s, row))
    }

    /// Final demand lost, units (one demand a case).
    fn unmet(&self) -> Vec<f64> {
        self.study.outcome.scenario.columns.demand_lost.clone()
    }
}

fn factory(run: &Run, variable: &str) -> Vec<f64> {
    run.series("firm", "factory", variable)
}

fn differences(totals: &[f64]) -> Vec<f64> {
    let before = std::iter::once(0.0).chain(totals.iter().copied());
    totals.iter().zip(before).map(|(now, before)| now - before).collect()
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

/// A copy of a case with one text of one file replaced.
fn variant(name: &str, file: &str, old: &str, new: &str) -> TempDir {
    let copy = TempDir::new();
    for entry in fs::read_dir(folder(name)).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    let text = read(copy.path(), file);
    assert_eq!(text.matches(old).count(), 1, "{file} has one `{old}`");
    fs::write(copy.path().join(file), text.replace(old, new)).unwrap();
    copy
}

/// No entity's day differs from its first day.
fn stands_still(record: &Record) {
    let c = &record.columns;
    for (name, column) in [
        ("output", &c.line_output),
        ("value added", &c.line_value_added),
        ("content", &c.product_content),
        ("used", &c.product_used),
        ("met", &c.demand_met),
        ("lost", &c.demand_lost),
    ] {
        let count = column.len() / record.days;
        for (cell, &now) in column.iter().enumerate() {
            let first = column[cell % count];
            assert!((now - first).abs() <= 1e-12 * first.abs(), "{name} on day {}: {now}, was {first}", cell / count);
        }
    }
    assert_eq!(record.days, DAYS);
}

// --------------------------------------------------------------------------------------------------------------- numbers

/// To 1e-9, relative; where nothing is expected there is nothing but rounding.
fn is(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-9 * if expected == 0.0 { 1.0 } else { expected.abs() }
}

/// Values from a date on, one a day.
fn expect(name: &str, found: &[f64], from: &str, expected: &[f64]) {
    let first = *steps(from).start();
    for (k, &value) in expected.iter().enumerate() {
        assert!(is(found[first + k], value), "{name}, {k} days after {from}: {}, by hand {value}", found[first + k]);
    }
}

/// Zero but on these days.
fn only_on(name: &str, found: &[f64], expected: &[(&str, f64)]) {
    for (step, &value) in found.iter().enumerate() {
        let by_hand = expected.iter().find(|(day, _)| steps(day).contains(&step)).map_or(0.0, |(_, value)| *value);
        assert!(is(value, by_hand), "{name}, step {step}: {value}, by hand {by_hand}");
    }
}

/// `11 Mar` or `11–14 Mar` as steps of the run.
fn steps(text: &str) -> RangeInclusive<usize> {
    let (days, month) = text.split_once(' ').unwrap_or_else(|| panic!("`{text}` is no day"));
    let before = match month {
        "Mar" => 0,
        "Apr" => 31,
        _ => panic!("`{text}` is no day of the run"),
    };
    let (first, last) = days.split_once('–').unwrap_or((days, days));
    let step = |day: &str| day.parse::<usize>().unwrap_or_else(|e| panic!("`{text}`: {e}")) + before - 1;
    step(first)..=step(last)
}

/// The fields of summary.json, `a.b` for b in a.
fn summary_is(summary: &Value, expected: &[(&str, f64)]) {
    for (path, value) in expected {
        let found = field(summary, path).as_f64().unwrap_or_else(|| panic!("{path} is no number"));
        assert!(is(found, *value), "{path}: {found}, by hand {value}");
    }
}

fn field<'a>(summary: &'a Value, path: &str) -> &'a Value {
    let pointer = format!("/{}", path.replace('.', "/"));
    summary.pointer(&pointer).unwrap_or_else(|| panic!("summary.json has no {path}"))
}

// ---------------------------------------------------------------------------------------------------------------- READMEs

/// The tables of a README whose first header is `first`: header and rows, cells trimmed.
fn tables(readme: &str, first: &str) -> Vec<Vec<Vec<String>>> {
    let cells = |line: &str| -> Vec<String> { line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect() };
    let lines: Vec<&str> = readme.lines().collect();
    let blocks = lines.split(|line| !line.starts_with('|')).filter(|block| block.len() > 2);
    blocks
        .map(|block| block.iter().enumerate().filter(|(at, _)| *at != 1).map(|(_, line)| cells(line)).collect::<Vec<_>>())
        .filter(|rows: &Vec<Vec<String>>| rows[0][0] == first)
        .collect()
}

fn number(cell: &str) -> Option<f64> {
    cell.replace(',', "").replace('−', "-").parse().ok()
}

/// Every cell of every `day` table is what the run says; every column given is in a table, every day column of a table is given.
fn readme_days(dir: &Path, columns: &[(&str, Vec<f64>)]) {
    let readme = read(dir, "README.md");
    let mut seen = vec![0; columns.len()];
    for table in tables(&readme, "day") {
        for row in &table[1..] {
            assert_eq!(row.len(), table[0].len(), "{row:?}");
            for (header, cell) in table[0].iter().zip(row).skip(1) {
                let at =
                    columns.iter().position(|(name, _)| name == header).unwrap_or_else(|| panic!("the test knows no column `{header}`"));
                let written = number(cell).unwrap_or_else(|| panic!("`{cell}` of `{header}` is no number"));
                for step in steps(&row[0]) {
                    let found = columns[at].1[step];
                    assert!(is(found, written), "README, {header}, {} (step {step}): {written}, the run says {found}", row[0]);
                }
                seen[at] += 1;
            }
        }
    }
    for ((name, _), seen) in columns.iter().zip(seen) {
        assert!(seen > 0, "no table of the README has a column `{name}`");
    }
}

/// The table of fields of summary.json is what the run says, and has at least these fields.
fn readme_summary(dir: &Path, summary: &Value, fields: &[&str]) {
    let tables = tables(&read(dir, "README.md"), "field of `summary.json`");
    assert_eq!(tables.len(), 1, "one table of fields");
    let rows = &tables[0][1..];
    for row in rows {
        let path = row[0].trim_matches('`');
        let (found, written) = (field(summary, path), row[1].as_str());
        let same = match found {
            Value::Null => written == "null",
            Value::String(text) => text == written,
            found => number(written).is_some_and(|written| is(found.as_f64().unwrap(), written)),
        };
        assert!(same, "README, {path}: {written}, the run says {found}");
    }
    for path in fields {
        assert!(rows.iter().any(|row| row[0].trim_matches('`') == *path), "the README does not say {path}");
    }
}

fn names<'a>(expected: &[(&'a str, f64)]) -> Vec<&'a str> {
    expected.iter().map(|(name, _)| *name).collect()
}
