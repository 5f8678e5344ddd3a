//! How much of what waits for a chat is held in memory, and what becomes of the rest.

use super::{ChatQueue, Pushed, SetAside};
use crate::ids::PostId;
use crate::outbox::Rank;
use crate::outbox::position::Position;
use crate::outbox::queued_post::QueuedPost;

/// Posts of one chat that are held in memory. What comes behind them and must arrive waits in the
/// journal; for it the oldest notice makes room, if one waits.
pub(in crate::outbox) const MAX_QUEUED: usize = 256;

/// New messages among them that are notices: what a group gets in two minutes. Beyond it the
/// oldest one is dropped, so that no flood of replies to commands keeps an answer waiting.
pub(in crate::outbox) const MAX_NOTICES: usize = 32;

/// What is an answer and not in the journal, such as a request, is taken up to this length, and
/// half of it may lie behind posts that wait in the journal: it means something for a while only.
const MAX_WITH_UNKEPT: usize = 2 * MAX_QUEUED;

impl ChatQueue {
    pub(super) fn push_within_bound(&mut self, item: QueuedPost) -> Pushed {
        if item.is_edit() && self.has_set_aside(item.id) && item.kept_as().is_none() {
            return Pushed::OfSetAside(item.id, item.body);
        }
        if item.is_leave() {
            self.append(item);
            return Pushed::Waits;
        }
        let is_full = self.items.len() >= MAX_QUEUED || !self.set_aside.is_empty();
        match (item.rank, item.kept_as()) {
            (Rank::Notice, _) if !self.set_aside.is_empty() => Pushed::Dropped(item),
            (Rank::Notice, _) if is_full => self.push_instead_of(QueuedPost::is_notice, item),
            (Rank::Notice, _) if item.is_new_notice() && self.n_new_notices() >= MAX_NOTICES => {
                self.push_instead_of(QueuedPost::is_new_notice, item)
            }
            (Rank::Answer, _) if is_full && self.set_aside.is_empty() && self.has_notice() => {
                self.push_instead_of(QueuedPost::is_notice, item)
            }
            (Rank::Answer, Some(id)) if is_full => {
                let position = self.take_position();
                self.set_aside.push_back(SetAside { id, position });
                Pushed::SetAside
            }
            (Rank::Answer, None) if self.is_full_for_unkept() => Pushed::Dropped(item),
            (Rank::Notice | Rank::Answer, _) => {
                self.append(item);
                Pushed::Waits
            }
        }
    }

    /// Returns the posts that there is room for again, in their order.
    ///
    /// What lies behind them takes no room of theirs: it waits for them.
    pub(in crate::outbox) fn recall(&mut self) -> Vec<SetAside> {
        let room = MAX_QUEUED.saturating_sub(self.items.len() - self.n_behind_set_aside());
        let n_recalled = room.min(self.set_aside.len());
        self.set_aside.drain(..n_recalled).collect()
    }

    /// Takes back a post for which there is room again, at its position.
    pub(in crate::outbox) fn take_back(&mut self, mut item: QueuedPost, position: Position) {
        item.position = position;
        let place = self
            .items
            .partition_point(|waits| waits.position < position);
        self.items.insert(place, item);
    }

    pub(super) fn has_set_aside(&self, id: PostId) -> bool {
        self.set_aside.iter().any(|post| post.id == id)
    }

    /// Tells whether a post that lies in the journal alone comes before this one.
    pub(super) fn is_behind_set_aside(&self, item: &QueuedPost) -> bool {
        let first = self.set_aside.front();
        first.is_some_and(|first| first.position < item.position)
    }

    fn n_behind_set_aside(&self) -> usize {
        let last = self.items.iter().rev();
        last.take_while(|item| self.is_behind_set_aside(item))
            .count()
    }

    fn is_full_for_unkept(&self) -> bool {
        self.items.len() >= MAX_WITH_UNKEPT || self.n_behind_set_aside() >= MAX_QUEUED
    }

    fn append(&mut self, mut item: QueuedPost) {
        item.position = self.take_position();
        self.items.push_back(item);
    }

    fn take_position(&mut self) -> Position {
        let position = self.next_position;
        self.next_position = position.next();
        position
    }

    /// Appends a post and drops the oldest waiting one of a kind for it; the newcomer, if none
    /// waits.
    fn push_instead_of(&mut self, is_of_kind: fn(&QueuedPost) -> bool, item: QueuedPost) -> Pushed {
        let first_waiting = usize::from(self.in_flight);
        let mut waiting = self.items.iter().enumerate().skip(first_waiting);
        let victim = waiting.find(|(_, waits)| is_of_kind(waits));
        let victim = victim.map(|(place, _)| place);
        match victim.and_then(|place| self.items.remove(place)) {
            Some(victim) => {
                self.append(item);
                Pushed::Dropped(victim)
            }
            None => Pushed::Dropped(item),
        }
    }

    #[cfg(test)]
    pub(in crate::outbox) fn n_in_memory(&self) -> usize {
        self.items.len() + self.n_resting()
    }

    fn has_notice(&self) -> bool {
        let mut waiting = self.items.iter().skip(usize::from(self.in_flight));
        waiting.any(QueuedPost::is_notice)
    }

    fn n_new_notices(&self) -> usize {
        let waiting = self.items.iter().skip(usize::from(self.in_flight));
        waiting.filter(|item| item.is_new_notice()).count()
    }
}
