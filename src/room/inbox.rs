//! The inbox of a room: the files that a person sent, under names of our own.
//!
//! Nothing is unpacked or looked into but for the first bytes, which say whether it is a picture.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, fchown};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bridge_actors::sent_file::{FetchFault, FileKind, PictureFormat, ReceivedFile, SentFile};
use imagesize::ImageType;
use tracing::debug;
use uuid::Uuid;

use super::place::{InboxLock, Room, Rooms};
use crate::plain_file::open_plain;

/// The namespace of the part of a name that tells files with the same name apart. It never changes:
/// a file that is asked for again would get another name.
const NAMES: Uuid = Uuid::from_u128(0x0c6f_6f57_3a1e_4a83_9d7e_6d1c_5f2b_8e40);

/// How many bytes of a sent name are kept. With all that is put to it a name stays below the 255
/// bytes that file systems allow.
const STEM_BYTES: usize = 60;

/// How many characters an extension has at most; those in use are shorter.
const EXTENSION_CHARS: usize = 10;

/// How many bytes say what kind of picture a file is.
const HEADER_BYTES: usize = 64;

/// What a name begins with whose file is not whole.
const PARTIAL: &str = ".partial-";

/// How much the inbox of a chat takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InboxLimits {
    /// The largest file, in bytes.
    pub file: u64,
    /// All files together, in bytes.
    pub all: u64,
}

impl Default for InboxLimits {
    /// 20 MB, as much as Telegram hands out, and 1 GB.
    fn default() -> Self {
        Self {
            file: 20 * 1024 * 1024,
            all: 1024 * 1024 * 1024,
        }
    }
}

/// The files that a person sent.
#[derive(Debug, Clone)]
pub struct Inbox {
    folder: PathBuf,
    limits: InboxLimits,
    lock: InboxLock,
}

/// After how many bytes a file that is being written is synced, which takes a few milliseconds.
///
/// The journal waits for the same disk: behind 20 MB in one piece the slowest hundredth of its syncs
/// took twice as long (14 ms in place of 7), behind these no longer than alone. It costs a download
/// from this machine itself a third of its speed, and one over a network nothing.
const SYNC_EVERY: u64 = 1 << 20;

/// A file that is being written; dropped before it is whole, it is gone.
#[derive(Debug)]
pub struct Incoming {
    kind: FileKind,
    file: File,
    partial: PathBuf,
    path: PathBuf,
    bytes: u64,
    /// How many of them are on disk for certain.
    synced: u64,
    /// How many bytes it may have, and why no more.
    limit: u64,
    too_much: FetchFault,
    lock: InboxLock,
}

impl Inbox {
    /// Returns the inbox of a room, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// When the disk does not let it.
    pub fn of(room: &Room, limits: InboxLimits) -> io::Result<Self> {
        Ok(Self {
            folder: room.make_inbox()?,
            limits,
            lock: room.inbox_lock().clone(),
        })
    }

    /// Returns a file that came before, be it in an earlier run or with an earlier message.
    pub fn find(&self, sent: &SentFile) -> Option<ReceivedFile> {
        let path = self.folder.join(file_name(sent));
        let _held = self.lock.hold();
        let file = open_plain(&path).ok()?;
        // It counts as new: neither a sweep nor a clearing takes it that was asked about before, be
        // it in the same second.
        let at = SystemTime::now() + Duration::from_secs(1);
        if let Err(error) = file.set_modified(at) {
            debug!(%error, "a file of an inbox keeps its age");
        }
        let bytes = file.metadata().ok()?.len();
        Some(received(sent.kind, path, bytes))
    }

    /// Begins to write a file.
    ///
    /// # Errors
    ///
    /// When it says itself that it is larger than what may come in, or the disk does not let it.
    pub fn begin(&self, sent: &SentFile) -> Result<Incoming, FetchFault> {
        let InboxLimits { file, all } = self.limits;
        let room_left = all.saturating_sub(self.taken().map_err(unwritten)?);
        let (limit, too_much) = match room_left < file {
            true => (room_left, FetchFault::InboxFull { limit: all }),
            false => (file, FetchFault::TooLarge { limit: file }),
        };
        if sent.bytes.is_some_and(|bytes| bytes > file) {
            return Err(FetchFault::TooLarge { limit: file });
        }
        if sent.bytes.is_some_and(|bytes| bytes > limit) {
            return Err(too_much);
        }
        let name = file_name(sent);
        let partial = self
            .folder
            .join(format!("{PARTIAL}{}-{name}", Uuid::new_v4().simple()));
        let mut options = OpenOptions::new();
        let options = options.write(true).create_new(true).mode(0o600);
        Ok(Incoming {
            kind: sent.kind,
            file: options.open(&partial).map_err(unwritten)?,
            partial,
            path: self.folder.join(name),
            bytes: 0,
            synced: 0,
            limit,
            too_much,
            lock: self.lock.clone(),
        })
    }

