//! `ripstop run`: a study of one scenario, its files and its account on the screen.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ripstop_case::{Case, Code, Loaded, load};
use ripstop_study::checkpoint::{self, CheckpointError, Keeper, Keeping};
use ripstop_study::evidence_out;
use ripstop_study::output::{self, Format, Page, RunFacts};
use ripstop_study::run_folder::RunFolder;
use ripstop_study::study::keep::Keep;
use ripstop_study::study::summary;
use ripstop_study::study::{Request, Stop, Study, study_kept};

use crate::signals::Signals;
use crate::terminal::{self, say};
use crate::{Failure, RunArgs, SeriesFormat, account, named, print, problems, read_on, report, what_if};

/// Largest residual of goods or money, relative to what moved, that a run may show.
const AUDIT_MAX: f64 = 1e-9;

/// Time between checkpoints.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(60);

/// Runs a case.
pub fn run(arguments: &RunArgs) -> Result<(), Failure> {
    let started = jiff::Timestamp::now();
    // Before anything is read: reading uses them too.
    let threads = set_threads(arguments.threads)?;
    let mut loaded = load(&named::folder(&arguments.case)?);
    loaded.apply(&arguments.warnings.policy());
    problems::print(&loaded);
    let Some(case) = &loaded.case else { return Err(Failure::Input) };
    let scenario = named::find_scenario(case, arguments.scenario.as_deref())?;
    let scenario = what_if::add(&mut loaded, scenario, &arguments.set, &arguments.warnings.policy())?;
    read_on::set(&mut loaded, arguments.as_of.as_deref(), &arguments.warnings.policy())?;
    let Some(case) = &loaded.case else { return Err(Failure::Input) };
    let inputs = named::inputs(case)?;
    let name = case.scenarios[scenario].name.clone();
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| default_out(case, &read_on::folder(arguments.as_of.as_deref(), &what_if::folder(case, scenario))));
    output::check_apart(&out, &case.dir)?;
    let place = output::take_place(&out)?;
    let request = Request {
        scenario,
        rows: 0..arguments.draws.unwrap_or(case.settings.draws) as usize,
        seed: arguments.seed.unwrap_or(case.settings.seed),
        sweep: arguments.draws != Some(0),
        record: arguments.record.and_then(|level| named::detail_of(level.word())),
    };
    let signals = Signals::listen();
    let warned = AtomicBool::new(false);
    let (stop, failed) = (|| signals.stop(), |error: &CheckpointError| warn(error, &warned));
    let keeping = Keeping { every: CHECKPOINT_EVERY, every_days: arguments.checkpoint_every, stop: &stop, failed: &failed };
    let keeper = Keeper::at(place.checkpoint().to_path_buf(), place.is_alone(), checkpoint::identity(case, &request), keeping)?;
    take_up(&keeper, case, arguments.resume)?;
    let done = with_progress(case, &request, Some(&keeper)).map_err(|stop| unfinished(stop, &loaded, Some(&keeper)))?;
    overflow(case, &done)?;
    let facts = RunFacts {
        scenario: &name,
        seed: request.seed,
        threads,
        arguments: std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect(),
        started: started.to_string(),
        finished: jiff::Timestamp::now().to_string(),
        format: match arguments.format {
            SeriesFormat::Parquet => Format::Parquet,
            SeriesFormat::Csv => Format::Csv,
        },
        scenario_index: scenario,
        events: account::told(case, &done),
        sweep: request.sweep,
        inputs: &inputs,
    };
    let page = |folder: &RunFolder| report::page(&[(folder, out.as_path())], None);
    let page: Option<Page<'_>> = if arguments.no_report { None } else { Some(&page) };
    output::write(&place, case, &done, &facts, page)?;
    keeper.remove();
    if arguments.json {
        let mut summary = summary::summary(case, &done, &name);
        if arguments.evidence {
            summary["evidence"] = evidence_out::evidence(case, &done.evidence, &name);
        }
        terminal::print_json(&summary)?;
    } else {
        print(&account::account(case, &done, scenario, &out, arguments.evidence));
    }
    balance(&done)
}

/// Says once that checkpoints cannot be written.
fn warn(error: &CheckpointError, warned: &AtomicBool) {
    if !warned.swap(true, Ordering::Relaxed) {
        say(&format!("warning[{}]: {error}; the run goes on without it", error.code().id()));
    }
}

fn take_up(keeper: &Keeper<'_>, case: &Case, resume: bool) -> Result<(), Failure> {
    if resume && !keeper.take_up(case)? {
        say(&format!("note: there is no checkpoint {}; the run begins at its first day", keeper.folder().display()));
    } else if !resume && keeper.exists() {
        say(&format!("note: the run begins anew; with --resume it would go on from {}", keeper.folder().display()));
    }
    Ok(())
}

/// How a stopped run is taken up again: its own command line with `--resume`.
fn how_to_go_on(keeper: &Keeper<'_>) -> String {
    let words: Vec<String> = std::env::args_os().filter(|word| word != "--resume").map(|word| quoted(&word)).collect();
    format!("ripstop: stopped; what was done so far is in {}. To go on:\n  {} --resume", keeper.folder().display(), words.join(" "))
}

