//! Pure: which groups have another id, and which of two sessions goes on then.

use std::collections::HashMap;

use crate::ids::{ChatId, SessionKey};
use crate::ports::SessionRecord;

/// The groups of this run that have another id since; bounded by their number.
#[derive(Debug, Default)]
pub(super) struct Moves {
    moved: HashMap<SessionKey, SessionKey>,
    /// Sessions that end because the one under the new id goes on.
    successors: HashMap<SessionKey, SessionKey>,
}

/// What there is of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Presence {
    /// Whether it runs.
    pub(super) is_running: bool,
    /// Whether it is stored.
    pub(super) has_record: bool,
}

/// What becomes of the session of a group that has another id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It goes on under the new id.
    Follows,
    /// What is stored of it goes on under the new id.
    IsMoved,
    /// It ends, and the one under the new id goes on with what it leaves.
    Ends,
    /// The one under the new id goes on with what it has left.
    IsReplaced,
}

impl Moves {
    /// Returns the key that a session has now.
    pub(super) fn current(&self, key: SessionKey) -> SessionKey {
        self.moved.get(&key).copied().unwrap_or(key)
    }

    /// Tells whether a move was told before: both sides of it tell.
    pub(super) fn is_known(&self, from: SessionKey, to: SessionKey) -> bool {
        self.current(from) == to || self.successors.get(&from) == Some(&to)
    }

    /// Notes that a session has another key.
    pub(super) fn note(&mut self, from: SessionKey, to: SessionKey) {
        for target in self.moved.values_mut().filter(|target| **target == from) {
            *target = to;
        }
        self.moved.insert(from, to);
    }

    /// Notes who goes on with what a session leaves when it has ended.
    pub(super) fn note_successor(&mut self, of: SessionKey, successor: SessionKey) {
        self.successors.insert(of, successor);
    }

    /// Tells whether another session goes on with what this one leaves.
    pub(super) fn has_successor(&self, of: SessionKey) -> bool {
        self.successors.contains_key(&of)
    }

    /// Returns who goes on with what a session has left, if it is another one; from then on that
    /// one has its key.
    pub(super) fn take_successor(&mut self, of: SessionKey) -> Option<SessionKey> {
        let successor = self.successors.remove(&of)?;
        // It may have moved on meanwhile.
        let successor = self.current(successor);
        self.note(of, successor);
        Some(successor)
    }
}

/// Returns what becomes of a session whose group has another id, under which there may be one
/// already: that one has the newer conversation.
pub(super) fn outcome(old: Presence, new: Presence) -> Outcome {
    match (new.is_running || new.has_record, old.is_running) {
        (false, true) => Outcome::Follows,
        (false, false) => Outcome::IsMoved,
        (true, true) => Outcome::Ends,
        (true, false) => Outcome::IsReplaced,
    }
}

/// Returns the record of a session under its new id: folder and settings go by the id that it had
/// first, and the messages have other ids there.
pub(super) fn moved_record(record: SessionRecord, from: ChatId) -> SessionRecord {
    SessionRecord {
        home: Some(record.home.unwrap_or(from)),
        messages_with_buttons: Vec::new(),
        turn_card: None,
        ..record
    }
}

#[cfg(test)]
mod tests;
