//! How often calls may leave: a token bucket without a clock.

use std::time::Duration;

use crate::clock::Time;
use crate::ids::ChatId;

/// The most calls in a row, and the time after which one more is earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    pub(super) burst: u32,
    pub(super) interval: Duration,
}

/// A private chat: one message a second, five in a row.
pub(super) const PRIVATE_PACE: Pace = Pace {
    burst: 5,
    interval: Duration::from_secs(1),
};

/// A group: at most 20 messages in any minute, five of them in a row.
///
/// Five at once and one per four seconds make 20 in the fullest minute; one per three seconds
/// would make 25, and groups are where Telegram is strict.
pub(super) const GROUP_PACE: Pace = Pace {
    burst: 5,
    interval: Duration::from_secs(4),
};

/// The whole bot: 30 messages a second, for posts; signs have a bucket of their own of the same
/// pace, so that no answer waits behind a reaction.
pub(super) const BOT_PACE: Pace = Pace {
    burst: 30,
    interval: Duration::from_nanos(1_000_000_000 / 30),
};

/// Returns the pace of a chat: negative ids are groups and channels.
pub(super) fn chat_pace(chat: ChatId) -> Pace {
    if chat.0 < 0 { GROUP_PACE } else { PRIVATE_PACE }
}

/// A bucket of calls that refills at its pace.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    pace: Pace,
    /// When the whole burst is available again; one call moves it by one interval.
    full_at: Time,
}

impl Bucket {
    pub(super) fn full(pace: Pace) -> Self {
        Self {
            pace,
            full_at: Time::ZERO,
        }
    }

    /// Goes on at another pace; as many calls as before are still to be earned.
    pub(super) fn set_pace(&mut self, pace: Pace, now: Time) {
        let missing = self.full_at.max(now).since(now).as_nanos() * pace.interval.as_nanos();
        let missing = missing.div_ceil(self.pace.interval.as_nanos());
        let missing = u64::try_from(missing).unwrap_or(u64::MAX);
        self.full_at = now + Duration::from_nanos(missing);
        self.pace = pace;
    }

    /// Returns the moment from which a call may leave.
    pub(super) fn ready_at(&self) -> Time {
        self.full_at - self.pace.interval * (self.pace.burst - 1)
    }

    /// Returns the moment from which a call may leave so that so many more could follow at once.
    pub(super) fn spare_at(&self, more: u32) -> Time {
        self.full_at - self.pace.interval * self.pace.burst.saturating_sub(1 + more)
    }

    /// Counts a call that leaves.
    pub(super) fn take(&mut self, now: Time) {
        self.full_at = self.full_at.max(now) + self.pace.interval;
    }

    /// Returns whether forgetting the bucket would change nothing.
    pub(super) fn is_full(&self, now: Time) -> bool {
        self.full_at <= now
    }
}

#[cfg(test)]
mod tests;
