//! Checkpoints: what a long run has done so far, beside its run folder, so that it can be taken up again with the same bits.
//!
//! `<OUT>.checkpoint/` holds `manifest.json`, which says what the run is made from and names the files that count, with their hashes:
//! `base-….arrow`, scenario and counterfactual at some day with all that is recorded, and `runs-….arrow`, the finished draws and runs
//! with one row at its low or high. A new file is written under a new name; it counts once the manifest, replaced in one step, names it.
//! So there is a whole checkpoint at every moment. A completed run removes the folder.

pub mod file;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ripstop::model::calendar::Day;
use ripstop::plan::columns::{Cells, Column, refill};
use ripstop::run::Pair;
use serde_json::{Map, Value, json};

use crate::study::ask::{Brief, Request};
use crate::study::clock::Stopwatch;
pub use crate::study::keep::CheckpointError;
use crate::study::keep::{FORMAT, Keep};
use crate::study::summary::record_word;
use file::{Reader, Writer};
use ripstop_case::Case;
use ripstop_case::tables::changed::in_words;

/// What runs must share for one to go on where the other stopped.
pub fn identity(case: &Case, request: &Request) -> Value {
    let inputs: Map<String, Value> = case.files.iter().map(|(path, hash)| (path.clone(), json!(hash))).collect();
    json!({
        "ripstop": env!("CARGO_PKG_VERSION"),
        "case": case.meta.id,
        "scenario": case.scenarios[request.scenario].name,
        "set": in_words(&case.scenarios[request.scenario].changed),
        "as_of": Day(case.meta.as_of).to_string(),
        "seed": request.seed,
        "draws": request.rows.len(),
        "first_draw": request.rows.start,
        "sweep": request.sweep,
        "record": record_word(request.record),
        "inputs_blake3": inputs,
    })
}

/// What differs between two identities, in words.
pub fn differences(before: &Value, now: &Value) -> Vec<String> {
    let mut list = Vec::new();
    for key in ["ripstop", "case", "scenario", "set", "as_of", "seed", "draws", "first_draw", "sweep", "record"] {
        if before[key] != now[key] {
            let word = match key {
                "ripstop" => "version of ripstop",
                "set" => "what the reader set",
                "as_of" => "the day results are read on",
                "first_draw" => "the first draw",
                _ => key,
            };
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
    ripstop_case::disk::place::beside(out, "", ".checkpoint")
}

const MANIFEST: &str = "manifest.json";
const BASE: &str = "base";
const RUNS: &str = "runs";
/// Writing checkpoints takes at most one part in so many of a run's time, unless it is told to write every so many days.
const WRITE_SHARE: u32 = 20;
/// The finished base run is kept if it took more than this share of the time between checkpoints; a shorter one is soon repeated.
const BASE_SHARE: f64 = 0.1;

/// When checkpoints are written, and who is told.
#[derive(Clone, Copy)]
pub struct Keeping<'a> {
    /// Time between two.
    pub every: Duration,
    /// Simulated days between two, scenario and counterfactual counted together; `None`: the time alone decides.
    pub every_days: Option<u64>,
    /// Whether the run must end; asked before every simulated day.
    pub stop: &'a (dyn Fn() -> bool + Sync),
    /// Told when a checkpoint cannot be written; the run goes on.
    pub failed: &'a (dyn Fn(&CheckpointError) + Sync),
}

/// Keeps checkpoints of a study.
pub struct Keeper<'a> {
    folder: PathBuf,
    alone: bool,
    /// Files this keeper has written or taken up.
    mine: Mutex<Vec<String>>,
    about: Value,
    keeping: Keeping<'a>,
    begun: Stopwatch,
    /// When the next checkpoint is due, nanoseconds after `begun`.
    due: AtomicU64,
    /// Days simulated since the last checkpoint.
    days: AtomicU64,
    /// What the manifest says of the files; held by who writes.
    files: Mutex<Map<String, Value>>,
    /// One of the threads that find that runs are due writes them.
    writing: Mutex<()>,
    runs: Mutex<Vec<Option<Brief>>>,
    base: Mutex<Option<Reader>>,
}

