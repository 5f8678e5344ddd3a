//! Answers whose fate stays unknown: they rest beside the queue between two tries, so that they
//! are never given up and hold up nobody.

use std::collections::VecDeque;
use std::time::Duration;

use super::ChatQueue;
use crate::clock::Time;
use crate::outbox::queued_post::{MAX_BACKOFF, QueuedPost};

/// Answers of one chat that may rest. A further one keeps its place and is tried like anything else
/// that fails: no chat waits longer than that for one answer.
pub(in crate::outbox) const MAX_RESTING: usize = 16;

/// The answers that rest, each until it may be tried again.
#[derive(Debug, Default)]
pub(super) struct Resting(VecDeque<QueuedPost>);

impl ChatQueue {
    /// Lets the first item rest for so long, or wait at its place when as many rest as may; returns
    /// how long it does.
    pub(in crate::outbox) fn rest_first(&mut self, rest: Duration, now: Time) -> Duration {
        let may_rest = self.resting.0.len() < MAX_RESTING;
        let after = if may_rest {
            rest
        } else {
            rest.min(MAX_BACKOFF)
        };
        if let Some(first) = self.first() {
            first.not_before = now + after;
        }
        if may_rest {
            let rested = self.remove_first();
            self.resting.0.extend(rested);
        }
        after
    }

    /// Lets what has rested long enough come before all that waits.
    pub(in crate::outbox) fn wake_rested(&mut self, now: Time) {
        self.wake(|item| item.not_before <= now);
    }

    /// Lets what an edit changes rest no longer: its content is another one.
    pub(super) fn wake_for(&mut self, edit: &QueuedPost) {
        self.wake(|item| edit.is_edit() && item.is_changed_by(edit));
    }

    fn wake(&mut self, is_due: impl Fn(&QueuedPost) -> bool) {
        let resting = std::mem::take(&mut self.resting.0).into_iter();
        let (due, rest): (VecDeque<_>, _) = resting.partition(is_due);
        self.resting.0 = rest;
        // Not between the messages of one post.
        let begun = self.items.front().is_some_and(QueuedPost::has_begun);
        let behind = usize::from(self.in_flight || begun);
        for mut item in due.into_iter().rev() {
            item.not_before = Time::ZERO;
            self.items.insert(behind, item);
        }
    }

    /// Returns when the first of those that rest is to be tried.
    pub(in crate::outbox) fn rests_until(&self) -> Option<Time> {
        self.resting.0.iter().map(|item| item.not_before).min()
    }

    /// Returns those that rest.
    pub(super) fn resting(&self) -> impl Iterator<Item = &QueuedPost> {
        self.resting.0.iter()
    }

    /// Puts all that rests to what waits.
    pub(super) fn end_rest(&mut self) {
        self.wake(|_| true);
    }

    #[cfg(test)]
    pub(in crate::outbox) fn n_resting(&self) -> usize {
        self.resting.0.len()
    }
}
