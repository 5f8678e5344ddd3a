//! Writes and removes the records of what is open.

use bridge_actors::ids::{PromptId, SessionKey};
use bridge_actors::ports::{JournalEntry, Stage, StoreError};
use bridge_actors::session::{Instruct, Prompt};

use super::instruction::StoredInstruction;
use super::keys::{self, Slot};
use super::memory::{Content, Place};
use super::parts;
use super::stored::StoredPrompt;

/// Writes a prompt that no agent has been given.
pub(super) fn put_prompt(
    batch: &mut sled::Batch,
    number: u64,
    key: SessionKey,
    prompt: &Prompt,
) -> Result<Place, StoreError> {
    let parts = parts::put(batch, Slot::Prompt(number), &StoredPrompt::of(key, prompt))?;
    Ok(Place {
        number,
        key,
        parts,
        content: Content::Prompt {
            stage: Stage::Accepted,
            replays: 0,
        },
    })
}

/// Writes an instruction that is no prompt.
pub(super) fn put_instruction(
    batch: &mut sled::Batch,
    number: u64,
    key: SessionKey,
    instruction: &Instruct,
) -> Result<Place, StoreError> {
    let stored = StoredInstruction::of(key, instruction);
    let parts = parts::put(batch, Slot::Instruction(number), &stored)?;
    Ok(Place {
        number,
        key,
        parts,
        content: Content::Instruction,
    })
}

/// Brings a prompt as far as an entry says.
pub(super) fn advance(place: &mut Place, id: &PromptId, entry: &JournalEntry) {
    if let Content::Prompt { stage, replays } = &mut place.content {
        *replays += u32::from(entry.replayed.contains(id));
        if let Some((_, latest)) = entry.stages.iter().rfind(|(of, _)| of == id) {
            *stage = latest.clone();
        }
    }
}

/// Removes what lies at a place.
pub(super) fn remove_open(batch: &mut sled::Batch, place: &Place) {
    match place.content {
        Content::Prompt { .. } => {
            parts::remove(batch, Slot::Prompt(place.number), place.parts);
            batch.remove(keys::stage(place.number).as_slice());
        }
        Content::Instruction => {
            parts::remove(batch, Slot::Instruction(place.number), place.parts);
        }
    }
}
