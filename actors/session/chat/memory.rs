//! What Claude should know: which prompt its conversation has to hold, and which settings files it
//! passes over.

use super::Chat;
use crate::agent_event::PassedOver;
use crate::ids::PromptId;
use crate::ports::Memory;
use crate::session::step::Step;
use crate::session::texts;

/// How many settings files are told of.
const MAX_PASSED_OVER: usize = 8;

/// What is known of it while the session lives.
#[derive(Debug, Default)]
pub(super) struct Recent {
    /// The prompt that was answered last. It is written down when the agent or the session ends.
    answered: Option<PromptId>,
    /// Whether the prompt of the running turn is to be kept out: its conversation was replaced.
    is_replaced: bool,
}

impl Chat {
    /// Notes that a turn is over, and which prompt was answered in it.
    pub(in crate::session) fn on_turn_over(&mut self, answered: Option<PromptId>) {
        let is_replaced = std::mem::take(&mut self.recent.is_replaced);
        if let Some(answered) = answered.filter(|_| !is_replaced) {
            self.recent.answered = Some(answered);
        }
    }

    /// Returns the prompt that the conversation has to hold when it is opened once more.
    pub(in crate::session) fn answered(&self) -> Option<&PromptId> {
        let stored = self.record.memory.answered.as_ref();
        self.recent.answered.as_ref().or(stored)
    }

    /// Writes down which prompt was answered last: whoever opens the conversation next asks for it.
    pub(in crate::session) fn keep_answered(&mut self, step: &mut Step<'_>) {
        if let Some(answered) = self.recent.answered.take()
            && self.record.memory.answered.as_ref() != Some(&answered)
        {
            self.record.memory.answered = Some(answered);
            self.store(step);
        }
    }

    /// Notes that the conversation holds what it held before no more, as somebody wanted.
    pub(in crate::session) fn on_replaced(&mut self, has_turn: bool, step: &mut Step<'_>) {
        self.recent.is_replaced = has_turn;
        if self.forget_answered() {
            self.store(step);
        }
    }

    /// Forgets what was known of the conversation; tells whether any of it was written down.
    pub(super) fn forget_answered(&mut self) -> bool {
        self.recent.answered = None;
        let was_full = std::mem::take(&mut self.record.memory.is_nearly_full);
        self.record.memory.answered.take().is_some() || was_full
    }

    /// Says quietly, once for a conversation that grows, that it is nearly full.
    pub(in crate::session) fn on_nearly_full(&mut self, percent: u64, step: &mut Step<'_>) {
        if !std::mem::replace(&mut self.record.memory.is_nearly_full, true) {
            step.notice(step.say().context_nearly_full(percent.to_string()));
            self.store(step);
        }
    }

    /// Takes in that the conversation does not hold what it held.
    pub(in crate::session) fn on_not_recalled(&mut self, step: &mut Step<'_>) {
        self.on_replaced(false, step);
        step.tell(step.say().conversation_shorter());
    }

    /// Takes in which settings files are passed over; tells what was not told before.
    pub(in crate::session) fn on_passed_over(
        &mut self,
        mut files: Vec<PassedOver>,
        step: &mut Step<'_>,
    ) {
        files.truncate(MAX_PASSED_OVER);
        let lines = texts::passed_over(step.say(), &files);
        let Memory { passed_over, .. } = &mut self.record.memory;
        if *passed_over == lines {
            return;
        }
        if !lines.is_empty() {
            step.tell(step.say().settings_passed_over(texts::lines(&lines)));
        }
        *passed_over = lines;
        self.store(step);
    }
}
