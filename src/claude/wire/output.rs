//! Serde types of the agent's output lines: read by key, and only what the bridge uses.
//!
//! A field that is missing or of another type than expected counts as absent: the format grows
//! and shifts between versions, and one odd field must not cost the rest of its line.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::answers::ControlResponse;
use super::conversation::{CompactMetadata, ResetLine};
use super::mend::{self, Mended};
use super::requests::{ControlCancelRequest, ControlRequest};
use super::timers::{LifecycleLine, ToolOutcome};
use super::usage::{ModelUsage, TokenUsage};

/// One line of output.
#[derive(Debug, PartialEq)]
pub(crate) enum OutputLine {
    System(SystemLine),
    Assistant(AssistantLine),
    User(UserLine),
    StreamEvent(StreamLine),
    Result(Box<ResultLine>),
    ControlRequest(ControlRequest),
    /// A request of which a part cannot be read, and is missing.
    BrokenRequest(ControlRequest),
    ControlResponse(ControlResponse),
    ControlCancelRequest(ControlCancelRequest),
    RateLimit(RateLimitLine),
    ConversationReset(ResetLine),
    /// A kind that is known and has nothing to tell but that the agent is alive.
    SignOfLife,
    /// What becomes of something that it works on.
    Lifecycle(LifecycleLine),
    /// A kind that is not known.
    Unknown {
        kind: String,
    },
}

/// Kinds of line whose content the bridge has no use for.
const SIGNS_OF_LIFE: &[&str] = &[
    "tool_progress",
    "tool_use_summary",
    "auth_status",
    "prompt_suggestion",
    "keep_alive",
];

/// News about the process and its conversation.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct SystemLine {
    #[serde(deserialize_with = "lenient")]
    pub subtype: String,
    #[serde(deserialize_with = "lenient")]
    pub session_id: Option<String>,
    /// Of `init`, as the next one.
    #[serde(deserialize_with = "lenient")]
    pub slash_commands: Vec<Value>,
    /// Of `init`: its MCP servers, by name and status.
    #[serde(deserialize_with = "lenient")]
    pub mcp_servers: Vec<Value>,
    #[serde(deserialize_with = "lenient")]
    pub claude_code_version: Option<String>,
    /// Of `init`: where it works.
    #[serde(deserialize_with = "lenient")]
    pub cwd: Option<String>,
    /// Of `init` and `status`: the mode that is in force.
    #[serde(rename = "permissionMode", deserialize_with = "lenient")]
    pub permission_mode: Option<String>,
    /// Of `session_state_changed`.
    #[serde(deserialize_with = "lenient")]
    pub state: Option<String>,
    /// Of `api_retry`, as the next four.
    #[serde(deserialize_with = "lenient")]
    pub attempt: u32,
    #[serde(deserialize_with = "lenient")]
    pub max_retries: u32,
    /// A whole number or a fraction, depending on the version.
    #[serde(deserialize_with = "lenient")]
    pub retry_delay_ms: f64,
    #[serde(deserialize_with = "lenient")]
    pub error_status: Option<u16>,
    #[serde(deserialize_with = "lenient")]
    pub error: Option<String>,
    /// Of `task_started` and `task_notification`.
    #[serde(deserialize_with = "lenient")]
    pub task_id: Option<String>,
    /// Of `task_started`, as the next two; the last says whether it outlasts its turn.
    #[serde(deserialize_with = "lenient")]
    pub description: String,
    #[serde(deserialize_with = "lenient")]
    pub task_type: String,
    #[serde(deserialize_with = "lenient")]
    pub is_backgrounded: bool,
    /// Of `background_tasks_changed`: all that run.
    #[serde(deserialize_with = "lenient")]
    pub tasks: Vec<BackgroundTask>,
    /// Of `model_fallback`, as the next one.
    #[serde(deserialize_with = "lenient")]
    pub original_model: String,
    #[serde(deserialize_with = "lenient")]
    pub fallback_model: String,
    /// Of `session_writes_lost`; the next one of `compact_boundary`.
    #[serde(deserialize_with = "lenient")]
    pub error_code: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub compact_metadata: CompactMetadata,
}

