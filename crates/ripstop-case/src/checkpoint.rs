//! Checkpoints: what a long run has done so far, beside its run folder, so that it can be taken up again with the same bits.
//!
//! `<OUT>.checkpoint/` holds `base.columns` (scenario and counterfactual at some day, with all that is recorded) and `runs.columns` (the
//! finished draws and the runs with one row at its low or high). Each appears whole or not at all, carries what it was made from, and is
//! of use without the other. A completed run removes the folder.

pub mod file;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ripstop::columns::{Cells, Column, RestoreError, refill};
use ripstop::run::Pair;
use serde_json::{Map, Value, json};

use crate::Case;
use crate::study::{Brief, HEADLINES, Request};
use file::{Reader, Writer};

/// Why a checkpoint cannot be written or taken up.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The file system said no.
    #[error("checkpoint {path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file is not what was written.
    #[error("checkpoint {path} is damaged; remove it to begin anew")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// A file lacks a column.
    #[error("checkpoint {path} was written by another build of ripstop: it lacks {column}; remove it to begin anew")]
    Lacks {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// It belongs to another run.
    #[error("checkpoint {path} belongs to another run: {}. Restore what it was made from, or run without --resume to begin anew", .differences.join("; "))]
    Differs {
        /// The file.
        path: PathBuf,
        /// What differs, in words.
        differences: Vec<String>,
    },
    /// Its columns do not fit the network.
    #[error("the checkpoint does not fit the network: {0}; remove it to begin anew")]
    Shape(#[from] RestoreError),
}

/// What runs must share for one to go on where the other stopped.
pub fn identity(case: &Case, request: &Request, arguments: &[String]) -> Value {
    let inputs: Map<String, Value> = case.files.iter().map(|(path, hash)| (path.clone(), json!(hash))).collect();
    json!({
        "ripstop": env!("CARGO_PKG_VERSION"),
        "case": case.meta.id,
        "scenario": case.scenarios[request.scenario].name,
        "seed": request.seed,
        "draws": request.draws,
        "sweep": request.sweep,
        "inputs_blake3": inputs,
        "arguments": arguments,
    })
}

/// What differs between two identities, in words; arguments may differ.
pub fn differences(before: &Value, now: &Value) -> Vec<String> {
    let mut list = Vec::new();
    for key in ["ripstop", "case", "scenario", "seed", "draws", "sweep"] {
        if before[key] != now[key] {
            let word = if key == "ripstop" { "version of ripstop" } else { key };
            list.push(format!("{word} was {}, is {}", plain(&before[key]), plain(&now[key])));
        }
    }
    list.extend(changed_files(&before["inputs_blake3"], &now["inputs_blake3"]).into_iter().map(|(file, what)| format!("{file} {what}")));
    list
}

/// Files whose hashes differ, and how.
pub fn changed_files(before: &Value, now: &Value) -> Vec<(String, &'static str)> {
    let empty = Map::new();
    let (before, now) = (before.as_object().unwrap_or(&empty), now.as_object().unwrap_or(&empty));
    let mut list: Vec<(String, &str)> = Vec::new();
    for (file, hash) in before {
        match now.get(file) {
            Some(other) if other == hash => {}
            Some(_) => list.push((file.clone(), "has changed")),
            None => list.push((file.clone(), "is gone")),
        }
    }
    list.extend(now.keys().filter(|file| !before.contains_key(*file)).map(|file| (file.clone(), "is new")));
    list
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The checkpoint folder of a run folder.
pub fn folder(out: &Path) -> PathBuf {
    let (parent, name) = crate::output::place(out);
    parent.join(format!("{name}.checkpoint"))
}

const BASE: &str = "base.columns";
const RUNS: &str = "runs.columns";
/// Writing checkpoints takes at most one part in so many of a run's time.
const WRITE_SHARE: u32 = 20;
/// The finished base run is kept if it took more than this share of the time between checkpoints; a shorter one is soon repeated.
const BASE_SHARE: f64 = 0.1;

/// Keeps checkpoints of a study.
pub struct Keeper<'a> {
    folder: PathBuf,
    about: Value,
    every: Option<Duration>,
    stop: &'a (dyn Fn() -> bool + Sync),
    failed: &'a (dyn Fn(&CheckpointError) + Sync),
    begun: Instant,
    /// When the next checkpoint is due, nanoseconds after `begun`.
    due: AtomicU64,
    /// One writes at a time.
    writing: Mutex<()>,
    runs: Mutex<Vec<Option<Brief>>>,
    base: Mutex<Option<Reader>>,
}

impl<'a> Keeper<'a> {
    /// A keeper for the run of `out`. A checkpoint is written every so often, and when `stop` says that the run must end; `failed` is told
    /// when one cannot be written, and the run goes on.
    pub fn new(
        out: &Path,
        about: Value,
        every: Option<Duration>,
        stop: &'a (dyn Fn() -> bool + Sync),
        failed: &'a (dyn Fn(&CheckpointError) + Sync),
    ) -> Self {
        let keeper = Self {
            folder: folder(out),
            about,
            every,
            stop,
            failed,
            begun: Instant::now(),
            due: AtomicU64::new(u64::MAX),
            writing: Mutex::new(()),
            runs: Mutex::new(Vec::new()),
            base: Mutex::new(None),
        };
        keeper.wind(Duration::ZERO);
        keeper
    }

    /// The folder of its files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is a checkpoint, of whatever run.
    pub fn exists(&self) -> bool {
        self.folder.join(BASE).exists() || self.folder.join(RUNS).exists()
    }

    /// Opens the files of an earlier run; returns the number of finished draws and rows.
    ///
    /// Errors: they are damaged or belong to another run.
    pub fn take_up(&self, case: &Case) -> Result<usize, CheckpointError> {
        *lock(&self.base) = self.open(BASE)?;
        if let Some(mut reader) = self.open(RUNS)? {
            *lock(&self.runs) = read_runs(&mut reader, case.claims.len())?;
        }
        Ok(self.runs_done())
    }

    fn open(&self, name: &str) -> Result<Option<Reader>, CheckpointError> {
        let path = self.folder.join(name);
        let Some(reader) = Reader::open(&path)? else { return Ok(None) };
        let differences = differences(&reader.about, &self.about);
        if differences.is_empty() { Ok(Some(reader)) } else { Err(CheckpointError::Differs { path, differences }) }
    }

    /// Sets the next time.
    fn wind(&self, took: Duration) {
        let pause = self.every.map(|every| every.max(took * WRITE_SHARE));
        let at = pause.map_or(u64::MAX, |pause| (self.begun.elapsed() + pause).as_nanos() as u64);
        self.due.store(at, Ordering::Relaxed);
    }

    fn is_due(&self) -> bool {
        self.every.is_some() && self.begun.elapsed().as_nanos() as u64 >= self.due.load(Ordering::Relaxed)
    }

    /// Whether the run must end.
    pub fn stopped(&self) -> bool {
        (self.stop)()
    }

    /// Whether the base run may simulate another day before it is looked at.
    pub(crate) fn go_on(&self) -> bool {
        !self.stopped() && !self.is_due()
    }

    /// Puts the base run where it was; returns the seconds it had taken.
    pub(crate) fn restore_base(&self, pair: &mut Pair) -> Result<f64, CheckpointError> {
        let Some(mut reader) = lock(&self.base).take() else { return Ok(0.0) };
        pair.restore(&mut |name: &str| reader.column(name))?;
        let mut seconds = Vec::new();
        refill("seconds", &reader.column("seconds")?, Some(1), &mut seconds)?;
        Ok(seconds[0])
    }

    /// Writes the base run. Errors matter only to a run that must end; else they are told and the run goes on.
    pub(crate) fn keep_base(&self, pair: &Pair, seconds: f64) -> Result<(), CheckpointError> {
        let columns = |writer: &mut Writer| {
            writer.column("seconds", Cells::F64(&[seconds]))?;
            pair.save(&mut |name, cells| writer.column(name, cells))
        };
        self.told(self.write(BASE, columns))
    }

    /// Whether a finished base run is worth a file.
    pub(crate) fn worth_keeping(&self, seconds: f64) -> bool {
        self.every.is_some_and(|every| seconds > every.as_secs_f64() * BASE_SHARE)
    }

    /// A run of the draws or of the rows that is already made.
    pub(crate) fn run(&self, number: usize) -> Option<Brief> {
        lock(&self.runs).get(number).cloned().flatten()
    }

    /// Takes note of a finished run, and writes when it is time.
    pub(crate) fn note(&self, number: usize, brief: &Brief) {
        let mut runs = lock(&self.runs);
        if runs.len() <= number {
            runs.resize(number + 1, None);
        }
        runs[number] = Some(brief.clone());
        drop(runs);
        if self.is_due()
            && let Ok(_writing) = self.writing.try_lock()
        {
            // `failed` has been told.
            let _ = self.keep_runs();
        }
    }

    /// Writes the finished runs.
    ///
    /// Errors: as those of the base run.
    pub fn keep_runs(&self) -> Result<(), CheckpointError> {
        let runs = lock(&self.runs);
        self.told(self.write(RUNS, |writer| write_runs(&runs, writer)))
    }

    /// Draws and rows that are finished.
    pub fn runs_done(&self) -> usize {
        lock(&self.runs).iter().flatten().count()
    }

    fn told(&self, done: Result<(), CheckpointError>) -> Result<(), CheckpointError> {
        match done {
            Err(error) if !self.stopped() => {
                (self.failed)(&error);
                Ok(())
            }
            done => done,
        }
    }

    fn write(&self, name: &str, columns: impl FnOnce(&mut Writer) -> io::Result<()>) -> Result<(), CheckpointError> {
        let (path, started) = (self.folder.join(name), Instant::now());
        let done = fs::create_dir_all(&self.folder).and_then(|()| file::write(&path, &self.about, columns));
        self.wind(started.elapsed());
        done.map_err(|error| CheckpointError::Io { path, error })
    }

    /// Removes the checkpoint; what is not ours in its folder stays.
    pub fn remove(&self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let stem = name.strip_suffix(".tmp").and_then(|name| name.rsplit_once('.')).map(|(stem, _)| format!("{stem}.columns"));
            if [BASE, RUNS].iter().any(|own| name == *own || stem.as_deref() == Some(*own)) {
                // Best effort: a leftover is refused or overwritten by the next run.
                let _ = fs::remove_file(entry.path());
            }
        }
        let _ = fs::remove_dir(&self.folder);
    }
}

