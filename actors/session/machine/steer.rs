//! What a person does while a turn runs: say more, take it back, change it, or start over.

use crate::ids::{MessageId, PromptId};
use crate::ports::{AgentInput, PromptForm, Stage};
use crate::session::effect::Effect;
use crate::session::prompts::{Granted, Wish};
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::{Steered, Stopping, Turn};
use crate::session::{Press, Prompt};

use super::progress::stop_harder;
use super::{Handshake, Live, Machine, Opening, Phase, Room};

impl Machine {
    pub(super) fn on_wish_pressed(
        &mut self,
        press: Press,
        (wish, message): (Wish, MessageId),
        step: &mut Step<'_>,
    ) {
        let steers = self.takes_texts_in();
        let (text, granted) = self.prompts.on_wish(&press, (wish, message), |text| {
            steers && may_be_steered(text)
        });
        match granted {
            Some(Granted::Removed) => self.give_up_waiting_for_nothing(step),
            Some(Granted::SendNow(prompt)) => self.steer(prompt, step),
            None => {}
        }
        self.prompts
            .close_notice_of_earlier_run(&press, message, step);
        step.toast(press.callback, text);
    }

    /// Tells whether a running turn can take a text in.
    fn takes_texts_in(&self) -> bool {
        match &self.phase {
            Phase::Live(Live {
                turn: Some(turn),
                handshake: Handshake::Done,
                room: Room::Enough | Room::Wanted,
                ..
            }) => turn.stopping == Stopping::No,
            Phase::Live(_) | Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => false,
        }
    }

    /// Gives a prompt to the agent while it works: it takes it in at its next step, or after its
    /// turn.
    fn steer(&mut self, prompt: Prompt, step: &mut Step<'_>) {
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        let Some(turn) = &mut live.turn else { return };
        let (Opening::Fresh(conversation) | Opening::Resumed(conversation)) = &live.opening;
        (self.prompts).note_started(prompt.id.clone(), conversation.clone());
        step.push(Effect::Write(AgentInput::Prompt {
            id: prompt.id.clone(),
            text: prompt.text.clone(),
            form: PromptForm::Text,
        }));
        turn.last_sign_at = step.now();
        turn.steered.push(Steered {
            prompt,
            is_taken: false,
        });
    }

    /// Lets what an agent was given and has not read wait again, in its order.
    pub(super) fn take_back(&mut self, turn: Turn) {
        let steered = turn.steered.into_iter().map(|steered| steered.prompt);
        let prompts: Vec<_> = std::iter::once(turn.prompt).chain(steered).collect();
        self.prompts.push_first(prompts);
    }

    /// Notes that the running turn has taken a prompt in.
    pub(super) fn on_steered_taken(&mut self, id: &PromptId) {
        let Some(turn) = self.running_turn() else {
            return;
        };
        let doing = turn.work.doing();
        let steered = turn.steered.iter_mut().find(|it| it.prompt.id == *id);
        if let Some(steered) = steered.filter(|steered| !steered.is_taken) {
            steered.is_taken = true;
            let begun = Stage::Begun { doing };
            self.prompts.note_stage(id.clone(), begun);
        }
    }

    /// Stops what runs and lets a text run next.
    pub(super) fn on_instead(&mut self, prompt: Prompt, step: &mut Step<'_>) {
        let is_full = self.prompts.is_full(step);
        let Some(turn) = self.running_turn() else {
            self.on_prompt(prompt, step);
            return;
        };
        if is_full {
            self.prompts.refuse(&prompt, step);
            return;
        }
        if turn.stopping == Stopping::No {
            stop_harder(turn, step);
        }
        let message = prompt.message;
        step.react(message, "👀");
        self.prompts.push_first([prompt]);
        if self.is_ending() {
            step.reply(message, texts::runs_when_back(1));
        }
    }
}

/// Tells whether a running turn can take this text in: a command would be one word among others,
/// and what comes too late for it would be a turn of its own.
fn may_be_steered(text: &str) -> bool {
    !text.starts_with('/')
}

/// Says that prompts that waited do not run, if there were any.
pub(super) fn tell_dropped(count: usize, step: &mut Step<'_>) {
    if count > 0 {
        step.tell(texts::dropped(count));
    }
}
