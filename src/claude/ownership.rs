//! Gives a folder with all that is in it to the user of a room.
//!
//! An agent of the same room may run meanwhile and move things: folders are entered one by one,
//! from the one above, without following links, so that nothing outside can be given away.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use nix::dir::Dir;
use nix::fcntl::{AtFlags, OFlag, open, openat};
use nix::sys::stat::{Mode, SFlag, fstatat};
use nix::unistd::{Gid, Uid, fchown, fchownat};

/// How deep folders lie in each other at most; deeper ones are left as they are.
const MAX_DEPTH: usize = 64;

/// Gives `folder` to a user, and all that is in it unless the folder is theirs already.
///
/// The folder itself comes last, so that what was cut off is done anew.
///
/// # Errors
///
/// When the system does not let it.
pub(super) fn give(folder: &Path, uid: u32) -> io::Result<()> {
    if fs::metadata(folder)?.uid() == uid {
        return Ok(());
    }
    give_all(folder, uid)
}

/// The same, whoever the folder belongs to.
///
/// # Errors
///
/// When the system does not let it.
pub(super) fn give_all(folder: &Path, uid: u32) -> io::Result<()> {
    let opened = open(folder, FOLDER, Mode::empty())?;
    give_below(opened, Uid::from_raw(uid), Gid::from_raw(uid), 0)
}

/// Takes a folder itself back, so that it is given anew with all that has come meanwhile.
///
/// # Errors
///
/// When the system does not let it.
pub(super) fn take_back(folder: &Path, uid: u32) -> io::Result<()> {
    let opened = open(folder, FOLDER, Mode::empty())?;
    Ok(fchown(&opened, Some(Uid::from_raw(uid)), None)?)
}

const FOLDER: OFlag = OFlag::O_RDONLY
    .union(OFlag::O_DIRECTORY)
    .union(OFlag::O_NOFOLLOW)
    .union(OFlag::O_CLOEXEC);

fn give_below(folder: OwnedFd, user: Uid, group: Gid, depth: usize) -> io::Result<()> {
    let own = folder.try_clone()?;
    let mut list = Dir::from_fd(folder)?;
    for entry in list.iter() {
        let entry = entry?;
        let name = entry.file_name();
        if name == c"." || name == c".." {
            continue;
        }
        let Ok(seen) = fstatat(&own, name, AtFlags::AT_SYMLINK_NOFOLLOW) else {
            continue;
        };
        let kind = SFlag::from_bits_truncate(seen.st_mode) & SFlag::S_IFMT;
        if kind == SFlag::S_IFDIR && depth < MAX_DEPTH {
            if let Ok(below) = openat(&own, name, FOLDER, Mode::empty()) {
                give_below(below, user, group, depth + 1)?;
            }
        } else if seen.st_uid != user.as_raw() {
            let link_itself = AtFlags::AT_SYMLINK_NOFOLLOW;
            fchownat(&own, name, Some(user), Some(group), link_itself)?;
        }
    }
    Ok(fchown(&own, Some(user), Some(group))?)
}
