//! What the rest of the reader knows of Parquet files, whether this build reads them or not.

use crate::language::schema::TableSpec;
use crate::read::packed::Texts;

/// The columns of a Parquet file as text, blank where a value is null.
#[derive(Debug, Default)]
pub struct Columns {
    pub(crate) rows: usize,
    pub(crate) texts: Vec<Texts>,
}

impl Columns {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The text of a cell.
    pub fn text(&self, column: usize, row: usize) -> Option<&str> {
        self.texts.get(column).map(|texts| texts.get(row))
    }
}

/// `contracts.parquet` for `contracts.csv`.
pub fn file_name(spec: &TableSpec) -> String {
    format!("{}.parquet", spec.name)
}

/// Whether a column is the index that pandas stores when it has no name.
pub(crate) fn is_index(name: &str) -> bool {
    name.strip_prefix("__index_level_").and_then(|rest| rest.strip_suffix("__")).is_some_and(|n| n.parse::<u32>().is_ok())
}
