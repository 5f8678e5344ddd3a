//! Albums beside what is held: what was said of one to a group at large, and what became of one.

use std::time::Duration;

use crate::clock::Time;
use crate::ids::{PromptId, UserId};
use crate::session::Prompt;

/// How long it is remembered of an album that it may be said to the bot, or was: its messages come
/// within a second, but there may be a restart in between.
const MEMORY: Duration = Duration::from_secs(10);

/// How many messages of a chat are put aside: two albums of the most files.
const MAX_ASIDE: usize = 20;

/// How many albums are remembered that are whole.
const MAX_WHOLE: usize = 8;

/// The albums of the last moments.
#[derive(Debug, Default)]
pub(super) struct Albums {
    /// What was said to a group at large, and until when it may become more; the oldest first.
    aside: Vec<(Prompt, Time)>,
    /// The albums that became prompts, the oldest first.
    whole: Vec<Whole>,
}

#[derive(Debug)]
struct Whole {
    author: UserId,
    album: String,
    prompt: PromptId,
    until: Time,
}

impl Albums {
    pub(super) fn put_aside(&mut self, piece: Prompt, now: Time) {
        if self.aside.len() >= MAX_ASIDE {
            self.aside.remove(0);
        }
        self.aside.push((piece, now + MEMORY));
    }

    /// Returns what was put aside of the album of a message.
    pub(super) fn take_aside(&mut self, said: &Prompt) -> Vec<Prompt> {
        let is_of_album = |(piece, _): &mut (Prompt, Time)| piece.is_of_album(said);
        let taken = self.aside.extract_if(.., is_of_album);
        taken.map(|(piece, _)| piece).collect()
    }

    pub(super) fn aside(&self) -> impl Iterator<Item = &Prompt> {
        self.aside.iter().map(|(piece, _)| piece)
    }

    pub(super) fn drop_aside(&mut self, is_dropped: impl Fn(&Prompt) -> bool) {
        self.aside.retain(|(piece, _)| !is_dropped(piece));
    }

    /// Forgets what nothing came of.
    pub(super) fn forget_due(&mut self, now: Time) {
        self.aside.retain(|(_, until)| now < *until);
    }

    pub(super) fn next_deadline(&self) -> Option<Time> {
        self.aside.iter().map(|(_, until)| *until).min()
    }

    pub(super) fn note_whole(&mut self, prompt: &Prompt, now: Time) {
        self.whole.retain(|it| now < it.until);
        let albums = prompt.files.iter().filter_map(|file| file.album.clone());
        for album in albums {
            if self.whole.last().is_some_and(|last| last.album == album) {
                continue;
            }
            self.whole.push(Whole {
                author: prompt.author,
                album,
                prompt: prompt.id.clone(),
                until: now + MEMORY,
            });
        }
        let n_more = self.whole.len().saturating_sub(MAX_WHOLE);
        self.whole.drain(..n_more);
    }

    pub(super) fn whole_of(&self, late: &Prompt, now: Time) -> Option<PromptId> {
        let album = late.album()?;
        let is_it = |it: &&Whole| it.author == late.author && it.album == album && now < it.until;
        self.whole.iter().rfind(is_it).map(|it| it.prompt.clone())
    }
}