impl<'a> Keeper<'a> {
    /// A keeper for the run of `out`, which nobody else writes.
    ///
    /// Errors: something that is no checkpoint stands in its place.
    pub fn new(out: &Path, about: Value, keeping: Keeping<'a>) -> Result<Self, CheckpointError> {
        Self::at(folder(out), true, about, keeping)
    }

    /// A keeper for a folder; who is not `alone` removes only its own files.
    ///
    /// Errors: something that is no checkpoint stands in its place.
    pub fn at(folder: PathBuf, alone: bool, about: Value, keeping: Keeping<'a>) -> Result<Self, CheckpointError> {
        let keeper = Self {
            folder,
            alone,
            mine: Mutex::new(vec![MANIFEST.to_owned()]),
            about,
            keeping,
            begun: Stopwatch::now(),
            due: AtomicU64::new(u64::MAX),
            days: AtomicU64::new(0),
            files: Mutex::new(Map::new()),
            writing: Mutex::new(()),
            runs: Mutex::new(Vec::new()),
            base: Mutex::new(None),
        };
        keeper.wind(Duration::ZERO);
        let empty = fs::read_dir(&keeper.folder).is_ok_and(|mut entries| entries.all(|entry| entry.is_ok_and(|e| ours(&e.path()))));
        if keeper.folder.symlink_metadata().is_ok() && !empty {
            return Err(CheckpointError::Foreign { path: keeper.folder });
        }
        Ok(keeper)
    }

    /// The folder of its files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is a checkpoint, of whatever run.
    pub fn exists(&self) -> bool {
        self.folder.join(MANIFEST).exists()
    }

