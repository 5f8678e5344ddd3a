//! What was interrupted: found open at a start, or cut short by the end of an agent.

use crate::ports::Open;
use crate::session::TakeOver;
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::{Turn, Work};

use super::{LeavingStage, Machine, Phase};

impl Machine {
    /// Takes over what was left open, in the order in which it came.
    pub(super) fn on_taken_over(
        &mut self,
        from: &TakeOver,
        mut open: Vec<Open>,
        step: &mut Step<'_>,
    ) {
        match from {
            TakeOver::EarlierRun => {}
            // It may be here already.
            TakeOver::OtherSession => open.retain(|open| !self.holds(open.id())),
            TakeOver::BrokenValue { .. } => drop(step.notice(texts::rebuilt())),
        }
        let ids = open.iter().map(|open| open.id().clone()).collect();
        self.chat.close_cards_of_earlier_run(step);
        let n_waiting = self.prompts.n_waiting();
        for open in open {
            self.take_over(open, from, step);
        }
        match self.prompts.n_waiting().saturating_sub(n_waiting) {
            0 => {}
            n if self.is_ending() => step.tell(texts::runs_when_back(n)),
            n => drop(step.notice(texts::runs_again(from, n))),
        }
        if self.prompts.has_waiting() && matches!(self.phase, Phase::Asleep) {
            self.want_slot(step);
        }
        self.start_next_turn(step);
        self.prompts.note_taken_over(from, ids);
    }

    fn take_over(&mut self, open: Open, from: &TakeOver, step: &mut Step<'_>) {
        match open {
            Open::Prompt(open) => {
                if let Some(begun) = self.prompts.take_over(open, from, step) {
                    self.chat.note_begun(begun);
                }
            }
            Open::Instruction(instruction) if from.suspects().contains(instruction.id()) => {
                let text = texts::broken_instruction();
                match instruction.message() {
                    Some(message) => drop(step.reply(message, text)),
                    None => step.tell(text),
                }
            }
            Open::Instruction(instruction) => self.on_instruction(instruction, step),
        }
    }

    /// Ends a turn that nobody wanted to end: what was said stays, and the person decides.
    pub(super) fn cut_short(&mut self, mut turn: Turn, text: String, step: &mut Step<'_>) {
        let partial = turn.said.take("");
        if !partial.is_empty() {
            self.post_answer(Some(turn.prompt.message), partial, step);
        }
        let doing = turn.work.doing();
        let steered = std::mem::take(&mut turn.steered);
        (self.prompts).offer(turn.prompt, &text, doing.clone(), step);
        // Whether what it was given meanwhile had an effect, nobody knows either.
        for steered in steered {
            (self.prompts).offer(steered.prompt, &text, doing.clone(), step);
        }
    }

    /// Runs a prompt once more in a new conversation: the agent that was to go on with the earlier
    /// one has done nothing at all.
    pub(super) fn set_conversation_aside(&mut self, turn: Turn, step: &mut Step<'_>) {
        debug_assert_eq!(turn.work, Work::Unseen, "nothing was done");
        if self.is_ending() {
            let text = texts::runs_when_back(1 + turn.steered.len());
            step.tell(text);
        } else {
            step.notice(texts::empty_resume());
        }
        self.chat.remember(None, step);
        self.take_back(turn);
        self.leave(LeavingStage::Killed, step);
    }
}
