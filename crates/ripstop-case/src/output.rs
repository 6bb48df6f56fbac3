//! Run folders: `manifest.json`, `summary.json`, `series.parquet` (or `.csv`), `claims.json`, `evidence.json`, `inputs/`. A folder appears whole or not at all.

#[cfg(feature = "files")]
mod series_parquet;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use ripstop::calendar::Day;
use ripstop::losses::Losses;
use serde_json::{Map, Value, json};

use crate::facts_out::ToldEvent;
use crate::inputs::{self, Inputs, hash_of};
use crate::network::Mapper;
use crate::place::{self, Place};
use crate::run_folder::RunFolder;
use crate::series_out::{Series, bands, both, cause_word, masked};
use crate::study::{Study, day_of};
use crate::{Case, Code, account_out, figures_out};

/// Format of the series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `series.parquet`.
    #[cfg(feature = "files")]
    #[default]
    Parquet,
    /// `series.csv`.
    #[cfg_attr(not(feature = "files"), default)]
    Csv,
}

/// What the caller knows of a run and the study does not.
pub struct RunFacts<'a> {
    /// Scenario.
    pub scenario: &'a str,
    /// Seed of the draws.
    pub seed: u64,
    /// Threads.
    pub threads: usize,
    /// Command-line arguments.
    pub arguments: Vec<String>,
    /// When it started, RFC 3339.
    pub started: String,
    /// When it finished, RFC 3339.
    pub finished: String,
    /// Format of the series.
    pub format: Format,
    /// Index of the scenario in the case.
    pub scenario_index: usize,
    /// The events of the run, told for readers.
    pub events: Vec<ToldEvent>,
    /// Whether every ranged row was set to its low and high.
    pub sweep: bool,
    /// The input files.
    pub inputs: &'a Inputs,
}

/// Makes the page of a run; it stands in the folder with the files it is made of.
pub type Page<'a> = &'a dyn Fn(&RunFolder) -> String;

/// Why a run folder could not be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The folder holds something that is no earlier run.
    #[error("{0} exists and is no run folder of ripstop, or holds other files too")]
    Foreign(PathBuf),
    /// The folder holds the case, or is read with it.
    #[error("{0} holds the case, or is a folder of the case that is read with it")]
    HoldsCase(PathBuf),
    /// A file that is to be written is there and is not ours.
    #[error("{0} exists and is no page of ripstop")]
    ForeignFile(PathBuf),
    /// Somebody else is writing there.
    #[error("another run is writing to {0} at this moment")]
    Busy(PathBuf),
    /// The file system said no.
    #[error("cannot write {path}: {error}")]
    Io {
        /// What was written.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The Parquet writer said no.
    #[cfg(feature = "files")]
    #[error("cannot write {path}: {error}")]
    Parquet {
        /// What was written.
        path: PathBuf,
        /// What the library said.
        error: parquet::errors::ParquetError,
    },
}

impl OutputError {
    /// Names the file a person knows, not the hidden folder in which it is filled.
    pub(crate) fn in_place(mut self, fresh: &Path, out: &Path) -> Self {
        let path = match &mut self {
            Self::Io { path, .. } => Some(path),
            #[cfg(feature = "files")]
            Self::Parquet { path, .. } => Some(path),
            _ => None,
        };
        if let Some(path) = path
            && let Ok(inner) = path.strip_prefix(fresh)
        {
            *path = out.join(inner);
        }
        self
    }

    /// Its stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Foreign(_) | Self::HoldsCase(_) => Code::ForeignFolder,
            Self::ForeignFile(_) => Code::ForeignFile,
            Self::Busy(_) => Code::PlaceTaken,
            Self::Io { .. } => Code::OutputNotWritten,
            #[cfg(feature = "files")]
            Self::Parquet { .. } => Code::OutputNotWritten,
        }
    }
}

/// Takes the place of a run; call before the work, so that nobody waits for a refusal.
///
/// Errors: it holds something a run must not replace, cannot be written, or another run writes there.
pub fn take_place(out: &Path) -> Result<Place, OutputError> {
    Place::take(out, is_run)
}

