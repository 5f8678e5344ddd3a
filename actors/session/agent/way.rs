//! How an agent gives way that timers keep though its slot is wanted.

use super::Agent;
use crate::clock::Time;
use crate::session::deadline::{Deadline, Why};

impl Agent {
    /// Lets it go at this time, or as soon as no timer keeps it.
    pub(in crate::session) fn give_way_by(&mut self, time: Time) {
        if let Some(live) = self.live_mut() {
            live.gives_way_by.get_or_insert(time);
        }
    }

    /// Tells, once, whether it is to give way now.
    pub(in crate::session) fn has_given_way(&mut self, is_held: bool, now: Time) -> bool {
        let goes = |by: &mut Time| !is_held || now >= *by;
        let live = self.live_mut();
        live.is_some_and(|live| live.gives_way_by.take_if(goes).is_some())
    }

    /// Returns when it gives way at the latest.
    pub(in crate::session) fn way_deadline(&self) -> Option<Deadline> {
        Some(Why::SlotIsGiven.at(self.live()?.gives_way_by?))
    }
}
