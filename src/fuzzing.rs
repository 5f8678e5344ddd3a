//! What must hold for whatever strangers and agents feed the bridge.
//!
//! Each promise takes any bytes and panics where it is broken. It is written once, in the room that
//! makes it: the fuzzer (`fuzz/`) looks for bytes that break one, and the tests hold what was found
//! against it.

mod turn;

use crate::{claude, config, room, store, telegram, telemetry};

/// A promise and its name.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name; that of a file in `fuzz/fuzz_targets` and of a folder in `fuzz/corpus`.
    pub name: &'static str,
    /// Panics where the promise is broken.
    pub check: fn(&[u8]),
}

/// All promises.
pub const TARGETS: &[Target] = &[
    target("agent_output", claude::agent_output),
    target("callback_data", bridge_actors::fuzzing::callback_data),
    target("command", bridge_actors::fuzzing::command),
    target("configuration", config::fuzzing::configuration),
    target("file_names", room::file_names),
    target("journal_record", store::fuzzing::journal_record),
    target("long_answer", bridge_actors::fuzzing::long_answer),
    target("markdown", telegram::fuzzing::markdown),
    target("prompt", claude::prompt),
    target("redaction", telemetry::fuzzing::redaction),
    target("splitting", telegram::fuzzing::splitting),
    target("turn", turn::turn),
    target("update", telegram::fuzzing::update),
];

const fn target(name: &'static str, check: fn(&[u8])) -> Target {
    Target { name, check }
}

/// Holds bytes against the promise of a name.
///
/// # Panics
///
/// Where the promise is broken, or there is none of that name.
pub fn check(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.expect("a target of that name").check)(bytes);
}
