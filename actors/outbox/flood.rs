//! Tells one chat that is too fast from a bot that is too fast.

use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::Time;
use crate::ids::ChatId;

/// So many different chats …
const CHATS: usize = 3;

/// … within this time mean that the bot as a whole is too fast.
const WINDOW: Duration = Duration::from_secs(5);

/// The latest requests of Telegram to be quiet, one per chat: when, and how long.
#[derive(Debug, Default)]
pub(super) struct Flood(VecDeque<(Time, ChatId, Duration)>);

impl Flood {
    /// Takes in a request to keep a chat quiet; returns how long the whole bot is to wait.
    ///
    /// That is the shortest of the waits: a longer one holds its own chat anyway.
    pub(super) fn on_retry_after(
        &mut self,
        chat: ChatId,
        after: Duration,
        now: Time,
    ) -> Option<Duration> {
        self.0.retain(|(at, _, _)| now.since(*at) <= WINDOW);
        // A second request to a chat does not end the wait of a first that is longer.
        let earlier = self.0.iter().find(|(_, other, _)| *other == chat);
        let left = earlier.map(|(at, _, after)| (*at + *after).since(now));
        let after = after.max(left.unwrap_or_default());
        self.0.retain(|(_, other, _)| *other != chat);
        self.0.push_back((now, chat, after));
        if self.0.len() < CHATS {
            return None;
        }
        let shortest = self.0.iter().map(|(_, _, after)| *after).min();
        self.0.clear();
        shortest
    }
}
