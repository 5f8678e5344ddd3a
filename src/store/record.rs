//! Pure: records to bytes and back. Each value says its version; old versions stay readable.

use std::path::PathBuf;

use bridge_actors::clock::UnixSeconds;
use bridge_actors::ids::{ChatId, ConversationId, SessionKey, TopicId, UserId};
use bridge_actors::ports::{SessionRecord, UserRecord};
use serde::{Deserialize, Serialize};

/// The largest value; larger things are files.
pub const MAX_VALUE_BYTES: usize = 8 * 1024;

/// The version that is written.
const VERSION: u32 = 1;

/// The longest name that is kept of what Telegram says a person is called.
const MAX_NAME_CHARS: usize = 256;

/// A stored value cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It is no record of ours.
    #[error("the record is unreadable: {0}")]
    Unreadable(String),
    /// A newer bridge wrote it.
    #[error("the record has version {0}, and this bridge knows up to {VERSION}")]
    Newer(u32),
    /// It is too large to store.
    #[error("the record has {0} bytes, and {MAX_VALUE_BYTES} fit")]
    TooLarge(usize),
    /// A path is no text.
    #[error("the folder {0} has a name that is not UTF-8")]
    Path(String),
}

#[derive(Serialize, Deserialize)]
struct StoredSession {
    v: u32,
    #[serde(default)]
    conversation: Option<String>,
    folder: String,
}

#[derive(Serialize, Deserialize)]
struct StoredUser {
    v: u32,
    user_id: i64,
    chat_id: i64,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    created_at: u64,
    is_active: bool,
    is_admin: bool,
}

/// Returns the key of a session: chat and topic, so that a chat's topics lie together.
pub fn session_key(key: SessionKey) -> Vec<u8> {
    let mut bytes = ordered(key.chat.0).to_vec();
    if let Some(TopicId(topic)) = key.topic {
        bytes.extend(ordered(topic));
    }
    bytes
}

/// Returns the key of a user.
pub fn user_key(user: UserId) -> [u8; 8] {
    ordered(user.0)
}

/// Turns a number into bytes that sort as the number does.
fn ordered(number: i64) -> [u8; 8] {
    (number ^ i64::MIN).to_be_bytes()
}

/// Encodes a session.
pub fn encode_session(record: &SessionRecord) -> Result<Vec<u8>, RecordError> {
    let folder = record.folder.to_str();
    let folder = folder.ok_or_else(|| RecordError::Path(record.folder.display().to_string()))?;
    encode(&StoredSession {
        v: VERSION,
        conversation: record.conversation.as_ref().map(|id| id.0.clone()),
        folder: folder.to_owned(),
    })
}

/// Decodes a session.
pub fn decode_session(bytes: &[u8]) -> Result<SessionRecord, RecordError> {
    let stored: StoredSession = decode(bytes)?;
    Ok(SessionRecord {
        conversation: stored.conversation.map(ConversationId),
        folder: PathBuf::from(stored.folder),
    })
}

/// Encodes a user; overlong names are cut.
pub fn encode_user(record: &UserRecord) -> Result<Vec<u8>, RecordError> {
    encode(&StoredUser {
        v: VERSION,
        user_id: record.user.0,
        chat_id: record.chat.0,
        username: record.username.as_deref().map(cut),
        first_name: cut(&record.first_name),
        created_at: record.created_at.0,
        is_active: record.is_active,
        is_admin: record.is_admin,
    })
}

/// Decodes a user.
pub fn decode_user(bytes: &[u8]) -> Result<UserRecord, RecordError> {
    let stored: StoredUser = decode(bytes)?;
    Ok(UserRecord {
        user: UserId(stored.user_id),
        chat: ChatId(stored.chat_id),
        username: stored.username,
        first_name: stored.first_name,
        created_at: UnixSeconds(stored.created_at),
        is_active: stored.is_active,
        is_admin: stored.is_admin,
    })
}

fn cut(name: &str) -> String {
    name.chars().take(MAX_NAME_CHARS).collect()
}

fn encode(value: &impl Serialize) -> Result<Vec<u8>, RecordError> {
    let bytes =
        serde_json::to_vec(value).map_err(|error| RecordError::Unreadable(error.to_string()))?;
    if bytes.len() > MAX_VALUE_BYTES {
        return Err(RecordError::TooLarge(bytes.len()));
    }
    Ok(bytes)
}

fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, RecordError> {
    #[derive(Deserialize)]
    struct Versioned {
        v: u32,
    }
    let unreadable = |error: serde_json::Error| RecordError::Unreadable(error.to_string());
    let Versioned { v } = serde_json::from_slice(bytes).map_err(unreadable)?;
    if v > VERSION {
        return Err(RecordError::Newer(v));
    }
    serde_json::from_slice(bytes).map_err(unreadable)
}

#[cfg(test)]
mod tests;
