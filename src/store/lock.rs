//! One bridge per data folder.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};

const FILE_NAME: &str = "lock";

/// Holds a data folder until it is dropped; the system lets go of it when the process dies.
///
/// The descriptor is closed on exec, so no agent can hold on to it.
#[derive(Debug)]
pub(super) struct FolderLock {
    _file: Flock<File>,
}

/// Why a folder could not be locked.
#[derive(Debug)]
pub(super) enum LockError {
    /// Somebody else holds it.
    Held,
    /// The lock file cannot be used.
    Io(io::Error),
}

impl FolderLock {
    /// Takes the lock at once or not at all.
    pub(super) fn take(folder: &Path) -> Result<Self, LockError> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(folder.join(FILE_NAME))
            .map_err(LockError::Io)?;
        match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(file) => Ok(Self { _file: file }),
            Err((_, Errno::EWOULDBLOCK)) => Err(LockError::Held),
            Err((_, errno)) => Err(LockError::Io(errno.into())),
        }
    }
}
