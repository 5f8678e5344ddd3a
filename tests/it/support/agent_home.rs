//! A data folder, and rehearsal agents in it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bridge::claude::command_line::AgentOptions;
use bridge::claude::guard::Containment;
use bridge::claude::process::ClaudeLauncher;
use bridge_actors::chat_settings::{AgentSettings, Trust};
use bridge_actors::home_use::FullHome;
use bridge_actors::ids::{ChatId, ConversationId, Generation, SessionKey};
use bridge_actors::ports::{Agent, AgentLauncher, Conversation, LaunchOrder};
use bridge_texts::Language;
use tempfile::TempDir;

use super::agent_tree::BRIDGE;
use super::listener::{Reports, listener};

/// The conversation of every agent here.
pub(crate) const CONVERSATION: &str = "4be3a5a5-6a3c-4a88-8d3f-0d7d6f4f7c01";

/// A data folder and how agents are started in it.
pub(crate) struct Home {
    folder: TempDir,
    pub(crate) options: AgentOptions,
    pub(crate) containment: Containment,
    environment: Vec<(OsString, OsString)>,
}

impl Home {
    /// Makes a folder of its own for a rehearsal agent with a cleared environment.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("temp folder");
        let path = folder.path().to_owned();
        let options = AgentOptions {
            program: vec![BRIDGE.into(), "rehearse".into()],
            env_passthrough: vec!["REHEARSAL_LEDGER".into(), "REHEARSAL_START".into()],
            marker: path.display().to_string(),
            ..AgentOptions::default()
        };
        let containment = Containment::Tree;
        let home = Self {
            folder,
            options,
            containment,
            environment: Vec::new(),
        };
        let tools = std::env::var("PATH").expect("a PATH");
        home.with("PATH", &tools)
            .with("HOME", &path.display().to_string())
            .with(
                "REHEARSAL_LEDGER",
                &path.join("ledger").display().to_string(),
            )
    }

    /// Adds a variable to the environment of the bridge.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// The data folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Makes a launcher.
    pub(crate) fn launcher(&self) -> ClaudeLauncher {
        ClaudeLauncher::new(
            self.options.clone(),
            self.containment,
            PathBuf::from(BRIDGE),
        )
        .expect("a thread")
        .with_environment(self.environment.clone())
    }

    /// Orders the agent of generation 3 to open `conversation`.
    pub(crate) fn order(&self, conversation: Conversation) -> LaunchOrder {
        LaunchOrder {
            key: SessionKey::of_chat(ChatId(7)),
            room: SessionKey::of_chat(ChatId(7)),
            generation: Generation(3),
            conversation,
            folder: self.path().join("work"),
            trust: Trust::Untrusted,
            settings: AgentSettings {
                permission_mode: "default".to_owned(),
                ..AgentSettings::default()
            },
            full_home: FullHome::Refused,
            language: Language::English,
            logs_in: false,
        }
    }

    /// Launches an agent with a new conversation and listens to it.
    pub(crate) fn launch(&self) -> (Box<dyn Agent>, Reports) {
        let (recipient, reports) = listener(Duration::ZERO);
        let order = self.order(Conversation::New(ConversationId(CONVERSATION.to_owned())));
        (self.launcher().launch(order, recipient), reports)
    }
}
