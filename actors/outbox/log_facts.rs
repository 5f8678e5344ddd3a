//! What the log is told: what happened in the outbox that the operator may want to know.

use std::time::Duration;

use super::{Rank, Rejection};
use crate::ids::{ChatId, SessionKey};

/// Something worth a log line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    /// A post will not reach its chat, or nobody knows whether it did.
    Dropped {
        key: SessionKey,
        rank: Rank,
        why: DropReason,
    },
    /// A chat, or a topic of it, cannot be written to; everything that waited for it is dropped.
    ChatGone {
        key: SessionKey,
        answers: usize,
        notices: usize,
        why: String,
    },
    /// A topic of a private chat is gone; its answers go to the chat itself.
    TopicLeft { key: SessionKey, why: String },
    /// A call failed and is repeated.
    Retrying {
        key: SessionKey,
        attempt: u32,
        after: Duration,
        why: String,
    },
    /// Nobody knows whether an answer arrived, after several tries; it is tried again later.
    Rests {
        key: SessionKey,
        after: Duration,
        why: String,
    },
    /// Telegram refused the markup of a post; it is sent as plain text.
    SentPlain { key: SessionKey, why: String },
    /// Telegram refused files as they were; they are sent in another way, or without one of them.
    SentOtherwise { key: SessionKey, why: String },
    /// Telegram asks to keep a chat quiet.
    ChatHeld { chat: ChatId, after: Duration },
    /// Telegram asks several chats to be quiet at a time: the whole bot waits.
    BotHeld { after: Duration },
    /// A group became a supergroup.
    Migrated { from: ChatId, to: ChatId },
    /// The token is not valid; everything waits.
    TokenRefused { retry_after: Duration },
    /// Telegram will not show a draft.
    DraftRefused { key: SessionKey, why: String },
    /// A sign did not pass; it is not repeated.
    SignFailed { why: String },
}

/// Why a post is dropped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum DropReason {
    /// Telegram will never accept it.
    #[error("{0}")]
    Rejected(Rejection),
    /// A notice of which nobody knows whether it arrived.
    #[error("it may not have arrived")]
    FateUnknown,
    /// A notice that could not be delivered for too long.
    #[error("it could not be delivered in time")]
    TooLate,
    /// The message to edit is unknown or gone, and the edit is not worth a new message.
    #[error("its message is gone")]
    NothingToEdit,
    /// The chat's queue is full.
    #[error("too many messages are waiting")]
    QueueFull,
}
