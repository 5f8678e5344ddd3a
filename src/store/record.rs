//! Pure: records to versioned bytes and back; old versions stay readable.
//!
//! A value is one JSON object with its version in `v`. A field that a later version adds has a
//! default, so that older bytes still have a meaning; bytes of a newer version are an error.

mod lockdown;
mod session;
mod spending;

use bridge_actors::clock::UnixSeconds;
use bridge_actors::ids::{ChatId, MessageId, SessionKey, TopicId, UserId};
use bridge_actors::ports::{
    Admitter, GroupRecord, GroupStanding, JoinRequest, RequestMessage, Standing, UserRecord,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use lockdown::{LOCKDOWN_KEY, decode_lockdown, encode_lockdown};
pub use session::{decode_session, encode_session};
pub use spending::{
    SpentRecord, decode_spent, encode_spent, first_spending_key, read_spending_key, spending_key,
};

#[cfg(test)]
mod tests;

/// Larger values go to files of their own, which sled does not sync.
pub const MAX_VALUE_BYTES: usize = 8 * 1024;

/// The tree of sessions.
pub const SESSIONS: &str = "sessions";
/// The tree of users.
pub const USERS: &str = "users";
/// The tree of groups.
pub const GROUPS: &str = "groups";
/// The tree of what holds for the whole bridge.
pub const BRIDGE: &str = "bridge";
/// The tree of what was spent.
pub const SPENDING: &str = "spending";

/// The version that is written.
pub(super) const VERSION: u32 = 1;

/// Why bytes or a record could not be converted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The bytes are not a record.
    #[error("the bytes are not a record: {0}")]
    Damaged(String),
    /// The bytes are of a version that this bridge does not know.
    #[error("the record has version {found}; this bridge knows up to {VERSION}")]
    Newer {
        /// The version in the bytes.
        found: u32,
    },
    /// The record is too large.
    #[error("the record has {found} bytes; the limit is {MAX_VALUE_BYTES}")]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_seen: Option<u64>,
    /// Why somebody who is not active is not; missing in records of the first bridges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kept_out: Option<StoredKeptOut>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    admitted_by: Option<StoredAdmitter>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredKeptOut {
    Waiting {
        nonce: String,
        #[serde(default)]
        cards: Vec<(i64, i64)>,
    },
    Declined,
    Deactivated,
    Removed,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredAdmitter {
    Admin(i64),
    Host,
}

#[derive(Serialize, Deserialize)]
struct StoredGroup {
    v: u32,
    chat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    allowed_by: Option<i64>,
    // A record that says nothing is one of a group that nobody has allowed in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    leave_at: Option<u64>,
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

/// Reads the key of a session.
pub fn read_session_key(bytes: &[u8]) -> Option<SessionKey> {
    let (chat, topic) = bytes.split_first_chunk()?;
    let number = |bytes: [u8; 8]| i64::from_be_bytes(bytes) ^ i64::MIN;
    let topic = match topic {
        [] => None,
        topic => Some(TopicId(number(topic.try_into().ok()?))),
    };
    let chat = ChatId(number(*chat));
    Some(SessionKey { chat, topic })
}

/// Returns what the keys of all sessions of a chat begin with, and the keys of no other.
pub fn chat_prefix(chat: ChatId) -> [u8; 8] {
    ordered(chat.0)
}

/// Returns the key of a group.
pub fn group_key(chat: ChatId) -> [u8; 8] {
    ordered(chat.0)
}

/// Returns the key of a user.
pub fn user_key(user: UserId) -> [u8; 8] {
    ordered(user.0)
}

/// Returns big-endian bytes that sort like the number, negative ones first.
pub(super) fn ordered(number: i64) -> [u8; 8] {
    (number ^ i64::MIN).to_be_bytes()
}

/// Says whether bytes are a record of the kind that a tree holds.
pub fn check_record(tree: &str, bytes: &[u8]) -> Result<(), RecordError> {
    match tree {
        SESSIONS => decode_session(bytes).map(drop),
        USERS => decode_user(bytes).map(drop),
        GROUPS => decode_group(bytes).map(drop),
        BRIDGE => decode_lockdown(bytes).map(drop),
        SPENDING => decode_spent(bytes).map(drop),
        _ => Err(RecordError::Damaged(format!("there is no tree {tree}"))),
    }
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
        is_active: record.is_active(),
        is_admin: record.is_admin,
        language: record.language.clone(),
        last_seen: record.last_seen.map(|at| at.0),
        kept_out: StoredKeptOut::of(&record.standing),
        admitted_by: record.admitted_by.map(StoredAdmitter::of),
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
        language: stored.language,
        created_at: UnixSeconds(stored.created_at),
        last_seen: stored.last_seen.map(UnixSeconds),
        standing: match (stored.is_active, stored.kept_out) {
            (true, None) => Standing::Active,
            (false, None) => Standing::Deactivated,
            // A record that contradicts itself lets nobody in.
            (_, Some(kept_out)) => kept_out.standing(),
        },
        admitted_by: stored.admitted_by.map(|admitter| match admitter {
            StoredAdmitter::Admin(user) => Admitter::Admin(UserId(user)),
            StoredAdmitter::Host => Admitter::Host,
        }),
        is_admin: stored.is_admin,
    })
}

