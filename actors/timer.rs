//! A time at which Claude goes on by itself.

use crate::clock::UnixSeconds;
use crate::ids::ConversationId;

/// A time at which Claude goes on by itself, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// What Claude set.
    pub set: SetTimer,
    /// How much later than its pattern it comes, in seconds: Claude spreads them.
    pub late: u64,
    /// The conversation with which it comes back after its process; `None` if it does not.
    pub conversation: Option<ConversationId>,
}

/// A time at which Claude goes on by itself, as it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetTimer {
    /// Its name towards Claude.
    pub id: String,
    /// What is to be done then, as it is shown.
    pub what: String,
    /// How often it comes, in Claude's words; empty where it has none.
    pub rhythm: String,
    /// When it comes next.
    pub at: UnixSeconds,
    /// The pattern by which it comes again; `None` if it comes once.
    pub repeats: Option<String>,
    /// How long it lasts.
    pub lasts: Lasts,
}

/// How long a timer lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// As long as its process.
    Process,
    /// As long as its conversation, whose next process has it again.
    Conversation,
}

/// What Claude says of its timers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimerNews {
    /// This one is set.
    Set(SetTimer),
    /// This one is no more.
    Removed(String),
    /// These are all that last as long as the conversation.
    Are(Vec<SetTimer>),
    /// One has come.
    Came(Lasts),
}

impl Timer {
    /// Tells whether the next process that opens this conversation has it again.
    pub fn comes_back_with(&self, conversation: Option<&ConversationId>) -> bool {
        self.conversation.is_some() && self.conversation.as_ref() == conversation
    }
}