/// Refuses results in place of what they are made from: a folder that holds the case, or one that is read with the case.
///
/// Errors: as said.
pub fn check_apart(out: &Path, case: &Path) -> Result<(), OutputError> {
    let absolute = |path: &Path| {
        let standing = path.ancestors().find(|dir| dir.as_os_str().is_empty() || dir.exists()).unwrap_or(path);
        let rest = path.strip_prefix(standing).unwrap_or(Path::new(""));
        fs::canonicalize(if standing.as_os_str().is_empty() { Path::new(".") } else { standing }).map(|dir| dir.join(rest))
    };
    let (Ok(there), Ok(case)) = (absolute(out), absolute(case)) else { return Ok(()) };
    let read = ["rules", "behaviour"].iter().any(|inner| there.starts_with(case.join(inner)));
    // A run made again from its own copy of the inputs writes the same copy.
    let copy = case == there.join(inputs::FOLDER) && is_run(&there);
    if read || case.starts_with(&there) && !copy { Err(OutputError::HoldsCase(out.to_path_buf())) } else { Ok(()) }
}

/// Every file a run may leave, beside the copy of its inputs.
pub(crate) const FILES: [&str; 9] = [
    "manifest.json",
    "summary.json",
    "claims.json",
    "evidence.json",
    "findings.json",
    "case.json",
    "series.parquet",
    "series.csv",
    "report.html",
];

/// The manifest of a run folder.
pub fn manifest_of(dir: &Path) -> Option<Value> {
    let manifest: Value = serde_json::from_str(&crate::run_folder::text_of(&dir.join("manifest.json")).ok()?).ok()?;
    ["ripstop", "scenario", "state_hash"].iter().all(|key| manifest[key].is_string()).then_some(manifest)
}

/// Takes note of a page made anew in a run folder: the manifest lists its hash with those of the other results.
///
/// Errors: the file system fails.
pub fn note_page(dir: &Path) -> Result<(), OutputError> {
    let (page, path) = (dir.join("report.html"), dir.join("manifest.json"));
    let Some(mut manifest) = manifest_of(dir).filter(|manifest| manifest["results_blake3"].is_object()) else { return Ok(()) };
    let hash = hash_of(&page).map_err(|error| OutputError::Io { path: page, error })?;
    if manifest["results_blake3"]["report.html"] == hash.as_str() {
        return Ok(());
    }
    manifest["results_blake3"]["report.html"] = json!(hash);
    let text = serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n";
    place::replace_file(&path, text.as_bytes()).map_err(|error| OutputError::Io { path, error })
}

/// Compares the results of two run folders bit by bit; of `summary.json` all but the times it took.
///
/// Errors: a file cannot be read.
pub fn same_results(a: &Path, b: &Path) -> Result<Vec<(String, bool)>, OutputError> {
    let read = |dir: &Path, file: &str| {
        let path = dir.join(file);
        if path.is_file() { fs::read(&path).map(Some).map_err(|error| OutputError::Io { path, error }) } else { Ok(None) }
    };
    let hash = |dir: &Path| manifest_of(dir).map(|manifest| manifest["state_hash"].clone());
    let mut compared = vec![("state_hash".to_string(), hash(a) == hash(b))];
    for file in FILES.into_iter().filter(|file| !matches!(*file, "manifest.json" | "report.html")) {
        let (in_a, in_b) = (read(a, file)?, read(b, file)?);
        let same =
            if file == "summary.json" { in_a.as_deref().map(without_times) == in_b.as_deref().map(without_times) } else { in_a == in_b };
        if in_a.is_some() || in_b.is_some() {
            compared.push((file.to_string(), same));
        }
    }
    Ok(compared)
}

/// A summary without the times its run took.
pub fn without_times(summary: &[u8]) -> Value {
    let mut summary: Value = serde_json::from_slice(summary).unwrap_or_default();
    for (part, key) in [("", "wall_seconds"), ("", "days_per_second"), ("/draws", "seconds")] {
        if let Some(part) = summary.pointer_mut(part).and_then(Value::as_object_mut) {
            part.shift_remove(key);
        }
    }
    summary
}

/// Whether a folder is a run of ours and holds nothing else.
fn is_run(dir: &Path) -> bool {
    let Some(manifest) = manifest_of(dir) else { return place::is_unfinished(dir) };
    let known = |path: &str| {
        let input = path.strip_prefix(inputs::FOLDER).and_then(|rest| rest.strip_prefix('/'));
        FILES.contains(&path) || input.is_some_and(|file| manifest["inputs_blake3"][file].is_string())
    };
    // What a file system or an interrupted run has hidden there belongs to nobody.
    let nobodys = |file: &str| place::is_nobodys(file.split('/').next().unwrap_or_default().as_ref());
    inputs::files_in(dir).is_ok_and(|files| files.iter().all(|file| known(file) || nobodys(file)))
}

