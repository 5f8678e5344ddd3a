//! When a sign leaves, and what its outcome means.

use super::Schedule;
use crate::clock::Time;
use crate::ids::ChatId;
use crate::outbox::flights::{Departure, Flight};
use crate::outbox::log_facts::Fact;
use crate::outbox::{Delivered, Perform, PostError, Sign};

impl Schedule {
    pub(super) fn depart_signs(&mut self, now: Time, departures: &mut Vec<Departure>) {
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
