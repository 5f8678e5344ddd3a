//! What the journal is told.

use super::{Body, Post};
use crate::ids::PostId;

/// Something that the journal is to note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum JournalNote {
    /// It is to keep this, in place of what it has under the same name.
    Keep(Post),
    /// What it has under this name gets another body.
    Change(PostId, Body),
    /// What it has under this name is delivered or given up.
    Settle(PostId),
}

/// The note that a message of a kept post is about to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DepartureNote {
    pub(super) id: PostId,
    pub(super) part: usize,
}
