//! What an earlier run, another session or a broken value left open.

use crate::ports::{Open, OpenPrompt, Stage};
use crate::session::TakeOver;
use crate::session::step::Step;
use crate::session::texts;

use super::Machine;

impl Machine {
    /// Takes over what was left open, in the order in which it came.
    pub(super) fn on_taken_over(
        &mut self,
        from: &TakeOver,
        mut open: Vec<Open>,
        step: &mut Step<'_>,
    ) {
        match from {
            TakeOver::EarlierRun | TakeOver::Lockdown => {}
            // It may be here already.
            TakeOver::OtherSession => open.retain(|open| !self.holds(open.id())),
            TakeOver::BrokenValue { .. } => drop(step.notice(step.say().conversation_rebuilt())),
        }
        let ids = open.iter().map(|open| open.id().clone()).collect();
        self.chat.close_buttons_of_earlier_run(step);
        let n_waiting = self.prompts.n_waiting() + self.gathering.n_with_words();
        for open in open {
            self.take_over(open, from, step);
        }
        let n_now = self.prompts.n_waiting() + self.gathering.n_with_words();
        match n_now.saturating_sub(n_waiting) {
            0 => {}
            n if self.is_ending() => step.tell(step.say().runs_when_back(n)),
            n => drop(step.notice(texts::runs_again(step.say(), from, n))),
        }
        if self.agent.is_asleep() {
            self.want_slot_if_ready(step);
        }
        self.start_next_turn(step);
        self.prompts.note_taken_over(from, ids);
    }

    fn take_over(&mut self, open: Open, from: &TakeOver, step: &mut Step<'_>) {
        match open {
            // Its first part may have come before the end, and the rest of it after that.
            Open::Prompt(OpenPrompt {
                prompt,
                stage: Stage::Accepted,
                replays: 0,
                ..
            }) if prompt.is_overheard()
                || from.is_at_rest() && self.gathering.concerns(&prompt) =>
            {
                self.on_said(prompt, None, step);
            }
            Open::Prompt(open) => {
                if let Some(begun) = self.prompts.take_over(open, from, step) {
                    self.chat.note_begun(begun);
                }
            }
            Open::Instruction(instruction) if from.suspects().contains(instruction.id()) => {
                let text = step.say().instruction_broken();
                match instruction.message() {
                    Some(message) => drop(step.reply(message, text)),
                    None => step.tell(text),
                }
            }
            Open::Instruction(instruction) => self.on_instruction(instruction, step),
        }
    }
}
