//! Pure: what each chat's session goes by, from the configuration.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::chat_settings::{AgentSettings, HostSettings, Wall};
use crate::ids::ChatId;
use crate::session::policy::Policy;

/// What one session goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionSettings {
    /// The limits.
    pub policy: Policy,
    /// Where its agent works.
    pub folder: PathBuf,
    /// What its agent is started with.
    pub agent: AgentSettings,
    /// Changes with what all agents are started with beside that.
    pub epoch: u64,
}

/// The settings of every chat: those that hold for all, and where a chat has its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsBook {
    /// The limits.
    pub policy: Policy,
    /// Which folder belongs to whom.
    pub folders: Folders,
    /// What agents are started with unless a chat has its own.
    pub agent: AgentSettings,
    /// What chats have of their own.
    pub own: HashMap<ChatId, OwnSettings>,
    /// Changes with what all agents are started with beside that: the program, its environment.
    pub epoch: u64,
}

/// Which folder belongs to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Folders {
    /// Everybody works in this one.
    Shared(PathBuf),
    /// Each chat works in a folder below this one, named by its id.
    PerChat {
        /// The folder above.
        root: PathBuf,
        /// Whoever owned the bridge before it had many users goes on where they were: in the
        /// folder above itself.
        owner: Option<ChatId>,
    },
}

/// What one chat has of its own; `None` is what holds for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnSettings {
    /// Where its agent works.
    pub folder: Option<PathBuf>,
    /// Whether its agent goes by what the host's user has set for Claude.
    pub host_settings: Option<HostSettings>,
    /// What keeps its agent to its room.
    pub wall: Option<Wall>,
    /// The model.
    pub model: Option<String>,
    /// How hard it thinks.
    pub effort: Option<String>,
    /// What runs unasked.
    pub permission_mode: Option<String>,
    /// What the agent is told beyond its own instructions.
    pub append_system_prompt: Option<String>,
    /// Tool rules that run unasked.
    pub allowed_tools: Option<Vec<String>>,
    /// Tool rules that never run.
    pub disallowed_tools: Option<Vec<String>>,
}

impl SettingsBook {
    /// Returns what the session of a chat goes by.
    pub fn of(&self, chat: ChatId) -> SessionSettings {
        let nothing = OwnSettings::default();
        let own = self.own.get(&chat).unwrap_or(&nothing);
        let folder = own.folder.clone();
        SessionSettings {
            policy: self.policy,
            folder: folder.unwrap_or_else(|| self.folders.of(chat)),
            agent: own.over(&self.agent),
            epoch: self.epoch,
        }
    }

    /// Lets the agent of one chat go by what the host's user has set for Claude.
    pub fn keep_host_settings(&mut self, chat: ChatId) {
        let own = self.own.entry(chat).or_default();
        own.host_settings = Some(HostSettings::Kept);
    }
}

impl Folders {
    fn of(&self, chat: ChatId) -> PathBuf {
        match self {
            Self::Shared(folder) => folder.clone(),
            Self::PerChat { root, owner } if *owner == Some(chat) => root.clone(),
            Self::PerChat { root, .. } => root.join(chat.to_string()),
        }
    }
}

impl OwnSettings {
    fn over(&self, all: &AgentSettings) -> AgentSettings {
        let text = |own: &Option<String>, all: &String| own.clone().unwrap_or_else(|| all.clone());
        let rules = |own: &Option<Vec<String>>, all: &Vec<String>| {
            own.clone().unwrap_or_else(|| all.clone())
        };
        AgentSettings {
            host_settings: self.host_settings.unwrap_or(all.host_settings),
            wall: self.wall.unwrap_or(all.wall),
            model: text(&self.model, &all.model),
            effort: text(&self.effort, &all.effort),
            permission_mode: text(&self.permission_mode, &all.permission_mode),
            append_system_prompt: text(&self.append_system_prompt, &all.append_system_prompt),
            allowed_tools: rules(&self.allowed_tools, &all.allowed_tools),
            disallowed_tools: rules(&self.disallowed_tools, &all.disallowed_tools),
        }
    }
}

#[cfg(test)]
mod tests;
