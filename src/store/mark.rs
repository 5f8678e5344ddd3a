//! The high-water mark: how far the store had come, kept outside of it.
//!
//! The end of a log can be lost so that nothing in it tells, and a folder can be put back from an
//! old copy. The number of the last record that is on disk is therefore written beside it, behind a
//! sync, twice a minute at most; a store behind that number has lost what was promised to be safe.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::replace_file::replace_file;

/// A rollback by less than this may go unseen.
const WRITE_EVERY: Duration = Duration::from_secs(30);

/// The file of the mark, in the data folder.
#[derive(Debug)]
pub(super) struct Mark {
    path: PathBuf,
    written: Option<(u64, Instant)>,
}

impl Mark {
    pub(super) fn in_folder(dir: &Path) -> Self {
        Self {
            path: dir.join("store.mark"),
            written: None,
        }
    }

    /// Reads the mark; `None` when no store was ever made here.
    pub(super) fn read(&self) -> io::Result<Option<u64>> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        text.trim().parse().map(Some).map_err(|_| {
            let what = format!("{} holds no number", self.path.display());
            io::Error::new(io::ErrorKind::InvalidData, what)
        })
    }

    /// Writes the number of a commit that is on disk.
    pub(super) fn write(&mut self, commit: u64) -> io::Result<()> {
        replace_file(&self.path, &format!("{commit}\n"))?;
        self.written = Some((commit, Instant::now()));
        Ok(())
    }

    /// Writes the number when the last time is half a minute ago.
    pub(super) fn write_if_due(&mut self, commit: u64) -> io::Result<()> {
        match self.written {
            Some((_, at)) if at.elapsed() < WRITE_EVERY => Ok(()),
            Some(_) | None => self.write(commit),
        }
    }

    /// Writes the number unless it stands there.
    pub(super) fn write_if_changed(&mut self, commit: u64) -> io::Result<()> {
        match self.written {
            Some((written, _)) if written == commit => Ok(()),
            Some(_) | None => self.write(commit),
        }
    }
}
