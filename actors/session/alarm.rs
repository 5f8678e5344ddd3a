//! Pure: which timer a session has armed. There is one at a time, however many turns it does.

use crate::clock::Time;

/// The timer of a session.
///
/// A timer that is cancelled may fire all the same before actix removes it, so each has a number,
/// and one that is not the armed one does nothing.
#[derive(Debug, Default)]
pub(in crate::session) struct Alarm {
    armed: Option<Timer>,
    last: u64,
}

/// A timer to be started, in place of the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) struct Timer {
    /// What it says when it fires.
    pub(in crate::session) number: u64,
    /// When it fires.
    pub(in crate::session) at: Time,
}

impl Alarm {
    /// Returns the timer to be started for a deadline, unless the armed one fires before it anyway.
    pub(in crate::session) fn arm(&mut self, deadline: Time) -> Option<Timer> {
        if self.armed.is_some_and(|armed| armed.at <= deadline) {
            return None;
        }
        self.last += 1;
        let timer = Timer {
            number: self.last,
            at: deadline,
        };
        self.armed = Some(timer);
        Some(timer)
    }

    /// Takes in that a timer fired; tells whether it was the armed one.
    pub(in crate::session) fn on_fired(&mut self, number: u64) -> bool {
        let is_it = |armed: &mut Timer| armed.number == number;
        self.armed.take_if(is_it).is_some()
    }

    /// Takes in that the armed timer, if there is one, is gone.
    pub(in crate::session) fn disarm(&mut self) {
        self.armed = None;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(millis: u64) -> Time {
        Time(Duration::from_millis(millis))
    }

    #[test]
    fn an_earlier_deadline_takes_the_place_of_a_later_one() {
        let mut alarm = Alarm::default();
        let idle = alarm.arm(at(900_000)).expect("a first timer");
        let typing = alarm.arm(at(400)).expect("an earlier one");
        assert!(!alarm.on_fired(idle.number), "one that was cancelled");
        assert!(alarm.on_fired(typing.number));
        assert!(!alarm.on_fired(typing.number), "it fires once");
    }

    #[test]
    fn a_later_deadline_waits_for_the_timer_that_is_armed() {
        let mut alarm = Alarm::default();
        let first = alarm.arm(at(400)).expect("a first timer");
        assert_eq!(alarm.arm(at(900_000)), None);
        assert!(alarm.on_fired(first.number));
        assert!(alarm.arm(at(900_000)).is_some());
    }
}
