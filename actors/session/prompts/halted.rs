//! Prompts with which the API let Claude go no further, and that go on when it can be asked again.

use std::collections::VecDeque;
use std::time::Duration;

use super::Prompts;
use super::offer::{Done, MAX_OFFERS, Offer, OfferAnswer};
use crate::agent_event::ApiFault;
use crate::clock::{Time, UnixSeconds};
use crate::ids::{MessageId, PostId};
use crate::outbox::Body;
use crate::ports::Then;
use crate::session::deadline::{Deadline, Why};
use crate::session::policy::AtReset;
use crate::session::step::Step;
use crate::session::texts::{self, End};
use crate::session::to_claude;
use crate::session::{Press, Prompt};

/// How long after a limit has ended Claude goes on at the latest, in seconds: many chats wait for the
/// same moment.
const SPREAD: u64 = 60;

/// How long a limit may last that is waited for, in seconds: the longest one known is a week.
const LONGEST: u64 = 8 * 24 * 60 * 60;

/// When the API is asked again that has no time to say, in seconds.
const LATER: u64 = 5 * 60;

/// How long is waited at least before what has gone on and was stopped once more goes on again, in
/// seconds: whatever the API says, nothing goes round and round.
const LEAST_AGAIN: u64 = 10 * 60;

/// How long is waited at most before the calendar is looked at again, which may be set.
const LOOK: Duration = Duration::from_secs(60);

/// How soon what is due goes on.
const AT_ONCE: Duration = Duration::from_secs(1);

impl Prompts {
    /// Asks whether a prompt goes on when the API can be asked again, or says that it does.
    pub(in crate::session) fn on_halted(
        &mut self,
        prompt: Prompt,
        (fault, error): (&ApiFault, &str),
        step: &mut Step<'_>,
    ) {
        let now = step.calendar();
        let ends = known_end(fault, now);
        let end = ends.map_or(now.0 + LATER, |end| end.0);
        let went_on = to_claude::goes_on_after_halt(&prompt);
        let end = match went_on {
            true => end.max(now.0 + LEAST_AGAIN),
            false => end,
        };
        let nonce = step.nonce();
        let until = UnixSeconds(end + spread(&nonce, end - now.0));
        // Without a limit nobody knows how often it would have to be tried.
        let then = match (step.policy().at_reset, ends) {
            (AtReset::GoesOn, Some(_)) => Then::GoesOn,
            (AtReset::GoesOn, None) | (AtReset::Asks, _) => Then::Nothing,
        };
        let known = match ends {
            Some(_) => End::Known,
            None => End::Guessed,
        };
        let text = texts::halted(step.say(), error, (until, then, known), now);
        let offer = Offer {
            prompt,
            nonce,
            done: Done::UpTo {
                until,
                then,
                asked_in: None,
            },
        };
        let id = offer.prompt.id.clone();
        let body = offer.body(step.say(), text);
        let post = self.post_offer(offer, body, step);
        // Of posts that never arrive nothing is known for ever.
        if self.posts_on_halted.len() >= MAX_OFFERS {
            self.posts_on_halted.remove(0);
        }
        self.posts_on_halted.push((post, id));
    }

    /// Notes which message says when a halted prompt goes on: also that of one that waits no longer,
    /// which is closed at once.
    pub(super) fn on_halted_shown(&mut self, post: PostId, message: MessageId) {
        let mut posts = self.posts_on_halted.iter();
        let Some(place) = posts.position(|(known, _)| *known == post) else {
            return;
        };
        let (_, id) = self.posts_on_halted.remove(place);
        self.told_halted.push((id.clone(), message));
        let mut offers = self.offers.iter_mut();
        if let Some(offer) = offers.find(|offer| offer.prompt.id == id)
            && let Done::UpTo { asked_in, .. } = &mut offer.done
        {
            *asked_in = Some(message);
            let stage = offer.stage();
            self.note_stage(id, stage);
        }
    }

    /// Returns what a press means for the offer in this place: what the API stopped is never given
    /// to Claude again, and a time that has passed is now.
    pub(super) fn meant_by(
        &self,
        answer: OfferAnswer,
        place: usize,
        step: &Step<'_>,
    ) -> OfferAnswer {
        match (answer, &self.offers[place].done) {
            (OfferAnswer::Wait, Done::UpTo { until, .. }) if *until <= step.calendar() => {
                OfferAnswer::Continue
            }
            (OfferAnswer::Retry | OfferAnswer::AsFile, Done::UpTo { .. }) => OfferAnswer::Continue,
            (_, Done::UpTo { .. } | Done::Nothing(_) | Done::Some { .. }) => answer,
        }
    }

