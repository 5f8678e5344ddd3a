//! What an earlier run, another session or a broken value left open.

use super::Prompts;
use super::offer::{Done, Offer};
use crate::ids::{ConversationId, PromptId};
use crate::money::{Bill, Charged};
use crate::ports::{HostUptime, OpenPrompt, Stage};
use crate::session::step::Step;
use crate::session::texts;
use crate::session::{Prompt, TakeOver};

/// After so many new beginnings a prompt is not begun again by itself: it has failed three times.
const MAX_REPLAYS: u32 = 2;

impl Prompts {
    /// Takes a prompt over. Returns the conversation that it was begun in and that nobody may know
    /// to exist.
    pub(in crate::session) fn take_over(
        &mut self,
        open: OpenPrompt,
        from: &TakeOver,
        step: &mut Step<'_>,
    ) -> Option<ConversationId> {
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
            Stage::NotBegun { nonce, lacks } => {
                self.take_over_offer(prompt, nonce, Done::Nothing(lacks));
            }
            Stage::Halted {
                nonce,
                until,
                then,
                asked_in,
            } => {
                let done = Done::UpTo {
                    until,
                    then,
                    asked_in,
                };
                self.take_over_offer(prompt, nonce, done);
            }
            Stage::Interrupted { nonce, doing } => {
                self.take_over_offer(prompt, nonce, Done::Some { doing });
            }
            Stage::Begun { doing } => {
                // Whether Claude came to its end, and at what cost, nobody has written down.
                step.charge(prompt.author, Charged::Turn, Bill::UNKNOWN);
                let text = texts::interrupted(step.say(), from, host);
                self.offer(prompt, &text, doing, step);
            }
            Stage::Started { .. } if host == HostUptime::Restarted => {
                let text = texts::interrupted(step.say(), from, host);
                self.offer(prompt, &text, None, step);
            }
            Stage::Started { .. } | Stage::Accepted if is_suspect => {
                let text = step.say().interrupted_too_often(replays as usize + 1);
                self.offer(prompt, &text, None, step);
            }
            // Claude has not shown work on it, and passes over a prompt whose id it has seen.
            Stage::Started { conversation } => {
                self.entry.replayed.push(prompt.id.clone());
                self.queue.push_back(prompt);
                return Some(conversation);
            }
            Stage::Accepted => {
                if matches!(from, TakeOver::BrokenValue { .. }) {
                    self.entry.replayed.push(prompt.id.clone());
                }
                self.queue.push_back(prompt);
            }
        }
        None
    }

    fn take_over_offer(&mut self, prompt: Prompt, nonce: String, done: Done) {
        if let Done::UpTo {
            asked_in: Some(message),
            ..
        } = done
        {
            self.told_halted.push((prompt.id.clone(), message));
        }
        self.offers.push_back(Offer {
            prompt,
            nonce,
            done,
        });
    }

    /// Notes what may come in another way too, and is passed over then.
    pub(in crate::session) fn note_taken_over(&mut self, from: &TakeOver, ids: Vec<PromptId>) {
        match from {
            TakeOver::EarlierRun => {}
            TakeOver::OtherSession | TakeOver::Lockdown => self.taken_over.extend(ids),
            TakeOver::BrokenValue { .. } => self.taken_over = ids.into_iter().collect(),
        }
    }
}

/// Takes the sign off a text that is to run instead of what runs; `None` when it has none.
pub(in crate::session) fn instead(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('!')?.trim();
    (!rest.is_empty()).then_some(rest)
}
