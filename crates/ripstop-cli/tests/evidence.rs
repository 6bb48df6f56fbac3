//! `ripstop run --evidence` on the flagship case, with the real binary. What it says is worked out again here, from the series and the files.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use common::TempDir;

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases")
}

fn flagship() -> PathBuf {
    cases().join("sinuiju-2020")
}

/// Runs a case; returns what is printed and the folder.
fn run(dir: &TempDir, case: &Path, more: &[&str]) -> (String, PathBuf) {
    let out = dir.0.join("out");
    let done = Command::new(env!("CARGO_BIN_EXE_ripstop")).arg("run").arg(case).arg("--out").arg(&out).args(more).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    (String::from_utf8_lossy(&done.stdout).into_owned(), out)
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Cells of a line of CSV; quotes may hold commas. No cell of the flagship holds a line break.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}

/// Rows of a table of the flagship, by column.
fn table(name: &str) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(flagship().join(name)).unwrap();
    let header = cells(text.lines().next().unwrap());
    text.lines().skip(1).map(|line| header.iter().cloned().zip(cells(line)).collect()).collect()
}

fn comparison<'a>(evidence: &'a Value, compare: &str) -> &'a Value {
    evidence["comparisons"].as_array().unwrap().iter().find(|c| c["compare"] == compare).unwrap()
}

/// The text from the heading to the next section.
fn section(screen: &str) -> String {
    screen.split("Evidence, like with like").nth(1).unwrap().split("\nAudit and files").next().unwrap().to_string()
}

/// One line without the wrapping.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_screen_shows_the_months_and_the_watches() {
    let dir = TempDir::new();
    let (screen, _) = run(&dir, &flagship(), &["--draws", "20", "--evidence"]);
    for line in screen.lines().filter(|line| !line.contains(&dir.0.display().to_string())) {
        assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
    }
    let (section, words) = (section(&screen), flat(&section(&screen)));
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    for month in 8..36 {
        let name = format!("{} {}", names[month % 12], 2018 + month / 12);
        let weak = ["Aug 2019", "Nov 2019"].contains(&name.as_str());
        // From February 2020 on nothing moves, and a month without anything cannot fail.
        let sign = if weak { '·' } else { ['✓', '–'][usize::from(month > 24)] };
        assert!(section.contains(&format!("{sign} {name} ")), "{sign} {name} in\n{section}");
    }
    for part in [
        "✓ 26 of 26 stay below. In 11 the run has nothing (–), so they cannot fail.",
        "Shown, not counted: Aug 2019 (derived weak",
        "Without the events 8 fail.",
        "A part of a whole",
        "record Jan 2020, run Jan 2020, without the events Dec 2020",
        "record 0.150",
        "run [the same in every draw] 0.083 0.066 44 %",
        "guess: all trade 0.192 0.043 29 %",
        "guess: no change 1.00 0.850 568 %",
        "run without the events 0.997 0.848 567 %",
        "✗ The guess `all trade` is closer than the run",
        "The level of 2019 is an input, so only the fall is evidence",
        "Plausible? Run: goods made of sector:garments, 2019: USD",
        "never appear in Chinese customs data after 2017; the run's garments are compared with nothing there",
    ] {
        assert!(words.contains(part), "{part} in\n{section}");
    }
}

