//! Opens a data folder with care: lock, heal, open, and check before anything is believed.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use tracing::info;

use super::door::OpenedLog;
use super::keeper::panic_text;
use super::keyed;
use super::lock::{FolderLock, LockError};
use super::log::segments_in;
use super::mark::Mark;
use super::migrate::{MigrateError, drop_journal, migrate, set_aside};
use super::open_log::{LogError, make_log, open_log};
use super::record;

/// The layout of trees and keys that this bridge reads and writes.
pub(super) const SCHEMA: u32 = 6;
pub(super) const META_TREE: &str = "meta";
/// The folder of the log, in that of the store.
const LOG_FOLDER: &str = "log";
pub(super) const SCHEMA_KEY: &[u8] = b"schema";
/// Up to which record of the log sled has every change.
pub(super) const COMMIT_KEY: &[u8] = b"commit";
/// sled's own default is a gigabyte.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;
/// How long a closed sled may take to let go of its lock; it takes milliseconds.
const RELEASE_WAIT: Duration = Duration::from_secs(5);
const RELEASE_POLL: Duration = Duration::from_millis(5);

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process, or another store of this one, holds the folder.
    #[error(
        "another bridge is running with this data folder ({}); stop it, or choose another \
         storage.dir",
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
        "the store in {} is damaged ({reason}) and was left unchanged: move it and store.mark \
         away, then run `bridge store restore` with the newest file in the backups folder beside \
         it, or start with an empty store",
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
        "the store in {} was written by a newer bridge (layout {found}; this bridge knows \
         {SCHEMA}); use that version, or choose another storage.dir",
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
    pub(super) meta: sled::Tree,
    pub(super) trees: keyed::Trees,
    /// A second descriptor of sled's file.
    pub(super) sled_file: File,
    pub(super) log: OpenedLog,
    pub(super) mark: Mark,
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
    let sled_error = |error| open_error(&path, error);
    let trees = open_trees(&db).map_err(sled_error)?;
    let meta = db.open_tree(META_TREE).map_err(sled_error)?;
    let log = open_log(&log_folder(&path)).map_err(|error| log_error(dir, &path, error))?;
    check_age(&meta, &log, marked, &path)?;
    let sled_file = File::open(path.join("db")).map_err(folder_error)?;
    Ok(Opened {
        lock,
        db,
        meta,
        trees,
        sled_file,
        log,
        mark,
    })
}

/// Returns where the log of a store lies.
pub(super) fn log_folder(store: &Path) -> PathBuf {
    store.join(LOG_FOLDER)
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
    for folder in [path, &log_folder(path)] {
        make_folder(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
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
    let sled_error = |error| open_error(path, error);
    write_schema(&db).map_err(sled_error)?;
    let meta = db.open_tree(META_TREE).map_err(sled_error)?;
    let folder = log_folder(path);
    let segments = segments_in(&folder).map_err(|source| OpenError::folder(dir, source))?;
    if check_schema(&db, path)? == SCHEMA && segments.is_empty() {
        let commit = number_at(&meta, COMMIT_KEY).map_err(sled_error)?;
        make_log(&folder, &[], commit).map_err(|error| log_error(dir, path, error))?;
    }
    drop((db, meta));
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
        // It is flushed at checkpoints: what it does not have yet is in the log.
        .flush_every_ms(None);
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
        drop_journal(&db).map_err(|error| open_error(path, error))?;
        return Ok(db);
    }
    drop(db);
    info!(
        found,
        known = SCHEMA,
        "updating the store to the current layout"
    );
    // The copy waits until sled has let go of its files.
    drop(open_sled(path)?);
    set_aside(dir, found).map_err(|source| OpenError::folder(dir, source))?;
    let db = open_sled(path)?;
    migrate(&db, found, path).map_err(|error| match error {
        MigrateError::Sled(error) => open_error(path, error),
        MigrateError::Log(error) => log_error(dir, path, error),
        MigrateError::Record(reason) => OpenError::Damaged {
            path: path.to_owned(),
            reason,
        },
    })?;
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

fn open_trees(db: &sled::Db) -> sled::Result<keyed::Trees> {
    Ok(keyed::Trees {
        sessions: db.open_tree(record::SESSIONS)?,
        users: db.open_tree(record::USERS)?,
        groups: db.open_tree(record::GROUPS)?,
        bridge: db.open_tree(record::BRIDGE)?,
        spending: db.open_tree(record::SPENDING)?,
    })
}

/// Returns a number that sled holds; 0 when it holds none.
pub(super) fn number_at(meta: &sled::Tree, key: &[u8]) -> sled::Result<u64> {
    let bytes = meta.get(key)?;
    let bytes: Option<[u8; 8]> = bytes.and_then(|bytes| bytes.as_ref().try_into().ok());
    Ok(bytes.map_or(0, u64::from_be_bytes))
}

/// Refuses a store of which a part is older than another part says.
fn check_age(
    meta: &sled::Tree,
    log: &OpenedLog,
    marked: Option<u64>,
    path: &Path,
) -> Result<(), OpenError> {
    let older = |what: &str, found: u64, expected: u64| OpenError::Damaged {
        path: path.to_owned(),
        reason: format!(
            "{what} went back to commit {found}, although {expected} was already on disk"
        ),
    };
    let in_sled = number_at(meta, COMMIT_KEY).map_err(|error| open_error(path, error))?;
    if in_sled < log.keyed {
        return Err(older(
            "what it knows of people and chats",
            in_sled,
            log.keyed,
        ));
    }
    match marked {
        Some(marked) if log.seq < marked => Err(older("it", log.seq, marked)),
        Some(_) | None => Ok(()),
    }
}

fn log_error(dir: &Path, path: &Path, error: LogError) -> OpenError {
    match error {
        LogError::Io(source) => OpenError::folder(dir, source),
        LogError::Damaged { .. } => OpenError::Damaged {
            path: path.to_owned(),
            reason: error.to_string(),
        },
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
