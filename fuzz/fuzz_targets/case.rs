//! Any files over a complete case; where nothing is wrong with it, the engine runs it.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ripstop_fuzz::case(data));
