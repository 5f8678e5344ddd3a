//! What the session supervisor can be told.

use actix::prelude::*;

use crate::ids::SessionKey;
use crate::session::Instruct;

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

/// A change in what a session needs of the agents' slots; sent by sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct SlotNews {
    /// The session.
    pub key: SessionKey,
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

/// End every session with its agent; answered when all are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct EndAll;