    /// Lets the offer in this place go on by itself.
    pub(super) fn let_go_on(&mut self, place: usize, press: &Press, step: &mut Step<'_>) {
        let (say, now) = (step.say(), step.calendar());
        let Some(Offer {
            done: Done::UpTo { until, then, .. },
            ..
        }) = self.offers.get_mut(place)
        else {
            // Forged: there is no such button.
            step.toast(press.callback.clone(), say.toast_over());
            return;
        };
        *then = Then::GoesOn;
        let goes_on = texts::goes_on(say, *until, now);
        let offer = &self.offers[place];
        let (id, stage) = (offer.prompt.id.clone(), offer.stage());
        if let Some(message) = press.message
            && let Body::Choice { text, rows } = offer.body(say, goes_on.clone())
        {
            step.edit_message(message, Body::Choice { text, rows });
        }
        self.note_stage(id, stage);
        step.toast(press.callback.clone(), goes_on);
    }

    /// Looks at the calendar: when the next prompt goes on by itself. Closes the messages of those
    /// that wait no longer, found by looking.
    pub(in crate::session) fn see_to_halted(&mut self, step: &mut Step<'_>) {
        if !self.told_halted.is_empty() {
            self.close_told(step);
        }
        let next = self.goes_on_next();
        let before = self.goes_on_at.take();
        self.goes_on_at = next.map(|until| {
            let left = Duration::from_secs(until.0.saturating_sub(step.calendar().0));
            let at = step.now() + left.clamp(AT_ONCE, LOOK);
            before.map_or(at, |before| before.min(at))
        });
    }

    fn close_told(&mut self, step: &mut Step<'_>) {
        let offers = &self.offers;
        let (open, over): (Vec<_>, Vec<_>) = std::mem::take(&mut self.told_halted)
            .into_iter()
            .partition(|(id, _)| offers.iter().any(|offer| offer.prompt.id == *id));
        self.told_halted = open;
        for (_, message) in over {
            step.close_message(message, step.say().waits_no_more());
        }
    }

    fn going_on(&self) -> impl Iterator<Item = (&Offer, UnixSeconds)> {
        let offers = self.offers.iter();
        offers.filter_map(|offer| match offer.done {
            Done::UpTo {
                until,
                then: Then::GoesOn,
                ..
            } => Some((offer, until)),
            Done::UpTo { .. } | Done::Nothing(_) | Done::Some { .. } => None,
        })
    }

    /// Returns when a prompt goes on by itself, or the calendar is looked at for that.
    pub(in crate::session) fn halted_deadline(&self) -> Option<Deadline> {
        Some(Why::ApiCanBeAsked.at(self.goes_on_at?))
    }

    /// Tells whether a prompt goes on by itself.
    pub(in crate::session) fn has_halted(&self) -> bool {
        self.going_on().next().is_some()
    }

    /// Returns when the next prompt goes on by itself.
    pub(in crate::session) fn goes_on_next(&self) -> Option<UnixSeconds> {
        self.going_on().map(|(_, until)| until).min()
    }

    /// Takes the prompts of a person whose time has come, and returns what Claude is told in their
    /// place.
    pub(in crate::session) fn take_due(&mut self, step: &mut Step<'_>) -> Option<Prompt> {
        self.goes_on_at.take_if(|at: &mut Time| step.now() >= *at)?;
        let now = step.calendar();
        let (first, _) = self.going_on().find(|(_, until)| *until <= now)?;
        let author = first.prompt.author;
        let is_due = |offer: &Offer| match offer.done {
            Done::UpTo { until, .. } => {
                offer.goes_on() && until <= now && offer.prompt.author == author
            }
            Done::Nothing(_) | Done::Some { .. } => false,
        };
        let (due, rest): (VecDeque<_>, VecDeque<_>) = std::mem::take(&mut self.offers)
            .into_iter()
            .partition(is_due);
        self.offers = rest;
        let stopped: Vec<_> = due.into_iter().map(|offer| offer.prompt).collect();
        let prompt = to_claude::go_on_after_halt(step.prompt_id(), &stopped)?;
        for stopped in &stopped {
            step.reply(stopped.message, step.say().goes_on_now());
        }
        self.note_accepted(prompt.clone());
        Some(prompt)
    }

    /// Lets nothing go on by itself any more; returns how much would have.
    pub(in crate::session) fn drop_going_on(&mut self) -> usize {
        let before = self.offers.len();
        self.offers.retain(|offer| !offer.goes_on());
        before - self.offers.len()
    }
}

/// Returns when a limit ends, if it has one that can be waited for.
fn known_end(fault: &ApiFault, now: UnixSeconds) -> Option<UnixSeconds> {
    let ApiFault::Limit { until: Some(until) } = fault else {
        return None;
    };
    Some(*until).filter(|it| it.0 > now.0 && it.0 - now.0 <= LONGEST)
}

/// Returns some seconds, the same for the same random text: at most a minute, and at most a sixtieth
/// of what is waited for.
fn spread(random: &str, left: u64) -> u64 {
    let sum = random.bytes().map(u64::from).sum::<u64>();
    sum % (1 + SPREAD.min(left / 60))
}
