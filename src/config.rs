//! `Config`: every setting of `bridge.toml`, its default, and the one way to load it.
//!
//! The folder `config/` does the steps: `file` and `layers` find and read what was written, `tree`
//! checks it against the known `keys`, `values` gives it types, `check` looks at what is possible
//! together. Every step goes on after a problem, so that all of them are told at once.

mod check;
mod credentials;
mod file;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod isolation;
mod keys;
mod layers;
mod load;
mod problem;
mod secret;
mod tree;
mod values;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bridge_actors::ids::{ChatId, UserId};
use bridge_actors::money::MicroDollars;
use bridge_actors::user_registry::Strangers;
use serde::Deserialize;

use crate::claude::guard::Level;
use crate::isolation::Holding;

pub(crate) use check::rooms;
pub use credentials::Credentials;
pub use isolation::{Egress, Isolation};
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
    /// Who else may use it.
    pub multi_user: MultiUser,
    /// What chats have of their own, by their ids.
    #[serde(deserialize_with = "values::chats")]
    pub users: BTreeMap<ChatId, UserOverrides>,
    /// What rooms are opened for.
    pub isolation: Isolation,
    /// What one chat may ask for.
    pub limits: Limits,
    /// What becomes of files that people send.
    pub files: Files,
    /// What becomes of what people say in voice messages.
    pub voice: Voice,
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
    /// How strong the wall around agents is; `None` leaves it to how many share the bridge.
    #[serde(deserialize_with = "values::isolation")]
    pub isolation: Option<Level>,
    /// How the processes of an agent are held together.
    #[serde(deserialize_with = "values::containment")]
    pub containment: Holding,
    /// Where the login of agents behind a wall is: `env:NAME` or `file:PATH`.
    pub credentials: Credentials,
    /// How long an agent may take to be ready.
    #[serde(deserialize_with = "values::duration")]
    pub start_timeout: Duration,
    /// How long a turn may pass without any sign of life.
    #[serde(deserialize_with = "values::duration")]
    pub silence_limit: Duration,
    /// How long a person may take to answer what Claude asks.
    #[serde(deserialize_with = "values::duration")]
    pub permission_timeout: Duration,
    /// How long an agent without work stays alive.
    #[serde(deserialize_with = "values::duration")]
    pub idle_timeout: Duration,
    /// How long running turns may go on when the bridge is told to stop.
    #[serde(deserialize_with = "values::duration")]
    pub shutdown_grace: Duration,
    /// How many agents may be alive at once: 1 to 1000.
    pub max_live: usize,
}

/// `[workspace]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Workspace {
    /// Where the agent works; an existing folder, absolute after loading.
    pub dir: PathBuf,
    /// Whether each chat of a bridge with many people works in a folder of its own below `dir`.
    pub per_user: bool,
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

/// `[multi_user]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MultiUser {
    /// Whether many people share the bridge.
    pub enabled: bool,
    /// Whoever may come in; empty: the list keeps nobody out.
    #[serde(deserialize_with = "values::people")]
    pub allowed_users: BTreeSet<UserId>,
    /// Whoever may never come in; beats everything.
    #[serde(deserialize_with = "values::people")]
    pub denied_users: BTreeSet<UserId>,
    /// Whoever may always come in and manage the bridge.
    #[serde(deserialize_with = "values::people")]
    pub admin_users: BTreeSet<UserId>,
    /// What is done about people who are neither listed nor known.
    #[serde(deserialize_with = "values::strangers")]
    pub strangers: Strangers,
}

