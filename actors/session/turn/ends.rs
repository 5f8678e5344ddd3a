//! How a turn ends, in posts.

use bridge_texts::Say;

use super::{Closing, Remains, Turn};
use crate::agent_event::{AgentExit, ApiFault, ExitStatus, TurnEnd, TurnOrigin, TurnOutcome};
use crate::chat_settings::Detail;
use crate::clock::Time;
use crate::outbox::{Rank, Sound};
use crate::session::Prompt;
use crate::session::said::{Told, post_answer};
use crate::session::step::Step;
use crate::session::texts::{self, TurnMark};

/// A prompt with which the API let Claude go no further.
#[derive(Debug)]
pub(in crate::session) struct Halted {
    pub(in crate::session) prompt: Prompt,
    /// What the API said.
    pub(in crate::session) error: String,
    pub(in crate::session) fault: ApiFault,
}

/// Tells whether the same work can go on later without anybody doing anything about it.
fn is_over_some_time(fault: &ApiFault) -> bool {
    match fault {
        ApiFault::Limit { .. } | ApiFault::Overloaded | ApiFault::Other => true,
        ApiFault::NotLoggedIn
        | ApiFault::LoginExpired
        | ApiFault::KeyRefused
        | ApiFault::NoCredit
        | ApiFault::NoSuchModel
        | ApiFault::TooLong
        | ApiFault::TooLarge
        | ApiFault::Declined
        | ApiFault::Rejected => false,
    }
}

impl Turn {
    /// Tells whether `end` is the end of this turn.
    ///
    /// A turn that a background task started can end first. Newer CLIs name the prompts that a
    /// turn consumed; older ones only say who asked for it.
    pub(in crate::session) fn is_ended_by(&self, end: &TurnEnd) -> bool {
        match (&end.prompts, end.origin) {
            (Some(prompts), _) if prompts.contains(&self.prompt.id) => true,
            (Some(_), TurnOrigin::Background) | (None, TurnOrigin::Background) => false,
            (Some(_), TurnOrigin::Prompt) | (None, TurnOrigin::Prompt) => true,
        }
    }

    /// Keeps the end of another turn that may have answered this prompt too; posts what was said.
    pub(in crate::session) fn fold(
        &mut self,
        (end, cost): (TurnEnd, Option<f64>),
        detail: Detail,
        step: &mut Step<'_>,
    ) {
        let text = answered_text(step.say(), &end);
        self.said.post(&text, detail, step);
        self.folded_end = Some((end, cost));
    }

    /// Returns the end of another turn that has answered this prompt too, and what it cost.
    pub(in crate::session) fn take_folded_end(&mut self) -> Option<(TurnEnd, Option<f64>)> {
        self.folded_end.take()
    }

    /// Tells whether another turn has ended that may have answered this prompt too.
    #[cfg(test)]
    pub(in crate::session) fn has_folded_end(&self) -> bool {
        self.folded_end.is_some()
    }

    /// Tells whether it ended although nothing was done and nobody stopped it.
    pub(in crate::session) fn did_nothing(&self, end: &TurnEnd) -> bool {
        let is_command = self.prompt.text.starts_with('/');
        let is_empty = match &end.outcome {
            TurnOutcome::Answered { text } => text.trim().is_empty(),
            TurnOutcome::Interrupted | TurnOutcome::ApiError { .. } | TurnOutcome::Failed(_) => {
                false
            }
        };
        is_empty && !self.has_work() && self.stop_reason().is_none() && !is_command
    }

    /// Returns the turn that follows by itself: what was given to the agent and not taken in by
    /// this turn becomes the next one, all of it at once.
    pub(in crate::session) fn follow_up(&mut self, end: &TurnEnd, now: Time) -> Option<Turn> {
        let consumed = end.prompts.as_deref().unwrap_or_default();
        let steered = std::mem::take(&mut self.steered);
        let mut left = steered
            .into_iter()
            .filter(|steered| !steered.is_taken && !consumed.contains(&steered.prompt.id));
        let mut turn = Turn::begin(left.next()?.prompt, now);
        turn.steered = left.collect();
        Some(turn)
    }

    /// Says what it came to; returns what is left to say in its card, and the prompt if it can go on
    /// when the API lets it.
    pub(in crate::session) fn post_outcome(
        mut self,
        end: TurnEnd,
        detail: Detail,
        step: &mut Step<'_>,
    ) -> (Remains, Option<Halted>) {
        let message = self.prompt.message;
        let mark = Closing::mark_of(&end.outcome);
        match end.outcome {
            TurnOutcome::Answered { text } => {
                self.post_answered(&text, end.origin, detail, step);
                return (self.remains(mark, step), None);
            }
            TurnOutcome::Interrupted | TurnOutcome::Failed(_) => {
                self.post_said(detail, step);
            }
            TurnOutcome::ApiError { ref text, .. } => {
                // The CLI says the error as text too.
                self.said.drop_last(text);
                self.post_said(detail, step);
            }
        }
        let remains = self.remains(mark, step);
        match end.outcome {
            TurnOutcome::Answered { .. } => {}
            TurnOutcome::Interrupted => {
                let limit = step.policy().silence_limit;
                step.reply(
                    message,
                    texts::stopped(step.say(), self.stop_reason(), limit),
                );
            }
            TurnOutcome::ApiError { fault, text } if self.can_go_on_after(&fault) => {
                let halted = Halted {
                    prompt: self.prompt,
                    error: text,
                    fault,
                };
                return (remains, Some(halted));
            }
            TurnOutcome::ApiError { fault, text } => {
                step.reply(message, texts::api_error(step.say(), &fault, &text));
            }
            TurnOutcome::Failed(fault) => {
                step.reply(message, texts::turn_failed(step.say(), &fault));
            }
        }
        (remains, None)
    }

