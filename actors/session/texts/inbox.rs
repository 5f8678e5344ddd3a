//! What is said about the files in the inbox of a chat.

use std::time::Duration;

use bridge_texts::Say;

use super::in_words;
use crate::clock::UnixSeconds;
use crate::ports::{InboxFile, PathFault};
use crate::size::in_words as size;
use crate::visible::visible_line;

/// How much of a name is shown, in characters: its beginning and its end.
const NAME_SHOWN: (usize, usize) = (28, 16);

const DAY: u64 = 24 * 3600;

/// Returns what stands above a page of the list.
pub(in crate::session) fn inbox(
    say: Say,
    files: &[InboxFile],
    limit: u64,
    (at, n_pages): (usize, usize),
) -> String {
    if files.is_empty() {
        return say.inbox_empty();
    }
    let taken: u64 = files.iter().map(|file| file.bytes).sum();
    let head = say.inbox_head(files.len(), size(taken), size(limit));
    match n_pages {
        1 => head,
        _ => format!("{head}\n{}", say.inbox_page(at + 1, n_pages)),
    }
}

/// Returns the two lines of a file.
pub(in crate::session) fn inbox_file(
    say: Say,
    number: usize,
    file: &InboxFile,
    now: UnixSeconds,
) -> String {
    let name = shortened(&visible_line(&file.name));
    let age = age(say, now.0.saturating_sub(file.at.0));
    let kind = kind(say, &file.name);
    say.inbox_file(number, name, kind, size(file.bytes), age)
}

fn shortened(name: &str) -> String {
    let (first, last) = NAME_SHOWN;
    let n_signs = name.chars().count();
    if n_signs <= first + last + 1 {
        return name.to_owned();
    }
    let begin: String = name.chars().take(first).collect();
    let end: String = name.chars().skip(n_signs - last).collect();
    format!("{begin}…{end}")
}

pub(super) fn age(say: Say, seconds: u64) -> String {
    match (seconds / DAY, seconds / 3600, seconds / 60) {
        (0, 0, 0) => say.age_now(),
        (0, 0, minutes) => say.age_minutes(minutes),
        (0, hours, _) => say.age_hours(hours),
        (days, _, _) => say.age_days(days),
    }
}

/// Returns what a file is by the end of its name.
fn kind(say: Say, name: &str) -> String {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" | "png" | "gif" | "webp" | "heic" | "bmp" | "svg" | "tif" | "tiff" => {
            say.kind_picture()
        }
        "mp4" | "mov" | "webm" | "mkv" | "avi" => say.kind_video(),
        "mp3" | "m4a" | "ogg" | "oga" | "opus" | "wav" | "flac" | "aac" => say.kind_audio(),
        "pdf" | "doc" | "docx" | "odt" | "rtf" | "txt" | "md" | "epub" => say.kind_document(),
        "csv" | "tsv" | "xls" | "xlsx" | "ods" => say.kind_table(),
        "zip" | "tar" | "gz" | "tgz" | "bz2" | "xz" | "7z" | "rar" | "zst" => say.kind_archive(),
        _ => say.kind_file(),
    }
}

/// Returns the question whether to clear files, and which stay.
pub(in crate::session) fn clear_question(
    say: Say,
    going: &[&InboxFile],
    needed: &[&InboxFile],
) -> String {
    let together = |files: &[&InboxFile]| size(files.iter().map(|file| file.bytes).sum());
    let stay = match needed.len() {
        0 => String::new(),
        n => say.inbox_needed(n, together(needed)),
    };
    match (going.len(), needed.len()) {
        (0, 0) => say.inbox_empty(),
        (0, _) => format!("{}\n{stay}", say.clear_nothing()),
        (n, 0) => say.clear_question(n, together(going)),
        (n, _) => format!("{}\n{stay}", say.clear_question(n, together(going))),
    }
}

/// Returns what was cleared, and how many files stay.
pub(in crate::session) fn cleared(
    say: Say,
    (removed, bytes): (usize, u64),
    needed: usize,
) -> String {
    let gone = match removed {
        0 => say.cleared_before(),
        n => say.cleared(n, size(bytes)),
    };
    match needed {
        0 => gone,
        n => format!("{gone}\n{}", say.cleared_but(n)),
    }
}

/// Returns why a file does not come again.
pub(in crate::session) fn not_sent_again(say: Say, fault: &PathFault) -> String {
    match fault {
        PathFault::NotFound | PathFault::NoPlainFile | PathFault::Own => say.again_gone(),
        PathFault::Empty => say.again_empty(),
        PathFault::TooBig => say.again_too_big(),
        PathFault::Unreadable(reason) => say.inbox_unreadable(reason),
    }
}

/// Returns that the disk does not answer.
pub(in crate::session) fn inbox_is_slow(say: Say, limit: Duration) -> String {
    say.inbox_slow(in_words(say, limit))
}
