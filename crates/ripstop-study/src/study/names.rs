//! What rows are called.

use ripstop_case::Table;

/// The name of a row, or its id if it has none.
pub fn name(table: &Table, row: usize) -> String {
    table.text(table.col("name"), row).map_or_else(|| table.key(row), str::to_string)
}
