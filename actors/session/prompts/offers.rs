//! Interrupted prompts, and what a person decides about them.

use super::Prompts;
use super::offer::{Done, MAX_OFFERS, Offer, OfferAnswer};
use crate::home_use::FullHome;
use crate::ids::{MessageId, PostId, UserId};
use crate::outbox::{Body, Rank, Sound};
use crate::ports::Lack;
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
        (lacks, text): (Lack, String),
        step: &mut Step<'_>,
    ) {
        self.ask(prompt, text, Done::Nothing(lacks), step);
    }

    /// Asks whether what was heard is what the person said.
    pub(in crate::session) fn ask_whether_right(&mut self, prompt: Prompt, step: &mut Step<'_>) {
        let offer = Offer {
            prompt,
            nonce: step.nonce(),
            done: Done::Nothing(Lack::Consent { asked_in: None }),
        };
        let id = offer.prompt.id.clone();
        let body = offer.transcript(step.say());
        let post = self.post_offer(offer, body, step);
        self.transcripts.push((post, id));
    }

    fn ask(&mut self, prompt: Prompt, text: String, done: Done, step: &mut Step<'_>) {
        let offer = Offer {
            prompt,
            nonce: step.nonce(),
            done,
        };
        let body = offer.body(step.say(), text);
        self.post_offer(offer, body, step);
    }

    pub(super) fn post_offer(&mut self, offer: Offer, body: Body, step: &mut Step<'_>) -> PostId {
        let message = offer.prompt.message;
        self.note_stage(offer.prompt.id.clone(), offer.stage());
        // What was promised to go on by itself stays longest.
        let waits = self.offers.iter().position(|offer| !offer.goes_on());
        if self.offers.len() >= MAX_OFFERS
            && let Some(oldest) = self.offers.remove(waits.unwrap_or(0))
        {
            step.reply(oldest.prompt.message, step.say().offer_lapsed());
        }
        self.offers.push_back(offer);
        step.send(body, Some(message), (Rank::Answer, Sound::Ring))
    }

    /// Notes which message a post became, so that a reply to it is known in every run.
    pub(in crate::session) fn on_shown(&mut self, post: PostId, message: MessageId) {
        self.on_halted_shown(post, message);
        let place = self
            .transcripts
            .iter()
            .position(|(known, _)| *known == post);
        let Some((_, id)) = place.map(|place| self.transcripts.remove(place)) else {
            return;
        };
        let mut offers = self.offers.iter_mut();
        if let Some(offer) = offers.find(|offer| offer.prompt.id == id)
            && let Done::Nothing(Lack::Consent { asked_in }) = &mut offer.done
        {
            *asked_in = Some(message);
            let stage = offer.stage();
            self.note_stage(id, stage);
        }
    }

    /// Forgets which messages ask about transcripts: they have other numbers from now on.
    pub(in crate::session) fn forget_messages(&mut self) {
        self.told_halted.clear();
        for offer in &mut self.offers {
            if let Done::Nothing(Lack::Consent { asked_in }) | Done::UpTo { asked_in, .. } =
                &mut offer.done
                && asked_in.take().is_some()
            {
                let stage = offer.stage();
                self.entry.stages.push((offer.prompt.id.clone(), stage));
            }
        }
    }

    /// Takes a person's reply to their transcript for what they meant to say, and returns that;
    /// `None` if it replies to something else.
    pub(in crate::session) fn correct(
        &mut self,
        reply: &Prompt,
        to: MessageId,
        step: &mut Step<'_>,
    ) -> Option<Prompt> {
        let asked_in = Some(to);
        let is_it = |offer: &Offer| {
            offer.done == Done::Nothing(Lack::Consent { asked_in })
                && offer.prompt.author == reply.author
        };
        let place = self.offers.iter().position(is_it);
        let offer = place.and_then(|place| self.offers.remove(place))?;
        let heard = texts::corrected(step.say(), &offer.prompt);
        step.close_message_with(to, Body::Quoted(heard));
        let corrected = texts_replaced(offer.prompt, reply.clone());
        self.note_accepted(corrected.clone());
        Some(corrected)
    }

    /// Takes in what a person decided about an interrupted prompt; each decision counts once.
    /// Returns the prompt that is to run for it, and whether an agent may start for it in a full home.
    pub(in crate::session) fn on_offer_pressed(
        &mut self,
        press: Press,
        pressed: Option<(OfferAnswer, &str)>,
        step: &mut Step<'_>,
    ) -> Option<(Prompt, FullHome)> {
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
        let answer = self.meant_by(answer, place, step);
        if answer == OfferAnswer::Wait {
            self.let_go_on(place, &press, step);
            return None;
        }
        let offer = self.offers.remove(place)?;
        self.told_halted.retain(|(id, _)| *id != offer.prompt.id);
        if let Some(message) = press.message {
            let text = texts::decided_offer(step.say(), answer, &offer);
            step.close_message_with(message, text);
        }
        step.toast(
            press.callback,
            texts::decided(step.say(), answer, &offer.done),
        );
        let full_home = offer.done.full_home();
        let Prompt {
            author, message, ..
        } = offer.prompt;
        let prompt = match answer {
            OfferAnswer::Discard => return None,
            OfferAnswer::Retry | OfferAnswer::More => Prompt {
                id: press.id,
                ..offer.prompt
            },
            OfferAnswer::AsFile => {
                let mut prompt = offer.prompt;
                prompt.leave_unheard();
                let id = press.id;
                Prompt { id, ..prompt }
            }
            OfferAnswer::Continue => match &offer.done {
                Done::Some { doing } => {
                    let text = to_claude::go_on(doing.as_deref());
                    Prompt::new(press.id, author, message, text)
                }
                Done::UpTo { .. } => to_claude::go_on_after_halt(press.id, &[offer.prompt])?,
                // Forged: there is no such button.
                Done::Nothing(_) => Prompt {
                    id: press.id,
                    ..offer.prompt
                },
            },
            // Taken in above.
            OfferAnswer::Wait => return None,
        };
        self.note_accepted(prompt.clone());
        Some((prompt, full_home))
    }

    /// Returns who wrote the prompt that an open button is about.
    pub(in crate::session) fn author_offered(&self, nonce: &str) -> Option<UserId> {
        let offer = self.offers.iter().find(|offer| offer.nonce == nonce);
        offer.map(|offer| offer.prompt.author)
    }

    /// Returns the prompt that an open button is about.
    #[cfg(test)]
    pub(in crate::session) fn offered_under(&self, nonce: &str) -> Option<&Prompt> {
        let offer = self.offers.iter().find(|offer| offer.nonce == nonce);
        offer.map(|offer| &offer.prompt)
    }
}

/// Returns what was said with other words in the place of what was heard. A recording that is no
/// message to Claude stays: the reply says what to do with it.
fn texts_replaced(said: Prompt, reply: Prompt) -> Prompt {
    let mut files = said.files;
    files.retain(|file| !file.kind.speaks());
    files.extend(reply.files);
    Prompt {
        context: said.context,
        files,
        ..reply
    }
}
