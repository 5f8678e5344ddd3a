//! The prompts that a session answers for beside the running one: what waits, what is offered, and
//! what is written down of all of them.
//!
//! Only this part holds the journal entry of a step.

mod entry;
mod fates;
mod files;
mod follows;
mod halted;
mod notices;
pub mod offer;
mod offers;
mod speech;
mod taken_over;

pub(in crate::session) use entry::Records;
pub(in crate::session) use fates::{Fate, Written};
pub(in crate::session) use notices::{Behind, Granted, Wish};
pub(in crate::session) use taken_over::instead;

use std::collections::{HashSet, VecDeque};

use bridge_texts::Say;

use crate::clock::Time;
use crate::ids::{MessageId, PostId, PromptId, UserId};
use crate::instruction::Joint;
use crate::outbox::{Body, Rank, Sound};
use crate::ports::JournalEntry;
use crate::session::Prompt;
use crate::session::step::Step;
use crate::session::to_claude;

use fates::Fates;
use files::Files;
use notices::Notices;
use offer::Offer;

/// How many messages can be added to a prompt that waits, or to a turn.
pub(in crate::session) const MAX_FURTHER: usize = 32;

/// What waits, what is offered, and what the running step writes down.
#[derive(Debug, Default)]
pub(in crate::session) struct Prompts {
    queue: VecDeque<Prompt>,
    /// Interrupted prompts that wait for a decision, the oldest first.
    offers: VecDeque<Offer>,
    /// When the next of them goes on by itself, or the calendar is looked at for that.
    goes_on_at: Option<Time>,
    /// The messages that say when halted prompts can go on, and the posts that are to become some.
    told_halted: Vec<(PromptId, MessageId)>,
    posts_on_halted: Vec<(PostId, PromptId)>,
    notices: Notices,
    fates: Fates,
    files: Files,
    /// The prompts that somebody listens to.
    listening: Vec<PromptId>,
    /// The posts that ask whether a transcript is right, until it is known which message each is.
    transcripts: Vec<(PostId, PromptId)>,
    /// What was taken over, and may come from the mailbox again.
    taken_over: HashSet<PromptId>,
    /// What the running step has to write down beside what can be seen after it.
    entry: JournalEntry,
}

impl Prompts {
    /// Returns how many prompts wait.
    pub(in crate::session) fn n_waiting(&self) -> usize {
        self.queue.len()
    }

