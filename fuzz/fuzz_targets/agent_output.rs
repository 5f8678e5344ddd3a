//! Feeds `agent_output` of `bridge::fuzzing`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bridge::fuzzing::check("agent_output", bytes));
