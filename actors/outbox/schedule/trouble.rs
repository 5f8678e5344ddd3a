//! Trouble with a chat, and with the bot as a whole.

use std::time::Duration;

use super::{Schedule, TOKEN_PAUSE};
use crate::clock::Time;
use crate::ids::ChatId;
use crate::outbox::Rank;
use crate::outbox::chat_queue::STRICT_TIME;
use crate::outbox::fact::Fact;
use crate::outbox::item::Item;

impl Schedule {
    pub(super) fn hold(&mut self, chat: ChatId, after: Duration, now: Time) {
        self.chat(chat).hold_until(now + after);
        self.drafts.drop_of_chat(chat);
        self.bot_strict_until = now + after + STRICT_TIME;
        self.facts.push(Fact::ChatHeld { chat, after });
        if let Some(after) = self.flood.on_retry_after(chat, after, now) {
            self.bot_held_until = self.bot_held_until.max(now + after);
            self.facts.push(Fact::BotHeld { after });
        }
    }

    pub(super) fn on_chat_gone(&mut self, chat: ChatId, why: String) {
        let items = self.chat(chat).take_all();
        self.settled.extend(items.iter().filter_map(Item::kept_as));
        let answers = items.iter().filter(|i| i.rank == Rank::Answer).count();
        self.facts.push(Fact::ChatGone {
            chat,
            answers,
            notices: items.len() - answers,
            why,
        });
    }

    pub(super) fn on_migrated(&mut self, from: ChatId, to: ChatId) {
        let mut items = self.chat(from).take_all();
        for item in &mut items {
            item.move_to(to);
        }
        self.moved.insert(from, to);
        self.chat(to).adopt(items);
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
