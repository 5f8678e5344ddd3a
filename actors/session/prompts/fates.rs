//! What became of the prompts of messages that can still be edited.

use std::collections::VecDeque;

use crate::ids::{MessageId, UserId};
use crate::session::Prompt;

/// How many are remembered; whoever edits an older message is told that nobody knows.
const MAX_FATES: usize = 64;

/// What became of a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Fate {
    /// Claude was given it.
    Given,
    /// It never ran.
    NeverRan,
}

/// Who wrote a prompt, and in which messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) struct Written {
    pub(in crate::session) author: UserId,
    pub(in crate::session) first: MessageId,
    further: Vec<MessageId>,
}

impl Written {
    pub(in crate::session) fn of(prompt: &Prompt) -> Self {
        Self {
            author: prompt.author,
            first: prompt.message,
            further: prompt.further.iter().map(|piece| piece.message).collect(),
        }
    }
}

/// What became of the latest prompts, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Fates(VecDeque<(Author, Fate)>);

/// The message of a prompt, and who wrote it.
type Author = (MessageId, UserId);

impl Fates {
    /// Notes what became of a prompt.
    pub(super) fn note(&mut self, written: &Written, fate: Fate) {
        let further = written.further.iter().copied();
        for message in std::iter::once(written.first).chain(further) {
            let of = (message, written.author);
            self.0.retain(|(known, _)| *known != of);
            if self.0.len() >= MAX_FATES {
                self.0.pop_front();
            }
            self.0.push_back((of, fate));
        }
    }

    /// Returns what became of the prompt of a message, if it is remembered.
    pub(super) fn of(&self, message: MessageId, author: UserId) -> Option<Fate> {
        let of = (message, author);
        let mut fates = self.0.iter();
        fates.find(|(known, _)| *known == of).map(|(_, fate)| *fate)
    }
}
