//! Scenarios that are like another, and what a reader sets on top: the same events, the same checks, the same bits.

mod common;

use common::Files;
use ripstop_case::{Case, Changed, Code, Diagnostic, Limits, Scenario, Setting, load_files};
use ripstop_study::study::{Request, study};

fn set(list: &[(&str, &str)]) -> Vec<(String, Setting)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), Setting::from(*value))).collect()
}

fn refused(case: &Case, scenario: &str, list: &[(&str, &str)]) -> Vec<Diagnostic> {
    case.with(scenario, &set(list)).unwrap_err()
}

fn liked(text: &str) -> Files {
    Files::valid().edit("case.toml", "[scenarios.bank]\n", &format!("{text}\n[scenarios.bank]\n"))
}

fn named<'a>(case: &'a Case, name: &str) -> &'a Scenario {
    case.scenario(name).unwrap()
}

fn hash(case: &Case, scenario: usize) -> String {
    let request = Request { scenario, rows: 0..0, seed: 1, sweep: false, record: None };
    format!("{:?}", study(case, &request, &|| ()).unwrap().outcome.state_hash)
}

#[test]
fn a_like_scenario_has_the_events_and_settings_of_the_other_and_its_own_on_top() {
    let case = liked("[scenarios.later]\nlike = \"bank\"\nset = { lead = 7 }\n[scenarios.latest]\nlike = \"later\"").case();
    let index = |name: &str| case.scenarios.iter().position(|s| s.name == name).unwrap();
    let events = case.table("events");
    let column = events.col("scenarios");
    for row in 0..events.rows() {
        let names = events.scenarios(column, row);
        assert_eq!(case.belongs(names, index("bank")), case.belongs(names, index("later")), "event {row}");
        assert_eq!(case.belongs(names, index("bank")), case.belongs(names, index("latest")), "event {row}");
    }
    assert!((0..events.rows()).any(|row| case.belongs(events.scenarios(column, row), index("latest"))));
    let value = |scenario: &str, parameter: &str| {
        let id = case.parameters.find(parameter).unwrap();
        case.parameters.values_in(named(&case, scenario), &[]).get(id)
    };
    assert_eq!((value("bank", "lead"), value("later", "lead"), value("latest", "lead")), (3.0, 7.0, 7.0));
    assert_eq!(value("latest", "limit"), f64::INFINITY, "what is set two scenarios up");
    assert_eq!(value("latest", "double_lead"), 14.0);
}

#[test]
fn circles_and_unknown_names_have_a_place() {
    let circle = liked("[scenarios.a]\nlike = \"b\"\n[scenarios.b]\nlike = \"a\"").load();
    let found: Vec<_> = circle.diagnostics.iter().filter(|d| d.code == Code::LikeCircle).collect();
    assert_eq!(found.len(), 1, "a circle is told once: {found:?}");
    assert_eq!(found[0].message, "scenario a is like b, which is like a");
    let unknown = liked("[scenarios.later]\nlike = \"closre\"").fails(Code::UnknownScenario, "case.toml", "\"closre\"");
    assert_eq!(unknown.suggestion.as_deref(), Some("closure"));
}

/// What is wrong with what another scenario sets is told there, once.
#[test]
fn inherited_faults_are_told_once() {
    let text = "[scenarios.later]\nlike = \"bank\"";
    let loaded = liked(text).edit("case.toml", "lead = 3,", "lead = -3,").load();
    let found: Vec<_> = loaded.diagnostics.iter().filter(|d| d.message.contains("in scenario")).collect();
    assert!(!found.is_empty() && found.iter().all(|d| d.message.contains("in scenario bank")), "{found:?}");
}

#[test]
fn what_a_reader_sets_is_what_case_toml_would_say() {
    let written = liked("[scenarios.later]\nlike = \"bank\"\nset = { lead = 7, shut = 2020-01-25, limit = 25 }").case();
    let mut case = Files::valid().case();
    let list = set(&[("lead", "7"), ("shut", "2020-01-25"), ("limit", "25")]);
    let scenario = case.with("bank", &list).unwrap();
    assert_eq!(scenario.name, "bank+what-if");
    let was = |name: &str, value: &str, was: &str| Changed { name: name.into(), value: value.into(), was: was.into() };
    assert_eq!(scenario.changed, [was("lead", "7", "3"), was("shut", "2020-01-25", "2020-02-01"), was("limit", "25", "none")]);
    assert_eq!(scenario.changed[2].to_string(), "limit=25 (was none)");
    let index = case.add(scenario);
    let later = written.scenarios.iter().position(|s| s.name == "later").unwrap();
    assert_eq!(hash(&case, index), hash(&written, later));
    assert_ne!(hash(&case, index), hash(&case, 1), "it changes something");
}

