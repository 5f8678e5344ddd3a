//! The pace that Telegram grants: learnt from its requests to wait, forgotten slowly.

use std::collections::BTreeMap;
use std::time::Duration;

use super::LearnedPace;
use super::pace::Pace;
use crate::clock::Time;
use crate::ids::ChatId;

/// The slowest of the paces, in steps.
const MAX_STEPS: u8 = 4;

/// How long nothing is asked for until one step is taken back.
const STEP_BACK: Duration = Duration::from_secs(1800);

/// Chats that are remembered; of more, the one that was asked for the longest ago is forgotten.
const MAX_CHATS: usize = 256;

/// How many steps a chat is slower than usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slowness {
    steps: u8,
    /// The last change.
    since: Time,
}

/// How much slower than usual each chat is sent to, and the bot as a whole (`None`).
#[derive(Debug, Default)]
pub(super) struct Learned(BTreeMap<Option<ChatId>, Slowness>);

impl Learned {
    /// Returns what an earlier run learnt.
    pub(super) fn of(paces: &[LearnedPace], now: Time) -> Self {
        let paces = paces.iter().take(MAX_CHATS).filter(|pace| pace.steps > 0);
        let slow = paces.map(|pace| {
            let steps = pace.steps.min(MAX_STEPS);
            (pace.chat, Slowness { steps, since: now })
        });
        Self(slow.collect())
    }

    /// Goes one step slower.
    pub(super) fn on_wait(&mut self, chat: Option<ChatId>, now: Time) {
        if !self.0.contains_key(&chat) && self.0.len() >= MAX_CHATS {
            let oldest = self.0.iter().min_by_key(|(_, slow)| slow.since);
            let oldest = oldest.map(|(chat, _)| *chat);
            oldest.and_then(|chat| self.0.remove(&chat));
        }
        let none = Slowness {
            steps: 0,
            since: now,
        };
        let slow = self.0.entry(chat).or_insert(none);
        slow.steps = MAX_STEPS.min(slow.steps + 1);
        slow.since = now;
    }

    /// Takes steps back for which nothing was asked for long enough; returns whose.
    pub(super) fn step_back(&mut self, now: Time) -> Vec<Option<ChatId>> {
        let is_due = |slow: &Slowness| now.since(slow.since) >= STEP_BACK;
        let mut changed = Vec::new();
        for (chat, slow) in self.0.iter_mut().filter(|(_, slow)| is_due(slow)) {
            slow.steps -= 1;
            slow.since = now;
            changed.push(*chat);
        }
        self.0.retain(|_, slow| slow.steps > 0);
        changed
    }

    /// Returns a pace as it is granted: each step adds half of the usual interval.
    pub(super) fn slowed(&self, chat: Option<ChatId>, usual: Pace) -> Pace {
        let steps = self.0.get(&chat).map_or(0, |slow| u32::from(slow.steps));
        Pace {
            interval: usual.interval + usual.interval / 2 * steps,
            ..usual
        }
    }

    /// Returns all of it, to be kept.
    pub(super) fn all(&self) -> Vec<LearnedPace> {
        let all = self.0.iter();
        all.map(|(chat, slow)| LearnedPace {
            chat: *chat,
            steps: slow.steps,
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::pace::GROUP_PACE;

    #[test]
    fn each_wait_makes_a_chat_slower_and_quiet_time_faster_again() {
        let mut learned = Learned::default();
        let chat = Some(ChatId(-5));
        let at = |seconds| Time::ZERO + Duration::from_secs(seconds);
        let interval = |learned: &Learned| learned.slowed(chat, GROUP_PACE).interval.as_secs();
        for (n, seconds) in [6, 8, 10, 12, 12].into_iter().enumerate() {
            learned.on_wait(chat, at(n as u64));
            assert_eq!(interval(&learned), seconds);
        }
        assert_eq!(learned.slowed(None, GROUP_PACE), GROUP_PACE);
        assert_eq!(learned.step_back(at(100)), []);
        assert_eq!(learned.step_back(at(2_000)), [chat]);
        let mut later = Learned::of(&learned.all(), at(0));
        assert_eq!(interval(&later), 10);
        for n in 1..=3 {
            later.step_back(at(n * 1_800));
        }
        assert_eq!((interval(&later), later.all()), (4, Vec::new()));
    }

    #[test]
    fn of_very_many_chats_the_one_asked_for_the_longest_ago_is_forgotten() {
        let mut learned = Learned::default();
        for id in 0..1_000 {
            learned.on_wait(
                Some(ChatId(-id)),
                Time::ZERO + Duration::from_secs(id as u64),
            );
        }
        assert_eq!(learned.all().len(), MAX_CHATS);
        assert_ne!(learned.slowed(Some(ChatId(-999)), GROUP_PACE), GROUP_PACE);
    }
}
