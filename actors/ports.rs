//! The doors to the outside: what an edge must offer so that an actor can work.
//!
//! A door is a trait only where the other side is not an actor. Everything else goes through the
//! `messages` of the actor concerned and a `Recipient` that is handed in.

use std::path::PathBuf;

use actix::prelude::*;

use crate::clock::UnixSeconds;
use crate::ids::{ChatId, ConversationId, Generation, PromptId, SessionKey, UserId};
use crate::session::agent_event::AgentEvent;

/// Starts agents.
pub trait AgentLauncher: Send + Sync {
    /// Starts an agent and returns at once.
    ///
    /// What the agent says, a failure to start and its end included, comes back through
    /// `reports`. [`AgentEvent::Exited`] is the last report of a generation and comes exactly
    /// once, after the whole process tree is gone.
    fn launch(&self, order: LaunchOrder, reports: Recipient<AgentReport>) -> Box<dyn Agent>;
}

/// The handle of one running agent; dropping it ends the agent with its whole process tree.
pub trait Agent: Send {
    /// Puts a line on the agent's input; returns at once, order is kept.
    ///
    /// Input to an agent that is gone is dropped: its end is reported anyway.
    fn write(&self, input: AgentInput);

    /// Sends SIGINT, for an agent that does not obey an interrupt on its input.
    fn signal_interrupt(&self);

    /// Ends the agent with its whole process tree now.
    fn kill(&self);
}

/// What to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchOrder {
    /// The session that owns the agent.
    pub key: SessionKey,
    /// Which agent of that session this is; comes back in every report.
    pub generation: Generation,
    /// The conversation to open.
    pub conversation: Conversation,
    /// The working folder. The edge creates it when it is missing.
    pub folder: PathBuf,
}

/// How to open a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conversation {
    /// A fresh one under an id of ours.
    New(ConversationId),
    /// One that Claude has on disk.
    Resume(ConversationId),
}

/// What an agent can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgentInput {
    /// One user message.
    Prompt {
        id: PromptId,
        text: String,
        form: PromptForm,
    },
    /// Stop the running turn; the agent stays.
    Interrupt,
    /// The answer to a permission request.
    Permission {
        request: String,
        decision: PermissionDecision,
    },
    /// No more input will come: finish and exit.
    Close,
}

/// How the text of a prompt is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptForm {
    /// Plain text: a leading slash is only a character.
    Text,
    /// A command that Claude lists; passed as it is.
    Command,
}

/// What a person (or the bridge) decided about a permission request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PermissionDecision {
    /// Do not run it; the message is for the model.
    Deny { message: String },
}

/// One thing an agent said, stamped with who said it.
#[derive(Debug, Clone, PartialEq, Message)]
#[rtype(result = "()")]
pub struct AgentReport {
    /// The agent it came from.
    pub generation: Generation,
    /// What it said.
    pub event: AgentEvent,
}

/// Keeps the records of sessions over restarts.
pub trait SessionStore: Send + Sync {
    /// Reads the record of a session.
    fn load(&self, key: SessionKey) -> Result<Option<SessionRecord>, StoreError>;

    /// Replaces the record of a session; it is on disk within half a second.
    fn save(&self, key: SessionKey, record: &SessionRecord) -> Result<(), StoreError>;
}

/// What is known of a session while it is not in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// The conversation that the next prompt resumes; `None` when it starts a new one.
    pub conversation: Option<ConversationId>,
    /// The folder in which that conversation works.
    pub folder: PathBuf,
}

/// Keeps the users over restarts.
pub trait UserStore: Send + Sync {
    /// Reads all users.
    fn users(&self) -> Result<Vec<UserRecord>, StoreError>;

    /// Writes one user; when this returns, the record is synced to disk.
    fn save(&self, user: &UserRecord) -> Result<(), StoreError>;
}

/// A person the bridge knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// The person.
    pub user: UserId,
    /// Their private chat.
    pub chat: ChatId,
    /// The `@name` at the last sight, without the `@`; never an identity.
    pub username: Option<String>,
    /// The first name at the last sight.
    pub first_name: String,
    /// When the record was made.
    pub created_at: UnixSeconds,
    /// Whether the person may come in.
    pub is_active: bool,
    /// Whether the person may manage the bridge.
    pub is_admin: bool,
}

/// The store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("cannot use the store: {0}")]
pub struct StoreError(pub String);
