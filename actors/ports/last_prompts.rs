//! What is asked about the prompts of a conversation, and what the disk says.

use actix::prelude::*;

use crate::chat_settings::Wall;
use crate::ids::{ConversationId, PromptId, SessionKey};

/// Which prompts to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadPrompts {
    /// Whose room the conversation may lie in.
    pub room: SessionKey,
    /// What stands around the agents that have it.
    pub wall: Wall,
    /// The conversation.
    pub conversation: ConversationId,
    /// The instruction that waits for it.
    pub asked_in: PromptId,
}

/// The last prompts of a conversation; sent by the edge to the session.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct PromptsRead {
    /// The instruction that waits for it.
    pub asked_in: PromptId,
    /// At most [`MOST_PROMPTS`], the newest first; or why they cannot be read, as the system says it.
    pub outcome: Result<Vec<SaidPrompt>, String>,
}

/// How many prompts of a conversation are looked for.
pub const MOST_PROMPTS: usize = 10;

/// A prompt of a conversation, as Claude has written it down: agents can write there too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidPrompt {
    /// Its id towards the agent; letters, digits and `-`.
    pub id: PromptId,
    /// How it begins, at most 200 characters.
    pub text: String,
}
