//! The rehearsal sends files as Claude does: by a call of the bridge's tool over the control channel.

use serde_json::{Value, json};

use super::{Outcome, RehearsedTurn, Woken, fresh_message};
use crate::rehearsal::input::Decision;
use crate::rehearsal::speaker::fresh_id;

/// The tool as Claude calls it; the server's name is the bridge's.
const TOOL: &str = "mcp__bridge__send_file";

impl RehearsedTurn<'_> {
    /// Sends files, and says what it was told of them.
    pub(super) fn send(&mut self, paths: &[String], caption: &str) -> Outcome {
        let mut arguments = json!({ "paths": paths });
        if !caption.is_empty() {
            arguments["caption"] = json!(caption);
        }
        let tool_use = format!("toolu_{}", fresh_id());
        let block = json!({"type": "tool_use", "id": tool_use, "name": TOOL, "input": arguments});
        self.speaker.assistant(&fresh_message(), block, Value::Null);
        if let Some(outcome) = self.wait_to_run((TOOL, &arguments.to_string()), &tool_use) {
            return outcome;
        }
        let call = self.count;
        let request = self.message(&json!({
            "jsonrpc": "2.0", "id": call, "method": "tools/call",
            "params": {"name": "send_file", "arguments": arguments},
        }));
        let told = loop {
            match self.wait(None) {
                Woken::Answer {
                    id,
                    decision: Decision::Result(told),
                } if id == request => break told,
                Woken::Answer { .. } | Woken::TimePassed => {}
                Woken::InputEnded | Woken::Interrupted => {
                    self.message(&json!({
                        "jsonrpc": "2.0", "method": "notifications/cancelled",
                        "params": {"requestId": call, "reason": "interrupted"},
                    }));
                    let is_error = json!({"is_error": true});
                    self.speaker.tool_result(&tool_use, "interrupted", is_error);
                    return self.abort("aborted_tools");
                }
            }
        };
        let text = told["result"]["content"][0]["text"].as_str();
        let text = text.map_or_else(|| told.to_string(), str::to_owned);
        let is_error = json!({"is_error": told["result"]["isError"]});
        self.speaker.tool_result(&tool_use, &text, is_error);
        self.say(&format!("I was told: {text}"))
    }

    /// Writes a message to the bridge's server; returns the name of the request that carries it.
    fn message(&self, message: &Value) -> String {
        let request = fresh_id();
        self.speaker.bare_line(&json!({
            "type": "control_request", "request_id": request,
            "request": {
                "subtype": "mcp_message", "server_name": "bridge", "message": message,
            },
        }));
        request
    }
}
