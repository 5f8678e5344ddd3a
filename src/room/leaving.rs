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

/// Where rooms are that are being deleted, in the data folder.
const LEAVING: &str = "leaving";

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
        }
        Ok(left)
    }

    /// Returns how much lies in the homes of a chat's agents: its own, and those of its topics.
    ///
    /// # Errors
    ///
    /// When the rooms cannot be listed.
    pub fn homes_of(&self, chat: ChatId, bounds: Bounds) -> io::Result<Vec<Filled>> {
        let homes = self.of_chat(chat)?.into_iter();
        let homes = homes.filter_map(|room| filled(&room.join(HOME), bounds).ok());
        Ok(homes.collect())
    }

    /// Notes that the rooms of a chat are to go: from here on a start ends what is cut off.
    ///
    /// # Errors
    ///
    /// When the disk does not let it; nothing is deleted then.
    pub fn note_leaving(&self, chat: ChatId) -> io::Result<()> {
        let leaving = self.storage().join(LEAVING);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(leaving.join(chat.to_string()))?;
        for folder in [&leaving, self.storage()] {
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
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn house() -> (tempfile::TempDir, Rooms) {
        let data = tempfile::tempdir().unwrap();
        let at = |name: &str| data.path().join("data/chats").join(name);
        for (file, text) in [
            ("7/inbox/photo.jpg", "photo"),
            ("7/home/.claude/projects/-w/c.jsonl", "words"),
            ("-1007_3/inbox/a", "a"),
            ("-1007_4/inbox/b", "b"),
            ("70/inbox/other", "other"),
        ] {
            fs::create_dir_all(at(file).parent().unwrap()).unwrap();
            fs::write(at(file), text).unwrap();
        }
        fs::write(data.path().join("beside"), "beside").unwrap();
        symlink(data.path().join("beside"), at("7/home/link")).unwrap();
        let rooms = Rooms::new(&data.path().join("data"), &[]);
        (data, rooms)
    }

    fn delete(rooms: &Rooms, chat: ChatId) -> io::Result<()> {
        rooms.note_leaving(chat)?;
        rooms.take_away(chat)?;
        assert!(rooms.end_leaving(chat)?.is_some());
        assert_eq!(rooms.end_leaving(chat)?, None, "it is over");
        rooms.remove_gone()
    }

    #[test]
    fn what_a_chat_left_is_counted_and_deleted_and_nothing_else_is() {
        let (data, rooms) = house();
        let all = [-1007, 7, 70].map(ChatId);
        assert_eq!(rooms.chats().unwrap(), BTreeSet::from(all));
        let left = rooms.left_by(ChatId(7)).unwrap();
        assert_eq!((left.files, left.has_more), (3, false));
        assert_eq!(rooms.left_by(ChatId(-1007)).unwrap().files, 2);
        assert_eq!(rooms.left_by(ChatId(8)).unwrap(), Left::default());
        for chat in [7, -1007, 8] {
            delete(&rooms, ChatId(chat)).unwrap();
        }
        assert_eq!(rooms.chats().unwrap(), BTreeSet::from([ChatId(70)]));
        assert_eq!(fs::read_dir(data.path().join("data")).unwrap().count(), 1);
        assert!(data.path().join("beside").exists(), "no link is followed");
    }

    #[test]
    fn a_deletion_that_was_cut_off_anywhere_is_known_until_it_is_done() {
        let (data, rooms) = house();
        let chats = [ChatId(-1007), ChatId(7)];
        for chat in chats {
            rooms.note_leaving(chat).unwrap();
        }
        assert_eq!(rooms.leaving().unwrap(), BTreeSet::from(chats));
        // One of two rooms is away when it is cut off.
        let away = data.path().join("data").join(LEAVING).join("-1007/x");
        fs::rename(data.path().join("data/chats/-1007_3"), away).unwrap();
        for chat in rooms.leaving().unwrap() {
            rooms.take_away(chat).unwrap();
            assert_eq!(rooms.left_by(chat).unwrap(), Left::default());
            rooms.end_leaving(chat).unwrap();
        }
        assert_eq!(rooms.leaving().unwrap(), BTreeSet::new());
        rooms.remove_gone().unwrap();
        assert_eq!(rooms.left_by(ChatId(70)).unwrap().files, 1);
        assert_eq!(fs::read_dir(data.path().join("data")).unwrap().count(), 1);
    }

    #[test]
    fn folders_that_are_deeper_than_files_may_be_open_are_counted_and_removed() {
        let (data, rooms) = house();
        let mut deep = data.path().join("data/chats/7/home");
        for _ in 0..300 {
            deep.push("d");
        }
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("last"), "x").unwrap();
        let limited = std::thread::spawn(move || {
            let limit = nix::sys::resource::Resource::RLIMIT_NOFILE;
            let (soft, hard) = nix::sys::resource::getrlimit(limit).unwrap();
            nix::sys::resource::setrlimit(limit, 128, hard).unwrap();
            let counted = rooms.left_by(ChatId(7));
            let deleted = delete(&rooms, ChatId(7));
            nix::sys::resource::setrlimit(limit, soft, hard).unwrap();
            (counted, deleted)
        });
        let (counted, deleted) = limited.join().unwrap();
        assert_eq!(counted.unwrap().files, 4);
        deleted.unwrap();
        assert_eq!(fs::read_dir(data.path().join("data")).unwrap().count(), 1);
    }

    /// Lets root feel the modes of files too, as somebody else.
    fn as_nobody(check: impl FnOnce() + Send + 'static) {
        let checking = std::thread::spawn(move || {
            if nix::unistd::geteuid().is_root() {
                nix::unistd::setfsuid(nix::unistd::Uid::from_raw(65_534));
            }
            check();
        });
        checking.join().unwrap();
    }

    #[test]
    fn closed_and_read_only_folders_are_counted_as_far_as_it_goes_and_deleted() {
        as_nobody(|| {
            let (data, rooms) = house();
            let inbox = data.path().join("data/chats/7/inbox");
            let home = data.path().join("data/chats/7/home");
            fs::set_permissions(&inbox, Permissions::from_mode(0o000)).unwrap();
            for folder in [home.join(".claude/projects/-w"), home] {
                fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();
            }
            let left = rooms.left_by(ChatId(7)).unwrap();
            assert_eq!((left.files, left.has_more), (2, true));
            delete(&rooms, ChatId(7)).unwrap();
            assert_eq!(rooms.left_by(ChatId(7)).unwrap(), Left::default());
            assert!(data.path().join("beside").exists());
        });
    }
}
