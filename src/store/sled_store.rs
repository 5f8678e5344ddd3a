//! `Store`: one type over the log and sled.

mod sessions;
mod spending;

use std::fmt;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use bridge_actors::ids::{ChatId, SessionKey, UserId};
use bridge_actors::ports::{
    GroupRecord, Lockdown, PageStart, SessionRecord, SessionStore, StoreError, Synced, UserRecord,
    UserStore,
};

use super::backup::RawRecord;
use super::commit::Commit;
use super::door::Door;
use super::keeper::Keeper;
use super::keyed::{EVERYTHING, KeyValue, KeyedChange, Range, Tree, Trees, merged, to_hex};
use super::lock::FolderLock;
use super::log_disk::{LogDisk, SledFiles};
use super::open::{OpenError, Opened, log_folder, open_folder};
use super::record;
use super::syncing::{OnFatal, Syncing};

#[cfg(test)]
mod tests;

/// What survives a restart. Clones share one store; the last one to go syncs and closes it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

/// Fields go in this order: the last sync, sled, and only then the lock.
struct Inner {
    keeper: Option<Keeper>,
    syncing: Arc<Syncing>,
    door: Arc<Door>,
    trees: Trees,
    /// Tells one start of the host from another.
    boot: String,
    _db: sled::Db,
    _lock: FolderLock,
}

impl Store {
    /// Opens the store of a data folder; makes both with mode 0700 when they are missing.
    ///
    /// `on_fatal` is called once when the disk does not keep what it is given, from any thread.
    pub fn open(dir: &Path, on_fatal: OnFatal) -> Result<Self, OpenError> {
        let (mut inner, disk) = Inner::open(dir, on_fatal)?;
        let keeper = Keeper::start(disk, Arc::clone(&inner.syncing));
        inner.keeper = Some(keeper.map_err(|source| OpenError::folder(dir, source))?);
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Opens a store of which the test does what its thread would do.
    #[cfg(test)]
    pub(super) fn open_by_hand(dir: &Path) -> Result<(Self, LogDisk), OpenError> {
        let on_fatal = Box::new(|fault| panic!("{fault}"));
        let (inner, disk) = Inner::open(dir, on_fatal)?;
        let inner = Arc::new(inner);
        Ok((Self { inner }, disk))
    }

    #[cfg(test)]
    pub(super) fn syncing(&self) -> &Syncing {
        &self.inner.syncing
    }

    pub(super) fn door(&self) -> &Door {
        &self.inner.door
    }

    pub(super) fn boot(&self) -> &str {
        &self.inner.boot
    }

    /// Returns every record as it was stored.
    pub(super) fn raw_records(&self) -> impl Iterator<Item = Result<RawRecord, StoreError>> {
        let look = |tree| {
            self.door()
                .look_at_overlay(|it| it.range(tree, &EVERYTHING))
        };
        let changed = Tree::ALL.map(look);
        raw_records(&self.inner.trees, changed)
    }

    /// Puts records into the store as they are, all of them or none; on disk after the next
    /// [`Self::flush`].
    pub(super) fn put_raw(&self, records: Vec<RawRecord>) -> Result<(), StoreError> {
        let put = |RawRecord { tree, key, value }| KeyedChange::put(tree, &key, value);
        self.change(records.into_iter().map(put).collect::<Result<_, _>>()?)
    }

    /// Ends the bridge: what the store holds cannot be used.
    pub(super) fn fail(&self, reason: String) {
        self.inner.syncing.fail(reason);
    }

    /// Waits until everything written so far is on disk, and holds the thread: for tools and for
    /// the end of the bridge.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.write_sent()?;
        let inner = &self.inner;
        let flushed = inner.syncing.block_for(inner.door.seq());
        flushed.map_err(StoreError)
    }

    /// Returns what resolves when everything written before this call is on disk.
    pub(super) fn wait_for_disk(&self) -> Synced {
        let synced = Arc::clone(&self.inner.syncing).wait_for(self.inner.door.seq());
        Box::pin(async move { synced.await.map_err(StoreError) })
    }

    fn put(&self, tree: Tree, key: &[u8], value: Vec<u8>) -> Result<(), StoreError> {
        self.change(vec![KeyedChange::put(tree, key, value)?])
    }

