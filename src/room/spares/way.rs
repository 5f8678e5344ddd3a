//! The way to a file in a folder where agents write: part by part, no link followed, so that what is
//! looked at is what is changed.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt as _, fchown};
use std::path::{Component, Path, PathBuf};

use bridge_actors::ports::SpareFault;
use nix::fcntl::{AtFlags, OFlag, open, openat, renameat};
use nix::sys::stat::{Mode, fchmod, fstatat};
use nix::unistd::{LinkatFlags, UnlinkatFlags, linkat, unlinkat};
use sha2::{Digest as _, Sha256};
use tracing::debug;

use super::list::Kept;
use crate::plain_file::{FOLDER, NotOpened, open_in};
use crate::there::if_there;

/// The most of a file that is read to compare it, in bytes.
const MOST_COMPARED: u64 = 1_000_000_000;

/// An open folder, and the name of a file that is there or not.
#[derive(Debug)]
pub(super) struct Way {
    folder: OwnedFd,
    name: OsString,
}

/// What lay at the end of a way when somebody looked.
#[derive(Debug)]
pub(super) struct Seen(Option<(Identity, String)>);

/// What tells a file from another, and from itself once it is written.
#[derive(Debug, PartialEq, Eq)]
struct Identity {
    inode: u64,
    size: i64,
    changed: (i64, i64),
}

impl Seen {
    pub(super) fn digest(&self) -> Option<&str> {
        self.0.as_ref().map(|(_, digest)| digest.as_str())
    }
}

impl Way {
    /// Goes to the folder of a file.
    ///
    /// # Errors
    ///
    /// When a part of the way is a link or no folder, or the system does not let it.
    pub(super) fn to(path: &Path) -> io::Result<Self> {
        let none = || io::Error::from(io::ErrorKind::NotADirectory);
        let name = path.file_name().ok_or_else(none)?.to_owned();
        let mut folder = open("/", FOLDER, Mode::empty())?;
        for part in path.parent().ok_or_else(none)?.components() {
            match part {
                Component::RootDir => {}
                Component::Normal(part) => folder = openat(&folder, part, FOLDER, Mode::empty())?,
                Component::CurDir | Component::ParentDir | Component::Prefix(_) => {
                    return Err(none());
                }
            }
        }
        Ok(Self { folder, name })
    }

    /// Looks at what lies there.
    ///
    /// # Errors
    ///
    /// When it is no plain file, or the system does not let it.
    pub(super) fn look(&self) -> io::Result<Seen> {
        let opened = match open_in(&self.folder, &self.name) {
            Ok(file) => Ok(file),
            Err(NotOpened::System(error)) => Err(error),
            Err(error @ NotOpened::NoPlainFile) => Err(io::Error::other(error.to_string())),
        };
        let Some(file) = if_there(opened)? else {
            return Ok(Seen(None));
        };
        let of = file.metadata()?;
        let identity = Identity {
            inode: of.ino(),
            size: i64::try_from(of.size()).unwrap_or(i64::MAX),
            changed: (of.ctime(), of.ctime_nsec()),
        };
        Ok(Seen(Some((identity, digest_of(file)?))))
    }

    /// Returns the SHA-256 of what lies there, in hexadecimal.
    ///
    /// # Errors
    ///
    /// When it is no plain file, or the system does not let it.
    pub(super) fn digest(&self) -> io::Result<Option<String>> {
        Ok(self.look()?.0.map(|(_, digest)| digest))
    }

    /// Tells whether what was seen still lies there as it was.
    fn is_still(&self, seen: &Seen) -> io::Result<bool> {
        let now = fstatat(
            &self.folder,
            self.name.as_os_str(),
            AtFlags::AT_SYMLINK_NOFOLLOW,
        );
        let now = if_there(now.map_err(io::Error::from))?.map(|of| Identity {
            inode: of.st_ino,
            size: of.st_size,
            changed: (of.st_ctime, of.st_ctime_nsec),
        });
        Ok(now.as_ref() == seen.0.as_ref().map(|(identity, _)| identity))
    }

