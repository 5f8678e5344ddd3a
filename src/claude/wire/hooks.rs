//! The hook by which every tool waits for the bridge before it runs.
//!
//! Measured with 2.1.327 and 2.1.332: it is asked for tools of subagents and of MCP servers too, and
//! where `disableAllHooks` is set. A tool whose hook is not answered does not run: not when the input
//! ends, not when the time is over.

use serde_json::{Value, json};

use super::requests::ControlRequestBody;

/// Names the hook.
const BEFORE_A_TOOL: &str = "bridge-before-a-tool";

/// For how long a tool waits, in seconds; the bridge answers at once.
const TIMEOUT: u32 = 600;

/// Returns what the handshake says of hooks.
pub(super) fn wanted() -> Value {
    json!({ "PreToolUse": [{ "hookCallbackIds": [BEFORE_A_TOOL], "timeout": TIMEOUT }] })
}

/// Returns what lets a tool go on: no word on whether it may, which is asked as if there were no
/// hook.
pub(super) fn go_on() -> Value {
    json!({})
}

impl ControlRequestBody {
    /// Tells whether a tool waits for the bridge before it runs.
    pub(crate) fn is_before_a_tool(&self) -> bool {
        self.subtype == "hook_callback" && self.callback_id == BEFORE_A_TOOL
    }
}
