//! Decides which call may leave now and what its outcome means.

mod drafts;
mod journal_notes;
mod next;
mod signs;
mod trouble;

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::time::Duration;

use bridge_texts::{Language, Say};

use next::Next;

use super::chat_queue::{ChatQueue, Pushed};
use super::deletions::Deletions;
use super::drafts::Drafts;
use super::flights::{Departure, Flight, Flights, Ticket};
use super::flood::Flood;
use super::journal_note::JournalNote;
use super::learned::Learned;
use super::log_facts::{DropReason, Fact};
use super::moved_chats::MovedChats;
use super::pace::{BOT_PACE, Bucket, chat_pace};
use super::parked::Parked;
use super::position::Position;
use super::posted_messages::PostedMessages;
use super::queued_post::{Call, QueuedPost, Verdict};
use super::signs::Signs;
use super::{ChatMoved, Delivered, DraftRefused, FilesSettled, Post, PostAction, PostError};
use crate::clock::Time;
use crate::ids::{ChatId, SessionKey};
use crate::ports::KeptPost;

/// How long everything waits after Telegram refused the token.
pub(super) const TOKEN_PAUSE: Duration = Duration::from_secs(60);

/// The posts of all chats and everything that says when they may leave.
///
/// Never more than one queued post of a chat is in flight, so posts arrive in their order. A
/// post leaves the schedule when it is done, or with a [`Fact`] that says why not.
#[derive(Debug)]
pub(super) struct Schedule {
    say: Say,
    chats: BTreeMap<ChatId, ChatQueue>,
    signs: Signs,
    deletions: Deletions,
    drafts: Drafts,
    posted: PostedMessages,
    moved: MovedChats,
    moves: Vec<ChatMoved>,
    /// Topics of private chats that are gone; the oldest are forgotten, and learnt again.
    lost_topics: VecDeque<SessionKey>,
    parked: Parked,
    learned: Learned,
    has_learned: bool,
    flood: Flood,
    bot: Bucket,
    bot_signs: Bucket,
    bot_held_until: Time,
    /// Until then every post is charged to the bot's pace.
    bot_strict_until: Time,
    flights: Flights,
    /// The chat that was served last: the others come first.
    served: ChatId,
    facts: Vec<Fact>,
    news: Vec<super::Posted>,
    refused: Vec<DraftRefused>,
    settled: Vec<FilesSettled>,
    notes: Vec<JournalNote>,
}

