//! What the router can be told.

use actix::prelude::*;

use crate::ids::{CallbackId, ChatId, DraftId, MessageId, PromptId, SessionKey, UpdateId, UserId};
use crate::instruction::Joint;
use crate::ports::StoreError;
use crate::rating::Change;
use crate::sent_file::SentFile;
use crate::session_supervisor::Reconfigure;
use crate::user_registry::{ChatKind, Erasure, Role, RulesRefused, Sender, SetRules};

/// Route these updates in their order; sent by the poller.
///
/// Answered when every update is in the hands of the actor it concerns, and every prompt in the
/// journal: once that is on disk, the poller may confirm them to Telegram.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct RouteBatch(pub Vec<Inbound>);

/// Go on with what an earlier run of the bridge left open; sent once, before the first batch.
/// Answered when every session that has something to do is started. When nobody can say whose work
/// may go on, none is, and the bridge must not serve anybody: what is open would go on with the
/// next message of its chat, unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "Result<(), NotResumed>")]
pub struct ResumeOpen;

/// What an earlier run left open cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum NotResumed {
    /// It cannot be read, or the people who left it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The registry does not say whose may.
    #[error("the user registry does not answer: {0}")]
    NoAnswer(String),
}

/// This is the bot's own name, without the `@`; sent when Telegram has told it.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Introduce(pub String);

/// The configuration changed: let it hold from the next update on. When the registry refuses the
/// rules, nothing changes at all.
#[derive(Message)]
#[rtype(result = "Result<(), RulesRefused>")]
pub struct Reload {
    /// For the registry.
    pub rules: SetRules,
    /// Lets what is no actor's hold; called when the registry has accepted, and before any session
    /// hears of it.
    pub on_accepted: Box<dyn FnOnce() + Send>,
    /// For the sessions.
    pub settings: Reconfigure,
}

/// Delete all that a chat has; sent by the router to the edge that does it, and answered when it is on
/// disk that it is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Erase(pub Erasure);

/// Offer a person the commands of their role; sent by the router to the Telegram edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct SetMenu {
    /// The person.
    pub user: UserId,
    /// Their role.
    pub role: Role,
}

/// One update that a person caused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// The update.
    pub update: UpdateId,
    /// Where it belongs.
    pub key: SessionKey,
    /// What kind of chat that is.
    pub chat_kind: ChatKind,
    /// Who caused it.
    pub sender: Sender,
    /// To whom it speaks.
    pub addressed: Addressed,
    /// What it says.
    pub content: InboundContent,
}

/// To whom a message speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressed {
    /// To the bot: in private, by a mention, as a reply to it, as a command with its name, by a
    /// button.
    ToUs,
    /// To the group at large.
    ToAll,
}

/// Whom a message points at, beside what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pointing {
    /// At nobody.
    None,
    /// At this person: it replies to a message of theirs, to one that was forwarded from them, or
    /// to their contact.
    At {
        /// The person.
        user: UserId,
        /// Their first name; untrusted text.
        first_name: String,
    },
    /// At somebody whose id Telegram does not tell: a hidden author, a channel, a contact without
    /// an account.
    Hidden,
}

/// What a message is that is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    Animation,
    Audio,
    LivePhoto,
    PaidMedia,
    Photo,
    Sticker,
    Story,
    Video,
    VideoNote,
    Voice,
    Document,
    Checklist,
    Contact,
    Dice,
    Game,
    Giveaway,
    Invoice,
    Poll,
    Venue,
    Location,
    RichMessage,
    /// One that the bridge does not know.
    Unknown,
}

/// The words below a picture or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// The text as typed, in a group without the mention of the bot at its start.
    pub text: String,
    /// Whom it points at.
    pub pointing: Pointing,
}

/// What an update says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InboundContent {
    /// A text message, or files with a text below them.
    Text {
        /// The message.
        message: MessageId,
        /// Its id should it become a prompt.
        prompt: PromptId,
        /// The text as typed, in a group without the mention of the bot at its start.
        text: String,
        /// The same as Markdown, with where its links lead and what is code or a quote in it: what
        /// Claude is told. A first word that can be a command is the same in both.
        markdown: String,
        /// What it answers, in words for Claude; empty if it answers nothing.
        context: String,
        /// How what may come next would be joined to it; `None` when it is whole.
        goes_on: Option<Joint>,
        /// Whom it points at.
        pointing: Pointing,
        /// The message of the bot that it replies to, if it does.
        reply_to: Option<MessageId>,
        /// The files that it brings; their text may be empty.
        files: Vec<SentFile>,
    },
    /// The text of an older message was changed.
    Edited {
        /// The message.
        message: MessageId,
        /// Its id should it become a prompt.
        prompt: PromptId,
        /// The new text, as typed.
        text: String,
        /// The same as Markdown.
        markdown: String,
        /// Whom it points at.
        pointing: Pointing,
        /// The message of the bot that it replies to, if it does.
        reply_to: Option<MessageId>,
        /// What it answers, in words for Claude; empty if it answers nothing.
        context: String,
        /// The files that it brings.
        files: Vec<SentFile>,
    },
    /// A message of a kind that cannot be worked on.
    Unsupported {
        /// The message.
        message: MessageId,
        /// Its id should it become a command.
        prompt: PromptId,
        /// What it is.
        kind: MediaKind,
        /// The words below it.
        caption: Option<Caption>,
    },
    /// A button was pressed.
    Button {
        /// The press, to be answered.
        callback: CallbackId,
        /// The message the button hangs on, if it is still known.
        message: Option<MessageId>,
        /// The button's data; can be forged.
        data: String,
        /// The id of the prompt that the press becomes, if it becomes one.
        prompt: PromptId,
    },
    /// The Stop of a draft was pressed. Telegram does not say by whom: the chat is private.
    DraftStopped {
        /// The draft.
        draft: DraftId,
        /// The id of the press.
        prompt: PromptId,
    },
    /// Somebody thinks otherwise of a message, which need not be the bot's.
    Reaction {
        /// The message.
        message: MessageId,
        /// What became of 👍.
        up: Change,
        /// What became of 👎.
        down: Change,
        /// The id of the change.
        prompt: PromptId,
    },
    /// The bot was added to the chat.
    Joined,
    /// The bot was removed from the chat.
    Left,
    /// The group became a supergroup. Telegram says it itself, so it is true whoever the sender is.
    Moved {
        /// Its id until now.
        from: ChatId,
        /// Its id from now on.
        to: ChatId,
    },
}

impl InboundContent {
    /// Tells whether it is a message of a kind that the bridge does not know.
    pub fn is_of_unknown_kind(&self) -> bool {
        let Self::Unsupported { kind, .. } = self else {
            return false;
        };
        *kind == MediaKind::Unknown
    }
}

impl Inbound {
    /// Tells whether the update must not be lost, whatever becomes of the host. A reaction is only
    /// counted, and not worth a wait for the disk.
    pub fn must_last(&self) -> bool {
        !matches!(self.content, InboundContent::Reaction { .. })
    }

    /// Returns the chat of the update.
    pub fn chat(&self) -> ChatId {
        self.key.chat
    }
}