/// Writes a run folder into its place ([`take_place`]), whole or not at all.
///
/// Errors: something foreign has come to stand there, or the file system fails; then nothing is left behind and an earlier run stays.
pub fn write(place: &Place, case: &Case, study: &Study, facts: &RunFacts<'_>, page: Option<Page<'_>>) -> Result<(), OutputError> {
    place.fill(|fresh| fill(fresh, &folder(case, study, facts), case, facts, page))
}

/// Waits until the disk knows the names in a folder. Best effort: not every system can open a folder.
pub(crate) fn sync_folder(folder: &Path) {
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
}

/// Everything the run leaves, in memory.
pub fn folder(case: &Case, study: &Study, facts: &RunFacts<'_>) -> RunFolder {
    let mapper = Mapper::new(case);
    let names = [facts.scenario.to_string(), "counterfactual".to_string()];
    let mut all: Vec<(String, Vec<Series>)> = names.into_iter().zip(both(case, &mapper, &study.outcome)).collect();
    if let Some(daily) = &study.daily {
        all.extend(bands(case, daily).into_iter().map(|(name, list)| (name.to_string(), list)));
    }
    RunFolder {
        manifest: manifest(case, study, facts),
        summary: summary(case, study, facts.scenario),
        claims: claims(case, study),
        evidence: (!study.evidence.is_empty()).then(|| crate::evidence_out::evidence(case, &study.evidence, facts.scenario)),
        findings: study.findings.as_ref().map(|told| crate::rules::findings_json(case, facts.scenario, Day(case.meta.as_of), told)),
        facts: crate::facts_out::facts(case, facts.scenario_index, &facts.events),
        series: all,
    }
}

fn fill(dir: &Path, folder: &RunFolder, case: &Case, facts: &RunFacts<'_>, page: Option<Page<'_>>) -> Result<(), OutputError> {
    let whole = |file: &str, body: &str| {
        let path = dir.join(file);
        write_whole(&path, body.as_bytes()).map_err(|error| OutputError::Io { path, error })
    };
    let text = |file: &str, value: &Value| whole(file, &(serde_json::to_string_pretty(value).unwrap_or_default() + "\n"));
    text("summary.json", &folder.summary)?;
    text("claims.json", &folder.claims)?;
    text("case.json", &folder.facts)?;
    for (file, value) in [("evidence.json", &folder.evidence), ("findings.json", &folder.findings)] {
        value.as_ref().map_or(Ok(()), |value| text(file, value))?;
    }
    match facts.format {
        #[cfg(feature = "files")]
        Format::Parquet => series_parquet::write(&dir.join("series.parquet"), case, &folder.series)?,
        Format::Csv => {
            let path = dir.join("series.csv");
            write_csv(&path, case, &folder.series).map_err(|error| OutputError::Io { path, error })?;
        }
    }
    if let Some(page) = page {
        whole("report.html", &page(folder))?;
    }
    facts.inputs.write(&dir.join(inputs::FOLDER)).map_err(|(path, error)| OutputError::Io { path, error })?;
    let mut results = Map::new();
    for file in FILES.iter().filter(|file| dir.join(file).exists()) {
        let hash = hash_of(&dir.join(file)).map_err(|error| OutputError::Io { path: dir.join(file), error })?;
        results.insert((*file).to_string(), json!(hash));
    }
    let mut manifest = folder.manifest.clone();
    manifest["results_blake3"] = Value::Object(results);
    text("manifest.json", &manifest)
}

pub(crate) fn write_whole(path: &Path, body: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(body)?;
    file.sync_all()
}

fn manifest(case: &Case, study: &Study, facts: &RunFacts<'_>) -> Value {
    let inputs: Map<String, Value> = case.files.iter().map(|(path, hash)| (path.clone(), json!(hash))).collect();
    json!({
        "ripstop": env!("CARGO_PKG_VERSION"),
        "case": case.meta.id,
        "case_folder": case.dir.display().to_string(),
        "scenario": facts.scenario,
        "what_if": crate::what_if::record(case, facts.scenario_index),
        "inputs_blake3": inputs,
        "inputs_copied": facts.inputs.copied(),
        "seed": facts.seed,
        "draws": study.draws,
        "sweep": facts.sweep,
        "record": inputs::record_word(Some(study.outcome.scenario.detail)),
        "threads": facts.threads,
        "arguments": facts.arguments,
        "started": facts.started,
        "finished": facts.finished,
        "state_hash": study.outcome.state_hash,
    })
}

