//! One chat's posts in their order, with the chat's pace.

pub(super) mod bound;
pub(super) mod resting;

use std::collections::VecDeque;
use std::time::Duration;

use super::Body;
use super::pace::{Bucket, Pace};
use super::position::Position;
use super::queued_post::QueuedPost;
use crate::clock::Time;
use crate::ids::{ChatId, MessageId, PostId, SessionKey};

use resting::Resting;

/// How many answered messages of a chat are remembered.
const MAX_ANSWERED: usize = 64;

/// How many calls a card that is renewed leaves room for: what is decided takes the buttons off one
/// message and may bring the next.
const ROOM_BESIDE_RENEWALS: u32 = 2;

/// How long a chat that was told to wait has to earn every message at its pace.
pub(super) const STRICT_TIME: Duration = Duration::from_secs(300);

/// A post that lies in the journal alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SetAside {
    pub(super) id: PostId,
    pub(super) position: Position,
}

/// What waits for one chat; its topics share the queue.
///
/// In a private chat the first answer to each message of the person leaves at once, beside the
/// pace: nobody can be flooded by one answer to each of their own messages. A chat that was told
/// to wait has lost that for a while.
#[derive(Debug)]
pub(super) struct ChatQueue {
    chat: ChatId,
    /// What is held in memory, by its position.
    items: VecDeque<QueuedPost>,
    /// Posts that lie in the journal alone, by their position; items behind the first of them wait
    /// until it is back.
    set_aside: VecDeque<SetAside>,
    /// Answers whose fate stays unknown.
    resting: Resting,
    /// The position of the next post.
    next_position: Position,
    /// Messages of the person whose answer has left.
    answered: VecDeque<MessageId>,
    strict_until: Time,
    /// A call for the first item is in flight.
    in_flight: bool,
    bucket: Bucket,
    /// Telegram asked for quiet until then.
    held_until: Time,
}

/// What became of a post that came.
#[derive(Debug)]
pub(super) enum Pushed {
    /// It waits behind all others.
    Waits,
    /// It is an edit, and what waited in this place is what it makes of it. Of what it replaced
    /// the journal may forget this.
    Replaced {
        place: usize,
        forgotten: Option<PostId>,
    },
    /// The queue is full, and it waits in the journal alone.
    SetAside,
    /// It is an edit of a post that lies in the journal alone, which gets this body.
    OfSetAside(PostId, Body),
    /// The queue is full, and this had to go.
    Dropped(QueuedPost),
}

impl ChatQueue {
    pub(super) fn new(chat: ChatId, pace: Pace) -> Self {
        Self {
            chat,
            items: VecDeque::new(),
            set_aside: VecDeque::new(),
            resting: Resting::default(),
            next_position: Position::default(),
            answered: VecDeque::new(),
            strict_until: Time::ZERO,
            in_flight: false,
            bucket: Bucket::full(pace),
            held_until: Time::ZERO,
        }
    }

    /// Takes a post in, or lets it replace what it makes obsolete.
    pub(super) fn push(&mut self, item: QueuedPost) -> Pushed {
        self.wake_for(&item);
        if let Some(place) = self.edit_target(&item) {
            let replaced = self.items[place].kept_as();
            self.items[place].replace_by(item);
            let forgotten = replaced.filter(|name| !self.keeps(*name));
            return Pushed::Replaced { place, forgotten };
        }
        self.push_within_bound(item)
    }

    /// Tells whether the journal keeps something of what waits under this name.
    pub(super) fn keeps(&self, name: PostId) -> bool {
        let mut held = self.items.iter().chain(self.resting());
        let waits = held.any(|item| item.kept_as() == Some(name));
        waits || self.has_set_aside(name)
    }

