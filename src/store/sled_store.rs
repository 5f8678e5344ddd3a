//! `Store`: sessions and users in sled, opened with care.

use std::fmt;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bridge_actors::ids::SessionKey;
use bridge_actors::ports::{SessionRecord, SessionStore, StoreError, UserRecord, UserStore};

use super::committer::{Committer, Disk, OnFatal, panic_text};
use super::lock::{FolderLock, LockError};
use super::mark::Mark;
use super::record;

#[cfg(test)]
mod tests;

/// The layout of trees and keys that this bridge reads and writes.
const SCHEMA: u32 = 1;
const META_TREE: &str = "meta";
const SCHEMA_KEY: &[u8] = b"schema";
const COMMIT_KEY: &[u8] = b"commit";
/// sled's own default is a gigabyte.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;
const FLUSH_EVERY_MS: u64 = 500;

/// What survives a restart. Clones share one store; the last one to go commits and closes it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

/// Fields go in this order: the last commit, sled, and only then the lock.
struct Inner {
    committer: Committer,
    sessions: sled::Tree,
    users: sled::Tree,
    _db: sled::Db,
    _lock: FolderLock,
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process, or another store of this one, holds the folder.
    #[error(
        "another bridge is running on this data folder ({}); stop it or choose another storage.dir",
        dir.display()
    )]
    Busy {
        /// The data folder.
        dir: PathBuf,
    },
    /// The folder or a file in it cannot be used.
    #[error("cannot use the data folder {}", dir.display())]
    Folder {
        /// The data folder.
        dir: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The store is there but cannot be read.
    #[error(
        "the store in {} is damaged ({reason}); it was left as it is: move it and store.mark away to \
         start with an empty one, or put a copy of both in their place",
        path.display()
    )]
    Damaged {
        /// The folder of the store.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// The store has a newer layout.
    #[error(
        "the store in {} was written by a newer bridge (layout {found}, this one knows {SCHEMA}); \
         use that version, or choose another storage.dir",
        path.display()
    )]
    Newer {
        /// The folder of the store.
        path: PathBuf,
        /// Its layout.
        found: u32,
    },
}

impl Store {
    /// Opens the store of a data folder; makes both with mode 0700 when they are missing.
    ///
    /// `on_fatal` is called once when the disk refuses a commit, from a thread of the store.
    pub fn open(dir: &Path, on_fatal: OnFatal) -> Result<Self, OpenError> {
        let folder_error = |source| OpenError::Folder {
            dir: dir.to_owned(),
            source,
        };
        make_folder(dir).map_err(folder_error)?;
        let lock = FolderLock::take(dir).map_err(|error| match error {
            LockError::Held => OpenError::Busy {
                dir: dir.to_owned(),
            },
            LockError::Io(source) => folder_error(source),
        })?;
        let path = dir.join("store");
        prepare(&path).map_err(folder_error)?;
        let mut mark = Mark::in_folder(dir);
        let marked = mark.read().map_err(folder_error)?;
        if marked.is_none() {
            make(&path, &mut mark).map_err(|error| open_error(&path, error))?;
        }
        let db = open_sled(&path)?;
        check_schema(&db, &path)?;
        let trees = open_trees(&db).map_err(|error| open_error(&path, error))?;
        let commit = check_commit(&trees.meta, marked, &path)?;
        let disk = SledDisk {
            db: db.clone(),
            meta: trees.meta,
            commit,
            log: File::open(path.join("db")).map_err(folder_error)?,
            mark,
        };
        let committer = Committer::start(disk, on_fatal).map_err(folder_error)?;
        Ok(Self {
            inner: Arc::new(Inner {
                committer,
                sessions: trees.sessions,
                users: trees.users,
                _db: db,
                _lock: lock,
            }),
        })
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
}

impl UserStore for Store {
    fn users(&self) -> Result<Vec<UserRecord>, StoreError> {
        self.inner
            .users
            .iter()
            .map(|entry| {
                let (key, bytes) = entry.map_err(store_error)?;
                decode_user(&key, &bytes)
            })
            .collect()
    }

    fn save(&self, user: &UserRecord) -> Result<(), StoreError> {
        let bytes = record::encode_user(user)
            .map_err(|error| StoreError(format!("user {}: {error}", user.user)))?;
        self.inner
            .users
            .insert(record::user_key(user.user), bytes)
            .map_err(store_error)?;
        self.inner.committer.commit().map_err(StoreError)
    }
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
}

impl Disk for SledDisk {
    fn flush(&mut self) -> Result<(), String> {
        let next = self.commit + 1;
        self.meta
            .insert(COMMIT_KEY, &next.to_be_bytes())
            .and_then(|_| self.db.flush())
            .map_err(|error| format!("cannot write the store: {error}"))?;
        self.commit = next;
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.log.sync_data()?;
        self.mark.write_if_due(self.commit)
    }

