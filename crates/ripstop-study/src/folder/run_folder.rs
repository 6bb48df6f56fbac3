//! A run folder in memory: as it is about to be written, or read back for a report.

mod shape;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use serde_json::Value;

use crate::folder::checkpoint::changed_files;
use crate::folder::inputs;
use crate::study::series_out::{Series, spoken};
use ripstop_case::disk::FILES;
use ripstop_case::disk::hash_of;

/// Everything a run leaves.
pub struct RunFolder {
    /// `manifest.json`.
    pub manifest: Value,
    /// `summary.json`.
    pub summary: Value,
    /// `claims.json`.
    pub claims: Value,
    /// `evidence.json`, if there is one.
    pub evidence: Option<Value>,
    /// `findings.json`, if there is one.
    pub findings: Option<Value>,
    /// `case.json`.
    pub facts: Value,
    /// Series by scenario: the scenario's name, `counterfactual`, and where there are draws `p05`, `p50`, `p95`.
    pub series: Vec<(String, Vec<Series>)>,
}

/// Why a folder cannot be read as a run.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file is missing or cannot be read.
    #[error("cannot read {path}: {error}; is the folder a run of this version of ripstop? `ripstop run` makes one")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{path} is damaged: {what}; run the case again, or restore the file")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

/// Largest file of JSON that is read, bytes.
const JSON_MAX: u64 = 512 << 20;

/// Reads a file of a run as text.
///
/// Errors: it is missing, too large, no ordinary file or no text.
pub(crate) fn text_of(path: &Path) -> std::io::Result<String> {
    let about = fs::metadata(path)?;
    if !about.is_file() {
        return Err(std::io::Error::other("it is no file"));
    }
    if about.len() > JSON_MAX {
        return Err(std::io::Error::other(format!("it has {} bytes; at most {JSON_MAX} are read", about.len())));
    }
    fs::read_to_string(path)
}

/// Reads a run folder.
///
/// Errors: a file is missing, unreadable or damaged.
pub fn read(dir: &Path) -> Result<RunFolder, ReadError> {
    let json = |file: &str| -> Result<Value, ReadError> {
        let path = dir.join(file);
        let text = text_of(&path).map_err(|error| ReadError::Io { path: path.clone(), error })?;
        let value = serde_json::from_str(&text).map_err(|error| error.to_string());
        let checked = value.and_then(|value| shape::check(file, &value).map(|()| value));
        checked.map_err(|what| ReadError::Damaged { path, what })
    };
    let optional = |file: &str| if dir.join(file).exists() { json(file).map(Some) } else { Ok(None) };
    let parquet = dir.join("series.parquet");
    let series = if parquet.exists() {
        // The library may panic on a damaged file; that is a fault of the file here, not of the program.
        let damaged = || ReadError::Damaged { path: parquet.clone(), what: "it cannot be decoded".to_string() };
        ripstop_case::read::parquet_in::quietly(|| read_parquet(&parquet)).unwrap_or_else(|| Err(damaged()))?
    } else {
        read_csv(&dir.join("series.csv"))?
    };
    Ok(RunFolder {
        manifest: json("manifest.json")?,
        summary: json("summary.json")?,
        claims: json("claims.json")?,
        evidence: optional("evidence.json")?,
        findings: optional("findings.json")?,
        facts: json("case.json")?,
        series,
    })
}

/// Files of a run folder that are not what the run wrote, by the hashes of its manifest, and how: `summary.json has changed`. The page is
/// left out: it is made anew from the others.
pub fn changed(dir: &Path, manifest: &Value) -> Vec<String> {
    const PAGE: &str = "report.html";
    let Some(listed) = manifest["results_blake3"].as_object() else {
        return vec!["manifest.json lists no results".to_string()];
    };
    let mut found = Vec::new();
    for file in FILES.iter().filter(|file| **file != PAGE && **file != "manifest.json") {
        let there = dir.join(file).symlink_metadata().is_ok();
        match (listed.get(*file), there) {
            (Some(_), false) => found.push(format!("{file} is gone")),
            (None, true) => found.push(format!("{file} is new")),
            (Some(hash), true) if !is_of_hash(&dir.join(file), hash) => found.push(format!("{file} has changed")),
            _ => {}
        }
    }
    let copy = dir.join(inputs::FOLDER);
    if manifest["inputs_copied"] == true && copy.is_dir() {
        let changed = changed_files(&manifest["inputs_blake3"], &inputs::hashes(&copy, &manifest["inputs_blake3"]));
        found.extend(changed.into_iter().map(|(file, how)| format!("{}/{file} {how}", inputs::FOLDER)));
    }
    found
}