/// A number for JSON; what is no number is null.
pub(crate) fn number(value: f64) -> Value {
    // The sum of nothing is −0.0 in Rust; nobody wants to read that.
    serde_json::Number::from_f64(value + 0.0).map_or(Value::Null, Value::Number)
}

/// `summary.json` (DESIGN §6); goods, money and jobs are as of the case's date.
pub fn summary(case: &Case, study: &Study, scenario: &str) -> Value {
    let (plan, losses, record) = (&study.outcome.plan, &study.losses, &study.outcome.scenario);
    let date = |step: Option<usize>| step.map_or(Value::Null, |t| json!(day_of(case, t).to_string()));
    let firms = case.table("firms");
    let by_owner: Map<String, Value> = losses.stranded_by_owner.iter().map(|(&f, &v)| (firms.key(f), number(v))).collect();
    let stopped: Map<String, Value> = losses.stopped_days.iter().map(|(&code, &d)| (cause_word(case, code), number(d))).collect();
    let named = |names: &[String], map: &std::collections::BTreeMap<u32, f64>| -> Map<String, Value> {
        map.iter().filter_map(|(&k, &v)| Some((names.get(k as usize)?.clone(), number(v)))).collect()
    };
    let (by_country, by_sector) = (named(&case.countries, &losses.value_added_by_country), named(&case.sectors, &losses.others_by_sector));
    let b = losses.bearers;
    let mut summary = json!({
        "case": case.meta.id, "scenario": scenario, "model": case.meta.model, "currency": case.meta.currency,
        "as_of": Day(case.meta.as_of).to_string(),
        "days": record.days, "firms": plan.network.firms.len(), "contracts": plan.network.contracts.len(), "order_lines": plan.orders.row.len(),
        "wall_seconds": study.wall_seconds, "days_per_second": study.simulated_days() / study.wall_seconds.max(1e-9),
        "state_hash": study.outcome.state_hash,
        "audit": {
            "goods_residual_max": record.goods_residual_max().max(study.outcome.counterfactual.goods_residual_max()),
            "money_residual_max": record.money_residual_max().max(study.outcome.counterfactual.money_residual_max()),
        },
        "losses": {
            "output_usd": number(losses.output), "value_added_usd": number(losses.value_added),
            "final_demand_unmet_usd": number(losses.final_demand_unmet),
            "direct_usd": number(losses.direct), "indirect_usd": number(losses.indirect),
            "peak_date": date(losses.peak), "recovered_date": date(losses.recovered),
        },
        "stranded": { "by_product": by_product(case, &losses.stranded_units), "pieces": number(pieces(case, &losses.stranded_units)), "value_usd": number(losses.stranded_by_owner.values().sum()), "by_owner": by_owner },
        "delayed": { "pieces": number(pieces(case, &losses.delayed_units)), "value_usd": number(losses.delayed_value) },
        "held": { "value_usd": number(losses.held_value) },
        "unpaid": {
            "invoices_usd": number(losses.invoices), "overdue_usd": number(losses.overdue), "claims_usd": number(losses.claims),
            "wages_usd": number(losses.wages), "worker_days": number(losses.worker_days), "bad_debt_usd": number(losses.bad_debt),
            "by_age": account_out::owed_by_age(study),
        },
        "goods": account_out::goods(case, study), "seasons": account_out::seasons(case, study),
        "jobs": account_out::jobs(case, study),
        "seized": { "value_usd": number(losses.seized) }, "fines_usd": number(losses.fined),
        "spoilt": { "value_usd": number(losses.spoilt), "without_events_usd": number(losses.spoilt_without) }, "refused": { "value_usd": number(losses.refused) },
        "insolvent": insolvent(case, losses), "rescued_usd": number(losses.rescued),
        "deadlocks": deadlocks(case, plan, losses),
        "value_added_by_country_usd": by_country, "others_by_sector_usd": by_sector,
        "by_bearer": {
            "client": number(b.client), "factory": number(b.factory), "workers": number(b.workers), "state": number(b.state),
            "lost_on_the_way": number(b.lost_on_the_way), "others": number(b.others),
        },
        "stopped_days_by_cause": stopped,
        "prices_taken": prices_taken(case, plan),
        "places": who(case, &crate::who::by_place(case, study)),
        "groups": who(case, &crate::who::by_group(case, study)),
        "sectors": who(case, &crate::who::by_sector(case, study)),
        "recorded": inputs::record_word(Some(record.detail)),
        "claims": claim_counts(case, study),
        "findings": study.findings.as_ref().map(|told| crate::rules::counts(told)),
    });
    summary["lead"] = figures_out::lead(study).into();
    summary["draws"] = figures_out::draws(study);
    summary["starting_values"] = figures_out::starting_values(case, study);
    summary["rests_on"] = claims_recorded(study).then(|| figures_out::rests_on(case, study)).into();
    summary["moved_by"] = figures_out::moved_by(case, study);
    summary
}

