//! Records of any size in values of at most eight kilobytes: sled puts larger ones into files of
//! their own, which nothing syncs.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use bridge_actors::ports::StoreError;

use super::super::record::{decode, encode};
use super::super::sled_store::store_error;
use super::keys::Slot;

/// How many bytes of a record's JSON go into one value. Quoted once more they at most double.
const PART_BYTES: usize = 4000;

#[derive(Serialize, Deserialize)]
struct StoredPart<'a> {
    v: u32,
    #[serde(borrow)]
    part: std::borrow::Cow<'a, str>,
}

/// Writes a record into its slot and returns into how many parts it was cut.
pub(super) fn put(
    batch: &mut sled::Batch,
    slot: Slot,
    record: &impl Serialize,
) -> Result<u16, StoreError> {
    put_text(batch, slot, &text_of(record)?)
}

/// Returns a record as the text that is cut into parts.
pub(super) fn text_of(record: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(record).map_err(|error| StoreError(error.to_string()))
}

/// Writes a record that is a text already.
pub(super) fn put_text(batch: &mut sled::Batch, slot: Slot, text: &str) -> Result<u16, StoreError> {
    let too_large = || StoreError("a record has too many parts".to_owned());
    let mut rest = text;
    let mut number = 0u16;
    while !rest.is_empty() {
        let (part, behind) = rest.split_at(rest.floor_char_boundary(PART_BYTES));
        let stored = StoredPart {
            v: super::super::record::VERSION,
            part: part.into(),
        };
        let bytes = encode(&stored).map_err(|error| StoreError(error.to_string()))?;
        batch.insert(slot.key(number), bytes);
        number = number.checked_add(1).ok_or_else(too_large)?;
        rest = behind;
    }
    Ok(number)
}

/// Removes the parts of a record.
pub(super) fn remove(batch: &mut sled::Batch, slot: Slot, parts: u16) {
    remove_from(batch, slot, 0, parts);
}

/// Removes the parts that a shorter record has left behind.
pub(super) fn remove_from(batch: &mut sled::Batch, slot: Slot, first: u16, parts: u16) {
    for part in first..parts {
        batch.remove(slot.key(part));
    }
}

/// Reads a record.
pub(super) fn read<T: DeserializeOwned>(
    tree: &sled::Tree,
    slot: Slot,
    parts: u16,
) -> Result<T, StoreError> {
    let damaged =
        |error: &dyn std::fmt::Display| StoreError(format!("the journal's {slot:?}: {error}"));
    let mut text = String::new();
    for part in 0..parts {
        let bytes = tree.get(slot.key(part)).map_err(store_error)?;
        let bytes = bytes.ok_or_else(|| damaged(&"a part is missing"))?;
        let stored: OwnedPart = decode(&bytes).map_err(|error| damaged(&error))?;
        text.push_str(&stored.part);
    }
    serde_json::from_str(&text).map_err(|error| damaged(&error))
}

#[derive(Deserialize)]
struct OwnedPart {
    part: String,
}
