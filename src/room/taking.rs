//! Copies the files that Claude offers, or says why not.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use actix::prelude::*;
use bridge_actors::file_offer::{FileWish, SEND_FILE};
use bridge_actors::outbox::{FileCopy, FileForm};
use bridge_actors::ports::{
    FileRoom, FilesTaken, InboxDone, InboxOrder, InboxOutcome, OutsideFiles, PathFault,
    RefusedPath, SpareOrder, SparesDone, TakeFiles, Taken,
};
use bridge_actors::visible::visible_line;
use sha2::{Digest as _, Sha256};
use tracing::{debug, warn};

use super::open::{OpenedFile, Place, Refusal};
use super::outgoing::{CopyError, MAX_SIZE};
use super::place::{Room, Rooms};

/// The largest picture that Telegram shows as such, in bytes.
const MAX_PHOTO: u64 = 10_000_000;
/// How long both sides of it may be together, in pixels.
const MAX_PHOTO_SIDES: usize = 10_000;
/// How many times as long one side of it may be as the other.
const MAX_PHOTO_RATIO: usize = 20;
/// In how many bytes of a picture its size stands; what comes later makes it a document.
const PICTURE_HEAD: u64 = 256 * 1024;

impl FileRoom for Rooms {
    fn take(&self, order: TakeFiles, answers: Recipient<FilesTaken>) {
        let rooms = self.clone();
        let taking = move || {
            let call = order.call.clone();
            let outcome = rooms.room(order.key, &order.folder).take(&order);
            let taken = FilesTaken { call, outcome };
            if let Err(unsent) = answers.try_send(taken) {
                warn!("a session does not take the files that it asked for");
                rooms.discard_taken(unsent.into_inner().outcome);
            }
        };
        drop(tokio::task::spawn_blocking(taking));
    }

    fn look_after(&self, order: InboxOrder, answers: Recipient<InboxDone>) {
        let rooms = self.clone();
        let looking = move || {
            let limit = rooms.limits().all;
            let outcome = rooms
                .room(order.key, "".as_ref())
                .look_after(&order.deed, limit);
            let asked_in = order.asked_in;
            if let Err(unsent) = answers.try_send(InboxDone { asked_in, outcome }) {
                warn!("a session does not take what became of its inbox");
                rooms.discard_again(unsent.into_inner().outcome);
            }
        };
        drop(tokio::task::spawn_blocking(looking));
    }

    fn spare(&self, order: SpareOrder, answers: Recipient<SparesDone>) {
        self.clone().carry_out(order, answers);
    }

    fn release(&self, copies: Vec<String>) {
        let rooms = self.clone();
        let releasing = move || rooms.remove_copies(copies.iter().map(String::as_str));
        drop(tokio::task::spawn_blocking(releasing));
    }
}

impl Rooms {
    /// Removes copies that nobody will send.
    fn discard_taken(&self, taken: Taken) {
        match taken {
            Taken::Copied(copies) => self.remove_copies(copies.iter().map(|it| it.copy.as_str())),
            Taken::Refused(_) | Taken::Outside(_) => {}
        }
    }

    /// Removes the copy of a file that will not be sent again.
    fn discard_again(&self, outcome: InboxOutcome) {
        match outcome {
            InboxOutcome::Copied(copy) => self.remove_copies([copy.copy.as_str()]),
            InboxOutcome::Listed { .. }
            | InboxOutcome::NotCopied(_)
            | InboxOutcome::Cleared { .. }
            | InboxOutcome::Failed(_) => {}
        }
    }
}

impl Room {
    /// Copies all files of an order, or none.
    pub(super) fn take(&self, order: &TakeFiles) -> Taken {
        let opened: Vec<_> = (order.paths.iter())
            .map(|path| {
                (
                    path,
                    self.open(Path::new(path)).map_err(fault).and_then(fitting),
                )
            })
            .collect();
        let refused: Vec<_> = (opened.iter())
            .filter_map(|(path, opened)| Some(refused(path, opened.as_ref().err()?.clone())))
            .collect();
        if !refused.is_empty() {
            return Taken::Refused(refused);
        }
        let opened: Vec<_> = (opened.into_iter())
            .filter_map(|(path, opened)| Some((path, opened.ok()?)))
            .collect();
        let is_allowed = |file: &OpenedFile| {
            let path = file.path.to_str();
            file.place == Place::Inside || order.allowed.iter().any(|it| path == Some(it))
        };
        let outside = opened.iter().map(|(_, file)| file);
        let outside: Vec<_> = outside.filter(|file| !is_allowed(file)).collect();
        if !outside.is_empty() {
            return Taken::Outside(shown(&outside));
        }
        self.copy_all(opened, order.wish)
    }

