//! What is asked of the room about the files that a person sent, and what it says.

use actix::prelude::*;

use crate::clock::UnixSeconds;
use crate::ids::{PromptId, SessionKey};
use crate::ports::PathFault;
use crate::post::FileCopy;
use crate::sent_file::SentFile;

/// What to do with an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxOrder {
    /// Whose room it is in.
    pub key: SessionKey,
    /// The instruction that waits for it.
    pub asked_in: PromptId,
    /// What is to be done.
    pub deed: InboxDeed,
}

/// What is to be done with an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InboxDeed {
    /// Say what it holds.
    List {
        /// The files of prompts that wait or run.
        needed: Vec<SentFile>,
    },
    /// Copy a file so that it can be sent.
    Copy {
        /// Its id, which anybody may have made up.
        file: String,
    },
    /// Remove its files.
    Clear {
        /// The files of prompts that wait or run, which stay.
        needed: Vec<SentFile>,
        /// Later files than this one stay too: nobody has been asked about them.
        until: UnixSeconds,
    },
}

/// What became of an order about an inbox; sent by the room edge to the session.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct InboxDone {
    /// The instruction that waits for it.
    pub asked_in: PromptId,
    /// What became of it.
    pub outcome: InboxOutcome,
}

/// What became of an order about an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InboxOutcome {
    /// It holds these files, the newest first.
    Listed {
        /// The files.
        files: Vec<InboxFile>,
        /// How many bytes it takes.
        limit: u64,
    },
    /// The file is copied.
    Copied(FileCopy),
    /// It cannot be sent.
    NotCopied(PathFault),
    /// Files were removed, maybe none.
    Cleared {
        /// How many.
        removed: usize,
        /// How many bytes they had together.
        bytes: u64,
        /// How many are needed and stay.
        needed: usize,
    },
    /// The disk does not let it; as the system says it.
    Failed(String),
}

/// A file that lies in an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxFile {
    /// What its buttons carry: it follows from the name.
    pub id: String,
    /// Its name; Claude may have made it, so it is untrusted.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it came.
    pub at: UnixSeconds,
    /// Whether a prompt that waits or runs needs it.
    pub is_needed: bool,
}