    /// Puts a copy in the place of what was seen, whole; tells whether it did, or found something else.
    ///
    /// # Errors
    ///
    /// When the system does not let it; what lies there is left as it was.
    pub(super) fn replace(&self, seen: &Seen, copy: &Path, kept: &Kept) -> io::Result<bool> {
        // One that a crash has left has the same name, and goes.
        let digest = kept.digest.get(..16).unwrap_or_default();
        let new = OsString::from(format!(".put-back-{digest}-{}", kept.place));
        self.remove_new(&new);
        let replaced = self.write_new(&new, copy, kept).and_then(|()| {
            if !self.is_still(seen)? {
                return Ok(false);
            }
            let (new, name) = (new.as_os_str(), self.name.as_os_str());
            match &seen.0 {
                Some(_) => renameat(&self.folder, new, &self.folder, name)?,
                // A file that has come in between stays.
                None => match linkat(&self.folder, new, &self.folder, name, LinkatFlags::empty()) {
                    Err(nix::Error::EEXIST) => return Ok(false),
                    linked => linked?,
                },
            }
            Ok(true)
        });
        if !matches!((&replaced, &seen.0), (Ok(true), Some(_))) {
            self.remove_new(&new);
        }
        self.sync();
        replaced
    }

    /// Removes what was seen; tells whether it did, or found something else.
    ///
    /// # Errors
    ///
    /// When the system does not let it.
    pub(super) fn remove(&self, seen: &Seen) -> io::Result<bool> {
        if !self.is_still(seen)? {
            return Ok(false);
        }
        unlinkat(
            &self.folder,
            self.name.as_os_str(),
            UnlinkatFlags::NoRemoveDir,
        )?;
        self.sync();
        Ok(true)
    }

    /// Removes the copy that has not taken its place, if it is there.
    fn remove_new(&self, name: &OsStr) {
        match unlinkat(&self.folder, name, UnlinkatFlags::NoRemoveDir) {
            Ok(()) | Err(nix::Error::ENOENT) => {}
            Err(error) => debug!(%error, "cannot remove a copy that was not put back"),
        }
    }

    fn write_new(&self, name: &OsStr, copy: &Path, kept: &Kept) -> io::Result<()> {
        let writing =
            OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let mode = Mode::S_IRUSR | Mode::S_IWUSR;
        let mut new = File::from(openat(&self.folder, name, writing, mode)?);
        io::copy(&mut File::open(copy)?, &mut new)?;
        let of = new.metadata()?;
        if (of.uid(), of.gid()) != (kept.owner, kept.group) {
            fchown(&new, Some(kept.owner), Some(kept.group))?;
        }
        fchmod(&new, Mode::from_bits_truncate(kept.mode & 0o777))?;
        new.sync_all()
    }

    /// Brings names to the disk, where the folder can be read: it is open only as a way.
    fn sync(&self) {
        let reading = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let folder = openat(&self.folder, ".", reading, Mode::empty()).map(File::from);
        let synced = folder.map_err(io::Error::from).and_then(|it| it.sync_all());
        if let Err(error) = synced {
            debug!(%error, "cannot sync a folder in which a file was put back");
        }
    }
}

/// Returns the real path of a file that is not there: that of the first folder above it that is, and
/// the rest as it is said.
///
/// # Errors
///
/// When it is a link that leads nowhere, or nobody can tell where it would be.
pub(super) fn real_of_missing(path: &Path) -> Result<PathBuf, SpareFault> {
    let unreadable = |error: io::Error| SpareFault::Unreadable(error.to_string());
    if if_there(path.symlink_metadata())
        .map_err(unreadable)?
        .is_some()
    {
        return Err(SpareFault::NoPlainFile);
    }
    for above in path.ancestors().skip(1) {
        let Some(real) = if_there(above.canonicalize()).map_err(unreadable)? else {
            continue;
        };
        let rest = path.strip_prefix(above).unwrap_or(path);
        let is_plain = rest
            .components()
            .all(|it| matches!(it, Component::Normal(_)));
        return match is_plain {
            true => Ok(real.join(rest)),
            false => Err(SpareFault::NoPlainFile),
        };
    }
    Err(SpareFault::NoPlainFile)
}

/// Tells whether a path leads below a real folder: that of what is there, or of the first folder above
/// it that is. A link that leads nowhere does not: where it would lead is not told apart from where
/// something is.
pub(super) fn leads_below(root: &Path, path: &Path) -> bool {
    for above in path.ancestors() {
        match if_there(above.canonicalize()) {
            Ok(Some(real)) => return real.starts_with(root),
            Ok(None) if above.is_symlink() => return false,
            Ok(None) => {}
            Err(_) => return false,
        }
    }
    false
}

/// Returns the SHA-256 of a file from its start, in hexadecimal.
///
/// # Errors
///
/// When it cannot be read, or is larger than what is compared.
pub(super) fn digest_of(file: File) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut file = file.take(MOST_COMPARED + 1);
    let mut part = vec![0; 64 * 1024];
    loop {
        match file.read(&mut part)? {
            0 if file.limit() == 0 => return Err(io::Error::from(io::ErrorKind::FileTooLarge)),
            0 => break,
            size => digest.update(&part[..size]),
        }
    }
    let digest = digest.finalize();
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}
