//! `ripstop generate` as a person uses it, and what becomes of what it makes.

mod common;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use common::TempDir;

fn ripstop(dir: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ripstop")).args(words).current_dir(dir).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn a_network_is_made_checked_run_and_repeated() {
    let folder = TempDir::new();
    let dir = folder.0.as_path();
    let made = ripstop(dir, &["generate", "--firms", "1000", "--links", "10000", "--seed", "3", "--days", "120", "--out", "net"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert!(text(&made.stdout).lines().all(|line| line.chars().count() <= 80), "{}", text(&made.stdout));
    let checked = ripstop(dir, &["check", "net", "--strict"]);
    assert!(checked.status.success() && checked.stderr.is_empty(), "{}", text(&checked.stderr));
    // Where nothing happens nothing moves.
    assert!(ripstop(dir, &["run", "net", "--out", "still", "--record", "sectors"]).status.success());
    let summary = read(&dir.join("still/summary.json"));
    assert_eq!(summary["losses"]["output_usd"], 0.0);
    assert_eq!(summary["recorded"], "sectors");
    let done = ripstop(dir, &["run", "net", "--scenario", "shock", "--out", "shock", "--record", "sectors"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let shown = text(&done.stdout);
    assert!(shown.contains("Who lost output") && shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    let summary = read(&dir.join("shock/summary.json"));
    let loss = |key: &str| summary["losses"][key].as_f64().unwrap();
    assert!(loss("direct_usd") > 0.0 && loss("indirect_usd") > loss("direct_usd") / 10.0, "{}", summary["losses"]);
    assert!((loss("direct_usd") + loss("indirect_usd") - loss("output_usd")).abs() <= 1e-9 * loss("output_usd"));
    assert!(summary["audit"]["goods_residual_max"].as_f64().unwrap() <= 1e-12);
    let size = std::fs::metadata(dir.join("shock/report.html")).unwrap().len();
    assert!(size < 5_000_000, "{size} bytes");
    assert_eq!(read(&dir.join("shock/case.json"))["left_out"]["links"], summary["contracts"]);
    let again = ripstop(dir, &["reproduce", "shock"]);
    assert!(again.status.success() && !text(&again.stdout).contains('✗'), "{}{}", text(&again.stdout), text(&again.stderr));
}

#[test]
fn what_is_refused() {
    let folder = TempDir::new();
    let dir = folder.0.as_path();
    std::fs::create_dir(dir.join("full")).unwrap();
    std::fs::write(dir.join("full/mine.txt"), "mine").unwrap();
    let ask = |more: &[&str]| ripstop(dir, &[&["generate", "--firms", "1000", "--links", "5000"], more].concat());
    let foreign = ask(&["--out", "full"]);
    assert_eq!((foreign.status.code(), text(&foreign.stderr).contains("RS-E100")), (Some(1), true), "{}", text(&foreign.stderr));
    std::fs::write(dir.join("table.csv"), "row,A.x,A.y,output\nA.x,1,2,9\nA.y,2,1,3\n").unwrap();
    let unbalanced = ask(&["--out", "new", "--table", "table.csv"]);
    let said = text(&unbalanced.stderr);
    assert_eq!(unbalanced.status.code(), Some(1));
    assert!(said.contains("RS-E095") && said.contains("A.x sells 3 in all, but its output is 9"), "{said}");
    assert!(!dir.join("new").exists());
    let json = ask(&["--out", "new", "--json"]);
    let report: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(report["firms"]["obtained"], 1000);
    assert_eq!(report, read(&dir.join("new/generate.json")));
}
