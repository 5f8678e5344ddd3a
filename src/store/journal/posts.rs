//! The posts that the journal keeps.

use bridge_actors::ids::{ChatId, MessageId, PostId, Trace};
use bridge_actors::outbox::Post;
use bridge_actors::ports::{KeptPost, PostJournal, StoreError, Synced};

use super::super::door::Reader;
use super::super::sled_store::Store;
use super::decide;
use super::snapshot::missing;
use super::state::{Kept, State};

impl PostJournal for Store {
    fn keep(&self, id: PostId, post: &Post) -> Result<(), StoreError> {
        self.journal(|state| {
            let kept = decide::keep(state, id, post)?;
            Ok((kept.into_iter().collect(), ()))
        })
    }

    fn departs(&self, id: PostId, part: usize) -> Result<(), StoreError> {
        self.journal(|state| Ok((decide::departs(state, id, part), ())))
    }

    fn note_sent(&self, chat: ChatId, message: MessageId) -> Result<(), StoreError> {
        let sent = [Trace::of_sent(chat, message)];
        self.journal(|state| Ok((decide::note_traces(state, &sent), ())))
    }

    fn settle(&self, id: PostId) -> Result<(), StoreError> {
        self.journal(|state| Ok((decide::settle(state, id), ())))
    }

    fn read(&self, id: PostId) -> Result<Option<KeptPost>, StoreError> {
        let (kept, reader) = self.door().look(|state| state.kept(id));
        kept.map(|kept| read_post(&reader, id, kept)).transpose()
    }

    fn kept(&self) -> Result<Vec<KeptPost>, StoreError> {
        let (posts, reader) = self.door().look(State::posts);
        let posts = posts.into_iter();
        posts
            .map(|(id, kept)| read_post(&reader, id, kept))
            .collect()
    }

    fn synced(&self) -> Synced {
        self.wait_for_disk()
    }
}

fn read_post(reader: &Reader, id: PostId, kept: Kept) -> Result<KeptPost, StoreError> {
    let mut changes = reader.read(kept.spot)?.journal.into_iter().rev();
    let post = changes.find_map(|change| change.into_post(id));
    Ok(KeptPost {
        id,
        post: post.ok_or_else(|| missing(&id.0))?.post(id),
        departed: kept.departed,
    })
}