    /// Returns the last waiting item that an edit replaces.
    ///
    /// The last one, because an earlier one that were newer would be overwritten by it.
    fn edit_target(&self, edit: &QueuedPost) -> Option<usize> {
        let last = (self.items.iter()).rposition(|item| item.is_changed_by(edit))?;
        let waits = last > 0 || !self.in_flight;
        (waits && self.items[last].yields_to(edit)).then_some(last)
    }

    /// Returns when the first item may leave; `None` while nothing waits for that.
    pub(super) fn ready_at(&self) -> Option<Time> {
        let first = self.items.front()?;
        if self.in_flight || self.is_behind_set_aside(first) {
            return None;
        }
        let allowed_at = self.held_until.max(first.not_before);
        let in_the_bucket = match first.is_renewal() {
            true => self.bucket.spare_at(ROOM_BESIDE_RENEWALS),
            false => self.bucket.ready_at(),
        };
        let at_its_pace = in_the_bucket.max(allowed_at);
        let at_once = allowed_at.max(self.strict_until);
        let is_free = self.free_answer(first).is_some();
        Some(if is_free {
            at_its_pace.min(at_once)
        } else {
            at_its_pace
        })
    }

    /// Tells whether the first item leaves beside the pace.
    pub(super) fn is_first_free(&self, now: Time) -> bool {
        let first = self.items.front();
        now >= self.strict_until && first.is_some_and(|first| self.free_answer(first).is_some())
    }

    /// Returns the message whose first answer this is, in a private chat.
    fn free_answer(&self, item: &QueuedPost) -> Option<MessageId> {
        let is_private = self.chat.0 > 0;
        let message = item.answers().filter(|_| is_private)?;
        (!self.answered.contains(&message)).then_some(message)
    }

    /// Returns when a call beside the queue may leave at the chat's pace and leave room for a post.
    pub(super) fn spare_at(&self) -> Time {
        self.bucket.spare_at(1).max(self.held_until)
    }

    /// Counts a call beside the queue.
    pub(super) fn charge(&mut self, now: Time) {
        self.bucket.take(now);
    }

    /// Marks the first item's call as in flight.
    pub(super) fn depart(&mut self, now: Time) {
        debug_assert!(!self.in_flight, "one call in flight per chat");
        self.in_flight = true;
        match self.items.front().and_then(|first| self.free_answer(first)) {
            Some(message) => {
                self.answered.truncate(MAX_ANSWERED - 1);
                self.answered.push_front(message);
                if now < self.strict_until {
                    self.bucket.take(now);
                }
            }
            None => self.bucket.take(now),
        }
    }

    /// Marks the first item's call as answered.
    pub(super) fn arrive(&mut self) {
        self.in_flight = false;
    }

    pub(super) fn first(&mut self) -> Option<&mut QueuedPost> {
        self.items.front_mut()
    }

    /// Returns the place of a waiting edit of this post.
    pub(super) fn edit_of(&self, id: PostId) -> Option<usize> {
        let first_waiting = usize::from(self.in_flight);
        let mut waiting = self.items.iter().enumerate().skip(first_waiting);
        let found = waiting.find(|(_, item)| item.is_edit() && item.id == id);
        found.map(|(place, _)| place)
    }

    pub(super) fn at(&mut self, place: usize) -> Option<&mut QueuedPost> {
        self.items.get_mut(place)
    }

    /// Removes the first item, which is done or given up.
    pub(super) fn remove_first(&mut self) -> Option<QueuedPost> {
        self.items.pop_front()
    }

    /// Lets a waiting edit take the place of the first item, which is an earlier one of the same
    /// message.
    pub(super) fn skip_obsolete_edit(&mut self) -> Option<Pushed> {
        let first = self.items.front().filter(|item| item.is_edit())?;
        let is_newer = |item: &QueuedPost| item.is_edit() && first.is_changed_by(item);
        let newer = 1 + self.items.iter().skip(1).position(is_newer)?;
        let first = self.remove_first()?;
        let place = newer - 1;
        self.items[place].stand_for(&first);
        let forgotten = first.kept_as().filter(|name| !self.keeps(*name));
        Some(Pushed::Replaced { place, forgotten })
    }

