//! What people choose for the chat: how it reaches the agent that runs.

use crate::chat_settings::Trust;
use crate::ids::{MessageId, UserId};
use crate::instruction::Role;
use crate::session::chat::{Chosen, Reach, Trusting};
use crate::session::step::Step;

use super::Machine;

impl Machine {
    /// Lets a choice reach the agent that runs, and says it.
    pub(super) fn on_chosen(&mut self, chosen: Option<Chosen>, step: &mut Step<'_>) {
        let Some(chosen) = chosen else { return };
        match chosen.reach.clone() {
            Reach::Told(input) if self.agent.live().is_some() => step.write(input),
            Reach::Told(_) => {}
            Reach::Next => self.on_stale(step),
        }
        chosen.say(step);
    }

    /// Lets what the folder brings along run, or no longer; the agent is started anew for it.
    pub(super) fn on_trust(
        &mut self,
        (message, trust): (MessageId, Trust),
        who: (UserId, Role),
        step: &mut Step<'_>,
    ) {
        match self.chat.on_trust((message, trust), who, step) {
            Trusting::Refused => return,
            Trusting::Unchanged => {}
            Trusting::Changed => self.on_stale(step),
        }
        self.chat.say_trust(message, step);
    }
}
