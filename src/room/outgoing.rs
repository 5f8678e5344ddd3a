//! Copies of files that are about to be sent: nobody changes them, and they go when they are sent.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use actix::prelude::*;
use bridge_actors::outbox::{FileCopy, FileForm, FilesSettled};
use tracing::{debug, warn};
use uuid::Uuid;

use super::open::OpenedFile;
use super::place::{Room, Rooms};

/// The largest file that a bot can send, in bytes.
pub const MAX_SIZE: u64 = 50 * 1000 * 1000;

/// A file was not copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// It is larger than Telegram takes, or has become so while it was copied.
    #[error("the file is too big")]
    TooBig,
    /// The disk does not let it.
    #[error("cannot copy the file")]
    Disk(#[from] io::Error),
}

/// A file in a room that is to be sent, on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its name among those of all rooms.
    pub copy: String,
    /// Its size in bytes.
    pub size: u64,
}

impl Room {
    /// Copies a file; the copy is on disk when this returns, and is what was opened at one time or,
    /// if somebody writes to it meanwhile, at several.
    ///
    /// # Errors
    ///
    /// When it is too big, or the disk does not let it.
    pub fn copy(&self, opened: OpenedFile) -> Result<Outgoing, CopyError> {
        if opened.size > MAX_SIZE {
            return Err(CopyError::TooBig);
        }
        let folder = self.make_outgoing()?;
        let name = Uuid::new_v4().to_string();
        let path = folder.join(&name);
        let copied = copy_to(&path, opened.file).and_then(|size| {
            // Else a power cut could leave a post without its file.
            File::open(&folder)?.sync_all()?;
            Ok(size)
        });
        match copied {
            Ok(size) if size <= MAX_SIZE => Ok(Outgoing {
                copy: format!("{}/{name}", self.name()),
                size,
            }),
            Ok(_) => {
                remove(&path);
                Err(CopyError::TooBig)
            }
            Err(error) => {
                remove(&path);
                Err(error.into())
            }
        }
    }
}

impl Room {
    /// Puts what the bridge has made itself beside the copies; it is on disk when this returns.
    ///
    /// # Errors
    ///
    /// When it is too big, or the disk does not let it.
    pub fn put(&self, name: &str, content: &[u8]) -> Result<FileCopy, CopyError> {
        let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
        if size > MAX_SIZE {
            return Err(CopyError::TooBig);
        }
        let folder = self.make_outgoing()?;
        let copy = Uuid::new_v4().to_string();
        let path = folder.join(&copy);
        let written = write_new(&path, content).and_then(|()| File::open(&folder)?.sync_all());
        if let Err(error) = written {
            remove(&path);
            return Err(error.into());
        }
        Ok(FileCopy {
            copy: format!("{}/{copy}", self.name()),
            name: name.to_owned(),
            size,
            form: FileForm::Document,
            caption: String::new(),
        })
    }

    /// Removes a copy of this room that will not be sent.
    pub(super) fn discard(&self, copy: &str) {
        let name = copy.rsplit('/').next().unwrap_or_default();
        match self.make_outgoing() {
            Ok(folder) => remove(&folder.join(name)),
            Err(error) => warn!(%error, "cannot remove the copy of a file"),
        }
    }
}

impl Rooms {
    /// Opens a copy by its name.
    ///
    /// # Errors
    ///
    /// When it is not there, or the name is none of a copy.
    pub fn open_copy(&self, copy: &str) -> io::Result<File> {
        let path = self.path_of(copy);
        File::open(path.ok_or_else(|| io::Error::other("this is no name of a copy"))?)
    }

    /// Removes copies that nobody needs any more.
    pub fn remove_copies<'a>(&self, copies: impl IntoIterator<Item = &'a str>) {
        for path in copies.into_iter().filter_map(|copy| self.path_of(copy)) {
            remove(&path);
        }
    }

    /// Removes what an earlier run left behind: recordings, and all copies but these. Returns how many
    /// copies there were.
    pub fn sweep(&self, kept: &HashSet<&str>) -> usize {
        self.sweep_recordings();
        let mut n_swept = 0;
        for (room, folder) in self.all_outgoing() {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            for entry in entries {
                let copy = format!("{room}/{}", entry.file_name().display());
                if !kept.contains(copy.as_str()) {
                    remove(&entry.path());
                    n_swept += 1;
                }
            }
        }
        n_swept
    }

    /// Returns where a copy lies; `None` for a name that no copy has.
    fn path_of(&self, copy: &str) -> Option<PathBuf> {
        let (room, name) = copy.split_once('/')?;
        let is_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
        let is_safe = |part: &str| !part.is_empty() && part.chars().all(is_name);
        (is_safe(room) && is_safe(name)).then(|| self.outgoing_of(room).join(name))
    }
}

