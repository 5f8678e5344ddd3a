//! The lock that makes a data folder one bridge's own.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Held for the life of a bridge; the kernel frees it however the bridge ends.
#[derive(Debug)]
pub(super) struct FolderLock {
    _file: File,
}

/// Why the lock was not taken.
#[derive(Debug)]
pub(super) enum LockError {
    /// Somebody else holds it.
    Held,
    /// The file cannot be used.
    Io(io::Error),
}

impl FolderLock {
    /// Takes the lock of a folder, without waiting.
    pub(super) fn take(folder: &Path) -> Result<Self, LockError> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true).mode(0o600);
        let file = options.open(folder.join("lock")).map_err(LockError::Io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held),
            Err(TryLockError::Error(error)) => Err(LockError::Io(error)),
        }
    }
}
