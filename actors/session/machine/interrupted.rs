//! What was interrupted: found open at a start, or cut short by the end of an agent.

use std::collections::HashSet;

use crate::outbox::{Rank, Sound};
use crate::ports::{HostUptime, Open, OpenPrompt, Stage};
use crate::session::offer::{Choice, MAX_OFFERS, Offer, parse_press};
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::{Turn, Work};
use crate::session::{Press, Prompt, TakeOver};

use super::steer::instead;
use super::{LeavingStage, Machine, Phase};

/// After so many new beginnings a prompt is not begun again by itself: it has failed three times.
const MAX_REPLAYS: u32 = 2;

impl Machine {
    /// Takes over what was left open. What may come in another way too is passed over then.
    pub(super) fn on_taken_over(
        &mut self,
        from: &TakeOver,
        mut open: Vec<Open>,
        step: &mut Step<'_>,
    ) {
        match from {
            TakeOver::EarlierRun => {}
            TakeOver::OtherSession => open.retain(|open| !self.holds(open.id())),
            TakeOver::BrokenValue { .. } => {
                step.notice(texts::rebuilt());
            }
        }
        let ids: HashSet<_> = open.iter().map(|open| open.id().clone()).collect();
        self.take_over(open, from, step);
        match from {
            TakeOver::EarlierRun => {}
            TakeOver::OtherSession => self.taken_over.extend(ids),
            TakeOver::BrokenValue { .. } => self.taken_over = ids,
        }
    }

    /// Goes through what is open in the order in which it came.
    fn take_over(&mut self, open: Vec<Open>, from: &TakeOver, step: &mut Step<'_>) {
        self.close_cards_of_earlier_run(step);
        let n_waiting = self.queue.len();
        for open in open {
            match open {
                Open::Prompt(open) => self.take_over_prompt(open, from, step),
                Open::Instruction(instruction) if from.suspects().contains(instruction.id()) => {
                    let text = texts::broken_instruction();
                    match instruction.message() {
                        Some(message) => drop(step.reply(message, text)),
                        None => step.tell(text),
                    }
                }
                Open::Instruction(instruction) => {
                    self.on_instruction(instruction, step);
                }
            }
        }
        match self.queue.len().saturating_sub(n_waiting) {
            0 => {}
            n if self.is_ending() => step.tell(texts::runs_when_back(n)),
            n => drop(step.notice(texts::runs_again(from, n))),
        }
        if !self.queue.is_empty() && matches!(self.phase, Phase::Asleep) {
            self.want_slot(step);
        }
        self.start_next_turn(step);
    }

    fn take_over_prompt(&mut self, open: OpenPrompt, from: &TakeOver, step: &mut Step<'_>) {
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
                self.offer(prompt, texts::interrupted(from, host), doing, step);
            }
            Stage::Started { .. } if host == HostUptime::Restarted => {
                let text = texts::interrupted(from, host);
                self.offer(prompt, text, None, step);
            }
            Stage::Started { .. } | Stage::Accepted if is_suspect => {
                let text = texts::failed_too_often(replays + 1);
                self.offer(prompt, text, None, step);
            }
            // Claude has not shown work on it, and passes over a prompt whose id it has seen.
            Stage::Started { conversation } => {
                self.begun_conversation = Some(conversation);
                self.entry.replayed.push(prompt.id.clone());
                self.queue.push_back(prompt);
            }
            Stage::Accepted => {
                if matches!(from, TakeOver::BrokenValue { .. }) {
                    self.entry.replayed.push(prompt.id.clone());
                }
                self.queue.push_back(prompt);
            }
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
        self.offer(turn.prompt, text.clone(), doing.clone(), step);
        // Whether what it was given meanwhile had an effect, nobody knows either.
        for steered in steered {
            self.offer(steered.prompt, text.clone(), doing.clone(), step);
        }
    }

    fn offer(&mut self, prompt: Prompt, text: String, doing: Option<String>, step: &mut Step<'_>) {
        let nonce = step.nonce();
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
            step.reply(oldest.prompt.message, texts::offer_lapsed());
        }
        self.offers.push_back(offer);
        let tone = (Rank::Answer, Sound::Ring);
        step.send(body, Some(message), tone);
    }

    /// Does what a person decided about an interrupted prompt; each decision counts once.
    pub(super) fn on_offer_pressed(&mut self, press: Press, step: &mut Step<'_>) {
        let found = parse_press(&press).and_then(|(choice, nonce)| {
            let place = self.offers.iter().position(|offer| offer.nonce == nonce)?;
            Some((choice, place))
        });
        let Some((choice, place)) = found else {
            step.toast(press.callback, texts::offer_is_over());
            return;
        };
        if !self.offers[place].may_decide(press.by, press.role) {
            step.toast(press.callback, texts::not_yours());
            return;
        }
        let Some(offer) = self.offers.remove(place) else {
            return;
        };
        if let Some(message) = press.message {
            let text = texts::decided_card(choice, &offer.prompt.text);
            step.close_message(message, text);
        }
        let id = press.id.clone();
        step.toast(press.callback, texts::decided(choice).to_owned());
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
        self.queue_up(prompt, step);
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
        self.remember(None, step);
        self.take_back(turn);
        self.leave(LeavingStage::Killed, step);
    }
}
