//! Any bytes as a TOML file of a complete case.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ripstop_fuzz::toml(data));
