//! One bridge per data folder.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};

const FILE_NAME: &str = "lock";
/// How long a lock that is held is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
const POLL: Duration = Duration::from_millis(10);

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
    /// Takes the lock within a second or not at all.
    ///
    /// A bridge that is killed while it starts an agent leaves a child that has not come to its
    /// exec yet and holds the descriptor for some milliseconds. The start after that is not to be
    /// refused.
    pub(super) fn take(folder: &Path) -> Result<Self, LockError> {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(folder.join(FILE_NAME))
            .map_err(LockError::Io)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            file = match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
                Ok(file) => return Ok(Self { _file: file }),
                Err((file, Errno::EWOULDBLOCK)) if Instant::now() < deadline => file,
                Err((_, Errno::EWOULDBLOCK)) => return Err(LockError::Held),
                Err((_, errno)) => return Err(LockError::Io(errno.into())),
            };
            thread::sleep(POLL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_a_dying_bridge_still_holds_is_waited_for() {
        let dir = tempfile::tempdir().expect("a folder");
        let held = FolderLock::take(dir.path()).expect("it is free");
        let dying = thread::spawn(move || {
            thread::sleep(POLL * 5);
            drop(held);
        });
        FolderLock::take(dir.path()).expect("it is free soon");
        dying.join().expect("no panic");
    }
}
