//! Any bytes as a table of a complete case, as Parquet.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ripstop_fuzz::parquet(data));
