//! Pure: which sessions may have an agent alive.
//!
//! At most `max_live` agents live at once. Chats wait in the order in which they asked, one place
//! a chat. While somebody waits, a holder is asked to make room: the longest idle one, else the
//! one that has worked longest, which does so when its running turn is over. That may take long,
//! so whoever goes idle or on to another turn before that is asked as well: nobody waits for the
//! longest turn, and a chat with many queued prompts takes turns with the others.

use std::collections::{HashMap, VecDeque};

use crate::clock::Time;
use crate::ids::{Incarnation, SessionKey};
use crate::session_supervisor::SlotChange;

/// How many of the first places are kept up to date.
const PLACES_TOLD: usize = 10;

/// The slots and who waits for them.
#[derive(Debug)]
pub struct Slots {
    max_live: usize,
    holders: HashMap<SessionKey, Holder>,
    waiting: VecDeque<Asker>,
}

/// Who asked for a slot: a grant that outlives the fault of a session is not for its next value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asker {
    /// The session.
    pub key: SessionKey,
    /// Which value of it.
    pub incarnation: Incarnation,
}

/// One thing to tell a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotOrder {
    /// Start an agent.
    Grant(Asker),
    /// Wait; so many chats come first.
    Delay(Asker, usize),
    /// Make room.
    AskToYield(Asker),
}

#[derive(Debug, Clone, Copy)]
struct Holder {
    incarnation: Incarnation,
    work: Work,
    since: Time,
    yielding: Yielding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    Idle,
    /// It has a slot and no turn yet.
    Starting,
    Busy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Yielding {
    No,
    Asked,
}

impl Slots {
    /// Returns free slots for `max_live` agents, at least one.
    pub fn new(max_live: usize) -> Self {
        Self {
            max_live: max_live.max(1),
            holders: HashMap::new(),
            waiting: VecDeque::new(),
        }
    }

    /// Takes a session's news and returns what to tell whom, in order.
    pub fn on_change(&mut self, asker: Asker, change: SlotChange, now: Time) -> Vec<SlotOrder> {
        let key = asker.key;
        match change {
            SlotChange::Wanted => self.on_wanted(asker, now),
            SlotChange::Withdrawn => {
                self.waiting.retain(|waiting| waiting.key != key);
                self.delays()
            }
            SlotChange::Busy => self.on_busy(key, now),
            SlotChange::Idle => {
                self.set_work(key, Work::Idle, now);
                self.ask_for_room()
            }
            SlotChange::Released => self.release(key, now),
        }
    }

    /// Changes how many agents may live at once, at least one, and returns what to tell whom.
    pub fn resize(&mut self, max_live: usize, now: Time) -> Vec<SlotOrder> {
        self.max_live = max_live.max(1);
        self.fill(now)
    }

    /// Gives a session another key; its place and its slot stay.
    pub fn rename(&mut self, from: SessionKey, to: SessionKey) {
        if let Some(holder) = self.holders.remove(&from) {
            self.holders.insert(to, holder);
        }
        for waiting in self.waiting.iter_mut().filter(|it| it.key == from) {
            waiting.key = to;
        }
    }

    /// Notes that a session was given up; the tree of its agent may still be dying, and keeps its
    /// slot until [`Self::release`].
    pub fn give_up(&mut self, key: SessionKey) -> Vec<SlotOrder> {
        self.waiting.retain(|waiting| waiting.key != key);
        if let Some(holder) = self.holders.get_mut(&key) {
            holder.yielding = Yielding::Asked;
        }
        self.delays()
    }

    /// Forgets whoever waits; who has a slot keeps it until [`Self::release`].
    pub fn forget_waiting(&mut self) {
        self.waiting.clear();
    }

    /// Frees the slot of a session, and its place among those who wait.
    pub fn release(&mut self, key: SessionKey, now: Time) -> Vec<SlotOrder> {
        self.waiting.retain(|waiting| waiting.key != key);
        self.holders.remove(&key);
        self.fill(now)
    }

