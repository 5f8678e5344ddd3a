//! The journal: open prompts and other instructions, undelivered posts, and which updates were
//! dealt with.
//!
//! All of it lies in one tree, because a batch over one tree is on disk in whole or not at all.
//! What is open is small, so its places are held in memory and the records are read when they are
//! needed.

mod instruction;
mod keys;
mod memory;
mod open;
pub(super) mod parts;
mod posts;
mod stored;

use std::sync::{Mutex, MutexGuard, PoisonError};

use bridge_actors::ids::{ChatId, PromptId, SessionKey, UpdateMark};
use bridge_actors::ports::{
    Acceptance, HostUptime, JournalEntry, Open, OpenPrompt, PromptJournal, StoreError, Synced,
    UpdateLog,
};
use bridge_actors::session::Instruct;

use super::sled_store::{Store, store_error};
use instruction::StoredInstruction;
use keys::{MarkKind, Slot};
use memory::{Content, Memory, Place};
use open::{advance, put_instruction, put_prompt, remove_open};
use posts::put_post;
use stored::{StoredPrompt, StoredStage};

#[cfg(test)]
mod tests;

/// The journal's tree and what is known of it.
pub(super) struct Journal {
    tree: sled::Tree,
    memory: Mutex<Memory>,
    /// Tells one start of the host from another.
    boot: String,
}

impl Journal {
    /// Takes the journal over as it lies in the store.
    pub(super) fn open(tree: sled::Tree, boot: String) -> Result<Self, StoreError> {
        let memory = Memory::read(&tree)?;
        Ok(Self {
            tree,
            memory: Mutex::new(memory),
            boot,
        })
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // A panic while it is held is one of sled's, after which the store is not used again.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn apply(&self, batch: sled::Batch) -> Result<(), StoreError> {
        #[cfg(feature = "fault-points")]
        let _writing = super::synced_copy::writing();
        self.tree.apply_batch(batch).map_err(store_error)
    }

    /// Returns whether the instruction was new.
    fn accept(&self, key: SessionKey, instruction: &Instruct) -> Result<Acceptance, StoreError> {
        let mut memory = self.memory();
        let id = instruction.id();
        let mark = instruction_mark(id);
        if memory.knows(MarkKind::Instruction, mark) {
            return Ok(Acceptance::Known);
        }
        let mut batch = sled::Batch::default();
        let number = memory.next_number();
        let place = match instruction {
            Instruct::Prompt(prompt) | Instruct::Reply { prompt, .. } => {
                let place = put_prompt(&mut batch, number, key, prompt)?;
                self.put_stage(&mut batch, &place)?;
                place
            }
            Instruct::Replace(_)
            | Instruct::Command(_)
            | Instruct::Press(_)
            | Instruct::StopDraft(_) => put_instruction(&mut batch, number, key, instruction)?,
        };
        memory.remember(&mut batch, MarkKind::Instruction, mark)?;
        self.apply(batch)?;
        memory.insert(id.clone(), place);
        Ok(Acceptance::New)
    }

    /// Writes how far a prompt has come.
    fn put_stage(&self, batch: &mut sled::Batch, place: &Place) -> Result<(), StoreError> {
        if let Content::Prompt { stage, replays } = &place.content {
            let stored = StoredStage::of(stage, &self.boot, *replays);
            batch.insert(keys::stage(place.number).as_slice(), stored.encode()?);
        }
        Ok(())
    }

    fn write(&self, key: SessionKey, entry: &JournalEntry) -> Result<(), StoreError> {
        let mut memory = self.memory();
        let mut batch = sled::Batch::default();
        let mut changed: Vec<(PromptId, Place)> = Vec::new();
        // First, since what is accepted may be written in the place of what is closed: of a key the
        // batch does what it was told last.
        for place in entry.closed.iter().filter_map(|id| memory.place(id)) {
            remove_open(&mut batch, place);
        }
        for prompt in &entry.accepted {
            // What an instruction came to keeps its place in the order, or takes that of a prompt.
            let own = memory.place(&prompt.id);
            own.into_iter()
                .for_each(|place| remove_open(&mut batch, place));
            let formers = entry.formers_of(&prompt.id);
            let former = formers.filter_map(|id| memory.place(id)).last();
            let number = match former.or(own).map(|place| place.number) {
                Some(number) => number,
                None => memory.next_number(),
            };
            let place = put_prompt(&mut batch, number, key, prompt)?;
            let mark = instruction_mark(&prompt.id);
            memory.remember(&mut batch, MarkKind::Instruction, mark)?;
            changed.push((prompt.id.clone(), place));
        }
        let touched = entry.replayed.iter();
        for id in touched.chain(entry.stages.iter().map(|(id, _)| id)) {
            let is_changed = changed.iter().any(|(known, _)| known == id);
            if let Some(place) = memory.place(id).filter(|_| !is_changed) {
                changed.push((id.clone(), place.clone()));
            }
        }
        for (id, place) in &mut changed {
            advance(place, id, entry);
            self.put_stage(&mut batch, place)?;
        }
        let mut posts = Vec::new();
        for post in &entry.posts {
            if let Some(id) = post.id() {
                let record = put_post(&mut batch, id, memory.kept(id), post)?;
                posts.extend(record.map(|record| (id, record)));
            }
        }
        self.apply(batch)?;
        entry.closed.iter().for_each(|id| memory.remove(id));
        changed
            .into_iter()
            .for_each(|(id, place)| memory.insert(id, place));
        posts
            .into_iter()
            .for_each(|(id, record)| memory.keep(id, record));
        Ok(())
    }

