//! Backups: sessions, people and groups in one text file that needs no sled to be read.
//!
//! The first line says what the file is, each further one is a record, the last one has their
//! number and a checksum of all before it: a file that was cut or changed is told apart from a
//! whole one.

mod found;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bridge_actors::ports::{SessionRecord, StoreError};
use serde::{Deserialize, Serialize};

use super::keyed::{EVERYTHING, Tree, from_hex, to_hex};
use super::open::{OpenError, SCHEMA, open_folder};
use super::record::{RecordError, check_record, decode_session, encode_session};
use super::sled_store::{Store, raw_records};
use crate::replace_file::replace_file;

pub use found::{Found, look_into};

/// The layout of a backup that is written.
const FORMAT: u32 = 1;

/// How many of the backups that the bridge makes by itself are kept.
pub const KEPT_BACKUPS: usize = 3;

/// Why a backup could not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder cannot be used.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not a whole backup.
    #[error("{} is not a complete backup: {reason}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// There is a store already.
    #[error(
        "{} already has a store; move store and store.mark away first, or choose another \
         storage.dir",
        dir.display()
    )]
    Occupied {
        /// The data folder.
        dir: PathBuf,
    },
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// How many records of each kind there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Contents {
    /// Sessions of chats.
    pub sessions: usize,
    /// People.
    pub users: usize,
    /// Groups.
    pub groups: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    bridge_backup: u32,
    schema: u32,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    tree: String,
    key: String,
    value: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Tail {
    records: usize,
    crc32: u32,
}

/// One record as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawRecord {
    pub(super) tree: Tree,
    pub(super) key: Vec<u8>,
    pub(super) value: Vec<u8>,
}

impl RawRecord {
    /// Checks the record and takes out of a session what belongs to its chat as it is now: the
    /// messages whose buttons wait, and the card, which has words of Claude. Where a backup is
    /// restored they would have old messages edited.
    fn for_backup(self) -> Result<Self, RecordError> {
        check_record(self.tree.name(), &self.value)?;
        if self.tree != Tree::Sessions {
            return Ok(self);
        }
        let session = SessionRecord {
            messages_with_buttons: Vec::new(),
            turn_card: None,
            ..decode_session(&self.value)?
        };
        let value = encode_session(&session)?;
        Ok(Self { value, ..self })
    }
}

impl Contents {
    fn count(&mut self, tree: Tree) {
        match tree {
            Tree::Sessions => self.sessions += 1,
            Tree::Users => self.users += 1,
            Tree::Groups => self.groups += 1,
            // It is one record at most; and what is of people and sessions.
            Tree::Bridge | Tree::Spending => {}
        }
    }
}

/// Writes what a store holds of sessions, people and groups, without any text of messages, to a
/// file with mode 0600; the file appears whole or not at all.
///
/// # Errors
///
/// When the store cannot be read, holds something that is no record, or the file cannot be
/// written.
pub fn write_backup(store: &Store, path: &Path) -> Result<Contents, BackupError> {
    let mut contents = Contents::default();
    let mut records = 0;
    let head = Head {
        bridge_backup: FORMAT,
        schema: SCHEMA,
    };
    let mut text = line(&head)?;
    for raw in store.raw_records() {
        let raw = raw?;
        let tree = raw.tree;
        let record = raw.for_backup();
        let RawRecord { key, value, .. } =
            record.map_err(|error| StoreError(format!("{}: {error}", tree.name())))?;
        let value = String::from_utf8(value).map_err(|error| StoreError(error.to_string()))?;
        let key = to_hex(&key);
        contents.count(tree);
        records += 1;
        let tree = tree.name().to_owned();
        text.push_str(&line(&Entry { tree, key, value })?);
    }
    let crc32 = crc32fast::hash(text.as_bytes());
    text.push_str(&line(&Tail { records, crc32 })?);
    let file_error = |source| BackupError::File {
        path: path.to_owned(),
        source,
    };
    replace_file(path, &text).map_err(file_error)?;
    Ok(contents)
}

fn line<T: Serialize>(value: &T) -> Result<String, BackupError> {
    let text = serde_json::to_string(value).map_err(|error| StoreError(error.to_string()))?;
    Ok(text + "\n")
}

/// Reads and checks a backup.
fn read_backup(path: &Path) -> Result<Vec<RawRecord>, BackupError> {
    let text = fs::read_to_string(path).map_err(|source| BackupError::File {
        path: path.to_owned(),
        source,
    })?;
    parse_backup(&text).map_err(|reason| BackupError::Broken {
        path: path.to_owned(),
        reason,
    })
}

pub(super) fn parse_backup(text: &str) -> Result<Vec<RawRecord>, String> {
    let body = text.strip_suffix('\n').ok_or("its end is missing")?;
    let (body, tail) = body.rsplit_once('\n').ok_or("its end is missing")?;
    let tail: Tail = serde_json::from_str(tail).map_err(|_| "its end is missing")?;
    let summed = &text[..body.len() + 1];
    if crc32fast::hash(summed.as_bytes()) != tail.crc32 {
        return Err("its checksum does not match".to_owned());
    }
    let mut lines = body.lines();
    let head: Head = lines
        .next()
        .and_then(|head| serde_json::from_str(head).ok())
        .ok_or("it does not start like a backup")?;
    if head.bridge_backup > FORMAT || head.schema > SCHEMA {
        return Err("it was made by a newer bridge".to_owned());
    }
    let records: Result<Vec<_>, String> = lines.map(parse_record).collect();
    let records = records?;
    if records.len() != tail.records {
        return Err(format!(
            "it has {} records instead of {}",
            records.len(),
            tail.records
        ));
    }
    Ok(records)
}

