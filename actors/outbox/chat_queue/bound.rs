//! How much of what waits for a chat is held in memory, and what becomes of the rest.

use super::{ChatQueue, Pushed};
use crate::ids::PostId;
use crate::outbox::Rank;
use crate::outbox::item::Item;

/// Posts of one chat that are held in memory. What comes behind them and must arrive waits in the
/// journal; for it the oldest notice makes room, if one waits.
pub(in crate::outbox) const MAX_QUEUED: usize = 256;

/// New messages among them that are notices: what a group gets in two minutes. Beyond it the
/// oldest one is dropped, so that no flood of replies to commands keeps an answer waiting.
pub(in crate::outbox) const MAX_NOTICES: usize = 32;

/// What is an answer and not in the journal, such as a request, is taken up to this length: it
/// means something for a while only.
const MAX_WITH_UNKEPT: usize = 2 * MAX_QUEUED;

impl ChatQueue {
    pub(super) fn push_within_bound(&mut self, item: Item) -> Pushed {
        if item.is_edit() && self.set_aside.contains(&item.id) && item.kept_as().is_none() {
            return Pushed::OfSetAside(item.id, item.body);
        }
        if item.is_leave() {
            self.items.push_back(item);
            return Pushed::Waits;
        }
        let is_full = self.items.len() >= MAX_QUEUED || !self.set_aside.is_empty();
        match (item.rank, item.kept_as()) {
            (Rank::Notice, _) if !self.set_aside.is_empty() => Pushed::Dropped(item),
            (Rank::Notice, _) if is_full => self.push_instead_of(Item::is_notice, item),
            (Rank::Notice, _) if item.is_new_notice() && self.n_new_notices() >= MAX_NOTICES => {
                self.push_instead_of(Item::is_new_notice, item)
            }
            (Rank::Answer, _) if is_full && self.set_aside.is_empty() && self.has_notice() => {
                self.push_instead_of(Item::is_notice, item)
            }
            (Rank::Answer, Some(id)) if is_full => {
                self.set_aside.push_back(id);
                Pushed::SetAside
            }
            (Rank::Answer, None) if self.items.len() >= MAX_WITH_UNKEPT => Pushed::Dropped(item),
            (Rank::Notice | Rank::Answer, _) => {
                self.items.push_back(item);
                Pushed::Waits
            }
        }
    }

    /// Returns the posts that there is room for again, in their order.
    pub(in crate::outbox) fn recall(&mut self) -> Vec<PostId> {
        let room = MAX_QUEUED.saturating_sub(self.items.len());
        let n_recalled = room.min(self.set_aside.len());
        self.set_aside.drain(..n_recalled).collect()
    }

    /// Takes back a post for which there is room again.
    pub(in crate::outbox) fn take_back(&mut self, item: Item) {
        self.items.push_back(item);
    }

    /// Appends a post and drops the oldest waiting one of a kind for it; the newcomer, if none
    /// waits.
    fn push_instead_of(&mut self, is_of_kind: fn(&Item) -> bool, item: Item) -> Pushed {
        let first_waiting = usize::from(self.in_flight);
        let mut waiting = self.items.iter().enumerate().skip(first_waiting);
        let victim = waiting.find(|(_, waits)| is_of_kind(waits));
        let victim = victim.map(|(place, _)| place);
        match victim.and_then(|place| self.items.remove(place)) {
            Some(victim) => {
                self.items.push_back(item);
                Pushed::Dropped(victim)
            }
            None => Pushed::Dropped(item),
        }
    }

    #[cfg(test)]
    pub(in crate::outbox) fn n_in_memory(&self) -> usize {
        self.items.len()
    }

    fn has_notice(&self) -> bool {
        let mut waiting = self.items.iter().skip(usize::from(self.in_flight));
        waiting.any(Item::is_notice)
    }

    fn n_new_notices(&self) -> usize {
        let waiting = self.items.iter().skip(usize::from(self.in_flight));
        waiting.filter(|item| item.is_new_notice()).count()
    }
}