fn is_of_hash(path: &Path, hash: &Value) -> bool {
    path.is_file() && hash_of(path).is_ok_and(|found| hash.as_str() == Some(&found))
}

/// Rows gathered into series: consecutive rows of one scenario, level, entity and variable.
#[derive(Default)]
struct Gather {
    list: Vec<(String, Vec<Series>)>,
}

impl Gather {
    /// One row; `key`: scenario, level, entity, variable, unit.
    fn add(&mut self, key: [&str; 5], value: f64, first_of_group: bool) {
        let [scenario, level, entity, variable, unit] = key;
        if self.list.last().is_none_or(|(name, _)| name != scenario) {
            self.list.push((scenario.to_string(), Vec::new()));
        }
        let Some((_, series)) = self.list.last_mut() else { return };
        let same = |s: &Series| s.level == level && s.entity == entity && s.variable == variable;
        if first_of_group || !series.last().is_some_and(same) {
            series.push(Series {
                level: level.to_string().into(),
                entity: entity.to_string(),
                variable: variable.to_string(),
                unit: unit.to_string(),
                values: Vec::new(),
            });
        }
        if let Some(last) = series.last_mut() {
            last.values.push(value);
        }
    }
}

fn read_csv(path: &Path) -> Result<Vec<(String, Vec<Series>)>, ReadError> {
    let damaged = |what: String| ReadError::Damaged { path: path.to_path_buf(), what };
    let file = File::open(path).map_err(|error| ReadError::Io { path: path.to_path_buf(), error })?;
    let mut reader = csv::Reader::from_reader(file);
    if reader.headers().map_err(|e| damaged(e.to_string()))?.len() != 7 {
        return Err(damaged("it has not seven columns".to_string()));
    }
    let (mut gather, mut row) = (Gather::default(), csv::StringRecord::new());
    while reader.read_record(&mut row).map_err(|e| damaged(e.to_string()))? {
        let cell = |at: usize| row.get(at).unwrap_or("");
        let value = cell(5).parse().map_err(|_| damaged(format!("`{}` is no number", cell(5))))?;
        gather.add([1, 2, 3, 4, 6].map(|column| spoken(cell(column))), value, false);
    }
    Ok(gather.list)
}

fn read_parquet(path: &Path) -> Result<Vec<(String, Vec<Series>)>, ReadError> {
    let damaged = |what: String| ReadError::Damaged { path: path.to_path_buf(), what };
    let file = File::open(path).map_err(|error| ReadError::Io { path: path.to_path_buf(), error })?;
    let reader = SerializedFileReader::new(file).map_err(|e| damaged(e.to_string()))?;
    if reader.metadata().file_metadata().schema_descr().num_columns() != 7 {
        return Err(damaged("it has not seven columns".to_string()));
    }
    let mut gather = Gather::default();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(|e| damaged(e.to_string()))?;
        read_group(group.as_ref(), &mut gather).map_err(damaged)?;
    }
    Ok(gather.list)
}

fn read_group(group: &dyn RowGroupReader, gather: &mut Gather) -> Result<(), String> {
    let rows = usize::try_from(group.metadata().num_rows()).map_err(|e| e.to_string())?;
    let mut words: Vec<Vec<ByteArray>> = Vec::new();
    for column in [1, 2, 3, 4, 6] {
        let ColumnReader::ByteArrayColumnReader(mut reader) = group.get_column_reader(column).map_err(|e| e.to_string())? else {
            return Err(format!("column {column} is no text"));
        };
        let mut cells = Vec::with_capacity(rows);
        reader.read_records(rows, None, None, &mut cells).map_err(|e| e.to_string())?;
        words.push(cells);
    }
    let ColumnReader::DoubleColumnReader(mut reader) = group.get_column_reader(5).map_err(|e| e.to_string())? else {
        return Err("column 5 holds no numbers".to_string());
    };
    let mut values = Vec::with_capacity(rows);
    reader.read_records(rows, None, None, &mut values).map_err(|e| e.to_string())?;
    if values.len() != rows || words.iter().any(|w| w.len() != rows) {
        return Err("columns of unequal length".to_string());
    }
    for (row, &value) in values.iter().enumerate() {
        let mut key = [""; 5];
        for (cell, column) in key.iter_mut().zip(&words) {
            *cell = std::str::from_utf8(column[row].data()).map_err(|e| e.to_string())?;
        }
        gather.add(key, value, row == 0);
    }
    Ok(())
}