#[test]
fn the_figures_are_those_of_the_series() {
    let dir = TempDir::new();
    let (_, out) = run(&dir, &flagship(), &["--draws", "0", "--format", "csv"]);
    let evidence = json(&out.join("evidence.json"));
    let (mut passed, mut watches) = (BTreeMap::<String, f64>::new(), BTreeMap::<String, f64>::new());
    for line in fs::read_to_string(out.join("series.csv")).unwrap().lines().filter(|l| l.contains(",closure,")) {
        let cells: Vec<&str> = line.split(',').collect();
        let value = || cells[5].parse::<f64>().unwrap();
        if cells[2] == "crossing" && cells[3].contains("/KP/") && cells[4] == "passed_value" {
            *passed.entry(cells[0][..7].to_string()).or_default() += value();
        }
        if cells[2] == "contract" && cells[3] == "taedong-watch.watch-trading" {
            *watches.entry(cells[0][..4].to_string()).or_default() += value();
        }
    }
    let near = |a: f64, b: f64, what: &str| assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{what}: {a} is not {b}");
    let below = comparison(&evidence, "below");
    let rows = below["observations"].as_array().unwrap();
    assert_eq!(rows.len(), 28);
    for row in rows {
        let month = &row["date"][0].as_str().unwrap()[..7];
        near(row["simulated"].as_f64().unwrap(), passed.get(month).copied().unwrap_or(0.0), month);
        near(row["observed"].as_f64().unwrap(), 1e6 * row["value"].as_f64().unwrap(), month);
        let weak = matches!(row["kind"].as_str().unwrap(), "derived_weak" | "reported_suspect");
        assert_eq!(row["counts"], !weak, "{month}");
    }
    let ratio = comparison(&evidence, "ratio");
    near(ratio["finding"]["simulated"].as_f64().unwrap(), watches["2020"] / 366.0 / (watches["2019"] / 365.0), "watches");
    assert_eq!(ratio["finding"]["closer"], "all trade");
    assert_eq!(evidence["compared_with_nothing"].as_array().unwrap().len(), 1);
}

#[test]
fn only_who_asks_sees_it_and_the_file_is_always_there() {
    let dir = TempDir::new();
    let (screen, out) = run(&dir, &flagship(), &["--draws", "0"]);
    assert!(!screen.contains("like with like") && flat(&screen).contains("evidence.json, findings.json, manifest.json"));
    assert!(out.join("evidence.json").is_file());
    // The folder with the file is still a run that may be replaced.
    let (screen, _) = run(&dir, &flagship(), &["--draws", "0", "--evidence"]);
    assert!(section(&screen).contains("Base run only"));
    let (printed, _) = run(&dir, &flagship(), &["--draws", "0", "--evidence", "--json"]);
    let printed: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(printed["evidence"], json(&out.join("evidence.json")));
    let (screen, out) = run(&dir, &cases().join("teaching/chain-closure"), &["--evidence"]);
    assert!(section(&screen).contains("nothing to compare with") && !out.join("evidence.json").exists());
}

/// An open border is refuted by the records: the comparisons can fail.
#[test]
fn an_open_border_fails() {
    let dir = TempDir::new();
    let (_, out) = run(&dir, &flagship(), &["--draws", "0", "--scenario", "no-closure"]);
    let evidence = json(&out.join("evidence.json"));
    assert_eq!(comparison(&evidence, "below")["finding"]["fails"].as_array().unwrap().len(), 8);
    assert_eq!(comparison(&evidence, "last_above")["finding"]["agrees"], false);
}

