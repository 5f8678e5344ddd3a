//! What a chat has left in the data folder, and its deletion.
//!
//! A room that is deleted first goes out of sight in one step; what is cut off then is ended by the
//! next start or the next deletion.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use bridge_actors::ids::ChatId;
use tracing::warn;
use uuid::Uuid;

use super::place::{ROOMS, Rooms};

/// Where rooms are that are being deleted, in the data folder.
const LEAVING: &str = "leaving";

/// How much a chat has in its rooms: what was sent, the home with its conversations, copies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// How many files.
    pub files: u64,
    /// How many bytes they have together.
    pub bytes: u64,
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

    /// Returns how much a chat has in its room and those of its topics.
    ///
    /// # Errors
    ///
    /// When they cannot be looked through.
    pub fn left_by(&self, chat: ChatId) -> io::Result<Left> {
        let mut left = Left::default();
        for room in self.of_chat(chat)? {
            count(&room, &mut left)?;
        }
        Ok(left)
    }

    /// Deletes the room of a chat and those of its topics. No agent of it may run.
    ///
    /// # Errors
    ///
    /// When the disk does not let it; what is out of sight by then goes at the next start.
    pub fn delete(&self, chat: ChatId) -> io::Result<()> {
        let leaving = self.storage().join(LEAVING);
        let rooms = self.of_chat(chat)?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&leaving)?;
        for room in rooms {
            fs::rename(room, leaving.join(Uuid::new_v4().to_string()))?;
        }
        for folder in [&leaving, &self.storage().join(ROOMS)] {
            sync_if_there(folder)?;
        }
        fs::remove_dir_all(leaving)
    }

    /// Ends deletions that were cut off.
    pub(super) fn end_deletions(&self) {
        match fs::remove_dir_all(self.storage().join(LEAVING)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                warn!(%error, "cannot delete what people left");
            }
            Ok(()) | Err(_) => {}
        }
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

/// Counts what lies below a folder; links are files of their own.
fn count(folder: &Path, left: &mut Left) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => count(&entry.path(), left)?,
            false => {
                left.files += 1;
                left.bytes += entry.metadata()?.len();
            }
        }
    }
    Ok(())
}

fn sync_if_there(folder: &Path) -> io::Result<()> {
    match File::open(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        folder => folder?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::os::unix::fs::symlink;

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

    #[test]
    fn what_a_chat_left_is_counted_and_deleted_and_nothing_else_is() {
        let (data, rooms) = house();
        let all = [-1007, 7, 70].map(ChatId);
        assert_eq!(rooms.chats().unwrap(), BTreeSet::from(all));
        let left = rooms.left_by(ChatId(7)).unwrap();
        assert_eq!(left.files, 3);
        assert_eq!(rooms.left_by(ChatId(-1007)).unwrap().files, 2);
        assert_eq!(rooms.left_by(ChatId(8)).unwrap(), Left::default());
        for chat in [7, -1007, 8] {
            rooms.delete(ChatId(chat)).unwrap();
        }
        assert_eq!(rooms.chats().unwrap(), BTreeSet::from([ChatId(70)]));
        assert_eq!(fs::read_dir(data.path().join("data")).unwrap().count(), 1);
        assert!(data.path().join("beside").exists(), "no link is followed");
    }

    #[test]
    fn a_deletion_that_was_cut_off_is_ended_by_the_next_start() {
        let (data, rooms) = house();
        let leaving = data.path().join("data").join(LEAVING);
        fs::create_dir(&leaving).unwrap();
        fs::rename(data.path().join("data/chats/7"), leaving.join("x")).unwrap();
        rooms.sweep(&HashSet::new());
        assert!(!leaving.exists());
        assert_eq!(rooms.left_by(ChatId(70)).unwrap().files, 1);
    }
}
