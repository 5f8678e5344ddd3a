//! Decides when the outbox is woken: one wake-up is set, and an earlier one means nothing.

use crate::clock::Time;

/// The wake-up that is set.
///
/// A timer that is taken back may ring once more, for its time may have come before it was gone.
/// So each has a number, and only the last one counts.
#[derive(Debug, Default)]
pub(super) struct WakeUp {
    set: Option<Alarm>,
    last_number: u64,
}

/// A timer to be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alarm {
    pub(super) number: u64,
    pub(super) at: Time,
}

impl WakeUp {
    /// Returns the timer to be set in the place of the one before, so that the outbox is woken by
    /// `at`; `None` when the one that is set does that.
    ///
    /// One that rings too early stays: whoever is woken asks again, and while posts come and go a
    /// timer for each of them would be made and taken back.
    pub(super) fn set(&mut self, at: Option<Time>) -> Option<Alarm> {
        let at = at?;
        if self.set.is_some_and(|set| set.at <= at) {
            return None;
        }
        self.last_number += 1;
        let number = self.last_number;
        self.set = Some(Alarm { number, at });
        self.set
    }

    /// Tells whether a timer that rings is the one that is set; then none is set any more.
    pub(super) fn rings(&mut self, number: u64) -> bool {
        self.set.take_if(|set| set.number == number).is_some()
    }
}

#[cfg(test)]
mod tests;
