//! Wishes to be let in: what is put to the administrators, and where it stands.

use std::collections::HashMap;

use super::super::buttons::JoinAnswer;
use super::super::manage::stranger;
use super::super::{Face, JoinVerdict, News, Notice, Order, Refusal, RequestPlace, Ruling, Toast};
use super::entrance::with_names;
use super::{Decision, Known, Moment, Users, Write};
use crate::audit::AuditAction;
use crate::ids::{ChatId, MessageId, NewNames, PostId, UserId};
use crate::outbox::Posted;
use crate::ports::{Admitter, JoinRequest, RequestMessage, Standing, UserRecord};
use crate::user_registry::Person;

/// How many may wait to be let in: a crowd must not bury the administrators.
pub(in super::super) const MAX_WAITING: usize = 30;

/// The requests of this run that are not known as messages yet; at most one per waiting person
/// and administrator.
#[derive(Debug, Default)]
pub(super) struct Requests {
    posts: HashMap<PostId, (UserId, ChatId)>,
}

impl Users {
    pub(super) fn ask_to_join(
        &mut self,
        person: &Person,
        record: Option<&UserRecord>,
        moment: Moment,
        names: &NewNames<'_>,
    ) -> Decision {
        let user = person.user;
        if self.census.waiting >= MAX_WAITING {
            return self.refuse(user, Refusal::CrowdedOut, moment);
        }
        let admins = self.admins();
        if admins.is_empty() {
            return self.refuse(user, Refusal::Stranger, moment);
        }
        let nonce = (names.nonce)();
        let known = record.cloned();
        let known = known.unwrap_or_else(|| stranger(user, moment.unix));
        let waiting = UserRecord {
            standing: Standing::Waiting(JoinRequest {
                nonce: nonce.clone(),
                messages: Vec::new(),
            }),
            ..with_names(known, person, moment)
        };
        let mut orders = vec![Order::Answer(Notice::Asked(user))];
        // Left over from a wish that could not be stored, and so was never put to anybody.
        (self.requests.posts).retain(|_, (who, _)| *who != user);
        for admin in admins {
            let post = (names.post)();
            self.requests.posts.insert(post, (user, ChatId(admin.0)));
            orders.push(Order::Ask {
                admin,
                post,
                who: Face::of(&waiting),
                nonce: nonce.clone(),
            });
        }
        let mut decision = Decision::ruled(Ruling::settled(orders));
        decision.writes = vec![Write::User(waiting)];
        decision.audit = vec![moment.done(user, (AuditAction::AskToJoin, None))];
        decision
    }

    /// Returns whose request was posted, if it was one.
    pub(in super::super) fn requester_of(&self, posted: &Posted) -> Option<UserId> {
        let (user, chat) = self.requests.posts.get(&posted.id)?;
        (*chat == posted.key.chat).then_some(*user)
    }

    /// Takes in that a request became a message, so that it can be closed after a restart.
    pub(in super::super) fn on_posted(&mut self, posted: &Posted, known: &Known) -> Option<Write> {
        let (user, _) = self.requests.posts.remove(&posted.id)?;
        let mut record = known.record(user)?.clone();
        let Standing::Waiting(request) = &mut record.standing else {
            return None;
        };
        request.messages.push(RequestMessage {
            chat: posted.key.chat,
            message: posted.message,
        });
        Some(Write::Note(record))
    }

    /// Forgets the posts of somebody who does not wait, once the store has it: a decision that
    /// could not be stored is taken again, and then they are to be closed.
    pub(super) fn settle_requests(&mut self, record: &UserRecord) {
        if !matches!(record.standing, Standing::Waiting(_)) {
            (self.requests.posts).retain(|_, (user, _)| *user != record.user);
        }
    }

    /// Returns the orders that turn every card of a request into what came of it.
    pub(super) fn close_cards(
        &self,
        who: &UserRecord,
        request: &JoinRequest,
        verdict: JoinVerdict,
    ) -> Vec<Order> {
        let posted =
            (request.messages.iter()).map(|shown| RequestPlace::Message(shown.chat, shown.message));
        let mut places: Vec<_> = posted.collect();
        let mut posts: Vec<_> = (self.requests.posts.iter())
            .filter(|(_, (user, _))| *user == who.user)
            .map(|(post, (_, chat))| (*post, *chat))
            .collect();
        posts.sort_unstable();
        places.extend((posts.into_iter()).map(|(post, chat)| RequestPlace::Post(chat, post)));
        let close = |card| Order::Close {
            card,
            who: Face::of(who),
            verdict,
        };
        places.into_iter().map(close).collect()
    }
}

/// Answers a press of a card that is decided already, and makes the card say so.
///
/// The bridge may have died when the decision was stored and before the person was told: then the
/// same press comes again, and they are told.
pub(super) fn close_old_card(
    (by, answer): (UserId, JoinAnswer),
    record: &UserRecord,
    pressed: Option<(ChatId, MessageId)>,
) -> Decision {
    let verdict = match (&record.standing, record.admitted_by) {
        (Standing::Active, Some(Admitter::Admin(by))) => JoinVerdict::Approved(by),
        (Standing::Active, Some(Admitter::Host) | None)
        | (
            Standing::Waiting(_) | Standing::Declined | Standing::Deactivated | Standing::Removed,
            _,
        ) => JoinVerdict::Overtaken,
    };
    let mut orders = vec![Order::AnswerPress(Toast::OutOfUse)];
    orders.extend(pressed.map(|(chat, message)| Order::Close {
        card: RequestPlace::Message(chat, message),
        who: Face::of(record),
        verdict,
    }));
    orders.extend(match (answer, &record.standing, verdict) {
        (JoinAnswer::Approve, _, JoinVerdict::Approved(admin)) if admin == by => {
            Some(Order::Tell(record.user, News::LetIn))
        }
        (JoinAnswer::Deny, Standing::Declined, _) => Some(Order::Tell(record.user, News::NotLetIn)),
        (JoinAnswer::Approve | JoinAnswer::Deny, _, _) => None,
    });
    Decision::orders(orders)
}
