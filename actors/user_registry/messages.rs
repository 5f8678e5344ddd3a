//! What the user registry can be asked.

use actix::prelude::*;

use crate::ids::{ChatId, UserId};
use crate::router::{ChatKind, Sender};

/// May these come in? Asked by the router, one answer per arrival in the same order.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "Vec<Access>")]
pub struct Authorise(pub Vec<Arrival>);

/// Someone at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Where they came from.
    pub chat: ChatId,
    /// What kind of chat that is.
    pub chat_kind: ChatKind,
    /// Who they are.
    pub sender: Sender,
    /// The code, when the message was `/start CODE`.
    pub start_code: Option<String>,
}

/// The registry's answer about one arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Come in.
    Granted,
    /// Come in: this arrival has just claimed the bridge.
    Claimed,
    /// Stay out; say why, or keep silent when it was said lately.
    Refused(Option<Refusal>),
}

/// Why somebody is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The bridge belongs to somebody else.
    Stranger,
    /// The bridge belongs to nobody yet; the printed code is needed.
    Unclaimed,
    /// The code is wrong.
    WrongCode,
    /// Too many wrong codes; a restart of the bridge prints a new one.
    Locked,
    /// The store failed; nobody is let in on an error.
    StoreFailed,
}

/// The bridge has an owner from now on, and the store has the record; sent to the edge that
/// keeps the number for older bridges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct OwnerClaimed {
    /// The owner.
    pub user: UserId,
    /// Their private chat.
    pub chat: ChatId,
}
