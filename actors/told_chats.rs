//! Pure: which chats were told something lately.

use std::collections::HashMap;
use std::time::Duration;

use crate::clock::Time;
use crate::ids::ChatId;

/// How many chats are kept before those that may be told again are forgotten.
const TIDY_AT: usize = 256;

/// When chats were told a thing that is not said to one of them twice within a time.
#[derive(Debug)]
pub(crate) struct ToldChats {
    silence: Duration,
    told_at: HashMap<ChatId, Time>,
    tidy_at: usize,
}

impl ToldChats {
    /// Returns what lets a chat be told once in `silence`.
    pub(crate) fn once_in(silence: Duration) -> Self {
        Self {
            silence,
            told_at: HashMap::new(),
            tidy_at: TIDY_AT,
        }
    }

    /// Tells whether a chat is to be told, which it is then.
    pub(crate) fn is_due(&mut self, chat: ChatId, now: Time) -> bool {
        self.tidy(now);
        let is_due = |told: &Time| now.since(*told) >= self.silence;
        if !self.told_at.get(&chat).is_none_or(is_due) {
            return false;
        }
        self.told_at.insert(chat, now);
        true
    }

    /// Forgets whoever may be told again, at a cost that is small per call.
    fn tidy(&mut self, now: Time) {
        if self.told_at.len() < self.tidy_at {
            return;
        }
        let silence = self.silence;
        (self.told_at).retain(|_, told_at| now.since(*told_at) < silence);
        self.tidy_at = TIDY_AT.max(self.told_at.len() * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Time {
        Time::ZERO + Duration::from_secs(seconds)
    }

    #[test]
    fn a_chat_is_told_once_and_another_one_too() {
        let mut told = ToldChats::once_in(Duration::from_secs(60));
        let due: Vec<_> = [(1, 0), (1, 1), (2, 1), (1, 59), (1, 60), (1, 61)]
            .map(|(chat, seconds)| told.is_due(ChatId(chat), at(seconds)))
            .into();
        assert_eq!(due, [true, false, true, false, true, false]);
    }

    #[test]
    fn chats_that_may_be_told_again_take_up_no_room() {
        let mut told = ToldChats::once_in(Duration::from_secs(60));
        for chat in 0..100_000 {
            told.is_due(ChatId(chat), at(chat.unsigned_abs() / 100));
        }
        assert!(told.told_at.len() <= 12_001, "{}", told.told_at.len());
    }
}
