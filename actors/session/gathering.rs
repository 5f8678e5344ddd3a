//! What a person sends in several messages: what has come of it, and until when more is waited for.
//!
//! Telegram cuts a long text into several messages, and passes several on one by one, those of an
//! album too. What may go on is held until its next message comes, or time is up; then all of it is
//! one prompt. An album is told by its name, so that a person can have several under way. Files
//! without words wait for words: after a moment the person is asked for them.

mod albums;
mod held;

use std::time::Duration;

use crate::clock::Time;
use crate::ids::{MessageId, PromptId, UserId};
use crate::instruction::Joint;
use crate::sent_file::FileKind;
use crate::session::Prompt;
use crate::session::deadline::{Deadline, Why};

use albums::Albums;
use held::Held;

/// How long the next message is waited for: the parts of a text, and what is passed on together,
/// come within a fraction of it.
const HOLD: Duration = Duration::from_secs(1);

/// How many messages one prompt can come in: about 130,000 units of text.
const MAX_PIECES: usize = 32;

/// How many prompts of a chat can be held at the same time.
const MAX_HELD: usize = 8;

/// What is held, and what came last of whom.
#[derive(Debug, Default)]
pub(in crate::session) struct Gathering {
    /// The oldest first.
    held: Vec<Held>,
    /// What came within [`HOLD`] and is whole.
    latest: Vec<Latest>,
    albums: Albums,
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
    /// Whether all of it was said to somebody else and passed on.
    pub(in crate::session) is_passed_on: bool,
    /// Whether its end was cut off, and what followed has not come.
    pub(in crate::session) is_cut: bool,
}

impl Gathering {
    /// Puts what was said to a group at large aside until more of its album is said to the bot;
    /// returns what is not to be put aside.
    pub(in crate::session) fn put_aside(&mut self, prompt: Prompt, now: Time) -> Option<Prompt> {
        let is_begun = self.held.iter().any(|held| held.has_album_of(&prompt));
        if !prompt.is_overheard() || is_begun || self.album_of(&prompt, now).is_some() {
            return Some(prompt);
        }
        self.albums.put_aside(prompt, now);
        None
    }

    /// Takes in what a person said; returns what is whole, in order.
    pub(in crate::session) fn take_in(
        &mut self,
        prompt: Prompt,
        reply_to: Option<MessageId>,
        now: Time,
    ) -> Vec<Said> {
        if let Some(place) = self.place_for(&prompt) {
            return self.go_on(place, prompt, now);
        }
        let before = match prompt.goes_on {
            // The album that is held may still go on.
            Some(Joint::File | Joint::Overheard) => Vec::new(),
            Some(Joint::Word | Joint::Line | Joint::Apart) | None => {
                self.take_with_words_of(prompt.author, self.held.len())
            }
        };
        let rest = self.begin(prompt, reply_to, now);
        before.into_iter().chain(rest).collect()
    }

    /// Returns where a message goes on: in its album, else in what came last and can go on.
    fn place_for(&self, prompt: &Prompt) -> Option<usize> {
        let of_album = (self.held.iter()).position(|held| held.has_album_of(prompt));
        let goes_on = |held: &Held| held.author() == prompt.author && held.goes_on_with(prompt);
        of_album.or_else(|| self.held.iter().rposition(goes_on))
    }

    /// Adds a message to what is held.
    fn go_on(&mut self, place: usize, prompt: Prompt, now: Time) -> Vec<Said> {
        let (author, is_whole) = (prompt.author, prompt.goes_on.is_none());
        let place = match prompt.album() {
            None => self.gather_wordless(place),
            Some(_) => place,
        };
        let held = &mut self.held[place];
        held.push(prompt, now);
        if !is_whole && held.pieces.len() < MAX_PIECES {
            return Vec::new();
        }
        let whole = self.held.remove(place).whole();
        let before = self.take_with_words_of(author, place);
        before.into_iter().chain([whole]).collect()
    }

