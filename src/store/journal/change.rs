//! What a record of the log says about the journal.

use bridge_actors::ids::{PostId, PromptId, SessionKey, Trace};
use bridge_actors::session::{Instruct, Prompt};
use serde::{Deserialize, Serialize};

use super::plain;
use super::stored::{InstructForm, KeyForm, PromptForm, StoredPost, StoredStage};

/// One change of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::store) enum Change {
    /// A prompt is open that no agent has been given; its number is its place in the order. It
    /// takes the place of what is open under its id.
    Prompt {
        number: u64,
        #[serde(flatten, with = "KeyForm")]
        key: SessionKey,
        #[serde(with = "PromptForm")]
        prompt: Prompt,
    },
    /// Another instruction is open.
    Instruction {
        number: u64,
        #[serde(flatten, with = "KeyForm")]
        key: SessionKey,
        #[serde(with = "InstructForm")]
        instruction: Instruct,
    },
    /// How far a prompt has come.
    Stage {
        #[serde(with = "plain")]
        id: PromptId,
        stage: StoredStage,
    },
    /// It belongs to another session.
    Moved {
        #[serde(with = "plain")]
        id: PromptId,
        #[serde(flatten, with = "KeyForm")]
        key: SessionKey,
    },
    /// It is dealt with.
    Closed(#[serde(with = "plain")] PromptId),
    /// A post is kept, in place of what is kept under its name.
    Post { id: u64, post: StoredPost },
    /// This message of a post is about to leave.
    Departed { id: u64, part: usize },
    /// A post is delivered or given up.
    Settled(u64),
    /// These came, the oldest first.
    Came { what: Came, marks: Vec<Mark> },
}

/// What a mark in a window is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::store) enum Came {
    Update,
    Instruction,
    /// A message of the bot; it went.
    Sent,
}

/// What something that came is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(in crate::store) struct Mark(pub(in crate::store) u128);

impl From<Mark> for String {
    fn from(Mark(mark): Mark) -> Self {
        format!("{mark:032x}")
    }
}

impl TryFrom<String> for Mark {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u128::from_str_radix(&text, 16).map(Self)
    }
}

impl Mark {
    /// Ids are UUIDs; one that is not is known by its hash.
    pub(super) fn of(id: &PromptId) -> Self {
        let parsed = uuid::Uuid::parse_str(&id.0);
        let mark = parsed
            .unwrap_or_else(|_| uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, id.0.as_bytes()));
        Self(mark.as_u128())
    }

    pub(super) fn of_trace(trace: &Trace) -> Self {
        let mark = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, trace.0.as_bytes());
        Self(mark.as_u128())
    }
}

impl Change {
    /// Tells whether this writes the content of what is open under an id.
    pub(super) fn opens(&self, open: &PromptId) -> bool {
        match self {
            Self::Prompt { prompt, .. } => prompt.id == *open,
            Self::Instruction { instruction, .. } => instruction.id() == open,
            Self::Stage { .. }
            | Self::Moved { .. }
            | Self::Closed(_)
            | Self::Post { .. }
            | Self::Departed { .. }
            | Self::Settled(_)
            | Self::Came { .. } => false,
        }
    }

    /// Returns the post that this keeps under a name.
    pub(super) fn into_post(self, name: PostId) -> Option<StoredPost> {
        match self {
            Self::Post { id, post } if id == name.0 => Some(post),
            Self::Post { .. }
            | Self::Prompt { .. }
            | Self::Instruction { .. }
            | Self::Stage { .. }
            | Self::Moved { .. }
            | Self::Closed(_)
            | Self::Departed { .. }
            | Self::Settled(_)
            | Self::Came { .. } => None,
        }
    }
}
