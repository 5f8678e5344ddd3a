//! Passing signs on their way: few, quick, and never worth waiting for.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::Sign;
use crate::clock::Time;
use crate::ids::SessionKey;

/// Signs that may wait for the bot's bucket; beyond it the oldest is dropped.
pub(super) const MAX_SIGNS: usize = 64;

/// Telegram shows "typing…" for five seconds; asking again before four is waste.
pub(super) const TYPING_INTERVAL: Duration = Duration::from_secs(4);

/// The signs that wait for the bot's bucket.
#[derive(Debug, Default)]
pub(super) struct Signs {
    waiting: VecDeque<Sign>,
    typing_at: BTreeMap<SessionKey, Time>,
}

impl Signs {
    pub(super) fn push(&mut self, sign: Sign, now: Time) {
        if let Sign::Typing { key } = sign
            && !self.may_type(key, now)
        {
            return;
        }
        if self.waiting.len() >= MAX_SIGNS {
            self.waiting.pop_front();
        }
        self.waiting.push_back(sign);
    }

    fn may_type(&mut self, key: SessionKey, now: Time) -> bool {
        self.typing_at
            .retain(|_, shown_at| now.since(*shown_at) < TYPING_INTERVAL);
        if self.typing_at.contains_key(&key) {
            return false;
        }
        self.typing_at.insert(key, now);
        true
    }

    pub(super) fn pop(&mut self) -> Option<Sign> {
        self.waiting.pop_front()
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}