    /// Opens the files of an earlier run; says whether there are any.
    ///
    /// Errors: they are damaged or belong to another run.
    pub fn take_up(&self, case: &Case) -> Result<bool, CheckpointError> {
        let path = self.folder.join(MANIFEST);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            text => text.map_err(|error| CheckpointError::Io { path: path.clone(), error })?,
        };
        let manifest: Value = serde_json::from_str(&text).map_err(|_| CheckpointError::Damaged { path: path.clone() })?;
        let found = manifest["format"].as_u64().unwrap_or(1);
        if found != FORMAT {
            return Err(CheckpointError::Format { path: self.folder.clone(), found });
        }
        let differences = differences(&manifest["of"], &self.about);
        if !differences.is_empty() {
            return Err(CheckpointError::Differs { path: self.folder.clone(), differences });
        }
        let files = manifest["files"].as_object().ok_or(CheckpointError::Damaged { path })?;
        let open = |kind: &str| {
            let named = files.get(kind).and_then(|entry| Some((entry["file"].as_str()?, entry["blake3"].as_str()?)));
            named.map(|(name, hash)| Reader::open(&self.folder.join(name), hash)).transpose()
        };
        *lock(&self.base) = open(BASE)?;
        if let Some(mut reader) = open(RUNS)? {
            *lock(&self.runs) = read_runs(&mut reader, case.claims.len())?;
        }
        lock(&self.mine).extend(files.values().filter_map(|entry| entry["file"].as_str()).map(str::to_owned));
        *lock(&self.files) = files.clone();
        Ok(true)
    }

    /// Sets the next time.
    fn wind(&self, took: Duration) {
        let pause = self.keeping.every.max(took * WRITE_SHARE);
        self.due.store((self.begun.elapsed() + pause).as_nanos() as u64, Ordering::Relaxed);
        self.days.store(0, Ordering::Relaxed);
    }

    fn is_due(&self) -> bool {
        let days = self.days.load(Ordering::Relaxed);
        self.keeping.every_days.is_some_and(|every| days >= every)
            || self.begun.elapsed().as_nanos() as u64 >= self.due.load(Ordering::Relaxed)
    }

    /// Draws and rows that are finished.
    pub fn runs_done(&self) -> usize {
        lock(&self.runs).iter().flatten().count()
    }

    fn told(&self, done: Result<(), CheckpointError>) -> Result<(), CheckpointError> {
        match done {
            Err(error) if !self.stopped() => {
                (self.keeping.failed)(&error);
                Ok(())
            }
            done => done,
        }
    }

    /// Writes a file under a new name, then the manifest that names it, then removes what no longer counts.
    fn write(&self, kind: &str, columns: impl FnOnce(&mut Writer) -> io::Result<()>) -> Result<(), CheckpointError> {
        let mut files = lock(&self.files);
        let started = Stopwatch::now();
        let name = format!("{kind}-{}.arrow", ripstop_case::disk::place::random());
        let path = self.folder.join(&name);
        lock(&self.mine).push(name.clone());
        let done = fs::create_dir_all(&self.folder).and_then(|()| file::write(&path, columns)).and_then(|hash| {
            let mut next = files.clone();
            next.insert(kind.to_string(), json!({ "file": name, "blake3": hash }));
            let text = serde_json::to_string_pretty(&json!({ "format": FORMAT, "of": self.about, "files": next })).unwrap_or_default();
            ripstop_case::disk::place::replace_file(&self.folder.join(MANIFEST), text.as_bytes())?;
            *files = next;
            Ok(())
        });
        if done.is_err() {
            // Best effort: the error that matters is the one already found. Of no use to anyone, an empty folder goes too.
            let _ = fs::remove_file(&path);
            let _ = fs::remove_dir(&self.folder);
        } else {
            let counts =
                |path: &Path| files.values().any(|entry| path.file_name().is_some_and(|name| entry["file"] == *name.to_string_lossy()));
            self.clear(|path| !counts(path) && path.extension().is_some_and(|end| end == "arrow"));
        }
        self.wind(started.elapsed());
        done.map_err(|error| CheckpointError::Io { path, error })
    }

    fn clear(&self, which: impl Fn(&Path) -> bool) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let mine = lock(&self.mine).iter().any(|name| entry.file_name() == name.as_str());
            if (mine || self.alone && ours(&entry.path())) && which(&entry.path()) {
                // Best effort: a leftover counts for nothing.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Removes the checkpoint. The manifest goes first: without it nothing counts.
    pub fn remove(&self) {
        let _ = fs::remove_file(self.folder.join(MANIFEST));
        self.clear(|_| true);
        let _ = fs::remove_dir(&self.folder);
    }
}

impl Keep for Keeper<'_> {
    fn stopped(&self) -> bool {
        (self.keeping.stop)()
    }

    fn go_on(&self) -> bool {
        let may = !self.stopped() && !self.is_due();
        self.days.fetch_add(u64::from(may), Ordering::Relaxed);
        may
    }

    fn restore_base(&self, pair: &mut Pair) -> Result<f64, CheckpointError> {
        let Some(mut reader) = lock(&self.base).take() else { return Ok(0.0) };
        pair.restore(&mut |name: &str| reader.column(name))?;
        let mut seconds = Vec::new();
        refill("seconds", &reader.column("seconds")?, Some(1), &mut seconds)?;
        Ok(seconds[0])
    }

    fn keep_base(&self, pair: &Pair, seconds: f64) -> Result<(), CheckpointError> {
        self.told(self.write(BASE, |writer| {
            writer.column("seconds", Cells::F64(&[seconds]))?;
            pair.save(&mut |name, cells| writer.column(name, cells))
        }))
    }

    fn worth_keeping(&self, seconds: f64) -> bool {
        self.keeping.every_days.is_some() || seconds > self.keeping.every.as_secs_f64() * BASE_SHARE
    }

    fn run(&self, number: usize) -> Option<Brief> {
        lock(&self.runs).get(number).cloned().flatten()
    }

    fn note(&self, number: usize, brief: &Brief, days: usize) {
        let mut runs = lock(&self.runs);
        if runs.len() <= number {
            runs.resize(number + 1, None);
        }
        runs[number] = Some(brief.clone());
        drop(runs);
        self.days.fetch_add(days as u64, Ordering::Relaxed);
        if self.is_due()
            && let Ok(_writing) = self.writing.try_lock()
        {
            // `failed` has been told.
            let _ = self.keep_runs();
        }
    }

    fn keep_runs(&self) -> Result<(), CheckpointError> {
        let runs = lock(&self.runs).clone();
        self.told(self.write(RUNS, |writer| write_runs(&runs, writer)))
    }
}

