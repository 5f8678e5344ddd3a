//! How the next turn begins.

use crate::agent_event::Activity;
use crate::ports::PromptForm;
use crate::session::Prompt;
use crate::session::agent::{Handshake, Live, Room};
use crate::session::step::Step;
use crate::session::turn::Turn;
use crate::session_supervisor::SlotChange;

use super::Machine;
use super::budget::Admission;

impl Machine {
    /// Writes the next prompt, if there is one, the agent can take it and need not make room.
    pub(super) fn start_next_turn(&mut self, step: &mut Step<'_>) {
        let gives_way =
            |live: &Live| live.room() == Room::Wanted && live.activity() == Activity::Idle;
        // While it answers, or a login waits for its code, it cannot go.
        if self.enquiries.are_under_way() || !self.agent.live().is_some_and(gives_way) {
            self.start_turn(step);
        }
    }

    /// Writes the next prompt, if there is one and the agent can take it.
    ///
    /// An agent that has done nothing yet does one turn before it makes room: else chats that
    /// wait for each other would only pass the slot around.
    pub(super) fn start_turn(&mut self, step: &mut Step<'_>) {
        // What has not begun waits until the bridge is back.
        if self.is_ending() || self.turn.is_some() || self.enquiries.undo() {
            return;
        }
        let Some(live) = self.agent.live() else {
            return;
        };
        if live.room() == Room::Stale || matches!(live.handshake(), Handshake::Refused(_)) {
            return;
        }
        let Some(prompt) = self.prompts.next().filter(|_| self.prompts.has_ready()) else {
            return;
        };
        let command = command_word(&prompt.text);
        // Which commands Claude knows is unknown before the handshake is done.
        if command.is_some() && live.handshake() != Handshake::Done {
            return;
        }
        let is_known = command.is_some_and(|word| self.chat.knows_command(word));
        if let Some(text) = self.said_instead(&prompt.text, step.say()) {
            if let Some(prompt) = self.prompts.take_next() {
                self.say_instead(&prompt, text, step);
            }
            self.start_turn(step);
            return;
        }
        let conversation = live.conversation_id().clone();
        if self.keep_over_budget(Admission::SetAside, step) {
            self.start_turn(step);
            return;
        }
        let form = match is_known {
            true => PromptForm::Command,
            false => PromptForm::Text,
        };
        if let Some(prompt) = self.prompts.take_next() {
            self.prompts
                .note_started(prompt.id.clone(), form, conversation);
            self.begin_turn(prompt, form, step);
        }
    }

    fn begin_turn(&mut self, prompt: Prompt, form: PromptForm, step: &mut Step<'_>) {
        let input = self.prompts.input_of(&prompt, form);
        self.agent.on_turn_begun(prompt.author);
        self.turn = Some(Box::new(Turn::begin(prompt, step.now())));
        step.slot(SlotChange::Busy);
        step.write(input);
    }
}

/// Returns the word of a text that looks like a command, without its slash.
fn command_word(text: &str) -> Option<&str> {
    let word = text.strip_prefix('/')?.split_whitespace().next()?;
    (!word.contains('/')).then_some(word)
}
