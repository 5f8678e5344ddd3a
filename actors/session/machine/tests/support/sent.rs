//! Photos that a person sends, and what becomes of them.

use std::path::PathBuf;

use super::{CHAT, Player};
use crate::ids::{FileId, MessageId, PromptId, UserId};
use crate::instruction::Joint;
use crate::rating::{Change, Rating};
use crate::sent_file::{FetchFault, FileKind, FileOf, PictureFormat, ReceivedFile, SentFile};
use crate::session::event::Event;
use crate::session::{Instruct, Prompt};

pub(super) fn photo_of(message: MessageId) -> SentFile {
    SentFile {
        message,
        of: FileOf::Message,
        kind: FileKind::Photo,
        file: FileId(format!("photo{}", message.0)),
        unique: format!("unique{}", message.0),
        name: None,
        media_type: None,
        bytes: None,
        album: None,
    }
}

/// Returns the photo of a message that is answered in another one.
pub(super) fn photo_answered_in(message: MessageId) -> SentFile {
    SentFile {
        message,
        of: FileOf::Answered,
        file: FileId("photo0".to_owned()),
        unique: "unique0".to_owned(),
        ..photo_of(message)
    }
}

impl Player {
    /// Reads a message with a photo: its caption, which may be empty.
    pub(super) fn with_photo(&mut self, caption: &str) -> Prompt {
        let prompt = self.written(UserId(CHAT.0), caption);
        let files = vec![photo_of(prompt.message)];
        Prompt { files, ..prompt }
    }

    /// Reads a message of an album: its name and the caption.
    pub(super) fn of_album(&mut self, text: &str, joint: Joint) -> Prompt {
        let (album, caption) = text.split_once(' ').unwrap_or((text, ""));
        let mut photo = self.with_photo(caption).going_on(Some(joint));
        photo.files[0].album = Some(album.to_owned());
        photo
    }
}

/// Reads what somebody thinks of a message: what became of 👍, and of 👎.
pub(super) fn rated(id: PromptId, text: &str) -> Instruct {
    let change = |sign: &str| match text.split(' ').find_map(|word| word.strip_suffix(sign)) {
        Some("+") => Change::Given,
        Some("-") => Change::TakenBack,
        Some(_) | None => Change::None,
    };
    Instruct::Rate(Rating {
        id,
        by: UserId(CHAT.0),
        up: change("👍"),
        down: change("👎"),
    })
}

/// Returns an edit that puts another photo in the place of the one that its message had.
pub(super) fn exchanged(edit: Instruct) -> Instruct {
    let Instruct::Replace(prompt) = edit else {
        panic!("an edit");
    };
    let other = |photo: SentFile| SentFile {
        file: FileId(format!("{}b", photo.file.0)),
        unique: format!("{}b", photo.unique),
        ..photo
    };
    let files = prompt.files.iter().cloned().map(other).collect();
    Instruct::Replace(Prompt { files, ..prompt })
}

/// Reads what became of the files of a prompt, of which there are so many: its id, and why they
/// cannot be had if they cannot.
pub(super) fn fetched(text: &str, n_files: impl Fn(&PromptId) -> usize) -> Event {
    let (prompt, fault) = text.split_once(' ').unwrap_or((text, ""));
    let prompt = PromptId(prompt.to_owned());
    let n_files = n_files(&prompt);
    let photo = ReceivedFile {
        kind: FileKind::Photo,
        path: PathBuf::from("/inbox/photo.jpg"),
        bytes: 70_000,
        picture: Some(PictureFormat::Jpeg),
    };
    let outcome = match fault {
        "" => Ok(vec![Ok(photo); n_files]),
        "not a picture" => Ok(vec![Ok(ReceivedFile {
            picture: None,
            ..photo
        })]),
        "huge" => Ok(vec![Ok(ReceivedFile {
            bytes: 7_000_000,
            ..photo
        })]),
        "without the answered" => Ok(vec![Err(FetchFault::TooLargeForTelegram); n_files]),
        "too large" => Err(FetchFault::TooLarge {
            limit: 20 * 1024 * 1024,
        }),
        "unreachable" => Err(FetchFault::Unreachable),
        _ => panic!("not a fault: {fault}"),
    };
    Event::Fetched { prompt, outcome }
}
