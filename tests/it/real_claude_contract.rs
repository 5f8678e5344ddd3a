//! What the bridge relies on in the real program, asked of the program itself, version by version.

mod ends;
mod permissions;
mod requests;
mod text;
mod turns;
mod walk;

use serde_json::Value;

pub(crate) use crate::support::real_claude::for_each_version;

/// Returns the only result among `lines`.
#[track_caller]
fn result(lines: &[Value]) -> &Value {
    let results: Vec<_> = lines.iter().filter(|l| l["type"] == "result").collect();
    let [result] = results[..] else {
        panic!("one result was expected: {results:#?} in {lines:#?}")
    };
    result
}

/// Says whether the turn of this result was stopped and not finished.
fn was_aborted(result: &Value) -> bool {
    result["terminal_reason"]
        .as_str()
        .is_some_and(|reason| reason.starts_with("aborted_"))
}
