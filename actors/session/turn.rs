//! A running turn: its prompt, what was given to the agent beside it, what was said, how far a stop
//! has come, and what it shows of itself.

pub mod card;
pub mod draft;
mod ends;
mod show;
mod stop;
mod work;

pub(in crate::session) use ends::{Halted, answered_text, tell_dropped, why_not_begun};
pub(in crate::session) use show::{Closing, OpenShow, Remains, ShowWish};
pub(in crate::session) use stop::{Lost, StopReason, Stopping, Waits};
pub(in crate::session) use work::{Progress, RetryTold, Work};

use crate::agent_event::{Compaction, TurnEnd};
use crate::clock::Time;
use crate::ids::{ConversationId, PromptId, UserId};
use crate::ports::{AgentInput, Stage};
use crate::session::Prompt;
use crate::session::policy::{TYPING_DELAY, TYPING_INTERVAL};
use crate::session::said::Said;
use crate::session::step::Step;

use card::View;

/// A prompt that was written to an agent and has no outcome yet.
#[derive(Debug)]
pub(in crate::session) struct Turn {
    prompt: Prompt,
    /// When it was written.
    started_at: Time,
    /// When "typing…" is due.
    typing_at: Time,
    /// The last sign of life.
    last_sign_at: Time,
    said: Said,
    stopping: Stopping,
    /// Whether it is written down that it is being stopped.
    is_stop_noted: bool,
    /// Prompts that were given to the agent while it worked on this one.
    steered: Vec<Steered>,
    /// What it shows of itself.
    view: View,
    /// What was said on the way, for the card to keep.
    way: String,
    /// Whether the person knows that the API is tried again.
    retry_told: RetryTold,
    /// How far the agent has come with the prompt.
    progress: Progress,
    /// What of its work was seen.
    work: Work,
    /// The end of a background turn that may have answered this prompt too, and what it cost.
    folded_end: Option<(TurnEnd, Option<f64>)>,
    /// What became of the conversation, for a command that has no words for it.
    came_to: Option<CameTo>,
    /// Whether one of Claude's own tools was to change a file.
    has_edited: bool,
    /// What runs only if a person allows it: the request's own name, and what in words. The newest
    /// last.
    asked_to_run: Vec<(String, String)>,
}

/// What a command made of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum CameTo {
    /// It was replaced by its summary.
    Compacted(Compaction),
    /// It was set aside for a new one.
    Cleared,
}

/// A prompt that was given to an agent while it worked on another one.
#[derive(Debug)]
struct Steered {
    prompt: Prompt,
    /// Whether the running turn has taken it in.
    is_taken: bool,
}

/// What a turn does with a prompt that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Holding {
    /// It works on it.
    Works,
    /// It is being stopped.
    Stops,
    /// Its agent was given it and has not read it.
    Unread,
}

impl Turn {
    /// Returns the turn of a prompt that is being written.
    pub(in crate::session) fn begin(prompt: Prompt, now: Time) -> Self {
        Self {
            prompt,
            started_at: now,
            typing_at: now + TYPING_DELAY,
            last_sign_at: now,
            said: Said::default(),
            stopping: Stopping::No,
            is_stop_noted: false,
            steered: Vec::new(),
            view: View::begin(now),
            way: String::new(),
            retry_told: RetryTold::No,
            progress: Progress::Written,
            work: Work::Unseen,
            folded_end: None,
            came_to: None,
            has_edited: false,
            asked_to_run: Vec::new(),
        }
    }

    /// Gives the name of its prompt away: it is over.
    pub(in crate::session) fn take_id(&mut self) -> PromptId {
        std::mem::replace(&mut self.prompt.id, PromptId(String::new()))
    }

    /// Returns the prompt.
    pub(in crate::session) fn prompt(&self) -> &Prompt {
        &self.prompt
    }

    /// Returns when the prompt was written.
    pub(in crate::session) fn started_at(&self) -> Time {
        self.started_at
    }

    /// Returns the prompt, and those that were given to the agent beside it.
    pub(in crate::session) fn prompts(&self) -> impl Iterator<Item = &Prompt> {
        let steered = self.steered.iter().map(|steered| &steered.prompt);
        std::iter::once(&self.prompt).chain(steered)
    }

