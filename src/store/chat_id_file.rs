//! The one-number file of older bridges: who owns this bridge.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bridge_actors::ids::ChatId;

use crate::replace_file::replace_file;

#[cfg(test)]
mod tests;

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ChatIdFileError {
    /// The file cannot be read or written.
    #[error("cannot use the chat id file {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file holds something else.
    #[error(
        "the chat id file {} must hold one positive number, the id of a private chat, and nothing \
         else; correct it, or remove it and claim the bridge again",
        path.display()
    )]
    NotAChatId {
        /// The file.
        path: PathBuf,
    },
}

/// Reads the owner's chat; `None` when there is no file or it is empty.
///
/// White space around the number is fine. The id of a group is refused: everyone in it would own
/// the bridge.
pub fn read(path: &Path) -> Result<Option<ChatId>, ChatIdFileError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(ChatIdFileError::NotAChatId {
                path: path.to_owned(),
            });
        }
        Err(source) => return Err(io_error(path, source)),
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(number @ 1..) => Ok(Some(ChatId(number))),
        Ok(_) | Err(_) => Err(ChatIdFileError::NotAChatId {
            path: path.to_owned(),
        }),
    }
}

/// Writes the owner's chat with mode 0600; a crash leaves the old file or the new one, never a
/// part.
pub fn write(path: &Path, chat: ChatId) -> Result<(), ChatIdFileError> {
    replace_file(path, &format!("{chat}\n")).map_err(|source| io_error(path, source))
}

fn io_error(path: &Path, source: io::Error) -> ChatIdFileError {
    ChatIdFileError::Io {
        path: path.to_owned(),
        source,
    }
}