/// A word as a shell takes it.
fn quoted(word: &std::ffi::OsStr) -> String {
    let text = word.to_str().filter(|text| !text.contains(|c| c == '\n' || terminal::is_unsafe(c)));
    let Some(text) = text else {
        // Bytes that are no text, or that a terminal would obey.
        let byte = |&b: &u8| match b {
            b'\'' | b'\\' => format!("\\{}", char::from(b)),
            b' '..=b'~' => char::from(b).to_string(),
            _ => format!("\\x{b:02x}"),
        };
        return format!("$'{}'", word.as_encoded_bytes().iter().map(byte).collect::<String>());
    };
    let plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_./=:,+@%".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// Refuses results that have left the numbers there are: an input must be wrong, and nothing is written.
fn overflow(case: &Case, study: &Study) -> Result<(), Failure> {
    let sums = |t: &ripstop::record::Totals| {
        let money = t.output_value + t.value_added + t.demand_wanted + t.stranded_value + t.receivable + t.arrears + t.claims;
        money + t.present + t.used + t.goods_residual + t.money_residual
    };
    let records = [&study.outcome.scenario, &study.outcome.counterfactual];
    let finite = records.iter().all(|record| record.totals.iter().all(|t| sums(t).is_finite()))
        && study.brief.headline.iter().all(|figure| figure.is_finite());
    if finite && study.residual_max.is_finite() {
        return Ok(());
    }
    let hint = ripstop_case::most_extreme(case).map_or(String::new(), |place| format!("; the most extreme of them: {place}"));
    Err(Failure::Coded(Code::NotFinite, format!("a result is larger than any number, so an input must be wrong{hint}")))
}

fn balance(study: &Study) -> Result<(), Failure> {
    if study.residual_max > AUDIT_MAX {
        return Err(Failure::Bug(format!("goods or money do not balance: residual {:e} exceeds {AUDIT_MAX:e}", study.residual_max)));
    }
    Ok(())
}

/// `runs/<case>/<scenario>`. The case is its folder, so that a copy of a case keeps results of its own; without a name of its own it is the
/// case's id. Either becomes one folder name, whatever is in it.
fn default_out(case: &Case, scenario: &str) -> PathBuf {
    let one_name = |name: &str| -> String {
        let clean: String = name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+') { c } else { '-' }).collect();
        if clean.trim_matches('.').is_empty() { "case".to_string() } else { clean }
    };
    let folder = std::fs::canonicalize(&case.dir).ok().and_then(|dir| Some(dir.file_name()?.to_string_lossy().into_owned()));
    Path::new("runs").join(one_name(folder.as_deref().unwrap_or(&case.meta.id))).join(one_name(scenario))
}

/// More threads than this for each processor only take room.
const THREADS_PER_PROCESSOR: usize = 4;

/// So many threads may always be asked for.
const THREADS_ALWAYS: usize = 64;

/// Starts the threads; returns how many there are. The results do not depend on it, so a number no machine can use is lowered.
fn set_threads(asked: Option<u16>) -> Result<usize, Failure> {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // Without a wish it is as many as processors, or what RAYON_NUM_THREADS says.
    let usual = std::env::var("RAYON_NUM_THREADS").ok().and_then(|number| number.parse().ok()).filter(|&number: &usize| number > 0);
    let wanted = asked.map_or(usual.unwrap_or(processors), usize::from);
    let most = THREADS_ALWAYS.max(THREADS_PER_PROCESSOR.saturating_mul(processors));
    let mut threads = wanted.min(most);
    // A failed start of the threads that all use cannot be repeated, so that of others is tried.
    while threads > 1 && rayon::ThreadPoolBuilder::new().num_threads(threads).build().is_err() {
        threads /= 2;
    }
    if threads < wanted {
        say(&format!("note: {threads} threads are used, not {wanted}; the results do not depend on it"));
    }
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().context("cannot start threads")?;
    Ok(rayon::current_num_threads())
}

/// What is said of a study that was not finished.
pub fn unfinished(stop: Stop, loaded: &Loaded, keeper: Option<&Keeper<'_>>) -> Failure {
    match stop {
        Stop::Failed(error) => {
            problems::print_one(loaded, &error.diagnostic);
            Failure::Input
        }
        Stop::Stopped => Failure::Stopped(keeper.map_or_else(|| Stop::Stopped.to_string(), how_to_go_on)),
        Stop::Checkpoint(error) => error.into(),
        Stop::Drawn(error) => Failure::Bug(error.to_string()),
    }
}

/// Runs the study; a bar with the time left appears when it takes over a second.
pub fn with_progress(case: &Case, request: &Request, keeper: Option<&Keeper<'_>>) -> Result<Study, Stop> {
    let ranged = case.parameters.ranged_in(&case.scenarios[request.scenario]).len();
    let runs = if ranged == 0 { 0 } else { request.rows.len() + if request.sweep { 2 * ranged } else { 0 } };
    let bar = ProgressBar::with_draw_target(Some(runs as u64), ProgressDrawTarget::hidden());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} runs, {eta} left") {
        bar.set_style(style);
    }
    let (start, shown) = (Instant::now(), AtomicBool::new(false));
    let tick = || {
        bar.inc(1);
        if start.elapsed() > Duration::from_secs(1) && !shown.swap(true, Ordering::Relaxed) {
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        }
    };
    let done = study_kept(case, request, &tick, keeper.map(|keeper| keeper as &dyn Keep));
    bar.finish_and_clear();
    done
}