/// Goods sold without a price, and what they are counted at.
fn prices_taken(case: &Case, plan: &ripstop::plan::Plan) -> Value {
    let products = case.table("products");
    let one = |taken: &ripstop::prices::Taken| {
        json!({
            "product": products.key(taken.product.index()), "price_usd": [number(taken.price.0), number(taken.price.1)],
            "from": taken.basis.word(), "contracts": taken.contracts, "demand_rows": taken.demands,
            "first_contract": taken.contract.map(|contract| case.contract_key(contract.index())),
        })
    };
    ripstop::prices::taken(&plan.network, &plan.prices).iter().map(one).collect()
}

/// Firms whose liquidity is gone, and whether they stopped for good.
fn insolvent(case: &Case, losses: &Losses) -> Value {
    let firms = case.table("firms");
    losses.insolvent.iter().map(|&(firm, ended)| json!({ "firm": firms.key(firm), "stopped_for_good": ended })).collect()
}

/// Rings of lines that wait for each other: who lacks what, and who waits for the ring.
fn deadlocks(case: &Case, plan: &ripstop::plan::Plan, losses: &Losses) -> Value {
    /// Lines that are named of each ring; a ring of a national network may have thousands.
    const NAMED_MAX: usize = 1_000;
    let products = case.table("products");
    let key = |line: &ripstop::ids::LineId| case.line_key(&plan.network, line.index());
    let one = |ring: &ripstop::deadlock::Deadlock| {
        let members = ring.members.iter().take(NAMED_MAX);
        let members: Vec<Value> = members.map(|(line, lacks)| json!({ "line": key(line), "lacks": products.key(lacks.index()) })).collect();
        let waiting: Vec<String> = ring.waiting.iter().take(NAMED_MAX).map(key).collect();
        let mut told = json!({ "members": members, "waiting": waiting });
        if ring.members.len().max(ring.waiting.len()) > NAMED_MAX {
            told["members_in_all"] = json!(ring.members.len());
            told["waiting_in_all"] = json!(ring.waiting.len());
        }
        told
    };
    losses.deadlocks.iter().map(one).collect()
}

/// Who stopped, since when, why.
fn who(case: &Case, list: &[crate::who::Who]) -> Value {
    let one = |w: &crate::who::Who| {
        let causes: Map<String, Value> = w.causes.iter().map(|&(code, days)| (cause_word(case, code), number(days))).collect();
        json!({
            "id": w.id, "name": w.name, "workers": number(w.workers), "dismissed": number(w.dismissed),
            "at_work_before": number(w.at_work_before), "at_work_now": number(w.at_work_now),
            "stopped_since": w.stopped_since.map(|t| day_of(case, t).to_string()), "longest_stop": w.longest_stop.map(|(from, to)| [day_of(case, from).to_string(), day_of(case, to).to_string()]),
            "causes": w.days_recorded.then_some(causes),
            "wages_owed_usd": number(w.wages_owed), "stranded_usd": number(w.stranded),
            "cash_usd": number(w.cash), "wages_per_month_usd": number(w.wages_per_month),
        })
    };
    list.iter().map(one).collect()
}

/// Units by product, each in the product's own unit; what is zero is left out.
fn by_product(case: &Case, units: &[f64]) -> Value {
    let products = case.table("products");
    let unit = |p: usize| products.text(products.col("unit"), p).unwrap_or("units");
    let one = |(p, &u): (usize, &f64)| (u > 0.0).then(|| (products.key(p), json!({ "units": number(u), "unit": unit(p) })));
    Value::Object(units.iter().enumerate().filter_map(one).collect())
}

