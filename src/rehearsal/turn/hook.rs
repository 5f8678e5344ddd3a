//! A tool that waits to be let run.

use serde_json::{Value, json};

use super::{Outcome, RehearsedTurn, Woken, tool_input};
use crate::rehearsal::speaker::fresh_id;

impl RehearsedTurn<'_> {
    /// Asks the hook that the handshake wants before each tool; returns how the step ends if the
    /// tool does not run.
    pub(super) fn wait_to_run(
        &mut self,
        (tool, target): (&str, &str),
        tool_use: &str,
    ) -> Option<Outcome> {
        let hook = self.inbox.hook()?;
        let request = fresh_id();
        self.speaker.bare_line(&json!({
            "type": "control_request", "request_id": request,
            "request": {
                "subtype": "hook_callback", "callback_id": hook, "tool_use_id": tool_use,
                "input": {
                    "hook_event_name": "PreToolUse", "tool_name": tool,
                    "tool_input": tool_input(tool, target), "tool_use_id": tool_use,
                },
            },
        }));
        loop {
            match self.wait(None) {
                Woken::Answer { id, .. } if id == request => return None,
                Woken::Answer { .. } | Woken::TimePassed => {}
                Woken::InputEnded => {
                    let why = "the hook before it was not answered";
                    self.speaker
                        .tool_result(tool_use, why, json!({"is_error": true}));
                    return Some(self.say(&format!("{tool} `{target}` was not run: {why}")));
                }
                Woken::Interrupted => {
                    let cancel = json!({"type": "control_cancel_request", "request_id": request});
                    self.speaker.bare_line(&cancel);
                    self.speaker.tool_result(tool_use, "rejected", Value::Null);
                    return Some(self.abort("aborted_tools"));
                }
            }
        }
    }
}
