//! Parquet in a build that does not read it.

use crate::language::diagnostic::{Code, Diagnostic};
use crate::language::limits::Limits;
use crate::language::schema::TableSpec;
use crate::read::bytes::{RawTable, whole_file};

/// Says that this build reads no Parquet.
pub(crate) fn unread(file: &str) -> Diagnostic {
    let message = format!("{file} is Parquet, which this build of ripstop does not read");
    let fault = Diagnostic::new(Code::BadParquet, &whole_file(file), message);
    fault.with_fix("save the table as CSV, or use a build with the feature `files`, such as the `ripstop` command")
}

/// Reads no table, which is diagnosed.
pub fn read(_: &'static TableSpec, file: &str, _: Vec<u8>, _: &Limits, diagnostics: &mut Vec<Diagnostic>) -> Option<RawTable> {
    diagnostics.push(unread(file));
    None
}

#[cfg(test)]
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
