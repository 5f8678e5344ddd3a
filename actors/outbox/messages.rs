//! What the outbox can be told, and what it asks of the Telegram edge.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix::prelude::*;

use super::Fit;
use crate::ids::{CallbackId, ChatId, DraftId, MessageId, PostId, SessionKey};
use crate::ports::KeptPost;

/// Post this to a chat, in order with the chat's other posts; sent by sessions and the router.
///
/// Of one chat 256 posts wait in memory; what must arrive and comes behind them waits in the
/// journal. Beyond 32 new messages that are notices the oldest one is dropped; the log tells.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Post {
    /// Where to.
    pub key: SessionKey,
    /// What.
    pub action: PostAction,
    /// How much depends on it.
    pub rank: Rank,
}

impl Post {
    /// Tells whether the journal keeps the post until it is delivered: what must arrive and means
    /// something after a restart. That is a new message, and an edit that takes the buttons off a
    /// known one: what was asked is over.
    pub fn is_kept(&self) -> bool {
        match (&self.action, self.rank) {
            (PostAction::EditMessage { body, .. }, Rank::Answer) => !body.has_buttons(),
            (PostAction::Send { body, .. }, Rank::Answer) => match body {
                Body::Markdown(_)
                | Body::Plain(_)
                | Body::Choice { .. }
                | Body::Document { .. } => true,
                Body::Live { .. } => false,
            },
            (PostAction::Send { .. } | PostAction::EditMessage { .. }, Rank::Notice)
            | (PostAction::Edit { .. } | PostAction::Leave, Rank::Answer | Rank::Notice) => false,
        }
    }

    /// Returns the post with another content.
    pub(super) fn with_body(mut self, content: Body) -> Self {
        match &mut self.action {
            PostAction::Send { body, .. }
            | PostAction::Edit { body, .. }
            | PostAction::EditMessage { body, .. } => *body = content,
            PostAction::Leave => {}
        }
        self
    }

    /// Returns the name of the post, if it has one.
    pub fn id(&self) -> Option<PostId> {
        match self.action {
            PostAction::Send { id, .. }
            | PostAction::Edit { id, .. }
            | PostAction::EditMessage { id, .. } => Some(id),
            PostAction::Leave => None,
        }
    }
}

/// What to do with a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostAction {
    /// Send a new message.
    Send {
        /// The name for later edits.
        id: PostId,
        /// The content.
        body: Body,
        /// The message it answers.
        reply_to: Option<MessageId>,
        /// Whether the phone rings.
        sound: Sound,
    },
    /// Replace the content of an earlier post; of one that needed several messages, the first.
    ///
    /// A newer edit replaces a waiting one, and changes a post that is still to be sent. If the
    /// message is unknown or gone, an answer is sent anew and a notice is dropped.
    Edit {
        /// The post.
        id: PostId,
        /// The new content; only what fits into one message is shown.
        body: Body,
    },
    /// Replace the content of a known message, say one that an earlier run of the bridge sent.
    ///
    /// A newer edit of the message replaces a waiting one. If the message is gone, nothing is
    /// left to do.
    EditMessage {
        /// The name for later edits.
        id: PostId,
        /// The message.
        message: MessageId,
        /// The new content; only what fits into one message is shown.
        body: Body,
    },
    /// Leave the group. It is tried until it is done, whatever the rank; what waits behind it is
    /// dropped then. A later post is tried: the bot may have been taken back.
    Leave,
}

/// The content of a post.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Body {
    /// Markdown as Claude writes it; split into as many messages as it needs.
    Markdown(String),
    /// Text without markup.
    Plain(String),
    /// Text without markup and buttons below it. Whoever edits it into another body takes the
    /// buttons away.
    Choice {
        /// The text; one message.
        text: String,
        /// The buttons, row by row.
        rows: Vec<Vec<Button>>,
    },
    /// What is going on now: text, then code, then buttons. As a new message it means nothing
    /// after a restart, so the journal does not keep it.
    Live {
        /// The text; with the code one message.
        text: String,
        /// What is shown as code, letter by letter.
        code: Option<Code>,
        /// The buttons, row by row.
        rows: Vec<Vec<Button>>,
    },
    /// A file.
    Document {
        /// The file's name.
        name: String,
        /// The content.
        content: String,
        /// A line below it.
        caption: String,
    },
}

impl Body {
    /// Tells whether it has buttons.
    pub fn has_buttons(&self) -> bool {
        match self {
            Body::Choice { rows, .. } | Body::Live { rows, .. } => !rows.is_empty(),
            Body::Markdown(_) | Body::Plain(_) | Body::Document { .. } => false,
        }
    }
}

/// Text that is shown as code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Code {
    /// Its language, for its colours; may be empty.
    pub language: &'static str,
    /// The text.
    pub text: String,
}

/// A button below a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What its press brings back: at most 64 bytes, and anybody can forge it.
    pub data: String,
}

/// How much depends on a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// The person waits for it: delivered at least once. When its fate is unknown it is sent
    /// again, marked as a possible repeat.
    Answer,
    /// Good to know: when its fate is unknown it is not repeated.
    Notice,
}

/// Whether the phone rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// It rings.
    Ring,
    /// It stays silent.
    Silent,
}

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivered {
    /// The message that came to be or was edited, where there is one.
    pub message: Option<MessageId>,
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
    #[error("telegram cannot be reached: {0}")]
    NotDelivered(String),
    /// Nobody can know whether it was done.
    #[error("telegram did not answer: {0}")]
    FateUnknown(String),
    /// The chat is gone, or the person blocked the bot.
    #[error("the chat cannot be written to: {0}")]
    ChatGone(String),
    /// The message to edit is gone.
    #[error("the message is gone: {0}")]
    MessageGone(String),
    /// The group became a supergroup with another id.
    #[error("the group is chat {} since it became a supergroup", to.0)]
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
    Rejected(String),
    /// The token is not valid: nothing will work.
    #[error("telegram does not know the bot token")]
    TokenRefused,
}

/// Post what is queued, then answer; sent at shutdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Flush {
    /// How long to try at most.
    pub within: Duration,
}

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
