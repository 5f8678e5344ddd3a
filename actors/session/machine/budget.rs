//! What it means that somebody has used up what they may spend today.

use crate::ids::UserId;
use crate::money::{Bill, Charged, Day};
use crate::ports::Lack;
use crate::purse::{Candidate, Refused};
use crate::session::Press;
use crate::session::effect::Effect;
use crate::session::offer::OfferAnswer;
use crate::session::step::Step;
use crate::session::texts;

use super::Machine;

/// Whether what a turn may cost is set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// It is: the turn begins in this step.
    SetAside,
    /// Not yet.
    Look,
}

impl Machine {
    /// Keeps what is next if its person may begin no further turn today, and asks what is to become
    /// of it; tells whether it was kept.
    pub(super) fn keep_over_budget(&mut self, admission: Admission, step: &mut Step<'_>) -> bool {
        let Some(by) = self.prompts.next().map(|prompt| prompt.author) else {
            return false;
        };
        let day = Day::of(step.calendar());
        let candidate = Candidate {
            key: step.key(),
            by,
            today: day,
            charges: step.charges(),
        };
        let admitted = match admission {
            Admission::SetAside => step.purse().admit(&candidate),
            Admission::Look => step.purse().look(&candidate),
        };
        let Err(refused) = admitted else {
            return false;
        };
        let Some(prompt) = self.prompts.take_next() else {
            return false;
        };
        let text = match refused {
            Refused::UsedUp(bound) => {
                step.push(Effect::SayUsedUp { by, day });
                texts::budget_used_up(step.say(), bound, (day.end(), step.calendar()))
            }
            Refused::Unread(_) => step.say().budget_unread(),
        };
        self.prompts
            .offer_again(prompt, (Lack::Money { day }, text), step);
        true
    }

    /// Takes in what a person decided about a prompt that is offered.
    pub(super) fn on_offer_pressed(
        &mut self,
        press: Press,
        (answer, nonce): (OfferAnswer, &str),
        step: &mut Step<'_>,
    ) {
        let answer = match answer {
            OfferAnswer::More => {
                let author = self.prompts.author_offered(nonce);
                if let Some(user) = author
                    && !self.allow_more(&press, user, step)
                {
                    return;
                }
                OfferAnswer::Retry
            }
            OfferAnswer::Continue
            | OfferAnswer::Retry
            | OfferAnswer::AsFile
            | OfferAnswer::Wait
            | OfferAnswer::Discard => answer,
        };
        let pressed = Some((answer, nonce));
        let decided = self.prompts.on_offer_pressed(press, pressed, step);
        if let Some((prompt, full_home)) = decided {
            self.chat.allow_home(full_home, &prompt.id);
            self.queue_up(prompt, step);
        }
    }

    /// Allows somebody further turns, at a button in a chat of an administrator.
    pub(super) fn on_more_pressed(
        &mut self,
        press: Press,
        (user, day): (UserId, Day),
        step: &mut Step<'_>,
    ) {
        if day != Day::of(step.calendar()) {
            step.close_unknown(&press, step.say().budget_day_over());
            step.answer_press(press.callback, None);
        } else if self.allow_more(&press, user, step) {
            step.close_unknown(&press, step.say().budget_allowed(user));
            step.answer_press(press.callback, None);
        }
    }

    /// Allows somebody further turns, if whoever presses may; else says why not.
    fn allow_more(&mut self, press: &Press, user: UserId, step: &mut Step<'_>) -> bool {
        if !press.role.is_in_charge() {
            let text = step.say().toast_more_is_for_admins();
            step.toast(press.callback.clone(), text);
            return false;
        }
        match step.purse().allow_more(user, Day::of(step.calendar())) {
            Ok(to) => {
                step.charge(user, Charged::Allowed { to }, Bill::NOTHING);
                true
            }
            Err(_) => {
                let text = step.say().toast_budget_unread();
                step.toast(press.callback.clone(), text);
                false
            }
        }
    }
}
