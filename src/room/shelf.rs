//! What lies in an inbox: listed, copied to be sent again, cleared.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use bridge_actors::clock::UnixSeconds;
use bridge_actors::file_offer::FileWish;
use bridge_actors::ports::{InboxDeed, InboxFile, InboxOutcome, PathFault, Taken};
use bridge_actors::sent_file::SentFile;
use sha2::{Digest as _, Sha256};

use super::inbox::file_name;
use super::open::{OpenedFile, Place};
use super::place::Room;

/// How many bytes of the digest of a name are its id: with the rest of a button's data they fit.
const ID_BYTES: usize = 8;

/// A file in the inbox.
struct Lying {
    path: PathBuf,
    file: InboxFile,
}

impl Room {
    /// Does something with the inbox; `limit` is how many bytes it takes.
    pub(super) fn look_after(&self, deed: &InboxDeed, limit: u64) -> InboxOutcome {
        let done = match deed {
            InboxDeed::List { needed } => self.list(needed, limit),
            InboxDeed::Copy { file } => self.copy_again(file),
            InboxDeed::Clear { needed, until } => self.clear(needed, *until),
        };
        done.unwrap_or_else(|error| InboxOutcome::Failed(error.to_string()))
    }

    fn list(&self, needed: &[SentFile], limit: u64) -> io::Result<InboxOutcome> {
        let lying = self.lying(needed)?.into_iter();
        let mut files: Vec<_> = lying.map(|lying| lying.file).collect();
        files.sort_by(|one, other| other.at.0.cmp(&one.at.0).then(one.name.cmp(&other.name)));
        Ok(InboxOutcome::Listed { files, limit })
    }

    fn copy_again(&self, id: &str) -> io::Result<InboxOutcome> {
        let lying = self.lying(&[])?.into_iter();
        let Some(lying) = lying.into_iter().find(|lying| lying.file.id == id) else {
            return Ok(InboxOutcome::NotCopied(PathFault::NotFound));
        };
        // What was a file a moment ago may be a link by now.
        let is_here = |opened: &OpenedFile| opened.place == Place::Inside;
        let opened = self.open(&lying.path).ok().filter(is_here);
        let Some(opened) = opened else {
            return Ok(InboxOutcome::NotCopied(PathFault::NotFound));
        };
        Ok(
            match self.copy_one(&lying.file.name, opened, FileWish::Fitting) {
                Taken::Copied(copies) => match copies.into_iter().next() {
                    Some(copy) => InboxOutcome::Copied(copy),
                    None => InboxOutcome::NotCopied(PathFault::NotFound),
                },
                Taken::Refused(refused) => {
                    let fault = refused.into_iter().next().map(|refused| refused.why);
                    InboxOutcome::NotCopied(fault.unwrap_or(PathFault::NotFound))
                }
                Taken::Outside(_) => InboxOutcome::NotCopied(PathFault::NotFound),
            },
        )
    }

    fn clear(&self, needed: &[SentFile], until: UnixSeconds) -> io::Result<InboxOutcome> {
        let (mut removed, mut bytes, mut n_needed) = (0, 0, 0);
        // Looked at once more: a prompt that has just come may have found it.
        let is_until = |path: &Path| {
            fs::symlink_metadata(path).is_ok_and(|metadata| came_at(&metadata).0 <= until.0)
        };
        for Lying { path, file } in self.lying(needed)? {
            let _held = self.inbox_lock().hold();
            if file.is_needed {
                n_needed += 1;
            } else if is_until(&path) && fs::remove_file(path).is_ok() {
                removed += 1;
                bytes += file.bytes;
            }
        }
        Ok(InboxOutcome::Cleared {
            removed,
            bytes,
            needed: n_needed,
        })
    }

    /// Returns the whole files of the inbox, links and what else lies there left out.
    fn lying(&self, needed: &[SentFile]) -> io::Result<Vec<Lying>> {
        let needed: Vec<String> = needed.iter().map(file_name).collect();
        let entries = match fs::read_dir(self.inbox()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut lying = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let is_whole = !name.as_encoded_bytes().starts_with(b".");
            // One that has gone in between is not there.
            let metadata = entry.metadata().ok();
            let metadata = metadata.filter(|it| is_whole && it.is_file());
            let Some(metadata) = metadata else { continue };
            let digest = Sha256::digest(name.as_encoded_bytes());
            let id = digest.iter().take(ID_BYTES);
            let name = name.to_string_lossy().into_owned();
            lying.push(Lying {
                path: entry.path(),
                file: InboxFile {
                    id: id.map(|byte| format!("{byte:02x}")).collect(),
                    bytes: metadata.len(),
                    at: came_at(&metadata),
                    is_needed: needed.contains(&name),
                    name,
                },
            });
        }
        Ok(lying)
    }
}

fn came_at(metadata: &Metadata) -> UnixSeconds {
    let at = metadata.modified().ok();
    let at = at.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    UnixSeconds(at.unwrap_or_default().as_secs())
}

#[cfg(test)]
mod tests;