    fn change(&self, changes: Vec<KeyedChange>) -> Result<(), StoreError> {
        (self.door()).write(|_, _| Ok((Commit::of_keyed(changes), ())))
    }

    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(changed) = self.door().look_at_overlay(|it| it.get(tree, key)) {
            return Ok(changed);
        }
        self.stored(tree, key)
    }

    /// Returns what sled has under a key.
    fn stored(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.inner.trees.of(tree).get(key).map_err(store_error)?;
        Ok(found.map(|value| value.to_vec()))
    }

    /// Returns the records of a range of keys, in their order.
    fn range(
        &self,
        tree: Tree,
        range: Range,
    ) -> impl Iterator<Item = Result<KeyValue, StoreError>> + use<> {
        let changed = self.door().look_at_overlay(|it| it.range(tree, &range));
        self.range_with(tree, range, changed)
    }

    /// Returns the records of a range of keys, with what was changed in it.
    fn range_with(
        &self,
        tree: Tree,
        range: Range,
        changed: Changed,
    ) -> impl Iterator<Item = Result<KeyValue, StoreError>> + use<> {
        let stored = self.inner.trees.of(tree).range(range);
        merged(stored, changed).map(|entry| entry.map_err(store_error))
    }

    /// Returns the last records before a key, in their order.
    fn before(
        &self,
        tree: Tree,
        key: Vec<u8>,
        limit: usize,
    ) -> impl Iterator<Item = Result<KeyValue, StoreError>> {
        let range = (Bound::Unbounded, Bound::Excluded(key));
        let changed = self.door().look_at_overlay(|it| it.range(tree, &range));
        let stored = self.inner.trees.of(tree).range(range).rev();
        // Each change takes one of these away at most.
        let mut stored: Vec<_> = stored.take(limit + changed.len()).collect();
        stored.reverse();
        let all: Vec<_> = merged(stored.into_iter(), changed).collect();
        let surplus = all.len().saturating_sub(limit);
        let last = all.into_iter().skip(surplus);
        last.map(|entry| entry.map_err(store_error))
    }
}

