//! Opens the store: lock, heal what a crash can leave, open, check the version.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use sled::Db;
use tracing::warn;

use super::lock::{FolderLock, LockError};

/// The version of what is stored; a store of a newer one is not touched.
const SCHEMA: u32 = 1;

/// How much of the store sled may keep in memory; its own default is 1 GiB.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;

/// How long the threads of a dropped handle may hold sled's lock; milliseconds were seen.
const OWN_LOCK_LIMIT: Duration = Duration::from_secs(5);

/// How often the lock is tried.
const OWN_LOCK_PAUSE: Duration = Duration::from_millis(2);

const META_TREE: &[u8] = b"meta";
const SCHEMA_KEY: &[u8] = b"schema";

/// The store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another bridge holds the data folder.
    #[error(
        "another bridge is running on the data folder {}; stop it or set another storage.dir",
        .0.display()
    )]
    InUse(PathBuf),
    /// The folder or a file in it cannot be used.
    #[error("cannot use the data folder {}: {source}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The files are damaged.
    #[error(
        "the store in {} is damaged ({reason}); restore a copy of this folder, or move it away to \
         begin anew",
        folder.display()
    )]
    Damaged {
        /// The folder of the store.
        folder: PathBuf,
        /// What sled said.
        reason: String,
    },
    /// A newer bridge wrote it.
    #[error(
        "the store in {} has version {found}, and this bridge knows up to {SCHEMA}; run the newer \
         bridge again",
        folder.display()
    )]
    Newer {
        /// The folder of the store.
        folder: PathBuf,
        /// The version it has.
        found: u32,
    },
}

/// An open store with its lock.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) db: Db,
    /// The file that holds all records, for syncing.
    pub(super) file: File,
    pub(super) lock: FolderLock,
}

/// Opens the store of a data folder; makes both when they are missing.
pub(super) fn open(data: &Path) -> Result<Opened, OpenError> {
    let folder_error = |source| OpenError::Folder {
        folder: data.to_owned(),
        source,
    };
    make_private_folder(data).map_err(folder_error)?;
    let lock = FolderLock::take(data).map_err(|error| match error {
        LockError::Held => OpenError::InUse(data.to_owned()),
        LockError::Io(source) => folder_error(source),
    })?;
    let folder = data.join("store");
    let is_new = !folder.exists();
    make_private_folder(&folder).map_err(folder_error)?;
    remove_torn_snapshots(&folder).map_err(folder_error)?;
    let mut db = open_sled(&folder)?;
    if is_new {
        // With a snapshot on disk a damaged file is noticed far more often, and sled writes one
        // only when it opens a store that has something in it.
        check_schema(&db, &folder)?;
        flush(&db, &folder)?;
        drop(db);
        db = open_sled(&folder)?;
        File::open(data)
            .and_then(|folder| folder.sync_all())
            .map_err(folder_error)?;
    }
    check_schema(&db, &folder)?;
    let file = File::open(folder.join("db")).map_err(folder_error)?;
    Ok(Opened { db, file, lock })
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// Removes snapshots that a crash left half written.
///
/// sled takes them for whole ones and then refuses to open for ever. The snapshot before is removed
/// only after the rename, so nothing is lost with them.
fn remove_torn_snapshots(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            warn!(file = %path.display(), "removed a snapshot that was half written");
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Opens sled; a truncated file makes it panic, which is caught.
///
/// The threads of a handle that was dropped hold sled's own lock a moment longer. Nobody else can
/// hold it while we have the folder's lock, so it is waited for.
fn open_sled(folder: &Path) -> Result<Db, OpenError> {
    let config = sled::Config::new()
        .path(folder)
        .cache_capacity(CACHE_BYTES)
        .flush_every_ms(Some(500));
    let deadline = Instant::now() + OWN_LOCK_LIMIT;
    loop {
        match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(Ok(db)) => return Ok(db),
            Ok(Err(error)) if is_locked(&error) && Instant::now() < deadline => {
                thread::sleep(OWN_LOCK_PAUSE);
            }
            Ok(Err(error)) => return Err(damaged(folder, &error)),
            Err(_) => return Err(damaged(folder, &"its file is cut off")),
        }
    }
}

/// sled wraps what the system said into a text of its own.
fn is_locked(error: &sled::Error) -> bool {
    error.to_string().contains("could not acquire lock")
}

fn check_schema(db: &Db, folder: &Path) -> Result<(), OpenError> {
    let meta = db
        .open_tree(META_TREE)
        .map_err(|error| damaged(folder, &error))?;
    let stored = meta
        .get(SCHEMA_KEY)
        .map_err(|error| damaged(folder, &error))?;
    match stored.as_deref().map(<[u8; 4]>::try_from) {
        None => {
            let written = meta.insert(SCHEMA_KEY, &SCHEMA.to_be_bytes());
            written.map(drop).map_err(|error| damaged(folder, &error))
        }
        Some(Ok(bytes)) if u32::from_be_bytes(bytes) <= SCHEMA => Ok(()),
        Some(Ok(bytes)) => {
            let found = u32::from_be_bytes(bytes);
            Err(OpenError::Newer {
                folder: folder.to_owned(),
                found,
            })
        }
        Some(Err(_)) => Err(damaged(folder, &"its version is unreadable")),
    }
}

fn flush(db: &Db, folder: &Path) -> Result<(), OpenError> {
    db.flush()
        .map(drop)
        .map_err(|error| damaged(folder, &error))
}

fn damaged(folder: &Path, reason: &dyn std::fmt::Display) -> OpenError {
    OpenError::Damaged {
        folder: folder.to_owned(),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests;