/// Writes the record of a group.
pub fn encode_group(record: &GroupRecord) -> Result<Vec<u8>, RecordError> {
    let (allowed_by, leave_at) = match record.standing {
        GroupStanding::Allowed { by } => (Some(by.0), None),
        GroupStanding::Pending { leave_at } => (None, Some(leave_at.0)),
    };
    encode(&StoredGroup {
        v: VERSION,
        chat: record.chat.0,
        allowed_by,
        leave_at,
    })
}

/// Reads the record of a group.
pub fn decode_group(bytes: &[u8]) -> Result<GroupRecord, RecordError> {
    let stored: StoredGroup = decode(bytes)?;
    let standing = match (stored.allowed_by, stored.leave_at) {
        (Some(by), None) => GroupStanding::Allowed { by: UserId(by) },
        (_, leave_at) => GroupStanding::Pending {
            leave_at: UnixSeconds(leave_at.unwrap_or(0)),
        },
    };
    Ok(GroupRecord {
        chat: ChatId(stored.chat),
        standing,
    })
}

impl StoredKeptOut {
    fn of(standing: &Standing) -> Option<Self> {
        match standing {
            Standing::Active => None,
            Standing::Waiting(request) => Some(Self::Waiting {
                nonce: request.nonce.clone(),
                cards: (request.messages.iter())
                    .map(|card| (card.chat.0, card.message.0))
                    .collect(),
            }),
            Standing::Declined => Some(Self::Declined),
            Standing::Deactivated => Some(Self::Deactivated),
            Standing::Removed => Some(Self::Removed),
        }
    }

    fn standing(self) -> Standing {
        match self {
            Self::Waiting { nonce, cards } => Standing::Waiting(JoinRequest {
                nonce,
                messages: (cards.into_iter())
                    .map(|(chat, message)| RequestMessage {
                        chat: ChatId(chat),
                        message: MessageId(message),
                    })
                    .collect(),
            }),
            Self::Declined => Standing::Declined,
            Self::Deactivated => Standing::Deactivated,
            Self::Removed => Standing::Removed,
        }
    }
}

impl StoredAdmitter {
    fn of(admitter: Admitter) -> Self {
        match admitter {
            Admitter::Admin(user) => Self::Admin(user.0),
            Admitter::Host => Self::Host,
        }
    }
}

pub(super) fn encode(stored: &impl Serialize) -> Result<Vec<u8>, RecordError> {
    let bytes =
        serde_json::to_vec(stored).map_err(|error| RecordError::Unwritable(error.to_string()))?;
    if bytes.len() > MAX_VALUE_BYTES {
        return Err(RecordError::TooLarge { found: bytes.len() });
    }
    Ok(bytes)
}

pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RecordError> {
    let damaged = |error: serde_json::Error| RecordError::Damaged(error.to_string());
    let Versioned { v } = serde_json::from_slice(bytes).map_err(damaged)?;
    if v > VERSION {
        return Err(RecordError::Newer { found: v });
    }
    serde_json::from_slice(bytes).map_err(damaged)
}
