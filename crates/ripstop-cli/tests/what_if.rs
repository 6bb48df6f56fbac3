//! `ripstop run --set`: a what-if is checked like the case, recorded in its folder, repeated, taken up again, and is what case.toml would make.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use common::TempDir;

fn ripstop(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ripstop")).args(arguments).current_dir(dir).output().unwrap()
}

fn done(dir: &Path, arguments: &[&str]) -> String {
    let output = ripstop(dir, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn said(dir: &Path, arguments: &[&str], code: i32) -> String {
    let output = ripstop(dir, arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn manifest(run: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(run.join("manifest.json")).unwrap()).unwrap()
}

/// A copy of the flagship, as `case`.
fn flagship() -> TempDir {
    let dir = TempDir::new();
    done(&dir.0, &["new", "case", "--from", "sinuiju-2020"]);
    dir
}

const SET: [&str; 4] = ["--set", "brand_order_cut_share=0.5", "--set", "freight_closed_dandong_sinuiju=2020-01-30"];

#[test]
fn a_what_if_is_what_case_toml_would_make() {
    let dir = flagship();
    let case = dir.0.join("case/case.toml");
    let text = fs::read_to_string(&case).unwrap();
    let like =
        "\n[scenarios.halved]\nlike = \"closure\"\nset = { brand_order_cut_share = 0.5, freight_closed_dandong_sinuiju = 2020-01-30 }\n";
    fs::write(&case, text + like).unwrap();
    let run = |more: &[&str], out: &str| {
        done(&dir.0, &[&["run", "case", "--draws", "6", "--no-report", "--format", "csv", "--out", out], more].concat());
        (manifest(&dir.0.join(out)), fs::read_to_string(dir.0.join(out).join("claims.json")).unwrap())
    };
    let (set, set_claims) = run(&SET, "set");
    let (written, written_claims) = run(&["--scenario", "halved"], "written");
    let (plain, _) = run(&[], "plain");
    assert_eq!(set["state_hash"], written["state_hash"]);
    assert_ne!(set["state_hash"], plain["state_hash"]);
    assert_eq!(set_claims, written_claims, "shares of the draws too");
    assert_eq!((&plain["what_if"], &written["what_if"]), (&Value::Null, &Value::Null));
    assert_eq!(set["scenario"], "closure+what-if");
    assert_eq!(set["what_if"]["of"], "closure");
    assert_eq!(set["what_if"]["set"][0], json!({ "name": "brand_order_cut_share", "value": "0.5", "was": "0.25" }));
}

#[test]
fn it_has_a_folder_of_its_own_is_told_and_can_be_repeated() {
    let dir = flagship();
    let account = done(&dir.0, &[&["run", "case", "--draws", "2", "--format", "csv"], &SET[..]].concat());
    assert!(
        account.split_whitespace().collect::<Vec<_>>().join(" ").contains("changed by the reader: brand_order_cut_share=0.5 (was 0.25)"),
        "{account}"
    );
    let turned: Vec<&str> = [&SET[2..], &SET[..2]].concat();
    done(&dir.0, &[&["run", "case", "--draws", "2", "--format", "csv"], &turned[..]].concat());
    let folders: Vec<_> = fs::read_dir(dir.0.join("runs/case")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(folders.len(), 1, "the same what-if in another order: {folders:?}");
    let run = &folders[0];
    assert!(run.file_name().unwrap().to_str().unwrap().starts_with("closure+what-if-"));
    assert!(fs::read_to_string(run.join("report.html")).unwrap().contains("changed by the reader: "));
    done(&dir.0, &["reproduce", run.to_str().unwrap()]);
    let told = done(&dir.0, &["diff", run.to_str().unwrap(), run.to_str().unwrap()]);
    assert!(!told.is_empty());
}

/// Read on the day before the base run of the case is, checked as case.toml is, written down and repeated.
#[test]
fn results_are_read_on_another_day() {
    let dir = flagship();
    let run = |more: &[&str]| {
        done(&dir.0, &[&["run", "case", "--draws", "0", "--no-report", "--format", "csv"], more].concat());
    };
    run(&["--as-of", "2020-03-31"]);
    let out = dir.0.join("runs/case/closure-as-of-2020-03-31");
    let read = |out: &Path, file: &str| -> Value { serde_json::from_str(&fs::read_to_string(out.join(file)).unwrap()).unwrap() };
    let summary = read(&out, "summary.json");
    assert_eq!((&manifest(&out)["as_of"], &summary["as_of"]), (&json!("2020-03-31"), &json!("2020-03-31")));
    done(&dir.0, &["reproduce", out.to_str().unwrap()]);
    // The same as a case that says so.
    let case = dir.0.join("case/case.toml");
    let text = fs::read_to_string(&case).unwrap();
    fs::write(&case, text.replace("as_of = \"2020-04-17\"", "as_of = \"2020-03-31\"")).unwrap();
    run(&["--out", "written"]);
    let written = read(&dir.0.join("written"), "summary.json");
    for key in ["losses", "stranded", "unpaid", "starting_values", "state_hash"] {
        assert_eq!(summary[key], written[key], "{key}");
    }
    // What is no day of the case is refused as case.toml is, and what it makes doubtful is said.
    for (day, wanted) in [("2021-01-01", "RS-E024"), ("31.3.2020", "RS-E022")] {
        let found = said(&dir.0, &["run", "case", "--draws", "0", "--as-of", day, "--out", "refused"], 1);
        assert!(found.contains("--as-of:1:1") && found.contains(wanted), "{found}");
    }
    assert!(!dir.0.join("refused").exists());
    let early = ["run", "case", "--draws", "0", "--no-report", "--as-of", "2019-12-31", "--out", "early"];
    assert!(said(&dir.0, &early, 0).contains("RS-W044"));
}

/// A checkpoint of one what-if is none of another.
#[cfg(unix)]
#[test]
fn it_is_taken_up_by_the_same_what_if_only() {
    let dir = flagship();
    let base = ["run", "case", "--draws", "3000", "--no-report", "--format", "csv", "--out", "out", "--checkpoint-every", "500"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_ripstop")).args(base).args(SET).current_dir(&dir.0).spawn().unwrap();
    let manifest = dir.0.join("out.checkpoint/manifest.json");
    while !manifest.exists() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let other = said(&dir.0, &[&base[..], &["--resume", "--set", "brand_order_cut_share=0.6"]].concat(), 1);
    assert!(other.contains("what the reader set was brand_order_cut_share=0.5 (was 0.25)"), "{other}");
    // By the same it is: what differs is the number of draws alone.
    let fewer: Vec<&str> = base.iter().map(|word| if *word == "3000" { "2" } else { *word }).collect();
    let draws = said(&dir.0, &[&fewer[..], &["--resume"], &SET[..]].concat(), 1);
    assert!(draws.contains("draws was 3000, is 2") && !draws.contains("the reader set"), "{draws}");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let dir = flagship();
    let found = said(
        &dir.0,
        &["run", "case", "--draws", "0", "--set", "brand_order_cut_shar=0.5", "--set", "freight_closed_dandong_sinuiju=soon"],
        1,
    );
    assert!(found.contains("--set:1:1") && found.contains("brand_order_cut_share"), "{found}");
    assert!(found.contains("--set:2:") && found.contains("YYYY-MM-DD"), "{found}");
    for value in ["5", "-1"] {
        let found = said(&dir.0, &["run", "case", "--draws", "0", "--set", &format!("brand_order_cut_share={value}")], 1);
        assert!(found.contains("--set:1:23") && found.contains("closure+what-if"), "{found}");
    }
    assert!(said(&dir.0, &["run", "case", "--set", "brand_order_cut_share"], 2).contains("NAME=VALUE"));
    assert!(!dir.0.join("runs").exists(), "nothing is written");
}
