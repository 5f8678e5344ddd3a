//! Whose turn it is: each chat has one thing done at a time, so that nobody takes the place of others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bridge_actors::ids::SessionKey;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places that there are, and those that are taken.
#[derive(Debug)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    /// One place for each chat that has it or waits for it.
    of_chats: Mutex<HashMap<SessionKey, Arc<Semaphore>>>,
}

/// A place; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    _of_chat: Option<OwnedSemaphorePermit>,
    _of_all: Option<OwnedSemaphorePermit>,
}

impl Places {
    /// Returns so many places, all of them free.
    pub(super) fn new(n_places: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(n_places)),
            of_chats: Mutex::default(),
        }
    }

    /// Waits for a place, for as long as what is before it takes: each try has its limits.
    pub(super) async fn take(&self, key: SessionKey) -> Place {
        let of_chat = self.of_chat(key);
        // Neither is ever closed.
        Place {
            _of_chat: of_chat.acquire_owned().await.ok(),
            _of_all: Arc::clone(&self.all).acquire_owned().await.ok(),
        }
    }

    fn of_chat(&self, key: SessionKey) -> Arc<Semaphore> {
        let mut of_chats = self.of_chats.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever has a place or waits for one holds it too.
        of_chats.retain(|_, place| Arc::strong_count(place) > 1);
        let place = of_chats
            .entry(key)
            .or_insert_with(|| Arc::new(Semaphore::new(1)));
        Arc::clone(place)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use bridge_actors::ids::ChatId;
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn a_chat_waits_for_its_own_work_and_for_no_other_chats() {
        let places = Places::new(16);
        let key = |chat| SessionKey::of_chat(ChatId(chat));
        let first = places.take(key(1)).now_or_never().expect("a free place");
        let mut second = pin!(places.take(key(1)));
        assert!(second.as_mut().now_or_never().is_none(), "one at a time");
        let other = places.take(key(2)).now_or_never();
        assert!(other.is_some(), "another chat is not held up");
        drop(first);
        assert!(second.now_or_never().is_some());
    }

    #[test]
    fn chats_that_have_no_work_cost_no_memory() {
        let places = Places::new(16);
        for chat in 1..100 {
            let key = SessionKey::of_chat(ChatId(chat));
            drop(places.take(key).now_or_never().expect("a free place"));
        }
        assert!(places.of_chats.lock().unwrap().len() <= 1);
    }
}
