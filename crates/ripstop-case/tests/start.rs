//! Starts: settings of a settled one, and what `check` says of those that drift or are too short.

mod common;

use common::Files;
use ripstop_case::network::Mapper;
use ripstop_case::{Code, StartState};

/// What is said of the start, and whether a case is left.
fn said(files: &Files) -> (Vec<(Code, String)>, bool) {
    let mut loaded = files.load();
    assert!(loaded.diagnostics.is_empty(), "{:#?}", loaded.diagnostics);
    assert_eq!(loaded.measure_start(), None, "nothing is too large to be measured");
    for found in &loaded.diagnostics {
        assert!(&*found.file == std::path::Path::new("case.toml") && found.line > 0 && !found.fix.is_empty(), "{found:?}");
    }
    let found = loaded.diagnostics.iter().map(|found| (found.code, found.message.clone())).collect();
    (found, loaded.case.is_some())
}

fn settings(lines: &str, start: &str) -> Files {
    Files::valid().edit("case.toml", "seed = 7", lines).edit("case.toml", "\"empty\"", start)
}

#[test]
fn a_settled_start_has_its_settings() {
    let case = settings("settle_tolerance_share = 0.1\nsettle_max_days = 900", "\"settled\"").case();
    let network = Mapper::new(&case).network(&case.parameters.base_values());
    assert_eq!(case.settings.start_state, StartState::Settled);
    assert_eq!((network.settings.settle_tolerance_share, network.settings.settle_max_days), (0.1, 900));
    assert_eq!(case.first_simulated(), case.meta.start - 900, "the longest it may take");
    let defaults = settings("seed = 7", "\"settled\"").case();
    assert_eq!((defaults.settings.settle_tolerance_share, defaults.settings.settle_max_days), (0.02, 1460));
    settings("settle_max_days = 900", "\"empty\"").fails(Code::NotForKind, "case.toml", "900");
    settings("settle_max_days = 55", "\"settled\"").fails(Code::BelowMinimum, "case.toml", "55");
    settings("settle_tolerance_share = 2", "\"settled\"").fails(Code::AboveMaximum, "case.toml", "2\n");
}

/// The coats' contract: 7 days of purchase lead, 2 to the town, the lead of the parameter, 45 of window and 4 of slack.
#[test]
fn a_warm_up_is_longer_than_the_longest_chain_of_an_order() {
    let (short, _) = said(&settings("warm_up_days = 60", "\"warm_up\""));
    let found = short.iter().find(|(code, _)| *code == Code::WarmUpTooShort).unwrap_or_else(|| panic!("{short:?}"));
    assert!(found.1.contains("60 days") && found.1.contains("coats"), "{found:?}");
    let (long, _) = said(&settings("warm_up_days = 365", "\"warm_up\""));
    assert!(long.iter().all(|(code, _)| *code != Code::WarmUpTooShort), "{long:?}");
}

/// The border shuts on 28 January 2020. Orders of the calendar fall due in winter only, so the weeks before have output that the weeks
/// before those have not; a year earlier the run from empty had not begun.
#[test]
fn a_start_that_drifts_is_told_with_its_line() {
    let (found, left) = said(&Files::valid());
    assert!(left, "a warning");
    let drift = found.iter().find(|(code, _)| *code == Code::StartDrifts).unwrap_or_else(|| panic!("{found:?}"));
    assert!(drift.1.contains("the first event"), "{drift:?}");
}

#[test]
fn what_cannot_settle_is_an_error() {
    let (found, left) = said(&settings("settle_tolerance_share = 0\nsettle_max_days = 120", "\"settled\""));
    assert!(!left, "{found:?}");
    let error = found.iter().find(|(code, _)| *code == Code::NotSettled).unwrap_or_else(|| panic!("{found:?}"));
    assert!(error.1.contains("120 days before the start"), "{error:?}");
}
