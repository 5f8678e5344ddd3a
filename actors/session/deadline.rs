//! What a session waits for, and until when.

use crate::clock::Time;

/// When a session wants to be stepped again, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Time,
    /// Why.
    pub why: Why,
}

/// What a session waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The opening handshake of an agent.
    AgentStarts,
    /// Something to do for an agent.
    AgentIdles,
    /// A sign of life of an agent that works by itself.
    AgentIsSilent,
    /// The end of an agent that was told to go.
    AgentLeaves,
    /// The end of a turn that was told to stop.
    TurnStops,
    /// A sign of life of a turn.
    TurnIsSilent,
    /// That somebody sees "typing…".
    TurnTypes,
    /// That somebody sees the card or draft of a turn.
    TurnShows,
    /// The time from which on the API can be asked again.
    ApiCanBeAsked,
    /// The rest of what a person says in several messages.
    PersonGoesOn,
    /// The answer of a person.
    PersonAnswers,
    /// Word of files that are being sent.
    FilesArrive,
    /// What the room says of the inbox.
    InboxAnswers,
    /// What the edge says of conversations.
    ArchiveAnswers,
    /// What the agent says of itself.
    EnquiryAnswers,
    /// A timer of Claude's that is due.
    TimerComes,
    /// The time shortly before one.
    TimerNears,
    /// The end of the time for which timers keep a slot that is wanted.
    SlotIsGiven,
    /// Anything at all.
    SessionSleeps,
    /// The end of the turn, when the session is to end.
    SessionEnds,
}

impl Why {
    /// Returns the deadline.
    pub(in crate::session) fn at(self, at: Time) -> Deadline {
        Deadline { at, why: self }
    }
}

/// Returns the deadline that comes first.
pub(in crate::session) fn first(
    deadlines: impl IntoIterator<Item = Option<Deadline>>,
) -> Option<Deadline> {
    let deadlines = deadlines.into_iter().flatten();
    deadlines.min_by_key(|deadline| deadline.at)
}
