//! Names the rooms in which an agent's home is nearly full.

use std::io;
use std::time::Duration;

use bridge_actors::home_use::{HomeLevel, HomeUse};
use bridge_actors::size::in_words;

use super::host::Host;
use crate::config::Config;
use crate::filled::Bounds;
use crate::room::Rooms;

/// How long looking at all homes may take; what is not looked at until then is not named.
const LONGEST_LOOK: Duration = Duration::from_secs(10);

impl Host {
    /// Warns of each chat with a home that is nearly full, or full.
    pub(super) fn homes(&mut self, config: &Config) {
        let Some(limit) = config.limits.home_per_chat else {
            return;
        };
        let rooms = Rooms::new(&config.storage.dir, &[]);
        let bounds = Bounds::of_time(LONGEST_LOOK);
        let homes = rooms.chats().and_then(|chats| {
            let homes = chats.into_iter();
            let homes = homes.map(|chat| Ok((chat, rooms.homes_of(chat, bounds)?)));
            homes.collect::<io::Result<Vec<_>>>()
        });
        let homes = homes.unwrap_or_else(|error| {
            self.warnings
                .push(format!("cannot tell how full Claude's homes are: {error}"));
            Vec::new()
        });
        for (chat, homes) in homes {
            let used = homes.into_iter().map(|home| home.bytes).max();
            let used = used.unwrap_or_default();
            let is = match (HomeUse { used, limit }).level() {
                HomeLevel::Roomy | HomeLevel::Filling => continue,
                HomeLevel::NearlyFull => "nearly full",
                HomeLevel::Full => "full",
            };
            let (used, limit) = (in_words(used), in_words(limit));
            self.warnings.push(format!(
                "Claude's home in chat {chat} is {is}: {used} of {limit} (limits.home_per_chat)"
            ));
        }
    }
}