fn parse_record(line: &str) -> Result<RawRecord, String> {
    let entry: Entry = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let tree = Tree::ALL
        .into_iter()
        .find(|tree| tree.name() == entry.tree)
        .ok_or_else(|| format!("it has records of an unknown kind, {:?}", entry.tree))?;
    let key = from_hex(&entry.key).ok_or_else(|| format!("{:?} is not a key", entry.key))?;
    let value = entry.value.into_bytes();
    // An earlier bridge may have written what is not to be restored.
    let record = RawRecord { tree, key, value }.for_backup();
    record.map_err(|error| format!("{}: {error}", tree.name()))
}

/// Makes a store with the content of a backup in a data folder that has none.
///
/// # Errors
///
/// When the backup is not whole, the folder has a store, or the disk refuses.
pub fn restore_backup(path: &Path, dir: &Path) -> Result<Contents, BackupError> {
    let records = read_backup(path)?;
    if dir.join("store").exists() || dir.join("store.mark").exists() {
        return Err(BackupError::Occupied {
            dir: dir.to_owned(),
        });
    }
    let store = Store::open(dir, Box::new(drop))?;
    let mut contents = Contents::default();
    records
        .iter()
        .for_each(|record| contents.count(record.tree));
    store.put_raw(records)?;
    store.flush()?;
    Ok(contents)
}

/// Opens a copy of the store in a data folder and reads every record: the store itself is left as
/// it is, damaged or not, and no bridge may run meanwhile.
///
/// # Errors
///
/// When a bridge runs, there is no store, or something in it cannot be read.
pub fn check_store(dir: &Path) -> Result<Contents, BackupError> {
    in_copy(dir, read_everything)
}

fn in_copy<T>(
    dir: &Path,
    read: impl FnOnce(&Path) -> Result<T, BackupError>,
) -> Result<T, BackupError> {
    let file_error = |path: &Path, source| BackupError::File {
        path: path.to_owned(),
        source,
    };
    let store = dir.join("store");
    if !store.is_dir() {
        let missing = io::Error::new(io::ErrorKind::NotFound, "there is no store");
        return Err(file_error(&store, missing));
    }
    let _lock = super::lock::FolderLock::take(dir).map_err(|error| match error {
        super::lock::LockError::Held => BackupError::Open(OpenError::Busy {
            dir: dir.to_owned(),
        }),
        super::lock::LockError::Io(source) => file_error(dir, source),
    })?;
    let copy = dir.join("store.check");
    let checked = copy_store(dir, &copy)
        .map_err(|source| file_error(&copy, source))
        .and_then(|()| read(&copy))
        .map_err(|error| match error {
            // The copy is gone when this is read.
            BackupError::Open(OpenError::Damaged { reason, .. }) => {
                let path = store.clone();
                BackupError::Open(OpenError::Damaged { path, reason })
            }
            other @ (BackupError::Open(_)
            | BackupError::File { .. }
            | BackupError::Broken { .. }
            | BackupError::Occupied { .. }
            | BackupError::Store(_)) => other,
        });
    // What is left of the copy is in nobody's way; the next check replaces it.
    fs::remove_dir_all(&copy).ok();
    checked
}

fn copy_store(dir: &Path, copy: &Path) -> io::Result<()> {
    match fs::remove_dir_all(copy) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Err(_) | Ok(()) => {}
    }
    copy_folder(&dir.join("store"), &copy.join("store"))?;
    match fs::copy(dir.join("store.mark"), copy.join("store.mark")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        copied => copied.map(|_| ()),
    }
}

pub(super) fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_folder(&entry.path(), &target)?,
            false => fs::copy(entry.path(), target).map(|_| ())?,
        }
    }
    Ok(())
}

fn read_everything(dir: &Path) -> Result<Contents, BackupError> {
    let opened = open_folder(dir)?;
    let mut contents = Contents::default();
    let changed = Tree::ALL.map(|tree| opened.log.overlay.range(tree, &EVERYTHING));
    for raw in raw_records(&opened.trees, changed) {
        let RawRecord { tree, value, .. } = raw?;
        let name = tree.name();
        check_record(name, &value).map_err(|error| StoreError(format!("{name}: {error}")))?;
        contents.count(tree);
    }
    Ok(contents)
}

/// Makes the backup of today in a data folder, unless there is one, and removes the oldest.
///
/// `name` sorts by time. Returns the file if one was made.
///
/// # Errors
///
/// As [`write_backup`].
pub fn backup_of_the_day(
    store: &Store,
    dir: &Path,
    name: &str,
) -> Result<Option<PathBuf>, BackupError> {
    use std::os::unix::fs::DirBuilderExt;
    let folder = dir.join("backups");
    let file_error = |source| BackupError::File {
        path: folder.clone(),
        source,
    };
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .map_err(file_error)?;
    let path = folder.join(format!("{name}.jsonl"));
    if path.exists() {
        return Ok(None);
    }
    write_backup(store, &path)?;
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .map_err(file_error)?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|it| it == "jsonl"))
        .collect();
    files.sort();
    let surplus = files.len().saturating_sub(KEPT_BACKUPS);
    for old in &files[..surplus] {
        fs::remove_file(old).map_err(file_error)?;
    }
    Ok(Some(path))
}

#[cfg(test)]
mod tests;
