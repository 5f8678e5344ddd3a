//! The record of what somebody spent on a day in one session.

use bridge_actors::ids::{SessionKey, UserId};
use bridge_actors::money::{Day, Spent};
use serde::{Deserialize, Serialize};

use super::{RecordError, VERSION, decode, encode, ordered, read_session_key, session_key};

/// What was spent, and how long that is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SpentRecord {
    /// What.
    pub spent: Spent,
    /// Whether it goes with its day: its person has deleted what they had.
    pub goes_with_day: bool,
}

#[derive(Serialize, Deserialize)]
struct StoredSpent {
    v: u32,
    #[serde(default)]
    turns: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    unknown: u64,
    #[serde(default)]
    cost: u64,
    #[serde(default)]
    dearest: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    tokens: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    allowed_to: u64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    goes_with_day: bool,
}

/// Returns the key of what was spent: the day, the person, the session. Days stand in their order.
pub fn spending_key(day: Day, by: UserId, key: SessionKey) -> Vec<u8> {
    let mut bytes = first_spending_key(day);
    bytes.extend(ordered(by.0));
    bytes.extend(session_key(key));
    bytes
}

/// Returns what stands before all keys of a day, and behind those of the day before.
pub fn first_spending_key(day: Day) -> Vec<u8> {
    day.0.to_be_bytes().to_vec()
}

/// Reads the key of what was spent.
pub fn read_spending_key(bytes: &[u8]) -> Option<(Day, UserId, SessionKey)> {
    let (day, rest) = bytes.split_first_chunk()?;
    let (user, session) = rest.split_first_chunk()?;
    let user = UserId(i64::from_be_bytes(*user) ^ i64::MIN);
    Some((
        Day(u32::from_be_bytes(*day)),
        user,
        read_session_key(session)?,
    ))
}

/// Writes the record of what was spent.
pub fn encode_spent(record: &SpentRecord) -> Result<Vec<u8>, RecordError> {
    encode(&StoredSpent {
        v: VERSION,
        turns: record.spent.turns,
        unknown: record.spent.unknown,
        cost: record.spent.cost,
        dearest: record.spent.dearest,
        tokens: record.spent.tokens,
        allowed_to: record.spent.allowed_to,
        goes_with_day: record.goes_with_day,
    })
}

/// Reads the record of what was spent.
pub fn decode_spent(bytes: &[u8]) -> Result<SpentRecord, RecordError> {
    let stored: StoredSpent = decode(bytes)?;
    Ok(SpentRecord {
        spent: Spent {
            turns: stored.turns,
            unknown: stored.unknown,
            cost: stored.cost,
            dearest: stored.dearest,
            tokens: stored.tokens,
            allowed_to: stored.allowed_to,
        },
        goes_with_day: stored.goes_with_day,
    })
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}
