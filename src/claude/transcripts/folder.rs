//! The folder of transcripts of a working folder: opened part by part, without following a link.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, AsRawFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use bridge_actors::clock::UnixSeconds;
use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, open, openat};
use nix::sys::stat::{Mode, SFlag, fstatat};
use nix::unistd::{UnlinkatFlags, unlinkat};

use crate::plain_file::{FOLDER, NotOpened, open_in};

/// Where Claude keeps conversations in its folder, by the folder that it works in.
const PROJECTS: &str = "projects";

/// What a transcript is called behind the id of its conversation.
const ENDING: &str = ".jsonl";

/// From this length on the name of a folder is cut, in characters.
const MAX_SLUG: usize = 200;

/// How many entries of a folder are looked at.
const MAX_ENTRIES: usize = 50_000;

/// How much of what lies beside a transcript is removed with it.
const MAX_BESIDE: usize = 100_000;

/// How deep that is entered.
const MAX_DEPTH: usize = 16;

/// Transcripts, in folders that are open.
#[derive(Debug)]
pub(in crate::claude) struct Transcripts {
    folders: Vec<OwnedFd>,
}

/// A transcript as it lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::claude) struct Lying {
    /// The id of its conversation.
    pub(in crate::claude) id: String,
    /// Its size in bytes.
    pub(in crate::claude) size: u64,
    /// When it was written last, in nanoseconds since 1970.
    pub(in crate::claude) written: i64,
}

impl Lying {
    /// Returns when it was written last.
    pub(in crate::claude) fn at(&self) -> UnixSeconds {
        UnixSeconds(u64::try_from(self.written / 1_000_000_000).unwrap_or(0))
    }
}

impl Transcripts {
    /// Opens the transcripts of a working folder.
    ///
    /// `root` is a folder that no agent made, and may be a link; `below` leads from there to Claude's
    /// folder.
    ///
    /// # Errors
    ///
    /// When the disk does not let it; where nothing is, there are none.
    pub(in crate::claude) fn open(root: &Path, below: &[&str], slug: &str) -> io::Result<Self> {
        let trusted = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let opened = open(root, trusted, Mode::empty());
        let Some(mut folder) = if_there(opened)? else {
            return Ok(Self {
                folders: Vec::new(),
            });
        };
        for part in below.iter().copied().chain([PROJECTS]) {
            let Some(next) = if_there(openat(&folder, part, FOLDER, Mode::empty()))? else {
                return Ok(Self {
                    folders: Vec::new(),
                });
            };
            folder = next;
        }
        let mut folders = Vec::new();
        for name in names(&folder, slug)? {
            folders.extend(if_there(openat(&folder, &*name, FOLDER, Mode::empty()))?);
        }
        Ok(Self { folders })
    }

    /// Returns what lies there, the newest first.
    ///
    /// # Errors
    ///
    /// When the disk does not let it.
    pub(in crate::claude) fn list(&self) -> io::Result<Vec<Lying>> {
        let mut lying = Vec::new();
        for folder in &self.folders {
            for entry in fs::read_dir(path_of(folder))?.take(MAX_ENTRIES) {
                let name = entry?.file_name();
                let id = name.to_str().and_then(|name| name.strip_suffix(ENDING));
                let Some(id) = id.filter(|id| is_id(id)) else {
                    continue;
                };
                // One that has gone in between is not there.
                let Ok(of) = fstatat(folder, &*name, AtFlags::AT_SYMLINK_NOFOLLOW) else {
                    continue;
                };
                if SFlag::from_bits_truncate(of.st_mode) & SFlag::S_IFMT != SFlag::S_IFREG {
                    continue;
                }
                let written = of.st_mtime.saturating_mul(1_000_000_000);
                lying.push(Lying {
                    id: id.to_owned(),
                    size: u64::try_from(of.st_size).unwrap_or(0),
                    written: written.saturating_add(of.st_mtime_nsec),
                });
            }
        }
        lying.sort_by(|one, other| {
            let by_age = other.written.cmp(&one.written);
            by_age.then_with(|| one.id.cmp(&other.id))
        });
        lying.dedup_by(|one, other| one.id == other.id);
        Ok(lying)
    }

