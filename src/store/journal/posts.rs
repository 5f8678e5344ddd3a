//! The posts that the journal keeps.

use std::hash::{DefaultHasher, Hash, Hasher};

use bridge_actors::ids::PostId;
use bridge_actors::outbox::{Post, PostAction};
use bridge_actors::ports::{KeptPost, PostJournal, StoreError, Synced};

use super::super::sled_store::{Store, store_error};
use super::Journal;
use super::keys::{self, Slot};
use super::memory::KeptRecord;
use super::parts;
use super::stored::{self, StoredPost};

/// Writes a post in place of what is kept under its name; `None` when it is kept as it is.
pub(super) fn put_post(
    batch: &mut sled::Batch,
    id: PostId,
    before: Option<KeptRecord>,
    post: &Post,
) -> Result<Option<KeptRecord>, StoreError> {
    let slot = Slot::Post(id.0);
    let text = parts::text_of(&StoredPost::of(post)?)?;
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let digest = Some(hasher.finish());
    if before.is_some_and(|before| before.digest == digest) {
        return Ok(None);
    }
    let parts = parts::put_text(batch, slot, &text)?;
    if let Some(before) = before {
        parts::remove_from(batch, slot, parts, before.parts);
    }
    if matches!(post.action, PostAction::EditMessage { .. }) {
        // What was about to leave was the message that this changes.
        batch.remove(keys::departed(id.0).as_slice());
    }
    Ok(Some(KeptRecord { parts, digest }))
}

impl Journal {
    fn keep(&self, id: PostId, post: &Post) -> Result<(), StoreError> {
        let mut memory = self.memory();
        let mut batch = sled::Batch::default();
        if let Some(record) = put_post(&mut batch, id, memory.kept(id), post)? {
            self.apply(batch)?;
            memory.keep(id, record);
        }
        Ok(())
    }

    fn settle(&self, id: PostId) -> Result<(), StoreError> {
        let mut memory = self.memory();
        let Some(record) = memory.forget_post(id) else {
            return Ok(());
        };
        let mut batch = sled::Batch::default();
        parts::remove(&mut batch, Slot::Post(id.0), record.parts);
        batch.remove(keys::departed(id.0).as_slice());
        self.apply(batch)
    }

    fn kept(&self) -> Result<Vec<KeptPost>, StoreError> {
        let posts = self.memory().posts();
        let read = posts.into_iter();
        read.map(|(id, parts)| self.read_post(id, parts)).collect()
    }

    fn read_post(&self, id: PostId, parts: u16) -> Result<KeptPost, StoreError> {
        let stored: StoredPost = parts::read(&self.tree, Slot::Post(id.0), parts)?;
        let departed = self.tree.get(keys::departed(id.0)).map_err(store_error)?;
        let departed = departed.map(|bytes| stored::decode_departed(&bytes));
        Ok(KeptPost {
            id,
            post: stored.post(id),
            departed: departed.transpose()?,
        })
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

    fn read(&self, id: PostId) -> Result<Option<KeptPost>, StoreError> {
        let journal = self.journal();
        let record = journal.memory().kept(id);
        let read = record.map(|record| journal.read_post(id, record.parts));
        read.transpose()
    }

    fn kept(&self) -> Result<Vec<KeptPost>, StoreError> {
        self.journal().kept()
    }

    fn synced(&self) -> Synced {
        self.wait_for_disk()
    }
}