/// Units of products counted in pieces.
pub fn pieces(case: &Case, units: &[f64]) -> f64 {
    let products = case.table("products");
    let unit = products.col("unit");
    units.iter().enumerate().filter(|&(p, _)| matches!(products.text(unit, p), Some("piece" | "pieces"))).map(|(_, u)| u).sum()
}

/// Whether claims could be measured: they need the days of every firm.
fn claims_recorded(study: &Study) -> bool {
    study.claims.is_empty() || study.outcome.scenario.detail == ripstop::series::Detail::Full
}

fn claim_counts(case: &Case, study: &Study) -> Value {
    let kind = |c: &&crate::study::ClaimAnswer, kind| case.claims[c.claim].kind == kind && c.holds.is_some();
    let outcomes: Vec<_> = study.claims.iter().filter(|c| kind(c, crate::ClaimKind::Outcome)).collect();
    let premises = study.claims.iter().filter(|c| kind(c, crate::ClaimKind::Premise));
    if !claims_recorded(study) {
        let keys = [
            "outcomes_hold",
            "outcomes_total",
            "outcomes_untested",
            "premises_total",
            "joint_share_of_draws",
            "joint_share_given_premises",
        ];
        return keys.into_iter().map(|key| (key.to_string(), Value::Null)).collect::<Map<_, _>>().into();
    }
    json!({
        "outcomes_hold": outcomes.iter().filter(|c| c.holds == Some(true)).count(),
        "outcomes_total": outcomes.len(),
        "outcomes_untested": study.claims.iter().filter(|c| c.holds.is_none() && case.claims[c.claim].kind == crate::ClaimKind::Outcome).count(),
        "premises_total": premises.count(),
        "joint_share_of_draws": study.joint_share,
        "joint_share_given_premises": study.joint_share_given_premises,
    })
}

/// `claims.json`.
pub fn claims(case: &Case, study: &Study) -> Value {
    let one = |answer: &crate::study::ClaimAnswer| {
        let claim = &case.claims[answer.claim];
        let sources: Vec<String> = claim.sources.iter().map(|&s| case.table("sources").key(s as usize)).collect();
        let simulated: Vec<Value> = answer.answers.iter().map(|a| number(a.value)).collect();
        let required: Vec<Value> = claim.parts.iter().map(|p| json!(format!("{} {}", p.measure, bounds_text(p)))).collect();
        json!({
            "id": claim.id, "kind": if claim.kind == crate::ClaimKind::Outcome { "outcome" } else { "premise" },
            "text": claim.text, "source": sources, "grade": claim.grade,
            "date": Day(claim.date.unwrap_or(case.meta.as_of)).to_string(),
            "holds": answer.holds, "needs": claim.needs, "simulated": claims_recorded(study).then_some(simulated), "required": required,
            "share_of_draws": answer.share_of_draws, "share_without_events": answer.share_without_events,
        })
    };
    study.claims.iter().map(one).collect()
}

/// The bounds of a condition in words.
pub fn bounds_text(part: &crate::ClaimPart) -> String {
    let bounds = [("≥", part.at_least), ("≤", part.at_most), (">", part.above), ("<", part.below)];
    let words: Vec<String> = bounds.into_iter().filter_map(|(sign, bound)| bound.map(|b| format!("{sign} {b}"))).collect();
    words.join(" and ")
}

fn write_csv(path: &Path, case: &Case, runs: &[(String, Vec<Series>)]) -> io::Result<()> {
    let mut file = csv::Writer::from_writer(BufWriter::new(fs::File::create(path)?));
    file.write_record(["date", "scenario", "level", "entity", "variable", "value", "unit"])?;
    let dates: Vec<String> = (case.meta.start..=case.meta.end).map(|d| Day(d).to_string()).collect();
    for (scenario, list) in runs {
        let scenario = masked(scenario);
        for s in list {
            let [level, entity, variable, unit] = [&*s.level, &s.entity, &s.variable, &s.unit].map(masked);
            for (date, value) in dates.iter().zip(&s.values) {
                file.write_record([date.as_str(), &scenario, &level, &entity, &variable, &value.to_string(), &unit])?;
            }
        }
    }
    file.into_inner().map_err(|e| e.into_error())?.into_inner().map_err(|e| e.into_error())?.sync_all()
}
