//! Serde types of what the agent asks of us.

use serde::Deserialize;
use serde_json::Value;

use super::output::lenient;

/// A question of the CLI to us.
#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct ControlRequest {
    pub request_id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub request: ControlRequestBody,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ControlRequestBody {
    #[serde(deserialize_with = "lenient")]
    pub subtype: String,
    #[serde(deserialize_with = "lenient")]
    pub tool_name: Option<String>,
    pub input: Value,
    /// Why it does not run unasked.
    #[serde(deserialize_with = "lenient")]
    pub decision_reason: Option<String>,
    /// Set when a subagent asks.
    pub agent_id: Option<Value>,
    /// Of `hook_callback`: which hook.
    #[serde(deserialize_with = "lenient")]
    pub callback_id: String,
    /// Of `elicitation`, as the next five: which server asks.
    #[serde(deserialize_with = "lenient")]
    pub mcp_server_name: String,
    /// Whether it wants values or a page opened.
    #[serde(deserialize_with = "lenient")]
    pub mode: String,
    /// The page.
    #[serde(deserialize_with = "lenient")]
    pub url: String,
    /// The values, as a JSON schema.
    pub requested_schema: Value,
    /// The order of the values.
    #[serde(deserialize_with = "lenient")]
    pub property_order: Vec<String>,
    /// Of `mcp_message`, as the next one: which server it is to.
    #[serde(deserialize_with = "lenient")]
    pub server_name: String,
    /// The JSON-RPC message; of `elicitation` the words.
    pub message: Value,
    /// What could be allowed beyond this one time.
    #[serde(deserialize_with = "lenient")]
    pub permission_suggestions: Vec<Value>,
    /// Set when a person has to look each time.
    #[serde(rename = "requiresUserInteraction")]
    pub requires_user_interaction: Value,
    /// Set when nothing is to be allowed beyond this one time.
    #[serde(rename = "suppressAlwaysAllowRule")]
    pub suppress_always_allow_rule: Value,
}

/// A question of the CLI taken back.
#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct ControlCancelRequest {
    pub request_id: String,
}
