//! What leads on the screen: medians of the draws, beside them the run without the events and the starting values.

mod common;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use common::TempDir;

fn ripstop(dir: &Path, words: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_ripstop")).args(words).current_dir(dir).output().unwrap();
    assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// The text of an account on one line, and its summary.
fn account(dir: &Path, draws: &str) -> (String, Value) {
    let text = ripstop(dir, &["run", "mine", "--draws", draws, "--out", draws]);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let summary = std::fs::read_to_string(dir.join(draws).join("summary.json")).unwrap();
    (text.split_whitespace().collect::<Vec<_>>().join(" "), serde_json::from_str(&summary).unwrap())
}

/// Money as the screen writes it below ten thousand.
fn money(value: &Value) -> String {
    let digits = format!("{:.0}", value.as_f64().unwrap());
    if digits.len() > 3 { format!("{},{}", &digits[..digits.len() - 3], &digits[digits.len() - 3..]) } else { digits }
}

#[test]
fn medians_lead_with_the_starting_values_beside_them() {
    let dir = TempDir::new();
    ripstop(&dir.0, &["new", "mine", "--yes"]);
    let (text, summary) = account(&dir.0, "60");
    let (bands, start) = (&summary["draws"]["bands"], &summary["starting_values"]);
    let stranded = &bands["stranded_value"];
    assert_ne!(money(&stranded["p50"]), money(&stranded["base"]), "the case tells one from the other");
    let said = format!(
        "Finished goods worth USD {} [{} – {}] are stranded",
        money(&stranded["p50"]),
        money(&stranded["p05"]),
        money(&stranded["p95"])
    );
    assert!(text.contains("medians of 60 draws") && text.contains(&said), "{said}: {text}");
    assert!(text.contains(&format!("(starting values: USD {})", money(&start["stranded_value"]["value"]))), "{text}");
    // Open is set beside open: without the events the same invoices would be open, not none.
    let open = &bands["invoices_unpaid"]["without"];
    assert!(open["p50"].as_f64().unwrap() > 0.0);
    assert!(text.contains(&format!("are open, overdue or not; without the events USD {} [", money(&open["p50"]))), "{text}");
    assert!(text.contains("at its low → its high") && text.contains("stranded value"), "{text}");
    assert!(!text.contains("together"), "the joint share of draws is no headline");
}

#[test]
fn without_draws_the_starting_values_lead_and_say_so() {
    let dir = TempDir::new();
    ripstop(&dir.0, &["new", "mine", "--yes"]);
    for (draws, why) in [("0", "No draws were made"), ("1", "1 draw is too few"), ("19", "19 draws are too few")] {
        let (text, summary) = account(&dir.0, draws);
        assert!(text.contains(": starting values ─") && text.contains(why), "{text}");
        let value = money(&summary["starting_values"]["stranded_value"]["value"]);
        assert!(text.contains(&format!("Finished goods worth USD {value} are stranded")), "{text}");
        assert!(!text.contains("medians of"), "{text}");
    }
}

#[test]
fn two_runs_are_compared_by_their_medians_first() {
    let dir = TempDir::new();
    ripstop(&dir.0, &["new", "mine", "--yes"]);
    account(&dir.0, "20");
    ripstop(&dir.0, &["run", "mine", "--draws", "20", "--seed", "2", "--out", "other"]);
    let text = ripstop(&dir.0, &["diff", "20", "other"]);
    let at = |words: &str| text.find(words);
    assert!(at("Medians of the draws").is_some() && at("  stranded_value").is_some(), "{text}");
    assert!(at("Figures (starting values)") > at("Medians of the draws") || at("Figures (starting values)").is_none(), "{text}");
}
