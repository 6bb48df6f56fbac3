//! The real binary, end to end, on the flagship case.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use common::TempDir;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn flagship() -> PathBuf {
    repository().join("cases/sinuiju-2020")
}

fn ripstop(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ripstop")).args(arguments).output().unwrap()
}

fn text(output: &[u8]) -> String {
    String::from_utf8_lossy(output).into_owned()
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Runs a scenario of the flagship without draws; returns its folder.
fn run(dir: &TempDir, scenario: &str, more: &[&str]) -> PathBuf {
    let out = dir.join(&format!("{scenario}{}", more.concat()));
    let case = flagship();
    let mut arguments = vec!["run", case.to_str().unwrap(), "--scenario", scenario, "--out", out.to_str().unwrap()];
    if !more.contains(&"--draws") {
        arguments.extend(["--draws", "0"]);
    }
    arguments.extend(more);
    let done = ripstop(&arguments);
    assert!(done.status.success(), "{scenario}: {}", text(&done.stderr));
    out
}

fn holds(out: &Path) -> BTreeMap<String, Option<bool>> {
    let claims = json(&out.join("claims.json"));
    claims.as_array().unwrap().iter().map(|c| (c["id"].as_str().unwrap().to_string(), c["holds"].as_bool())).collect()
}

const OUTCOMES: [&str; 11] = ["C02", "C03", "C04", "C05", "C06", "C07", "C10", "C11", "C13", "C14", "C16"];

#[test]
fn the_closure_shows_its_outcomes_and_loses_them_without_their_cause() {
    let dir = TempDir::new();
    let closure = holds(&run(&dir, "closure", &[]));
    for id in OUTCOMES {
        assert_eq!(closure[id], Some(true), "{id} in closure");
    }
    assert_eq!(closure["C12"], Some(true), "every garment contract has a finding under paragraph 16 or 18");
    assert_eq!(closure["C15"], None);
    for (scenario, lost) in [
        ("no-closure", &["C02", "C03", "C04", "C05", "C06", "C07", "C10", "C11", "C14"][..]),
        ("orders-continue", &["C16"]),
        ("clients-pay", &["C07", "C11"]),
        ("inputs-only-blocked", &["C03", "C06", "C07", "C10", "C11", "C14", "C16"]),
        ("orders-only-stop", &["C02", "C03", "C06", "C07", "C10", "C11", "C14"]),
        ("closure-with-compensation", &["C06", "C11", "C14"]),
        ("early-reopening", &["C02", "C03", "C04", "C05", "C07", "C10", "C13"]),
    ] {
        let found = holds(&run(&dir, scenario, &[]));
        for id in lost {
            assert_eq!(found[*id], Some(false), "{id} in {scenario}");
        }
    }
}

#[test]
fn the_summary_keeps_its_contract() {
    let dir = TempDir::new();
    let summary = json(&run(&dir, "closure", &[]).join("summary.json"));
    for key in ["goods_residual_max", "money_residual_max"] {
        assert!(summary["audit"][key].as_f64().unwrap() <= 1e-9, "{key}");
    }
    assert_eq!(summary["days"], 853);
    assert_eq!(summary["firms"], 22);
    let losses = &summary["losses"];
    let parts = losses["direct_usd"].as_f64().unwrap() + losses["indirect_usd"].as_f64().unwrap();
    let whole = losses["output_usd"].as_f64().unwrap();
    assert!((parts - whole).abs() <= 1e-9 * whole, "direct and indirect make up the whole");
    assert!(losses["value_added_usd"].as_f64().unwrap() < whole, "gross output counts inputs again");
    assert_eq!(losses["recovered_date"], Value::Null, "the border stays shut to the end");
    let owners: f64 = summary["stranded"]["by_owner"].as_object().unwrap().values().filter_map(Value::as_f64).sum();
    assert!((owners - summary["stranded"]["value_usd"].as_f64().unwrap()).abs() <= 1e-6 * owners);
    for key in ["unpaid", "jobs", "by_bearer", "stopped_days_by_cause", "claims", "draws", "delayed"] {
        assert!(summary[key].is_object(), "{key}");
    }
}

#[test]
fn no_closure_is_its_own_counterfactual() {
    let dir = TempDir::new();
    let summary = json(&run(&dir, "no-closure", &[]).join("summary.json"));
    for key in ["output_usd", "value_added_usd", "final_demand_unmet_usd", "direct_usd", "indirect_usd"] {
        assert_eq!(summary["losses"][key], 0.0, "{key}");
    }
    assert_eq!(summary["losses"]["peak_date"], Value::Null);
}

#[test]
fn the_bits_do_not_depend_on_the_threads() {
    let dir = TempDir::new();
    let all: Vec<(Value, String)> = ["1", "2", "7"]
        .iter()
        .map(|threads| {
            let out = run(&dir, "closure", &["--draws", "20", "--threads", threads]);
            let mut summary = json(&out.join("summary.json"));
            for key in ["wall_seconds", "days_per_second"] {
                summary[key] = Value::Null;
            }
            summary["draws"]["seconds"] = Value::Null;
            (summary, fs::read_to_string(out.join("claims.json")).unwrap())
        })
        .collect();
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);
    assert!(all[0].0["draws"]["bands"]["wages_unpaid"]["p95"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_run_leaves_its_files_and_replaces_an_earlier_run_whole() {
    let dir = TempDir::new();
    let out = run(&dir, "closure", &[]);
    for file in ["manifest.json", "summary.json", "claims.json", "series.parquet"] {
        assert!(out.join(file).is_file(), "{file}");
    }
    let parquet = fs::read(out.join("series.parquet")).unwrap();
    assert_eq!((&parquet[..4], &parquet[parquet.len() - 4..]), (&b"PAR1"[..], &b"PAR1"[..]));
    let manifest = json(&out.join("manifest.json"));
    assert_eq!(manifest["state_hash"], json(&out.join("summary.json"))["state_hash"]);
    assert!(manifest["inputs_blake3"].as_object().unwrap().contains_key("contracts.csv"));
    let csv = dir.join("closure");
    run(&dir, "closure", &[]);
    let case = flagship();
    let again = ripstop(&["run", case.to_str().unwrap(), "--draws", "0", "--format", "csv", "--out", csv.to_str().unwrap()]);
    assert!(again.status.success(), "{}", text(&again.stderr));
    assert!(!out.join("series.parquet").exists(), "the earlier run is replaced, not mixed");
    let entries: Vec<_> = fs::read_dir(&dir.0).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(entries.len(), 1, "nothing else stays behind: {entries:?}");
}

#[test]
fn csv_series_hold_rows_for_every_level() {
    let dir = TempDir::new();
    let out = run(&dir, "closure", &["--format", "csv"]);
    let series = fs::read_to_string(out.join("series.csv")).unwrap();
    assert!(series.starts_with("date,scenario,level,entity,variable,value,unit\n2018-09-01,closure,total,"));
    for level in ["total", "country", "place", "group", "sector", "product", "crossing", "market", "firm", "contract"] {
        assert!(series.contains(&format!(",closure,{level},")), "{level}");
        assert!(series.contains(&format!(",counterfactual,{level},")), "{level} without the events");
    }
}

#[test]
fn a_foreign_folder_is_never_touched() {
    let dir = TempDir::new();
    let out = dir.join("mine");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("thesis.txt"), "years of work").unwrap();
    let case = flagship();
    let done = ripstop(&["run", case.to_str().unwrap(), "--draws", "0", "--out", out.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("is no run folder of ripstop"), "{}", text(&done.stderr));
    assert_eq!(fs::read_to_string(out.join("thesis.txt")).unwrap(), "years of work");
    // Notes put into the folder of an earlier run are nobody's to delete either.
    let earlier = run(&dir, "closure", &[]);
    fs::write(earlier.join("notes.md"), "mine").unwrap();
    let done = ripstop(&["run", case.to_str().unwrap(), "--draws", "0", "--out", earlier.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(1));
    assert_eq!(fs::read_to_string(earlier.join("notes.md")).unwrap(), "mine");
}

/// Copies the flagship into a folder of its own.
fn copy(dir: &TempDir) -> PathBuf {
    let to = dir.join("case");
    fs::create_dir(&to).unwrap();
    for entry in fs::read_dir(flagship()).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
    to
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from} is in {}", path.display());
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_typo_gets_a_line_and_a_suggestion_and_nothing_is_run() {
    let dir = TempDir::new();
    let case = copy(&dir);
    edit(&case.join("firms.csv"), ",sinuiju,unha,", ",sinuju,unha,");
    edit(&case.join("products.csv"), "$fabric_usd_per_metre", "$fabric_usd_per_meter");
    let out = dir.join("out");
    let done = ripstop(&["run", case.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.contains("firms.csv:") && said.contains("did you mean `sinuiju`?"), "{said}");
    assert!(said.contains("products.csv:") && said.contains("fabric_usd_per_metre"), "both problems in one pass: {said}");
    assert!(!out.exists());
    let checked = ripstop(&["check", case.to_str().unwrap(), "--json"]);
    assert_eq!(checked.status.code(), Some(1));
    let problems: Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert!(problems.as_array().unwrap().iter().all(|p| p["line"].as_u64().unwrap() > 0 && p["code"].is_string()), "{problems}");
}

#[test]
fn words_on_the_command_line_are_checked() {
    let case = flagship();
    let done = ripstop(&["run", case.to_str().unwrap(), "--scenario", "closur"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("did you mean `closure`?"), "{}", text(&done.stderr));
    assert_eq!(ripstop(&["run"]).status.code(), Some(2), "usage");
    assert_eq!(ripstop(&["run", case.to_str().unwrap(), "--threads", "0"]).status.code(), Some(2));
    assert_eq!(ripstop(&["check", "no/such/folder"]).status.code(), Some(1));
}

#[test]
fn the_account_fits_a_screen_of_80_columns() {
    let dir = TempDir::new();
    let (case, out) = (flagship(), dir.join("out"));
    let done = ripstop(&["run", case.to_str().unwrap(), "--draws", "4", "--out", out.to_str().unwrap()]);
    let account = text(&done.stdout);
    let path = out.display().to_string();
    for line in account.lines().filter(|l| !l.contains(&path)) {
        assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
    }
    for part in [
        "By 17 Apr 2020",
        "Timeline",
        "Who stopped",
        "without the events",
        "Sinuiju",
        "✓ C02",
        "Premises",
        "What moves each figure most",
        "residual",
    ] {
        assert!(account.contains(part), "{part} is in the account");
    }
    let summary = ripstop(&["run", case.to_str().unwrap(), "--draws", "0", "--json", "--out", out.to_str().unwrap()]);
    let parsed: Value = serde_json::from_slice(&summary.stdout).unwrap();
    assert_eq!(parsed["case"], "sinuiju-2020");
}

/// So do the accounts of every scenario of the short cases, whatever their currency.
#[test]
fn the_accounts_of_the_episodes_fit_too() {
    let dir = TempDir::new();
    let out = dir.join("out");
    for (case, scenarios) in [
        ("gaza-2007", ["closure", "no-closure", "way-out-open", "way-in-open"]),
        ("kaesong-2013", ["closure", "no-closure", "goods-let-out", "orders-kept"]),
    ] {
        let case = repository().join("cases").join(case);
        for scenario in scenarios {
            let done = ripstop(&[
                "run",
                case.to_str().unwrap(),
                "--scenario",
                scenario,
                "--evidence",
                "--draws",
                "4",
                "--out",
                out.to_str().unwrap(),
            ]);
            assert!(done.status.success(), "{scenario}: {}", text(&done.stderr));
            let (account, path) = (text(&done.stdout), out.display().to_string());
            for line in account.lines().filter(|l| !l.contains(&path)) {
                assert!(line.chars().count() <= 80, "{scenario}, {} columns: {line}", line.chars().count());
            }
            assert!(account.contains("Compared with nothing"), "{scenario} tells what is not compared");
        }
    }
}

#[test]
fn pieces_per_worker_are_within_a_third_of_the_published_figure() {
    // 14.45 million pieces by 25,000 workers a year (2012); the issue asks for 30 %.
    let case = ripstop_case::load(&flagship()).case.unwrap();
    let network = ripstop_case::network::Mapper::new(&case).network(&case.parameters.base_values());
    let firms = case.table("firms");
    let garments = |f: usize| firms.text(firms.col("sector"), f) == Some("garments");
    let year = |day: ripstop::model::calendar::Day| day.date().year() == 2019;
    let pieces: f64 = network
        .orders
        .iter()
        .filter(|o| year(o.due) && garments(network.lines[network.contracts.seller[o.contract.index()].index()].firm.index()))
        .map(|o| o.quantity)
        .sum();
    let workers: f64 = (0..network.firms.len()).filter(|&f| garments(f)).map(|f| network.firms[f].workers).sum();
    let published = 14_450_000.0 / 25_000.0;
    assert!((pieces / workers / published - 1.0).abs() <= 0.3, "{} pieces per worker and year", pieces / workers);
}

/// An early stop would hide what an event that still runs does.
#[test]
fn the_run_goes_on_to_the_last_day() {
    let dir = TempDir::new();
    let out = run(&dir, "closure", &["--format", "csv"]);
    let series = fs::read_to_string(out.join("series.csv")).unwrap();
    let last = |run: &str| series.lines().filter(|l| l.starts_with(&format!("2020-12-31,{run},total,,output_value,"))).count();
    assert_eq!((last("closure"), last("counterfactual")), (1, 1));
}

/// A claim's values as the README has them: what is near zero or a share in thousandths, other numbers short.
fn told(claim: &Value) -> String {
    let values: Vec<String> = claim["simulated"].as_array().unwrap().iter().map(|v| v.as_f64().map_or("–".to_owned(), short)).collect();
    format!("{} {}", if claim["holds"] == true { "✓" } else { "✗" }, values.join(" and "))
}

fn short(value: f64) -> String {
    if value.abs() >= 1000.0 {
        let hundreds = format!("{:.0}", (value / 100.0).round().abs());
        let (thousands, rest) = hundreds.split_at(hundreds.len() - 1);
        return format!("{}{thousands},{rest}00", if value < 0.0 { "-" } else { "" });
    }
    let text = if value.abs() < 0.1 { format!("{value:.3}") } else { format!("{value:.2}") };
    let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
    if text == "-0" { "0".to_owned() } else { text }
}

/// Writes the table of claims of the case's README anew.
fn write_claims(readme: &str, rows: &[Vec<String>], all: &[Value; 4]) {
    let claim = |claims: &Value, id: &str| claims.as_array().unwrap().iter().find(|c| c["id"] == id).unwrap().clone();
    let percent = |share: &Value| share.as_f64().map_or("–".to_owned(), |share| format!("{:.0} %", 100.0 * share));
    let mut text = readme.to_owned();
    for row in rows {
        let mut cells = row.clone();
        all.iter().enumerate().for_each(|(at, claims)| cells[3 + at] = told(&claim(claims, &row[0])));
        let closure = claim(&all[0], &row[0]);
        // Shares stay as they are where the run has no draws.
        if closure["share_of_draws"].is_number() {
            cells[7] = format!("{} / {}", percent(&closure["share_of_draws"]), percent(&closure["share_without_events"]));
        }
        let start = format!("| {} | ", row[0]);
        let old = readme.lines().find(|line| line.starts_with(&start)).unwrap();
        text = text.replace(old, &format!("| {} |", cells.join(" | ")));
    }
    fs::write(flagship().join("README.md"), text).unwrap();
}

/// The table of results in the case's README shows what a run says, so it cannot go stale unseen.
#[test]
fn the_results_in_the_readme_are_those_of_a_run() {
    let dir = TempDir::new();
    let readme = fs::read_to_string(flagship().join("README.md")).unwrap();
    let rows: Vec<Vec<String>> = readme
        .lines()
        .filter(|l| l.starts_with("| C"))
        .map(|l| l.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect())
        .collect();
    assert_eq!(rows.len(), 15, "every claim whose analysis is built has a row");
    let scenarios = [(3, "closure"), (4, "orders-continue"), (5, "clients-pay"), (6, "no-closure")];
    let all = scenarios.map(|(_, scenario)| json(&run(&dir, scenario, &[]).join("claims.json")));
    if std::env::var_os("RIPSTOP_BLESS").is_some() {
        return write_claims(&readme, &rows, &all);
    }
    for ((column, scenario), claims) in scenarios.into_iter().zip(all) {
        for row in &rows {
            let claim = claims.as_array().unwrap().iter().find(|c| c["id"] == row[0].as_str()).unwrap();
            let sign = if claim["holds"] == true { "✓" } else { "✗" };
            assert!(row[column].starts_with(sign), "{} in {scenario}: {} is not {sign}", row[0], row[column]);
            let written = row[column].trim_start_matches(['✓', '✗', ' ']).split(" and ");
            for (text, value) in written.zip(claim["simulated"].as_array().unwrap()) {
                let Some(value) = value.as_f64() else {
                    assert_eq!(text, "–", "{} in {scenario}: no number", row[0]);
                    continue;
                };
                let shown = text.replace(',', "").parse::<f64>().unwrap();
                assert!((shown - value).abs() <= 0.006_f64.max(0.001 * value.abs()), "{} in {scenario}: {text} against {value}", row[0]);
            }
        }
    }
}

/// The table of scenarios in the case's README shows what runs say.
#[test]
fn the_scenarios_in_the_readme_are_those_of_runs() {
    let dir = TempDir::new();
    let readme = fs::read_to_string(flagship().join("README.md")).unwrap();
    let start = readme.find("| scenario | worker-days idle").expect("the table");
    let rows: Vec<Vec<&str>> = readme[start..]
        .lines()
        .take_while(|l| l.starts_with('|'))
        .skip(2)
        .map(|l| l.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let case = fs::read_to_string(flagship().join("case.toml")).unwrap();
    assert_eq!(rows.len(), case.matches("[scenarios.").count(), "every scenario has a row");
    let columns = [
        ("/jobs/idle_worker_days", 1e3),
        ("/jobs/workers_idle_peak", 1.0),
        ("/stranded/pieces", 1e3),
        ("/stranded/value_usd", 1e6),
        ("/unpaid/overdue_usd", 1e6),
        ("/unpaid/claims_usd", 1e6),
        ("/unpaid/wages_usd", 1e6),
        ("/losses/value_added_usd", 1e6),
        ("/claims/outcomes_hold", 1.0),
    ];
    let mut written = readme.clone();
    for row in rows {
        let scenario = row[0].trim_matches('`');
        let summary = json(&run(&dir, scenario, &[]).join("summary.json"));
        if std::env::var_os("RIPSTOP_BLESS").is_some() {
            let cells = columns.map(|(field, unit)| {
                let value = summary.pointer(field).unwrap().as_f64().unwrap() / unit;
                if unit == 1e6 && value != 0.0 { grouped(value, 2) } else { grouped(value, 0) }
            });
            let old = readme.lines().rfind(|line| line.starts_with(&format!("| {} | ", row[0]))).unwrap();
            written = written.replace(old, &format!("| {} | {} |", row[0], cells.join(" | ")));
            continue;
        }
        for (cell, (field, unit)) in row[1..].iter().zip(columns) {
            let (shown, value) = (cell.replace(',', "").parse::<f64>().unwrap(), summary.pointer(field).unwrap().as_f64().unwrap() / unit);
            // Written to a hundredth of a million, or to a whole.
            let grain = if unit == 1e6 { 0.0051 } else { 0.51 };
            assert!((shown - value).abs() <= grain, "{scenario} {field}: {cell} against {value}");
        }
    }
    if written != readme {
        fs::write(flagship().join("README.md"), written).unwrap();
    }
}

/// A number that is not negative with so many decimals, thousands apart.
fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + &rest
}

/// A table of a README as rows of cells, from the line that begins with `head` on.
fn table(readme: &str, head: &str) -> Vec<Vec<String>> {
    let start = readme.find(head).unwrap_or_else(|| panic!("no table {head}"));
    let rows = readme[start..].lines().take_while(|l| l.starts_with('|')).skip(2);
    rows.map(|l| l.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// A number as it is written equals a value, to the digits written.
#[track_caller]
fn written(text: &str, value: f64) {
    let shown = text.trim_start_matches(['✓', '✗', ' ']).trim_end_matches([' ', '%']).replace(',', "");
    let digits = shown.split_once('.').map_or(0, |(_, digits)| digits.len() as i32);
    let number: f64 = shown.parse().unwrap_or_else(|_| panic!("{text} is no number"));
    assert!((number - value).abs() <= 0.51 * 10_f64.powi(-digits), "{text} against {value}");
}

/// Mean value of textiles that pass a month, USD million.
fn textiles(series: &str, run: &str, months: (&str, &str)) -> f64 {
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for cells in series.lines().map(|line| line.split(',').collect::<Vec<_>>()) {
        let month = cells[0].get(..7).unwrap_or_default();
        if cells[1] == run && cells[3] == "border/CN/textiles" && cells[4] == "passed_value" && (months.0..=months.1).contains(&month) {
            *sums.entry(month).or_default() += cells[5].parse::<f64>().unwrap() / 1e6;
        }
    }
    sums.values().sum::<f64>() / sums.len() as f64
}

/// The figures in the README of the bans of 2017 are those of its runs: claims, shares of draws, the fall of imports, textiles, people.
#[test]
fn the_figures_of_the_bans_in_the_readme_are_those_of_runs() {
    let dir = TempDir::new();
    let case = repository().join("cases/sinuiju-2017");
    let readme = fs::read_to_string(case.join("README.md")).unwrap();
    let run = |scenario: &str, draws: &str| {
        let out = dir.join(scenario);
        let paths = [case.to_str().unwrap(), "--scenario", scenario, "--draws", draws, "--format", "csv", "--out", out.to_str().unwrap()];
        let done = ripstop(&[&["run"], &paths[..]].concat());
        assert!(done.status.success(), "{}", text(&done.stderr));
        out
    };
    let (bans, none) = (run("bans", "200"), run("no-bans", "0"));
    let rows = table(&readme, "| claim | holds when");
    let (with, without) = (json(&bans.join("claims.json")), json(&none.join("claims.json")));
    assert_eq!(rows.len(), with.as_array().unwrap().len());
    for (row, (with, without)) in rows.iter().zip(with.as_array().unwrap().iter().zip(without.as_array().unwrap())) {
        assert!(row[0].starts_with(with["id"].as_str().unwrap()), "{row:?}");
        for (cell, claim) in [(&row[2], with), (&row[3], without)] {
            assert!(cell.starts_with(if claim["holds"] == true { "✓" } else { "✗" }), "{cell} in {row:?}");
            written(cell, claim["simulated"][0].as_f64().unwrap());
        }
        let (share, bare) = row[4].split_once('/').unwrap();
        written(share, 100.0 * with["share_of_draws"].as_f64().unwrap());
        written(bare, 100.0 * with["share_without_events"].as_f64().unwrap());
    }
    let summary = json(&bans.join("summary.json"));
    let joint = summary["claims"]["joint_share_of_draws"].as_f64().unwrap();
    assert!(readme.contains(&format!("All four together hold in {:.0} % of the draws", 100.0 * joint)), "{joint}");
    let rows = table(&readme, "| quantity | `bans`");
    let band = |cell: &str, low: f64, high: f64| {
        let (shown_low, shown_high) = cell.split_once(" to ").unwrap();
        written(shown_low, low);
        written(shown_high, high);
    };
    let ratio = &json(&bans.join("evidence.json"))["comparisons"][0]["finding"];
    written(&rows[0][1], ratio["simulated"].as_f64().unwrap());
    band(&rows[0][2], ratio["band"][0].as_f64().unwrap(), ratio["band"][1].as_f64().unwrap());
    written(&rows[0][3], ratio["observed"].as_f64().unwrap());
    written(&rows[0][4], ratio["without_events"].as_f64().unwrap());
    let series = fs::read_to_string(bans.join("series.csv")).unwrap();
    let months = [("2017-01", "2017-08"), ("2017-09", "2017-11"), ("2017-12", "2017-12"), ("2018-01", "2018-12")];
    for (row, months) in rows[1..5].iter().zip(months) {
        written(&row[1], textiles(&series, "bans", months));
        written(&row[4], textiles(&series, "counterfactual", months));
    }
    let bare = json(&none.join("summary.json"));
    let people = [
        ("/jobs/idle_worker_days", "idle_worker_days", 1e3),
        ("/jobs/workers_idle_peak", "workers_idle_peak", 1.0),
        ("/unpaid/wages_usd", "wages_unpaid", 1e6),
    ];
    for (row, (field, name, unit)) in rows[5..].iter().zip(people) {
        written(&row[1], summary.pointer(field).unwrap().as_f64().unwrap() / unit);
        written(&row[4], bare.pointer(field).unwrap().as_f64().unwrap() / unit);
        let of_draws = &summary["draws"]["bands"][name];
        band(&row[2], of_draws["p05"].as_f64().unwrap() / unit, of_draws["p95"].as_f64().unwrap() / unit);
    }
}

/// What the case sends in must be less than all that China reports to have exported to North Korea in that month (a part of a whole).
#[test]
fn simulated_inputs_stay_below_reported_exports() {
    let dir = TempDir::new();
    let series = fs::read_to_string(run(&dir, "closure", &["--format", "csv"]).join("series.csv")).unwrap();
    let mut months: BTreeMap<String, f64> = BTreeMap::new();
    for line in series.lines().filter(|l| l.contains(",closure,crossing,") && l.contains("/KP/") && l.contains(",passed_value,")) {
        let cells: Vec<&str> = line.split(',').collect();
        *months.entry(cells[0][..7].to_string()).or_default() += cells[5].parse::<f64>().unwrap() / 1e6;
    }
    let observations = fs::read_to_string(flagship().join("observations.csv")).unwrap();
    let mut compared = 0;
    for line in observations.lines().filter(|l| l.contains(",cn_exports_to_nk,") && l.contains(",below,")) {
        let cells: Vec<&str> = line.split(',').collect();
        let (month, reported) = (cells[1], cells[3].parse::<f64>().unwrap());
        let simulated = months.get(month).copied().unwrap_or(0.0);
        assert!(simulated <= reported, "{month}: {simulated} against {reported} million USD");
        compared += 1;
    }
    assert!(compared >= 20, "{compared} months compared");
}

/// A formula that leaves its limits at an end of a range is refused with its cell before anything is simulated.
#[test]
fn a_formula_that_leaves_its_limits_over_a_range_names_its_cell() {
    let dir = TempDir::new();
    let case = copy(&dir);
    edit(&case.join("terms.csv"), ",$theft_share,", ",0.9 + 10 * $theft_share,");
    let out = dir.join("out");
    let done = ripstop(&["run", case.to_str().unwrap(), "--draws", "20", "--out", out.to_str().unwrap()]);
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.contains("`theft_share` is 1.") && said.contains("high end") && said.contains("terms.csv:"), "{said}");
    assert!(!out.exists());
}

/// A slip in a claim must never make its condition vanish: a claim without a condition would read as "not tested".
#[test]
fn a_slip_in_a_claim_is_named_not_dropped() {
    let dir = TempDir::new();
    let case = copy(&dir);
    edit(&case.join("claims.toml"), "cause = \"no orders\"", "cause = \"no order\"");
    edit(&case.join("claims.toml"), "toward = \"KP\"", "toward = \"KQ\"");
    let checked = ripstop(&["check", case.to_str().unwrap()]);
    let said = text(&checked.stderr);
    assert_eq!(checked.status.code(), Some(1), "{said}");
    assert!(said.contains("did you mean `no orders`?") && said.contains("no place lies in `KQ`"), "{said}");
}

/// Stops are dated to the day after the last day with more than 5 % of the labour at work; in a scenario without events a claim
/// holds in as many draws as in their counterfactuals.
#[test]
fn stops_have_the_right_day_and_shares_their_baseline() {
    let dir = TempDir::new();
    let out = run(&dir, "closure", &["--format", "csv"]);
    let series = fs::read_to_string(out.join("series.csv")).unwrap();
    let labour = |variable: &str| -> BTreeMap<String, f64> {
        let mark = format!(",closure,place,sinuiju,{variable},");
        let rows = series.lines().filter(|l| l.contains(&mark)).map(|l| l.split(',').collect::<Vec<_>>());
        rows.map(|cells| (cells[0].to_string(), cells[5].parse::<f64>().unwrap())).collect()
    };
    let (used, present) = (labour("labour_used"), labour("labour_present"));
    let busy = |day: &&String| day.as_str() <= "2020-04-17" && used[*day] > 0.05 * present[*day];
    let last = used.keys().rfind(busy).unwrap();
    let next = used.keys().find(|day| *day > last).unwrap();
    let summary = json(&out.join("summary.json"));
    let sinuiju = summary["places"].as_array().unwrap().iter().find(|p| p["id"] == "sinuiju").unwrap().clone();
    assert_eq!(sinuiju["stopped_since"].as_str(), Some(next.as_str()));
    let shares: f64 = sinuiju["causes"].as_object().unwrap().values().filter_map(Value::as_f64).sum();
    assert!((shares - 1.0).abs() < 1e-9, "causes share out the whole stop");
    let claims = json(&run(&dir, "no-closure", &["--draws", "20"]).join("claims.json"));
    for claim in claims.as_array().unwrap().iter().filter(|c| c["needs"].is_null()) {
        assert_eq!(claim["share_of_draws"], claim["share_without_events"], "{}", claim["id"]);
        assert!(claim["share_of_draws"].is_number());
    }
}
