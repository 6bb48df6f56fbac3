//! What differs in a file of the inputs, row by row.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

/// A row: its line and its cells by column.
type Row = (u64, Map<String, Value>);

/// What differs in a file; `manifests` say whether either run has it at all.
pub fn file(a: &Path, b: &Path, name: &str, manifests: (&Value, &Value)) -> Value {
    let has = |manifest: &Value| manifest["inputs_blake3"][name].is_string();
    let how = match (has(manifests.0), has(manifests.1)) {
        (true, false) => "only in A",
        (false, true) => "only in B",
        _ => "changed",
    };
    let texts = fs::read_to_string(a).ok().zip(fs::read_to_string(b).ok()).filter(|_| how == "changed");
    let rows = texts.and_then(|(a, b)| if name.ends_with(".toml") { toml(&a, &b) } else { csv(&a, &b) });
    // Null: there is no copy, or it is no text.
    json!({ "file": name, "how": how, "rows": rows })
}

fn toml(a: &str, b: &str) -> Option<Vec<Value>> {
    let flat = |text: &str| {
        let mut flat = Map::new();
        super::flatten("", &serde_json::to_value(text.parse::<toml::Table>().ok()?).ok()?, &mut flat);
        Some(flat)
    };
    let list = super::differences(&flat(a)?, &flat(b)?, |_| true);
    let one = |mut d: Value| json!({ "row": d["what"].take(), "column": null, "a": d["a"].take(), "b": d["b"].take() });
    Some(list.into_iter().map(one).collect())
}

fn csv(a: &str, b: &str) -> Option<Vec<Value>> {
    let ((columns, a), (columns_b, b)) = (table(a)?, table(b)?);
    let shared: Vec<&String> = columns.iter().filter(|column| columns_b.contains(column)).collect();
    let (a, b) = keyed(&shared, &a, &b);
    let mut found = Vec::new();
    let texts = |row: &Row| row.1.values().filter_map(Value::as_str).collect::<Vec<_>>().join(",");
    for (key, (line, cells)) in &a {
        let Some((line_b, cells_b)) = b.get(key) else {
            found.push((*line, json!({ "row": key, "line_a": line, "a": texts(&(*line, cells.clone())), "b": null })));
            continue;
        };
        for d in super::differences(cells, cells_b, |_| true) {
            found.push((*line, json!({ "row": key, "line_a": line, "line_b": line_b, "column": d["what"], "a": d["a"], "b": d["b"] })));
        }
    }
    for (key, row) in b.iter().filter(|(key, _)| !a.contains_key(*key)) {
        found.push((row.0, json!({ "row": key, "line_b": row.0, "a": null, "b": texts(row) })));
    }
    found.sort_by_key(|(line, _)| *line);
    Some(found.into_iter().map(|(_, value)| value).collect())
}

/// Columns and rows of a table, whatever separates its cells.
fn table(text: &str) -> Option<(Vec<String>, Vec<Row>)> {
    let text = text.trim_start_matches('\u{feff}');
    let header = text.lines().next()?;
    let separator = [b',', b';', b'\t'].into_iter().max_by_key(|mark| header.bytes().filter(|byte| byte == mark).count())?;
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let columns: Vec<String> = reader.headers().ok()?.iter().map(|name| name.trim().to_string()).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.ok()?;
        let line = record.position().map_or(0, csv::Position::line);
        let filled = columns.iter().zip(&record).filter(|(_, cell)| !cell.trim().is_empty());
        rows.push((line, filled.map(|(name, cell)| (name.clone(), json!(cell.trim()))).collect()));
    }
    Some((columns, rows))
}

/// Rows by as many of the first columns as it takes to tell them apart; equal rows are counted.
fn keyed(columns: &[&String], a: &[Row], b: &[Row]) -> (BTreeMap<String, Row>, BTreeMap<String, Row>) {
    let by = |count: usize, rows: &[Row]| {
        let mut map: BTreeMap<String, Row> = BTreeMap::new();
        for row in rows {
            let cells = columns[..count].iter().filter_map(|column| row.1.get(*column)?.as_str());
            let key = cells.collect::<Vec<_>>().join("/");
            let again = (2..).map(|time| format!("{key} ({time})"));
            let free = std::iter::once(key.clone()).chain(again).find(|key| !map.contains_key(key));
            map.insert(free.unwrap_or(key), row.clone());
        }
        map
    };
    let apart = |map: &BTreeMap<String, Row>| !map.keys().any(|key| key.ends_with(" (2)"));
    let count = (1..columns.len()).find(|&count| apart(&by(count, a)) && apart(&by(count, b))).unwrap_or(columns.len());
    (by(count, a), by(count, b))
}
