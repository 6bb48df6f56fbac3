//! What a blank cell stands for is said once: with every default of the schema written out, a case makes the very same network.

mod common;

use common::Files;
use ripstop_case::network::Mapper;
use ripstop_case::schema::{ColumnSpec, TABLES};
use std::collections::BTreeSet;

/// A table with every blank cell of a column filled with its default; the column is added where it is not there. Also the number of such cells.
fn filled(text: &str, column: &ColumnSpec) -> (String, usize) {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let mut header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut rows: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let at = header.iter().position(|name| name == column.name).unwrap_or_else(|| {
        header.push(column.name.to_owned());
        rows.iter_mut().for_each(|row| row.push(String::new()));
        header.len() - 1
    });
    let blank: Vec<&mut String> = rows.iter_mut().map(|row| &mut row[at]).filter(|cell| cell.is_empty()).collect();
    let count = blank.len();
    blank.into_iter().for_each(|cell| column.default.clone_into(cell));
    let lines = std::iter::once(header).chain(rows).map(|row| row.join(","));
    (lines.collect::<Vec<_>>().join("\n") + "\n", count)
}

/// Network and events of every scenario, in words; nothing of a case that is refused.
fn network(files: &Files) -> Option<Vec<String>> {
    let case = files.load().case?;
    let mapper = Mapper::new(&case);
    let of_scenario = |index: usize| {
        let values = case.parameters.values_in(&case.scenarios[index], &[]);
        let network = mapper.network_in(&values, Some(index));
        let events = mapper.events(&network, &values, index);
        format!("{network:?} {events:?}")
    };
    Some((0..case.scenarios.len()).map(of_scenario).collect())
}

#[test]
fn defaults_written_out_change_nothing() {
    let (mut same, mut apart) = (BTreeSet::new(), BTreeSet::new());
    for files in [Files::valid(), Files::limited(), Files::steady_loop()] {
        let before = network(&files).unwrap();
        for spec in TABLES.iter().filter(|spec| files.names().iter().any(|name| name == spec.file)) {
            let text = files.text(spec.file);
            for column in spec.columns.iter().filter(|column| !column.default.is_empty() && !text.contains('"')) {
                let (text, count) = filled(&text, column);
                let name = format!("{}.{}", spec.name, column.name);
                match network(&files.clone().with(spec.file, &text)) {
                    Some(after) if count > 0 => {
                        assert!(before == after, "the default of {name} is not what a blank cell stands for:\n{text}");
                        same.insert(name);
                    }
                    // Beside what the rows are it must be blank.
                    _ => {
                        apart.insert(name);
                    }
                }
            }
        }
    }
    let apart: Vec<_> = apart.difference(&same).collect();
    assert!(same.len() >= 40 && apart.len() <= 12, "{} are the same; not compared: {apart:?}", same.len());
}