impl Inner {
    fn open(dir: &Path, on_fatal: OnFatal) -> Result<(Self, LogDisk), OpenError> {
        let Opened {
            lock,
            db,
            meta,
            trees,
            sled_file,
            log,
            mark,
        } = open_folder(dir)?;
        // What was read may lie in the memory of the kernel alone.
        let syncing = Arc::new(Syncing::new(0, on_fatal));
        let door = Arc::new(Door::new(log, Arc::clone(&syncing)));
        let disk = LogDisk {
            door: Arc::clone(&door),
            folder: log_folder(&dir.join("store")),
            sled: SledFiles {
                db: db.clone(),
                meta,
                trees: trees.clone(),
                file: sled_file,
            },
            mark,
            #[cfg(feature = "fault-points")]
            copy: super::synced_copy::SyncedCopy::from_environment(dir),
            #[cfg(test)]
            on_step: None,
        };
        let inner = Self {
            keeper: None,
            syncing,
            door,
            trees,
            boot: boot_id(),
            _db: db,
            _lock: lock,
        };
        Ok((inner, disk))
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // sled would print every record.
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl SessionStore for Store {
    fn load(&self, key: SessionKey) -> Result<Option<SessionRecord>, StoreError> {
        let found = self.get(Tree::Sessions, &record::session_key(key))?;
        found
            .map(|bytes| record::decode_session(&bytes))
            .transpose()
            .map_err(|error| StoreError(format!("session {key}: {error}")))
    }

    fn save(&self, key: SessionKey, record: &SessionRecord) -> Result<(), StoreError> {
        let bytes = record::encode_session(record)
            .map_err(|error| StoreError(format!("session {key}: {error}")))?;
        self.put(Tree::Sessions, &record::session_key(key), bytes)
    }

    fn forget_chat(&self, chat: ChatId) -> Result<(), StoreError> {
        let prefix = record::chat_prefix(chat).to_vec();
        let from = (Bound::Included(prefix.clone()), Bound::Unbounded);
        let mut changes = Vec::new();
        for entry in self.range(Tree::Sessions, from) {
            let (key, _) = entry?;
            if !key.starts_with(&prefix) {
                break;
            }
            changes.push(KeyedChange::remove(Tree::Sessions, &key));
        }
        self.change(changes)
    }
}

impl UserStore for Store {
    fn load(&self, user: UserId) -> Result<Option<UserRecord>, StoreError> {
        let key = record::user_key(user);
        let found = self.get(Tree::Users, &key)?;
        found.map(|bytes| decode_user(&key, &bytes)).transpose()
    }

    fn page(&self, start: PageStart, limit: usize) -> Result<Vec<UserRecord>, StoreError> {
        let read = |entry: Result<KeyValue, StoreError>| {
            let (key, bytes) = entry?;
            decode_user(&key, &bytes)
        };
        let from = match start {
            PageStart::First => Bound::Unbounded,
            PageStart::After(user) => Bound::Excluded(record::user_key(user).to_vec()),
            PageStart::Before(user) => {
                let key = record::user_key(user).to_vec();
                return self.before(Tree::Users, key, limit).map(read).collect();
            }
        };
        let users = self.range(Tree::Users, (from, Bound::Unbounded));
        users.take(limit).map(read).collect()
    }

    fn scan(&self, visit: &mut dyn FnMut(UserRecord)) -> Result<(), StoreError> {
        for entry in self.range(Tree::Users, EVERYTHING) {
            let (key, bytes) = entry?;
            visit(decode_user(&key, &bytes)?);
        }
        Ok(())
    }

    fn save(&self, user: &UserRecord) -> Result<(), StoreError> {
        let bytes = record::encode_user(user)
            .map_err(|error| StoreError(format!("user {}: {error}", user.user)))?;
        self.put(Tree::Users, &record::user_key(user.user), bytes)
    }

    fn groups(&self) -> Result<Vec<GroupRecord>, StoreError> {
        let groups = self.range(Tree::Groups, EVERYTHING);
        groups
            .map(|entry| {
                record::decode_group(&entry?.1)
                    .map_err(|error| StoreError(format!("a group: {error}")))
            })
            .collect()
    }

    fn save_group(&self, group: &GroupRecord) -> Result<(), StoreError> {
        let bytes = record::encode_group(group)
            .map_err(|error| StoreError(format!("group {}: {error}", group.chat)))?;
        self.put(Tree::Groups, &record::group_key(group.chat), bytes)
    }

    fn remove_group(&self, chat: ChatId) -> Result<(), StoreError> {
        let key = record::group_key(chat);
        self.change(vec![KeyedChange::remove(Tree::Groups, &key)])
    }

    fn lockdown(&self) -> Result<Option<Lockdown>, StoreError> {
        let found = self.get(Tree::Bridge, record::LOCKDOWN_KEY)?;
        found
            .map(|bytes| record::decode_lockdown(&bytes))
            .transpose()
            .map_err(|error| StoreError(format!("the lockdown: {error}")))
    }

    fn save_lockdown(&self, lockdown: Option<&Lockdown>) -> Result<(), StoreError> {
        let Some(lockdown) = lockdown else {
            let change = KeyedChange::remove(Tree::Bridge, record::LOCKDOWN_KEY);
            return self.change(vec![change]);
        };
        let bytes = record::encode_lockdown(lockdown)
            .map_err(|error| StoreError(format!("the lockdown: {error}")))?;
        self.put(Tree::Bridge, record::LOCKDOWN_KEY, bytes)
    }

    fn synced(&self) -> Synced {
        self.wait_for_disk()
    }
}

/// Returns what tells one start of the host from another. A host that does not say so counts as
/// started anew each time: the careful answer.
fn boot_id() -> String {
    #[cfg(feature = "fault-points")]
    if let Ok(boot) = std::env::var("BRIDGE_BOOT_ID") {
        return boot;
    }
    let read = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    read.map_or_else(
        |_| uuid::Uuid::new_v4().to_string(),
        |id| id.trim().to_owned(),
    )
}

/// What was changed in a tree since sled was brought up to date.
pub(super) type Changed = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// Returns every record as it was stored.
pub(super) fn raw_records(
    trees: &Trees,
    changed: [Changed; 5],
) -> impl Iterator<Item = Result<RawRecord, StoreError>> + use<> {
    let trees = Tree::ALL.map(|tree| (tree, trees.of(tree).clone()));
    trees
        .into_iter()
        .zip(changed)
        .flat_map(|((tree, stored), changed)| {
            merged(stored.iter(), changed).map(move |entry| {
                let (key, value) = entry.map_err(store_error)?;
                Ok(RawRecord { tree, key, value })
            })
        })
}

/// Reads a user, whose record must be the one of its key: who may come in hangs on it.
fn decode_user(key: &[u8], bytes: &[u8]) -> Result<UserRecord, StoreError> {
    let user = record::decode_user(bytes)
        .map_err(|error| StoreError(format!("user {}: {error}", to_hex(key))))?;
    if record::user_key(user.user) != key {
        let (key, user) = (to_hex(key), user.user);
        return Err(StoreError(format!(
            "user {key}: the record is of user {user}"
        )));
    }
    Ok(user)
}

pub(super) fn store_error(error: sled::Error) -> StoreError {
    // What sled says of an error of the disk is meant for its makers.
    StoreError(match error {
        sled::Error::Io(error) => error.to_string(),
        other @ (sled::Error::CollectionNotFound(_)
        | sled::Error::Unsupported(_)
        | sled::Error::ReportableBug(_)
        | sled::Error::Corruption { .. }) => other.to_string(),
    })
}
