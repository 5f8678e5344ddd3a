//! What a person does while a turn runs: say more, take it back, change it, or start over.

use crate::ids::{MessageId, PromptId};
use crate::outbox::{Body, Rank, Sound};
use crate::ports::{AgentInput, PromptForm, Stage};
use crate::session::effect::Effect;
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::{Steered, Stopping, Turn};
use crate::session::waiting::{self, WaitingNotice, Wish, parse_wish};
use crate::session::{Press, Prompt};

use super::progress::stop_harder;
use super::{Handshake, Live, Machine, Opening, Phase, Room};

impl Machine {
    /// Tells that a prompt waits behind a running turn, with what can be done about it.
    pub(super) fn say_that_it_waits(
        &mut self,
        prompt: PromptId,
        message: MessageId,
        step: &mut Step<'_>,
    ) {
        let text = texts::queued(self.queue.len());
        let tone = (Rank::Notice, Sound::Silent);
        if self.running_turn().is_none() {
            step.send(Body::Plain(text), Some(message), tone);
            return;
        }
        let body = Body::Live {
            text,
            code: None,
            rows: waiting::rows(message),
        };
        let post = step.send(body, Some(message), tone);
        self.notices.push(WaitingNotice {
            prompt,
            post,
            message,
        });
    }

    /// Takes the buttons off prompts that wait no longer, or for another run of the bridge: found
    /// by looking.
    pub(super) fn close_notices(&mut self, step: &mut Step<'_>) {
        let ends = step.is_last();
        let waits = |id: &PromptId| self.queue.iter().any(|prompt| prompt.id == *id);
        let (open, over): (Vec<_>, Vec<_>) = std::mem::take(&mut self.notices)
            .into_iter()
            .partition(|notice| waits(&notice.prompt) && !ends);
        let mut closed = Vec::new();
        for notice in over {
            closed.push(notice.message.0.to_string());
            let text = match (self.holds(&notice.prompt), waits(&notice.prompt)) {
                (true, true) => texts::runs_when_back(1),
                (true, false) => texts::begun(),
                (false, _) => texts::runs_not(),
            };
            let body = Body::Live {
                text,
                code: None,
                rows: Vec::new(),
            };
            step.edit_body(notice.post, body, Rank::Notice);
        }
        self.notices = open;
        closed
            .into_iter()
            .for_each(|message| self.note_used(message));
    }

    pub(super) fn on_wish_pressed(&mut self, press: Press, step: &mut Step<'_>) {
        let text = self.fulfil(&press, step);
        self.close_notice_of_earlier_run(&press, step);
        step.toast(press.callback, text);
    }

    fn fulfil(&mut self, press: &Press, step: &mut Step<'_>) -> String {
        let place = parse_wish(&press.data).and_then(|(wish, message)| {
            let mut waiting = self.queue.iter();
            let place = waiting.position(|prompt| prompt.message == message)?;
            Some((wish, place))
        });
        let Some((wish, place)) = place else {
            return texts::offer_is_over();
        };
        let is_theirs = self.queue[place].author == press.by;
        if !is_theirs && !press.role.is_in_charge() {
            return texts::not_yours();
        }
        match wish {
            Wish::Remove => {
                self.queue.remove(place);
                self.give_up_waiting_for_nothing(step);
                texts::removed()
            }
            Wish::SendNow if !self.may_steer(&self.queue[place].text) => texts::not_now(),
            Wish::SendNow => {
                if let Some(prompt) = self.queue.remove(place) {
                    self.steer(prompt, step);
                }
                texts::sent_now()
            }
        }
    }

    /// Takes the buttons off a message that an earlier run left, once its prompt waits no longer;
    /// those of this run are closed with their prompts.
    fn close_notice_of_earlier_run(&self, press: &Press, step: &mut Step<'_>) {
        let Some((_, message)) = parse_wish(&press.data) else {
            return;
        };
        let is_open = self.notices.iter().any(|notice| notice.message == message);
        let is_closed = self.used_nonces.contains(&message.0.to_string());
        let waits = self.queue.iter().any(|prompt| prompt.message == message);
        if let Some(notice) = press.message
            && !is_open
            && !is_closed
            && !waits
        {
            step.close_message(notice, texts::waits_no_longer());
        }
    }

    /// Tells whether a running turn can take a text in: a command would be one word among others,
    /// and what comes too late for it would be a turn of its own.
    fn may_steer(&self, text: &str) -> bool {
        match &self.phase {
            Phase::Live(Live {
                turn: Some(turn),
                handshake: Handshake::Done,
                room: Room::Enough | Room::Wanted,
                ..
            }) => turn.stopping == Stopping::No && !text.starts_with('/'),
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
        let started = Stage::Started {
            conversation: conversation.clone(),
        };
        self.entry.stages.push((prompt.id.clone(), started));
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
        let steered = turn.steered.into_iter().rev();
        for prompt in steered.map(|steered| steered.prompt) {
            self.queue.push_front(prompt);
        }
        self.queue.push_front(turn.prompt);
    }

    /// Says that prompts that waited do not run, if there were any.
    pub(super) fn tell_dropped(&self, count: usize, step: &mut Step<'_>) {
        if count > 0 {
            step.tell(texts::dropped(count));
        }
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
            self.entry.stages.push((id.clone(), begun));
        }
    }

    /// Stops what runs and lets a text run next.
    pub(super) fn on_instead(&mut self, prompt: Prompt, step: &mut Step<'_>) {
        let is_full = self.is_full();
        let Some(turn) = self.running_turn() else {
            self.on_prompt(prompt, step);
            return;
        };
        if is_full {
            self.refuse(&prompt, step);
            return;
        }
        if turn.stopping == Stopping::No {
            stop_harder(turn, step);
        }
        let message = prompt.message;
        step.react(message, "👀");
        self.queue.push_front(prompt);
        if self.is_ending() {
            step.reply(message, texts::runs_when_back(1));
        }
    }

    /// Puts a changed text in the place of the one that waits.
    pub(super) fn on_replaced(&mut self, prompt: Prompt, step: &mut Step<'_>) {
        let message = prompt.message;
        let is_same = |known: &Prompt| known.message == message && known.author == prompt.author;
        let text = match self.queue.iter().position(is_same) {
            Some(place) => {
                let before = std::mem::replace(&mut self.queue[place], prompt.clone());
                for notice in &mut self.notices {
                    if notice.prompt == before.id {
                        notice.prompt = prompt.id.clone();
                    }
                }
                self.entry.replaced.push((before.id, prompt.id.clone()));
                self.entry.accepted.push(prompt);
                texts::replaced()
            }
            None if self
                .running_turn()
                .is_some_and(|turn| is_same(&turn.prompt)) =>
            {
                texts::replaced_too_late()
            }
            None => texts::edit_of_the_past(),
        };
        let tone = (Rank::Notice, Sound::Silent);
        step.send(Body::Plain(text), Some(message), tone);
    }
}

/// Takes the sign off a text that is to run instead of what runs; `None` when it has none.
pub(super) fn instead(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('!')?.trim();
    (!rest.is_empty()).then_some(rest)
}
