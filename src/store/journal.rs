//! The journal: open prompts, undelivered posts, and which updates were dealt with.
//!
//! All of it lies in one tree, because a batch over one tree is on disk in whole or not at all.
//! What is open is small, so its places are held in memory and the records are read when they are
//! needed.

mod keys;
mod memory;
pub(super) mod parts;
mod stored;

use std::sync::{Mutex, MutexGuard, PoisonError};

use bridge_actors::ids::{ChatId, PostId, PromptId, SessionKey, UpdateMark};
use bridge_actors::outbox::Post;
use bridge_actors::ports::{
    Acceptance, HostUptime, JournalEntry, KeptPost, OpenPrompt, PostJournal, PromptJournal, Stage,
    StoreError, Synced, UpdateLog,
};
use bridge_actors::session::Prompt;

use super::sled_store::{Store, store_error};
use keys::{MarkKind, Slot};
use memory::{Memory, Place};
use stored::{StoredPost, StoredPrompt, StoredStage};

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

    /// Returns whether the prompt was new.
    fn accept(&self, key: SessionKey, prompt: &Prompt) -> Result<Acceptance, StoreError> {
        let mut memory = self.memory();
        let mark = prompt_mark(&prompt.id);
        if memory.knows(MarkKind::Prompt, mark) {
            return Ok(Acceptance::Known);
        }
        let mut batch = sled::Batch::default();
        let place = self.put_prompt(&mut batch, &mut memory, key, prompt)?;
        memory.remember(&mut batch, MarkKind::Prompt, mark)?;
        self.apply(batch)?;
        memory.insert(prompt.id.clone(), place);
        Ok(Acceptance::New)
    }

    fn put_prompt(
        &self,
        batch: &mut sled::Batch,
        memory: &mut Memory,
        key: SessionKey,
        prompt: &Prompt,
    ) -> Result<Place, StoreError> {
        let number = memory.next_number();
        let slot = Slot::Prompt(number);
        let parts = parts::put(batch, slot, &StoredPrompt::of(key, prompt))?;
        self.put_stage(batch, number, &Stage::Accepted, 0)?;
        Ok(Place {
            number,
            key,
            parts,
            replays: 0,
            stage: Stage::Accepted,
        })
    }

    fn put_stage(
        &self,
        batch: &mut sled::Batch,
        number: u64,
        stage: &Stage,
        replays: u32,
    ) -> Result<(), StoreError> {
        let stored = StoredStage::of(stage, &self.boot, replays);
        batch.insert(keys::stage(number).as_slice(), stored.encode()?);
        Ok(())
    }

    fn write(&self, key: SessionKey, entry: &JournalEntry) -> Result<(), StoreError> {
        let mut memory = self.memory();
        let mut batch = sled::Batch::default();
        let mut changed = Vec::new();
        let touched = entry
            .replayed
            .iter()
            .chain(entry.stages.iter().map(|(id, _)| id));
        for id in touched {
            if !changed
                .iter()
                .any(|(known, _): &(PromptId, Place)| known == id)
                && let Some(place) = memory.place(id)
            {
                changed.push((id.clone(), place.clone()));
            }
        }
        for (id, place) in &mut changed {
            place.replays += u32::from(entry.replayed.contains(id));
            let latest = entry.stages.iter().rfind(|(of, _)| of == id);
            if let Some((_, stage)) = latest {
                place.stage = stage.clone();
            }
            self.put_stage(&mut batch, place.number, &place.stage, place.replays)?;
        }
        for prompt in &entry.accepted {
            let place = self.put_prompt(&mut batch, &mut memory, key, prompt)?;
            memory.remember(&mut batch, MarkKind::Prompt, prompt_mark(&prompt.id))?;
            changed.push((prompt.id.clone(), place));
        }
        let mut posts = Vec::new();
        for post in &entry.posts {
            if let Some(id) = post.id().filter(|id| !memory.keeps(*id)) {
                posts.push((id, put_post(&mut batch, id, post)?));
            }
        }
        for id in &entry.closed {
            if let Some(place) = memory.place(id) {
                remove_prompt(&mut batch, place);
            }
        }
        self.apply(batch)?;
        changed
            .into_iter()
            .for_each(|(id, place)| memory.insert(id, place));
        posts
            .into_iter()
            .for_each(|(id, parts)| memory.keep(id, parts));
        entry.closed.iter().for_each(|id| memory.remove(id));
        Ok(())
    }

    fn open_prompts(&self, key: SessionKey) -> Result<Vec<OpenPrompt>, StoreError> {
        let places = self.memory().places_of(key);
        places
            .into_iter()
            .map(|place| self.read_prompt(place))
            .collect()
    }

    fn read_prompt(&self, place: Place) -> Result<OpenPrompt, StoreError> {
        let stored: StoredPrompt =
            parts::read(&self.tree, Slot::Prompt(place.number), place.parts)?;
        let bytes = self
            .tree
            .get(keys::stage(place.number))
            .map_err(store_error)?;
        let stage = StoredStage::decode(bytes.as_deref())?;
        let host = if stage.boot == self.boot {
            HostUptime::Unbroken
        } else {
            HostUptime::Restarted
        };
        Ok(OpenPrompt {
            prompt: stored.prompt(),
            stage: place.stage,
            host,
            replays: place.replays,
        })
    }

    fn move_session(&self, from: SessionKey, to: SessionKey) -> Result<(), StoreError> {
        let places = self.memory().places_of(from);
        for place in places {
            let open = self.read_prompt(place.clone())?;
            let mut batch = sled::Batch::default();
            let slot = Slot::Prompt(place.number);
            let parts = parts::put(&mut batch, slot, &StoredPrompt::of(to, &open.prompt))?;
            self.apply(batch)?;
            let moved = Place {
                key: to,
                parts,
                ..place
            };
            self.memory().insert(open.prompt.id, moved);
        }
        Ok(())
    }

    fn close_chat(&self, chat: ChatId) -> Result<(), StoreError> {
        let mut memory = self.memory();
        let mut batch = sled::Batch::default();
        let closed = memory.prompts_of(chat);
        for place in closed.iter().filter_map(|id| memory.place(id)) {
            remove_prompt(&mut batch, place);
        }
        self.apply(batch)?;
        closed.iter().for_each(|id| memory.remove(id));
        Ok(())
    }

    fn keep(&self, id: PostId, post: &Post) -> Result<(), StoreError> {
        let mut memory = self.memory();
        if memory.keeps(id) {
            return Ok(());
        }
        let mut batch = sled::Batch::default();
        let parts = put_post(&mut batch, id, post)?;
        self.apply(batch)?;
        memory.keep(id, parts);
        Ok(())
    }

    fn settle(&self, id: PostId) -> Result<(), StoreError> {
        let mut memory = self.memory();
        let Some(parts) = memory.forget_post(id) else {
            return Ok(());
        };
        let mut batch = sled::Batch::default();
        parts::remove(&mut batch, Slot::Post(id.0), parts);
        batch.remove(keys::departed(id.0).as_slice());
        self.apply(batch)
    }

    fn kept(&self) -> Result<Vec<KeptPost>, StoreError> {
        let posts = self.memory().posts();
        let read = posts.into_iter().map(|(id, parts)| {
            let stored: StoredPost = parts::read(&self.tree, Slot::Post(id.0), parts)?;
            let departed = self.tree.get(keys::departed(id.0)).map_err(store_error)?;
            let departed = departed.map(|bytes| stored::decode_departed(&bytes));
            Ok(KeptPost {
                id,
                post: stored.post(id),
                departed: departed.transpose()?,
            })
        });
        read.collect()
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
    fn wait_for_disk(&self) -> Synced {
        let synced = self.committer().synced();
        Box::pin(async move { synced.await.map_err(StoreError) })
    }

    fn written(&self, written: Result<(), StoreError>) -> Result<(), StoreError> {
        written?;
        self.committer().request().map_err(StoreError)
    }
}

