//! The same run at every level of record says the same: every figure of its files is equal or null, and null only where the docs say so.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use common::TempDir;

fn bundled(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(case)
}

fn ripstop(dir: &Path, words: &[&str]) -> Output {
    let done = Command::new(env!("CARGO_BIN_EXE_ripstop")).args(words).current_dir(dir).output().unwrap();
    assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
    done
}

/// Every leaf of a file with its path; an empty list or object is a leaf.
fn leaves(value: &Value, path: &str, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(parts) if !parts.is_empty() => parts.iter().for_each(|(key, part)| leaves(part, &format!("{path}/{key}"), found)),
        Value::Array(parts) if !parts.is_empty() => {
            parts.iter().enumerate().for_each(|(n, part)| leaves(part, &format!("{path}/{n}"), found))
        }
        leaf => {
            found.insert(path.to_string(), leaf.clone());
        }
    }
}

/// Leaves of the results of a run folder.
fn results(run: &Path) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for file in ["summary.json", "claims.json", "evidence.json"] {
        if let Ok(text) = fs::read_to_string(run.join(file)) {
            leaves(&serde_json::from_str(&text).unwrap(), file, &mut found);
        }
    }
    // How it was recorded and how long it took is no result.
    found.retain(|path, _| !["wall_seconds", "days_per_second", "draws/seconds", "/recorded"].iter().any(|end| path.ends_with(end)));
    found
}

/// What a level without the days of every firm cannot give (docs/outputs.md).
fn may_be_null(path: &str) -> bool {
    let row = |path: &str| {
        let mut parts = path.split('/').skip(1);
        let (list, key) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
        ["places", "groups", "sectors"].contains(&list) && ["stopped_since", "longest_stop", "causes"].contains(&key)
    };
    let claim = ["holds", "simulated", "share_of_draws", "share_without_events"];
    let observed = ["finding", "simulated", "without_events", "holds", "share_of_draws"];
    path.starts_with("summary.json/claims/")
        || path.starts_with("summary.json/findings")
        || path.starts_with("summary.json/rests_on")
        || path.starts_with("summary.json/caught/taken")
        || path.starts_with("summary.json/") && row(path)
        || path.starts_with("claims.json/") && claim.iter().any(|key| path.split('/').nth(2) == Some(key))
        || path.starts_with("evidence.json/") && observed.iter().any(|key| path.split('/').any(|part| part == *key))
}

/// The same numbers, or null.
fn compare(full: &BTreeMap<String, Value>, other: &BTreeMap<String, Value>, what: &str) -> usize {
    let mut nulls = 0;
    for (path, value) in full {
        // What is null as a whole has no leaves below it.
        let ancestors = path.match_indices('/').map(|(at, _)| &path[..at]).chain([path.as_str()]);
        let found = other.get(path).or_else(|| ancestors.filter_map(|path| other.get(path)).find(|leaf| leaf.is_null()));
        let found = found.unwrap_or_else(|| panic!("{what}: {path} is missing, {value} in full"));
        if found.is_null() && !value.is_null() {
            assert!(may_be_null(path), "{what}: {path} is null, {value} in full");
            nulls += 1;
            continue;
        }
        assert_eq!(found, value, "{what}: {path}");
    }
    for (path, value) in other {
        let below = format!("{path}/");
        let known = full.contains_key(path) || value.is_null() && full.keys().any(|longer| longer.starts_with(&below));
        assert!(known, "{what}: {path} is {value}, and not there in full");
    }
    nulls
}

/// Series by level, entity and variable, of the scenario and its counterfactual.
fn series(run: &Path) -> BTreeMap<[String; 4], Vec<f64>> {
    let mut found: BTreeMap<[String; 4], Vec<f64>> = BTreeMap::new();
    for line in fs::read_to_string(run.join("series.csv")).unwrap().lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let key = [cells[1], cells[2], cells[3], cells[4]].map(str::to_string);
        found.entry(key).or_default().push(cells[5].parse().unwrap());
    }
    found
}