/// A lock whatever happened to other threads: what it guards is replaced whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_runs(runs: &[Option<Brief>], writer: &mut Writer) -> io::Result<()> {
    let done = || runs.iter().flatten();
    let numbers: Vec<u32> = (0..).zip(runs).filter(|(_, run)| run.is_some()).map(|(number, _)| number).collect();
    let word = |holds: &Option<bool>| holds.map_or(2, u8::from);
    writer.column("number", Cells::U32(&numbers))?;
    writer.column("headline", Cells::F64(&done().flat_map(|b| b.headline).collect::<Vec<f64>>()))?;
    writer.column("holds", Cells::U8(&done().flat_map(|b| b.holds.iter().map(word)).collect::<Vec<u8>>()))?;
    writer.column("holds_without", Cells::U8(&done().flat_map(|b| b.holds_without.iter().map(word)).collect::<Vec<u8>>()))?;
    writer.column("evidence", Cells::F64(&done().flat_map(|b| b.evidence.iter().copied()).collect::<Vec<f64>>()))?;
    writer.column("residual", Cells::F64(&done().map(|b| b.residual).collect::<Vec<f64>>()))
}

fn read_runs(reader: &mut Reader, claims: usize) -> Result<Vec<Option<Brief>>, CheckpointError> {
    fn take<T: ripstop::columns::Cell>(name: &str, column: &Column, wanted: Option<usize>) -> Result<Vec<T>, CheckpointError> {
        let mut cells = Vec::new();
        refill(name, column, wanted, &mut cells)?;
        Ok(cells)
    }
    let numbers: Vec<u32> = take("number", &reader.column("number")?, None)?;
    let count = numbers.len();
    let headline: Vec<f64> = take("headline", &reader.column("headline")?, Some(count * HEADLINES.len()))?;
    let holds: Vec<u8> = take("holds", &reader.column("holds")?, Some(count * claims))?;
    let without: Vec<u8> = take("holds_without", &reader.column("holds_without")?, Some(count * claims))?;
    let evidence: Vec<f64> = take("evidence", &reader.column("evidence")?, None)?;
    let residual: Vec<f64> = take("residual", &reader.column("residual")?, Some(count))?;
    let observations = evidence.len() / count.max(1);
    let words = |cells: &[u8], k: usize| cells[k * claims..(k + 1) * claims].iter().map(|&c| (c < 2).then_some(c == 1)).collect();
    let mut runs = vec![None; numbers.iter().max().map_or(0, |&last| last as usize + 1)];
    for (k, &number) in numbers.iter().enumerate() {
        let mut figures = [0.0; HEADLINES.len()];
        figures.copy_from_slice(&headline[k * HEADLINES.len()..(k + 1) * HEADLINES.len()]);
        runs[number as usize] = Some(Brief {
            headline: figures,
            holds: words(&holds, k),
            holds_without: words(&without, k),
            evidence: evidence[k * observations..(k + 1) * observations].to_vec(),
            residual: residual[k],
        });
    }
    Ok(runs)
}
