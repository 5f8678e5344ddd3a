//! `Store`: sessions and users in sled.

use std::fmt;
use std::fs::File;
use std::io;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use bridge_actors::fault_point;
use bridge_actors::ids::{ChatId, SessionKey, UserId};
use bridge_actors::ports::{
    GroupRecord, PageStart, SessionRecord, SessionStore, StoreError, Synced, UserRecord, UserStore,
};

use super::backup::RawRecord;
use super::committer::{Committer, Disk, OnFatal};
use super::journal::Journal;
use super::lock::FolderLock;
use super::mark::Mark;
use super::open::{COMMIT_KEY, OpenError, open_folder};
use super::record;

#[cfg(test)]
mod tests;

/// What survives a restart. Clones share one store; the last one to go commits and closes it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

/// Fields go in this order: the last commit, sled, and only then the lock.
struct Inner {
    committer: Committer,
    by_name: [(&'static str, sled::Tree); 3],
    sessions: sled::Tree,
    users: sled::Tree,
    groups: sled::Tree,
    journal: Journal,
    _db: sled::Db,
    _lock: FolderLock,
}

impl Store {
    /// Opens the store of a data folder; makes both with mode 0700 when they are missing.
    ///
    /// `on_fatal` is called once when the disk refuses a commit, from a thread of the store.
    pub fn open(dir: &Path, on_fatal: OnFatal) -> Result<Self, OpenError> {
        let opened = open_folder(dir)?;
        let journal = Journal::open(opened.trees.journal.clone(), boot_id());
        let journal = journal.map_err(|error| OpenError::Damaged {
            path: dir.join("store"),
            reason: error.0,
        })?;
        let by_name = opened.trees.by_name();
        let disk = SledDisk {
            db: opened.db.clone(),
            meta: opened.trees.meta,
            commit: opened.commit,
            log: opened.log,
            mark: opened.mark,
            #[cfg(feature = "fault-points")]
            copy: super::synced_copy::SyncedCopy::from_environment(dir),
        };
        let committer =
            Committer::start(disk, on_fatal).map_err(|source| OpenError::folder(dir, source))?;
        Ok(Self {
            inner: Arc::new(Inner {
                committer,
                by_name,
                sessions: opened.trees.sessions,
                users: opened.trees.users,
                groups: opened.trees.groups,
                journal,
                _db: opened.db,
                _lock: opened.lock,
            }),
        })
    }

    pub(super) fn committer(&self) -> &Committer {
        &self.inner.committer
    }

    pub(super) fn journal(&self) -> &Journal {
        &self.inner.journal
    }

    /// Returns every record as it lies in the store.
    pub(super) fn raw_records(&self) -> impl Iterator<Item = Result<RawRecord, StoreError>> {
        raw_records(self.inner.by_name.clone())
    }

    /// Puts a record into the store as it is; on disk after the next [`Self::flush`].
    pub(super) fn put_raw(&self, record: &RawRecord) -> Result<(), StoreError> {
        let trees = self.inner.by_name.iter();
        for (_, tree) in trees.filter(|(name, _)| *name == record.tree) {
            tree.insert(&record.key, record.value.as_slice())
                .map_err(store_error)?;
        }
        Ok(())
    }

    /// Waits until everything saved so far is on disk, at most ten seconds.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.inner.committer.commit().map_err(StoreError)
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
        let found = self.inner.sessions.get(record::session_key(key));
        found
            .map_err(store_error)?
            .map(|bytes| record::decode_session(&bytes))
            .transpose()
            .map_err(|error| StoreError(format!("session {key}: {error}")))
    }

    fn save(&self, key: SessionKey, record: &SessionRecord) -> Result<(), StoreError> {
        let bytes = record::encode_session(record)
            .map_err(|error| StoreError(format!("session {key}: {error}")))?;
        self.inner
            .sessions
            .insert(record::session_key(key), bytes)
            .map_err(store_error)?;
        self.inner.committer.request().map_err(StoreError)
    }

    fn forget_chat(&self, chat: ChatId) -> Result<(), StoreError> {
        let sessions = &self.inner.sessions;
        for key in sessions.scan_prefix(record::chat_prefix(chat)).keys() {
            sessions
                .remove(key.map_err(store_error)?)
                .map_err(store_error)?;
        }
        self.inner.committer.request().map_err(StoreError)
    }
}

impl UserStore for Store {
    fn load(&self, user: UserId) -> Result<Option<UserRecord>, StoreError> {
        let key = record::user_key(user);
        let found = self.inner.users.get(key).map_err(store_error)?;
        found.map(|bytes| decode_user(&key, &bytes)).transpose()
    }

