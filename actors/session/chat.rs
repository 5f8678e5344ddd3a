//! What is known of a chat whether an agent runs or not: its record, what it goes by, what Claude
//! listed, what it chooses, its list of tasks, its sleep.

pub mod choices;
mod choosing;
mod home;
mod login;
mod memory;
mod record;
mod sleep;
mod tasklist;
pub mod tasks;
mod timers;
mod told;

pub(in crate::session) use choosing::{Chosen, Reach, Trusting};
pub(in crate::session) use record::Outdated;
pub(in crate::session) use sleep::Sleep;

use std::collections::BTreeMap;

use crate::agent_event::Model;
use crate::chat_settings::Setting;
use crate::clock::{Time, UnixSeconds};
use crate::ids::ConversationId;
use crate::ports::SessionRecord;
use crate::session::policy::Policy;
use crate::session::settings::SessionSettings;

use choices::Picker;
use home::Home;
use memory::Recent;
use tasklist::Tasks;
use timers::Clockwork;

/// A chat, as its session knows it.
#[derive(Debug)]
pub(in crate::session) struct Chat {
    /// What the next agent is started with.
    settings: SessionSettings,
    record: SessionRecord,
    /// The conversation in which an earlier run began, and which nobody may know to exist.
    begun_conversation: Option<ConversationId>,
    listed: Listed,
    /// The open message with values to choose from.
    picker: Option<Picker>,
    tasks: Tasks,
    clockwork: Clockwork,
    home: Home,
    /// Since when nothing at all has happened, while there is no agent and nothing to do.
    asleep_since: Option<Time>,
    /// What is known of the agent that runs.
    agent: AgentFacts,
    recent: Recent,
}

/// What an agent said of itself that holds while it runs.
#[derive(Debug, Default)]
struct AgentFacts {
    /// The mode it has changed to.
    mode: Option<String>,
    /// The mode it had changed to before another one was chosen that it has not taken yet.
    mode_before: Option<String>,
    /// How many changes of the mode it has not answered.
    n_modes_asked: usize,
    /// What each setting that was changed since had been before, or what it took last.
    took: BTreeMap<Setting, Option<String>>,
    /// Where it works, if that is not the session's folder.
    elsewhere: Option<String>,
    /// Whether the person knows that it cannot write down what is said.
    is_loss_told: bool,
    /// When its login ends, or up to three days earlier.
    login_ends: Option<UnixSeconds>,
}

/// What Claude listed last.
#[derive(Debug, Default)]
struct Listed {
    models: Vec<Model>,
    commands: Vec<String>,
    version: Option<String>,
    /// The oldest version with which every promise holds, where this one is older.
    minimum: Option<String>,
}

impl Chat {
    /// Returns a chat that was stored as `record`.
    pub(in crate::session) fn new(settings: SessionSettings, record: SessionRecord) -> Self {
        Self {
            settings,
            record,
            begun_conversation: None,
            listed: Listed::default(),
            picker: None,
            tasks: Tasks::default(),
            clockwork: Clockwork::default(),
            home: Home::default(),
            asleep_since: None,
            agent: AgentFacts::default(),
            recent: Recent::default(),
        }
    }

    /// Returns the limits that hold.
    pub(in crate::session) fn policy(&self) -> &Policy {
        &self.settings.policy
    }

    /// Takes in what an agent that begins lists.
    pub(in crate::session) fn on_ready(
        &mut self,
        commands: Vec<String>,
        version: Option<String>,
        models: Vec<Model>,
    ) {
        self.listed = Listed {
            models,
            commands,
            version: version.or(self.listed.version.take()),
            // Which version it is may have been told before.
            minimum: self.listed.minimum.take(),
        };
    }

    /// Takes in the commands that hold for a turn, where Claude says so.
    pub(in crate::session) fn on_commands(&mut self, commands: Vec<String>) {
        if !commands.is_empty() {
            self.listed.commands = commands;
        }
    }

    /// Tells whether Claude lists a command.
    pub(in crate::session) fn knows_command(&self, word: &str) -> bool {
        self.listed.commands.iter().any(|known| known == word)
    }

    /// Returns the commands that Claude lists; none before it has.
    pub(in crate::session) fn listed_commands(&self) -> &[String] {
        &self.listed.commands
    }

    /// Notes that this version is older than the oldest with which every promise holds.
    pub(in crate::session) fn on_too_old(&mut self, minimum: String) {
        self.listed.minimum = Some(minimum);
    }

    /// Returns the oldest version with which every promise holds, where the last was older.
    pub(in crate::session) fn newer_version_wanted(&self) -> Option<&str> {
        self.listed.minimum.as_deref()
    }

    /// Returns the version of Claude that ran last.
    pub(in crate::session) fn version(&self) -> Option<&str> {
        self.listed.version.as_deref()
    }
}
