//! The posts that the journal keeps.

use bridge_actors::ids::{ChatId, MessageId, PostId, Trace};
use bridge_actors::outbox::Post;
use bridge_actors::ports::{KeptPost, PostJournal, StoreError, Synced};

use super::super::door::Reader;
use super::super::sled_store::Store;
use super::change::Mark;
use super::decide;
use super::snapshot::missing;
use super::state::{Kept, State};

/// How many messages sent may wait for the record of something else: so many a crash forgets.
const MOST_UNWRITTEN: usize = 64;

impl Store {
    /// Writes down which messages were sent, if any are not.
    pub(in crate::store) fn write_sent(&self) -> Result<(), StoreError> {
        self.journal(|state| Ok((decide::note_sent(state), ())))
    }
}

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
        let mark = Mark::of_trace(&Trace::of_sent(chat, message));
        match self.door().note(|state| state.note_sent(mark)) {
            ..MOST_UNWRITTEN => Ok(()),
            MOST_UNWRITTEN.. => self.write_sent(),
        }
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