#[test]
fn a_what_if_of_a_what_if_keeps_what_the_case_said() {
    let mut case = Files::valid().case();
    let first = case.with("closure", &set(&[("lead", "7")])).unwrap();
    case.add(first);
    let second = case.with("closure+what-if", &set(&[("lead", "8"), ("wage", "100")])).unwrap();
    assert_eq!(second.name, "closure+what-if");
    let told: Vec<String> = second.changed.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["lead=8 (was 10)", "wage=100 (was 110)"]);
    assert_eq!(second.like, [2, 0]);
}

#[test]
fn what_a_parameter_cannot_be_is_refused_with_its_line() {
    let case = Files::valid().case();
    let at = |found: &[Diagnostic]| found.iter().map(|d| (d.code, d.line, d.column)).collect::<Vec<_>>();
    // All problems in one pass, each with its line.
    let found = refused(&case, "closure", &[("laed", "3"), ("lead", "3 days"), ("shut", "soon"), ("means", "banks"), ("wage", "12 000")]);
    assert_eq!(
        at(&found),
        [
            (Code::UnknownParameter, 1, 1),
            (Code::NotANumber, 2, 6),
            (Code::NotADate, 3, 6),
            (Code::UnknownWord, 4, 7),
            (Code::NotANumber, 5, 6)
        ]
    );
    let near: Vec<_> = found.iter().map(|d| d.suggestion.as_deref()).collect();
    assert_eq!((near[0], near[3], near[4]), (Some("lead"), Some("bank"), Some("12000")));
    assert!(found.iter().all(|d| d.file.to_str() == Some("--set") && !d.fix.is_empty()));
    // What can be read is checked, whatever else cannot.
    let found = refused(&case, "closure", &[("laed", "3"), ("lead", "-1")]);
    assert!(at(&found).contains(&(Code::UnknownParameter, 1, 1)) && at(&found).contains(&(Code::BelowMinimum, 2, 6)), "{found:?}");
    // Limits of the columns it stands in.
    let found = refused(&case, "closure", &[("wage", "1"), ("lead", "-1")]);
    assert!(found.iter().any(|d| d.code == Code::BelowMinimum && (d.line, d.column) == (2, 6)), "{found:?}");
    // A formula over it.
    assert!(found.iter().any(|d| d.message.contains("scenario closure+what-if")), "{found:?}");
    // A word of another column.
    assert!(refused(&case, "closure", &[("means", "schedule")]).iter().any(|d| d.code == Code::UnknownWord));
    assert_eq!(at(&refused(&case, "closure", &[("lead", "3"), ("lead", "4")])), [(Code::DuplicateId, 2, 1)]);
    assert_eq!(at(&refused(&case, "closure", &[("lead", "1 + 2")])), [(Code::NotANumber, 1, 6)]);
    assert_eq!(at(&case.with("closure", &[("lead".into(), Setting::Number(f64::NAN))]).unwrap_err()), [(Code::NotFinite, 1, 6)]);
    assert_eq!(refused(&case, "closre", &[])[0].suggestion.as_deref(), Some("closure"));
}

#[test]
fn a_case_from_memory_is_checked_the_same() {
    let files = Files::valid();
    let in_memory: Vec<(String, Vec<u8>)> = files.names().iter().map(|name| (name.clone(), files.text(name).into_bytes())).collect();
    let loaded = load_files("two-towns", &in_memory, &Limits::DEFAULT);
    let case = loaded.case.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    assert_eq!(refused(&case, "closure", &[("lead", "-1")]), refused(&files.case(), "closure", &[("lead", "-1")]));
    assert!(case.with("closure", &set(&[("lead", "6")])).is_ok());
}

#[test]
fn a_parameter_that_is_set_is_not_drawn() {
    let mut case = Files::valid().case();
    let scenario = case.with("closure", &set(&[("lead", "7")])).unwrap();
    let lead = case.parameters.find("lead").unwrap();
    let index = case.add(scenario);
    assert!(case.parameters.ranged_in(&case.scenarios[0]).contains(&lead));
    assert!(!case.parameters.ranged_in(&case.scenarios[index]).contains(&lead));
}