    /// Tells whether the same work can go on some time after the API failed: a command does not go
    /// on, and nobody wants on what they stopped.
    fn can_go_on_after(&self, fault: &ApiFault) -> bool {
        let is_command = self.prompt.text.starts_with('/');
        is_over_some_time(fault) && self.stop_reason().is_none() && !is_command
    }

    fn post_answered(
        &mut self,
        text: &str,
        origin: TurnOrigin,
        detail: Detail,
        step: &mut Step<'_>,
    ) {
        let (told, without) = match origin {
            TurnOrigin::Prompt => {
                let without = texts::done_without_words(step.say(), self.came_to);
                (self.said.take(text, detail), without)
            }
            // The background turn that took the prompt in was posted when it ended.
            TurnOrigin::Background => (self.said.take("", detail), step.say().answer_above()),
        };
        if told.answer.is_empty() {
            step.reply(self.prompt.message, without);
        } else {
            self.post_told(told, step);
        }
    }

    /// Ends it although nobody wanted to: what was said stays. Returns what the person has to decide
    /// about, for whether what was given beside the prompt had an effect, nobody knows either; and
    /// what is left to say in its card.
    pub(in crate::session) fn cut(
        mut self,
        detail: Detail,
        step: &mut Step<'_>,
    ) -> (Vec<Prompt>, Remains) {
        self.post_said(detail, step);
        let remains = self.remains(TurnMark::Stopped, step);
        (self.into_prompts(), remains)
    }

    /// Says that it ended with its agent, which was to be stopped or has never begun; returns what
    /// is left to say in its card.
    pub(in crate::session) fn end_with_agent(
        mut self,
        exit: &AgentExit,
        detail: Detail,
        step: &mut Step<'_>,
    ) -> Remains {
        self.post_said(detail, step);
        let remains = self.remains(TurnMark::Stopped, step);
        tell_dropped(self.n_untaken(), step);
        let limit = step.policy().silence_limit;
        let text = match self.stop_reason() {
            Some(reason) => texts::stopped_by_force(step.say(), reason, limit),
            None => why_not_begun(step.say(), exit),
        };
        step.reply(self.prompt.message, text);
        remains
    }

    fn post_said(&mut self, detail: Detail, step: &mut Step<'_>) {
        let told = self.said.take("", detail);
        self.post_told(told, step);
    }

    /// Posts an answer; what was said on the way stays in the card if there is one.
    fn post_told(&mut self, mut told: Told, step: &mut Step<'_>) {
        if self.view.message.is_some() {
            self.way = std::mem::take(&mut told.way);
        }
        post_answer(Some(self.prompt.message), told, step);
    }

    /// Returns what is left to say in its card: what was said on the way, and a text that was cut
    /// short. Without a card the latter is told at once.
    fn remains(&mut self, mark: TurnMark, step: &mut Step<'_>) -> Remains {
        let cut = match mark {
            // A text that was completed is in the answer.
            TurnMark::Done => "",
            TurnMark::Stopped | TurnMark::Failed => self.view.partial(),
        };
        let (say, is_cut) = (step.say(), !cut.is_empty());
        let mut words = std::mem::take(&mut self.way);
        if is_cut && !words.is_empty() {
            words.push_str("\n\n");
        }
        words.push_str(cut);
        let mut fold = texts::fold(say, words);
        if is_cut && self.view.message.is_none() {
            let body = texts::cut_short(say, std::mem::take(&mut fold.words), &fold.note);
            step.send(body, None, (Rank::Answer, Sound::Silent));
        }
        if let Some(file) = fold.file.take() {
            step.send(file, None, (Rank::Answer, Sound::Silent));
        }
        Remains { is_cut, fold }
    }
}

/// Says that prompts that waited do not run, if there were any.
pub(in crate::session) fn tell_dropped(count: usize, step: &mut Step<'_>) {
    if count > 0 {
        step.tell(step.say().dropped_waiting(count));
    }
}

/// Returns why a prompt was not begun by an agent that is gone.
pub(in crate::session) fn why_not_begun(say: Say, exit: &AgentExit) -> String {
    match &exit.status {
        ExitStatus::NotStarted(fault) => texts::not_started(say, fault),
        ExitStatus::Code(_) | ExitStatus::Signal(_) => texts::died_at_start(say, exit),
    }
}

/// Returns the text that a turn ended with.
pub(in crate::session) fn answered_text(say: Say, end: &TurnEnd) -> String {
    match &end.outcome {
        TurnOutcome::Answered { text } | TurnOutcome::ApiError { text, .. } => text.clone(),
        TurnOutcome::Interrupted => String::new(),
        TurnOutcome::Failed(fault) => texts::turn_fault(say, fault),
    }
}
