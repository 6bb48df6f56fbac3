//! Checkpoints of the flagship: stopped every ten days and taken up each time, the results are those of a run in one go.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ripstop_case::{Case, load};
use ripstop_study::checkpoint::{self, Keeper, Keeping};
use ripstop_study::inputs::Inputs;
use ripstop_study::output::{self, Format, RunFacts};
use ripstop_study::study::{Request, Stop, Study, study, study_kept};

struct TempDir(PathBuf);

impl TempDir {
    fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("ripstop-{name}-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn flagship() -> Case {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/sinuiju-2020")).case.unwrap()
}

fn write(out: &Path, case: &Case, study: &Study, request: &Request) {
    let facts = RunFacts {
        scenario: &case.scenarios[request.scenario].name,
        seed: request.seed,
        threads: 1,
        arguments: Vec::new(),
        started: String::new(),
        finished: String::new(),
        format: Format::Parquet,
        sweep: request.sweep,
        inputs: &Inputs::of(case).unwrap(),
        scenario_index: 0,
        events: Vec::new(),
    };
    output::write(&output::take_place(out).unwrap(), case, study, &facts, None).unwrap();
}

/// Runs until `days` days are simulated; goes on from the checkpoint there is.
fn some_days(out: &Path, case: &Case, request: &Request, days: usize) -> Result<Study, Stop> {
    let left = AtomicUsize::new(days);
    let stop = || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err();
    let failed = |error: &checkpoint::CheckpointError| panic!("{error}");
    let keeping = Keeping { every: Duration::from_secs(3600), every_days: None, stop: &stop, failed: &failed };
    let keeper = Keeper::new(out, checkpoint::identity(case, request), keeping).unwrap();
    keeper.take_up(case).unwrap();
    study_kept(case, request, &|| (), Some(&keeper))
}

#[test]
fn stopped_and_taken_up_every_ten_days_the_flagship_has_the_same_bits() {
    let (dir, case) = (TempDir::new("ten-days"), flagship());
    let request = Request { scenario: 0, rows: 0..0, seed: 1, sweep: false, record: None };
    let whole = study(&case, &request, &|| ()).unwrap();
    write(&dir.0.join("whole"), &case, &whole, &request);
    let out = dir.0.join("parts");
    let mut stops = 0;
    let done = loop {
        match some_days(&out, &case, &request, 10) {
            Err(Stop::Stopped) => stops += 1,
            done => break done.unwrap(),
        }
    };
    assert_eq!(stops, whole.simulated_days() as usize / 10, "every tenth day was a stop");
    write(&out, &case, &done, &request);
    for (what, same) in output::same_results(&dir.0.join("whole"), &out).unwrap() {
        assert!(same, "{what}");
    }
}

/// Draws and the rows at their ends are taken up too: none is lost, none is made twice, and the bands are the same.
#[test]
fn draws_and_rows_are_taken_up() {
    let (dir, case) = (TempDir::new("draws"), flagship());
    let request = Request { scenario: 0, rows: 0..20, seed: 3, sweep: false, record: None };
    let whole = study(&case, &request, &|| ()).unwrap();
    let out = dir.0.join("out");
    let one_run = 2 * case_days(&case);
    let (mut stops, mut done) = (0, None);
    while done.is_none() {
        match some_days(&out, &case, &request, 5 * one_run) {
            Err(Stop::Stopped) => stops += 1,
            finished => done = Some(finished.unwrap()),
        }
        assert!(stops < 20, "every part of five runs finishes some");
    }
    assert!(stops >= 2, "{stops} stops");
    let bits = |study: &Study| format!("{:?} {:?} {:?} {:?}", study.bands, study.claims, study.joint_share, study.evidence.draws);
    assert_eq!(bits(&done.unwrap()), bits(&whole));
}

/// A checkpoint of before the runs held every figure is refused in clear words.
#[test]
fn a_checkpoint_of_an_older_format_is_refused() {
    let (dir, case) = (TempDir::new("older"), flagship());
    let request = Request { scenario: 0, rows: 0..2, seed: 3, sweep: false, record: None };
    let out = dir.0.join("out");
    assert!(matches!(some_days(&out, &case, &request, 100), Err(Stop::Stopped)));
    let manifest = checkpoint::folder(&out).join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replacen("\"format\": 3,", "", 1)).unwrap();
    let failed = |error: &checkpoint::CheckpointError| panic!("{error}");
    let keeping = Keeping { every: Duration::from_secs(3600), every_days: None, stop: &|| false, failed: &failed };
    let keeper = Keeper::new(&out, checkpoint::identity(&case, &request), keeping).unwrap();
    let said = keeper.take_up(&case).unwrap_err().to_string();
    assert!(said.contains("is of format 1, this ripstop reads format 3"), "{said}");
}

fn case_days(case: &Case) -> usize {
    (case.meta.end - case.meta.start + 1) as usize
}
