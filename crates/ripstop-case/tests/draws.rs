//! Draws hang on seed, parameter and row alone: they can grow, be made in parts, and are not moved by other parameters.

mod common;

use std::fs;
use std::path::Path;

use ripstop_case::{Case, Limits, load_files};
use ripstop_study::study::{Drawn, JoinError, Request, Stop, Study, draws, study, study_of};

const CASE: &str = "../../cases/sinuiju-2017";

fn files() -> Vec<(String, Vec<u8>)> {
    let dir = Path::new(CASE);
    let mut found = Vec::new();
    for folder in ["", "rules", "behaviour"] {
        let Ok(list) = fs::read_dir(dir.join(folder)) else { continue };
        for entry in list.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            let name = entry.file_name().unwrap().to_string_lossy().into_owned();
            let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            found.push((name, fs::read(&entry).unwrap()));
        }
    }
    found
}

fn case_with(more: &str) -> Case {
    let mut files = files();
    let parameters = files.iter_mut().find(|(name, _)| name == "parameters.csv").unwrap();
    parameters.1.extend(more.as_bytes());
    let loaded = load_files("sinuiju-2017", &files, &Limits::DEFAULT);
    loaded.case.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

fn request(rows: std::ops::Range<usize>) -> Request {
    Request { scenario: 0, rows, seed: 3, sweep: false, record: None }
}

fn part(case: &Case, rows: std::ops::Range<usize>) -> Drawn {
    draws(case, &request(rows), &|| ()).unwrap()
}

/// Every bit of the draws.
fn bits(drawn: &Drawn) -> Vec<String> {
    drawn.briefs().iter().map(|brief| format!("{brief:?}")).collect()
}

fn bits_of(study: &Study) -> String {
    format!("{:?} {:?} {:?} {:?} {:?}", study.bands, study.daily, study.claims, study.joint_share, study.evidence.draws)
}

#[test]
fn more_draws_begin_with_the_fewer() {
    let case = case_with("");
    let (few, many) = (bits(&part(&case, 0..10)), bits(&part(&case, 0..24)));
    assert_eq!(few, many[..10]);
    assert_ne!(few[0], few[1]);
}

#[test]
fn parts_joined_are_the_study_made_at_once() {
    let case = case_with("");
    let joined = Drawn::join(&case, [part(&case, 0..9), part(&case, 9..10), part(&case, 10..24)]).unwrap();
    let whole = study(&case, &request(0..24), &|| ()).unwrap();
    let apart = study_of(&case, &request(0..0), joined, &|| ()).unwrap();
    assert_eq!(whole.draws, 24);
    assert_eq!(bits_of(&apart), bits_of(&whole));
}

#[test]
fn parts_that_do_not_follow_are_refused() {
    let case = case_with("");
    let gap = Drawn::join(&case, [part(&case, 0..1), part(&case, 2..3)]).unwrap_err();
    assert_eq!(gap, JoinError::Gap { before: 0..1, after: 2..3 });
    assert_eq!(gap.to_string(), "draws 2..3 do not follow draws 0..1: join the parts of one study in order");
    let other = common::Files::valid().case();
    assert!(matches!(study_of(&other, &request(0..0), part(&case, 0..1), &|| ()), Err(Stop::Drawn(JoinError::OtherStudy { .. }))));
}

#[test]
fn a_further_parameter_moves_no_draw() {
    let drawn = bits(&part(&case_with(""), 0..6));
    let more = bits(&part(&case_with("a_first_unused,1,share,0.5,2,assumed,,,\n"), 0..6));
    assert_eq!(drawn, more);
}
