//! What differs between two run folders: in their inputs, by file and row, and in their results.

mod rows;
mod series;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::folder::checkpoint::changed_files;
use crate::folder::inputs::FOLDER;
use crate::folder::run_folder::text_of;
use crate::study::summary::without_times;

/// Why two runs cannot be compared.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {file}: {error}")]
pub struct CompareError {
    /// The file.
    pub file: String,
    /// What is wrong with it.
    pub error: String,
}

impl CompareError {
    fn new(path: &Path, error: impl ToString) -> Self {
        Self { file: path.display().to_string(), error: error.to_string() }
    }
}

/// What differs between the runs in `a` and `b`, whose manifests are given:
/// `{"same", "settings": […], "inputs": [{"file", "how", "rows": […]}], "results": {"figures": […], "claims": […], "series": {…}}}`.
///
/// Errors: a file of the results cannot be read.
pub fn compare(a: (&Path, &Value), b: (&Path, &Value)) -> Result<Value, CompareError> {
    let settings = settings(a.1, b.1);
    let inputs: Vec<Value> = changed_files(&a.1["inputs_blake3"], &b.1["inputs_blake3"])
        .into_iter()
        .map(|(file, _)| rows::file(&a.0.join(FOLDER).join(&file), &b.0.join(FOLDER).join(&file), &file, (a.1, b.1)))
        .collect();
    let figures = figures(&read(a.0, "summary.json")?, &read(b.0, "summary.json")?);
    let claims = claims(&read(a.0, "claims.json")?, &read(b.0, "claims.json")?);
    let series = series::compare((a.0, &a.1["scenario"]), (b.0, &b.1["scenario"]))?;
    let state_same = a.1["state_hash"] == b.1["state_hash"];
    let same = settings.is_empty() && inputs.is_empty() && figures.is_empty() && claims.is_empty() && series["differ"] == 0 && state_same;
    let results = json!({ "state_hash_same": state_same, "figures": figures, "claims": claims, "series": series });
    Ok(json!({ "same": same, "settings": settings, "inputs": inputs, "results": results }))
}

fn read(dir: &Path, file: &str) -> Result<Value, CompareError> {
    let path = dir.join(file);
    let text = text_of(&path).map_err(|error| CompareError::new(&path, error))?;
    serde_json::from_str::<Value>(&text).map_err(|error| CompareError::new(&path, error))?;
    Ok(without_times(text.as_bytes()))
}

fn settings(a: &Value, b: &Value) -> Vec<Value> {
    let keys = ["ripstop", "case", "scenario", "what_if", "as_of", "seed", "draws", "sweep", "record"];
    keys.into_iter().filter(|key| a[*key] != b[*key]).map(|key| pair(key, &a[key], &b[key])).collect()
}

fn pair(what: &str, a: &Value, b: &Value) -> Value {
    json!({ "what": what, "a": a, "b": b })
}

/// Figures of the summary that differ, as paths such as `losses/output_usd`.
fn figures(a: &Value, b: &Value) -> Vec<Value> {
    let (mut in_a, mut in_b) = (Map::new(), Map::new());
    flatten("", a, &mut in_a);
    flatten("", b, &mut in_b);
    // Every figure under every row of the sweep would bury the rest; `moved_by` says the same of the rows that matter.
    let table = |path: &str| path.starts_with("rests_on/") && path.contains("/figures/");
    differences(&in_a, &in_b, |path| !table(path) && !matches!(path, "case" | "scenario" | "state_hash"))
}

fn differences(a: &Map<String, Value>, b: &Map<String, Value>, wanted: impl Fn(&str) -> bool) -> Vec<Value> {
    let new = b.keys().filter(|path| !a.contains_key(*path));
    let null = Value::Null;
    let of = |map: &'_ Map<String, Value>, path: &str| map.get(path).unwrap_or(&null).clone();
    let differ = a.keys().chain(new).filter(|path| a.get(*path) != b.get(*path) && wanted(path));
    differ.map(|path| pair(path, &of(a, path), &of(b, path))).collect()
}

/// The leaves of a value by path; members of a list go by their id.
fn flatten(path: &str, value: &Value, into: &mut Map<String, Value>) {
    let below = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}/{key}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| flatten(&below(key), value, into)),
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                let id = ["id", "name", "firm", "parameter", "line"].iter().find_map(|key| value[*key].as_str());
                flatten(&below(id.unwrap_or(&index.to_string())), value, into);
            }
        }
        leaf => drop(into.insert(path.to_string(), leaf.clone())),
    }
}

/// Claims that one run has and the other has not, or that come out otherwise.
fn claims(a: &Value, b: &Value) -> Vec<Value> {
    let by_id = |list: &Value| -> BTreeMap<String, Value> {
        let brief = |claim: &Value| {
            let brief = json!({ "text": claim["text"], "holds": claim["holds"], "simulated": claim["simulated"], "share_of_draws": claim["share_of_draws"] });
            (claim["id"].as_str().unwrap_or_default().to_string(), brief)
        };
        list.as_array().into_iter().flatten().map(brief).collect()
    };
    let (a, b) = (by_id(a), by_id(b));
    let ids: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    let one = |id: &&String| json!({ "id": id, "a": a.get(*id), "b": b.get(*id) });
    ids.iter().filter(|id| a.get(**id) != b.get(**id)).map(one).collect()
}
