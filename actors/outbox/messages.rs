//! What the outbox can be told, and what it asks of the Telegram edge.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix::prelude::*;

use super::{Fit, Rejection};
use crate::ids::{CallbackId, ChatId, DraftId, MessageId, PostId, SessionKey};
use crate::ports::KeptPost;
use crate::post::{Body, Sound};

/// A passing sign beside the queue: never repeated; may be dropped. All but a draft wait behind no
/// post.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub enum Sign {
    /// Show "typing…" for the next five seconds.
    Typing { key: SessionKey },
    /// React to a message with an emoji; `None` takes the reaction back.
    React {
        chat: ChatId,
        message: MessageId,
        emoji: Option<&'static str>,
    },
    /// Delete a message that a person has sent.
    Delete { chat: ChatId, message: MessageId },
    /// Answer the press of a button, with a short text if any.
    AnswerCallback {
        callback: CallbackId,
        text: Option<String>,
    },
    /// Show what is written so far.
    Draft(Draft),
}

/// A message that is still being written, as Telegram shows it in a private chat: for 30 seconds,
/// or until the bot sends a message there.
///
/// Of each session only the newest waits. It leaves while no post of its chat waits or is under
/// way, and a post of the chat waits for one that is: so none arrives behind the message that it
/// grows into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Where to; a private chat, with its topic.
    pub key: SessionKey,
    /// Which draft: one with the same id grows, another one takes its place.
    pub id: DraftId,
    /// The text so far, as Claude writes it; of one that is too long the end is shown. Without any
    /// text Telegram shows "Thinking…".
    pub markdown: String,
    /// What is shown below it, without markup.
    pub status: String,
}

/// Perform one call to Telegram, and no second one; sent by the outbox to the Telegram edge.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "Performed")]
pub enum Perform {
    /// Send one message of a body.
    Send {
        /// Where to.
        key: SessionKey,
        /// The whole content.
        body: Body,
        /// Which of the messages that the body is split into, from 0.
        part: usize,
        /// How that message is made to fit.
        fit: Fit,
        /// The message it answers; for the first message only.
        reply_to: Option<MessageId>,
        /// Whether the phone rings.
        sound: Sound,
        /// Whether this is a repeat of a send whose fate is unknown: the edge marks it "↻".
        repeat: Repeat,
    },
    /// Replace the content of a message.
    Edit {
        /// The chat.
        key: SessionKey,
        /// The message.
        message: MessageId,
        /// The content, cut to one message.
        body: Body,
        /// How that is made to fit.
        fit: Fit,
    },
    /// A passing sign.
    Sign(Sign),
    /// Leave a group.
    Leave {
        /// The group.
        chat: ChatId,
    },
}

/// Whether a send may repeat an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// It is the first.
    No,
    /// An earlier one may have arrived.
    Possible,
}

/// What became of a [`Perform`].
pub type Performed = Result<Delivered, PostError>;

/// What Telegram did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The message that came to be or was edited, where there is one.
    pub message: Option<MessageId>,
    /// The other messages that came to be with it: those of an album.
    pub others: Vec<MessageId>,
    /// How many messages the body is split into; 1 for all but long text.
    pub parts: usize,
}

/// Why Telegram did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// Too many requests to this chat.
    #[error("telegram asks to wait {} s", after.as_secs())]
    RetryAfter {
        /// How long to keep this chat quiet.
        after: Duration,
    },
    /// The request did not reach Telegram, or Telegram said it failed: it can be repeated.
    #[error("cannot reach telegram: {0}")]
    NotDelivered(String),
    /// Nobody can know whether it was done.
    #[error("telegram did not answer: {0}")]
    FateUnknown(String),
    /// The chat is gone, or the person blocked the bot.
    #[error("cannot write to the chat: {0}")]
    ChatGone(String),
    /// The topic is gone or closed; the chat may be there.
    #[error("cannot write to the topic: {0}")]
    TopicGone(String),
    /// The message to edit is gone.
    #[error("the message is gone: {0}")]
    MessageGone(String),
    /// The group became a supergroup with another id.
    #[error("the group became a supergroup and is now chat {}", to.0)]
    Migrated {
        /// Its new id.
        to: ChatId,
    },
    /// The text is too long for one message.
    #[error("telegram takes it only in pieces: {0}")]
    TooLong(String),
    /// Telegram does not accept the markup.
    #[error("telegram takes it only without its markup: {0}")]
    MarkupRefused(String),
    /// Telegram will never accept this.
    #[error("telegram refused: {0}")]
    Rejected(Rejection),
    /// The token is not valid: nothing will work.
    #[error("telegram does not accept the bot token")]
    TokenRefused,
}

/// Post what is queued, then answer; sent at shutdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Flush {
    /// How long to try at most.
    pub within: Duration,
}

/// Somebody who may come in was heard here: what could not be written to this place before is tried
/// again; sent by the router.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Heard(pub SessionKey);

/// A group has another id, as Telegram said when something was sent to it; sent by the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct ChatMoved {
    /// Its id until now.
    pub from: ChatId,
    /// Its id from now on.
    pub to: ChatId,
}

/// Tell this one of groups that have another id; sent once, at the start.
#[derive(Debug, Clone, Message)]
#[rtype(result = "()")]
pub struct TellMoves(pub Recipient<ChatMoved>);

/// How much slower than usual Telegram wants a chat to be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LearnedPace {
    /// The chat; `None` is the bot as a whole.
    pub chat: Option<ChatId>,
    /// In steps, each of half the usual interval.
    pub steps: u8,
}

/// These paces hold from now on; sent by the outbox, to be kept over a restart.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct PacesLearned(pub Vec<LearnedPace>);

/// A message with buttons came to be; sent by the outbox to those who keep track of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Posted {
    /// The post.
    pub id: PostId,
    /// The chat, with its topic.
    pub key: SessionKey,
    /// The message.
    pub message: MessageId,
}

/// Telegram will not show a draft; sent by the outbox to those who keep track of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct DraftRefused {
    /// The chat, with its topic.
    pub key: SessionKey,
    /// The draft.
    pub id: DraftId,
}

/// Gives out the names of posts: unique within one run of the bridge, over all its clones, and
/// never one of a post that an earlier run kept.
#[derive(Debug, Clone, Default)]
pub struct PostIds(Arc<AtomicU64>);

impl PostIds {
    /// Gives out names behind those of kept posts.
    pub fn after(kept: &[KeptPost]) -> Self {
        let first = PostId::behind(kept.iter().map(|kept| kept.id));
        Self(Arc::new(AtomicU64::new(first.0)))
    }

    /// Returns a name that no post has yet.
    pub fn next(&self) -> PostId {
        PostId(self.0.fetch_add(1, Ordering::Relaxed))
    }
}
