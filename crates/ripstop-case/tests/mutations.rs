//! The flagship with one thing wrong: every column and every reference, in turn, must give a diagnostic at that file, and at that line where the fault is in one.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use ripstop_case::schema::{ColumnSpec, Kind, TABLES, TableSpec};
use ripstop_case::{Code, Limits, Loaded, Severity, load_files};

type Files = Vec<(String, Vec<u8>)>;

fn flagship() -> Files {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/sinuiju-2020");
    let (mut files, mut folders) = (Files::new(), vec![String::new()]);
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(dir.join(&folder)).unwrap().flatten() {
            let name = format!("{folder}{}", file.file_name().to_string_lossy());
            if file.path().is_dir() {
                folders.push(name + "/");
            } else if name.ends_with(".csv") || name.ends_with(".toml") {
                files.push((name, std::fs::read(file.path()).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// A table as rows of cells; the first is the header.
fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn bytes(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

/// A fault: what was done, to which file, and the line it must be named at (`None`: anywhere in the file).
struct Mutation {
    what: String,
    file: &'static str,
    line: Option<usize>,
    rows: Vec<Vec<String>>,
}

fn load(files: &Files, mutation: &Mutation) -> Loaded {
    let mut files = files.clone();
    files.iter_mut().find(|(name, _)| name == mutation.file).unwrap().1 = bytes(&mutation.rows);
    load_files("sinuiju-2020", &files, &Limits::DEFAULT)
}

/// The first row whose cell of a column is not blank, preferring one without formula.
fn filled(rows: &[Vec<String>], column: usize) -> Option<usize> {
    let some = |row: &&usize| rows[**row].get(column).is_some_and(|cell| !cell.is_empty());
    let list: Vec<usize> = (1..rows.len()).collect();
    let plain = |row: &&usize| some(row) && !rows[**row][column].contains('$');
    list.iter().find(plain).or_else(|| list.iter().find(some)).copied()
}

fn mutations(spec: &'static TableSpec, rows: &[Vec<String>]) -> Vec<Mutation> {
    let mut list = Vec::new();
    let mut add = |what: String, line: Option<usize>, rows: Vec<Vec<String>>| list.push(Mutation { what, file: spec.file, line, rows });
    for (at, name) in rows[0].iter().enumerate() {
        let Some(column) = spec.all_columns().find(|column| column.name == name) else { continue };
        let renamed = |to: &str| {
            let mut rows = rows.to_vec();
            rows[0][at] = to.to_owned();
            rows
        };
        add(format!("column {name} misspelt"), Some(1), renamed(&format!("{name}x")));
        add(format!("column {name} twice"), Some(1), {
            let mut rows = rows.to_vec();
            rows.iter_mut().for_each(|row| row.push(row[at].clone()));
            rows
        });
        if column.required {
            add(format!("column {name} deleted"), None, {
                let mut rows = rows.to_vec();
                rows.iter_mut().for_each(|row| drop(row.remove(at)));
                rows
            });
        }
        let Some(row) = filled(rows, at) else { continue };
        for (what, cell) in wrong_cells(column, &rows[row][at]) {
            let mut rows = rows.to_vec();
            rows[row][at] = cell.clone();
            add(format!("{name}: {what}, `{cell}`"), Some(row + 1), rows);
        }
        let text = matches!(column.kind, Kind::Text | Kind::Texts);
        if column.required && !text {
            let mut rows = rows.to_vec();
            rows[row][at] = String::new();
            add(format!("{name}: blank"), Some(row + 1), rows);
        }
    }
    if rows.len() > 1 {
        let mut rows = rows.to_vec();
        rows.push(rows[1].clone());
        add("the first row twice".to_owned(), None, rows);
    }
    list
}

/// What cannot stand in a column.
fn wrong_cells(column: &ColumnSpec, cell: &str) -> Vec<(&'static str, String)> {
    let mut list: Vec<(&'static str, String)> = Vec::new();
    match column.kind {
        Kind::Number | Kind::Integer => {
            list.extend([
                ("no number", "many".to_owned()),
                ("not a number", "NaN".into()),
                ("infinite", "inf".into()),
                ("a date", "2020-01-31".into()),
                ("an unknown parameter", "$no_such".into()),
                ("a wrong unit", "5 kg".into()),
            ]);
            if column.min.is_some_and(|min| min >= 0.0) || column.above.is_some_and(|above| above >= 0.0) {
                list.push(("negative", "-1000000".into()));
            }
        }
        Kind::Date => list.extend([("no date", "soon".to_owned()), ("no day", "2020-02-30".into()), ("a number", "12".into())]),
        Kind::Period => list.extend([("no period", "soon".to_owned()), ("no month", "2020-13".into())]),
        Kind::MonthDay => list.extend([("no day of a year", "13-40".to_owned()), ("a date", "2020-01-01".into())]),
        Kind::Bool => list.push(("neither true nor false", "maybe".into())),
        Kind::Enum(_) => list.extend([("misspelt", format!("{cell}x")), ("an unknown parameter", "$no_such".into())]),
        Kind::Ref(_) => list.extend([("dangling", "nobody-of-that-name".to_owned()), ("misspelt", format!("{cell}x"))]),
        Kind::RefList(_) => list.push(("dangling", "nobody-of-that-name".into())),
        Kind::Selector => list.extend([
            ("no selector", "everything".to_owned()),
            ("dangling", "firm:nobody-of-that-name".into()),
            ("an unknown kind", "plant:x".into()),
        ]),
        Kind::Weekdays => list.push(("no day of the week", "someday".into())),
        Kind::ScenarioList => list.push(("no scenario", "no-such-scenario".into())),
        Kind::Country => list.push(("no country", "Korea".into())),
        Kind::Currency => list.push(("no currency", "shells".into())),
        Kind::Value => list.extend([("not a number", "NaN".to_owned()), ("no number", "many".into())]),
        Kind::Id => list.push(("no name", "a$b".into())),
        Kind::Text | Kind::Texts => {}
    }
    list
}

/// Faults that no reader could tell from what was meant, with the reason.
fn legal(what: &str, file: &str) -> bool {
    let _ = file;
    // `note`, `statement` and other free texts may say anything; only their columns' names are tested.
    what.starts_with("column note")
        // A parameter of unit `choice` or `date` holds words and dates, and `value: no number` is tried on the first plain row, which holds a number.
        && !what.contains("misspelt")
        && !what.contains("twice")
}

#[test]
fn every_column_and_every_reference_of_the_flagship() {
    let files = flagship();
    let clean = load_files("sinuiju-2020", &files, &Limits::DEFAULT);
    assert_eq!(clean.diagnostics, []);
    let mut all = Vec::new();
    for spec in TABLES {
        if let Some((_, bytes)) = files.iter().find(|(name, _)| name == spec.file) {
            all.extend(mutations(spec, &rows(bytes)));
        }
    }
    let missed: Vec<String> = all
        .par_iter()
        .filter(|mutation| !legal(&mutation.what, mutation.file))
        .filter_map(|mutation| {
            let loaded = load(&files, mutation);
            let here = |line: usize| mutation.line.is_none_or(|wanted| wanted == line);
            let named = loaded.diagnostics.iter().any(|d| d.file.to_str() == Some(mutation.file) && here(d.line));
            (!named).then(|| {
                format!(
                    "{}: {} (line {:?}) gives {:?}",
                    mutation.file,
                    mutation.what,
                    mutation.line,
                    loaded.diagnostics.iter().map(|d| (d.code, d.place())).collect::<Vec<_>>()
                )
            })
        })
        .collect();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    all.iter().for_each(|mutation| *kinds.entry(mutation.file).or_default() += 1);
    println!("{} mutations, by file {kinds:?}", all.len());
    assert!(all.len() > 500, "{}", all.len());
    assert!(missed.is_empty(), "{} of {} mutations go unnoticed:\n{}", missed.len(), all.len(), missed.join("\n"));
}

#[test]
fn swapped_dates_of_the_flagship() {
    let files = flagship();
    for file in ["events.csv", "orders.csv"] {
        let Some((_, bytes_)) = files.iter().find(|(name, _)| name == file) else { continue };
        let table = rows(bytes_);
        let column = |name: &str| table[0].iter().position(|cell| cell == name);
        let (Some(from), Some(to)) = (column("from"), column("to")) else { continue };
        let both = (1..table.len()).find(|&row| !table[row][from].is_empty() && !table[row][to].is_empty());
        let Some(row) = both else { continue };
        let mut swapped = table.clone();
        swapped[row].swap(from, to);
        let mutation = Mutation { what: "dates swapped".into(), file: "events.csv", line: Some(row + 1), rows: swapped };
        let loaded = load(&files, &mutation);
        assert!(
            loaded.diagnostics.iter().any(|d| d.code == Code::DatesReversed && d.line == row + 1 && d.severity == Severity::Error),
            "{:#?}",
            loaded.diagnostics
        );
    }
}
