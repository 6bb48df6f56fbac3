//! Any bytes as case.toml or claims.toml.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ripstop_case::{Limits, load_files};

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let name = if first & 1 == 0 { "case.toml" } else { "claims.toml" };
    let _ = load_files("fuzz", &[(name.to_owned(), bytes.to_vec())], &Limits::DEFAULT);
});
