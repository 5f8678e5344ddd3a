//! What a turn used, as the result line says it.

use serde::Deserialize;

use super::output::lenient;

/// How many tokens went in and out.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct TokenUsage {
    #[serde(deserialize_with = "lenient")]
    pub input_tokens: u64,
    #[serde(deserialize_with = "lenient")]
    pub output_tokens: u64,
    #[serde(deserialize_with = "lenient")]
    pub cache_creation_input_tokens: u64,
    #[serde(deserialize_with = "lenient")]
    pub cache_read_input_tokens: u64,
}

impl TokenUsage {
    /// Returns all of them.
    pub(crate) fn tokens(&self) -> u64 {
        let cached = [
            self.cache_creation_input_tokens,
            self.cache_read_input_tokens,
        ];
        let all = [self.input_tokens, self.output_tokens]
            .into_iter()
            .chain(cached);
        all.fold(0, u64::saturating_add)
    }
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ModelUsage {
    #[serde(rename = "costUSD", deserialize_with = "lenient")]
    pub cost_usd: f64,
    /// How many tokens its context holds.
    #[serde(rename = "contextWindow", deserialize_with = "lenient")]
    pub context_window: u64,
}