    /// Takes in a file that lies on this machine.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is larger than what may come in, or cannot be written.
    pub fn copy(&self, sent: &SentFile, from: &Path) -> Result<ReceivedFile, FetchFault> {
        let mut from = File::open(from).map_err(|_| FetchFault::Gone)?;
        if !from.metadata().is_ok_and(|metadata| metadata.is_file()) {
            return Err(FetchFault::Gone);
        }
        let mut incoming = self.begin(sent)?;
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match from.read(&mut buffer).map_err(|_| FetchFault::Gone)? {
                0 => return incoming.finish(),
                size => incoming.write(&buffer[..size])?,
            }
        }
    }

    /// Removes what was never finished and what is older than `age`; returns how many whole files
    /// that were.
    fn remove_older_than(&self, age: Duration) -> io::Result<usize> {
        let is_old = |metadata: &fs::Metadata| {
            let since = metadata.modified().ok();
            let since = since.and_then(|at| SystemTime::now().duration_since(at).ok());
            since.is_some_and(|since| since > age)
        };
        let mut removed = 0;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let _held = self.lock.hold();
            if entry.metadata().is_ok_and(|metadata| is_old(&metadata)) {
                let is_partial = entry.file_name().as_encoded_bytes().starts_with(b".");
                let is_gone = fs::remove_file(entry.path()).is_ok();
                removed += usize::from(is_gone && !is_partial);
            }
        }
        Ok(removed)
    }

    /// Returns how many bytes all files have together.
    fn taken(&self) -> io::Result<u64> {
        let mut bytes = 0;
        for entry in fs::read_dir(&self.folder)? {
            // One that has gone in between takes nothing.
            bytes += entry?.metadata().map_or(0, |metadata| metadata.len());
        }
        Ok(bytes)
    }
}

impl Rooms {
    /// Removes from the inboxes of all rooms what is older than `age`; returns how many whole files
    /// that were.
    ///
    /// # Errors
    ///
    /// When the rooms cannot be looked through.
    pub fn remove_older_than(&self, age: Duration) -> io::Result<usize> {
        let mut removed = 0;
        for folder in self.inboxes()? {
            let inbox = Inbox {
                folder,
                limits: InboxLimits::default(),
                lock: self.inbox_lock().clone(),
            };
            // One that has gone in between has nothing old.
            removed += inbox.remove_older_than(age).unwrap_or(0);
        }
        Ok(removed)
    }
}

impl Incoming {
    /// Writes a piece.
    ///
    /// # Errors
    ///
    /// When the file becomes larger than what may come in, whatever it said of itself, or the disk
    /// does not take it.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), FetchFault> {
        self.bytes += piece.len() as u64;
        if self.bytes > self.limit {
            return Err(self.too_much.clone());
        }
        self.file.write_all(piece).map_err(unwritten)?;
        if self.bytes - self.synced >= SYNC_EVERY {
            self.file.sync_data().map_err(unwritten)?;
            self.synced = self.bytes;
        }
        Ok(())
    }

    /// Ends a file that is whole: it is on disk under its name when this returns.
    ///
    /// # Errors
    ///
    /// When the disk does not take it.
    pub fn finish(self) -> Result<ReceivedFile, FetchFault> {
        self.file.sync_data().map_err(unwritten)?;
        give_to_owner_of_folder(&self.file, &self.path).map_err(unwritten)?;
        let held = self.lock.hold();
        fs::rename(&self.partial, &self.path).map_err(unwritten)?;
        drop(held);
        Ok(received(self.kind, self.path.clone(), self.bytes))
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // It is gone already when it was whole.
        fs::remove_file(&self.partial).ok();
    }
}

/// An inbox may belong to the user of its room, who has to be able to read what comes.
fn give_to_owner_of_folder(file: &File, path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path).symlink_metadata()?;
    match file.metadata()?.uid() == folder.uid() {
        true => Ok(()),
        false => fchown(file, Some(folder.uid()), Some(folder.gid())),
    }
}

