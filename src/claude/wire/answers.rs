//! Serde types of the agent's answers to requests of ours.

use serde::Deserialize;
use serde_json::Value;

use super::output::lenient;

/// An answer to a request of ours, or the echo of an answer of ours.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ControlResponse {
    #[serde(deserialize_with = "lenient")]
    pub response: ControlResponseBody,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ControlResponseBody {
    #[serde(deserialize_with = "lenient")]
    pub request_id: String,
    #[serde(deserialize_with = "lenient")]
    pub subtype: String,
    /// Why it is refused.
    #[serde(deserialize_with = "lenient")]
    pub error: Option<String>,
    /// What it says; its form depends on the request.
    #[serde(deserialize_with = "lenient")]
    pub response: Value,
}

impl ControlResponseBody {
    /// Returns the version that an answer to the handshake names.
    pub(crate) fn version(&self) -> Option<&str> {
        self.response.get("claude_code_version")?.as_str()
    }

    /// Returns what an answer says in fields that have a name.
    pub(crate) fn fields(self) -> ResponseFields {
        serde_json::from_value(self.response).unwrap_or_default()
    }
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ResponseFields {
    /// To a change of the model: the one that works.
    #[serde(deserialize_with = "lenient")]
    pub model: Option<String>,
    /// To a change of the mode: the one that holds.
    #[serde(deserialize_with = "lenient")]
    pub mode: Option<String>,
    /// To the question which settings hold: what is wrong with files of them.
    #[serde(deserialize_with = "lenient")]
    pub errors: Vec<SettingsError>,
    /// To the handshake, as the next two.
    #[serde(deserialize_with = "lenient")]
    pub commands: Vec<Value>,
    #[serde(deserialize_with = "lenient")]
    pub claude_code_version: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub models: Vec<ListedModel>,
}

/// What is wrong with a settings file.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct SettingsError {
    #[serde(deserialize_with = "lenient")]
    pub file: String,
    /// Where in it; may be empty.
    #[serde(deserialize_with = "lenient")]
    pub path: String,
    #[serde(deserialize_with = "lenient")]
    pub message: String,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ListedModel {
    #[serde(deserialize_with = "lenient")]
    pub value: String,
    #[serde(rename = "displayName", deserialize_with = "lenient")]
    pub display_name: String,
    #[serde(rename = "supportedEffortLevels", deserialize_with = "lenient")]
    pub supported_effort_levels: Vec<String>,
    #[serde(rename = "supportsAutoMode", deserialize_with = "lenient")]
    pub supports_auto_mode: bool,
}
