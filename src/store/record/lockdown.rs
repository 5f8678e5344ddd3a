//! The record of a lockdown.

use bridge_actors::clock::UnixSeconds;
use bridge_actors::ids::UserId;
use bridge_actors::ports::Lockdown;
use serde::{Deserialize, Serialize};

use super::{RecordError, VERSION, decode, encode};

/// The key of the lockdown, in the tree of what holds for the whole bridge.
pub const LOCKDOWN_KEY: &[u8] = b"lockdown";

#[derive(Serialize, Deserialize)]
struct StoredLockdown {
    v: u32,
    by: i64,
    since: u64,
}

/// Writes the record of a lockdown.
pub fn encode_lockdown(record: &Lockdown) -> Result<Vec<u8>, RecordError> {
    encode(&StoredLockdown {
        v: VERSION,
        by: record.by.0,
        since: record.since.0,
    })
}

/// Reads the record of a lockdown.
pub fn decode_lockdown(bytes: &[u8]) -> Result<Lockdown, RecordError> {
    let stored: StoredLockdown = decode(bytes)?;
    Ok(Lockdown {
        by: UserId(stored.by),
        since: UnixSeconds(stored.since),
    })
}
