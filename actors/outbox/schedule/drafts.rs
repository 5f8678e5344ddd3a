//! When a draft may leave, and what its outcome means.

use super::Schedule;
use crate::clock::Time;
use crate::ids::{ChatId, DraftId, SessionKey};
use crate::outbox::flights::{Departure, Flight};
use crate::outbox::log_facts::Fact;
use crate::outbox::{Delivered, Draft, DraftRefused, Perform, PostError, Sign};

impl Schedule {
    /// Takes a draft in, or drops it when its chat is to be quiet.
    pub(super) fn take_draft(&mut self, draft: Draft, now: Time) {
        let queue = self.chats.get(&draft.key.chat);
        if !queue.is_some_and(|queue| queue.is_held(now)) {
            self.drafts.push(draft);
        }
    }

    pub(super) fn depart_drafts(&mut self, now: Time, departures: &mut Vec<Departure>) {
        let waiting: Vec<SessionKey> = self.drafts.waiting().collect();
        for key in waiting {
            let is_ready = self.draft_ready_at(key.chat).is_some_and(|at| at <= now);
            if is_ready && let Some(draft) = self.drafts.depart(key) {
                self.bot_signs.take(now);
                self.chat(key.chat).charge(now);
                let flight = Flight::Draft(key, draft.id);
                let call = Perform::Sign(Sign::Draft(draft));
                departures.push(self.flights.depart(flight, call, None));
            }
        }
    }

    /// Returns when a draft of a chat may leave; `None` while a call to the chat is awaited.
    ///
    /// It is charged to the chat as a post is, and leaves room for one: it costs no post its turn.
    fn draft_ready_at(&self, chat: ChatId) -> Option<Time> {
        if self.drafts.is_flying(chat) {
            return None;
        }
        let of_bot = self.bot_signs.spare_at(1);
        match self.chats.get(&chat) {
            None => Some(of_bot),
            Some(queue) if queue.is_empty() => Some(queue.spare_at().max(of_bot)),
            Some(_) => None,
        }
    }

    /// Returns when the first draft may leave.
    pub(super) fn drafts_wake_at(&self, now: Time) -> Option<Time> {
        let waiting = self.drafts.waiting();
        let ready = waiting.filter_map(|key| self.draft_ready_at(key.chat));
        ready.min().map(|at| at.max(now))
    }

    pub(super) fn on_draft_outcome(
        &mut self,
        (key, id): (SessionKey, DraftId),
        result: Result<Delivered, PostError>,
        now: Time,
    ) {
        self.drafts.land(key.chat);
        match result {
            // A method that is not known sounds like a token that is not: a post will tell.
            Err(
                error @ (PostError::Rejected(_)
                | PostError::TooLong(_)
                | PostError::MarkupRefused(_)
                | PostError::MessageGone(_)
                | PostError::TokenRefused),
            ) => {
                let why = error.to_string();
                self.drafts.drop_of(key);
                self.refused.push(DraftRefused { key, id });
                self.facts.push(Fact::DraftRefused { key, why });
            }
            // The next one shows all that this one would have shown.
            Ok(_)
            | Err(
                PostError::RetryAfter { .. }
                | PostError::NotDelivered(_)
                | PostError::FateUnknown(_)
                | PostError::ChatGone(_)
                | PostError::TopicGone(_)
                | PostError::Migrated { .. },
            ) => self.on_sign_outcome(Some(key.chat), result, now),
        }
    }
}
