//! Opens a data folder with care: lock, heal, open, and check before anything is believed.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use tracing::info;

use super::committer::panic_text;
use super::lock::{FolderLock, LockError};
use super::mark::Mark;
use super::migrate::{migrate, set_aside};
use super::record;

/// The layout of trees and keys that this bridge reads and writes.
pub(super) const SCHEMA: u32 = 3;
pub(super) const META_TREE: &str = "meta";
/// What is under way. It is in no backup: what was under way then is long over.
pub(super) const JOURNAL_TREE: &str = "journal";
pub(super) const SCHEMA_KEY: &[u8] = b"schema";
pub(super) const COMMIT_KEY: &[u8] = b"commit";
/// sled's own default is a gigabyte.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;
const FLUSH_EVERY_MS: u64 = 500;
/// How long a closed sled may take to let go of its lock; it takes milliseconds.
const RELEASE_WAIT: Duration = Duration::from_secs(5);
const RELEASE_POLL: Duration = Duration::from_millis(5);

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
        "the store in {} is damaged ({reason}); it was left as it is: move it and store.mark away, \
         then run `bridge store restore` with the newest file in the folder backups beside it, or start with an empty one",
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

impl OpenError {
    pub(super) fn folder(dir: &Path, source: io::Error) -> Self {
        Self::Folder {
            dir: dir.to_owned(),
            source,
        }
    }
}

/// A folder that is locked, and a store in it that was found whole.
pub(super) struct Opened {
    pub(super) lock: FolderLock,
    pub(super) db: sled::Db,
    pub(super) trees: Trees,
    /// The number of the last commit.
    pub(super) commit: u64,
    /// A second descriptor of sled's log.
    pub(super) log: File,
    pub(super) mark: Mark,
}

/// The trees of the layout.
pub(super) struct Trees {
    pub(super) meta: sled::Tree,
    pub(super) sessions: sled::Tree,
    pub(super) users: sled::Tree,
    pub(super) groups: sled::Tree,
    pub(super) journal: sled::Tree,
}

/// Opens the store of a data folder; makes both with mode 0700 when they are missing.
pub(super) fn open_folder(dir: &Path) -> Result<Opened, OpenError> {
    let folder_error = |source| OpenError::folder(dir, source);
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
        make(dir, &path, &mut mark)?;
    }
    let db = open_current(dir, &path)?;
    let trees = open_trees(&db).map_err(|error| open_error(&path, error))?;
    let commit = check_commit(&trees.meta, marked, &path)?;
    let log = File::open(path.join("db")).map_err(folder_error)?;
    Ok(Opened {
        lock,
        db,
        trees,
        commit,
        log,
        mark,
    })
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
fn make(dir: &Path, path: &Path, mark: &mut Mark) -> Result<(), OpenError> {
    let db = open_sled(path)?;
    write_schema(&db).map_err(|error| open_error(path, error))?;
    drop(db);
    let sync = |mark: &mut Mark| {
        File::open(path.join("db"))?.sync_all()?;
        File::open(path)?.sync_all()?;
        mark.write(0)
    };
    sync(mark).map_err(|source| OpenError::folder(dir, source))
}

fn write_schema(db: &sled::Db) -> sled::Result<()> {
    let meta = db.open_tree(META_TREE)?;
    if meta.get(SCHEMA_KEY)?.is_none() {
        meta.insert(SCHEMA_KEY, &SCHEMA.to_be_bytes())?;
    }
    db.flush().map(|_| ())
}

pub(super) fn open_sled(path: &Path) -> Result<sled::Db, OpenError> {
    let config = sled::Config::new()
        .path(path)
        .cache_capacity(CACHE_BYTES)
        .flush_every_ms(Some(FLUSH_EVERY_MS));
    let deadline = Instant::now() + RELEASE_WAIT;
    loop {
        // A truncated log makes sled panic instead of returning an error.
        match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(Ok(db)) => return Ok(db),
            Ok(Err(error)) if is_still_locked(&error) && Instant::now() < deadline => {
                thread::sleep(RELEASE_POLL);
            }
            Ok(Err(error)) => return Err(open_error(path, error)),
            Err(panic) => {
                return Err(OpenError::Damaged {
                    path: path.to_owned(),
                    reason: panic_text(&*panic),
                });
            }
        }
    }
}

/// Says whether sled's own lock is in the way.
///
/// Ours is held, so it can only be an earlier handle of this process: threads of sled let go of
/// it some moments after it was dropped. sled has no error of its own for this.
fn is_still_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(error) if error.to_string().contains("could not acquire lock"))
}

/// Opens a store and brings it up to date if its layout is an older one.
fn open_current(dir: &Path, path: &Path) -> Result<sled::Db, OpenError> {
    let db = open_sled(path)?;
    let found = check_schema(&db, path)?;
    if found == SCHEMA {
        return Ok(db);
    }
    drop(db);
    info!(found, known = SCHEMA, "the store is brought up to date");
    // The copy waits until sled has let go of its files.
    drop(open_sled(path)?);
    set_aside(dir, found).map_err(|source| OpenError::folder(dir, source))?;
    let db = open_sled(path)?;
    migrate(&db, found).map_err(|error| open_error(path, error))?;
    Ok(db)
}

/// Returns the layout of a store; refuses a newer one.
fn check_schema(db: &sled::Db, path: &Path) -> Result<u32, OpenError> {
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
        Some(found @ 1..) => Ok(found),
        Some(0) | None => Err(OpenError::Damaged {
            path: path.to_owned(),
            reason: "its content is lost".to_owned(),
        }),
    }
}

fn open_trees(db: &sled::Db) -> sled::Result<Trees> {
    Ok(Trees {
        meta: db.open_tree(META_TREE)?,
        sessions: db.open_tree(record::SESSIONS)?,
        users: db.open_tree(record::USERS)?,
        groups: db.open_tree(record::GROUPS)?,
        journal: db.open_tree(JOURNAL_TREE)?,
    })
}

impl Trees {
    /// Returns the trees of records with their names.
    pub(super) fn by_name(&self) -> [(&'static str, sled::Tree); 3] {
        [
            (record::SESSIONS, self.sessions.clone()),
            (record::USERS, self.users.clone()),
            (record::GROUPS, self.groups.clone()),
        ]
    }
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
