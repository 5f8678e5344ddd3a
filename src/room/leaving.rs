//! What a chat has left in the data folder, and its deletion.
//!
//! That a chat's rooms are to go is on disk before anything of them does: a folder of the chat's
//! name, into which they are moved. Whatever cuts a deletion off, the next start finds it and ends
//! it.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use bridge_actors::ids::ChatId;
use nix::fcntl::AT_FDCWD;
use nix::sys::stat::{FchmodatFlags, Mode, fchmodat};
use uuid::Uuid;

use super::place::{HOME, ROOMS, Rooms};
use crate::filled::{Bounds, Filled, filled};
use crate::own_notes;

/// Where rooms are that are being deleted, in the data folder.
const LEAVING: &str = "leaving";

/// What begins the name of a file there that says who is told.
const TOLD_IN: &str = "told-in.";

/// What begins the name of what is out of sight there for good.
const GONE: &str = "gone.";

/// How much a chat has in its rooms: what was sent, the home with its conversations, copies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// How many files.
    pub files: u64,
    /// How many bytes they have together.
    pub bytes: u64,
    /// Whether a part could not be looked through, so that there may be more.
    pub has_more: bool,
}

impl Rooms {
    /// Returns the chats that have a room.
    ///
    /// # Errors
    ///
    /// When the rooms cannot be listed.
    pub fn chats(&self) -> io::Result<BTreeSet<ChatId>> {
        let rooms = self.named()?;
        Ok(rooms.into_iter().map(|(chat, _)| chat).collect())
    }

    /// Returns how much a chat has in its room and those of its topics, as far as they can be looked
    /// through.
    ///
    /// # Errors
    ///
    /// When the rooms cannot be listed.
    pub fn left_by(&self, chat: ChatId) -> io::Result<Left> {
        let mut left = Left::default();
        for room in self.of_chat(chat)? {
            count(&room, &mut left);
            for note in own_notes::ALL {
                if let Ok(note) = fs::symlink_metadata(room.join(note)) {
                    left.files = left.files.saturating_sub(1);
                    left.bytes = left.bytes.saturating_sub(note.len());
                }
            }
        }
        Ok(left)
    }

    /// Returns how much lies in the homes of a chat's agents: its own, and those of its topics. Of one
    /// that cannot be opened nothing is known, and so there may be more.
    ///
    /// # Errors
    ///
    /// When the rooms cannot be listed.
    pub fn homes_of(&self, chat: ChatId, bounds: Bounds) -> io::Result<Vec<Filled>> {
        let homes = self.of_chat(chat)?.into_iter();
        let closed = Filled {
            bytes: 0,
            has_more: true,
        };
        let homes = homes.map(|room| filled(&room.join(HOME), bounds).unwrap_or(closed));
        Ok(homes.collect())
    }

    /// Notes that the rooms of a chat are to go, and in which chat that is told: from here on a start
    /// ends what is cut off, and no file that was asked for before comes in.
    ///
    /// # Errors
    ///
    /// When the disk does not let it; nothing is deleted then.
    pub fn note_leaving(&self, chat: ChatId, told_in: Option<ChatId>) -> io::Result<()> {
        let leaving = self.storage().join(LEAVING);
        let note = leaving.join(chat.to_string());
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&note)?;
        if let Some(told_in) = told_in {
            File::create(note.join(format!("{TOLD_IN}{told_in}")))?;
        }
        self.count_deletion(chat);
        for folder in [&note, &leaving, self.storage()] {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    /// Returns the chats of which it is noted that their rooms are to go.
    ///
    /// # Errors
    ///
    /// When they cannot be listed.
    pub fn leaving(&self) -> io::Result<BTreeSet<ChatId>> {
        let entries = match self.storage().join(LEAVING).read_dir() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            entries => entries?,
        };
        let mut chats = BTreeSet::new();
        for entry in entries {
            let name = entry?.file_name();
            let chat = name.to_str().and_then(|name| name.parse().ok());
            chats.extend(chat.map(ChatId));
        }
        Ok(chats)
    }

    /// Returns in which chats it is told that the rooms of a chat have gone, as far as that was noted.
    pub fn told_of_leaving(&self, chat: ChatId) -> BTreeSet<ChatId> {
        let note = self.storage().join(LEAVING).join(chat.to_string());
        let entries = note.read_dir().into_iter().flatten().flatten();
        let told = entries.filter_map(|entry| {
            let name = entry.file_name();
            name.to_str()?.strip_prefix(TOLD_IN)?.parse().ok()
        });
        told.map(ChatId).collect()
    }

