//! What a session wants done.

use std::path::PathBuf;

use crate::audit::AuditEntry;
use crate::ids::{PromptId, UserId};
use crate::money::Day;
use crate::outbox::{Post, Sign};
use crate::ports::{
    AgentInput, ArchiveOrder, InboxOrder, JournalEntry, LaunchOrder, ReadPrompts, SessionRecord,
    SpareOrder, TakeFiles,
};
use crate::sent_file::SentFile;
use crate::session_supervisor::SlotChange;

/// One thing for the session actor to perform, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Write this down, before anything else of the step but what is remembered.
    Journal(JournalEntry),
    /// Start an agent and keep its handle.
    Launch(LaunchOrder),
    /// Put a line on the agent's input; a prompt only once it is on disk that it was started.
    Write(AgentInput),
    /// Send the agent SIGINT.
    SignalInterrupt,
    /// End the agent with its whole process tree; its exit is still reported.
    KillAgent,
    /// The agent is gone: drop its handle.
    ForgetAgent,
    /// Bring the files of a prompt into the inbox; how that ends is an event.
    Fetch {
        /// The prompt.
        prompt: PromptId,
        /// Its files.
        files: Vec<SentFile>,
    },
    /// Write down what is said in a file of a prompt; how that ends is an event.
    Listen {
        /// The prompt.
        prompt: PromptId,
        /// Where the file lies.
        file: PathBuf,
    },
    /// Listen no longer for a prompt.
    StopListening {
        /// The prompt.
        prompt: PromptId,
    },
    /// Store this record.
    Remember(SessionRecord),
    /// Post this.
    Post(Post),
    /// Give this sign.
    Sign(Sign),
    /// Put this into the audit log.
    Audit(AuditEntry),
    /// Copy files that are to be sent, and say what became of it.
    TakeFiles(TakeFiles),
    /// Look into the inbox, or take something out of it, and say what became of it.
    Inbox(InboxOrder),
    /// Read the last prompts of a conversation, and say which they are.
    ReadPrompts(ReadPrompts),
    /// Keep what an undo is about to change, or put it back, and say what became of it.
    Spare(SpareOrder),
    /// Look after the conversations on disk, and say what became of it.
    LookUp(Box<ArchiveOrder>),
    /// Remove copies of files that will not be sent.
    ReleaseFiles(Vec<String>),
    /// Say to whoever can change it that a person may begin no further turn today.
    SayUsedUp {
        /// The person.
        by: UserId,
        /// Today.
        day: Day,
    },
    /// Tell the supervisor about the slot.
    Slot(SlotChange),
    /// The session has ended: stop the actor.
    Finish,
}
