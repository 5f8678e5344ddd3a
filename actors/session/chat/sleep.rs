//! How long nothing has happened in a chat.

use super::Chat;
use crate::clock::Time;
use crate::session::deadline::{Deadline, Why};
use crate::session::policy::RETIREMENT_AGE;

/// Whether a session sleeps in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Sleep {
    /// It has something to do.
    Awake,
    /// It has nothing to do, since something happened in this step.
    FallsAsleep,
    /// Nothing has happened.
    SleepsOn,
}

impl Chat {
    /// Notes since when nothing has happened.
    pub(in crate::session) fn note_sleep(&mut self, sleep: Sleep, now: Time) {
        match sleep {
            Sleep::Awake => self.asleep_since = None,
            Sleep::FallsAsleep => self.asleep_since = Some(now),
            Sleep::SleepsOn => {}
        }
    }

    /// Returns when a session that sleeps has slept long enough.
    pub(in crate::session) fn next_deadline(&self) -> Option<Deadline> {
        let since = self.asleep_since?;
        Some(Why::SessionSleeps.at(since + RETIREMENT_AGE))
    }

    /// Tells, once, whether the session has slept long enough to end; the next message starts it
    /// again.
    pub(in crate::session) fn is_to_retire(&mut self, now: Time) -> bool {
        let is_due = |since: &mut Time| now >= *since + RETIREMENT_AGE;
        self.asleep_since.take_if(is_due).is_some()
    }
}
