//! What was interrupted: found open at a start, or cut short by the end of an agent.

use std::collections::HashSet;

use crate::clock::Time;
use crate::ids::{MessageId, PostId, PromptId};
use crate::outbox::Body;
use crate::outbox::{Post, PostAction, Rank, Sign, Sound};
use crate::ports::{HostUptime, Open, OpenPrompt, Stage};
use crate::session::effect::Effect;
use crate::session::offer::{Choice, MAX_OFFERS, Offer, parse_press};
use crate::session::texts::{self, Cause};
use crate::session::turn::{Turn, Work};
use crate::session::{Press, Prompt};

use super::steer::instead;
use super::{Fresh, LeavingStage, Machine, Phase};

/// After so many new beginnings a prompt is not begun again by itself: it has failed three times.
const MAX_REPLAYS: u32 = 2;

impl Machine {
    /// Takes over what an earlier run of the bridge left open.
    pub(super) fn on_resumed(
        &mut self,
        open: Vec<Open>,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        self.take_over(open, &[], Cause::BridgeRestarted, now, fresh, out);
    }

    /// Takes over what another session of this run left open, unless it is here already.
    pub(super) fn on_adopted(
        &mut self,
        mut open: Vec<Open>,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        open.retain(|open| !self.holds(open.id()));
        let ids: Vec<_> = open.iter().map(|open| open.id().clone()).collect();
        self.take_over(open, &[], Cause::Adopted, now, fresh, out);
        self.taken_over.extend(ids);
    }

    /// Takes over what a broken value of this session left open; its agent died with it.
    pub(super) fn on_rebuilt(
        &mut self,
        open: Vec<Open>,
        suspects: &[PromptId],
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        self.notice(texts::rebuilt(), fresh, out);
        let ids: HashSet<_> = open.iter().map(|open| open.id().clone()).collect();
        self.take_over(open, suspects, Cause::SessionRebuilt, now, fresh, out);
        self.taken_over = ids;
    }

    /// Goes through what is open in the order in which it came.
    fn take_over(
        &mut self,
        open: Vec<Open>,
        suspects: &[PromptId],
        cause: Cause,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        self.close_cards_of_earlier_run(fresh, out);
        let n_waiting = self.queue.len();
        for open in open {
            match open {
                Open::Prompt(open) => self.take_over_prompt(open, cause, fresh, out),
                Open::Instruction(instruction) if suspects.contains(instruction.id()) => {
                    let text = texts::broken_instruction();
                    match instruction.message() {
                        Some(message) => drop(self.reply(message, text, fresh, out)),
                        None => self.tell(text, fresh, out),
                    }
                }
                Open::Instruction(instruction) => {
                    self.on_instruction(instruction, now, fresh, out);
                }
            }
        }
        match self.queue.len().saturating_sub(n_waiting) {
            0 => {}
            n if self.is_ending() => self.tell(texts::runs_when_back(n), fresh, out),
            n => drop(self.notice(texts::runs_again(cause, n), fresh, out)),
        }
        if !self.queue.is_empty() && matches!(self.phase, Phase::Asleep) {
            self.want_slot(out);
        }
        self.start_next_turn(now, out);
    }

    fn take_over_prompt(
        &mut self,
        open: OpenPrompt,
        cause: Cause,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let OpenPrompt {
            prompt,
            stage,
            host,
            replays,
        } = open;
        let text = instead(&prompt.text).unwrap_or(&prompt.text).to_owned();
        let prompt = Prompt { text, ..prompt };
        let is_suspect = replays >= MAX_REPLAYS;
        match stage {
            Stage::Interrupted { nonce, doing } => self.offers.push_back(Offer {
                prompt,
                nonce,
                doing,
            }),
            Stage::Begun { doing } => {
                let cause = match host {
                    HostUptime::Unbroken => cause,
                    HostUptime::Restarted => Cause::HostRestarted,
                };
                self.offer(prompt, texts::interrupted(cause), doing, fresh, out);
            }
            Stage::Started { .. } if host == HostUptime::Restarted => {
                let text = texts::interrupted(Cause::HostRestarted);
                self.offer(prompt, text, None, fresh, out);
            }
            Stage::Started { .. } | Stage::Accepted if is_suspect => {
                let text = texts::failed_too_often(replays + 1);
                self.offer(prompt, text, None, fresh, out);
            }
            // Claude has not shown work on it, and passes over a prompt whose id it has seen.
            Stage::Started { conversation } => {
                self.begun_conversation = Some(conversation);
                self.entry.replayed.push(prompt.id.clone());
                self.queue.push_back(prompt);
            }
            Stage::Accepted => {
                if cause == Cause::SessionRebuilt {
                    self.entry.replayed.push(prompt.id.clone());
                }
                self.queue.push_back(prompt);
            }
        }
    }