/// Removes copies when their post is over.
#[derive(Debug)]
pub struct CopyKeeper(pub Rooms);

impl Actor for CopyKeeper {
    type Context = Context<Self>;
}

impl Handler<FilesSettled> for CopyKeeper {
    type Result = ();

    fn handle(&mut self, settled: FilesSettled, _: &mut Self::Context) {
        let rooms = self.0.clone();
        let removing = move || rooms.remove_copies(settled.copies.iter().map(String::as_str));
        drop(tokio::task::spawn_blocking(removing));
    }
}

/// Reads at most one byte more than may be sent, so that a file that grows is noticed.
fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

fn copy_to(path: &Path, file: File) -> io::Result<u64> {
    let mut copy = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let size = io::copy(&mut file.take(MAX_SIZE + 1), &mut copy)?;
    copy.sync_all()?;
    Ok(size)
}

fn remove(path: &Path) {
    match fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            debug!("the copy of a file is gone already");
        }
        Err(error) => warn!(%error, "cannot remove the copy of a file that was sent"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;

    use bridge_actors::ids::{ChatId, SessionKey};

    use super::*;

    fn house() -> (tempfile::TempDir, Rooms, Room) {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("work")).unwrap();
        let rooms = Rooms::new(&home.path().join("data"), &[]);
        let key = SessionKey::of_chat(ChatId(-7));
        let room = rooms.room(key, &home.path().join("work"));
        (home, rooms, room)
    }

    #[test]
    fn a_copy_stays_what_it_was_until_its_post_is_over() {
        let (home, rooms, room) = house();
        let path = home.path().join("work/a.txt");
        fs::write(&path, "first").unwrap();
        let sent = room.copy(room.open(Path::new("a.txt")).unwrap()).unwrap();
        assert_eq!(sent.size, 5);
        fs::write(&path, "second").unwrap();
        let mode = rooms.open_copy(&sent.copy).unwrap().metadata().unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600);
        let read = io::read_to_string(rooms.open_copy(&sent.copy).unwrap()).unwrap();
        assert_eq!(read, "first");
        rooms.remove_copies([sent.copy.as_str()]);
        assert!(rooms.open_copy(&sent.copy).is_err());
    }

    #[test]
    fn a_start_sweeps_what_no_kept_post_needs() {
        let (home, rooms, room) = house();
        fs::write(home.path().join("work/a.txt"), "content").unwrap();
        let copy = || room.copy(room.open(Path::new("a.txt")).unwrap()).unwrap();
        let (kept, left) = (copy(), copy());
        assert_eq!(rooms.sweep(&HashSet::from([kept.copy.as_str()])), 1);
        assert!(rooms.open_copy(&kept.copy).is_ok());
        assert!(rooms.open_copy(&left.copy).is_err());
    }

    #[test]
    fn what_is_too_big_or_grows_so_is_not_copied() {
        let (home, rooms, room) = house();
        let path = home.path().join("work/big.bin");
        File::create(&path).unwrap().set_len(MAX_SIZE + 1).unwrap();
        let big = room.copy(room.open(Path::new("big.bin")).unwrap());
        assert!(matches!(big, Err(CopyError::TooBig)), "{big:?}");
        File::create(&path).unwrap().set_len(MAX_SIZE).unwrap();
        let opened = room.open(Path::new("big.bin")).unwrap();
        let mut growing = OpenOptions::new().append(true).open(&path).unwrap();
        growing.write_all(b"more").unwrap();
        let grown = room.copy(opened);
        assert!(matches!(grown, Err(CopyError::TooBig)), "{grown:?}");
        assert_eq!(rooms.sweep(&HashSet::new()), 0, "nothing is left of it");
    }

    #[test]
    fn the_name_of_a_copy_leads_nowhere_else() {
        let (home, rooms, _) = house();
        fs::create_dir_all(home.path().join("data/chats/-7/outgoing")).unwrap();
        fs::write(home.path().join("data/store"), "secret").unwrap();
        for name in [
            "-7/../../../store",
            "../store",
            "/etc/passwd",
            "",
            "-7/",
            "/",
        ] {
            assert!(rooms.open_copy(name).is_err(), "{name}");
        }
    }
}
