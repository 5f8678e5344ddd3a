//! How a turn ends, in posts.

use bridge_texts::Say;

use super::Turn;
use crate::agent_event::{AgentExit, ExitStatus, TurnEnd, TurnOrigin, TurnOutcome};
use crate::clock::Time;
use crate::session::Prompt;
use crate::session::said::post_answer;
use crate::session::step::Step;
use crate::session::texts;

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
    pub(in crate::session) fn fold(&mut self, end: TurnEnd, step: &mut Step<'_>) {
        let text = answered_text(step.say(), &end);
        self.said.post(None, &text, step);
        self.folded_end = Some(end);
    }

    /// Returns the end of another turn that has answered this prompt too.
    pub(in crate::session) fn take_folded_end(&mut self) -> Option<TurnEnd> {
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

    /// Says what it came to.
    pub(in crate::session) fn post_outcome(mut self, end: TurnEnd, step: &mut Step<'_>) {
        let message = self.prompt.message;
        match end.outcome {
            TurnOutcome::Answered { text } => self.post_answered(&text, end.origin, step),
            TurnOutcome::Interrupted => {
                self.post_said(step);
                let limit = step.policy().silence_limit;
                step.reply(
                    message,
                    texts::stopped(step.say(), self.stop_reason(), limit),
                );
            }
            TurnOutcome::ApiError { fault, text } => {
                let said = self.said.take("");
                // The CLI says the error as text too.
                let said = said.strip_suffix(text.trim()).unwrap_or(&said).trim();
                if !said.is_empty() {
                    post_answer(Some(message), said.to_owned(), step);
                }
                step.reply(message, texts::api_error(step.say(), &fault, &text));
            }
            TurnOutcome::Failed(fault) => {
                self.post_said(step);
                let why = texts::turn_fault(step.say(), &fault);
                step.reply(message, step.say().turn_failed(why));
            }
        }
    }

    fn post_answered(&mut self, text: &str, origin: TurnOrigin, step: &mut Step<'_>) {
        let message = self.prompt.message;
        let (rest, without) = match origin {
            TurnOrigin::Prompt => (self.said.take(text), step.say().answer_empty()),
            // The background turn that took the prompt in was posted when it ended.
            TurnOrigin::Background => (self.said.take(""), step.say().answer_above()),
        };
        if rest.is_empty() {
            step.reply(message, without);
        } else {
            post_answer(Some(message), rest, step);
        }
    }

    /// Ends it although nobody wanted to: what was said stays. Returns what the person has to decide
    /// about; whether what was given beside the prompt had an effect, nobody knows either.
    pub(in crate::session) fn cut(mut self, step: &mut Step<'_>) -> Vec<Prompt> {
        self.post_said(step);
        self.into_prompts()
    }

    /// Says that it ended with its agent, which was to be stopped or has never begun.
    pub(in crate::session) fn end_with_agent(mut self, exit: &AgentExit, step: &mut Step<'_>) {
        self.post_said(step);
        tell_dropped(self.n_untaken(), step);
        let limit = step.policy().silence_limit;
        let text = match self.stop_reason() {
            Some(reason) => texts::stopped_by_force(step.say(), reason, limit),
            None => why_not_begun(step.say(), exit),
        };
        step.reply(self.prompt.message, text);
    }

    fn post_said(&mut self, step: &mut Step<'_>) {
        self.said.post(Some(self.prompt.message), "", step);
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