/// Sums by place, sector and country are those of the firms.
fn compare_sums(full: &Path, sums: &Path, what: &str) {
    let (full, sums) = (series(full), series(sums));
    let mut compared = 0;
    for (key, values) in sums.iter().filter(|(key, _)| !key[3].ends_with("_residual")) {
        let mut same = full.get(key).cloned();
        if key[3] == "stopped_lines" || key[1] == "total" && key[3].starts_with("stopped_lines:") {
            // A full record has them by cause, and not for the whole.
            let part = |other: &&[String; 4]| {
                let level = if key[1] == "total" { "place" } else { key[1].as_str() };
                let cause = other[3] == key[3] || key[3] == "stopped_lines" && other[3].starts_with("stopped_lines:");
                other[0] == key[0] && other[1] == level && (key[1] == "total" || other[2] == key[2]) && cause
            };
            let mut sum = vec![0.0; values.len()];
            full.keys().filter(part).for_each(|part| sum.iter_mut().zip(&full[part]).for_each(|(sum, v)| *sum += v));
            same = Some(sum);
        }
        // Final demand stands by market in a full record.
        if same.is_none() && key[3].starts_with("final_demand") {
            continue;
        }
        let same = same.unwrap_or_else(|| panic!("{what}: {key:?} is not there in full"));
        for (a, b) in values.iter().zip(&same) {
            assert!((a - b).abs() <= 1e-9 * b.abs().max(1e-3), "{what}: {key:?} {a}, {b} in full");
        }
        compared += 1;
    }
    assert!(compared > 10, "{what}: {compared} series");
    for (key, values) in
        full.iter().filter(|(key, values)| ["place", "sector"].contains(&key[1].as_str()) && values.iter().any(|&v| v != 0.0))
    {
        let summed = ["output_value", "value_added", "labour_employed", "labour_present", "labour_used"].contains(&key[3].as_str());
        if summed || key[3].starts_with("without_work") || key[3] == "extra_work" {
            assert!(sums.contains_key(key), "{what}: {key:?} is not among the sums, {} in full", values.len());
        }
    }
}

/// What the screen says of the figures: from the date of the account to the timeline.
fn headline(done: &Output) -> String {
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    // A path is never broken: its line is as long as the folder's name makes it.
    let folder = std::env::temp_dir().display().to_string();
    assert!(text.lines().all(|line| line.chars().count() <= 80 || line.contains(&folder)), "{text}");
    let (from, to) = (text.find("\nBy ").unwrap(), text.find("\nTimeline").unwrap());
    text[from..to].to_string()
}

fn all_levels(folder: &TempDir, case: &Path, scenario: Option<&str>, draws: &str) {
    let dir = folder.0.as_path();
    let name = format!("{}-{}", case.file_name().unwrap().to_string_lossy(), scenario.unwrap_or("default"));
    let run = |level: &str| {
        let out = dir.join(format!("{name}-{level}"));
        let (case, place) = (case.display().to_string(), out.display().to_string());
        let mut words = vec!["run", &case, "--record", level, "--draws", draws, "--format", "csv", "--evidence", "--out", &place];
        words.extend(scenario.iter().flat_map(|scenario| ["--scenario", scenario]));
        (ripstop(dir, &words), out)
    };
    let (shown, full) = run("full");
    let told = results(&full);
    for level in ["totals", "sectors"] {
        let what = format!("{name} with --record {level}");
        let (said, out) = run(level);
        let nulls = compare(&told, &results(&out), &what);
        assert_eq!(headline(&said), headline(&shown), "{what}");
        if nulls > 0 && fs::exists(full.join("evidence.json")).unwrap() {
            assert!(String::from_utf8_lossy(&said.stdout).to_lowercase().contains("not recorded"), "{what}");
        }
        if level == "sectors" {
            compare_sums(&full, &out, &what);
        }
        let [a, b] = [&full, &out].map(|path| path.display().to_string());
        ripstop(dir, &["diff", &a, &b]);
        let page = format!("{b}.html");
        ripstop(dir, &["report", &b, "--out", &page]);
        let _ = fs::remove_dir_all(&out);
    }
}

#[test]
fn bundled_cases_say_the_same_at_every_level() {
    let folder = TempDir::new();
    for case in ["kaesong-2013", "gaza-2007"] {
        all_levels(&folder, &bundled(case), None, "20");
    }
    for case in
        ["chain-closure", "client-defaults", "processing-unpaid", "season-missed", "two-currencies", "fish-at-the-border", "deadlock"]
    {
        all_levels(&folder, &bundled("teaching").join(case), None, "0");
    }
}

#[test]
fn the_flagship_says_the_same_at_every_level() {
    let folder = TempDir::new();
    all_levels(&folder, &bundled("sinuiju-2020"), None, "0");
}

#[test]
fn a_national_network_says_the_same_at_every_level() {
    let folder = TempDir::new();
    ripstop(&folder.0, &["generate", "--firms", "1000", "--links", "10000", "--seed", "3", "--days", "90", "--out", "net"]);
    all_levels(&folder, &folder.0.join("net"), Some("shock"), "0");
}
