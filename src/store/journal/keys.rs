//! Pure: the keys of the journal's tree, and back.
//!
//! A kind of one letter, a number in big-endian bytes, and for a record that is cut into parts
//! the number of the part.

use super::super::record::RecordError;

const PROMPT: u8 = b'p';
const STAGE: u8 = b's';
const INSTRUCTION: u8 = b'i';
const POST: u8 = b'o';
const DEPARTED: u8 = b'd';
const UPDATE_MARK: u8 = b'u';
const INSTRUCTION_MARK: u8 = b'v';

/// Where a record that is cut into parts lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Prompt(u64),
    Instruction(u64),
    Post(u64),
}

/// What a mark in the window is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum MarkKind {
    Update,
    Instruction,
}

/// What lies under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Part(Slot, u16),
    Stage(u64),
    Departed(u64),
    Mark(MarkKind, u64),
}

impl Slot {
    pub(super) fn key(self, part: u16) -> Vec<u8> {
        let mut key = match self {
            Self::Prompt(number) => numbered(PROMPT, number),
            Self::Instruction(number) => numbered(INSTRUCTION, number),
            Self::Post(number) => numbered(POST, number),
        };
        key.extend(part.to_be_bytes());
        key
    }
}

pub(super) fn stage(number: u64) -> Vec<u8> {
    numbered(STAGE, number)
}

pub(super) fn departed(number: u64) -> Vec<u8> {
    numbered(DEPARTED, number)
}

pub(super) fn mark(kind: MarkKind, number: u64) -> Vec<u8> {
    let letter = match kind {
        MarkKind::Update => UPDATE_MARK,
        MarkKind::Instruction => INSTRUCTION_MARK,
    };
    numbered(letter, number)
}

fn numbered(kind: u8, number: u64) -> Vec<u8> {
    let mut key = vec![kind];
    key.extend(number.to_be_bytes());
    key
}

/// Reads a key.
pub(super) fn parse(key: &[u8]) -> Result<Kind, RecordError> {
    let strange = || RecordError::Damaged("a key of the journal is none of ours".to_owned());
    let (kind, rest) = key.split_first().ok_or_else(strange)?;
    let (number, rest) = rest.split_first_chunk().ok_or_else(strange)?;
    let number = u64::from_be_bytes(*number);
    let part = rest.try_into().ok().map(u16::from_be_bytes);
    match (*kind, part) {
        (PROMPT, Some(part)) => Ok(Kind::Part(Slot::Prompt(number), part)),
        (INSTRUCTION, Some(part)) => Ok(Kind::Part(Slot::Instruction(number), part)),
        (POST, Some(part)) => Ok(Kind::Part(Slot::Post(number), part)),
        (STAGE, None) if rest.is_empty() => Ok(Kind::Stage(number)),
        (DEPARTED, None) if rest.is_empty() => Ok(Kind::Departed(number)),
        (UPDATE_MARK, None) if rest.is_empty() => Ok(Kind::Mark(MarkKind::Update, number)),
        (INSTRUCTION_MARK, None) if rest.is_empty() => {
            Ok(Kind::Mark(MarkKind::Instruction, number))
        }
        _ => Err(strange()),
    }
}
