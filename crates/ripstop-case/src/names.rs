//! Names of a case: which row an id means, known before any cell that refers to it is read.

use crate::diagnostic::{Code, Diagnostic, near_miss};
use crate::read::RawTable;
use crate::schema::TABLES;
use std::collections::HashMap;

/// The ids of one table.
#[derive(Debug, Default)]
pub struct KeyIndex {
    /// Ids in order of first appearance: the whole key, or its first part where rows form groups.
    pub ids: Vec<String>,
    by_id: HashMap<String, u32>,
    by_key: HashMap<String, u32>,
    rows: Vec<u32>,
    starts: Vec<u32>,
    /// The file could not be read: nothing that refers to it is diagnosed.
    unreadable: bool,
}

impl KeyIndex {
    /// The row, or group of rows, an id means.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// The row with that whole key.
    pub fn row_of(&self, key: &str) -> Option<u32> {
        self.by_key.get(key).copied()
    }

    /// The rows of a group.
    pub fn rows_of(&self, group: u32) -> &[u32] {
        let group = group as usize;
        &self.rows[self.starts[group] as usize..self.starts[group + 1] as usize]
    }

    fn build(raw: &RawTable, diagnostics: &mut Vec<Diagnostic>) -> KeyIndex {
        let mut index = KeyIndex { unreadable: raw.unreadable, ..KeyIndex::default() };
        let mut groups: Vec<u32> = Vec::with_capacity(raw.rows.len());
        for row in 0..raw.rows.len() {
            let key = raw.key(row);
            let id = if raw.spec.grouped() { raw.cell_of(raw.column(raw.spec.key[0]), row).unwrap_or("") } else { &key };
            let next = index.ids.len() as u32;
            let group = *index.by_id.entry(id.to_owned()).or_insert_with(|| {
                index.ids.push(id.to_owned());
                next
            });
            groups.push(group);
            match index.by_key.get(&key) {
                // A key without its first part is diagnosed as a blank cell.
                Some(&first) if !key.is_empty() && !key.starts_with('/') => {
                    diagnostics.push(duplicate(raw, &key, first as usize, row));
                }
                Some(_) => {}
                None => {
                    index.by_key.insert(key, row as u32);
                }
            }
        }
        index.sort_rows(raw, &groups);
        index
    }

    /// Rows by group: legs in order, else in file order.
    fn sort_rows(&mut self, raw: &RawTable, groups: &[u32]) {
        let leg = raw.column("leg").filter(|_| raw.spec.name == "routes");
        let number = |row: u32| raw.cell_of(leg, row as usize).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
        self.rows = (0..groups.len() as u32).collect();
        self.rows.sort_by_key(|&row| (groups[row as usize], number(row)));
        let count = |group: u32| self.rows.partition_point(|&row| groups[row as usize] < group) as u32;
        self.starts = (0..=self.ids.len() as u32).map(count).collect();
    }
}

fn duplicate(raw: &RawTable, key: &str, first: usize, row: usize) -> Diagnostic {
    let column = raw.column(raw.spec.key[0]);
    let line = raw.position(column, first).line;
    let message = format!("`{key}` stands in line {line} of {} already", raw.spec.file);
    Diagnostic::new(Code::DuplicateId, &raw.position(column, row), message)
}

/// The names of all tables, and the words that selectors may use.
#[derive(Debug, Default)]
pub struct Names {
    tables: Vec<KeyIndex>,
    /// Scenarios of case.toml.
    pub scenarios: Vec<String>,
    /// Sectors of firms, in order of appearance.
    pub sectors: Vec<String>,
    /// Markets of demand, in order of appearance.
    pub markets: Vec<String>,
    /// Countries of places and groups, in order of appearance.
    pub countries: Vec<String>,
    /// The case's currency, then those of exchange rates, in order of appearance.
    pub currencies: Vec<String>,
}

impl Names {
    /// Indexes the tables; diagnoses keys that stand twice.
    pub fn build(raws: &[RawTable], scenarios: Vec<String>, currency: &str, diagnostics: &mut Vec<Diagnostic>) -> Names {
        let tables = raws.iter().map(|raw| KeyIndex::build(raw, diagnostics)).collect();
        let distinct = |places: &[(&str, &str)]| {
            let mut words: Vec<String> = Vec::new();
            for (table, column) in places {
                let raw = &raws[table_index(table)];
                let cells = (0..raw.rows.len()).filter_map(|row| raw.cell_of(raw.column(column), row));
                for cell in cells {
                    if !words.iter().any(|word| word == cell) {
                        words.push(cell.to_owned());
                    }
                }
            }
            words
        };
        let mut currencies = distinct(&[("exchange_rates", "currency")]);
        currencies.retain(|other| other != currency); // diagnosed by the checks
        currencies.insert(0, currency.to_owned());
        Names {
            scenarios,
            currencies,
            sectors: distinct(&[("firms", "sector")]),
            markets: distinct(&[("demand", "market")]),
            countries: distinct(&[("places", "country"), ("groups", "country")]),
            tables,
        }
    }

    /// The row (or group of rows) of `table` that `id` means.
    pub fn find(&self, table: &str, id: &str) -> Option<u32> {
        self.tables[table_index(table)].find(id)
    }

    /// Whether ids of the table can be judged at all.
    pub fn readable(&self, table: &str) -> bool {
        !self.tables[table_index(table)].unreadable
    }

    /// The known id nearest to `id`.
    pub fn nearest(&self, table: &str, id: &str) -> Option<&str> {
        near_miss(id, self.tables[table_index(table)].ids.iter().map(String::as_str))
    }

    /// Hands each table its index, in the order of the schema.
    pub fn into_indexes(self) -> Vec<KeyIndex> {
        self.tables
    }
}

/// Index of a table in the schema. An unknown name is a mistake in this program.
pub fn table_index(name: &str) -> usize {
    TABLES.iter().position(|spec| spec.name == name).unwrap_or_else(|| panic!("the schema has no table `{name}`"))
}
