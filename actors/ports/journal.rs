//! The door to the journal: what was promised and must outlive the bridge.

use std::future::Future;
use std::pin::Pin;

use super::StoreError;
use crate::ids::{ChatId, ConversationId, PostId, PromptId, SessionKey, UpdateMark};
use crate::outbox::Post;
use crate::session::Prompt;

/// Resolves when everything that was written before is on disk.
pub type Synced = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send>>;

/// Keeps prompts until they have their outcome.
///
/// Writing returns at once. After a crash there is what was written up to some moment, and never
/// a part of one call; [`Self::synced`] tells when that moment has come.
pub trait PromptJournal: Send + Sync {
    /// Takes a prompt in, unless it was taken in before.
    fn accept(&self, key: SessionKey, prompt: &Prompt) -> Result<Acceptance, StoreError>;

    /// Writes what one step of a session came to. What it says of prompts that are not open is
    /// passed over.
    fn write(&self, key: SessionKey, entry: &JournalEntry) -> Result<(), StoreError>;

    /// Returns the open prompts of a session in the order in which they were taken in.
    fn open_prompts(&self, key: SessionKey) -> Result<Vec<OpenPrompt>, StoreError>;

    /// Returns the sessions that have open prompts, whoever waits longest first.
    fn open_sessions(&self) -> Vec<SessionKey>;

    /// Gives the open prompts of a session to another one.
    fn move_session(&self, from: SessionKey, to: SessionKey) -> Result<(), StoreError>;

    /// Closes the open prompts of a chat, its topics included.
    fn close_chat(&self, chat: ChatId) -> Result<(), StoreError>;

    /// Waits for the disk.
    fn synced(&self) -> Synced;
}

/// Keeps answers until they are delivered.
pub trait PostJournal: Send + Sync {
    /// Keeps a post, unless it is kept already.
    fn keep(&self, id: PostId, post: &Post) -> Result<(), StoreError>;

    /// Notes that this message of a post is about to leave, and that those before it are
    /// delivered.
    fn departs(&self, id: PostId, part: usize) -> Result<(), StoreError>;

    /// Forgets a post that is delivered or given up.
    fn settle(&self, id: PostId) -> Result<(), StoreError>;

    /// Returns every kept post in the order of the ids.
    fn kept(&self) -> Result<Vec<KeptPost>, StoreError>;

    /// Waits for the disk.
    fn synced(&self) -> Synced;
}

/// Remembers which updates were dealt with.
pub trait UpdateLog: Send + Sync {
    /// Tells whether an update was dealt with.
    fn knows(&self, update: UpdateMark) -> bool;

    /// Notes updates that were dealt with; the oldest are forgotten beyond a window of some
    /// thousands.
    fn remember(&self, updates: &[UpdateMark]) -> Result<(), StoreError>;

    /// Waits for the disk.
    fn synced(&self) -> Synced;
}

/// Whether a prompt was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptance {
    /// It was, and is open now.
    New,
    /// It was taken in before, and may be long done.
    Known,
}

/// What one step of a session came to; on disk in whole or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalEntry {
    /// Prompts that came to be.
    pub accepted: Vec<Prompt>,
    /// How far prompts have come.
    pub stages: Vec<(PromptId, Stage)>,
    /// Prompts that begin anew after a fault.
    pub replayed: Vec<PromptId>,
    /// Prompts that have their outcome.
    pub closed: Vec<PromptId>,
    /// What tells the person of it.
    pub posts: Vec<Post>,
}

/// How far an open prompt has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// It waits.
    Accepted,
    /// It may have been written to an agent, which has shown no work on it.
    Started {
        /// The conversation that the agent was started with.
        conversation: ConversationId,
    },
    /// Claude works on it.
    Begun {
        /// The tool that ran last, in words.
        doing: Option<String>,
    },
    /// The work was interrupted, and the person is asked what is to become of it.
    Interrupted {
        /// What the buttons carry to prove that they belong to it; random.
        nonce: String,
        /// The tool that ran last, in words.
        doing: Option<String>,
    },
}

/// A prompt without an outcome, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPrompt {
    /// The prompt.
    pub prompt: Prompt,
    /// How far it has come.
    pub stage: Stage,
    /// Whether the host has been up since.
    pub host: HostUptime,
    /// How often it began anew.
    pub replays: u32,
}

/// Whether a host has been up all the time since something was written.
///
/// After a crash of the host nothing that Claude keeps in its own files can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostUptime {
    /// It has.
    Unbroken,
    /// It was started anew.
    Restarted,
}

/// A post that may not have been delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPost {
    /// Its name.
    pub id: PostId,
    /// The post.
    pub post: Post,
    /// The message of it that was last about to leave; whether it did is unknown. `None` when
    /// none was.
    pub departed: Option<usize>,
}

impl JournalEntry {
    /// Tells whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.accepted.is_empty()
            && self.stages.is_empty()
            && self.replayed.is_empty()
            && self.closed.is_empty()
    }
}
