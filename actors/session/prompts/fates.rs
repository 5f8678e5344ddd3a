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

/// What became of the latest prompts, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Fates(VecDeque<(Author, Fate)>);

/// The message of a prompt, and who wrote it.
type Author = (MessageId, UserId);

impl Fates {
    /// Notes what became of a prompt.
    pub(super) fn note(&mut self, prompt: &Prompt, fate: Fate) {
        for message in prompt.messages() {
            let of = (message, prompt.author);
            self.0.retain(|(known, _)| *known != of);
            if self.0.len() >= MAX_FATES {
                self.0.pop_front();
            }
            self.0.push_back((of, fate));
        }
    }

    /// Returns what became of the prompt that a changed one is to replace, if it is remembered.
    pub(super) fn of(&self, prompt: &Prompt) -> Option<Fate> {
        let of = (prompt.message, prompt.author);
        let mut fates = self.0.iter();
        fates.find(|(known, _)| *known == of).map(|(_, fate)| *fate)
    }
}
