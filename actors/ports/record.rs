//! What is kept of a session.

use std::path::PathBuf;

use crate::chat_settings::{Choices, Detail, Drafts, Rich, Trust};
use crate::clock::UnixSeconds;
use crate::ids::{ChatId, ConversationId, MessageId, PromptId, UserId};
use crate::login_end::LoginEnd;
use crate::rating::Ratings;
use crate::timer::Timer;

/// What is known of a session while it is not in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// The conversation that the next prompt resumes; `None` when it starts a new one.
    pub conversation: Option<ConversationId>,
    /// The folder in which that conversation works.
    pub folder: PathBuf,
    /// The id that the chat had when the session began, if it has another one since: folder and
    /// settings go by it.
    pub home: Option<ChatId>,
    /// Whose buttons are open: what a restart leaves of such a message says so.
    pub messages_with_buttons: Vec<MessageId>,
    /// The open page of a login, which ends with the bridge.
    pub login_page: Option<MessageId>,
    /// The message that shows the running turn, if there is one.
    pub turn_card: Option<TurnCard>,
    /// How much of its work the chat wants to see.
    pub detail: Detail,
    /// Whether its turns stream as drafts.
    pub drafts: Drafts,
    /// Whether its answers are rich messages.
    pub rich: Rich,
    /// What the chat has chosen for its turns.
    pub choices: Choices,
    /// Whether the folder's own configuration runs.
    pub trust: Trust,
    /// What people think of the bot's messages.
    pub ratings: Ratings,
    /// When it was last told how voice messages are transcribed.
    pub told_of_voice: Option<UnixSeconds>,
    /// Whether it knows that its agent's home is nearly full.
    pub is_told_of_home: bool,
    /// What it was told of the end of Claude's login.
    pub told_of_login: LoginEnd,
    /// What Claude does in the background, as it is shown; at most 32 of at most 80 characters.
    pub in_background: Vec<String>,
    /// When Claude goes on by itself; at most 16, each with at most 40 characters twice.
    pub timers: Vec<Timer>,
    /// Who wanted what it does in the background or at a time.
    pub works_for: Option<UserId>,
    /// What Claude should know, and what was told of what it does not.
    pub memory: Memory,
}

/// What Claude should know, and what was told of what it does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// A prompt that Claude has answered and that its conversation has to hold: the last one, where
    /// the session could write it down when its agent or the bridge ended.
    pub answered: Option<PromptId>,
    /// The settings files that Claude Code passes over, as they were told; at most 8 lines.
    pub passed_over: Vec<String>,
    /// Whether it was told that the conversation is nearly full.
    pub is_nearly_full: bool,
}

/// The message that shows a running turn: what a restart makes of it says that it was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnCard {
    /// The message.
    pub message: MessageId,
    /// The prompt of the turn.
    pub prompt: PromptId,
    /// The text that it showed last; at most 600 characters.
    pub text: String,
}