impl PromptJournal for Store {
    fn accept(&self, key: SessionKey, prompt: &Prompt) -> Result<Acceptance, StoreError> {
        let acceptance = self.journal().accept(key, prompt)?;
        self.written(Ok(())).map(|()| acceptance)
    }

    fn write(&self, key: SessionKey, entry: &JournalEntry) -> Result<(), StoreError> {
        self.written(self.journal().write(key, entry))
    }

    fn open_prompts(&self, key: SessionKey) -> Result<Vec<OpenPrompt>, StoreError> {
        self.journal().open_prompts(key)
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

impl PostJournal for Store {
    fn keep(&self, id: PostId, post: &Post) -> Result<(), StoreError> {
        self.written(self.journal().keep(id, post))
    }

    fn departs(&self, id: PostId, part: usize) -> Result<(), StoreError> {
        let journal = self.journal();
        if !journal.memory().keeps(id) {
            return Ok(());
        }
        let mut batch = sled::Batch::default();
        batch.insert(keys::departed(id.0), stored::encode_departed(part)?);
        self.written(journal.apply(batch))
    }

    fn settle(&self, id: PostId) -> Result<(), StoreError> {
        self.written(self.journal().settle(id))
    }

    fn kept(&self) -> Result<Vec<KeptPost>, StoreError> {
        self.journal().kept()
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

fn put_post(batch: &mut sled::Batch, id: PostId, post: &Post) -> Result<u16, StoreError> {
    parts::put(batch, Slot::Post(id.0), &StoredPost::of(post)?)
}

fn remove_prompt(batch: &mut sled::Batch, place: &Place) {
    parts::remove(batch, Slot::Prompt(place.number), place.parts);
    batch.remove(keys::stage(place.number).as_slice());
}

/// Prompt ids are UUIDs; one that is not is known by its hash.
fn prompt_mark(id: &PromptId) -> u128 {
    let parsed = uuid::Uuid::parse_str(&id.0);
    let mark =
        parsed.unwrap_or_else(|_| uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, id.0.as_bytes()));
    mark.as_u128()
}