    pub(super) fn hold_until(&mut self, moment: Time) {
        self.held_until = self.held_until.max(moment);
        self.strict_until = self.strict_until.max(moment + STRICT_TIME);
    }

    /// Goes on at another pace.
    pub(super) fn set_pace(&mut self, pace: Pace, now: Time) {
        self.bucket.set_pace(pace, now);
    }

    pub(super) fn is_held(&self, now: Time) -> bool {
        self.held_until > now
    }

    /// Empties the queue; nothing is in flight.
    pub(super) fn take_all(&mut self) -> (VecDeque<QueuedPost>, VecDeque<SetAside>) {
        self.end_rest();
        let items = std::mem::take(&mut self.items);
        (items, std::mem::take(&mut self.set_aside))
    }

    /// Takes what is held of one topic, the first item among it; nothing is in flight.
    pub(super) fn take_topic(&mut self, topic: SessionKey) -> VecDeque<QueuedPost> {
        self.end_rest();
        let items = std::mem::take(&mut self.items).into_iter();
        let (taken, rest) = items.partition(|item| item.key == topic);
        self.items = rest;
        taken
    }

    /// Lets what is no renewal come before all renewals that wait: however many cards a chat has,
    /// they share what is left of its pace, and no answer waits for them.
    pub(super) fn let_others_pass_renewals(&mut self) {
        let first_waiting = usize::from(self.in_flight);
        // None passes a newer edit of its own message.
        let is_last_of_message = |place: usize| {
            let mut later = self.items.iter().skip(place + 1);
            !later.any(|later| self.items[place].is_changed_by(later))
        };
        let n_first = (first_waiting..self.items.len())
            .take_while(|place| self.items[*place].is_renewal() && is_last_of_message(*place))
            .count();
        if n_first == 0 || first_waiting + n_first == self.items.len() {
            return;
        }
        for _ in 0..n_first {
            if let Some(mut renewal) = self.items.remove(first_waiting) {
                renewal.position = self.next_position;
                self.next_position = self.next_position.next();
                self.items.push_back(renewal);
            }
        }
    }

    /// Lets the answers for a topic go to the chat itself; returns what was for the topic alone.
    pub(super) fn leave_topic(&mut self, topic: SessionKey) -> VecDeque<QueuedPost> {
        let stays = |item: &QueuedPost| item.key != topic || item.is_new_answer();
        let items = std::mem::take(&mut self.items).into_iter();
        let (mut kept, dropped): (VecDeque<_>, VecDeque<_>) = items.partition(stays);
        let of_topic = kept.iter_mut().filter(|item| item.key == topic);
        of_topic.for_each(QueuedPost::leave_topic);
        self.items = kept;
        dropped
    }

    /// Appends what waited for the chat under its old id.
    pub(super) fn adopt(&mut self, items: VecDeque<QueuedPost>, set_aside: VecDeque<SetAside>) {
        let last = items.back().map(|item| item.position);
        let last = last.max(set_aside.back().map(|post| post.position));
        let behind = self.next_position;
        self.items.extend(items.into_iter().map(|mut item| {
            item.position = item.position.behind(behind);
            item
        }));
        self.set_aside
            .extend(set_aside.into_iter().map(|post| SetAside {
                position: post.position.behind(behind),
                ..post
            }));
        if let Some(last) = last {
            self.next_position = last.behind(behind).next();
        }
    }

    /// Returns whether nothing waits for its turn.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty() && self.set_aside.is_empty()
    }

    /// Returns whether forgetting the queue would change nothing.
    pub(super) fn is_forgettable(&self, now: Time) -> bool {
        let is_at_rest = self.bucket.is_full(now) && now >= self.strict_until;
        let is_empty = self.is_empty() && self.rests_until().is_none();
        is_empty && is_at_rest && !self.is_held(now)
    }
}
