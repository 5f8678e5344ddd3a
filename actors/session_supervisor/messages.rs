//! What the session supervisor can be told.

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use crate::ids::{ChatId, Incarnation, SessionKey};
use crate::session::settings::SettingsBook;
use crate::session::{Instruct, TakeOver};

/// Hand an instruction to a chat's session, which is started when there is none; sent by the
/// router. Answered when the session has it in its mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Deliver {
    /// The session.
    pub key: SessionKey,
    /// The instruction.
    pub instruction: Instruct,
}

/// Start the session of a chat, which has open prompts; sent by the router.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct ResumeSession {
    /// The session.
    pub key: SessionKey,
    /// Who left them.
    pub from: TakeOver,
}

/// A change in what a session needs of the agents' slots; sent by sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct SlotNews {
    /// The session.
    pub key: SessionKey,
    /// Which value of it.
    pub incarnation: Incarnation,
    /// What changed.
    pub change: SlotChange,
}

/// A change in what a session needs of the agents' slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotChange {
    /// It wants to start an agent.
    Wanted,
    /// It no longer waits for a slot.
    Withdrawn,
    /// Its agent has begun to work.
    Busy,
    /// Its agent is alive but has nothing to do.
    Idle,
    /// Its agent is gone.
    Released,
}

/// The configuration changed; sent by the router.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Reconfigure {
    /// What every session goes by from now on.
    pub book: Arc<SettingsBook>,
    /// How many agents may live at once; at least 1.
    pub max_live: usize,
}

/// The bridge is locked down: end every session with its agent at once, and start none; sent by the
/// router, and at a start that finds it so. What is open stays in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct LockDown;

/// The lockdown is over: sessions may be started again; sent by the router. Answered with whether they
/// might not until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "bool")]
pub struct Unlock;

/// A group became a supergroup: its session goes on under the new id; sent by the router.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct MoveChat {
    /// Its id until now.
    pub from: ChatId,
    /// Its id from now on.
    pub to: ChatId,
}

/// End the sessions of a chat that the bot has left; sent by the router.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct EndChat(pub ChatId);

/// Drop all that a private chat has under way, end its sessions with their agents and start none
/// there; answered when they are gone. Sent by the edge that deletes what the chat has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct EmptyChat(pub ChatId);

/// What a chat had is deleted: sessions may be started there again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct ReopenChat(pub ChatId);

/// End every session with its agent; answered when all are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct EndAll {
    /// How long running turns may go on.
    pub grace: Duration,
}
