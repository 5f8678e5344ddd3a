//! What a person does with a prompt that waits.

use crate::ids::MessageId;
use crate::session::prompts::{Granted, Wish};
use crate::session::step::Step;
use crate::session::{Press, Prompt};

use super::Machine;

impl Machine {
    /// Sends a prompt that waits now, or removes it.
    pub(super) fn on_waiting_pressed(
        &mut self,
        press: Press,
        (wish, message): (Wish, MessageId),
        step: &mut Step<'_>,
    ) {
        if wish == Wish::DenyWith {
            self.on_denied_with(&press, message, step);
            return;
        }
        let steers = self.takes_texts_in();
        // A command would be one word among others.
        let may_steer = |text: &str| steers && !text.starts_with('/');
        let wish = (wish, message);
        let (text, granted) = self.prompts.on_wish(&press, wish, may_steer, step.say());
        match granted {
            Some(Granted::Removed) => self.give_up_waiting_for_nothing(step),
            Some(Granted::SendNow(prompt)) => self.steer(prompt, step),
            None => {}
        }
        (self.prompts).close_notice_of_earlier_run(&press, message, step);
        step.toast(press.callback, text);
    }

    /// Denies what Claude asks, with the words of a prompt that waits.
    fn on_denied_with(&mut self, press: &Press, message: MessageId, step: &mut Step<'_>) {
        let is_it = |prompt: &&Prompt| prompt.message == message;
        let Some(prompt) = self.prompts.waiting().find(is_it).cloned() else {
            (self.prompts).close_notice_of_earlier_run(press, message, step);
            step.toast(press.callback.clone(), step.say().toast_over());
            return;
        };
        let is_theirs = prompt.author == press.by || press.role.is_in_charge();
        let text = match self.requests.place_denied_with(&prompt) {
            _ if !is_theirs => step.say().toast_not_yours(),
            None => step.say().toast_nothing_to_deny(),
            Some(place) => {
                self.prompts.take_as_denial(&prompt);
                let decided = self.requests.deny_with(place, &prompt, press, step);
                self.on_decided(Some(decided), step);
                step.say().queued_denied_with()
            }
        };
        step.toast(press.callback.clone(), text);
    }
}