    /// Tells whether a prompt waits.
    pub(in crate::session) fn has_waiting(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Returns the prompts that wait, the next one first.
    pub(in crate::session) fn waiting(&self) -> impl Iterator<Item = &Prompt> {
        self.queue.iter()
    }

    /// Returns the prompt that is next.
    pub(in crate::session) fn next(&self) -> Option<&Prompt> {
        self.queue.front()
    }

    /// Returns the prompts that wait for a decision, the oldest first.
    pub(in crate::session) fn offered(&self) -> impl Iterator<Item = &Prompt> {
        self.offers.iter().map(|offer| &offer.prompt)
    }

    /// Tells whether a prompt waits for a decision that did not begin.
    fn is_unbegun(&self, id: &PromptId) -> bool {
        let mut offers = self.offers.iter();
        offers.any(|offer| offer.prompt.id == *id && matches!(offer.done, offer::Done::Nothing(_)))
    }

    /// Tells whether it answers for a prompt.
    pub(in crate::session) fn holds(&self, id: &PromptId) -> bool {
        let mut held = self.waiting().chain(self.offered());
        held.any(|prompt| prompt.id == *id)
    }

    /// Tells whether an instruction was taken over already; once, since it comes once more.
    pub(in crate::session) fn was_taken_over(&mut self, id: &PromptId) -> bool {
        self.taken_over.remove(id)
    }

    /// Lets a prompt wait behind the others.
    pub(in crate::session) fn push(&mut self, prompt: Prompt) {
        self.queue.push_back(prompt);
    }

    /// Lets prompts wait before the others, in this order.
    pub(in crate::session) fn push_first<I>(&mut self, prompts: I)
    where
        I: IntoIterator<Item = Prompt, IntoIter: DoubleEndedIterator>,
    {
        for prompt in prompts.into_iter().rev() {
            self.queue.push_front(prompt);
        }
    }

    /// Takes the prompt that is next.
    pub(in crate::session) fn take_next(&mut self) -> Option<Prompt> {
        self.queue.pop_front()
    }

    /// Takes a prompt that waits.
    pub(in crate::session) fn take(&mut self, id: &PromptId) -> Option<Prompt> {
        let place = self.queue.iter().position(|it| it.id == *id)?;
        self.queue.remove(place)
    }

    /// Drops what waits; returns how much that was.
    pub(in crate::session) fn drop_waiting(&mut self) -> usize {
        let dropped = self.queue.len();
        self.queue.clear();
        dropped
    }

    /// Drops what waits and what is offered; returns how much waited.
    pub(in crate::session) fn drop_all(&mut self) -> usize {
        self.offers.clear();
        self.drop_waiting()
    }

    /// Drops what somebody wrote; returns how much of it waited.
    pub(in crate::session) fn drop_of(&mut self, author: UserId) -> usize {
        let before = self.queue.len();
        self.queue.retain(|prompt| prompt.author != author);
        self.offers.retain(|offer| offer.prompt.author != author);
        before - self.queue.len()
    }

    /// Drops the prompt that came in a message alone, if it waits: the message is a command now.
    pub(in crate::session) fn drop_message(&mut self, author: UserId, message: MessageId) {
        let is_it = |prompt: &Prompt| (prompt.author, prompt.message) == (author, message);
        self.queue.retain(|prompt| {
            let stays = !prompt.further.is_empty() || to_claude::goes_on_after_halt(prompt);
            !is_it(prompt) || stays
        });
    }

    /// Tells whether no further prompt may wait.
    pub(in crate::session) fn is_full(&self, step: &Step<'_>) -> bool {
        self.queue.len() >= step.policy().queued_prompts
    }

    /// Says that a prompt is not taken, for want of room.
    pub(in crate::session) fn refuse(&mut self, prompt: &Prompt, step: &mut Step<'_>) {
        let text = step.say().queue_is_full(self.queue.len());
        step.reply(prompt.message, text);
        self.fates.note(&Written::of(prompt), Fate::NeverRan);
    }

    /// Notes what became of a prompt.
    pub(in crate::session) fn note_fate(&mut self, written: &Written, fate: Fate) {
        self.fates.note(written, fate);
    }

    /// Tells whether it is known what became of a prompt.
    pub(in crate::session) fn knows_fate(&self, written: &Written) -> bool {
        self.fates.of(written.first, written.author).is_some()
    }

    /// Puts a changed text in the place of the one that waits, and says what became of the change;
    /// `of_turn` is what is said if a turn holds it.
    pub(in crate::session) fn replace(
        &mut self,
        prompt: Prompt,
        of_turn: Option<String>,
        step: &mut Step<'_>,
    ) {
        let message = prompt.message;
        let Some(place) = self.queue.iter().position(|it| is_of_message(it, &prompt)) else {
            let text = of_turn.unwrap_or_else(|| self.edit_of_what_is_gone(&prompt, step.say()));
            tell_of_edit(message, text, step);
            return;
        };
        let changed = self.queue[place].edited(prompt);
        let before = std::mem::replace(&mut self.queue[place], changed.clone());
        self.notices.follow(&before.id, &changed.id);
        self.note_changed(before.id, changed);
        tell_of_edit(message, step.say().edit_replaced(), step);
    }

    /// Notes that a changed text took the place of another one, and says so.
    pub(in crate::session) fn note_replaced(
        &mut self,
        former: PromptId,
        changed: Prompt,
        step: &mut Step<'_>,
    ) {
        tell_of_edit(changed.message, step.say().edit_replaced(), step);
        self.note_changed(former, changed);
    }

    fn note_changed(&mut self, former: PromptId, changed: Prompt) {
        self.entry.replaced.push((former, changed.id.clone()));
        self.entry.accepted.push(changed);
    }

    /// Adds a message to a prompt that waits; returns it if that prompt does not wait, or cannot
    /// take it: a command of Claude's stands alone.
    pub(in crate::session) fn join(
        &mut self,
        to: &PromptId,
        next: Prompt,
        joint: Joint,
    ) -> Option<Prompt> {
        let mut waiting = self.queue.iter_mut();
        let is_open = |it: &&mut Prompt| {
            it.id == *to && !it.text.starts_with('/') && it.further.len() < MAX_FURTHER
        };
        let Some(prompt) = waiting.find(is_open) else {
            return Some(next);
        };
        *prompt = prompt.clone().joined(next, joint).going_on(None);
        let joined = prompt.clone();
        self.note_accepted(joined);
        None
    }

    /// Returns what is said to the edit of what neither waits nor runs.
    fn edit_of_what_is_gone(&self, prompt: &Prompt, say: Say) -> String {
        if self.offered().any(|it| it.is_of_message(prompt)) {
            return say.edit_of_offer();
        }
        match self.fates.of(prompt.message, prompt.author) {
            Some(Fate::Given) => say.edit_of_the_past(),
            Some(Fate::NeverRan) => say.edit_of_unrun(),
            None => say.edit_of_unknown(),
        }
    }

    /// Tells whether the prompt that came in a message waits.
    fn is_waiting(&self, message: MessageId) -> bool {
        self.queue.iter().any(|prompt| prompt.message == message)
    }
}

/// Tells whether a prompt holds the message of another one. What lets Claude go on is not what the
/// message said.
fn is_of_message(held: &Prompt, prompt: &Prompt) -> bool {
    held.is_of_message(prompt) && !to_claude::goes_on_after_halt(held)
}

fn tell_of_edit(message: MessageId, text: String, step: &mut Step<'_>) {
    let tone = (Rank::Notice, Sound::Silent);
    step.send(Body::Plain(text), Some(message), tone);
}