    fn page(&self, start: PageStart, limit: usize) -> Result<Vec<UserRecord>, StoreError> {
        let users = &self.inner.users;
        let read = |entry: sled::Result<(sled::IVec, sled::IVec)>| {
            let (key, bytes) = entry.map_err(store_error)?;
            decode_user(&key, &bytes)
        };
        match start {
            PageStart::First => users.iter().take(limit).map(read).collect(),
            PageStart::After(user) => {
                let after = (Bound::Excluded(record::user_key(user)), Bound::Unbounded);
                users
                    .range::<[u8; 8], _>(after)
                    .take(limit)
                    .map(read)
                    .collect()
            }
            PageStart::Before(user) => {
                let before = users.range(..record::user_key(user)).rev();
                let page: Result<Vec<_>, _> = before.take(limit).map(read).collect();
                page.map(|mut users| {
                    users.reverse();
                    users
                })
            }
        }
    }

    fn scan(&self, visit: &mut dyn FnMut(UserRecord)) -> Result<(), StoreError> {
        for entry in &self.inner.users {
            let (key, bytes) = entry.map_err(store_error)?;
            visit(decode_user(&key, &bytes)?);
        }
        Ok(())
    }

    fn save(&self, user: &UserRecord) -> Result<(), StoreError> {
        let bytes = record::encode_user(user)
            .map_err(|error| StoreError(format!("user {}: {error}", user.user)))?;
        self.inner
            .users
            .insert(record::user_key(user.user), bytes)
            .map_err(store_error)?;
        self.inner.committer.request().map_err(StoreError)
    }

    fn groups(&self) -> Result<Vec<GroupRecord>, StoreError> {
        let groups = self.inner.groups.iter().values();
        groups
            .map(|bytes| {
                let bytes = bytes.map_err(store_error)?;
                record::decode_group(&bytes)
                    .map_err(|error| StoreError(format!("a group: {error}")))
            })
            .collect()
    }

    fn save_group(&self, group: &GroupRecord) -> Result<(), StoreError> {
        let bytes = record::encode_group(group)
            .map_err(|error| StoreError(format!("group {}: {error}", group.chat)))?;
        let key = record::group_key(group.chat);
        self.inner.groups.insert(key, bytes).map_err(store_error)?;
        self.inner.committer.request().map_err(StoreError)
    }

    fn remove_group(&self, chat: ChatId) -> Result<(), StoreError> {
        let key = record::group_key(chat);
        self.inner.groups.remove(key).map_err(store_error)?;
        self.inner.committer.request().map_err(StoreError)
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

/// Returns every record of these trees as it lies there.
pub(super) fn raw_records(
    trees: [(&'static str, sled::Tree); 3],
) -> impl Iterator<Item = Result<RawRecord, StoreError>> {
    trees.into_iter().flat_map(|(name, tree)| {
        tree.iter().map(move |entry| {
            let (key, value) = entry.map_err(store_error)?;
            Ok(RawRecord {
                tree: name,
                key: key.to_vec(),
                value: value.to_vec(),
            })
        })
    })
}

/// Reads a user, whose record must be the one of its key: who may come in hangs on it.
fn decode_user(key: &[u8], bytes: &[u8]) -> Result<UserRecord, StoreError> {
    let user = record::decode_user(bytes)
        .map_err(|error| StoreError(format!("user {}: {error}", hex(key))))?;
    if record::user_key(user.user) != key {
        let (key, user) = (hex(key), user.user);
        return Err(StoreError(format!(
            "user {key}: the record is of user {user}"
        )));
    }
    Ok(user)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a commit of sled is made of.
struct SledDisk {
    db: sled::Db,
    meta: sled::Tree,
    /// The number of the last commit.
    commit: u64,
    /// A second descriptor of sled's log, for the sync that sled itself does not wait for.
    log: File,
    mark: Mark,
    #[cfg(feature = "fault-points")]
    copy: Option<super::synced_copy::SyncedCopy>,
}

impl Disk for SledDisk {
    fn flush(&mut self) -> Result<(), String> {
        #[cfg(feature = "fault-points")]
        if std::env::var_os("BRIDGE_NO_SYNC").is_some() {
            return Ok(());
        }
        fault_point!("store.flush", Err);
        let next = self.commit + 1;
        self.meta
            .insert(COMMIT_KEY, &next.to_be_bytes())
            .and_then(|_| self.db.flush())
            .map_err(|error| format!("cannot write the store: {}", store_error(error).0))?;
        self.commit = next;
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        #[cfg(feature = "fault-points")]
        if std::env::var_os("BRIDGE_NO_SYNC").is_some() {
            return Ok(());
        }
        fault_point!("store.sync", |reason| Err(io::Error::other(reason)));
        self.log.sync_data()?;
        self.mark.write_if_due(self.commit)?;
        #[cfg(feature = "fault-points")]
        if let Some(copy) = &mut self.copy {
            copy.copy(self.commit, &self.db)?;
        }
        fault_point!("store.synced");
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        self.mark.write_if_changed(self.commit)
    }
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
