//! What can happen to a session.

use crate::agent_event::AgentEvent;
use crate::clock::Time;
use crate::ids::{DraftId, Generation, MessageId, PostId, PromptId, SessionKey};
use crate::outbox::FilesOutcome;
use crate::ports::{ArchiveDone, FilesTaken, InboxDone, Open, PromptsRead, SparesDone};
use crate::sent_file::{FetchFault, Fetched, HearingFault};
use crate::session::settings::SessionSettings;
use crate::session::{Instruct, Revoke, TakeOver};

/// One thing that happened to a session.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The files of a prompt have come, or cannot be had.
    Fetched {
        /// The prompt.
        prompt: PromptId,
        /// The files in their order, or why one cannot be had without which the prompt does not run.
        outcome: Result<Vec<Fetched>, FetchFault>,
    },
    /// What is said in a file of a prompt is written down, or cannot be.
    Heard {
        /// The prompt.
        prompt: PromptId,
        /// The words, or why there are none.
        outcome: Result<String, HearingFault>,
    },
    /// The person wants something.
    Instructed(Instruct),
    /// A post with buttons became a message.
    Shown {
        /// The post.
        post: PostId,
        /// The message.
        message: MessageId,
    },
    /// Telegram will not show a draft.
    DraftRefused(DraftId),
    /// Files were copied to be sent, or not.
    FilesTaken(FilesTaken),
    /// The inbox was looked into, or something taken out of it.
    InboxDone(InboxDone),
    /// What an undo is about to change was kept, or put back, or not.
    SparesDone(SparesDone),
    /// The last prompts of the conversation were read, or not.
    PromptsRead(PromptsRead),
    /// Conversations were looked up, or something was done with one.
    ArchiveDone(Box<ArchiveDone>),
    /// A post of files is over.
    FilesSettled {
        /// The post.
        post: PostId,
        /// How it ended.
        outcome: FilesOutcome,
    },
    /// An agent reported.
    Agent(Generation, AgentEvent),
    /// A slot was granted: an agent may be started.
    SlotGranted,
    /// A slot has to be waited for.
    SlotDelayed { ahead: usize },
    /// An idle agent is to make room.
    YieldAsked,
    /// A person may no longer come in.
    Revoked(Revoke),
    /// The configuration changed.
    Configured(SessionSettings),
    /// The chat has another id.
    Moved(SessionKey),
    /// The bridge stops; a running turn may go on until then.
    EndAsked { deadline: Time },
    /// The moment that [`Machine::next_deadline`](super::machine::Machine::next_deadline) named
    /// may have come.
    DeadlineReached,
    /// The bridge is locked down.
    LockedDown,
    /// The session takes over what was left open.
    TakenOver(TakeOver, Vec<Open>),
}

impl Event {
    /// Returns the prompts and other instructions that the event brings: from then on the session
    /// answers for them.
    pub(super) fn brings(&self) -> Vec<PromptId> {
        match self {
            Event::Instructed(instruction) => vec![instruction.id().clone()],
            Event::TakenOver(_, open) => open.iter().map(|open| open.id().clone()).collect(),
            Event::Shown { .. }
            | Event::Fetched { .. }
            | Event::Heard { .. }
            | Event::DraftRefused(_)
            | Event::FilesTaken(_)
            | Event::InboxDone(_)
            | Event::SparesDone(_)
            | Event::PromptsRead(_)
            | Event::ArchiveDone(_)
            | Event::FilesSettled { .. }
            | Event::Agent(..)
            | Event::SlotGranted
            | Event::SlotDelayed { .. }
            | Event::YieldAsked
            | Event::Revoked(_)
            | Event::Configured(_)
            | Event::Moved(_)
            | Event::EndAsked { .. }
            | Event::LockedDown
            | Event::DeadlineReached => Vec::new(),
        }
    }

    /// Returns the kind of the event for the log, without anything a person or Claude said.
    pub fn name(&self) -> &'static str {
        match self {
            Event::Instructed(_) => "instructed",
            Event::Fetched { .. } => "fetched",
            Event::Heard { .. } => "heard",
            Event::Shown { .. } => "shown",
            Event::DraftRefused(_) => "draft refused",
            Event::FilesTaken(_) => "files taken",
            Event::InboxDone(_) => "inbox done",
            Event::SparesDone(_) => "spares done",
            Event::PromptsRead(_) => "prompts read",
            Event::ArchiveDone(_) => "archive done",
            Event::FilesSettled { .. } => "files settled",
            Event::Agent(..) => "agent",
            Event::SlotGranted => "slot granted",
            Event::SlotDelayed { .. } => "slot delayed",
            Event::YieldAsked => "yield asked",
            Event::Revoked(_) => "revoked",
            Event::Configured(_) => "configured",
            Event::Moved(_) => "moved",
            Event::EndAsked { .. } => "end asked",
            Event::LockedDown => "locked down",
            Event::DeadlineReached => "deadline reached",
            Event::TakenOver(TakeOver::EarlierRun, _) => "taken over from an earlier run",
            Event::TakenOver(TakeOver::OtherSession, _) => "taken over from another session",
            Event::TakenOver(TakeOver::Lockdown, _) => "taken over after a lockdown",
            Event::TakenOver(TakeOver::BrokenValue { .. }, _) => "taken over from a broken value",
        }
    }
}
