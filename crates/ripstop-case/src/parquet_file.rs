//! What the rest of the reader knows of Parquet files, whether this build reads them or not.

use crate::schema::TableSpec;
use crate::table::Texts;

#[cfg(feature = "files")]
pub use crate::parquet_in::read;

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

/// Says that this build reads no Parquet.
#[cfg(not(feature = "files"))]
pub(crate) fn unread(file: &str) -> crate::Diagnostic {
    let message = format!("{file} is Parquet, which this build of ripstop does not read");
    let fault = crate::Diagnostic::new(crate::Code::BadParquet, &crate::read::whole_file(file), message);
    fault.with_fix("save the table as CSV, or use a build with the feature `files`, such as the `ripstop` command")
}

/// Reads no table, which is diagnosed.
#[cfg(not(feature = "files"))]
pub fn read(
    _: &'static TableSpec,
    file: &str,
    _: Vec<u8>,
    _: &crate::Limits,
    diagnostics: &mut Vec<crate::Diagnostic>,
) -> Option<crate::read::RawTable> {
    diagnostics.push(unread(file));
    None
}

#[cfg(all(test, not(feature = "files")))]
mod tests {
    use crate::{Code, Limits, load_files};

    #[test]
    fn a_parquet_file_is_named_with_what_to_do() {
        let files = ["firms.parquet", "links.parquet"].map(|name| (name.to_owned(), b"PAR1".to_vec()));
        let loaded = load_files("case", &files, &Limits::DEFAULT);
        let said: Vec<_> = loaded.diagnostics.iter().filter(|found| found.code == Code::BadParquet).collect();
        assert_eq!(said.len(), 2, "{:?}", loaded.diagnostics);
        assert!(said.iter().all(|found| found.fix.starts_with("save the table as CSV")));
    }
}