impl Schedule {
    /// Returns the schedule of an outbox that speaks in a language.
    pub(super) fn new(language: Language) -> Self {
        Self {
            say: language.say(),
            chats: BTreeMap::new(),
            signs: Signs::default(),
            deletions: Deletions::default(),
            drafts: Drafts::default(),
            posted: PostedMessages::default(),
            moved: MovedChats::default(),
            moves: Vec::new(),
            lost_topics: VecDeque::new(),
            parked: Parked::default(),
            learned: Learned::default(),
            has_learned: false,
            flood: Flood::default(),
            bot: Bucket::full(BOT_PACE),
            bot_signs: Bucket::full(BOT_PACE),
            bot_held_until: Time::ZERO,
            bot_strict_until: Time::ZERO,
            flights: Flights::default(),
            served: ChatId(i64::MIN),
            facts: Vec::new(),
            news: Vec::new(),
            refused: Vec::new(),
            settled: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Takes a post in that an earlier run of the bridge kept.
    pub(super) fn restore(&mut self, kept: KeptPost) {
        self.take_in(QueuedPost::restored(kept));
    }

    /// Takes a post in.
    pub(super) fn push(&mut self, post: Post) {
        if let PostAction::EditMessage { id, message, .. } = &post.action {
            self.posted.insert(*id, post.key.chat, *message);
        }
        self.take_in(QueuedPost::new(post));
    }

    /// Takes a post back that lay in the journal alone.
    pub(super) fn take_back(&mut self, kept: KeptPost, position: Position) {
        let mut item = QueuedPost::restored(kept);
        let chat = self.place(&mut item);
        self.chat(chat).take_back(item, position);
    }

    fn take_in(&mut self, mut item: QueuedPost) {
        // A message takes the place of the draft that it was.
        if !item.is_edit() {
            self.drafts.drop_of(item.key);
        }
        let chat = self.place(&mut item);
        let id = item.id;
        match self.chat(chat).push(item) {
            Pushed::Waits => self.note_new_edit(chat, id),
            Pushed::Replaced { place, forgotten } => self.note_replaced(chat, place, forgotten),
            Pushed::SetAside => {}
            Pushed::OfSetAside(id, body) => self.notes.push(JournalNote::Change(id, body)),
            Pushed::Dropped(dropped) => self.drop_item(&dropped, DropReason::QueueFull),
        }
    }

    /// Returns the chat of a post, as it is now.
    fn place(&self, item: &mut QueuedPost) -> ChatId {
        if let Some(chat) = self.moved.new_id(item.key.chat) {
            item.move_to(chat);
        }
        if item.is_new_answer() && self.lost_topics.contains(&item.key) {
            item.leave_topic();
        }
        item.key.chat
    }

    /// Returns what may leave now and when to ask again.
    pub(super) fn next(&mut self, now: Time) -> Next {
        let mut next = Next::default();
        for queue in self.chats.values_mut() {
            queue.wake_rested(now);
            queue.let_others_pass_renewals();
        }
        if now < self.bot_held_until {
            // After the wait nobody looks at them any more.
            self.signs.clear();
            self.drafts.clear();
        } else {
            self.depart_signs(now, &mut next.departures);
            self.depart_drafts(now, &mut next.departures);
            while self.depart_posts(now, &mut next.departures) {}
            // An edit with nothing to edit may have been all that a draft waited for.
            self.depart_drafts(now, &mut next.departures);
        }
        let recalled = self.chats.values_mut().flat_map(ChatQueue::recall);
        next.recalled = recalled.collect();
        self.chats.retain(|_, queue| !queue.is_forgettable(now));
        next.wake_at = self.wake_at(now);
        next.facts = std::mem::take(&mut self.facts);
        next.posted = std::mem::take(&mut self.news);
        next.refused = std::mem::take(&mut self.refused);
        next.moved = std::mem::take(&mut self.moves);
        next.learned = self.take_learned(now);
        next.settled = std::mem::take(&mut self.settled);
        next.notes = self.take_notes();
        next
    }

    /// Takes in what became of a call; an unknown ticket is ignored.
    pub(super) fn on_outcome(
        &mut self,
        ticket: Ticket,
        result: Result<Delivered, PostError>,
        now: Time,
    ) {
        match self.flights.land(ticket) {
            Some(Flight::Sign(chat)) => self.on_sign_outcome(chat, result, now),
            Some(Flight::Deletion(it)) => self.on_deletion_outcome(it, result, now),
            Some(Flight::Draft(key, id)) => self.on_draft_outcome((key, id), result, now),
            Some(Flight::Probe(chat)) => {
                self.on_call_outcome(chat, now, |_, item| item.on_probe(result, now));
            }
            Some(Flight::Post(chat)) => {
                let mut news = None;
                self.on_call_outcome(chat, now, |posted, item| {
                    if let Ok(Delivered {
                        message: Some(message),
                        parts,
                        ..
                    }) = result
                        && item.names_post(parts)
                    {
                        posted.insert(item.id, chat, message);
                        news = item.body.has_buttons().then_some(super::Posted {
                            id: item.id,
                            key: item.key,
                            message,
                        });
                    }
                    item.on_outcome(result, now)
                });
                self.news.extend(news);
            }
            None => {}
        }
    }

    /// Returns whether no post waits for its turn and none is in flight.
    pub(super) fn is_idle(&self) -> bool {
        self.chats.values().all(ChatQueue::is_empty)
    }

    fn chat(&mut self, chat: ChatId) -> &mut ChatQueue {
        let pace = self.learned.slowed(Some(chat), chat_pace(chat));
        let queue = self.chats.entry(chat);
        queue.or_insert_with(|| ChatQueue::new(chat, pace))
    }

    /// Lets every chat that may send one post; false when there was none.
    fn depart_posts(&mut self, now: Time, departures: &mut Vec<Departure>) -> bool {
        let after = (Bound::Excluded(self.served), Bound::Unbounded);
        let ready: Vec<ChatId> = (self.chats.range(after))
            .chain(self.chats.range(..=self.served))
            .filter(|(chat, _)| !self.drafts.is_flying(**chat))
            .filter(|(_, queue)| queue.ready_at().is_some_and(|at| at <= now))
            .map(|(chat, _)| *chat)
            .collect();
        let mut any_moved = false;
        for chat in ready {
            if self.bot.ready_at() > now && !self.is_exempt(chat, now) {
                continue;
            }
            self.served = chat;
            any_moved = true;
            departures.extend(self.depart_post(chat, now));
        }
        any_moved
    }

    /// Lets the chat's first post leave; drops it when there is nothing to do.
    fn depart_post(&mut self, chat: ChatId, now: Time) -> Option<Departure> {
        let queue = self.chats.get_mut(&chat)?;
        let item = queue.first()?;
        let message = item.edited_message();
        let message = message.or_else(|| self.posted.find(item.id, chat));
        let (flight, call, first) = match item.call(message) {
            Some(Call::Post(call)) => (Flight::Post(chat), call, item.first_note()),
            Some(Call::Probe(call)) => (Flight::Probe(chat), call, None),
            None => {
                let dropped = queue.remove_first();
                if let Some(dropped) = dropped {
                    self.drop_item(&dropped, DropReason::NothingToEdit);
                }
                return None;
            }
        };
        let is_exempt = self.is_exempt(chat, now);
        if !is_exempt {
            self.bot.take(now);
        }
        self.chat(chat).depart(now);
        Some(self.flights.depart(flight, call, first))
    }

    /// Tells whether the chat's first post is not charged to the bot's pace: it answers a message
    /// of a person, and Telegram has not asked for patience lately.
    fn is_exempt(&self, chat: ChatId, now: Time) -> bool {
        let queue = self.chats.get(&chat);
        now >= self.bot_strict_until && queue.is_some_and(|queue| queue.is_first_free(now))
    }

    fn wake_at(&self, now: Time) -> Option<Time> {
        let is_free = |chat: &ChatId| !self.drafts.is_flying(*chat);
        let queues = self.chats.iter().filter(|(chat, _)| is_free(chat));
        let posts = queues.filter_map(|(chat, queue)| {
            let at = queue.ready_at()?.max(now);
            Some(if self.is_exempt(*chat, at) {
                at
            } else {
                at.max(self.bot.ready_at())
            })
        });
        let rested = self.chats.values().filter_map(ChatQueue::rests_until);
        let posts = posts.chain(rested).min();
        let signs = self.signs_wake_at(now);
        let drafts = self.drafts_wake_at(now);
        let earliest = (posts.into_iter().chain(signs).chain(drafts)).min()?;
        Some(earliest.max(self.bot_held_until))
    }

    fn on_call_outcome(
        &mut self,
        chat: ChatId,
        now: Time,
        judge: impl FnOnce(&mut PostedMessages, &mut QueuedPost) -> Verdict,
    ) {
        let Some(queue) = self.chats.get_mut(&chat) else {
            return;
        };
        queue.arrive();
        let Some(item) = queue.first() else {
            return;
        };
        let verdict = judge(&mut self.posted, item);
        self.apply(chat, verdict, now);
    }

    fn apply(&mut self, chat: ChatId, verdict: Verdict, now: Time) {
        let queue = self.chat(chat);
        let Some(item) = queue.first() else {
            return;
        };
        let (key, id, attempt) = (item.key, item.id, item.failures());
        match verdict {
            Verdict::Done => {
                if let Some(done) = queue.remove_first() {
                    self.note_posted(chat, done.id);
                    self.tell_of_files(&done, None);
                    self.note_settled(&done);
                }
            }
            Verdict::Left => {
                queue.remove_first();
                if !queue.is_empty() {
                    self.on_chat_left(chat, "the bot has left it".to_owned());
                }
            }
            Verdict::GoOn => {}
            Verdict::SentAnew => self.note_changed(chat, 0),
            Verdict::GoOnPlain(why) => self.facts.push(Fact::SentPlain { key, why }),
            Verdict::GoOnOtherwise(why) => {
                self.note_first_changed(chat);
                self.facts.push(Fact::SentOtherwise { key, why });
            }
            Verdict::RetryIn(after, why) => {
                item.not_before = now + after;
                self.skip_obsolete_edit(chat);
                self.facts.push(Fact::Retrying {
                    key,
                    attempt,
                    after,
                    why,
                });
            }
            Verdict::Drop(why) => {
                if let Some(dropped) = queue.remove_first() {
                    self.drop_item(&dropped, why);
                }
            }
            Verdict::Rest { after, why, told } => {
                self.on_doubtful((key, id), (after, why), told, now);
            }
            Verdict::Hold(after) => {
                self.skip_obsolete_edit(chat);
                self.hold(chat, after, now);
            }
            Verdict::ChatGone(why) => self.on_gone(key, why),
            Verdict::TopicGone(why) => self.on_topic_gone(key, why),
            Verdict::Migrated(to) => self.on_migrated(chat, to),
            Verdict::TokenRefused => {
                self.skip_obsolete_edit(chat);
                self.on_token_refused(now);
            }
        }
    }
}

#[cfg(test)]
mod tests;
