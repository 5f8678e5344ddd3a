//! When a sign leaves, and what its outcome means.

use super::Schedule;
use crate::clock::Time;
use crate::ids::ChatId;
use crate::outbox::deletions::Deletion;
use crate::outbox::flights::{Departure, Flight};
use crate::outbox::log_facts::Fact;
use crate::outbox::{Delivered, Perform, PostError, Sign};

impl Schedule {
    /// Takes a sign in, or drops it when it would come too often or into a quiet chat.
    pub(in crate::outbox) fn sign(&mut self, sign: Sign, now: Time) {
        match sign {
            Sign::Draft(draft) => self.take_draft(draft, now),
            Sign::Delete { chat, message } => self.deletions.push(chat, message, now),
            Sign::Typing { mut key } => {
                key.chat = self.moved.new_id(key.chat).unwrap_or(key.chat);
                if !self.chats.get(&key.chat).is_some_and(|c| c.is_held(now)) {
                    self.signs.push(Sign::Typing { key }, now);
                }
            }
            sign @ (Sign::React { .. } | Sign::AnswerCallback { .. }) => self.signs.push(sign, now),
        }
    }

    pub(super) fn depart_signs(&mut self, now: Time, departures: &mut Vec<Departure>) {
        while self.bot_signs.ready_at() <= now
            && let Some(deletion) = self.deletions.pop(now)
        {
            self.bot_signs.take(now);
            let call = Perform::Sign(Sign::Delete {
                chat: deletion.chat,
                message: deletion.message,
            });
            departures.push(self.flights.depart(Flight::Deletion(deletion), call, None));
        }
        while self.bot_signs.ready_at() <= now
            && let Some(sign) = self.signs.pop()
        {
            self.bot_signs.take(now);
            let chat = match &sign {
                Sign::Typing { key } => Some(key.chat),
                Sign::React { chat, .. } | Sign::Delete { chat, .. } => Some(*chat),
                Sign::Draft(draft) => Some(draft.key.chat),
                Sign::AnswerCallback { .. } => None,
            };
            let call = Perform::Sign(sign);
            departures.push(self.flights.depart(Flight::Sign(chat), call, None));
        }
    }

    /// Returns when a sign may leave.
    pub(super) fn signs_wake_at(&self, now: Time) -> Option<Time> {
        let sign = (!self.signs.is_empty()).then_some(now);
        let earliest = sign.into_iter().chain(self.deletions.ready_at()).min()?;
        Some(earliest.max(self.bot_signs.ready_at()).max(now))
    }

    /// A deletion that Telegram has not seen, or not yet taken, is tried again; one that it refuses
    /// would be refused again.
    pub(super) fn on_deletion_outcome(
        &mut self,
        deletion: Deletion,
        result: Result<Delivered, PostError>,
        now: Time,
    ) {
        let goes_again = match &result {
            Err(PostError::NotDelivered(_) | PostError::FateUnknown(_)) => {
                self.deletions.again(deletion, None, now)
            }
            Err(PostError::RetryAfter { after }) => {
                self.deletions.again(deletion, Some(*after), now);
                // The wait is the whole chat's.
                false
            }
            Ok(_)
            | Err(
                PostError::TokenRefused
                | PostError::ChatGone(_)
                | PostError::TopicGone(_)
                | PostError::MessageGone(_)
                | PostError::Migrated { .. }
                | PostError::TooLong(_)
                | PostError::MarkupRefused(_)
                | PostError::Rejected(_),
            ) => false,
        };
        if !goes_again {
            self.on_sign_outcome(Some(deletion.chat), result, now);
        }
    }

    pub(super) fn on_sign_outcome(
        &mut self,
        chat: Option<ChatId>,
        result: Result<Delivered, PostError>,
        now: Time,
    ) {
        let Err(error) = result else {
            return;
        };
        match error {
            PostError::TokenRefused => self.on_token_refused(now),
            PostError::RetryAfter { after } if let Some(chat) = chat => self.hold(chat, after, now),
            // Nobody misses a sign; what the error says of the chat comes again with a post.
            PostError::RetryAfter { .. }
            | PostError::NotDelivered(_)
            | PostError::FateUnknown(_)
            | PostError::ChatGone(_)
            | PostError::TopicGone(_)
            | PostError::MessageGone(_)
            | PostError::Migrated { .. }
            | PostError::TooLong(_)
            | PostError::MarkupRefused(_)
            | PostError::Rejected(_) => self.facts.push(Fact::SignFailed {
                why: error.to_string(),
            }),
        }
    }
}
