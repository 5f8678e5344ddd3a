//! Who pays for what Claude does.

use crate::agent_event::TurnEnd;
use crate::ids::{PromptId, UserId};
use crate::money::{Bill, Charged, Day, micro_dollars};
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::Turn;

use super::{Ending, Machine};

/// A turn that somebody pays for even if nobody hears how it ends.
#[derive(Debug)]
pub(super) struct Paid {
    prompt: PromptId,
    by: UserId,
}

impl Paid {
    /// Returns what is to be paid of a turn: nothing, as long as Claude has done nothing.
    pub(super) fn of(turn: &Turn) -> Option<Self> {
        let prompt = turn.prompt();
        turn.has_work().then(|| Self {
            prompt: prompt.id.clone(),
            by: prompt.author,
        })
    }
}

impl Machine {
    /// Charges for what Claude did by itself: whoever wanted it, else whoever wrote last.
    pub(super) fn charge_for_own_work(&self, bill: Bill, step: &mut Step<'_>) {
        let asker = self.agent.live().and_then(|live| live.asker());
        if let Some(by) = asker.or_else(|| self.chat.works_for()) {
            step.charge(by, Charged::Itself, bill);
        }
    }

    /// Charges for what is lost, and tells once a day when a limit is nearly used up.
    pub(super) fn see_to_charges(&self, before: Option<Paid>, step: &mut Step<'_>) {
        self.charge_for_lost_turn(before, step);
        let Some(by) = step.charges().first().map(|charge| charge.by) else {
            return;
        };
        let (now, today) = (step.calendar(), Day::of(step.calendar()));
        if let Some(bound) = step.purse().nearly(by, today, step.charges()) {
            step.tell(texts::budget_nearly(step.say(), bound, now));
        }
    }

    /// Charges for a turn that is over although Claude has not said how it ended: it is found by
    /// looking, so that no way through the machine can forget it.
    ///
    /// What a lockdown cuts stays in the journal as it is, and is charged when it is taken over.
    fn charge_for_lost_turn(&self, before: Option<Paid>, step: &mut Step<'_>) {
        let Some(Paid { prompt, by }) = before else {
            return;
        };
        let goes_on = |turn: &Turn| turn.prompt().id == prompt;
        let is_over = !self.turn.as_deref().is_some_and(goes_on);
        let is_left_open = match self.ending {
            Ending::LockedDown => true,
            Ending::No | Ending::Asked { .. } => false,
        };
        if is_over && !is_left_open && !step.has_charged_for_turn() {
            step.charge(by, Charged::Turn, Bill::UNKNOWN);
        }
    }
}

/// Returns what the end of a turn comes to that cost this.
pub(super) fn bill_of(end: &TurnEnd, dollars: Option<f64>) -> Bill {
    Bill {
        cost: dollars.and_then(micro_dollars),
        tokens: end.tokens,
    }
}
