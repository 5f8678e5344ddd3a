//! What is the bridge's own on disk, by whatever name it is reached.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// A file, whatever its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
        }
    }
}

/// Tells whether a file is one of the bridge's own, but for what lies below `except` alone.
///
/// A hard link, or a second mount of the data folder, gives it another path and the same identity.
///
/// # Errors
///
/// When a folder of the bridge cannot be looked through: then nobody knows.
pub(super) fn is_own(
    (file, path): (Identity, &Path),
    private: &[PathBuf],
    except: &Path,
) -> io::Result<bool> {
    let is_excepted = path.starts_with(except);
    for own in private {
        let real = match own.canonicalize() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            real => real?,
        };
        let lies_below = path.starts_with(&real) && !is_excepted;
        if lies_below || holds(&real, file, except)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Tells whether a file lies at or below a path.
fn holds(path: &Path, file: Identity, except: &Path) -> io::Result<bool> {
    let metadata = match fs::symlink_metadata(path) {
        // What has gone in between is not what was opened.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        metadata => metadata?,
    };
    if path == except || !metadata.is_dir() {
        return Ok(path != except && Identity::of(&metadata) == file);
    }
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        entries => entries?,
    };
    for entry in entries {
        if holds(&entry?.path(), file, except)? {
            return Ok(true);
        }
    }
    Ok(false)
}
