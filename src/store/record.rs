//! Pure: records to versioned bytes and back; old versions stay readable.
//!
//! A value is one JSON object with its version in `v`. A field that a later version adds has a
//! default, so that older bytes still have a meaning; bytes of a newer version are an error.

use std::path::PathBuf;

use bridge_actors::clock::UnixSeconds;
use bridge_actors::ids::{ChatId, ConversationId, SessionKey, UserId};
use bridge_actors::ports::{SessionRecord, UserRecord};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// Larger values go to files of their own, which sled does not sync.
pub const MAX_VALUE_BYTES: usize = 8 * 1024;

/// The version that is written.
const VERSION: u32 = 1;

/// Why bytes or a record could not be converted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The bytes are not a record.
    #[error("the bytes are not a record: {0}")]
    Damaged(String),
    /// The bytes are of a version that this bridge does not know.
    #[error("the record has version {found}, and this bridge knows up to {VERSION}")]
    Newer {
        /// The version in the bytes.
        found: u32,
    },
    /// The record is too large.
    #[error("the record has {found} bytes, and {MAX_VALUE_BYTES} are allowed")]
    TooLarge {
        /// Its size.
        found: usize,
    },
    /// The record has a path that is not UTF-8.
    #[error("the record cannot be written as JSON: {0}")]
    Unwritable(String),
}

#[derive(Deserialize)]
struct Versioned {
    v: u32,
}

#[derive(Serialize, Deserialize)]
struct StoredSession {
    v: u32,
    #[serde(default)]
    conversation: Option<String>,
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct StoredUser {
    v: u32,
    user: i64,
    chat: i64,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    created_at: u64,
    // A record that does not say so lets nobody in.
    #[serde(default)]
    is_active: bool,
    #[serde(default)]
    is_admin: bool,
}

/// Returns the key of a session: the chat, then the topic when there is one.
///
/// Keys sort like their numbers, and all sessions of a chat stand together.
pub fn session_key(key: SessionKey) -> Vec<u8> {
    let mut bytes = ordered(key.chat.0).to_vec();
    if let Some(topic) = key.topic {
        bytes.extend(ordered(topic.0));
    }
    bytes
}

/// Returns the key of a user.
pub fn user_key(user: UserId) -> [u8; 8] {
    ordered(user.0)
}

/// Returns big-endian bytes that sort like the number, negative ones first.
fn ordered(number: i64) -> [u8; 8] {
    (number ^ i64::MIN).to_be_bytes()
}

/// Writes the record of a session.
pub fn encode_session(record: &SessionRecord) -> Result<Vec<u8>, RecordError> {
    encode(&StoredSession {
        v: VERSION,
        conversation: record.conversation.as_ref().map(|id| id.0.clone()),
        folder: record.folder.clone(),
    })
}

/// Reads the record of a session.
pub fn decode_session(bytes: &[u8]) -> Result<SessionRecord, RecordError> {
    let stored: StoredSession = decode(bytes)?;
    Ok(SessionRecord {
        conversation: stored.conversation.map(ConversationId),
        folder: stored.folder,
    })
}

/// Writes the record of a user.
pub fn encode_user(record: &UserRecord) -> Result<Vec<u8>, RecordError> {
    encode(&StoredUser {
        v: VERSION,
        user: record.user.0,
        chat: record.chat.0,
        username: record.username.clone(),
        first_name: record.first_name.clone(),
        created_at: record.created_at.0,
        is_active: record.is_active,
        is_admin: record.is_admin,
    })
}

/// Reads the record of a user.
pub fn decode_user(bytes: &[u8]) -> Result<UserRecord, RecordError> {
    let stored: StoredUser = decode(bytes)?;
    Ok(UserRecord {
        user: UserId(stored.user),
        chat: ChatId(stored.chat),
        username: stored.username,
        first_name: stored.first_name,
        created_at: UnixSeconds(stored.created_at),
        is_active: stored.is_active,
        is_admin: stored.is_admin,
    })
}

fn encode(stored: &impl Serialize) -> Result<Vec<u8>, RecordError> {
    let bytes =
        serde_json::to_vec(stored).map_err(|error| RecordError::Unwritable(error.to_string()))?;
    if bytes.len() > MAX_VALUE_BYTES {
        return Err(RecordError::TooLarge { found: bytes.len() });
    }
    Ok(bytes)
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RecordError> {
    let damaged = |error: serde_json::Error| RecordError::Damaged(error.to_string());
    let Versioned { v } = serde_json::from_slice(bytes).map_err(damaged)?;
    if v > VERSION {
        return Err(RecordError::Newer { found: v });
    }
    serde_json::from_slice(bytes).map_err(damaged)
}
