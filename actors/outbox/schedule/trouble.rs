//! Trouble with a chat, and with the bot as a whole.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Schedule, TOKEN_PAUSE};
use crate::clock::Time;
use crate::ids::{ChatId, PostId, SessionKey};
use crate::outbox::chat_queue::{STRICT_TIME, SetAside};
use crate::outbox::journal_note::JournalNote;
use crate::outbox::learned::Learned;
use crate::outbox::log_facts::{DropReason, Fact};
use crate::outbox::pace::{BOT_PACE, chat_pace};
use crate::outbox::parked::ParkedPost;
use crate::outbox::queued_post::{QueuedPost, Told};
use crate::outbox::texts;
use crate::outbox::{Body, ChatMoved, LearnedPace, Post, PostAction, Rank, Repeat, Sound};
use crate::ports::KeptPost;

/// What becomes of an answer for a chat that is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It waits until somebody is heard there.
    Waits,
    Dropped,
}

/// How many topics that are gone are remembered.
const MAX_LOST_TOPICS: usize = 256;

impl Schedule {
    /// Gives a post up; the person is told of an answer that Telegram does not take.
    pub(super) fn drop_item(&mut self, item: &QueuedPost, why: DropReason) {
        let (key, rank) = (item.key, item.rank);
        if let DropReason::Rejected(why) = &why
            && item.is_new_answer()
            && item.refused.is_empty()
        {
            self.say_about((key, item.id), texts::refused(self.say, &item.body, why));
        }
        self.tell_of_files(item, Some(&why.to_string()));
        self.note_settled(item);
        self.facts.push(Fact::Dropped { key, rank, why });
    }

    /// Tells of files whose post is over: the person what was refused, and others how it ended.
    pub(super) fn tell_of_files(&mut self, item: &QueuedPost, lost: Option<&str>) {
        if !item.refused.is_empty() {
            let text = texts::refused_files(self.say, &item.refused);
            self.say_about((item.key, item.id), text);
        }
        self.settled.extend(item.files_settled(lost));
    }

    /// Lets others pass an answer whose fate stays unknown.
    pub(super) fn on_doubtful(
        &mut self,
        (key, id): (SessionKey, PostId),
        (rest, why): (Duration, String),
        told: Told,
        now: Time,
    ) {
        let after = self.chat(key.chat).rest_first(rest, now);
        self.facts.push(Fact::Rests { key, after, why });
        match told {
            Told::NotYet => self.say_about((key, id), self.say.post_unconfirmed()),
            Told::Before => {}
        }
    }

    /// Tells a person what becomes of an answer; what is told is an answer itself, of which nothing
    /// is told in turn.
    fn say_about(&mut self, (key, about): (SessionKey, PostId), text: String) {
        if about.is_about_another() {
            return;
        }
        let action = PostAction::Send {
            id: about.about(),
            body: Body::Plain(text),
            reply_to: None,
            sound: Sound::Ring,
        };
        let rank = Rank::Answer;
        let post = Post { key, action, rank };
        self.notes.push(JournalNote::Keep(post.clone()));
        self.push(post);
    }

    pub(super) fn hold(&mut self, chat: ChatId, after: Duration, now: Time) {
        // What was under way when the chat was told to wait says nothing new.
        if !self.chat(chat).is_held(now) {
            self.learned.on_wait(Some(chat), now);
            self.has_learned = true;
            self.go_at_pace(Some(chat), now);
        }
        self.chat(chat).hold_until(now + after);
        self.drafts.drop_of_chat(chat);
        let strict_until = now + after + STRICT_TIME;
        self.bot_strict_until = self.bot_strict_until.max(strict_until);
        self.facts.push(Fact::ChatHeld { chat, after });
        if let Some(after) = self.flood.on_retry_after(chat, after, now) {
            self.learned.on_wait(None, now);
            self.has_learned = true;
            self.go_at_pace(None, now);
            self.bot_held_until = self.bot_held_until.max(now + after);
            self.facts.push(Fact::BotHeld { after });
        }
    }

    /// Begins with the paces that an earlier run learnt.
    pub(in crate::outbox) fn learn(&mut self, paces: &[LearnedPace], now: Time) {
        self.learned = Learned::of(paces, now);
        for pace in paces {
            self.go_at_pace(pace.chat, now);
        }
    }

    /// Returns the paces that hold, if they have changed.
    pub(super) fn take_learned(&mut self, now: Time) -> Option<Vec<LearnedPace>> {
        let faster = self.learned.step_back(now);
        self.has_learned |= !faster.is_empty();
        for chat in faster {
            self.go_at_pace(chat, now);
        }
        std::mem::take(&mut self.has_learned).then(|| self.learned.all())
    }