    /// Opens one.
    ///
    /// # Errors
    ///
    /// When it is no plain file, or the system does not let it.
    pub(in crate::claude) fn open_one(&self, id: &str) -> Result<File, NotOpened> {
        let mut why = NotOpened::System(io::Error::from(io::ErrorKind::NotFound));
        if !is_id(id) {
            return Err(why);
        }
        for folder in &self.folders {
            match open_in(folder, OsStr::new(&format!("{id}{ENDING}"))) {
                Ok(file) => return Ok(file),
                Err(error) => why = error,
            }
        }
        Err(why)
    }

    /// Removes one, with what Claude keeps beside it.
    ///
    /// # Errors
    ///
    /// When the disk does not let it.
    pub(in crate::claude) fn remove(&self, id: &str) -> io::Result<()> {
        if !is_id(id) {
            return Err(io::Error::from(io::ErrorKind::NotFound));
        }
        for folder in &self.folders {
            let name = format!("{id}{ENDING}");
            if_there(unlinkat(folder, &*name, UnlinkatFlags::NoRemoveDir))?;
            let mut left = MAX_BESIDE;
            // Without the conversation nobody finds it: what is too deep for a look stays.
            remove_below(folder, OsStr::new(id), 0, &mut left).ok();
        }
        Ok(())
    }
}

/// Tells whether a text can be the id of a conversation: the name of no other file is one.
pub(in crate::claude) fn is_id(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

/// Returns how Claude calls the folder of the transcripts of a working folder.
pub(in crate::claude) fn slug_of(folder: &Path) -> String {
    let name = String::from_utf8_lossy(folder.as_os_str().as_bytes()).into_owned();
    let units = name.encode_utf16();
    let sign = |unit: u16| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii_alphanumeric() => char::from(byte),
        Ok(_) | Err(_) => '-',
    };
    units.map(sign).collect()
}

/// Returns the names under which the transcripts can lie: a long one is cut, and goes on with what
/// is not told.
fn names(projects: &OwnedFd, slug: &str) -> io::Result<Vec<String>> {
    if slug.len() <= MAX_SLUG {
        return Ok(vec![slug.to_owned()]);
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(path_of(projects))?.take(MAX_ENTRIES) {
        let name = entry?.file_name();
        let name = name.to_str().filter(|it| it.starts_with(&slug[..MAX_SLUG]));
        names.extend(name.map(str::to_owned));
    }
    Ok(names)
}

fn path_of(folder: &OwnedFd) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd()))
}

fn if_there<T>(found: nix::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        // A link is not followed.
        Err(Errno::ENOENT | Errno::ENOTDIR | Errno::ELOOP) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Removes a folder with all below it. Each folder is entered from the one above: an agent may put a
/// link in its place at any time.
fn remove_below(above: &impl AsFd, name: &OsStr, depth: usize, left: &mut usize) -> io::Result<()> {
    let reading = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    if depth > MAX_DEPTH {
        return Err(io::Error::other("it is too deep"));
    }
    let Some(folder) = if_there(openat(above, name, reading, Mode::empty()))? else {
        return Ok(());
    };
    let mut entries = Dir::from_fd(folder.try_clone()?)?;
    let entries = entries
        .iter()
        .take(*left)
        .collect::<nix::Result<Vec<_>>>()?;
    *left -= entries.len().min(*left);
    for entry in entries {
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        if name == "." || name == ".." {
            continue;
        }
        match unlinkat(&folder, name, UnlinkatFlags::NoRemoveDir) {
            Ok(()) | Err(Errno::ENOENT) => {}
            Err(Errno::EISDIR | Errno::EPERM) => remove_below(&folder, name, depth + 1, left)?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(unlinkat(above, name, UnlinkatFlags::RemoveDir)?)
}
