//! What is the bridge's own on disk, by whatever name it is reached.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::place::{HOME, INBOX, LISTENING, ROOMS};
use crate::there::if_there;

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

/// How many files of an inbox are compared; one that has more may have this one too.
const MAX_COMPARED: usize = 10_000;

/// Tells whether a file is one of the bridge's own, but for what lies below `except` alone.
///
/// A hard link, or a second mount of the data folder, gives it another path and the same identity.
/// What agents keep is another matter: it may be without end, and is told by its path. Of what lies
/// in the inboxes of others other names are known as well.
///
/// # Errors
///
/// When a folder of the bridge cannot be looked through: then nobody knows.
pub(super) fn is_own(
    (file, path): (&Metadata, &Path),
    private: &[PathBuf],
    except: &Path,
) -> io::Result<bool> {
    let is_excepted = path.starts_with(except);
    for own in private {
        let Some(real) = if_there(own.canonicalize())? else {
            continue;
        };
        let lies_below = path.starts_with(&real) && !is_excepted;
        let search = Search {
            file: Identity::of(file),
            has_other_names: file.nlink() > 1,
            root: &real,
            except,
        };
        if lies_below || search.holds(&real)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Looks for a file below a root.
struct Search<'a> {
    file: Identity,
    has_other_names: bool,
    root: &'a Path,
    except: &'a Path,
}

impl Search<'_> {
    /// Tells whether the file lies at or below a path.
    fn holds(&self, path: &Path) -> io::Result<bool> {
        let metadata = match fs::symlink_metadata(path) {
            // What has gone in between is not what was opened.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            metadata => metadata?,
        };
        if path == self.except || !metadata.is_dir() {
            return Ok(path != self.except && Identity::of(&metadata) == self.file);
        }
        let below = path.strip_prefix(self.root).unwrap_or(path);
        match written_by_agents(below) {
            Some(Kept::Anything) => return Ok(false),
            Some(Kept::Sent) => return self.is_among(path),
            None => {}
        }
        let entries = match fs::read_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            entries => entries?,
        };
        for entry in entries {
            if self.holds(&entry?.path())? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Tells whether the file is one of a folder's, and not of what lies deeper.
    fn is_among(&self, folder: &Path) -> io::Result<bool> {
        if !self.has_other_names {
            return Ok(false);
        }
        for (n, entry) in fs::read_dir(folder)?.enumerate() {
            // One that has gone in between is another.
            let metadata = if_there(entry?.metadata())?;
            let is_it = metadata.is_some_and(|it| Identity::of(&it) == self.file);
            if is_it || n >= MAX_COMPARED {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What a folder has that agents write to.
enum Kept {
    /// What people sent.
    Sent,
    /// Whatever they like.
    Anything,
}

/// Says so of a folder in the data folder, as seen from there.
fn written_by_agents(below: &Path) -> Option<Kept> {
    let mut parts = below.iter();
    let (rooms, _, folder) = (parts.next()?, parts.next()?, parts.next()?);
    if rooms != ROOMS || parts.next().is_some() {
        return None;
    }
    match folder.to_str()? {
        HOME | LISTENING => Some(Kept::Anything),
        INBOX => Some(Kept::Sent),
        _ => None,
    }
}
