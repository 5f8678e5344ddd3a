//! The configuration: `bridge.toml`, overridden by the environment.

mod duration;
mod keys;
mod load;
mod problem;
mod values;

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

pub use keys::{KEYS, Key, Kind};
pub use load::{LoadOptions, Loaded, Source, load};
pub use problem::{ConfigErrors, Problem};

/// Every setting. A value that was loaded is valid; see each field for its bounds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[telegram]`
    pub telegram: TelegramConfig,
    /// `[claude]`
    pub claude: ClaudeConfig,
    /// `[workspace]`
    pub workspace: WorkspaceConfig,
    /// `[single_user]`
    pub single_user: SingleUserConfig,
    /// `[limits]`
    pub limits: LimitsConfig,
    /// `[storage]`
    pub storage: StorageConfig,
    /// `[log]`
    pub log: LogConfig,
}

/// How Telegram is reached.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelegramConfig {
    /// The bot's token, from the file, `token_file` or the environment; empty when none is set.
    pub token: Secret,
    /// The file that holds the token, if it is kept in one.
    pub token_file: String,
    /// The address of the Bot API.
    pub api_url: String,
    /// How long a poll waits for news, 1 s to 50 s.
    #[serde(deserialize_with = "duration::deserialize")]
    pub poll_timeout: Duration,
}

/// How agents run.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaudeConfig {
    /// The program.
    pub binary: String,
    /// Appended to its arguments as they are.
    pub extra_args: Vec<String>,
    /// Empty for Claude's own default.
    pub model: String,
    /// Empty for Claude's own default.
    pub effort: String,
    /// One of Claude's permission modes.
    pub permission_mode: String,
    /// Empty for none.
    pub append_system_prompt: String,
    /// Tool rules that run unasked.
    pub allowed_tools: Vec<String>,
    /// Tool rules that never run.
    pub disallowed_tools: Vec<String>,
    /// Further variables for the agent.
    pub env_passthrough: Vec<String>,
    /// How long an agent may take to start.
    #[serde(deserialize_with = "duration::deserialize")]
    pub start_timeout: Duration,
    /// How long a turn may show no sign of life.
    #[serde(deserialize_with = "duration::deserialize")]
    pub silence_limit: Duration,
    /// How long an agent may be idle before it is ended.
    #[serde(deserialize_with = "duration::deserialize")]
    pub idle_timeout: Duration,
    /// Agents alive at once, 1 to 1000.
    pub max_live: usize,
}

/// Where agents work.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceConfig {
    /// The folder; absolute once loaded.
    pub dir: PathBuf,
}

/// Whose bridge this is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SingleUserConfig {
    /// The owner's Telegram id; 0 when it is to be claimed.
    pub chat_id: i64,
    /// The one-number file of older bridges; empty for none, absolute once loaded.
    pub chat_id_file: PathBuf,
}

/// What one chat may ask for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsConfig {
    /// Prompts that may wait in a chat, 1 to 1000.
    pub queued_prompts: usize,
}

/// Where the bridge keeps what it must not forget.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageConfig {
    /// The data folder; absolute once loaded.
    pub dir: PathBuf,
}

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// A filter in tracing's syntax.
    pub level: String,
    /// How a line looks.
    pub format: LogFormat,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text from being shown.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Returns the text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() {
            "\"\""
        } else {
            "[redacted]"
        })
    }
}

#[cfg(test)]
mod tests;