    /// Grants the free slots to those who wait.
    fn fill(&mut self, now: Time) -> Vec<SlotOrder> {
        let mut orders = Vec::new();
        while self.holders.len() < self.max_live {
            let Some(next) = self.waiting.pop_front() else {
                break;
            };
            orders.push(self.grant(next, now));
        }
        orders.extend(self.delays());
        orders.extend(self.ask_for_room());
        orders
    }

    fn on_wanted(&mut self, asker: Asker, now: Time) -> Vec<SlotOrder> {
        if self.waiting.iter().any(|waiting| waiting.key == asker.key) {
            return Vec::new();
        }
        if self.waiting.is_empty()
            && (self.holders.contains_key(&asker.key) || self.holders.len() < self.max_live)
        {
            return vec![self.grant(asker, now)];
        }
        let ahead = self.waiting.len();
        self.waiting.push_back(asker);
        let mut orders = vec![SlotOrder::Delay(asker, ahead)];
        orders.extend(self.ask_for_room());
        orders
    }

    fn on_busy(&mut self, key: SessionKey, now: Time) -> Vec<SlotOrder> {
        let goes_on = (self.holders.get(&key)).is_some_and(|holder| holder.work == Work::Busy);
        self.set_work(key, Work::Busy, now);
        let mut orders = self.ask_for_room();
        if let Some(holder) = self.holders.get_mut(&key)
            && goes_on
            && holder.yielding == Yielding::No
            && !self.waiting.is_empty()
        {
            holder.yielding = Yielding::Asked;
            orders.push(SlotOrder::AskToYield(holder.asker(key)));
        }
        orders
    }

    fn grant(&mut self, asker: Asker, now: Time) -> SlotOrder {
        let holder = Holder {
            incarnation: asker.incarnation,
            work: Work::Starting,
            since: now,
            yielding: Yielding::No,
        };
        self.holders.insert(asker.key, holder);
        SlotOrder::Grant(asker)
    }

    fn set_work(&mut self, key: SessionKey, work: Work, now: Time) {
        let Some(holder) = self.holders.get_mut(&key) else {
            return;
        };
        if holder.work != work {
            holder.work = work;
            holder.since = now;
        }
    }

    /// Returns the places of those who come soon. Whoever waits further behind knows their first
    /// place and learns the rest when it is near: thousands can wait after a restart, and each of
    /// them moves up with every turn of the others.
    fn delays(&self) -> Vec<SlotOrder> {
        self.waiting
            .iter()
            .take(PLACES_TOLD)
            .enumerate()
            .map(|(ahead, &asker)| SlotOrder::Delay(asker, ahead))
            .collect()
    }

    /// Asks as many holders to make room as chats wait. One that works may keep its slot for
    /// long, so it counts only where nobody is idle.
    fn ask_for_room(&mut self) -> Vec<SlotOrder> {
        let mut orders = Vec::new();
        for worked in [Work::Idle, Work::Busy] {
            let is_counted = |holder: &Holder| holder.work <= worked;
            let asked = (self.holders.values())
                .filter(|holder| holder.yielding == Yielding::Asked && is_counted(holder))
                .count();
            for _ in asked..self.waiting.len() {
                let candidate = (self.holders.iter_mut())
                    .filter(|(_, holder)| holder.yielding == Yielding::No && is_counted(holder))
                    .min_by_key(|(key, holder)| (holder.work.is_at_work(), holder.since, **key));
                let Some((&key, holder)) = candidate else {
                    break;
                };
                holder.yielding = Yielding::Asked;
                orders.push(SlotOrder::AskToYield(holder.asker(key)));
            }
        }
        orders
    }
}

impl Holder {
    fn asker(&self, key: SessionKey) -> Asker {
        Asker {
            key,
            incarnation: self.incarnation,
        }
    }
}

impl Work {
    fn is_at_work(self) -> bool {
        match self {
            Self::Idle => false,
            Self::Starting | Self::Busy => true,
        }
    }
}

#[cfg(test)]
mod tests;
