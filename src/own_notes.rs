//! What the bridge itself notes in a chat's room, beside what the chat has there.

/// The conversations that the chat has begun or gone on with, one id a line.
pub(crate) const BEGUN: &str = "conversations";

/// What is known of the transcripts of the chat's folder.
pub(crate) const INDEX: &str = "conversations.index";

/// All of it: nobody counts it among what a chat has left.
pub(crate) const ALL: [&str; 2] = [BEGUN, INDEX];
