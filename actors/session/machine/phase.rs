//! What a session is doing, and all that is known of its agent.

use crate::clock::Time;
use crate::ids::{ConversationId, Generation, PostId, UserId};
use crate::session::agent_event::Activity;
use crate::session::policy::SETTLING_TIME;
use crate::session::turn::{Said, Turn};

/// What the session is doing.
#[derive(Debug)]
pub(super) enum Phase {
    /// There is no agent and nothing to do.
    Asleep,
    /// Prompts wait for a slot.
    Waiting { notice: Option<PostId> },
    /// An agent is alive.
    Live(Live),
    /// An agent is on its way out; prompts wait for the next one.
    Leaving(Leaving),
}

/// A living agent.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) generation: Generation,
    pub(super) opening: Opening,
    pub(super) handshake: Handshake,
    pub(super) turn: Option<Box<Turn>>,
    /// Whether it has done a turn.
    pub(super) experience: Experience,
    /// Whether it may stay after its turn.
    pub(super) room: Room,
    /// What a background turn said so far.
    pub(super) background: Said,
    pub(super) activity: Activity,
    /// Who wrote the last prompt: they are asked about what comes after its end.
    pub(super) asker: Option<UserId>,
    /// What its turns cost so far, in US dollars, as it counts.
    pub(super) cost: f64,
    /// When the last turn ended or the agent said that it is idle.
    pub(super) idle_since: Time,
}

/// Whether an agent has done a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Experience {
    /// Not yet.
    None,
    /// It has.
    Some,
}

/// Whether an agent may stay after its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// It may.
    Enough,
    /// It goes when its turn is over: another chat waits for its slot, or it was started with
    /// settings that hold no more.
    Wanted,
    /// It goes and takes no further turn: what it was started with may not hold for one.
    Stale,
}

/// How the conversation was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Opening {
    Fresh(ConversationId),
    Resumed(ConversationId),
}

/// Whether the agent has answered the opening handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handshake {
    /// Not yet.
    Pending { deadline: Time },
    /// Yes.
    Done,
    /// It refused to open the conversation and exits.
    Refused(Refusal),
}

/// Why a conversation could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The one to resume is unknown.
    Unknown,
    /// The fresh id is taken.
    Taken,
}

/// An agent that was told to end.
#[derive(Debug)]
pub(super) struct Leaving {
    pub(super) generation: Generation,
    pub(super) stage: LeavingStage,
    pub(super) deadline: Time,
}

/// How hard an agent was told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeavingStage {
    /// Its input was closed.
    Closed,
    /// Its tree was killed.
    Killed,
}

/// Whether the session is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// No.
    No,
    /// As soon as the agent is gone; a running turn may go on until then.
    Asked { deadline: Time },
}

impl Live {
    /// Tells whether it has worked, and so has opened its conversation, whatever it says.
    pub(super) fn has_worked(&self) -> bool {
        let works = self.turn.as_ref().is_some_and(|turn| turn.has_work());
        works || self.experience == Experience::Some
    }

    /// Tells whether it works although no turn of ours runs.
    ///
    /// Between the end of a turn and the word that the agent is idle lie some milliseconds, which
    /// are not background work.
    pub(super) fn works_in_background(&self, now: Time) -> bool {
        let is_settled = now.since(self.idle_since) >= SETTLING_TIME;
        self.turn.is_none() && self.activity != Activity::Idle && is_settled
    }
}