    fn read_open(&self, key: SessionKey) -> Result<Vec<Open>, StoreError> {
        let places = self.memory().places_of(key);
        places
            .into_iter()
            .map(|place| self.read_one(place))
            .collect()
    }

    fn read_one(&self, place: Place) -> Result<Open, StoreError> {
        let Content::Prompt { stage, replays } = place.content else {
            let slot = Slot::Instruction(place.number);
            let stored: StoredInstruction = parts::read(&self.tree, slot, place.parts)?;
            return Ok(Open::Instruction(stored.instruction()));
        };
        let stored: StoredPrompt =
            parts::read(&self.tree, Slot::Prompt(place.number), place.parts)?;
        let bytes = self
            .tree
            .get(keys::stage(place.number))
            .map_err(store_error)?;
        let written = StoredStage::decode(bytes.as_deref())?;
        let host = if written.boot == self.boot {
            HostUptime::Unbroken
        } else {
            HostUptime::Restarted
        };
        Ok(Open::Prompt(OpenPrompt {
            prompt: stored.prompt(),
            stage,
            host,
            replays,
        }))
    }

    fn move_session(&self, from: SessionKey, to: SessionKey) -> Result<(), StoreError> {
        let places = self.memory().places_of(from);
        for place in places {
            let open = self.read_one(place.clone())?;
            let mut batch = sled::Batch::default();
            let number = place.number;
            let moved = match &open {
                Open::Prompt(open) => put_prompt(&mut batch, number, to, &open.prompt)?,
                Open::Instruction(it) => put_instruction(&mut batch, number, to, it)?,
            };
            self.apply(batch)?;
            let moved = Place {
                content: place.content,
                ..moved
            };
            self.memory().insert(open.id().clone(), moved);
        }
        Ok(())
    }

    fn close_chat(&self, chat: ChatId) -> Result<(), StoreError> {
        let mut memory = self.memory();
        let mut batch = sled::Batch::default();
        let closed = memory.open_of(chat);
        for place in closed.iter().filter_map(|id| memory.place(id)) {
            remove_open(&mut batch, place);
        }
        self.apply(batch)?;
        closed.iter().for_each(|id| memory.remove(id));
        Ok(())
    }

    fn remember(&self, updates: &[UpdateMark]) -> Result<(), StoreError> {
        let mut memory = self.memory();
        let mut batch = sled::Batch::default();
        for update in updates {
            memory.remember(&mut batch, MarkKind::Update, update.0)?;
        }
        self.apply(batch)
    }
}

impl Store {
    pub(super) fn wait_for_disk(&self) -> Synced {
        let synced = self.committer().synced();
        Box::pin(async move { synced.await.map_err(StoreError) })
    }

    fn written(&self, written: Result<(), StoreError>) -> Result<(), StoreError> {
        written?;
        self.committer().request().map_err(StoreError)
    }
}

impl PromptJournal for Store {
    fn accept(&self, key: SessionKey, instruction: &Instruct) -> Result<Acceptance, StoreError> {
        let acceptance = self.journal().accept(key, instruction)?;
        self.written(Ok(())).map(|()| acceptance)
    }

    fn write(&self, key: SessionKey, entry: &JournalEntry) -> Result<(), StoreError> {
        self.written(self.journal().write(key, entry))
    }

    fn left_open(&self, key: SessionKey) -> Result<Vec<Open>, StoreError> {
        self.journal().read_open(key)
    }

    fn open_sessions(&self) -> Vec<SessionKey> {
        self.journal().memory().sessions()
    }

    fn move_session(&self, from: SessionKey, to: SessionKey) -> Result<(), StoreError> {
        self.written(self.journal().move_session(from, to))
    }

    fn close_chat(&self, chat: ChatId) -> Result<(), StoreError> {
        self.written(self.journal().close_chat(chat))
    }

    fn synced(&self) -> Synced {
        self.wait_for_disk()
    }
}

impl UpdateLog for Store {
    fn knows(&self, update: UpdateMark) -> bool {
        self.journal().memory().knows(MarkKind::Update, update.0)
    }

    fn remember(&self, updates: &[UpdateMark]) -> Result<(), StoreError> {
        self.written(self.journal().remember(updates))
    }

    fn synced(&self) -> Synced {
        self.wait_for_disk()
    }
}

/// Ids are UUIDs; one that is not is known by its hash.
fn instruction_mark(id: &PromptId) -> u128 {
    let parsed = uuid::Uuid::parse_str(&id.0);
    let mark =
        parsed.unwrap_or_else(|_| uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, id.0.as_bytes()));
    mark.as_u128()
}
