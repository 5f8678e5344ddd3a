//! What a session can be told.

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use crate::ids::{
    CallbackId, DraftId, Incarnation, MessageId, PostId, PromptId, SessionKey, UserId,
};
use crate::outbox::Posted;
use crate::ports::Trust;
use crate::session::buttons::Meaning;
use crate::session::card::Detail;
use crate::session::choices::Setting;
use crate::session::draft::Drafts;
use crate::session::settings::SettingsBook;
use crate::user_registry::Role;

/// An order or question of the person; sent by the session supervisor.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub enum Instruct {
    /// Work on this.
    Prompt(Prompt),
    /// Work on this, unless it answers what the bot's message asks.
    Reply {
        /// The message of ours that it replies to.
        to: MessageId,
        /// What it is if it answers nothing.
        prompt: Prompt,
    },
    /// A message was changed: work on this if it has not begun.
    Replace(Prompt),
    /// Carry a command out.
    Command(Command),
    /// A button of a message of ours was pressed.
    Press(Press),
    /// The Stop of a draft was pressed.
    StopDraft(StopDraft),
}

/// A command of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Its id; that of the prompt that it brings along, if it does.
    pub id: PromptId,
    /// Who wrote it.
    pub by: UserId,
    /// What they may do.
    pub role: Role,
    /// The message it came in.
    pub message: MessageId,
    /// What is to be done.
    pub kind: CommandKind,
}

/// What a command wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandKind {
    /// Set the conversation aside; the next prompt, this one if there is one, starts a new one.
    NewConversation {
        /// The text of the prompt.
        prompt: Option<String>,
    },
    /// Interrupt the running turn and forget what is queued.
    Stop,
    /// Say what the session is doing.
    Status,
    /// Choose a value of a setting; `None` asks which there are.
    Choose {
        /// What is chosen.
        setting: Setting,
        /// The value.
        value: Option<String>,
    },
    /// Show what is done in the background.
    Tasks,
    /// Let what the folder brings along run from now on, or no longer.
    Trust(Trust),
    /// Show this much of the work from now on; `None` asks how much is shown.
    Show(Option<Detail>),
    /// Let turns stream as drafts from now on, or no longer; `None` asks.
    Drafts(Option<Drafts>),
}

/// The press of a button that belongs to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// The press, to be answered.
    pub callback: CallbackId,
    /// The message the button hangs on, if it is still known.
    pub message: Option<MessageId>,
    /// The button's data; can be forged.
    pub data: String,
    /// Who pressed it.
    pub by: UserId,
    /// Their first name; untrusted text.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Its id; that of the prompt that it becomes, if it becomes one.
    pub id: PromptId,
}

/// The press of the Stop that Telegram shows at a draft. It names no message and is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopDraft {
    /// Its id.
    pub id: PromptId,
    /// Whose private chat it is: nobody else can press it.
    pub by: UserId,
    /// The draft.
    pub draft: DraftId,
}

impl Instruct {
    /// Returns what the instruction is known by.
    pub fn id(&self) -> &PromptId {
        match self {
            Self::Prompt(prompt) | Self::Reply { prompt, .. } | Self::Replace(prompt) => &prompt.id,
            Self::Command(command) => &command.id,
            Self::Press(press) => &press.id,
            Self::StopDraft(stop) => &stop.id,
        }
    }

    /// Returns whose instruction it is.
    pub fn by(&self) -> UserId {
        match self {
            Self::Prompt(prompt) | Self::Reply { prompt, .. } | Self::Replace(prompt) => {
                prompt.author
            }
            Self::Command(command) => command.by,
            Self::Press(press) => press.by,
            Self::StopDraft(stop) => stop.by,
        }
    }

    /// Returns what they may do, if it makes a difference to the instruction.
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Prompt(_) | Self::Reply { .. } | Self::Replace(_) | Self::StopDraft(_) => None,
            Self::Command(command) => Some(command.role),
            Self::Press(press) => Some(press.role),
        }
    }

    /// Returns the message the instruction came in, if it was one.
    pub fn message(&self) -> Option<MessageId> {
        match self {
            Self::Prompt(prompt) | Self::Reply { prompt, .. } | Self::Replace(prompt) => {
                Some(prompt.message)
            }
            Self::Command(command) => Some(command.message),
            Self::Press(_) | Self::StopDraft(_) => None,
        }
    }
}

impl Press {
    /// Tells whether a button with this data belongs to a session.
    pub fn is_for_session(data: &str) -> bool {
        Meaning::parse(data).is_some()
    }
}

/// One prompt of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Its id towards Claude.
    pub id: PromptId,
    /// Who wrote it.
    pub author: UserId,
    /// The message it came in.
    pub message: MessageId,
    /// Its text, as typed.
    pub text: String,
}

/// An agent may be started now; sent by the session supervisor after a request for a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct SlotGranted {
    /// Which value of the session asked.
    pub to: Incarnation,
}

/// No slot is free; sent when a request has to wait, and whenever its place among the first ten
/// changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct SlotDelayed {
    /// Which value of the session asked.
    pub to: Incarnation,
    /// Chats that come first.
    pub ahead: usize,
}

/// Another chat waits: an idle agent is to be ended so that its slot becomes free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct YieldSlot {
    /// Which value of the session has the slot.
    pub to: Incarnation,
}

/// The bridge stops: end the agent and stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct EndSession {
    /// How long a running turn may go on.
    pub grace: Duration,
}

/// A person may no longer come in: end what runs or waits for them; sent by the session supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Revoke {
    /// The person.
    pub user: UserId,
    /// What becomes of their conversation.
    pub memory: Memory,
}

/// What becomes of the conversation of somebody who may no longer come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// It waits for their return.
    Kept,
    /// It is forgotten.
    Forgotten,
}

/// A post of the session with buttons became a message; sent by the session supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Shown {
    /// The post.
    pub post: PostId,
    /// The message.
    pub message: MessageId,
}

impl Shown {
    /// Returns the part of the outbox's word that a session needs.
    pub fn of(posted: Posted) -> Self {
        Self {
            post: posted.id,
            message: posted.message,
        }
    }
}

/// The configuration changed: the next turn runs with this; sent by the session supervisor.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Configure(pub Arc<SettingsBook>);

/// Take over what another session left open; sent by the session supervisor. What that is, the
/// journal says when this is read: by then some of it may have come in another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct TakeOverOpen;

/// The chat has another id from now on; sent by the session supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct MoveTo(pub SessionKey);