    /// Puts all files of a person that lack words together, in front of the last ones: the words
    /// that follow are about all of them. Returns where they are.
    fn gather_wordless(&mut self, place: usize) -> usize {
        let author = self.held[place].author();
        if !self.held[place].lacks_words() {
            return place;
        }
        let is_theirs = |held: &mut Held| held.author() == author && held.lacks_words();
        let earlier: Vec<_> = self.held.extract_if(..place, is_theirs).collect();
        let place = place - earlier.len();
        let earlier = earlier.into_iter().flat_map(|held| held.pieces);
        self.held[place].pieces.splice(0..0, earlier);
        place
    }

    /// Takes in the first message of something, and what was put aside of its album.
    fn begin(&mut self, prompt: Prompt, reply_to: Option<MessageId>, now: Time) -> Vec<Said> {
        let aside = self.albums.take_aside(&prompt);
        if prompt.goes_on.is_none() && aside.is_empty() {
            return vec![Said {
                prompt,
                reply_to,
                was_held: false,
                is_passed_on: false,
                is_cut: false,
            }];
        }
        let is_whole = prompt.goes_on.is_none();
        let held = Held::begin(aside, prompt, reply_to, now);
        if is_whole {
            return vec![held.whole()];
        }
        let is_full = self.held.len() >= MAX_HELD;
        let crowded_out = is_full.then(|| self.held.remove(0).whole());
        self.held.push(held);
        crowded_out.into_iter().collect()
    }

    /// Takes what a person said in words among the first so many.
    fn take_with_words_of(&mut self, author: UserId, n_first: usize) -> Vec<Said> {
        let has_words = |held: &mut Held| held.author() == author && !held.lacks_words();
        let taken = self.held.extract_if(..n_first, has_words);
        taken.map(Held::whole).collect()
    }

    /// Returns what is whole because nothing more came in time.
    pub(in crate::session) fn take_due(&mut self, now: Time) -> Vec<Said> {
        self.albums.forget_due(now);
        let due = |place: &usize| !self.held[*place].lacks_words() && self.is_due(*place, now);
        let due: Vec<_> = (0..self.held.len()).filter(due).collect();
        self.take_whole(due)
    }

    /// Takes what is held in these places, which ascend.
    fn take_whole(&mut self, places: Vec<usize>) -> Vec<Said> {
        // From behind, so that the places before stay.
        let taken = places
            .into_iter()
            .rev()
            .map(|place| self.held.remove(place));
        let mut whole: Vec<_> = taken.map(Held::whole).collect();
        whole.reverse();
        whole
    }

    /// Returns the audio files about which no words came in time.
    pub(in crate::session) fn take_recordings(&mut self, now: Time) -> Vec<Said> {
        let is_one = |place: &usize| {
            let held = &self.held[*place];
            let mut files = held.pieces.iter().flat_map(|piece| &piece.files);
            let is_due = held.lacks_words() && self.is_due(*place, now);
            is_due && files.all(|file| file.kind == FileKind::Audio)
        };
        let due: Vec<_> = (0..self.held.len()).filter(is_one).collect();
        self.take_whole(due)
    }

    /// Returns the files about which no words came in time, once of each person: the first message,
    /// and how many they are. They are held until words come.
    pub(in crate::session) fn take_wordless(&mut self, now: Time) -> Vec<(MessageId, usize)> {
        let due = |place: &usize| self.held[*place].lacks_words() && self.is_due(*place, now);
        let due: Vec<_> = (0..self.held.len()).filter(due).collect();
        let mut asked: Vec<(UserId, MessageId, usize)> = Vec::new();
        for place in due {
            let held = &mut self.held[place];
            held.deadline = None;
            let (author, n_files) = (held.author(), held.n_files());
            match asked.iter_mut().find(|(of, ..)| *of == author) {
                Some((.., n_all)) => *n_all += n_files,
                None => asked.push((author, held.pieces[0].message, n_files)),
            }
        }
        let asked = asked.into_iter();
        asked
            .map(|(_, message, n_files)| (message, n_files))
            .collect()
    }