/// A tool result, a synthetic note to the model, or the echo of a prompt of ours.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct UserLine {
    #[serde(deserialize_with = "lenient")]
    pub uuid: Option<String>,
    /// Set on an echo.
    #[serde(rename = "isReplay", deserialize_with = "lenient")]
    pub is_replay: bool,
    #[serde(deserialize_with = "lenient")]
    pub message: UserMessage,
    #[serde(deserialize_with = "lenient")]
    pub tool_use_result: ToolOutcome,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct UserMessage {
    #[serde(deserialize_with = "lenient")]
    pub content: Vec<ToolResult>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ToolResult {
    #[serde(deserialize_with = "lenient")]
    pub tool_use_id: String,
}

/// One finished block of an answer.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct AssistantLine {
    #[serde(deserialize_with = "lenient")]
    pub uuid: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub message: AssistantMessage,
    /// The kind of failure, where the CLI speaks and not the model.
    #[serde(deserialize_with = "lenient")]
    pub error: Option<String>,
    /// What a command of the CLI printed, with the stream in a tag.
    #[serde(deserialize_with = "lenient")]
    pub local_command_source: Option<String>,
    /// Set when the message belongs to a subagent.
    pub parent_tool_use_id: Option<Value>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct AssistantMessage {
    #[serde(deserialize_with = "lenient")]
    pub id: String,
    #[serde(deserialize_with = "lenient")]
    pub model: String,
    #[serde(deserialize_with = "lenient")]
    pub content: Vec<Value>,
    #[serde(deserialize_with = "lenient")]
    pub usage: Usage,
}

/// What a call of the model read and wrote, in tokens.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Usage {
    #[serde(deserialize_with = "lenient")]
    pub input_tokens: u64,
    #[serde(deserialize_with = "lenient")]
    pub cache_read_input_tokens: u64,
    #[serde(deserialize_with = "lenient")]
    pub cache_creation_input_tokens: u64,
    #[serde(deserialize_with = "lenient")]
    pub output_tokens: u64,
}

/// A block of an answer that means something to the bridge.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Content {
    Text {
        text: String,
    },
    #[serde(alias = "server_tool_use", alias = "mcp_tool_use")]
    ToolUse {
        name: String,
        #[serde(default)]
        input: Value,
    },
    #[serde(other)]
    Other,
}

/// A piece of the raw API stream.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct StreamLine {
    #[serde(deserialize_with = "lenient")]
    pub event: StreamEvent,
    /// Set when the stream belongs to a subagent.
    pub parent_tool_use_id: Option<Value>,
}