/// What is derived from other rows is derived right: the last month above half of the mean, and the fall of all trade.
#[test]
fn derived_observations_follow_from_what_they_are_derived_from() {
    let rows = table("observations.csv");
    let months: Vec<(&str, f64)> = rows
        .iter()
        .filter(|row| row["series"] == "cn_exports_to_nk" && row["compare"] == "below")
        .map(|row| (row["date"].as_str(), row["value"].parse().unwrap()))
        .collect();
    let year: Vec<f64> = months.iter().filter(|(date, _)| date.starts_with("2019")).map(|(_, value)| *value).collect();
    let mean = year.iter().sum::<f64>() / year.len() as f64;
    let last = |share: f64| months.iter().rfind(|(_, value)| *value > share * mean).unwrap().0;
    let stop = rows.iter().find(|row| row["compare"] == "last_above").unwrap();
    assert_eq!((year.len(), last(stop["value"].parse().unwrap())), (12, stop["date"].as_str()));
    assert_eq!(last(0.25), "2020-07", "the threshold decides, and the limits say so");
    assert!(stop["limits"].contains("July 2020"));
    let statement = |id: &str| -> f64 {
        let text = table("sources.csv").into_iter().find(|row| row["id"] == id).unwrap()["statement"].clone();
        text.split("USD ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap()
    };
    let guess: f64 = table("guesses.csv")[0]["value"].parse().unwrap();
    assert!((guess - statement("iza-total-2020") / statement("ggaeda-total-2019")).abs() < 0.0005);
}

/// No observed number is an input: neither by its source nor as the same figure in an input table.
#[test]
fn no_observed_number_is_an_input() {
    let observations = table("observations.csv");
    let sources: BTreeSet<String> = observations.iter().flat_map(|row| row["source"].split(';').map(str::to_string)).collect();
    // Figures of at least three digits: 0.5 and 500 are anybody's.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().trim_matches('0').len();
    let figures: BTreeSet<String> = observations.iter().map(|row| row["value"].clone()).filter(|value| digits(value) >= 3).collect();
    assert!(figures.len() > 20 && sources.len() > 20);
    let mut inputs = 0;
    for entry in fs::read_dir(flagship()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if !name.ends_with(".csv") || matches!(name.as_str(), "observations.csv" | "guesses.csv" | "sources.csv") {
            continue;
        }
        for row in table(&name) {
            inputs += 1;
            for source in row.get("source").iter().flat_map(|cell| cell.split(';')).filter(|source| !source.is_empty()) {
                assert!(!sources.contains(source), "{name}: {row:?} rests on an observation's {source}");
            }
            for (column, cell) in row.iter().filter(|(column, _)| *column != "note") {
                let plain = cell.strip_suffix("000000").unwrap_or(cell);
                assert!(!figures.contains(cell) && !figures.contains(plain), "{name}, {column}: {cell} is an observed figure");
            }
        }
    }
    assert!(inputs > 200, "{inputs} rows of input");
}

/// The table of the case's README shows what a run says.
#[test]
fn the_figures_of_the_readme_are_those_of_a_run() {
    let dir = TempDir::new();
    let (_, out) = run(&dir, &flagship(), &[]);
    let evidence = json(&out.join("evidence.json"));
    let readme = fs::read_to_string(flagship().join("README.md")).unwrap();
    let row = |start: &str| -> Vec<String> {
        let line = readme.lines().find(|line| line.starts_with(&format!("| {start}"))).unwrap_or_else(|| panic!("{start}"));
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect()
    };
    let finding = |compare: &str| comparison(&evidence, compare)["finding"].clone();
    let number = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("{value}"));
    let shown = |text: &str, value: f64| assert!((text.parse::<f64>().unwrap() - value).abs() < 0.0006, "{text} is not {value}");
    let (below, stop, watches) = (finding("below"), finding("last_above"), finding("ratio"));
    let months = row("months in which inputs exceed");
    assert!(months[0].ends_with(&format!("of {}", below["counted"])));
    assert_eq!((months[2].parse().unwrap(), below["fails"].as_array().unwrap().len()), (0, 0));
    assert_eq!((months[4].as_str(), number(&below["share_of_draws"])), (below["fails_without_events"].to_string().as_str(), 1.0));
    let last = row("last month above half");
    let month = |value: &Value| value.as_str().unwrap()[..7].to_string();
    let told = [&stop["observed"], &stop["simulated"], &stop["without_events"]].map(month);
    assert_eq!([&last[1], &last[2], &last[4]], [&told[0], &told[1], &told[2]]);
    let watch = row("declared watches");
    shown(&watch[1], number(&watches["observed"]));
    shown(&watch[2], number(&watches["simulated"]));
    let (low, high) = watch[3].split_once(" – ").unwrap();
    shown(low, number(&watches["band"][0]));
    shown(high, number(&watches["band"][1]));
    shown(&watch[4], number(&watches["without_events"]));
    let guess = row("the guess: watches fell");
    shown(&guess[2], number(&watches["guesses"][0]["value"]));
    assert_eq!(guess[5], format!("error {:.3} against {:.3}", number(&watches["guesses"][0]["error"]), number(&watches["error"])));
    assert_eq!(number(&watches["share_of_draws_closer"]), 0.0, "closer in every draw");
    for size in evidence["comparisons"].as_array().unwrap().iter().filter(|c| c["compare"] == "size") {
        let value = number(&size["finding"]["simulated"]);
        let told = if value > 1e7 {
            format!("USD {:.0} million", value / 1e6)
        } else if value > 1e5 {
            format!("USD {:.1} million", value / 1e6)
        } else {
            format!("{value:.0} pieces")
        };
        assert!(readme.contains(&told), "{told}");
    }
}
