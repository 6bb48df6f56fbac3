//! How much of a file is read: generous for any real case, and enough to refuse a broken file before it takes the machine's memory.
//!
//! `docs/files.md` lists the same numbers; a test compares the two.

/// The most that is read of a case. [`Limits::DEFAULT`] holds unless a program sets its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a table, CSV or Parquet.
    pub table_bytes: u64,
    /// Bytes of a TOML file.
    pub toml_bytes: u64,
    /// Rows of a table.
    pub rows: usize,
    /// Columns of a table.
    pub columns: usize,
    /// Bytes of a line of a text file.
    pub line_bytes: usize,
    /// Bytes of a cell.
    pub cell_bytes: usize,
    /// Problems named of one file.
    pub problems: usize,
}

impl Limits {
    /// The limits of [`crate::load`].
    pub const DEFAULT: Limits = Limits {
        table_bytes: 4 << 30,
        toml_bytes: 4 << 20,
        rows: 50_000_000,
        columns: 1_000,
        line_bytes: 1 << 20,
        cell_bytes: 64 << 10,
        problems: 10_000,
    };
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::DEFAULT
    }
}
