//! What is asked of the edge about the conversations that are on disk, and what it says.

use std::path::PathBuf;

use actix::prelude::*;
use bridge_texts::Language;

use crate::chat_settings::{HostSettings, Wall};
use crate::clock::UnixSeconds;
use crate::ids::{ConversationId, PromptId, SessionKey};
use crate::post::FileCopy;

/// What to do with the conversations of a session's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveOrder {
    /// The session.
    pub key: SessionKey,
    /// Whose room is the session's: it keeps its first id when the chat gets another one.
    pub room: SessionKey,
    /// The folder that the session works in: only what was begun there is its own.
    pub folder: PathBuf,
    /// What keeps its agent to its room.
    pub wall: Wall,
    /// Whether the chat is that of the host's user, who may also go on with what a terminal began.
    pub host_settings: HostSettings,
    /// The conversation that the session has.
    pub current: Option<ConversationId>,
    /// The language of what is written into a file.
    pub language: Language,
    /// The instruction that waits for it.
    pub asked_in: PromptId,
    /// What is to be done.
    pub deed: ArchiveDeed,
}

/// What is to be done with conversations. Anybody may have made up the ids and words in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveDeed {
    /// Say which there are.
    List {
        /// Only those with these words in their titles; all where it is empty.
        words: String,
        /// Which page, the first one being 0; the last one if there are not so many.
        page: usize,
        /// How many are a page.
        size: usize,
    },
    /// Say what is known of one.
    Look {
        /// The conversation.
        id: ConversationId,
    },
    /// Write down what was said in one, so that it can be sent.
    Export {
        /// The conversation.
        id: ConversationId,
        /// In which form.
        form: ExportForm,
    },
    /// Delete one, unless somebody has it.
    Delete {
        /// The conversation.
        id: ConversationId,
    },
    /// Say whether this session may go on with one, and let no other session have it then.
    Claim {
        /// The conversation.
        id: ConversationId,
    },
}

/// In which form a conversation is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportForm {
    /// To be read.
    Markdown,
    /// For programs.
    Json,
}

/// What became of an order about conversations; sent by the edge to the session.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct ArchiveDone {
    /// The instruction that waits for it.
    pub asked_in: PromptId,
    /// What became of it.
    pub outcome: ArchiveOutcome,
}

/// What became of an order about conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveOutcome {
    /// There are these.
    Listed(ArchivePage),
    /// This is known of it.
    Found(PastConversation),
    /// It is not one of this session's.
    Missing,
    /// What was said in it is in a file.
    Exported(FileCopy),
    /// That would be larger than Telegram takes.
    TooLong,
    /// It is deleted.
    Deleted,
    /// The session may go on with it.
    Free(PastConversation),
    /// Somebody else has it.
    Held(Holder),
    /// The disk does not let it; as the system says it.
    Failed(String),
}

/// Some of the conversations, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivePage {
    /// Those of the page.
    pub shown: Vec<PastConversation>,
    /// Which page it is, the first one being 0.
    pub page: usize,
    /// How many there are on all pages.
    pub count: usize,
    /// How many files have still to be read.
    pub n_unread: usize,
}

/// A conversation that is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastConversation {
    /// Its id.
    pub id: ConversationId,
    /// Its title, or how its first prompt begins; untrusted, and empty where there is neither.
    pub title: String,
    /// When something was written to it last.
    pub at: UnixSeconds,
    /// How many prompts of a person it has.
    pub turns: usize,
    /// Whether it may have more: only a part of it was read.
    pub has_more: bool,
    /// What it was begun with.
    pub begun_in: BegunIn,
    /// The folder that it works in.
    pub folder: PathBuf,
}

/// What a conversation was begun with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BegunIn {
    /// The bridge, or another program.
    Bridge,
    /// Claude's terminal.
    Terminal,
}

/// Who has a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// The session of another chat or topic.
    Session,
    /// A process that the bridge did not start.
    Process {
        /// Its number.
        pid: i32,
        /// Its terminal, such as `/dev/pts/3`.
        terminal: Option<String>,
    },
}
