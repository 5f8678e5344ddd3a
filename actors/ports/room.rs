//! The port to the files of a session.

use std::path::PathBuf;

use actix::prelude::*;

use crate::file_offer::{FileWish, ToolCall};
use crate::ids::SessionKey;
use crate::ports::{InboxDone, InboxOrder, SpareOrder, SparesDone};
use crate::post::FileCopy;

/// Takes files out of a session's folders, and looks after its inbox.
pub trait FileRoom: Send + Sync {
    /// Copies files that are to be sent, and returns at once: the answer comes when the disk gives
    /// one, which may be never.
    ///
    /// All are copied, or none.
    fn take(&self, order: TakeFiles, answers: Recipient<FilesTaken>);

    /// Lists what lies in an inbox, copies some of it or removes it, and returns at once: the answer
    /// comes when the disk gives one.
    fn look_after(&self, order: InboxOrder, answers: Recipient<InboxDone>);

    /// Keeps what an undo is about to change, or puts it back, and returns at once: the answer comes
    /// when the disk gives one.
    fn spare(&self, order: SpareOrder, answers: Recipient<SparesDone>);

    /// Removes copies that will not be sent; returns at once.
    fn release(&self, copies: Vec<String>);
}

/// What to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeFiles {
    /// Whose room the copies lie in.
    pub key: SessionKey,
    /// The folder that the session works in.
    pub folder: PathBuf,
    /// The call that waits for it.
    pub call: ToolCall,
    /// Where the files lie, as the agent says it.
    pub paths: Vec<String>,
    /// What they are sent as.
    pub wish: FileWish,
    /// The files outside of the session's folders that a person has allowed, by their real paths.
    pub allowed: Vec<String>,
}

/// What became of an order to copy files; sent by the room edge to the session.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct FilesTaken {
    /// The call that waits for it.
    pub call: ToolCall,
    /// What became of it.
    pub outcome: Taken,
}

/// What became of files that were to be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// They are copied, without captions.
    Copied(Vec<FileCopy>),
    /// Some lie outside of the session's folders: a person decides about that.
    Outside(OutsideFiles),
    /// Some cannot be sent.
    Refused(Vec<RefusedPath>),
}

/// Files that lie outside of the session's folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideFiles {
    /// Their real paths.
    pub paths: Vec<String>,
    /// The paths as they are shown, a line for each.
    pub shown: String,
    /// The SHA-256 of the tool, a line feed and what is shown, in hexadecimal.
    pub digest: String,
}

/// A file that cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedPath {
    /// Where it lies, as the agent says it.
    pub path: String,
    /// Why.
    pub why: PathFault,
}

/// Why a file cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathFault {
    /// Nothing is there.
    NotFound,
    /// It is a folder, a device, a pipe or a socket, or the system makes it up.
    NoPlainFile,
    /// It is the bridge's own.
    Own,
    /// It has no content.
    Empty,
    /// It is larger than Telegram takes.
    TooBig,
    /// The disk does not let it; as the system says it.
    Unreadable(String),
}
