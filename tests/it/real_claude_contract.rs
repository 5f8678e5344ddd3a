//! What the bridge relies on in the real program, asked of the program itself, version by version.

mod ends;
mod permissions;
mod text;
mod turns;

use serde_json::Value;

/// Makes a test for each supported version out of each function that takes a `RealClaude`.
macro_rules! for_each_version {
    ($($promise:ident),+ $(,)?) => {
        for_each_version!(@version newest, 0, $($promise),+);
        for_each_version!(@version oldest, 1, $($promise),+);
    };
    (@version $name:ident, $index:literal, $($promise:ident),+) => {
        mod $name {
            $(
                #[test]
                fn $promise() {
                    let version = crate::support::real_claude::CLAUDE_VERSIONS[$index];
                    if let Some(claude) = crate::support::real_claude::RealClaude::prepare(version) {
                        super::$promise(&claude);
                    }
                }
            )+
        }
    };
}
use for_each_version;

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
