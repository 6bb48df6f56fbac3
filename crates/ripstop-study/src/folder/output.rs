//! Run folders: `manifest.json`, `summary.json`, `series.parquet` (or `.csv`), `claims.json`, `evidence.json`, `inputs/`. A folder appears whole or not at all.

use std::fs;
use std::io::{self, BufWriter};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use ripstop::model::calendar::Day;
use serde_json::{Map, Value, json};

use crate::folder::inputs::{self, Inputs};
use crate::folder::run_folder::RunFolder;
use crate::study::ask::Study;
use crate::study::facts_out::ToldEvent;
use crate::study::series_out::{Series, bands, both, masked};
use crate::study::summary::{claims, summary, without_times};
use ripstop_case::Case;
pub use ripstop_case::disk::OutputError;
use ripstop_case::disk::place::{self, Place};
use ripstop_case::disk::{FILES, hash_of, write_whole};
use ripstop_case::map::network::Mapper;

/// Format of the series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `series.parquet`.
    #[default]
    Parquet,
    /// `series.csv`.
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

/// The manifest of a run folder.
pub fn manifest_of(dir: &Path) -> Option<Value> {
    let manifest: Value = serde_json::from_str(&crate::folder::run_folder::text_of(&dir.join("manifest.json")).ok()?).ok()?;
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
        evidence: (!study.evidence.is_empty()).then(|| crate::study::evidence_out::evidence(case, &study.evidence, facts.scenario)),
        findings: study
            .findings
            .as_ref()
            .map(|told| crate::study::findings::findings_json(case, facts.scenario, Day(case.meta.as_of), told)),
        facts: crate::study::facts_out::facts(case, facts.scenario_index, &facts.events),
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
        Format::Parquet => write_parquet(&dir.join("series.parquet"), case, &folder.series)?,
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

fn manifest(case: &Case, study: &Study, facts: &RunFacts<'_>) -> Value {
    let inputs: Map<String, Value> = case.files.iter().map(|(path, hash)| (path.clone(), json!(hash))).collect();
    json!({
        "ripstop": env!("CARGO_PKG_VERSION"),
        "case": case.meta.id,
        "case_folder": case.dir.display().to_string(),
        "scenario": facts.scenario,
        "what_if": ripstop_case::check::what_if::record(case, facts.scenario_index),
        "as_of": Day(case.meta.as_of).to_string(),
        "inputs_blake3": inputs,
        "inputs_copied": facts.inputs.copied(),
        "seed": facts.seed,
        "draws": study.draws,
        "sweep": facts.sweep,
        "record": crate::study::summary::record_word(Some(study.outcome.scenario.detail)),
        "threads": facts.threads,
        "arguments": facts.arguments,
        "started": facts.started,
        "finished": facts.finished,
        "state_hash": study.outcome.state_hash,
    })
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

/// Series per row group: large enough to compress, small enough to read in part.
const SERIES_PER_GROUP: usize = 256;

fn write_parquet(path: &Path, case: &Case, runs: &[(String, Vec<Series>)]) -> Result<(), OutputError> {
    let failed = |error| OutputError::Parquet { path: path.to_path_buf(), error };
    let file = fs::File::create(path).map_err(|error| OutputError::Io { path: path.to_path_buf(), error })?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema().map_err(failed)?), Arc::new(properties)).map_err(failed)?;
    let dates: Vec<i32> = (case.meta.start..=case.meta.end).collect();
    for (scenario, list) in runs {
        for group in list.chunks(SERIES_PER_GROUP) {
            write_group(&mut writer, scenario, &dates, group).map_err(failed)?;
        }
    }
    let file = writer.into_inner().map_err(failed)?;
    file.sync_all().map_err(|error| OutputError::Io { path: path.to_path_buf(), error })
}

fn schema() -> Result<Type, parquet::errors::ParquetError> {
    let text = |name: &str| {
        let built = Type::primitive_type_builder(name, Physical::BYTE_ARRAY).with_repetition(Repetition::REQUIRED);
        built.with_logical_type(Some(LogicalType::String)).build().map(Arc::new)
    };
    let date = Type::primitive_type_builder("date", Physical::INT32)
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(Some(LogicalType::Date))
        .build()?;
    let value = Type::primitive_type_builder("value", Physical::DOUBLE).with_repetition(Repetition::REQUIRED).build()?;
    let fields =
        vec![Arc::new(date), text("scenario")?, text("level")?, text("entity")?, text("variable")?, Arc::new(value), text("unit")?];
    Type::group_type_builder("series").with_fields(fields).build()
}

fn write_group(
    writer: &mut SerializedFileWriter<fs::File>,
    scenario: &str,
    dates: &[i32],
    group: &[Series],
) -> Result<(), parquet::errors::ParquetError> {
    let mut rows = writer.next_row_group()?;
    let mut index = 0;
    while let Some(mut column) = rows.next_column()? {
        match index {
            0 => {
                let column = column.typed::<Int32Type>();
                for series in group {
                    column.write_batch(&dates[..series.values.len()], None, None)?;
                }
            }
            5 => {
                let column = column.typed::<DoubleType>();
                for series in group {
                    column.write_batch(&series.values, None, None)?;
                }
            }
            _ => {
                let column = column.typed::<ByteArrayType>();
                for series in group {
                    let word = ByteArray::from(cell(index, scenario, series));
                    column.write_batch(&vec![word; series.values.len()], None, None)?;
                }
            }
        }
        column.close()?;
        index += 1;
    }
    rows.close()?;
    Ok(())
}

fn cell<'a>(index: usize, scenario: &'a str, series: &'a Series) -> &'a str {
    match index {
        1 => scenario,
        2 => &series.level,
        3 => &series.entity,
        4 => &series.variable,
        _ => &series.unit,
    }
}
