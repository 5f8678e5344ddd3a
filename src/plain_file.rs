//! Opens plain files in folders where agents write: no link is followed, and no pipe waited for.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use nix::fcntl::{AtFlags, OFlag, open, openat};
use nix::sys::stat::{Mode, SFlag, fstatat};
use nix::sys::statfs::{PROC_SUPER_MAGIC, SYSFS_MAGIC, fstatfs};

/// A folder that is opened to go on from there, and is no link.
pub(crate) const FOLDER: OFlag = OFlag::O_PATH
    .union(OFlag::O_DIRECTORY)
    .union(OFlag::O_NOFOLLOW)
    .union(OFlag::O_CLOEXEC);

/// Why a file was not opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotOpened {
    /// It is a link, a folder, a device, a pipe or a socket, or the system makes it up.
    #[error("it is no plain file")]
    NoPlainFile,
    /// The system does not let it.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// Opens a file by its name in a folder that is open.
///
/// A pipe would wait for its writer, and a device may act when it is opened: it is looked at first.
///
/// # Errors
///
/// When it is no plain file, or the system does not let it.
pub(crate) fn open_in(folder: &impl AsFd, name: &OsStr) -> Result<File, NotOpened> {
    let seen = fstatat(folder, name, AtFlags::AT_SYMLINK_NOFOLLOW).map_err(io::Error::from)?;
    if SFlag::from_bits_truncate(seen.st_mode) & SFlag::S_IFMT != SFlag::S_IFREG {
        return Err(NotOpened::NoPlainFile);
    }
    let reading = OFlag::O_RDONLY
        | OFlag::O_NOFOLLOW
        | OFlag::O_NONBLOCK
        | OFlag::O_NOCTTY
        | OFlag::O_CLOEXEC;
    let file = openat(folder, name, reading, Mode::empty()).map_err(io::Error::from)?;
    let file = File::from(file);
    let metadata = file.metadata()?;
    let kind = fstatfs(&file).map_err(io::Error::from)?.filesystem_type();
    // What the kernel makes up has no size, and may be the bridge's memory or environment.
    let is_made_up = [PROC_SUPER_MAGIC, SYSFS_MAGIC].contains(&kind);
    if !metadata.is_file() || metadata.ino() != seen.st_ino || is_made_up {
        return Err(NotOpened::NoPlainFile);
    }
    Ok(file)
}

/// Opens a file by its path, of which only the way to its folder may have links in it.
///
/// # Errors
///
/// When it is no plain file, or the system does not let it.
pub(crate) fn open_plain(path: &Path) -> Result<File, NotOpened> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(NotOpened::NoPlainFile);
    };
    let folder = open(folder, FOLDER, Mode::empty()).map_err(io::Error::from)?;
    open_in(&folder, name)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use nix::unistd::mkfifo;

    use super::*;

    #[test]
    fn only_a_plain_file_is_opened_and_nothing_is_waited_for() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        fs::write(at("file"), "tea").unwrap();
        assert!(open_plain(&at("file")).is_ok());
        symlink(at("file"), at("link")).unwrap();
        mkfifo(&at("pipe"), Mode::S_IRWXU).unwrap();
        fs::create_dir(at("folder")).unwrap();
        symlink(at("folder"), at("way")).unwrap();
        fs::write(at("folder/file"), "tea").unwrap();
        for name in ["link", "pipe", "folder"] {
            let opened = open_plain(&at(name));
            assert!(matches!(opened, Err(NotOpened::NoPlainFile)), "{name}");
        }
        for name in ["missing", "way/file"] {
            let opened = open_plain(&at(name));
            assert!(matches!(opened, Err(NotOpened::System(_))), "{name}");
        }
        assert!(open_plain(Path::new("/proc/self/environ")).is_err());
    }
}
