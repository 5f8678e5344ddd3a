//! `Config`: every setting of `bridge.toml`, its default, and the one way to load it.
//!
//! The folder `config/` does the steps: `layers` find and read what was written, `tree` checks
//! it against the known `keys`, `values` gives it types, `check` looks at what is possible
//! together. Every step goes on after a problem, so that all of them are told at once.

mod check;
mod keys;
mod layers;
mod load;
mod problem;
mod secret;
mod tree;
mod values;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use bridge_actors::ids::ChatId;
use serde::Deserialize;

pub use load::{LoadOptions, Loaded, Sources, TokenNeed};
pub use problem::{ConfigErrors, Problem};
pub use secret::{REDACTED, Secret, scrub};
pub use values::{LogFormat, PermissionMode};

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How Telegram is reached.
    pub telegram: Telegram,
    /// How agents are started and how long they may take.
    pub claude: Claude,
    /// Where agents work.
    pub workspace: Workspace,
    /// Whose bridge this is.
    pub single_user: SingleUser,
    /// What one chat may ask for.
    pub limits: Limits,
    /// Where the bridge keeps its own files.
    pub storage: Storage,
    /// What is logged, and how.
    pub log: Log,
}

/// `[telegram]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telegram {
    /// The bot token; after loading it holds what `token_file` contains, too.
    #[serde(deserialize_with = "values::optional_secret")]
    pub token: Option<Secret>,
    /// A file that holds the token.
    #[serde(deserialize_with = "values::optional_path")]
    pub token_file: Option<PathBuf>,
    /// The Bot API, without a slash at the end.
    pub api_url: String,
    /// How long Telegram holds a poll without news: whole seconds from 1 to 50.
    #[serde(deserialize_with = "values::duration")]
    pub poll_timeout: Duration,
}

/// `[claude]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Claude {
    /// The program: a name that is looked up on `PATH`, or an absolute path.
    pub binary: PathBuf,
    /// Appended as they are.
    pub extra_args: Vec<String>,
    /// Empty for Claude's own default.
    pub model: String,
    /// Empty for Claude's own default.
    #[serde(deserialize_with = "values::effort")]
    pub effort: String,
    /// What runs unasked.
    #[serde(deserialize_with = "values::permission_mode")]
    pub permission_mode: PermissionMode,
    /// Empty for none.
    pub append_system_prompt: String,
    /// Tool rules that run unasked.
    pub allowed_tools: Vec<String>,
    /// Tool rules that never run.
    pub disallowed_tools: Vec<String>,
    /// Names of further variables that the agent may see.
    pub env_passthrough: Vec<String>,
    /// How long an agent may take to be ready.
    #[serde(deserialize_with = "values::duration")]
    pub start_timeout: Duration,
    /// How long a turn may pass without any sign of life.
    #[serde(deserialize_with = "values::duration")]
    pub silence_limit: Duration,
    /// How long an agent without work stays alive.
    #[serde(deserialize_with = "values::duration")]
    pub idle_timeout: Duration,
    /// How many agents may be alive at once: 1 to 1000.
    pub max_live: usize,
}

/// `[workspace]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Workspace {
    /// Where the agent works; an existing folder, absolute after loading.
    pub dir: PathBuf,
}

/// `[single_user]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SingleUser {
    /// The owner's private chat; `None` until the bridge is claimed.
    #[serde(deserialize_with = "values::optional_chat")]
    pub chat_id: Option<ChatId>,
    /// A one-number file of older bridges: read at start, written at claim.
    #[serde(deserialize_with = "values::optional_path")]
    pub chat_id_file: Option<PathBuf>,
}

/// `[limits]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// How many prompts of a chat may wait: 1 to 1000.
    pub queued_prompts: usize,
}

/// `[storage]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    /// The data folder; absolute after loading, made when it is missing.
    pub dir: PathBuf,
}

/// `[log]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// A filter in tracing's syntax.
    pub level: String,
    /// How a line looks.
    #[serde(deserialize_with = "values::log_format")]
    pub format: LogFormat,
}

impl Config {
    /// Makes the paths that are still relative, which are those of the defaults, absolute.
    #[must_use]
    pub fn rooted_at(mut self, folder: &Path) -> Self {
        self.workspace.dir = layers::join(folder, &self.workspace.dir);
        self.storage.dir = layers::join(folder, &self.storage.dir);
        self
    }
}

impl Default for Telegram {
    fn default() -> Self {
        Self {
            token: None,
            token_file: None,
            api_url: "https://api.telegram.org".to_owned(),
            poll_timeout: Duration::from_secs(50),
        }
    }
}

impl Default for Claude {
    fn default() -> Self {
        Self {
            binary: PathBuf::from("claude"),
            extra_args: Vec::new(),
            model: String::new(),
            effort: String::new(),
            permission_mode: PermissionMode::Default,
            append_system_prompt: String::new(),
            allowed_tools: Vec::new(),
            disallowed_tools: Vec::new(),
            env_passthrough: Vec::new(),
            start_timeout: Duration::from_mins(1),
            silence_limit: Duration::from_mins(10),
            idle_timeout: Duration::from_mins(15),
            max_live: 8,
        }
    }
}

impl Default for Workspace {
    fn default() -> Self {
        Self {
            dir: PathBuf::from("."),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { queued_prompts: 16 }
    }
}

impl Default for Storage {
    fn default() -> Self {
        Self {
            dir: PathBuf::from("data"),
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
            format: LogFormat::Text,
        }
    }
}
