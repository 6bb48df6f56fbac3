//! Any bytes as a table of a complete case, as its rows, or as one of its cells.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ripstop_fuzz::table(data));
