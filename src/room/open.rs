//! Opens a file that Claude names, and judges what was opened.
//!
//! Links are followed once, before anything is opened; then every part of the real path is opened
//! without following any. So what is judged is what is read, whatever happens to the names.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};

use nix::fcntl::{open, openat};
use nix::sys::stat::Mode;
use nix::unistd::getuid;

use super::own_files::is_own;
use super::place::Room;
use crate::plain_file::{FOLDER, NotOpened, open_in};

/// Where a file lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the session's folder, what the person sent, or Claude's temporary files of the folder.
    Inside,
    /// Anywhere else.
    Outside,
}

/// A file that may be read.
#[derive(Debug)]
pub struct OpenedFile {
    /// The file, to be read from its start.
    pub file: File,
    /// Where it lies once links are followed.
    pub path: PathBuf,
    /// Where that is.
    pub place: Place,
    /// Its size in bytes; it may grow.
    pub size: u64,
}

/// Why a file is not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is there, or nothing that the bridge may see.
    NotFound,
    /// It is a folder, a device, a pipe or a socket, or the system makes it up.
    NoPlainFile,
    /// It is the bridge's own.
    Own,
    /// It cannot be read.
    Unreadable(String),
}

impl Room {
    /// Opens a file by its absolute path, or one that counts from the session's folder.
    ///
    /// This looks at the disk, which may not answer.
    ///
    /// # Errors
    ///
    /// When it is not there, is nothing to be read, or is the bridge's own.
    pub fn open(&self, path: &Path) -> Result<OpenedFile, Refusal> {
        let path = self.folder().join(path).canonicalize().map_err(refusal)?;
        let file = open_real(&path)?;
        let metadata = file.metadata().map_err(refusal)?;
        let inbox = real(self.inbox());
        match is_own((&metadata, &path), self.private(), &inbox) {
            Ok(false) => {}
            Ok(true) => return Err(Refusal::Own),
            Err(error) => return Err(refusal(error)),
        }
        let roots = [real(self.folder().to_owned()), inbox]
            .into_iter()
            .chain(self.temporary_files());
        let mut roots = roots.filter(|root| path.starts_with(root));
        let place = match roots.next() {
            Some(_) => Place::Inside,
            // What the agent cannot reach is not reached for it, whoever would allow that.
            None if self.is_walled() => return Err(Refusal::NotFound),
            None => Place::Outside,
        };
        Ok(OpenedFile {
            file,
            place,
            size: metadata.len(),
            path,
        })
    }

    /// Returns where Claude puts its temporary files of this folder, where that is what it seems to
    /// be. Which of both it is depends on its version.
    ///
    /// Behind a wall it has others, which cannot be seen from here.
    fn temporary_files(&self) -> Vec<PathBuf> {
        if self.is_walled() {
            return Vec::new();
        }
        let folder = real(self.folder().to_owned());
        let slug = folder.to_string_lossy();
        let slug = slug.replace(|sign: char| !sign.is_ascii_alphanumeric(), "-");
        let bases = [PathBuf::from("/tmp"), std::env::temp_dir()].map(real);
        let places = bases.map(|base| base.join(format!("claude-{}", getuid())).join(&slug));
        // A link would lead anywhere.
        let is_itself = |place: &PathBuf| place.canonicalize().is_ok_and(|real| real == *place);
        places.into_iter().filter(is_itself).collect()
    }
}

/// Opens a path without following links, unless it is not a plain file.
fn open_real(path: &Path) -> Result<File, Refusal> {
    let mut parts: Vec<&OsStr> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name),
            Component::RootDir
            | Component::CurDir
            | Component::ParentDir
            | Component::Prefix(_) => None,
        })
        .collect();
    let Some(name) = parts.pop() else {
        return Err(Refusal::NoPlainFile);
    };
    let mut at = open("/", FOLDER, Mode::empty()).map_err(errno)?;
    for part in parts {
        at = openat(&at, part, FOLDER, Mode::empty()).map_err(errno)?;
    }
    open_in(&at, name).map_err(not_opened)
}

fn real(path: PathBuf) -> PathBuf {
    path.canonicalize().unwrap_or(path)
}

fn not_opened(error: NotOpened) -> Refusal {
    match error {
        NotOpened::NoPlainFile => Refusal::NoPlainFile,
        NotOpened::System(error) => refusal(error),
    }
}

fn errno(error: nix::Error) -> Refusal {
    refusal(error.into())
}

fn refusal(error: io::Error) -> Refusal {
    let is_missing = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory];
    if is_missing.contains(&error.kind()) {
        return Refusal::NotFound;
    }
    Refusal::Unreadable(error.to_string())
}

#[cfg(test)]
mod tests;
