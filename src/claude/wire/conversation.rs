//! Serde types of what the agent's lines say of a conversation that became another one.

use serde::Deserialize;

use super::output::lenient;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct CompactMetadata {
    #[serde(deserialize_with = "lenient")]
    pub trigger: String,
    #[serde(deserialize_with = "lenient")]
    pub pre_tokens: u64,
    #[serde(deserialize_with = "lenient")]
    pub post_tokens: Option<u64>,
}

/// The conversation is another one.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ResetLine {
    #[serde(deserialize_with = "lenient")]
    pub trigger: String,
}
