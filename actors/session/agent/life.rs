//! The life of an agent: what is known of it while it lives, and how it goes.

use crate::agent_event::Activity;
use crate::clock::Time;
use crate::ids::{ConversationId, Generation, PostId, UserId};
use crate::ports::Conversation;
use crate::session::policy::SETTLING_TIME;
use crate::session::said::Said;

/// Whether there is an agent.
#[derive(Debug)]
pub(in crate::session) enum Life {
    /// There is none and nothing to do.
    Asleep,
    /// Prompts wait for a slot.
    Waiting { notice: Option<PostId> },
    /// It is alive.
    Live(Live),
    /// It is on its way out; prompts wait for the next one.
    Leaving(Leaving),
}

/// A living agent.
#[derive(Debug)]
pub(in crate::session) struct Live {
    pub(super) generation: Generation,
    /// How the conversation was opened.
    pub(super) conversation: Conversation,
    pub(super) handshake: Handshake,
    pub(super) experience: Experience,
    pub(super) room: Room,
    /// What was said without a turn of ours so far.
    pub(super) said: Said,
    pub(super) activity: Activity,
    /// Who wrote the last prompt: they are asked about what comes after its end.
    pub(super) asker: Option<UserId>,
    /// What it had counted when its last turn ended, in US dollars; `None` before the first turn in
    /// a conversation that an earlier agent had begun.
    pub(super) cost: Option<f64>,
    /// When the last turn ended or the agent said that it is idle.
    /// When it goes at the latest although timers keep it: another chat waits for its slot.
    pub(super) gives_way_by: Option<Time>,
    pub(super) idle_since: Time,
    /// The last sign of life.
    pub(super) last_sign_at: Time,
}

/// Whether an agent has done a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Experience {
    /// Not yet.
    None,
    /// It has.
    Some,
}

/// Whether an agent may stay after its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Room {
    /// It may.
    Enough,
    /// It goes when its turn is over: another chat waits for its slot, or it was started with
    /// settings that hold no more.
    Wanted,
    /// It goes and takes no further turn: what it was started with may not hold for one.
    Stale,
}

/// Whether the agent has answered the opening handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Handshake {
    /// Not yet.
    Pending { deadline: Time },
    /// Yes.
    Done,
    /// It refused to open the conversation and exits.
    Refused(Refusal),
}

/// Why a conversation could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Refusal {
    /// The one to resume is unknown.
    Unknown,
    /// The fresh id is taken.
    Taken,
}

/// An agent that was told to end.
#[derive(Debug)]
pub(in crate::session) struct Leaving {
    pub(super) generation: Generation,
    pub(super) stage: LeavingStage,
    pub(super) deadline: Time,
}

/// How hard an agent was told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum LeavingStage {
    /// Its input was closed.
    Closed,
    /// Its tree was killed.
    Killed,
}

impl Leaving {
    /// Returns how hard it was told to end.
    #[cfg(test)]
    pub(in crate::session) fn stage(&self) -> LeavingStage {
        self.stage
    }
}

impl Live {
    /// Returns its number.
    pub(in crate::session) fn generation(&self) -> Generation {
        self.generation
    }

    /// Returns how its conversation was opened.
    pub(in crate::session) fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// Returns the id of its conversation.
    pub(in crate::session) fn conversation_id(&self) -> &ConversationId {
        let (Conversation::New(id) | Conversation::Resume(id)) = &self.conversation;
        id
    }

    /// Returns whether it has answered the opening handshake.
    pub(in crate::session) fn handshake(&self) -> Handshake {
        self.handshake
    }

    /// Returns whether it has done a turn.
    pub(in crate::session) fn experience(&self) -> Experience {
        self.experience
    }

    /// Returns whether it may stay after its turn.
    pub(in crate::session) fn room(&self) -> Room {
        self.room
    }

    /// Returns what it does right now.
    pub(in crate::session) fn activity(&self) -> Activity {
        self.activity
    }

    /// Returns who wrote the last prompt.
    pub(in crate::session) fn asker(&self) -> Option<UserId> {
        self.asker
    }

    /// Tells whether it goes as soon as it is between turns.
    pub(in crate::session) fn is_to_make_room(&self) -> bool {
        let is_idle = self.activity == Activity::Idle;
        self.room != Room::Enough && is_idle && self.handshake == Handshake::Done
    }

    /// Tells whether it resumed a conversation and has done nothing yet.
    pub(in crate::session) fn is_new_to_an_old_conversation(&self) -> bool {
        let is_resumed = matches!(self.conversation, Conversation::Resume(_));
        is_resumed && self.experience == Experience::None
    }

    /// Tells whether it works, between turns of ours.
    ///
    /// Between the end of a turn and the word that the agent is idle lie some milliseconds, which
    /// are not background work.
    pub(in crate::session) fn works_by_itself(&self, now: Time) -> bool {
        let is_settled = now.since(self.idle_since) >= SETTLING_TIME;
        self.activity != Activity::Idle && is_settled
    }
}
