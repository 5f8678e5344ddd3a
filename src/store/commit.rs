//! One record of the log: what changes together.

use serde::{Deserialize, Serialize};

use super::journal::Change;
use super::keyed::KeyedChange;
use super::log::Frame;
use super::record::RecordError;

/// What one call changes, in both parts of the store; on disk in whole or not at all.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Commit {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) journal: Vec<Change>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) keyed: Vec<KeyedChange>,
}

/// The first record of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    /// The layout of what follows.
    pub(super) log: u32,
    /// sled has every keyed change up to this record: the log does not.
    pub(super) keyed: u64,
    /// How many records behind this one belong to the snapshot.
    pub(super) snapshot: usize,
}

impl Commit {
    pub(super) fn of_journal(journal: Vec<Change>) -> Self {
        let keyed = Vec::new();
        Self { journal, keyed }
    }

    pub(super) fn of_keyed(keyed: Vec<KeyedChange>) -> Self {
        let journal = Vec::new();
        Self { journal, keyed }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.journal.is_empty() && self.keyed.is_empty()
    }

    pub(super) fn decode(payload: &[u8]) -> Result<Self, RecordError> {
        serde_json::from_slice(payload).map_err(|error| RecordError::Damaged(error.to_string()))
    }
}

impl Head {
    pub(super) fn decode(payload: &[u8]) -> Option<Self> {
        serde_json::from_slice(payload).ok()
    }
}

/// Writes what a record says as the bytes of the log.
pub(super) fn frame_of(
    seq: u64,
    synced: u64,
    record: &impl Serialize,
) -> Result<Vec<u8>, RecordError> {
    let unwritable = |reason: &dyn std::fmt::Display| RecordError::Unwritable(reason.to_string());
    let payload = serde_json::to_vec(record).map_err(|error| unwritable(&error))?;
    let frame = Frame {
        seq,
        synced,
        payload: &payload,
    };
    frame.encode().ok_or_else(|| unwritable(&"it is too large"))
}
