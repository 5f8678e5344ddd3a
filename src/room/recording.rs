//! Recordings that a program listens to: copies, in folders where nobody but the bridge writes.
//!
//! The inbox belongs to the agents of its chat too. A program that worked there would run what one
//! of them had put there, and would hear what a link of theirs leads to.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use bridge_actors::ids::SessionKey;
use tracing::warn;
use uuid::Uuid;

use super::place::Rooms;
use crate::plain_file::open_plain;

/// What a copy is called, before its extension.
const NAME: &str = "recording";

/// A copy of a recording, in a folder of its own; both go when this is dropped.
#[derive(Debug)]
pub struct Recording {
    folder: PathBuf,
    file: PathBuf,
}

impl Recording {
    /// Returns the copy. It is alone in its folder.
    pub fn file(&self) -> &Path {
        &self.file
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            warn!(%error, "cannot remove the copy of a recording");
        }
    }
}

impl Rooms {
    /// Copies a recording out of the inbox of its room, by its name there.
    ///
    /// Blocks for as long as the disk does.
    ///
    /// # Errors
    ///
    /// When it is no plain file there, is larger than what may come in, or the disk does not let it.
    pub fn copy_recording(&self, key: SessionKey, path: &Path) -> io::Result<Recording> {
        let room = self.room(key, Path::new(""));
        let name = path.file_name().unwrap_or_default();
        let opened = open_plain(&room.inbox().join(name)).map_err(io::Error::other)?;
        let limit = self.limits().file;
        let folder = room.listening().join(Uuid::new_v4().to_string());
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700).create(&folder)?;
        let file = folder.join(name_of_copy(name));
        // From here on it goes whatever happens.
        let recording = Recording { folder, file };
        let mut options = OpenOptions::new();
        let options = options.write(true).create_new(true).mode(0o600);
        let mut copy = options.open(&recording.file)?;
        if io::copy(&mut opened.take(limit + 1), &mut copy)? > limit {
            return Err(io::Error::other("it is larger than what may come in"));
        }
        Ok(recording)
    }

    /// Removes the copies that an earlier run left behind.
    pub(super) fn sweep_recordings(&self) {
        for folder in self.all_listening() {
            match fs::remove_dir_all(&folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    warn!(%error, "cannot remove copies of recordings");
                }
                Ok(()) | Err(_) => {}
            }
        }
    }
}

/// Programs go by the extension.
fn name_of_copy(name: &OsStr) -> PathBuf {
    let extension = Path::new(name).extension().unwrap_or_default();
    Path::new(NAME).with_extension(extension)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use bridge_actors::ids::ChatId;
    use nix::sys::stat::Mode;
    use nix::unistd::mkfifo;

    use super::*;
    use crate::room::InboxLimits;

    const KEY: SessionKey = SessionKey {
        chat: ChatId(7),
        topic: None,
    };

    fn house() -> (tempfile::TempDir, Rooms, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        let limits = InboxLimits { file: 9, all: 99 };
        let rooms = Rooms::new(home.path(), &[]).with_limits(limits);
        let inbox = rooms.room(KEY, Path::new("")).make_inbox().unwrap();
        (home, rooms, inbox)
    }

    #[test]
    fn a_recording_is_heard_where_nobody_else_writes_and_leaves_nothing() {
        let (_home, rooms, inbox) = house();
        fs::write(inbox.join("voice-1.ogg"), "tea").unwrap();
        let recording = rooms.copy_recording(KEY, &inbox.join("voice-1.ogg"));
        let recording = recording.unwrap();
        let file = recording.file().to_owned();
        assert_eq!(fs::read(&file).unwrap(), b"tea");
        assert_eq!(file.file_name().unwrap(), "recording.ogg");
        let folder = file.parent().unwrap().to_owned();
        assert!(!folder.starts_with(&inbox));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        let mode = fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        drop(recording);
        assert!(!folder.exists());
    }

    #[test]
    fn what_an_agent_put_in_its_place_is_not_heard() {
        let (home, rooms, inbox) = house();
        fs::write(home.path().join("secret"), "plum").unwrap();
        symlink(home.path().join("secret"), inbox.join("link.ogg")).unwrap();
        mkfifo(&inbox.join("pipe.ogg"), Mode::S_IRWXU).unwrap();
        fs::write(inbox.join("large.ogg"), "ten signs!").unwrap();
        for name in ["link.ogg", "pipe.ogg", "large.ogg", "missing.ogg"] {
            let copied = rooms.copy_recording(KEY, &inbox.join(name));
            assert!(copied.is_err(), "{name}");
        }
        // Only its name in the inbox counts.
        assert!(
            rooms
                .copy_recording(KEY, &home.path().join("secret"))
                .is_err()
        );
        let listening = rooms.room(KEY, Path::new("")).listening();
        assert_eq!(fs::read_dir(listening).unwrap().count(), 0);
    }

    #[test]
    fn a_start_sweeps_what_was_left() {
        let (_home, rooms, inbox) = house();
        fs::write(inbox.join("a.ogg"), "tea").unwrap();
        let left = rooms.copy_recording(KEY, &inbox.join("a.ogg")).unwrap();
        rooms.sweep(&HashSet::new());
        assert!(!left.file().exists());
        std::mem::forget(left);
    }
}