/// Returns the name of a file in the inbox: a stem and an extension as they were sent, as far as
/// they are harmless, and between them what tells it from every other file.
pub(super) fn file_name(sent: &SentFile) -> String {
    let id = Uuid::new_v5(&NAMES, sent.unique.as_bytes()).simple();
    let id = &id.to_string()[..8];
    let (stem, extension) = match sent.name.as_deref() {
        Some(name) => match name.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() && is_extension(extension) => {
                (stem, extension)
            }
            Some(_) | None => (name, ""),
        },
        None => ("", ""),
    };
    let stem = safe(stem, STEM_BYTES);
    let stem = match stem.is_empty() {
        true => what(sent.kind).to_owned(),
        false => stem,
    };
    match extension.is_empty() {
        true => format!("{stem}-{id}{}", usual_extension(sent)),
        false => format!("{stem}-{id}.{}", extension.to_ascii_lowercase()),
    }
}

/// Tells whether what follows the last dot of a name is an extension.
fn is_extension(text: &str) -> bool {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_plain && (1..=EXTENSION_CHARS).contains(&text.len())
}

/// Returns letters and digits of a name; everything between them becomes one dash.
fn safe(name: &str, max_bytes: usize) -> String {
    let mut safe = String::new();
    for sign in name.chars() {
        let sign = if sign.is_alphanumeric() || sign == '_' {
            sign
        } else {
            '-'
        };
        if safe.len() + sign.len_utf8() > max_bytes {
            break;
        }
        if sign != '-' || !(safe.is_empty() || safe.ends_with('-')) {
            safe.push(sign);
        }
    }
    safe.trim_end_matches('-').to_owned()
}

fn what(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Photo | FileKind::LivePhoto => "photo",
        FileKind::Video => "video",
        FileKind::Animation => "animation",
        FileKind::Document => "file",
        FileKind::Audio => "audio",
        FileKind::Voice => "voice",
        FileKind::VideoNote => "video-message",
    }
}

/// Returns the extension of what came without one.
fn usual_extension(sent: &SentFile) -> &'static str {
    match (sent.kind, sent.media_type.as_deref()) {
        (FileKind::Photo, _) => ".jpg",
        (FileKind::Voice, _) => ".ogg",
        (FileKind::Video | FileKind::VideoNote | FileKind::LivePhoto | FileKind::Animation, _) => {
            ".mp4"
        }
        (FileKind::Document | FileKind::Audio, Some("application/pdf")) => ".pdf",
        (FileKind::Document | FileKind::Audio, Some("text/plain")) => ".txt",
        (FileKind::Document | FileKind::Audio, Some("audio/mpeg")) => ".mp3",
        (FileKind::Document | FileKind::Audio, Some("image/png")) => ".png",
        (FileKind::Document | FileKind::Audio, Some("image/jpeg")) => ".jpg",
        (FileKind::Document | FileKind::Audio, Some(_) | None) => "",
    }
}

fn received(kind: FileKind, path: PathBuf, bytes: u64) -> ReceivedFile {
    ReceivedFile {
        kind,
        picture: picture(&path),
        path,
        bytes,
    }
}

/// Returns what kind of picture a file is, by its first bytes: what it calls itself counts for
/// nothing.
fn picture(path: &Path) -> Option<PictureFormat> {
    let mut header = Vec::with_capacity(HEADER_BYTES);
    let file = open_plain(path).ok()?;
    file.take(HEADER_BYTES as u64)
        .read_to_end(&mut header)
        .ok()?;
    match imagesize::image_type(&header).ok()? {
        ImageType::Jpeg => Some(PictureFormat::Jpeg),
        ImageType::Png => Some(PictureFormat::Png),
        ImageType::Gif => Some(PictureFormat::Gif),
        ImageType::Webp => Some(PictureFormat::WebP),
        // With other features the crate knows more.
        #[allow(
            unreachable_patterns,
            reason = "which kinds there are depends on features"
        )]
        _ => None,
    }
}

fn unwritten(error: io::Error) -> FetchFault {
    let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
    let reason = match full.contains(&error.kind()) {
        true => "no space is left on the disk".to_owned(),
        false => error.to_string(),
    };
    FetchFault::Unwritten { reason }
}

#[cfg(feature = "fuzzing")]
pub(super) mod fuzzing;
#[cfg(test)]
mod tests;
