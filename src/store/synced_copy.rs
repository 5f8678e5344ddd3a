//! For tests of power cuts: a copy of the store as it was at the last sync.
//!
//! With `BRIDGE_SYNCED_COPY=FOLDER` every commit copies the store's files into a folder of its own
//! there, named by the number of the commit. A test that kills the bridge and puts the newest whole
//! copy in the place of the store has cut the power: what was written since the sync is gone.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a copy has when it is whole.
const WHOLE: &str = "whole";

/// Held by whoever writes to the journal, and while a copy is made: a file that is written while it
/// is copied is a file that never was.
static QUIET: Mutex<()> = Mutex::new(());

/// Keeps a copy from being made.
pub(super) fn writing() -> MutexGuard<'static, ()> {
    QUIET.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Copies a store when the environment asks for it.
pub(super) struct SyncedCopy {
    dir: PathBuf,
    copies: PathBuf,
    latest: Option<PathBuf>,
}

impl SyncedCopy {
    /// Returns a copier for the store of a data folder, if one is asked for.
    pub(super) fn from_environment(dir: &Path) -> Option<Self> {
        let copies = std::env::var_os("BRIDGE_SYNCED_COPY")?;
        Some(Self {
            dir: dir.to_owned(),
            copies: PathBuf::from(copies),
            latest: None,
        })
    }

    /// Syncs once more, while nobody writes, and copies; the copy before it goes.
    pub(super) fn copy(&mut self, commit: u64, db: &sled::Db) -> io::Result<()> {
        let _quiet = writing();
        db.flush().map_err(io::Error::other)?;
        let copy = self.copies.join(format!("{commit:012}"));
        copy_folder(&self.dir.join("store"), &copy.join("store"))?;
        match fs::copy(self.dir.join("store.mark"), copy.join("store.mark")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(_) | Err(_) => {}
        }
        fs::write(copy.join(WHOLE), "")?;
        match self.latest.replace(copy) {
            Some(before) => fs::remove_dir_all(before),
            None => Ok(()),
        }
    }
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
