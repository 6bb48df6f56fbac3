//! Any bytes as any table of a small case; the first byte chooses the table.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ripstop_case::schema::TABLES;
use ripstop_case::{Limits, load_files};

const CASE: &str = "[case]\ntitle = \"t\"\nstart = 2020-01-01\nend = 2020-03-01\ndefault_scenario = \"a\"\n[settings]\nstart_state = \"empty\"\n[scenarios.a]\n";

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let table = &TABLES[usize::from(first & 0x7f) % TABLES.len()];
    // The high bit: as Parquet.
    let name = if first & 0x80 == 0 { table.file.to_owned() } else { format!("{}.parquet", table.name) };
    let files = [("case.toml".to_owned(), CASE.into()), (name, bytes.to_vec())];
    let _ = load_files("fuzz", &files, &Limits::DEFAULT);
});
