//! Pure: which chats have a session, and which are parked after too many faults.

use std::collections::HashMap;
use std::time::Duration;

use crate::clock::Time;
use crate::ids::SessionKey;

/// How long a chat stays parked after its session failed too often.
pub const PARKING_TIME: Duration = Duration::from_secs(10 * 60);

/// The sessions by chat; `A` is the address of one.
#[derive(Debug)]
pub struct Children<A> {
    by_key: HashMap<SessionKey, Child<A>>,
}

#[derive(Debug)]
enum Child<A> {
    Running {
        address: A,
        /// Whether a lockdown has told it to end.
        is_locked: bool,
    },
    Parked {
        until: Time,
    },
}

/// What there is for a chat.
#[derive(Debug, PartialEq, Eq)]
pub enum Lookup<'a, A> {
    /// A session.
    Running(&'a A),
    /// Nothing yet.
    Absent,
    /// Nothing for so long still.
    Parked { left: Duration },
}

impl<A> Default for Children<A> {
    fn default() -> Self {
        Self {
            by_key: HashMap::new(),
        }
    }
}

impl<A> Children<A> {
    /// Finds what there is for a chat.
    pub fn lookup(&self, key: SessionKey, now: Time) -> Lookup<'_, A> {
        match self.by_key.get(&key) {
            Some(Child::Running { address, .. }) => Lookup::Running(address),
            Some(&Child::Parked { until }) if now < until => Lookup::Parked {
                left: until.since(now),
            },
            Some(Child::Parked { .. }) | None => Lookup::Absent,
        }
    }

    /// Notes a session that was started.
    pub fn insert(&mut self, key: SessionKey, address: A) {
        let is_locked = false;
        self.by_key
            .insert(key, Child::Running { address, is_locked });
    }

    /// Notes that a lockdown has told every session to end.
    pub fn lock(&mut self) {
        for child in self.by_key.values_mut() {
            match child {
                Child::Running { is_locked, .. } => *is_locked = true,
                Child::Parked { .. } => {}
            }
        }
    }

    /// Gives a session another key; whatever was under that one is forgotten.
    pub fn rename(&mut self, from: SessionKey, to: SessionKey) {
        if let Some(child) = self.by_key.remove(&from) {
            self.by_key.insert(to, child);
        }
    }

    /// Notes that a session stopped by itself; tells whether a lockdown had told it to.
    pub fn remove(&mut self, key: SessionKey) -> bool {
        match self.by_key.remove(&key) {
            Some(Child::Running { is_locked, .. }) => is_locked,
            Some(Child::Parked { .. }) | None => false,
        }
    }

    /// Notes that a session failed too often.
    pub fn park(&mut self, key: SessionKey, now: Time) {
        self.by_key.insert(
            key,
            Child::Parked {
                until: now + PARKING_TIME,
            },
        );
    }

    /// Iterates over the running sessions.
    pub fn running(&self) -> impl Iterator<Item = (SessionKey, &A)> {
        self.by_key.iter().filter_map(|(&key, child)| match child {
            Child::Running { address, .. } => Some((key, address)),
            Child::Parked { .. } => None,
        })
    }
}

#[cfg(test)]
mod tests;