    /// Tells whether files of a person are held of which they have not said what to do with them.
    pub(in crate::session) fn lacks_words_of(&self, author: UserId) -> bool {
        let mut held = self.held.iter();
        held.any(|held| held.author() == author && held.lacks_words())
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
        let deadlines = (0..self.held.len()).filter_map(|place| self.deadline_of(place));
        let deadlines = deadlines.chain(self.albums.next_deadline());
        deadlines.min().map(|at| Why::PersonGoesOn.at(at))
    }

    /// Tells whether something is held that this belongs to, or it may itself go on.
    pub(in crate::session) fn concerns(&self, prompt: &Prompt) -> bool {
        prompt.goes_on.is_some() || self.has_held_of(prompt.author)
    }

    /// Returns what is held or put aside, each message by itself.
    pub(in crate::session) fn pieces(&self) -> impl Iterator<Item = &Prompt> {
        let held = self.held.iter().flat_map(|held| &held.pieces);
        held.chain(self.albums.aside())
    }

    /// Returns how many prompts are held.
    pub(in crate::session) fn len(&self) -> usize {
        self.held.len()
    }

    /// Tells whether nothing is held or put aside.
    pub(in crate::session) fn is_empty(&self) -> bool {
        self.pieces().next().is_none()
    }

    /// Drops what is held; returns how many prompts that was.
    pub(in crate::session) fn drop_all(&mut self) -> usize {
        self.albums.drop_aside(|_| true);
        std::mem::take(&mut self.held).len()
    }

    /// Drops what is held of a person; returns how many prompts that was.
    pub(in crate::session) fn drop_of(&mut self, author: UserId) -> usize {
        self.albums.drop_aside(|piece| piece.author == author);
        let before = self.held.len();
        self.held.retain(|held| held.author() != author);
        before - self.held.len()
    }

    /// Drops what is held of a message, which is a command now.
    pub(in crate::session) fn drop_message(&mut self, author: UserId, message: MessageId) {
        let is_it = |piece: &Prompt| (piece.author, piece.message) == (author, message);
        self.albums.drop_aside(is_it);
        for held in &mut self.held {
            held.pieces.retain(|piece| !is_it(piece));
        }
        self.held.retain(|held| !held.pieces.is_empty());
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

    /// Notes which prompt an album became.
    pub(in crate::session) fn note_album(&mut self, prompt: &Prompt, now: Time) {
        self.albums.note_whole(prompt, now);
    }

    /// Returns the prompt that the album of a file became which came late.
    pub(in crate::session) fn album_of(&self, late: &Prompt, now: Time) -> Option<PromptId> {
        self.albums.whole_of(late, now)
    }

    /// Returns the prompt to which something that was passed on belongs: its person wrote it just
    /// before, and nothing is held of theirs.
    pub(in crate::session) fn comment_on(&self, passed_on: &Prompt, now: Time) -> Option<PromptId> {
        let is_passed_on = passed_on.goes_on == Some(Joint::Apart);
        let is_comment = |it: &&Latest| it.author == passed_on.author && now < it.at + HOLD;
        let comment = self.latest.iter().find(is_comment);
        comment
            .filter(|_| is_passed_on && !self.has_held_of(passed_on.author))
            .map(|it| it.prompt.clone())
    }

    fn has_held_of(&self, author: UserId) -> bool {
        self.held.iter().any(|held| held.author() == author)
    }

    fn is_due(&self, place: usize, now: Time) -> bool {
        self.deadline_of(place).is_some_and(|at| at <= now)
    }

    /// Returns until when something is held. What has words waits for what its person said before
    /// it; files without words are asked about together.
    fn deadline_of(&self, place: usize) -> Option<Time> {
        let held = &self.held[place];
        let own = held.deadline?;
        let is_beside = |other: &&Held| {
            other.author() == held.author() && other.lacks_words() == held.lacks_words()
        };
        let until = match held.lacks_words() {
            true => self.held.len(),
            false => place,
        };
        let beside = self.held[..until].iter().filter(is_beside);
        Some(
            beside
                .filter_map(|other| other.deadline)
                .fold(own, Time::max),
        )
    }
}
