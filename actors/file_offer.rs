//! Files that an agent offers to the person, in our words; the wire format stays in the Claude edge.

use crate::permission_request::Json;

/// The tool by which an agent sends files; the name of the bridge's server comes before it on the
/// wire.
pub const SEND_FILE: &str = "send_file";

/// The most files of one offer.
pub const MAX_FILES: usize = 10;

/// The longest caption, in UTF-16 units: Telegram takes 1024, and a mark may come before it.
pub const MAX_CAPTION: usize = 1000;

/// The call of a tool of the bridge, which waits for its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// The request that carries it.
    pub request: String,
    /// Its own name, by which the agent takes it back.
    pub id: Json,
}

/// What a call came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolResult {
    /// What the agent is told.
    pub text: String,
    /// Whether it did what was asked.
    pub fate: ToolFate,
}

/// Whether a call did what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolFate {
    /// It did.
    Done,
    /// It did not, or not wholly, or nobody knows.
    Failed,
}

/// Files that an agent wants sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOffer {
    /// The call that waits for it.
    pub call: ToolCall,
    /// Where they lie, as the agent says it: 1 to [`MAX_FILES`].
    pub paths: Vec<String>,
    /// A line below them; may be empty.
    pub caption: String,
    /// What they are sent as.
    pub wish: FileWish,
}

/// What files are sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileWish {
    /// Pictures that the chat can show as such, all else as a document.
    Fitting,
    /// All as a document, which nobody makes smaller on the way.
    Document,
}