    /// Copies one file that is open, or says why not.
    pub(super) fn copy_one(&self, path: &str, opened: OpenedFile, wish: FileWish) -> Taken {
        match fitting(opened) {
            Ok(file) => self.copy_all(vec![(&path.to_owned(), file)], wish),
            Err(fault) => Taken::Refused(vec![refused(path, fault)]),
        }
    }

    fn copy_all(&self, opened: Vec<(&String, OpenedFile)>, wish: FileWish) -> Taken {
        let mut copies: Vec<FileCopy> = Vec::new();
        for (path, file) in opened {
            let form = match wish {
                FileWish::Fitting => fitting_form(&file),
                FileWish::Document => FileForm::Document,
            };
            match self.copy(file) {
                Ok(sent) => copies.push(FileCopy {
                    copy: sent.copy,
                    name: shown_name(path),
                    size: sent.size,
                    form,
                    caption: String::new(),
                }),
                Err(error) => {
                    for copy in copies {
                        self.discard(&copy.copy);
                    }
                    return Taken::Refused(vec![refused(path, copy_fault(&error))]);
                }
            }
        }
        Taken::Copied(copies)
    }
}

/// Refuses what Telegram takes in no way.
fn fitting(file: OpenedFile) -> Result<OpenedFile, PathFault> {
    if file.size == 0 {
        return Err(PathFault::Empty);
    }
    if file.size > MAX_SIZE {
        return Err(PathFault::TooBig);
    }
    // Nobody could be shown where it lies.
    match (file.place, file.path.to_str()) {
        (Place::Outside, None) => Err(PathFault::NotFound),
        (Place::Inside, _) | (Place::Outside, Some(_)) => Ok(file),
    }
}

fn fault(refusal: Refusal) -> PathFault {
    match refusal {
        Refusal::NotFound => PathFault::NotFound,
        Refusal::NoPlainFile => PathFault::NoPlainFile,
        Refusal::Own => PathFault::Own,
        Refusal::Unreadable(why) => PathFault::Unreadable(why),
    }
}

fn copy_fault(error: &CopyError) -> PathFault {
    match error {
        CopyError::TooBig => PathFault::TooBig,
        CopyError::Disk(error) => {
            warn!(%error, "cannot copy a file that Claude wants to send");
            PathFault::Unreadable(error.to_string())
        }
    }
}

fn refused(path: &str, why: PathFault) -> RefusedPath {
    let path = path.to_owned();
    RefusedPath { path, why }
}

/// Shows where files lie, a line for each, with nothing hidden.
fn shown(files: &[&OpenedFile]) -> OutsideFiles {
    let paths = files.iter().filter_map(|file| file.path.to_str());
    let paths: Vec<String> = paths.map(str::to_owned).collect();
    let lines: Vec<_> = paths.iter().map(|path| visible_line(path)).collect();
    let shown = lines.join("\n");
    let digest = Sha256::digest(format!("{SEND_FILE}\n{shown}").as_bytes());
    OutsideFiles {
        paths,
        digest: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        shown,
    }
}

/// Returns the last part of a path as a name that a chat shows.
pub(super) fn shown_name(path: &str) -> String {
    let name = Path::new(path).file_name().unwrap_or_default();
    let name = visible_line(&name.to_string_lossy());
    match name.is_empty() {
        true => "file".to_owned(),
        false => name,
    }
}

/// Returns what Telegram takes a file as. What is read of it does not move its start.
fn fitting_form(file: &OpenedFile) -> FileForm {
    if file.size > MAX_PHOTO {
        return FileForm::Document;
    }
    let sides = picture_sides(&file.file);
    match sides.is_some_and(|(width, height)| is_photo(width, height)) {
        true => FileForm::Photo,
        false => FileForm::Document,
    }
}

fn is_photo(width: usize, height: usize) -> bool {
    let (short, long) = (width.min(height), width.max(height));
    short > 0 && width + height <= MAX_PHOTO_SIDES && long <= short * MAX_PHOTO_RATIO
}

/// Returns the sides of a picture of a kind that Telegram shows.
fn picture_sides(file: &File) -> Option<(usize, usize)> {
    let mut head = vec![0; usize::try_from(PICTURE_HEAD).ok()?];
    let mut used = 0;
    while used < head.len() {
        match file.read_at(&mut head[used..], used as u64) {
            Ok(0) => break,
            Ok(size) => used += size,
            Err(error) => {
                debug!(%error, "cannot look at a file");
                return None;
            }
        }
    }
    head.truncate(used);
    let size = imagesize::blob_size(&head).ok()?;
    Some((size.width, size.height))
}

#[cfg(test)]
mod tests;
