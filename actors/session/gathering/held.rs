//! What has come of something that may go on.

use std::time::Duration;

use crate::clock::Time;
use crate::ids::{MessageId, UserId};
use crate::instruction::Joint;
use crate::session::Prompt;

use super::{HOLD, Said};

/// How long words about a file are waited for before the person is asked.
const HOLD_WITHOUT_WORDS: Duration = Duration::from_secs(2);

/// What has come of something that may go on.
#[derive(Debug)]
pub(super) struct Held {
    /// Each as it came; there is at least one.
    pub(super) pieces: Vec<Prompt>,
    /// The message of ours that it replies to.
    reply_to: Option<MessageId>,
    /// Until when the next one is waited for; `None` once the person was asked for words.
    pub(super) deadline: Option<Time>,
}

impl Held {
    /// Begins to hold a message, behind what came of its album before.
    pub(super) fn begin(
        mut before: Vec<Prompt>,
        first: Prompt,
        reply_to: Option<MessageId>,
        now: Time,
    ) -> Self {
        before.push(first);
        let mut held = Self {
            pieces: before,
            reply_to,
            deadline: None,
        };
        held.deadline = Some(now + held.hold());
        held
    }

    /// Adds a message.
    pub(super) fn push(&mut self, prompt: Prompt, now: Time) {
        let was_asked = self.deadline.is_none();
        self.pieces.push(prompt);
        self.deadline = (!was_asked || !self.lacks_words()).then(|| now + self.hold());
    }

    pub(super) fn author(&self) -> UserId {
        self.pieces[0].author
    }

    pub(super) fn n_files(&self) -> usize {
        self.pieces.iter().map(Prompt::n_own_files).sum()
    }

    /// Tells whether it has files of the album of this one, of the same person.
    pub(super) fn has_album_of(&self, prompt: &Prompt) -> bool {
        self.pieces.iter().any(|piece| piece.is_of_album(prompt))
    }

    /// Tells whether a message belongs to it that is not of its album. A part of a text can begin
    /// with any sign; behind what was passed on, what looks like a command is one.
    pub(super) fn goes_on_with(&self, next: &Prompt) -> bool {
        let last = self.pieces.last().and_then(|piece| piece.goes_on);
        match last {
            Some(Joint::Word | Joint::Line) => true,
            Some(Joint::Apart) => !next.text.starts_with(['/', '!']),
            Some(Joint::File | Joint::Overheard) if self.is_album() => {
                next.album().is_none() && self.is_followed_by(next)
            }
            Some(Joint::File | Joint::Overheard) => self.is_followed_by(next),
            None => false,
        }
    }

    /// Tells whether what comes behind a file is about it.
    fn is_followed_by(&self, next: &Prompt) -> bool {
        let is_command = next.text.starts_with(['/', '!']);
        self.lacks_words() && (next.goes_on == Some(Joint::File) || !is_command)
    }

    fn is_album(&self) -> bool {
        self.pieces.iter().any(|piece| piece.album().is_some())
    }

    /// Tells whether it is files alone, without a word.
    pub(super) fn lacks_words(&self) -> bool {
        let is_file = |piece: &Prompt| match piece.goes_on {
            Some(Joint::File | Joint::Overheard) => true,
            Some(Joint::Word | Joint::Line | Joint::Apart) | None => false,
        };
        let is_wordless = |piece: &Prompt| piece.text.trim().is_empty();
        let mut pieces = self.pieces.iter();
        pieces.all(|piece| is_file(piece) && is_wordless(piece))
    }

    fn hold(&self) -> Duration {
        match self.lacks_words() {
            true => HOLD_WITHOUT_WORDS,
            false => HOLD,
        }
    }

    pub(super) fn whole(self) -> Said {
        let is_passed_on = |piece: &Prompt| piece.goes_on == Some(Joint::Apart);
        let is_passed_on = self.pieces.iter().all(is_passed_on);
        let mut pieces = self.pieces.into_iter();
        let first = pieces
            .next()
            .expect("something is held with its first message");
        let whole = pieces.fold(first, |whole, next| {
            let joint = whole.goes_on.unwrap_or(Joint::Apart);
            whole.joined(next, joint)
        });
        Said {
            is_cut: whole.goes_on == Some(Joint::Word),
            prompt: whole.going_on(None),
            reply_to: self.reply_to,
            was_held: true,
            is_passed_on,
        }
    }
}