    /// Tells whether its agent was given a prompt.
    pub(in crate::session) fn was_given(&self, id: &PromptId) -> bool {
        self.prompts().any(|prompt| prompt.id == *id)
    }

    /// Returns them in their order, to wait again.
    pub(in crate::session) fn into_prompts(self) -> Vec<Prompt> {
        let steered = self.steered.into_iter().map(|steered| steered.prompt);
        std::iter::once(self.prompt).chain(steered).collect()
    }

    /// Returns how many prompts were given to the agent beside it.
    pub(in crate::session) fn n_steered(&self) -> usize {
        self.steered.len()
    }

    /// Returns how many of them it has not taken in.
    pub(in crate::session) fn n_untaken(&self) -> usize {
        self.steered.iter().filter(|it| !it.is_taken).count()
    }

    /// Gives a prompt to the agent while it works: it takes it in at its next step, or after its
    /// turn. Returns how far that prompt has come.
    pub(in crate::session) fn steer(
        &mut self,
        prompt: Prompt,
        input: AgentInput,
        conversation: ConversationId,
        step: &mut Step<'_>,
    ) -> (PromptId, Stage) {
        let id = prompt.id.clone();
        step.write(input);
        self.last_sign_at = step.now();
        self.steered.push(Steered {
            prompt,
            is_taken: false,
        });
        (id, Stage::Started { conversation })
    }

    /// Notes what its command made of the conversation.
    pub(in crate::session) fn note_came_to(&mut self, came_to: CameTo) {
        self.came_to = Some(came_to);
    }

    /// Notes a sign of life.
    pub(in crate::session) fn on_sign(&mut self, now: Time) {
        self.last_sign_at = now;
    }

    /// Goes on after a person has answered what the agent waited for.
    pub(in crate::session) fn on_answered(&mut self, now: Time) {
        self.last_sign_at = now;
        self.typing_at = now + TYPING_INTERVAL;
    }

    /// Returns what somebody gave to the agent and it has not taken in.
    fn untaken_of(&self, author: UserId) -> impl Iterator<Item = &Steered> {
        let untaken = self.steered.iter().filter(|steered| !steered.is_taken);
        untaken.filter(move |steered| steered.prompt.author == author)
    }

    /// Tells whether the agent would go on with what somebody gave it.
    pub(in crate::session) fn goes_on_with(&self, author: UserId) -> bool {
        self.untaken_of(author).next().is_some()
    }

    /// Drops what somebody gave to the agent and it has not taken in; returns how much that was.
    pub(in crate::session) fn drop_untaken_of(&mut self, author: UserId) -> usize {
        let before = self.steered.len();
        self.steered
            .retain(|steered| steered.is_taken || steered.prompt.author != author);
        before - self.steered.len()
    }

    /// Returns what it does with the prompt of the same message, if it holds it.
    pub(in crate::session) fn holding(&self, prompt: &Prompt) -> Option<Holding> {
        let steered = self.steered.iter();
        let mut unread = steered.filter(|steered| !steered.is_taken);
        let is_unread = unread.any(|steered| steered.prompt.is_of_message(prompt));
        let is_held = self.prompts().any(|held| held.is_of_message(prompt));
        match (is_held, self.stopping) {
            (false, _) => None,
            (true, Stopping::No) if is_unread => Some(Holding::Unread),
            (true, Stopping::No) => Some(Holding::Works),
            (
                true,
                Stopping::Asked { .. } | Stopping::Signalled { .. } | Stopping::Killed { .. },
            ) => Some(Holding::Stops),
        }
    }

    /// Tells whether its agent has said nothing of it.
    pub(in crate::session) fn is_only_written(&self) -> bool {
        self.progress == Progress::Written && !self.has_work()
    }

    /// Returns the prompts that were given to the agent beside it, and whether it took them in.
    #[cfg(test)]
    pub(in crate::session) fn steered(&self) -> impl Iterator<Item = (&Prompt, bool)> {
        let steered = self.steered.iter();
        steered.map(|steered| (&steered.prompt, steered.is_taken))
    }
}