    /// Ends a turn that nobody wanted to end: what was said stays, and the person decides.
    pub(super) fn cut_short(
        &mut self,
        mut turn: Turn,
        text: String,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let partial = turn.said.take("");
        if !partial.is_empty() {
            self.post_answer(Some(turn.prompt.message), partial, fresh, out);
        }
        let doing = turn.work.doing();
        let steered = std::mem::take(&mut turn.steered);
        self.offer(turn.prompt, text.clone(), doing.clone(), fresh, out);
        // Whether what it was given meanwhile had an effect, nobody knows either.
        for steered in steered {
            self.offer(steered.prompt, text.clone(), doing.clone(), fresh, out);
        }
    }

    fn offer(
        &mut self,
        prompt: Prompt,
        text: String,
        doing: Option<String>,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let nonce = (fresh.nonce)();
        let stage = Stage::Interrupted {
            nonce: nonce.clone(),
            doing: doing.clone(),
        };
        self.entry.stages.push((prompt.id.clone(), stage));
        let message = prompt.message;
        let text = texts::with_offer(&text, doing.as_deref());
        let offer = Offer {
            prompt,
            nonce,
            doing,
        };
        let body = offer.body(text);
        if self.offers.len() >= MAX_OFFERS
            && let Some(oldest) = self.offers.pop_front()
        {
            self.reply(oldest.prompt.message, texts::offer_lapsed(), fresh, out);
        }
        self.offers.push_back(offer);
        let tone = (Rank::Answer, Sound::Ring);
        self.send(body, Some(message), tone, fresh, out);
    }

    /// Does what a person decided about an interrupted prompt; each decision counts once.
    pub(super) fn on_offer_pressed(
        &mut self,
        press: Press,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let found = parse_press(&press).and_then(|(choice, nonce)| {
            let place = self.offers.iter().position(|offer| offer.nonce == nonce)?;
            Some((choice, place))
        });
        let Some((choice, place)) = found else {
            answer_press(press, texts::offer_is_over(), out);
            return;
        };
        if !self.offers[place].may_decide(press.by, press.role) {
            answer_press(press, texts::not_yours(), out);
            return;
        }
        let Some(offer) = self.offers.remove(place) else {
            return;
        };
        if let Some(message) = press.message {
            let text = texts::decided_card(choice, &offer.prompt.text);
            self.close_card(message, text, fresh, out);
        }
        let id = press.id.clone();
        answer_press(press, texts::decided(choice).to_owned(), out);
        let text = match choice {
            Choice::Discard => return,
            Choice::Retry => offer.prompt.text,
            Choice::Continue => texts::go_on(offer.doing.as_deref()),
        };
        let prompt = Prompt {
            id,
            text,
            ..offer.prompt
        };
        self.entry.accepted.push(prompt.clone());
        self.queue_up(prompt, now, fresh, out);
    }

    pub(super) fn close_card(
        &self,
        message: MessageId,
        text: String,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let id: PostId = (fresh.post)();
        let action = PostAction::EditMessage {
            id,
            message,
            body: Body::Plain(text),
        };
        out.push(Effect::Post(Post {
            key: self.key,
            action,
            rank: Rank::Answer,
        }));
    }

    /// Runs a prompt once more in a new conversation: the agent that was to go on with the earlier
    /// one has done nothing at all.
    pub(super) fn set_conversation_aside(
        &mut self,
        turn: Turn,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        debug_assert_eq!(turn.work, Work::Unseen, "nothing was done");
        if self.is_ending() {
            let text = texts::runs_when_back(1 + turn.steered.len());
            self.tell(text, fresh, out);
        } else {
            self.notice(texts::empty_resume(), fresh, out);
        }
        self.remember(None, out);
        self.take_back(turn);
        self.leave(LeavingStage::Killed, now, out);
    }
}

fn answer_press(press: Press, text: String, out: &mut Vec<Effect>) {
    out.push(Effect::Sign(Sign::AnswerCallback {
        callback: press.callback,
        text: Some(text),
    }));
}
