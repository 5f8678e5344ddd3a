//! Deletions of messages on their way: a message may hold a secret, so that one which does not reach
//! Telegram is tried again.

use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::Time;
use crate::ids::{ChatId, MessageId};

/// How many may wait; beyond it the oldest is dropped.
const MAX_DELETIONS: usize = 64;

/// How often one is tried: with a pause that doubles, for ten minutes.
pub(super) const MAX_TRIES: u32 = 8;

/// The pause before the second try.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// A message that is to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deletion {
    pub(super) chat: ChatId,
    pub(super) message: MessageId,
    /// How often it was tried.
    n_tries: u32,
    ready_at: Time,
}

/// The deletions that wait.
#[derive(Debug, Default)]
pub(super) struct Deletions(VecDeque<Deletion>);

impl Deletions {
    /// Takes one in.
    pub(super) fn push(&mut self, chat: ChatId, message: MessageId, now: Time) {
        self.put(Deletion {
            chat,
            message,
            n_tries: 0,
            ready_at: now,
        });
    }

    /// Takes one out that may be tried.
    pub(super) fn pop(&mut self, now: Time) -> Option<Deletion> {
        let place = self.0.iter().position(|it| it.ready_at <= now)?;
        let deletion = self.0.remove(place)?;
        Some(Deletion {
            n_tries: deletion.n_tries + 1,
            ..deletion
        })
    }

    /// Has one tried once more, when `wait` is over or else after a pause; tells whether it is.
    pub(super) fn again(&mut self, failed: Deletion, wait: Option<Duration>, now: Time) -> bool {
        let is_tried = failed.n_tries < MAX_TRIES;
        if is_tried {
            let pause = FIRST_PAUSE * (1 << failed.n_tries.saturating_sub(1));
            let ready_at = now + wait.unwrap_or(pause);
            self.put(Deletion { ready_at, ..failed });
        }
        is_tried
    }

    /// Returns when the next one may be tried.
    pub(super) fn ready_at(&self) -> Option<Time> {
        self.0.iter().map(|it| it.ready_at).min()
    }

    fn put(&mut self, deletion: Deletion) {
        if self.0.len() >= MAX_DELETIONS {
            self.0.pop_front();
        }
        self.0.push_back(deletion);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_that_wait_the_oldest_are_given_up() {
        let mut deletions = Deletions::default();
        for message in 0..100 {
            deletions.push(ChatId(1), MessageId(message), Time::ZERO);
        }
        let left = std::iter::from_fn(|| deletions.pop(Time::ZERO));
        let left: Vec<_> = left.map(|it| it.message.0).collect();
        assert_eq!(left, (100 - MAX_DELETIONS as i64..100).collect::<Vec<_>>());
    }
}