/// `[users.<id>]`: what one chat has of its own; `None` is what holds for all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserOverrides {
    /// Where its agent works; an existing folder, absolute after loading.
    pub dir: Option<PathBuf>,
    /// The model.
    pub model: Option<String>,
    /// How hard it thinks.
    #[serde(deserialize_with = "values::optional_effort")]
    pub effort: Option<String>,
    /// What runs unasked.
    #[serde(deserialize_with = "values::optional_permission_mode")]
    pub permission_mode: Option<PermissionMode>,
    /// What the agent is told beyond its own instructions.
    pub append_system_prompt: Option<String>,
    /// Tool rules that run unasked.
    pub allowed_tools: Option<Vec<String>>,
    /// Tool rules that never run.
    pub disallowed_tools: Option<Vec<String>>,
    /// Further paths that its room reads; absolute.
    pub read: Vec<PathBuf>,
    /// Further paths where its room writes; absolute.
    pub write: Vec<PathBuf>,
    /// What the person may spend in a day.
    #[serde(deserialize_with = "values::dollars")]
    pub cost_per_day: Option<MicroDollars>,
    /// How many turns the person may have in a day.
    #[serde(deserialize_with = "values::turns")]
    pub turns_per_day: Option<u64>,
}

/// `[limits]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// How many prompts of a chat may wait: 1 to 1000.
    pub queued_prompts: usize,
    /// How many messages a person may send in a minute: 1 to 1000.
    pub messages_per_minute: u32,
    /// The largest file that a person may send, in bytes.
    #[serde(deserialize_with = "values::size")]
    pub max_file_size: u64,
    /// How much the files of a chat may take together, in bytes.
    #[serde(deserialize_with = "values::size")]
    pub files_per_chat: u64,
    /// Whether Claude goes on by itself when a limit of the API has ended.
    pub resume_at_reset: bool,
    /// How much the home of a walled room may take, in bytes.
    #[serde(deserialize_with = "values::size_or_none")]
    pub home_per_chat: Option<u64>,
    /// What all people together may spend in a day.
    #[serde(deserialize_with = "values::dollars")]
    pub cost_per_day: Option<MicroDollars>,
}

/// `[files]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Files {
    /// How long what people send is kept.
    #[serde(deserialize_with = "values::long_duration")]
    pub keep: Duration,
}

/// `[voice]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Voice {
    /// The program that writes down what is said in a file, and its arguments; empty for none.
    pub transcribe: Vec<String>,
    /// Whether a transcript waits for a person's word before it runs.
    pub confirm: bool,
    /// How long the program may take for one file.
    #[serde(deserialize_with = "values::duration")]
    pub timeout: Duration,
    /// The longest recording that is transcribed.
    #[serde(deserialize_with = "values::duration")]
    pub max_length: Duration,
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
    /// Makes the paths that are still relative, which are those of the defaults, absolute; an
    /// empty one stays empty, to be refused.
    #[must_use]
    pub fn rooted_at(mut self, folder: &Path) -> Self {
        for path in [&mut self.workspace.dir, &mut self.storage.dir] {
            if !path.as_os_str().is_empty() {
                *path = layers::join(folder, path);
            }
        }
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
            isolation: None,
            containment: Holding::Strongest,
            credentials: Credentials::default(),
            start_timeout: Duration::from_mins(1),
            silence_limit: Duration::from_mins(10),
            permission_timeout: Duration::from_mins(30),
            idle_timeout: Duration::from_mins(15),
            shutdown_grace: Duration::from_secs(20),
            max_live: 8,
        }
    }
}

impl Default for Workspace {
    fn default() -> Self {
        Self {
            dir: PathBuf::from("."),
            per_user: true,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            queued_prompts: 16,
            messages_per_minute: 30,
            max_file_size: 20 * values::MEGABYTE,
            files_per_chat: 1024 * values::MEGABYTE,
            resume_at_reset: false,
            home_per_chat: Some(5 * 1024 * values::MEGABYTE),
            cost_per_day: None,
        }
    }
}

impl Default for Files {
    fn default() -> Self {
        Self {
            keep: Duration::from_hours(14 * 24),
        }
    }
}

impl Default for Voice {
    fn default() -> Self {
        Self {
            transcribe: Vec::new(),
            confirm: false,
            timeout: Duration::from_mins(10),
            max_length: Duration::from_mins(30),
        }
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