    fn close(&mut self) -> io::Result<()> {
        self.mark.write_if_changed(self.commit)
    }
}

/// The trees of the layout.
struct Trees {
    meta: sled::Tree,
    sessions: sled::Tree,
    users: sled::Tree,
}

fn make_folder(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Makes the store's own folder and removes what an interrupted snapshot left.
///
/// sled takes a half-written `snap.*.generating` for a snapshot and then refuses to open; the
/// snapshot before it is still there. Only the holder of the lock may do this: in a running
/// bridge such a file is alive.
fn prepare(path: &Path) -> io::Result<()> {
    make_folder(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Makes a new store and closes it again.
///
/// The next open writes sled's first snapshot; without one, damage to the log could pass for an
/// older, even empty store.
fn make(path: &Path, mark: &mut Mark) -> sled::Result<()> {
    let db = sled_config(path).open()?;
    write_schema(&db)?;
    drop(db);
    File::open(path.join("db"))?.sync_all()?;
    File::open(path)?.sync_all()?;
    mark.write(0)?;
    Ok(())
}

fn write_schema(db: &sled::Db) -> sled::Result<()> {
    let meta = db.open_tree(META_TREE)?;
    if meta.get(SCHEMA_KEY)?.is_none() {
        meta.insert(SCHEMA_KEY, &SCHEMA.to_be_bytes())?;
    }
    db.flush().map(|_| ())
}

fn sled_config(path: &Path) -> sled::Config {
    sled::Config::new()
        .path(path)
        .cache_capacity(CACHE_BYTES)
        .flush_every_ms(Some(FLUSH_EVERY_MS))
}

fn open_sled(path: &Path) -> Result<sled::Db, OpenError> {
    let config = sled_config(path);
    // A truncated log makes sled panic instead of returning an error.
    match catch_unwind(AssertUnwindSafe(|| config.open())) {
        Ok(Ok(db)) => Ok(db),
        Ok(Err(error)) => Err(open_error(path, error)),
        Err(panic) => Err(OpenError::Damaged {
            path: path.to_owned(),
            reason: panic_text(&*panic),
        }),
    }
}

fn check_schema(db: &sled::Db, path: &Path) -> Result<(), OpenError> {
    let found = db
        .open_tree(META_TREE)
        .and_then(|meta| meta.get(SCHEMA_KEY))
        .map_err(|error| open_error(path, error))?;
    let bytes: Option<[u8; 4]> = found.and_then(|bytes| bytes.as_ref().try_into().ok());
    match bytes.map(u32::from_be_bytes) {
        Some(found) if found > SCHEMA => Err(OpenError::Newer {
            path: path.to_owned(),
            found,
        }),
        Some(_) => Ok(()),
        None => Err(OpenError::Damaged {
            path: path.to_owned(),
            reason: "its content is lost".to_owned(),
        }),
    }
}

fn open_trees(db: &sled::Db) -> sled::Result<Trees> {
    Ok(Trees {
        meta: db.open_tree(META_TREE)?,
        sessions: db.open_tree("sessions")?,
        users: db.open_tree("users")?,
    })
}

/// Returns the number of the last commit; refuses a store that is behind its mark.
fn check_commit(meta: &sled::Tree, marked: Option<u64>, path: &Path) -> Result<u64, OpenError> {
    let found = meta
        .get(COMMIT_KEY)
        .map_err(|error| open_error(path, error))?;
    let bytes: Option<[u8; 8]> = found.and_then(|bytes| bytes.as_ref().try_into().ok());
    let commit = bytes.map_or(0, u64::from_be_bytes);
    match marked {
        Some(marked) if commit < marked => Err(OpenError::Damaged {
            path: path.to_owned(),
            reason: format!("it went back to commit {commit}, and {marked} was on disk"),
        }),
        Some(_) | None => Ok(commit),
    }
}

/// Tells what an operator can put right from damage.
fn open_error(path: &Path, error: sled::Error) -> OpenError {
    use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem, StorageFull};
    if let sled::Error::Io(source) = &error
        && matches!(
            source.kind(),
            PermissionDenied | ReadOnlyFilesystem | StorageFull
        )
    {
        return OpenError::Folder {
            dir: path.to_owned(),
            source: io::Error::new(source.kind(), error),
        };
    }
    OpenError::Damaged {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

fn store_error(error: sled::Error) -> StoreError {
    StoreError(error.to_string())
}
