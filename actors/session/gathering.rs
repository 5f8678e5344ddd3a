//! What a person sends in several messages: what has come of it, and until when more is waited for.
//!
//! Telegram cuts a long text into several messages, and passes several on one by one, those of an
//! album too. What may go on is held until its next message comes, or time is up; then all of it is
//! one prompt. Files without words wait for words: after a moment the person is asked for them.

use std::time::Duration;

use crate::clock::Time;
use crate::ids::{MessageId, PromptId, UserId};
use crate::instruction::Joint;
use crate::session::Prompt;
use crate::session::deadline::{Deadline, Why};

/// How long the next message is waited for: the parts of a text, and what is passed on together,
/// come within a fraction of it.
const HOLD: Duration = Duration::from_secs(1);

/// How long words about a file are waited for before the person is asked.
const HOLD_WITHOUT_WORDS: Duration = Duration::from_secs(2);

/// How many messages one prompt can come in: about 130,000 units of text.
const MAX_PIECES: usize = 32;

/// How many people of a chat can have something held at the same time.
const MAX_HELD: usize = 8;

/// What is held, and what came last of whom.
#[derive(Debug, Default)]
pub(in crate::session) struct Gathering {
    /// The oldest first; one of each person.
    held: Vec<Held>,
    /// What came within [`HOLD`] and is whole.
    latest: Vec<Latest>,
}

/// What has come of something that may go on.
#[derive(Debug)]
struct Held {
    /// Each as it came; there is at least one.
    pieces: Vec<Prompt>,
    /// The message of ours that the first one replies to.
    reply_to: Option<MessageId>,
    /// Until when the next one is waited for; `None` once the person was asked for words.
    deadline: Option<Time>,
}

#[derive(Debug)]
struct Latest {
    author: UserId,
    prompt: PromptId,
    at: Time,
}

/// What a person said, whole.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::session) struct Said {
    pub(in crate::session) prompt: Prompt,
    /// The message of ours that it replies to.
    pub(in crate::session) reply_to: Option<MessageId>,
    /// Whether it was held: then it is another prompt than what is written down of it.
    pub(in crate::session) was_held: bool,
    /// Whether its end was cut off, and what followed has not come.
    pub(in crate::session) is_cut: bool,
}

impl Gathering {
    /// Takes in what a person said; returns what is whole, in order.
    pub(in crate::session) fn take_in(
        &mut self,
        prompt: Prompt,
        reply_to: Option<MessageId>,
        now: Time,
    ) -> Vec<Said> {
        let Some(place) = self.place_of(prompt.author) else {
            return self.begin(prompt, reply_to, now);
        };
        let held = &mut self.held[place];
        if !held.goes_on_with(&prompt) {
            // A command is no word about a file, which goes on waiting.
            if held.lacks_words() && prompt.goes_on.is_none() {
                return self.begin(prompt, reply_to, now);
            }
            let before = self.held.remove(place).whole();
            let rest = self.begin(prompt, reply_to, now);
            return std::iter::once(before).chain(rest).collect();
        }
        let is_last = prompt.goes_on.is_none() || held.pieces.len() + 1 >= MAX_PIECES;
        let was_asked = held.deadline.is_none();
        held.pieces.push(prompt);
        held.deadline = (!was_asked || !held.lacks_words()).then(|| now + held.hold());
        match is_last {
            true => vec![self.held.remove(place).whole()],
            false => Vec::new(),
        }
    }

    /// Takes in the first message of something.
    fn begin(&mut self, prompt: Prompt, reply_to: Option<MessageId>, now: Time) -> Vec<Said> {
        if prompt.goes_on.is_none() {
            return vec![Said {
                prompt,
                reply_to,
                was_held: false,
                is_cut: false,
            }];
        }
        let is_full = self.held.len() >= MAX_HELD;
        let crowded_out = is_full.then(|| self.held.remove(0).whole());
        let mut held = Held {
            pieces: vec![prompt],
            reply_to,
            deadline: None,
        };
        held.deadline = Some(now + held.hold());
        self.held.push(held);
        crowded_out.into_iter().collect()
    }

    /// Returns what is whole because nothing more came in time.
    pub(in crate::session) fn take_due(&mut self, now: Time) -> Vec<Said> {
        let is_due = |held: &mut Held| held.is_due(now) && !held.lacks_words();
        self.held.extract_if(.., is_due).map(Held::whole).collect()
    }

    /// Returns the files about which no words came in time, once: the first message, and how many
    /// they are. They are held until words come.
    pub(in crate::session) fn take_wordless(&mut self, now: Time) -> Vec<(MessageId, usize)> {
        let due = self.held.iter_mut().filter(|held| held.is_due(now));
        let ask = |held: &mut Held| {
            held.deadline = None;
            let n_files = held.pieces.iter().map(Prompt::n_own_files).sum();
            (held.pieces[0].message, n_files)
        };
        due.map(ask).collect()
    }

