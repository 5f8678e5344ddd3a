//! Reads the journal as it lay in sled before layout 4.
//!
//! A key is a kind of one letter and a number in big-endian bytes. What is open was cut into parts,
//! whose numbers come behind: sled puts large values into files of their own.

use std::collections::BTreeMap;

use bridge_actors::ids::SessionKey;
use bridge_actors::ports::StoreError;
use bridge_actors::session::{Instruct, Prompt};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::super::record::decode;
use super::super::sled_store::store_error;
use super::change::{Came, Change, Mark};
use super::stored::{InstructForm, KeyForm, PromptForm, StoredStage};

const PROMPT: u8 = b'p';
const STAGE: u8 = b's';
const INSTRUCTION: u8 = b'i';
const POST: u8 = b'o';
const DEPARTED: u8 = b'd';
const UPDATE_MARK: u8 = b'u';
const INSTRUCTION_MARK: u8 = b'v';

/// The records of one kind by their numbers, each with its parts put together.
type Records = BTreeMap<u64, Vec<u8>>;

#[derive(Deserialize)]
struct StoredPart {
    part: String,
}

#[derive(Deserialize)]
struct StoredPrompt {
    #[serde(flatten, with = "KeyForm")]
    key: SessionKey,
    #[serde(flatten, with = "PromptForm")]
    prompt: Prompt,
}

#[derive(Deserialize)]
struct StoredInstruction {
    #[serde(flatten, with = "KeyForm")]
    key: SessionKey,
    #[serde(rename = "wish", with = "InstructForm")]
    instruction: Instruct,
}

#[derive(Deserialize)]
struct StoredMark {
    mark: Mark,
}

#[derive(Deserialize)]
struct StoredDeparted {
    part: usize,
}

/// Returns the changes that bring the journal back as it lies there.
pub(in crate::store) fn read_layout_3(tree: &sled::Tree) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    for (letter, what) in [
        (UPDATE_MARK, Came::Update),
        (INSTRUCTION_MARK, Came::Instruction),
    ] {
        for (_, bytes) in records(tree, letter)? {
            let StoredMark { mark } = decoded(&bytes)?;
            let marks = vec![mark];
            changes.push(Change::Came { what, marks });
        }
    }
    let mut stages = records(tree, STAGE)?;
    for (number, bytes) in joined(tree, PROMPT)? {
        let StoredPrompt { key, prompt } = parsed(&bytes)?;
        let id = prompt.id.clone();
        changes.push(Change::Prompt {
            number,
            key,
            prompt,
        });
        let missing = || StoreError("the journal: a prompt has no stage".to_owned());
        let stage: StoredStage = decoded(&stages.remove(&number).ok_or_else(missing)?)?;
        changes.push(Change::Stage { id, stage });
    }
    for (number, bytes) in joined(tree, INSTRUCTION)? {
        let StoredInstruction { key, instruction } = parsed(&with_who(&bytes)?)?;
        changes.push(Change::Instruction {
            number,
            key,
            instruction,
        });
    }
    let mut departed = records(tree, DEPARTED)?;
    for (id, bytes) in joined(tree, POST)? {
        let post = parsed(&bytes)?;
        changes.push(Change::Post { id, post });
        if let Some(bytes) = departed.remove(&id) {
            let StoredDeparted { part } = decoded(&bytes)?;
            changes.push(Change::Departed { id, part });
        }
    }
    Ok(changes)
}

/// Puts the id of an instruction and its author, which lay beside what is wanted, into it.
fn with_who(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut stored: Map<String, Value> = parsed(bytes)?;
    let (id, by) = (stored.remove("id"), stored.remove("by"));
    let wishes = stored.get_mut("wish").and_then(Value::as_object_mut);
    for (_, wish) in wishes.into_iter().flatten() {
        wish["id"] = id.clone().unwrap_or_default();
        wish["by"] = by.clone().unwrap_or_default();
        wish["author"] = by.clone().unwrap_or_default();
    }
    serde_json::to_vec(&stored).map_err(|error| StoreError(format!("the journal: {error}")))
}

/// Returns the values of a kind that are not cut into parts.
fn records(tree: &sled::Tree, letter: u8) -> Result<Records, StoreError> {
    let mut records = Records::new();
    for entry in tree.scan_prefix([letter]) {
        let (key, value) = entry.map_err(store_error)?;
        let (number, _) = number_and_part(&key)?;
        records.insert(number, value.to_vec());
    }
    Ok(records)
}

/// Returns the texts of a kind that are cut into parts.
fn joined(tree: &sled::Tree, letter: u8) -> Result<Records, StoreError> {
    let mut records = Records::new();
    let mut next = (0, 0);
    for entry in tree.scan_prefix([letter]) {
        let (key, value) = entry.map_err(store_error)?;
        let (number, part) = number_and_part(&key)?;
        let is_next = part == 0 || next == (number, part);
        if !is_next {
            let place = format!("{} {number}", char::from(letter));
            return Err(StoreError(format!(
                "the journal: a part of {place} is missing"
            )));
        }
        next = (number, part + 1);
        let StoredPart { part } = decoded(&value)?;
        records.entry(number).or_default().extend(part.into_bytes());
    }
    Ok(records)
}

fn number_and_part(key: &[u8]) -> Result<(u64, u16), StoreError> {
    let strange = || StoreError("a key of the journal is none of ours".to_owned());
    let rest = key.get(1..).ok_or_else(strange)?;
    let (number, rest) = rest.split_first_chunk().ok_or_else(strange)?;
    let part = match rest.is_empty() {
        true => 0,
        false => u16::from_be_bytes(rest.try_into().map_err(|_| strange())?),
    };
    Ok((u64::from_be_bytes(*number), part))
}

fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    decode(bytes).map_err(|error| StoreError(format!("the journal: {error}")))
}

fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|error| StoreError(format!("the journal: {error}")))
}
