//! Feeds `file_names` of `bridge::fuzzing`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bridge::fuzzing::check("file_names", bytes));
