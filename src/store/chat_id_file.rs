//! The one-number file in which older bridges kept their owner.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ChatIdFileError {
    /// The system refused.
    #[error("cannot use the chat id file {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It holds something else than the id of a person.
    #[error(
        "the chat id file {} must hold one positive number, the telegram id of the owner; correct \
         it, or remove it to claim the bridge anew",
        path.display()
    )]
    NotAnId {
        /// The file.
        path: PathBuf,
    },
}

/// Reads the owner; `None` when there is no file or nothing in it.
pub fn read(path: &Path) -> Result<Option<i64>, ChatIdFileError> {
    let text = match fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).trim().to_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(ChatIdFileError::Io {
                path: path.to_owned(),
                source,
            });
        }
    };
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(id) if id > 0 => Ok(Some(id)),
        Ok(_) | Err(_) => Err(ChatIdFileError::NotAnId {
            path: path.to_owned(),
        }),
    }
}

/// Writes the owner: whole or not at all, readable by the file's owner only.
pub fn write(path: &Path, owner: i64) -> Result<(), ChatIdFileError> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    let written = write_new(&temporary, owner).and_then(|()| fs::rename(&temporary, path));
    written.map_err(|source| ChatIdFileError::Io {
        path: path.to_owned(),
        source,
    })
}

fn write_new(path: &Path, owner: i64) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true).mode(0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{owner}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests;
