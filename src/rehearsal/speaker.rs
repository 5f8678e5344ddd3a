//! Writes the lines of the rehearsal, in the forms that Claude Code 2.1.332 was recorded with.

use std::io::{self, Write};
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use super::options::{Options, Partial};
use super::script::Command;
use super::transcript::unix_micros;

/// The version that `init` reports; recorded lines of this version are the model of ours.
pub(super) const VERSION: &str = "2.1.332";

/// The model that is reported unless one is asked for.
const MODEL: &str = "rehearsal";

/// Whether busy and idle are announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StateEvents {
    /// They are: the variable `CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS` asks for it.
    Announced,
    /// They are not.
    Hidden,
}

/// Writes lines to stdout. A reader that is gone ends the process, as it does the real one.
#[derive(Debug)]
pub(super) struct Speaker {
    session: String,
    partial: Partial,
    states: StateEvents,
    model: String,
    permission_mode: String,
}

/// How a turn's result line reads.
#[derive(Debug)]
pub(super) struct ResultLine<'a> {
    /// `success` or `error_during_execution`.
    pub(super) subtype: &'a str,
    /// Fields of this kind of result alone.
    pub(super) special: Value,
    /// The messages that the turn consumed.
    pub(super) messages: &'a [String],
    /// The origin of a turn that nobody asked for.
    pub(super) origin: Option<Value>,
    /// What it cost.
    pub(super) cents: u32,
    /// From the arrival of the prompt.
    pub(super) duration: Duration,
    /// How often the model would have been asked.
    pub(super) num_turns: u32,
}

impl Speaker {
    /// Makes a speaker for one conversation.
    pub(super) fn new(session: &str, options: &Options) -> Self {
        let asked = std::env::var_os("CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS");
        let is_asked = asked.is_some_and(|value| value == "1" || value == "true");
        Self {
            session: session.to_owned(),
            partial: options.partial_messages,
            states: if is_asked {
                StateEvents::Announced
            } else {
                StateEvents::Hidden
            },
            model: options.model.clone().unwrap_or_else(|| MODEL.to_owned()),
            permission_mode: options
                .permission_mode
                .clone()
                .unwrap_or_else(|| "default".into()),
        }
    }

    /// Writes bytes as they are.
    pub(super) fn raw(&self, bytes: &[u8]) {
        let mut stdout = io::stdout().lock();
        if stdout
            .write_all(bytes)
            .and_then(|()| stdout.flush())
            .is_err()
        {
            std::process::exit(1);
        }
    }

    /// Writes one line, completed by what every line carries.
    pub(super) fn line(&self, mut value: Value) {
        value["session_id"] = json!(self.session);
        if value["uuid"].is_null() {
            value["uuid"] = json!(fresh_id());
        }
        self.bare_line(&value);
    }

    /// Writes one line of the control protocol, which carries no session.
    pub(super) fn bare_line(&self, value: &Value) {
        self.raw(format!("{value}\n").as_bytes());
    }

    /// Answers the opening handshake.
    pub(super) fn initialized(&self, request: &str) {
        let commands: Vec<Value> = Command::ALL
            .iter()
            .map(|command| json!({"name": command.name(), "description": "", "argumentHint": ""}))
            .collect();
        self.control_success(
            request,
            json!({"commands": commands, "output_style": "default", "models": [],
                   "account": {"apiKeySource": "none"}, "pid": std::process::id()}),
        );
    }

    /// Answers a request.
    pub(super) fn control_success(&self, request: &str, response: Value) {
        let response = json!({"subtype": "success", "request_id": request, "response": response});
        self.bare_line(&json!({"type": "control_response", "response": response}));
    }

    /// Refuses a request of ours.
    pub(super) fn control_error(&self, request: &str, error: &str) {
        let response = json!({"subtype": "error", "request_id": request, "error": error});
        self.bare_line(&json!({"type": "control_response", "response": response}));
    }

    /// Announces busy, waiting or idle.
    pub(super) fn state(&self, state: &str) {
        if self.states == StateEvents::Announced {
            self.line(
                json!({"type": "system", "subtype": "session_state_changed", "state": state}),
            );
        }
    }

    /// Tells where a user message is.
    pub(super) fn lifecycle(&self, message: &str, state: &str) {
        self.line(json!({"type": "command_lifecycle", "command_uuid": message, "state": state}));
    }

    /// Opens a turn.
    pub(super) fn init(&self) {
        let commands: Vec<&str> = Command::ALL.iter().map(|command| command.name()).collect();
        let cwd = std::env::current_dir().unwrap_or_default();
        self.line(json!({
            "type": "system", "subtype": "init", "cwd": cwd.to_string_lossy(),
            "tools": ["Bash", "Edit", "Read", "Write"], "mcp_servers": [], "model": self.model,
            "permissionMode": self.permission_mode, "slash_commands": commands,
            "apiKeySource": "none", "claude_code_version": VERSION, "output_style": "default",
            "agents": [], "skills": [], "plugins": [],
        }));
    }

