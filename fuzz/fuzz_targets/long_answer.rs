//! Feeds `long_answer` of `bridge::fuzzing`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bridge::fuzzing::check("long_answer", bytes));
