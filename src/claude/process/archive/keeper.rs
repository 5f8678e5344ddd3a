//! Who has which conversation, and who works with which index.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bridge_actors::ids::{ConversationId, SessionKey};
use bridge_actors::outbox::FileCopy;
use bridge_actors::ports::Holder;

/// For how long a session has the right to a conversation before its record says that it has it.
const CLAIM: Duration = Duration::from_secs(60);

/// Returns the session of another chat or topic whose record has a conversation.
pub type HolderOf = Arc<dyn Fn(&ConversationId, SessionKey) -> Option<SessionKey> + Send + Sync>;

/// Puts a file into a room that is to be sent; `None` where it is too large.
pub type OutgoingOf =
    Arc<dyn Fn(SessionKey, &str, &[u8]) -> std::io::Result<Option<FileCopy>> + Send + Sync>;

/// What all looks have in common.
#[derive(Default)]
pub(in crate::claude::process) struct Keeper {
    holder_of: Option<HolderOf>,
    pub(super) outgoing: Option<OutgoingOf>,
    /// Who may go on with what, and since when.
    claims: Mutex<HashMap<ConversationId, (SessionKey, Instant)>>,
    /// The conversations of the agents that run, and how many of whose have each.
    live: Mutex<HashMap<ConversationId, (SessionKey, usize)>>,
    /// Held while somebody works with the index of a folder.
    indexes: Mutex<HashMap<PathBuf, Arc<Mutex<()>>>>,
    /// The indexes that somebody goes on reading for.
    pub(super) reading: Mutex<HashSet<PathBuf>>,
}

impl Keeper {
    pub(in crate::claude::process) fn with_others(
        holder_of: HolderOf,
        outgoing: OutgoingOf,
    ) -> Self {
        Self {
            holder_of: Some(holder_of),
            outgoing: Some(outgoing),
            ..Self::default()
        }
    }

    /// Notes that an agent of a session has a conversation, unless that of another one has.
    pub(in crate::claude::process) fn enter(
        self: &Arc<Self>,
        id: &ConversationId,
        key: SessionKey,
    ) -> Option<Live> {
        let mut live = held(&self.live);
        let (holder, n_agents) = live.entry(id.clone()).or_insert((key, 0));
        if *holder != key {
            return None;
        }
        *n_agents += 1;
        drop(live);
        Some(Live {
            keeper: Arc::clone(self),
            id: id.clone(),
        })
    }

    /// Lets a session go on with a conversation, unless another one has it.
    pub(super) fn claim(&self, id: &ConversationId, key: SessionKey) -> Result<(), Holder> {
        let mut claims = held(&self.claims);
        claims.retain(|_, (_, since)| since.elapsed() < CLAIM);
        let is_claimed = claims.get(id).is_some_and(|(holder, _)| *holder != key);
        if is_claimed || self.has_holder(id, key) {
            return Err(Holder::Session);
        }
        claims.insert(id.clone(), (key, Instant::now()));
        Ok(())
    }

    pub(super) fn has_holder(&self, id: &ConversationId, key: SessionKey) -> bool {
        let runs = held(&self.live).get(id).is_some_and(|(of, _)| *of != key);
        let holder_of = self.holder_of.as_ref();
        runs || holder_of.is_some_and(|holder_of| holder_of(id, key).is_some())
    }

    pub(super) fn index_lock(&self, room: &Path) -> Arc<Mutex<()>> {
        Arc::clone(held(&self.indexes).entry(room.to_owned()).or_default())
    }
}

/// An agent that has a conversation.
pub(in crate::claude::process) struct Live {
    keeper: Arc<Keeper>,
    id: ConversationId,
}

impl Drop for Live {
    fn drop(&mut self) {
        let mut live = held(&self.keeper.live);
        if let Some((_, n_agents)) = live.get_mut(&self.id) {
            *n_agents -= 1;
            if *n_agents == 0 {
                live.remove(&self.id);
            }
        }
    }
}

pub(super) fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