    /// Says that the model is asked.
    pub(super) fn requesting(&self, messages: &[String]) {
        if self.partial == Partial::Included {
            self.line(json!({
                "type": "system", "subtype": "status", "status": "requesting",
                "user_message_uuids": messages,
            }));
        }
    }

    /// Echoes a user message.
    pub(super) fn replay(&self, message: &str, text: &str) {
        self.line(json!({
            "type": "user", "message": {"role": "user", "content": text},
            "parent_tool_use_id": null, "uuid": message, "isReplay": true,
        }));
    }

    /// Opens a streamed text block.
    pub(super) fn text_begins(&self, id: &str) {
        let message = json!({"id": id, "type": "message", "role": "assistant",
            "model": self.model, "content": [], "usage": usage()});
        self.event(json!({"type": "message_start", "message": message}), id);
        let block = json!({"type": "text", "text": ""});
        self.event(
            json!({"type": "content_block_start", "index": 0, "content_block": block}),
            id,
        );
    }

    /// Streams a piece of text.
    pub(super) fn text_delta(&self, id: &str, text: &str) {
        let delta = json!({"type": "text_delta", "text": text});
        self.event(
            json!({"type": "content_block_delta", "index": 0, "delta": delta}),
            id,
        );
    }

    /// Says a block whole and closes its stream; `special` adds fields such as `aborted`.
    pub(super) fn text_ends(&self, id: &str, text: &str, special: Value) {
        self.assistant(id, json!({"type": "text", "text": text}), special);
        self.event(json!({"type": "content_block_stop", "index": 0}), id);
        let delta = json!({"stop_reason": "end_turn", "stop_sequence": null});
        self.event(
            json!({"type": "message_delta", "delta": delta, "usage": usage()}),
            id,
        );
        self.event(json!({"type": "message_stop"}), id);
    }

    /// Says one block of an assistant message.
    pub(super) fn assistant(&self, id: &str, block: Value, special: Value) {
        let message = json!({"id": id, "type": "message", "role": "assistant",
            "model": self.model, "content": [block], "stop_reason": null, "usage": usage()});
        let line = json!({"type": "assistant", "message": message, "parent_tool_use_id": null});
        self.line(merged(line, special));
    }

    /// Says what a tool gave back.
    pub(super) fn tool_result(&self, tool_use: &str, content: &str, special: Value) {
        let block = merged(
            json!({"type": "tool_result", "tool_use_id": tool_use, "content": content}),
            special,
        );
        self.line(json!({
            "type": "user", "message": {"role": "user", "content": [block]},
            "parent_tool_use_id": null, "tool_use_result": {"stdout": content},
        }));
    }

    /// Says that the user interrupted.
    pub(super) fn interrupted(&self) {
        let block = json!({"type": "text", "text": "[Request interrupted by user]"});
        self.line(json!({
            "type": "user", "message": {"role": "user", "content": [block]},
            "parent_tool_use_id": null,
        }));
    }

    /// Ends a turn. `rehearsal_answered_us` is when, in microseconds since 1970.
    pub(super) fn result(&self, result: ResultLine<'_>) {
        let mut line = json!({
            "type": "result", "subtype": result.subtype, "num_turns": result.num_turns,
            "duration_ms": u64::try_from(result.duration.as_millis()).unwrap_or(u64::MAX),
            "duration_api_ms": 0, "total_cost_usd": 0.0, "usage": usage(), "modelUsage": {},
            "model_usage_since_last_result": {
                "rehearsal": {"costUSD": f64::from(result.cents) / 100.0},
            },
            "permission_denials": [], "user_message_uuids": result.messages,
            "rehearsal_duration_us": u64::try_from(result.duration.as_micros()).unwrap_or(u64::MAX),
            "rehearsal_answered_us": unix_micros(),
        });
        if let Some(origin) = result.origin {
            line["origin"] = origin;
        }
        self.line(merged(line, result.special));
    }

    fn event(&self, event: Value, message: &str) {
        if self.partial == Partial::Included {
            self.line(json!({
                "type": "stream_event", "event": event, "parent_tool_use_id": null,
                "api_message_id": message,
            }));
        }
    }
}

/// Returns a random id.
pub(super) fn fresh_id() -> String {
    Uuid::new_v4().to_string()
}

fn usage() -> Value {
    json!({"input_tokens": 0, "output_tokens": 0,
           "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0})
}

fn merged(mut line: Value, special: Value) -> Value {
    if let (Value::Object(fields), Value::Object(special)) = (&mut line, special) {
        fields.extend(special);
    }
    line
}
