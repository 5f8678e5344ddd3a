//! Pure: what the router has to do for the registry.

use bridge_texts::Say;

use super::SetMenu;
use super::texts;
use crate::ids::{CallbackId, ChatId, MessageId, PostId, SessionKey, UserId};
use crate::outbox::{Body, Post, PostAction, PostIds, Rank, Sign, Sound};
use crate::session::Revoke;
use crate::session_supervisor::{EndChat, MoveChat};
use crate::user_registry::{Erasure, Order, RequestPlace};

use super::{Inbound, InboundContent};

/// One thing to do for the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OrderEffect {
    Post(Post),
    Sign(Sign),
    Revoke(Revoke),
    SetMenu(SetMenu),
    MoveChat(MoveChat),
    EndChat(EndChat),
    LockDown,
    Erase(Erasure),
    /// It is told here when it fails.
    Unlock(Option<SessionKey>),
}

/// What an order may answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Occasion {
    key: SessionKey,
    message: Option<MessageId>,
    press: Option<CallbackId>,
}

impl Occasion {
    /// Returns the occasion that an update is.
    pub(super) fn of(inbound: &Inbound) -> Self {
        let (message, press) = match &inbound.content {
            InboundContent::Text { message, .. }
            | InboundContent::Edited { message, .. }
            | InboundContent::Unsupported { message, .. } => (Some(*message), None),
            InboundContent::Button { callback, .. } => (None, Some(callback.clone())),
            InboundContent::DraftStopped { .. }
            | InboundContent::Reaction { .. }
            | InboundContent::Joined
            | InboundContent::Left
            | InboundContent::Moved { .. } => (None, None),
        };
        Self {
            key: inbound.key,
            message,
            press,
        }
    }
}

/// Returns what there is to do for an order; `occasion` is what it answers, if it answers.
pub(super) fn effects_of(
    order: Order,
    occasion: Option<&Occasion>,
    (ids, say): (&PostIds, Say),
) -> Vec<OrderEffect> {
    match order {
        Order::Answer(notice) => {
            let send = |occasion: &Occasion| {
                let action = send(ids.next(), texts::notice(say, &notice), occasion.message);
                post(occasion.key, action, Rank::Answer)
            };
            occasion.map(send).into_iter().collect()
        }
        Order::AnswerPress(toast) => {
            let callback = occasion.and_then(|occasion| occasion.press.clone());
            let answer = |callback| {
                OrderEffect::Sign(Sign::AnswerCallback {
                    callback,
                    text: texts::toast(say, toast),
                })
            };
            callback.map(answer).into_iter().collect()
        }
        Order::Tell(..)
        | Order::Ask { .. }
        | Order::Close { .. }
        | Order::TurnPage { .. }
        | Order::TellGroup(..)
        | Order::ShowErasure(..) => unasked_post(order, ids, say).into_iter().collect(),
        Order::LeaveGroup(chat) => vec![
            OrderEffect::EndChat(EndChat(chat)),
            post(SessionKey::of_chat(chat), PostAction::Leave, Rank::Notice),
        ],
        Order::Revoke(revoke) => vec![OrderEffect::Revoke(revoke)],
        Order::SetMenu(user, role) => vec![OrderEffect::SetMenu(SetMenu { user, role })],
        Order::EndGroup(chat) => vec![OrderEffect::EndChat(EndChat(chat))],
        Order::LockDown => vec![OrderEffect::LockDown],
        Order::Erase(erasure) => vec![OrderEffect::Erase(erasure)],
        Order::Unlock => vec![OrderEffect::Unlock(occasion.map(|it| it.key))],
        Order::MoveGroup { from, to } => vec![OrderEffect::MoveChat(MoveChat { from, to })],
    }
}

/// Returns the post of an order that answers nothing.
fn unasked_post(order: Order, ids: &PostIds, say: Say) -> Option<OrderEffect> {
    match order {
        Order::Tell(user, news) => {
            let body = Body::Plain(texts::news(say, news));
            Some(post(
                private(user),
                send(ids.next(), body, None),
                Rank::Answer,
            ))
        }
        Order::Ask {
            admin,
            post: id,
            who,
            nonce,
        } => {
            let action = send(id, texts::card(say, &who, &nonce), None);
            Some(post(private(admin), action, Rank::Answer))
        }
        Order::Close { card, who, verdict } => {
            let body = texts::closed_card(say, &who, verdict);
            let (chat, action) = match card {
                RequestPlace::Post(chat, id) => (chat, PostAction::Edit { id, body }),
                RequestPlace::Message(chat, message) => (chat, edit(ids.next(), message, body)),
            };
            Some(post(SessionKey::of_chat(chat), action, Rank::Answer))
        }
        Order::TurnPage {
            chat,
            message,
            page,
        } => {
            let action = edit(ids.next(), message, texts::page(say, &page));
            Some(post(SessionKey::of_chat(chat), action, Rank::Notice))
        }
        Order::TellGroup(chat, news) => {
            let body = Body::Plain(texts::group_news(say, news));
            let action = send(ids.next(), body, None);
            Some(post(SessionKey::of_chat(chat), action, Rank::Notice))
        }
        Order::ShowErasure((chat, message), state) => {
            let body = Body::Plain(texts::erasure(say, state));
            let action = edit(ids.next(), message, body);
            Some(post(SessionKey::of_chat(chat), action, Rank::Answer))
        }
        Order::Answer(_)
        | Order::AnswerPress(_)
        | Order::Revoke(_)
        | Order::SetMenu(..)
        | Order::LeaveGroup(_)
        | Order::EndGroup(_)
        | Order::LockDown
        | Order::Erase(_)
        | Order::Unlock
        | Order::MoveGroup { .. } => None,
    }
}

fn private(user: UserId) -> SessionKey {
    SessionKey::of_chat(ChatId(user.0))
}

fn post(key: SessionKey, action: PostAction, rank: Rank) -> OrderEffect {
    OrderEffect::Post(Post { key, action, rank })
}

fn send(id: PostId, body: Body, reply_to: Option<MessageId>) -> PostAction {
    PostAction::Send {
        id,
        body,
        reply_to,
        sound: Sound::Ring,
    }
}

fn edit(id: PostId, message: MessageId, body: Body) -> PostAction {
    PostAction::EditMessage { id, message, body }
}

#[cfg(test)]
mod tests;
