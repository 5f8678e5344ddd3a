//! Photos that a person sends, and what becomes of them.

use std::path::PathBuf;

use crate::ids::{FileId, MessageId, PromptId};
use crate::sent_file::{FetchFault, FileKind, PictureFormat, ReceivedFile, SentFile};
use crate::session::event::Event;

pub(super) fn photo_of(message: MessageId) -> SentFile {
    SentFile {
        kind: FileKind::Photo,
        file: FileId(format!("photo{}", message.0)),
        unique: "unique".to_owned(),
        name: None,
        media_type: None,
        bytes: None,
    }
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
        "" => Ok(vec![photo; n_files]),
        "not a picture" => Ok(vec![ReceivedFile {
            picture: None,
            ..photo
        }]),
        "huge" => Ok(vec![ReceivedFile {
            bytes: 7_000_000,
            ..photo
        }]),
        "too large" => Err(FetchFault::TooLarge {
            limit: 20 * 1024 * 1024,
        }),
        "unreachable" => Err(FetchFault::Unreachable),
        _ => panic!("not a fault: {fault}"),
    };
    Event::Fetched { prompt, outcome }
}