/// What is read of the raw API stream.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(from = "RawStreamEvent")]
pub(crate) enum StreamEvent {
    MessageStart,
    TextDelta(String),
    #[default]
    Other,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawStreamEvent {
    #[serde(rename = "type", deserialize_with = "lenient")]
    kind: String,
    #[serde(deserialize_with = "lenient")]
    delta: RawDelta,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawDelta {
    #[serde(rename = "type", deserialize_with = "lenient")]
    kind: String,
    #[serde(deserialize_with = "lenient")]
    text: String,
}

impl From<RawStreamEvent> for StreamEvent {
    fn from(raw: RawStreamEvent) -> Self {
        match (raw.kind.as_str(), raw.delta.kind.as_str()) {
            ("message_start", _) => Self::MessageStart,
            ("content_block_delta", "text_delta") => Self::TextDelta(raw.delta.text),
            _ => Self::Other,
        }
    }
}

/// The end of a turn.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ResultLine {
    #[serde(deserialize_with = "lenient")]
    pub subtype: String,
    #[serde(deserialize_with = "lenient")]
    pub is_error: bool,
    #[serde(deserialize_with = "lenient")]
    pub terminal_reason: Option<String>,
    /// Why the model said no more.
    #[serde(deserialize_with = "lenient")]
    pub stop_reason: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub api_error_status: Option<u16>,
    /// Missing where `errors` is given.
    #[serde(deserialize_with = "lenient")]
    pub result: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub errors: Vec<String>,
    #[serde(deserialize_with = "lenient")]
    pub origin: Origin,
    #[serde(deserialize_with = "lenient")]
    pub session_id: Option<String>,
    /// Not in every version.
    #[serde(deserialize_with = "lenient")]
    pub user_message_uuids: Option<Vec<String>>,
    #[serde(deserialize_with = "lenient")]
    pub duration_ms: f64,
    #[serde(deserialize_with = "lenient")]
    pub total_cost_usd: f64,
    /// Of the turn alone.
    #[serde(deserialize_with = "lenient")]
    pub usage: TokenUsage,
    /// When the login ends, in ISO 8601; only of a login of claude.ai whose end is known.
    #[serde(deserialize_with = "lenient")]
    pub credential_expires_at: Option<String>,
    /// By model, of the turn alone. Not in every version.
    #[serde(deserialize_with = "lenient")]
    pub model_usage_since_last_result: Option<BTreeMap<String, ModelUsage>>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Origin {
    #[serde(deserialize_with = "lenient")]
    pub kind: String,
}

/// Something that is done in the background.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct BackgroundTask {
    #[serde(deserialize_with = "lenient")]
    pub task_id: String,
    #[serde(deserialize_with = "lenient")]
    pub task_type: String,
    #[serde(deserialize_with = "lenient")]
    pub description: String,
}

/// News about how much may still be used.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct RateLimitLine {
    #[serde(deserialize_with = "lenient")]
    pub rate_limit_info: RateLimitInfo,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct RateLimitInfo {
    #[serde(deserialize_with = "lenient")]
    pub status: String,
    /// In seconds since 1970.
    #[serde(rename = "resetsAt", deserialize_with = "lenient")]
    pub resets_at: Option<i64>,
    /// Each limit by its name, such as `five_hour`.
    #[serde(rename = "unifiedWindows", deserialize_with = "lenient")]
    pub windows: BTreeMap<String, RateLimitWindow>,
}

/// How much of a limit is used.
#[derive(Debug, Default, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct RateLimitWindow {
    /// From 0 to 1, or beyond.
    #[serde(deserialize_with = "lenient")]
    pub utilization: f64,
    /// In seconds since 1970.
    #[serde(rename = "resetsAt", deserialize_with = "lenient")]
    pub resets_at: Option<i64>,
}

impl OutputLine {
    /// Reads a line; `None` when it is not a JSON object that names its type. A field that cannot
    /// be read counts as absent, but a request without one is another request.
    pub(crate) fn parse(line: &[u8]) -> Option<Self> {
        let whole = serde_json::from_slice(line).map(|object| Mended {
            object,
            is_whole: true,
        });
        let Mended { object, is_whole } = whole.ok().or_else(|| mend::object(line))?;
        let kind = object.get("type")?.as_str()?.to_owned();
        let known = match kind.as_str() {
            "system" => to(object).map(Self::System),
            "user" => to(object).map(Self::User),
            "assistant" => to(object).map(Self::Assistant),
            "stream_event" => to(object).map(Self::StreamEvent),
            "result" => to(object).map(Box::new).map(Self::Result),
            "control_request" if is_whole => to(object).map(Self::ControlRequest),
            "control_request" => to(object).map(Self::BrokenRequest),
            "control_response" => to(object).map(Self::ControlResponse),
            "control_cancel_request" => to(object).map(Self::ControlCancelRequest),
            "rate_limit_event" => to(object).map(Self::RateLimit),
            "conversation_reset" => to(object).map(Self::ConversationReset),
            "command_lifecycle" => to(object).map(Self::Lifecycle),
            other if SIGNS_OF_LIFE.contains(&other) => Some(Self::SignOfLife),
            _ => None,
        };
        Some(known.unwrap_or(Self::Unknown { kind }))
    }
}

fn to<T: DeserializeOwned>(object: Map<String, Value>) -> Option<T> {
    serde_json::from_value(Value::Object(object)).ok()
}

pub(super) fn lenient<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}