/// Whether a file of the checkpoint folder may be ours, by its name.
fn ours(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let columns = name.ends_with(".arrow") && [BASE, RUNS].iter().any(|kind| name.starts_with(&format!("{kind}-")));
    columns || name == MANIFEST || ripstop_case::disk::place::is_nobodys(name.as_ref()) && name.ends_with(".tmp")
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
    writer.column("headline", Cells::F64(&done().flat_map(|b| b.headline.iter().copied()).collect::<Vec<f64>>()))?;
    writer.column("without", Cells::F64(&done().flat_map(|b| b.without.iter().copied()).collect::<Vec<f64>>()))?;
    writer.column("holds", Cells::U8(&done().flat_map(|b| b.holds.iter().map(word)).collect::<Vec<u8>>()))?;
    writer.column("holds_without", Cells::U8(&done().flat_map(|b| b.holds_without.iter().map(word)).collect::<Vec<u8>>()))?;
    writer.column("evidence", Cells::F64(&done().flat_map(|b| b.evidence.iter().copied()).collect::<Vec<f64>>()))?;
    writer.column("daily", Cells::F64(&done().flat_map(|b| b.daily.iter().map(|&v| f64::from(v))).collect::<Vec<f64>>()))?;
    writer.column("residual", Cells::F64(&done().map(|b| b.residual).collect::<Vec<f64>>()))
}

fn read_runs(reader: &mut Reader, claims: usize) -> Result<Vec<Option<Brief>>, CheckpointError> {
    fn take<T: ripstop::plan::columns::Cell>(name: &str, column: &Column, wanted: Option<usize>) -> Result<Vec<T>, CheckpointError> {
        let mut cells = Vec::new();
        refill(name, column, wanted, &mut cells)?;
        Ok(cells)
    }
    let numbers: Vec<u32> = take("number", &reader.column("number")?, None)?;
    let count = numbers.len();
    let headline: Vec<f64> = take("headline", &reader.column("headline")?, None)?;
    let figures = headline.len() / count.max(1);
    let unmoved: Vec<f64> = take("without", &reader.column("without")?, Some(count * figures))?;
    let holds: Vec<u8> = take("holds", &reader.column("holds")?, Some(count * claims))?;
    let without: Vec<u8> = take("holds_without", &reader.column("holds_without")?, Some(count * claims))?;
    let evidence: Vec<f64> = take("evidence", &reader.column("evidence")?, None)?;
    let residual: Vec<f64> = take("residual", &reader.column("residual")?, Some(count))?;
    let daily: Vec<f64> = take("daily", &reader.column("daily")?, None)?;
    let (observations, days) = (evidence.len() / count.max(1), daily.len() / count.max(1));
    let words = |cells: &[u8], k: usize| cells[k * claims..(k + 1) * claims].iter().map(|&c| (c < 2).then_some(c == 1)).collect();
    let mut runs = vec![None; numbers.iter().max().map_or(0, |&last| last as usize + 1)];
    for (k, &number) in numbers.iter().enumerate() {
        runs[number as usize] = Some(Brief {
            headline: headline[k * figures..(k + 1) * figures].to_vec(),
            without: unmoved[k * figures..(k + 1) * figures].to_vec(),
            holds: words(&holds, k),
            holds_without: words(&without, k),
            evidence: evidence[k * observations..(k + 1) * observations].to_vec(),
            residual: residual[k],
            daily: daily[k * days..(k + 1) * days].iter().map(|&v| v as f32).collect(),
        });
    }
    Ok(runs)
}
