//! What the schedule has for its actor.

use crate::clock::Time;
use crate::outbox::chat_queue::SetAside;
use crate::outbox::flights::Departure;
use crate::outbox::journal_note::JournalNote;
use crate::outbox::log_facts::Fact;
use crate::outbox::{ChatMoved, DraftRefused, FilesSettled, LearnedPace, Posted};

/// What is to be done now.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::outbox) struct Next {
    /// The calls that leave.
    pub(in crate::outbox) departures: Vec<Departure>,
    /// When to ask again at the latest; an outcome or a new post may come before.
    pub(in crate::outbox) wake_at: Option<Time>,
    /// What happened since the last time.
    pub(in crate::outbox) facts: Vec<Fact>,
    /// Messages with buttons that came to be since the last time.
    pub(in crate::outbox) posted: Vec<Posted>,
    /// Drafts that Telegram will not show, since the last time.
    pub(in crate::outbox) refused: Vec<DraftRefused>,
    /// Posts of files that are over, since the last time.
    pub(in crate::outbox) settled: Vec<FilesSettled>,
    /// Groups that have another id, since the last time.
    pub(in crate::outbox) moved: Vec<ChatMoved>,
    /// The paces that hold, if they have changed since the last time.
    pub(in crate::outbox) learned: Option<Vec<LearnedPace>>,
    /// What the journal is to be told since the last time.
    pub(in crate::outbox) notes: Vec<JournalNote>,
    /// Posts to be read from the journal, for there is room for them again.
    pub(in crate::outbox) recalled: Vec<SetAside>,
}
