//! What must hold for the names of files, whoever gave them.

use std::path::{Component, Path};

use bridge_actors::ids::{FileId, MessageId};
use bridge_actors::sent_file::{FileKind, FileOf, SentFile, Speech};

use super::file_name;
use crate::room::taking::shown_name;

/// The longest name that file systems take, in bytes, less what stands before that of a file which
/// is not whole.
const MAX_NAME: usize = 255 - 64;

/// A name that somebody gave a file, and after a zero what else was said of it. The first byte says
/// what it is.
pub(crate) fn file_names(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(rest);
    let mut parts = text.split('\0');
    let mut part = || parts.next().map(str::to_owned);
    let sent = SentFile {
        message: MessageId(1),
        of: FileOf::Message,
        kind: kind_of(*kind),
        name: part(),
        media_type: part(),
        unique: part().unwrap_or_default(),
        file: FileId(String::new()),
        bytes: None,
        album: None,
        length: None,
        speech: Speech::Unheard,
    };
    let name = file_name(&sent);
    assert_harmless(&name);
    assert_eq!(name, file_name(&sent), "it is looked for under its name");
    let other = SentFile {
        unique: format!("{}'", sent.unique),
        ..sent
    };
    assert_ne!(name, file_name(&other), "two files have one name");
    assert_shown(&shown_name(&text));
}

/// Nothing but a plain name in a folder, which no program takes for anything else.
fn assert_harmless(name: &str) {
    let mut parts = Path::new(name).components();
    assert!(
        matches!(parts.next(), Some(Component::Normal(_))),
        "{name:?}"
    );
    assert_eq!(parts.next(), None, "{name:?}");
    assert!(name.len() <= MAX_NAME, "{name:?} is too long");
    assert!(!name.starts_with(['.', '-']), "{name:?}");
    let is_plain = |sign: char| sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.');
    assert!(name.chars().all(is_plain), "{name:?}");
}

/// What a chat shows hides nothing and is not blank.
fn assert_shown(name: &str) {
    assert!(!name.trim().is_empty(), "a name is blank");
    assert!(!name.contains(['\n', '\r', '\0', '\u{202e}']), "{name:?}");
}

fn kind_of(byte: u8) -> FileKind {
    match byte % 8 {
        0 => FileKind::Photo,
        1 => FileKind::LivePhoto,
        2 => FileKind::Video,
        3 => FileKind::Animation,
        4 => FileKind::Audio,
        5 => FileKind::Voice,
        6 => FileKind::VideoNote,
        _ => FileKind::Document,
    }
}
