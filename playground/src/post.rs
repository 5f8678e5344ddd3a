//! What a chat shows: posts with their text, file, buttons and reactions, and the streaming draft.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The time a draft stays visible after its last revision.
pub(crate) const DRAFT_LIFE: Duration = Duration::from_secs(30);

/// Who wrote a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Author {
    Bot,
    /// A person, by user id.
    Person(i64),
}

/// One message of a chat, as it looks at the time of the snapshot.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Post {
    pub chat_id: i64,
    pub message_id: i64,
    pub author: Author,
    /// The Unix time of sending, in seconds.
    pub date: i64,
    /// The text of the message, or the caption of a file.
    pub text: String,
    /// The formatting entities as Telegram's JSON; offsets count UTF-16 units.
    pub entities: Vec<Value>,
    pub attachment: Option<Attachment>,
    /// Further fields of the message as Telegram's JSON, such as `contact`.
    pub fields: Map<String, Value>,
    /// The inline keyboard, row by row.
    pub buttons: Vec<Vec<Button>>,
    /// The `reply_markup` as the bot sent it.
    pub reply_markup: Option<Value>,
    pub reply_to: Option<i64>,
    pub thread_id: Option<i64>,
    /// The emoji the bot reacted with.
    pub reactions: Vec<String>,
    /// The number of edits that changed something.
    pub edits: usize,
    /// The texts this post had before its last edit, oldest first.
    pub earlier_texts: Vec<String>,
    pub deleted: bool,
    pub pinned: bool,
    /// Whether it was sent without a notification sound.
    pub silent: bool,
    #[serde(skip, default = "Instant::now")]
    pub sent_at: Instant,
    #[serde(skip, default = "Instant::now")]
    pub changed_at: Instant,
    /// The world revision of the last change, for incremental readers.
    #[serde(skip, default = "first_revision")]
    pub(crate) revision: u64,
}

fn first_revision() -> u64 {
    1
}

impl Post {
    /// Returns whether the bot wrote this post.
    pub fn is_by_bot(&self) -> bool {
        self.author == Author::Bot
    }

    /// Returns the first inline button whose label or callback data equals `wanted`.
    pub fn button(&self, wanted: &str) -> Option<&Button> {
        let mut all = self.buttons.iter().flatten();
        all.find(|button| button.label == wanted || button.data.as_deref() == Some(wanted))
    }
}

/// One inline button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    pub label: String,
    /// The callback data; `None` for a link button.
    pub data: Option<String>,
    pub url: Option<String>,
    /// `danger`, `success` or `primary`.
    pub style: Option<String>,
}

/// What kind of file a post carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttachmentKind {
    Document,
    Photo,
    Sticker,
    Video,
    /// A film without sound.
    Animation,
    Audio,
    /// A recorded voice.
    Voice,
    /// A round film of whoever speaks.
    VideoNote,
}

/// A stored file; the same bytes are served by `getFile` and its download link.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attachment {
    pub kind: AttachmentKind,
    pub file_id: String,
    /// The path a download link contains, such as `documents/file_3.txt`.
    pub file_path: String,
    pub file_name: String,
    pub mime_type: String,
    #[serde(skip, default = "no_bytes")]
    pub bytes: Arc<[u8]>,
}

fn no_bytes() -> Arc<[u8]> {
    Arc::from([])
}

/// The streaming draft of a private chat.
#[derive(Debug, Clone)]
pub struct Draft {
    pub draft_id: i64,
    pub text: String,
    pub entities: Vec<Value>,
    pub thread_id: Option<i64>,
    /// Whether the person may press Stop.
    pub can_stop: bool,
    /// Whether it stays until the next message when they do.
    pub keep_on_stop: bool,
    pub revised_at: Instant,
    pub revisions: usize,
}

impl Draft {
    pub(crate) fn is_visible(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.revised_at) < DRAFT_LIFE
    }
}
