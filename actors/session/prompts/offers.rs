//! Interrupted prompts, and what a person decides about them.

use super::Prompts;
use super::offer::{Done, MAX_OFFERS, Offer, OfferAnswer};
use crate::outbox::{Rank, Sound};
use crate::session::step::Step;
use crate::session::texts;
use crate::session::to_claude;
use crate::session::{Press, Prompt};

impl Prompts {
    /// Asks what is to become of a prompt that was interrupted.
    pub(in crate::session) fn offer(
        &mut self,
        prompt: Prompt,
        text: &str,
        doing: Option<String>,
        step: &mut Step<'_>,
    ) {
        let text = texts::with_offer(step.say(), text, doing.as_deref());
        self.ask(prompt, text, Done::Some { doing }, step);
    }

    /// Says why a prompt did not begin, and asks whether to try again.
    pub(in crate::session) fn offer_again(
        &mut self,
        prompt: Prompt,
        text: String,
        step: &mut Step<'_>,
    ) {
        self.ask(prompt, text, Done::Nothing, step);
    }

    fn ask(&mut self, prompt: Prompt, text: String, done: Done, step: &mut Step<'_>) {
        let message = prompt.message;
        let offer = Offer {
            prompt,
            nonce: step.nonce(),
            done,
        };
        let body = offer.body(step.say(), text);
        self.note_stage(offer.prompt.id.clone(), offer.stage());
        if self.offers.len() >= MAX_OFFERS
            && let Some(oldest) = self.offers.pop_front()
        {
            step.reply(oldest.prompt.message, step.say().offer_lapsed());
        }
        self.offers.push_back(offer);
        step.send(body, Some(message), (Rank::Answer, Sound::Ring));
    }

    /// Takes in what a person decided about an interrupted prompt; each decision counts once.
    /// Returns the prompt that is to run for it.
    pub(in crate::session) fn on_offer_pressed(
        &mut self,
        press: Press,
        pressed: Option<(OfferAnswer, &str)>,
        step: &mut Step<'_>,
    ) -> Option<Prompt> {
        let found = pressed.and_then(|(answer, nonce)| {
            let place = self.offers.iter().position(|offer| offer.nonce == nonce)?;
            Some((answer, place))
        });
        let Some((answer, place)) = found else {
            step.toast(press.callback, step.say().toast_over());
            return None;
        };
        if !self.offers[place].may_decide(press.by, press.role) {
            step.toast(press.callback, step.say().toast_not_yours());
            return None;
        }
        let offer = self.offers.remove(place)?;
        if let Some(message) = press.message {
            let text = texts::decided_offer(step.say(), answer, &offer);
            step.close_message(message, text);
        }
        step.toast(
            press.callback,
            texts::decided(step.say(), answer, &offer.done),
        );
        let Prompt {
            author, message, ..
        } = offer.prompt;
        let prompt = match answer {
            OfferAnswer::Discard => return None,
            OfferAnswer::Retry => Prompt {
                id: press.id,
                ..offer.prompt
            },
            OfferAnswer::Continue => match &offer.done {
                Done::Some { doing } => {
                    let text = to_claude::go_on(doing.as_deref());
                    Prompt::new(press.id, author, message, text)
                }
                // Forged: there is no such button.
                Done::Nothing => Prompt {
                    id: press.id,
                    ..offer.prompt
                },
            },
        };
        self.note_accepted(prompt.clone());
        Some(prompt)
    }

    /// Returns the prompt that an open button is about.
    #[cfg(test)]
    pub(in crate::session) fn offered_under(&self, nonce: &str) -> Option<&Prompt> {
        let offer = self.offers.iter().find(|offer| offer.nonce == nonce);
        offer.map(|offer| &offer.prompt)
    }
}