    /// Takes the room of a chat, and those of its topics, out of sight. No agent of it may run, and
    /// that they are to go has to be noted.
    ///
    /// # Errors
    ///
    /// When the disk does not let it.
    pub fn take_away(&self, chat: ChatId) -> io::Result<()> {
        let leaving = self.storage().join(LEAVING).join(chat.to_string());
        for room in self.of_chat(chat)? {
            fs::rename(room, leaving.join(Uuid::new_v4().to_string()))?;
        }
        for folder in [&leaving, &self.storage().join(ROOMS)] {
            sync_if_there(folder)?;
        }
        Ok(())
    }

    /// Takes the note back that the rooms of a chat are to go, once all of them are out of sight: what
    /// the chat has from here on stays. Returns where they lie now; `None` if that was done before.
    ///
    /// # Errors
    ///
    /// When the disk does not let it; the next start tries again.
    pub fn end_leaving(&self, chat: ChatId) -> io::Result<Option<PathBuf>> {
        let leaving = self.storage().join(LEAVING);
        let gone = leaving.join(format!("{GONE}{}", Uuid::new_v4()));
        match fs::rename(leaving.join(chat.to_string()), &gone) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            renamed => renamed?,
        }
        File::open(leaving)?.sync_all()?;
        Ok(Some(gone))
    }

    /// Removes what [`Self::end_leaving`] has let go.
    ///
    /// # Errors
    ///
    /// When a part of it cannot be removed; the next start tries again.
    pub fn remove_from(&self, gone: &Path) -> io::Result<()> {
        remove(gone)
    }

    /// Removes all that is out of sight, while nobody else deletes anything.
    ///
    /// # Errors
    ///
    /// When a part of it cannot be removed; the next start tries again.
    pub fn remove_gone(&self) -> io::Result<()> {
        let leaving = self.storage().join(LEAVING);
        let entries = match leaving.read_dir() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        let mut removed = Ok(());
        for entry in entries {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(GONE) {
                removed = removed.and(remove(&entry.path()));
            }
        }
        // Something may be left.
        drop(fs::remove_dir(leaving));
        removed
    }

    fn of_chat(&self, wanted: ChatId) -> io::Result<Vec<PathBuf>> {
        let rooms = self.named()?.into_iter();
        Ok(rooms
            .filter(|(chat, _)| *chat == wanted)
            .map(|(_, room)| room)
            .collect())
    }

    /// Returns all rooms, and whose they are by their names.
    fn named(&self) -> io::Result<Vec<(ChatId, PathBuf)>> {
        let entries = match self.storage().join(ROOMS).read_dir() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut rooms = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let chat = name.to_str().and_then(|name| name.split('_').next());
            if let Some(chat) = chat.and_then(|chat| chat.parse().ok()) {
                rooms.push((ChatId(chat), entry.path()));
            }
        }
        Ok(rooms)
    }
}

/// Counts what lies below a folder; links are files of their own. One listing is open at a time: an
/// agent can make more levels than a process may have files open.
fn count(folder: &Path, left: &mut Left) {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else {
            left.has_more = true;
            continue;
        };
        for entry in entries {
            let found = entry.and_then(|entry| Ok((entry.metadata()?, entry.path())));
            match found {
                Ok((of, path)) if of.is_dir() => folders.push(path),
                Ok((of, _)) => {
                    left.files += 1;
                    left.bytes += of.len();
                }
                Err(_) => left.has_more = true,
            }
        }
    }
}

/// Removes a folder with all below it, however deep, folders that an agent made read-only or closed
/// among them, as Go does in its cache of modules.
///
/// What lies below a folder of it is brought to its top, level by level: so no path grows, and one
/// listing is open at a time.
fn remove(folder: &Path) -> io::Result<()> {
    loop {
        let inner = match take_files_out(folder, None) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            inner => inner?,
        };
        if inner.is_empty() {
            return fs::remove_dir(folder);
        }
        for inner in inner {
            take_files_out(&inner, Some(folder))?;
            fs::remove_dir(&inner)?;
        }
    }
}

/// Removes the files of a folder; returns its folders, or moves them to the top.
fn take_files_out(folder: &Path, top: Option<&Path>) -> io::Result<Vec<PathBuf>> {
    open_up(folder);
    let mut inner = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match (entry.file_type()?.is_dir(), top) {
            (false, _) => fs::remove_file(entry.path())?,
            (true, None) => inner.push(entry.path()),
            (true, Some(top)) => {
                open_up(&entry.path());
                fs::rename(entry.path(), top.join(Uuid::new_v4().to_string()))?;
            }
        }
    }
    Ok(inner)
}

/// Lets the bridge into a folder that is its user's; what it still cannot remove is told by the
/// removal.
fn open_up(folder: &Path) {
    let no_link = FchmodatFlags::NoFollowSymlink;
    fchmodat(AT_FDCWD, folder, Mode::S_IRWXU, no_link).ok();
}

fn sync_if_there(folder: &Path) -> io::Result<()> {
    match File::open(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        folder => folder?.sync_all(),
    }
}

#[cfg(test)]
mod tests;