    /// Tells whether files of a person are held of which they have not said what to do with them.
    pub(in crate::session) fn lacks_words_of(&self, author: UserId) -> bool {
        self.place_of(author)
            .is_some_and(|place| self.held[place].lacks_words())
    }

    /// Returns how many of the prompts that are held run by themselves.
    pub(in crate::session) fn n_with_words(&self) -> usize {
        self.held.iter().filter(|held| !held.lacks_words()).count()
    }

    /// Returns how many prompts wait for words that the person was asked for.
    #[cfg(test)]
    pub(in crate::session) fn n_asked(&self) -> usize {
        let asked = self.held.iter().filter(|held| held.deadline.is_none());
        asked.count()
    }

    /// Returns when it is to be looked after.
    pub(in crate::session) fn next_deadline(&self) -> Option<Deadline> {
        let deadlines = self.held.iter().filter_map(|held| held.deadline);
        deadlines.min().map(|at| Why::PersonGoesOn.at(at))
    }

    /// Tells whether something is held that this belongs to, or it may itself go on.
    pub(in crate::session) fn concerns(&self, prompt: &Prompt) -> bool {
        prompt.goes_on.is_some() || self.place_of(prompt.author).is_some()
    }

    /// Returns what is held, each message by itself.
    pub(in crate::session) fn pieces(&self) -> impl Iterator<Item = &Prompt> {
        self.held.iter().flat_map(|held| &held.pieces)
    }

    /// Returns how many prompts are held.
    pub(in crate::session) fn len(&self) -> usize {
        self.held.len()
    }

    /// Drops what is held; returns how many prompts that was.
    pub(in crate::session) fn drop_all(&mut self) -> usize {
        std::mem::take(&mut self.held).len()
    }

    /// Drops what is held of a person; returns how many prompts that was.
    pub(in crate::session) fn drop_of(&mut self, author: UserId) -> usize {
        let before = self.held.len();
        self.held.retain(|held| held.author() != author);
        before - self.held.len()
    }

    /// Drops what is held of a message, which is a command now.
    pub(in crate::session) fn drop_message(&mut self, author: UserId, message: MessageId) {
        if let Some(place) = self.place_of(author) {
            let pieces = &mut self.held[place].pieces;
            pieces.retain(|piece| piece.message != message);
            if pieces.is_empty() {
                self.held.remove(place);
            }
        }
    }

    /// Puts a changed text in the place of the one that is held; returns the id of that one.
    pub(in crate::session) fn replace(&mut self, edit: &Prompt) -> Option<PromptId> {
        let mut pieces = self.held.iter_mut().flat_map(|held| &mut held.pieces);
        let piece = pieces.find(|piece| piece.is_of_message(edit))?;
        let former = piece.id.clone();
        *piece = edit.clone().going_on(piece.goes_on);
        Some(former)
    }

    /// Notes what came last of a person, whole.
    pub(in crate::session) fn note_latest(&mut self, author: UserId, prompt: PromptId, now: Time) {
        self.latest
            .retain(|it| it.author != author && now < it.at + HOLD);
        let at = now;
        self.latest.push(Latest { author, prompt, at });
    }

    /// Returns the prompt to which something that was passed on belongs: its person wrote it just
    /// before, and nothing is held of theirs.
    pub(in crate::session) fn comment_on(&self, passed_on: &Prompt, now: Time) -> Option<PromptId> {
        let is_passed_on = passed_on.goes_on == Some(Joint::Apart);
        let is_comment = |it: &&Latest| it.author == passed_on.author && now < it.at + HOLD;
        let comment = self.latest.iter().find(is_comment);
        comment
            .filter(|_| is_passed_on && self.place_of(passed_on.author).is_none())
            .map(|it| it.prompt.clone())
    }

    fn place_of(&self, author: UserId) -> Option<usize> {
        self.held.iter().position(|held| held.author() == author)
    }
}

impl Held {
    fn author(&self) -> UserId {
        self.pieces[0].author
    }

    /// Tells whether a message belongs to it. A part of a text can begin with any sign; behind what
    /// was passed on, what looks like a command is one.
    fn goes_on_with(&self, next: &Prompt) -> bool {
        let last = self.pieces.last().and_then(|piece| piece.goes_on);
        match last {
            Some(Joint::Word | Joint::Line) => true,
            Some(Joint::Apart) => !next.text.starts_with(['/', '!']),
            Some(Joint::File) if next.goes_on == Some(Joint::File) => true,
            Some(Joint::File) => self.lacks_words() && !next.text.starts_with(['/', '!']),
            None => false,
        }
    }

    fn is_due(&self, now: Time) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= now)
    }

    /// Tells whether it is files alone, without a word.
    fn lacks_words(&self) -> bool {
        let is_file = |piece: &Prompt| piece.goes_on == Some(Joint::File);
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

    fn whole(self) -> Said {
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
        }
    }
}
