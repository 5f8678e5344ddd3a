//! Answers whose fate stays unknown: they rest beside the queue between two tries, so that they
//! are never given up and hold up nobody.

use std::collections::VecDeque;

use super::ChatQueue;
use crate::clock::Time;
use crate::outbox::item::Item;

/// Answers of one chat that may rest; a further one is tried as slowly, and at its place.
pub(in crate::outbox) const MAX_RESTING: usize = 16;

/// The answers that rest, and until when.
#[derive(Debug, Default)]
pub(super) struct Resting(VecDeque<(Time, Item)>);

impl ChatQueue {
    /// Lets the first item rest; false when as many as may rest do so already.
    pub(in crate::outbox) fn rest_first(&mut self, until: Time) -> bool {
        if self.resting.0.len() >= MAX_RESTING {
            self.retry_at = until;
            return false;
        }
        let rested = self.remove_first();
        self.resting.0.extend(rested.map(|item| (until, item)));
        true
    }

    /// Lets what has rested long enough come before all that waits.
    pub(in crate::outbox) fn wake_rested(&mut self, now: Time) {
        self.wake(|until, _| until <= now);
    }

    /// Lets what an edit changes rest no longer: its content is another one.
    pub(super) fn wake_for(&mut self, edit: &Item) {
        self.wake(|_, item| edit.is_edit() && item.is_changed_by(edit));
    }

    fn wake(&mut self, is_due: impl Fn(Time, &Item) -> bool) {
        let resting = std::mem::take(&mut self.resting.0).into_iter();
        let (due, rest): (VecDeque<_>, _) = resting.partition(|(until, item)| is_due(*until, item));
        self.resting.0 = rest;
        // Not between the messages of one post.
        let begun = self.items.front().is_some_and(Item::has_begun);
        let behind = usize::from(self.in_flight || begun);
        for (_, item) in due.into_iter().rev() {
            self.items.insert(behind, item);
        }
    }

    /// Returns when the first of those that rest is to be tried.
    pub(in crate::outbox) fn rests_until(&self) -> Option<Time> {
        self.resting.0.iter().map(|(until, _)| *until).min()
    }

    /// Returns those that rest.
    pub(super) fn resting(&self) -> impl Iterator<Item = &Item> {
        self.resting.0.iter().map(|(_, item)| item)
    }

    /// Puts all that rests to what waits.
    pub(super) fn end_rest(&mut self) {
        self.wake(|_, _| true);
    }

    #[cfg(test)]
    pub(in crate::outbox) fn n_resting(&self) -> usize {
        self.resting.0.len()
    }
}
