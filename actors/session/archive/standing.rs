//! What a person can want of conversations, and what the session has that it depends on.

use std::path::PathBuf;

use crate::chat_settings::{HostSettings, Wall};
use crate::ids::{ConversationId, MessageId, SessionKey};
use crate::ports::{ExportForm, PastConversation};

/// What a button below a list of conversations, or below one of them, wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum ArchiveButton<'a> {
    /// Show this page of those with these words in their titles, the first one being 0.
    Page(usize, &'a str),
    /// Show one, and go back to this page.
    Open(usize, &'a str),
    /// Go on with one.
    Resume(&'a str),
    /// Send what was said in one.
    Export(ExportForm, &'a str),
    /// Ask whether one is to be deleted, and go back to this page.
    AskToDelete(usize, &'a str),
    /// Delete one.
    Delete(&'a str),
}

/// What the session has, as far as its conversations depend on it.
#[derive(Debug)]
pub(in crate::session) struct Standing {
    /// Whose room is the session's.
    pub(in crate::session) room: SessionKey,
    /// The folder that it works in.
    pub(in crate::session) folder: PathBuf,
    /// What keeps its agent to its room.
    pub(in crate::session) wall: Wall,
    /// Whether the chat is that of the host's user.
    pub(in crate::session) host_settings: HostSettings,
    /// The conversation that it has.
    pub(in crate::session) current: Option<ConversationId>,
    /// Whether Claude works, or something waits for it.
    pub(in crate::session) is_busy: bool,
}

/// A conversation that the session is to go on with, and who wants it.
#[derive(Debug)]
pub(in crate::session) struct GoOn {
    /// The conversation.
    pub(in crate::session) past: PastConversation,
    /// The message whose button was pressed, if it may be changed.
    pub(in crate::session) message: Option<MessageId>,
}
