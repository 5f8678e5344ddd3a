//! What a step charges people with.

use super::Step;
use crate::ids::UserId;
use crate::money::{Bill, Charge, Charged, Day};
use crate::purse::Purse;

impl Step<'_> {
    /// Returns what tells what was spent before this step, and sets aside what a turn may cost.
    pub(in crate::session) fn purse(&self) -> &Purse {
        self.ids.purse
    }

    /// Returns what ended in it so far.
    pub(in crate::session) fn charges(&self) -> &[Charge] {
        &self.charges
    }

    /// Charges somebody for what ended.
    pub(in crate::session) fn charge(&mut self, by: UserId, of: Charged, bill: Bill) {
        // What came to nothing between turns is not worth a write.
        if of == Charged::Itself && bill == Bill::NOTHING {
            return;
        }
        let day = Day::of(self.at.calendar);
        self.charges.push(Charge { by, day, of, bill });
    }

    /// Tells whether somebody was charged for a turn.
    pub(in crate::session) fn has_charged_for_turn(&self) -> bool {
        self.charges.iter().any(|it| it.of == Charged::Turn)
    }

    /// Returns what ended in it, to be written down.
    pub(in crate::session) fn take_charges(&mut self) -> Vec<Charge> {
        std::mem::take(&mut self.charges)
    }
}