    fn go_at_pace(&mut self, chat: Option<ChatId>, now: Time) {
        let usual = chat.map_or(BOT_PACE, chat_pace);
        let pace = self.learned.slowed(chat, usual);
        match chat {
            None => self.bot.set_pace(pace, now),
            Some(chat) => {
                if let Some(queue) = self.chats.get_mut(&chat) {
                    queue.set_pace(pace, now);
                }
            }
        }
    }

    /// Gives up what waits for a chat; what waits for its other topics is tried, for one of them
    /// may be closed alone.
    pub(super) fn on_gone(&mut self, key: SessionKey, why: String) {
        match key.topic {
            None => self.on_chat_gone(key.chat, why),
            Some(_) => {
                let items = self.chat(key.chat).take_topic(key);
                self.give_up(key, &items, &VecDeque::new(), (why, Fate::Waits));
            }
        }
    }

    /// Lets the answers for a topic go to the chat itself where that is a person's own; in a group
    /// the words of one topic never come up in another.
    pub(super) fn on_topic_gone(&mut self, key: SessionKey, why: String) {
        if !key.chat.is_private() || key.topic.is_none() {
            return self.on_gone(key, why);
        }
        if !self.lost_topics.contains(&key) {
            self.lost_topics.truncate(MAX_LOST_TOPICS - 1);
            self.lost_topics.push_front(key);
        }
        let dropped = self.chat(key.chat).leave_topic(key);
        for item in &dropped {
            self.drop_item(item, DropReason::NothingToEdit);
        }
        self.facts.push(Fact::TopicLeft { key, why });
    }

    pub(super) fn on_chat_gone(&mut self, chat: ChatId, why: String) {
        let (items, set_aside) = self.chat(chat).take_all();
        let fate = (why, Fate::Waits);
        self.give_up(SessionKey::of_chat(chat), &items, &set_aside, fate);
    }

    /// Drops what waits for a group that the bot is not to be in.
    pub(super) fn on_chat_left(&mut self, chat: ChatId, why: String) {
        let (items, set_aside) = self.chat(chat).take_all();
        let fate = (why, Fate::Dropped);
        self.give_up(SessionKey::of_chat(chat), &items, &set_aside, fate);
    }

    /// Returns what waited until somebody is heard there, to be read from the journal.
    pub(in crate::outbox) fn on_heard(&mut self, key: SessionKey) -> Vec<ParkedPost> {
        self.parked.take(key)
    }

    /// Takes a post back that waited until somebody was heard.
    pub(in crate::outbox) fn wake(&mut self, kept: KeptPost, repeat: Repeat) {
        self.take_in(QueuedPost::woken(kept, repeat));
    }

    fn give_up(
        &mut self,
        key: SessionKey,
        items: &VecDeque<QueuedPost>,
        set_aside: &VecDeque<SetAside>,
        (why, fate): (String, Fate),
    ) {
        let files = items
            .iter()
            .filter_map(|item| item.files_settled(Some(&why)));
        self.settled.extend(files);
        for item in items {
            let Some(id) = item.kept_as() else { continue };
            let can_wait = item.is_new_answer() && item.files_settled(None).is_none();
            let repeat = item.repeat();
            let waits = can_wait && fate == Fate::Waits;
            self.give_up_kept(key, ParkedPost { id, repeat }, waits);
        }
        for post in set_aside {
            let (id, repeat) = (post.id, Repeat::No);
            self.give_up_kept(key, ParkedPost { id, repeat }, fate == Fate::Waits);
        }
        let answers = items.iter().filter(|i| i.rank == Rank::Answer).count();
        let notices = items.len() - answers;
        let answers = answers + set_aside.len();
        self.facts.push(Fact::ChatGone {
            key,
            answers,
            notices,
            why,
        });
    }

    /// Lets what the journal keeps wait there until somebody is heard, or forgets it.
    fn give_up_kept(&mut self, key: SessionKey, post: ParkedPost, waits: bool) {
        let forgotten = match waits {
            true => self.parked.park(key, post),
            false => Some(post.id),
        };
        self.notes.extend(forgotten.map(JournalNote::Settle));
    }

    pub(super) fn on_migrated(&mut self, from: ChatId, to: ChatId) {
        let (mut items, set_aside) = self.chat(from).take_all();
        for item in &mut items {
            item.move_to(to);
        }
        self.moved.insert(from, to);
        self.parked.follow(from, to);
        self.chat(to).adopt(items, set_aside);
        self.moves.push(ChatMoved { from, to });
        self.facts.push(Fact::Migrated { from, to });
    }

    pub(super) fn on_token_refused(&mut self, now: Time) {
        if self.bot_held_until < now + TOKEN_PAUSE {
            self.bot_held_until = now + TOKEN_PAUSE;
            self.facts.push(Fact::TokenRefused {
                retry_after: TOKEN_PAUSE,
            });
        }
    }
}
