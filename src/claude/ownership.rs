//! Gives a folder with all that is in it to the user of a room.
//!
//! What is spared stays whose it is: the bridge's own files and other people's folders may lie below.
//!
//! An agent of the same room may run meanwhile and move things: folders are entered one by one,
//! from the one above, without following links, so that nothing outside can be given away.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, open, openat};
use nix::sys::stat::{Mode, SFlag, fstat};
use nix::unistd::{Gid, Uid, fchown, fchownat};

use crate::there::if_there;

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
    give_all(folder, uid, &[])
}

/// The same, whoever the folder belongs to, but for what is spared.
///
/// # Errors
///
/// When the system does not let it.
pub(super) fn give_all(folder: &Path, uid: u32, spared: &[PathBuf]) -> io::Result<()> {
    let opened = open(folder, FOLDER, Mode::empty())?;
    let mut identities = HashSet::new();
    for path in spared {
        let seen = if_there(fs::metadata(path));
        let seen = seen.map_err(|error| {
            let what = format!("cannot tell what is at {}: {error}", path.display());
            io::Error::new(error.kind(), what)
        })?;
        identities.extend(seen.map(|it| (it.dev(), it.ino())));
    }
    let giving = Giving {
        user: Uid::from_raw(uid),
        group: Gid::from_raw(uid),
        spared: identities,
    };
    giving.give_below(opened, 0)
}

/// To whom, and what not, by whatever name.
struct Giving {
    user: Uid,
    group: Gid,
    spared: HashSet<(u64, u64)>,
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

/// Opens anything without acting on it, a link included.
const ITSELF: OFlag = OFlag::O_PATH
    .union(OFlag::O_NOFOLLOW)
    .union(OFlag::O_CLOEXEC);

impl Giving {
    fn give_below(&self, folder: OwnedFd, depth: usize) -> io::Result<()> {
        let own = folder.try_clone()?;
        let mut list = Dir::from_fd(folder)?;
        for entry in list.iter() {
            let entry = entry?;
            let name = entry.file_name();
            if name == c"." || name == c".." {
                continue;
            }
            // What is judged is what was opened: a name may lead elsewhere a moment later.
            let opened = match openat(&own, name, ITSELF, Mode::empty()) {
                Err(Errno::ENOENT) => continue,
                opened => opened?,
            };
            let seen = fstat(&opened)?;
            if self.spared.contains(&(seen.st_dev, seen.st_ino)) {
                continue;
            }
            let kind = SFlag::from_bits_truncate(seen.st_mode) & SFlag::S_IFMT;
            if kind == SFlag::S_IFDIR && depth < MAX_DEPTH {
                let below = openat(&opened, c".", FOLDER, Mode::empty())?;
                self.give_below(below, depth + 1)?;
            } else if seen.st_uid != self.user.as_raw() {
                let itself = AtFlags::AT_EMPTY_PATH;
                fchownat(&opened, c"", Some(self.user), Some(self.group), itself)?;
            }
        }
        Ok(fchown(&own, Some(self.user), Some(self.group))?)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::sync::atomic::{AtomicBool, Ordering};

    use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
    use nix::unistd::geteuid;

    use super::*;

    #[test]
    fn what_is_spared_stays_whose_it_is() {
        if !geteuid().is_root() {
            // Nobody else may give anything away.
            return;
        }
        const ROOM: u32 = 254_321;
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        for folder in ["data/chats", "8", "src"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        for file in ["bridge.toml", "data/store", "8/secret", "src/main.rs"] {
            fs::write(at(file), "").unwrap();
        }
        // Its other name does not give it away.
        fs::hard_link(at("bridge.toml"), at("src/other-name")).unwrap();
        let spared = ["bridge.toml", "data", "8", "missing"].map(at);
        give_all(home.path(), ROOM, &spared).unwrap();
        let owner = |name: &str| fs::metadata(at(name)).unwrap().uid();
        for name in ["", "src", "src/main.rs"] {
            assert_eq!(owner(name), ROOM, "{name}");
        }
        for name in ["bridge.toml", "data", "data/store", "8", "8/secret"] {
            assert_eq!(owner(name), 0, "{name}");
        }
    }

    #[test]
    fn where_nobody_can_tell_what_is_to_be_spared_nothing_is_given() {
        let home = tempfile::tempdir().unwrap();
        let circle = home.path().join("circle");
        symlink(&circle, &circle).unwrap();
        let error = give_all(home.path(), 254_321, &[circle]).unwrap_err();
        assert!(error.to_string().contains("circle"), "{error}");
    }

    /// An agent of the same room may move things meanwhile.
    #[test]
    fn what_is_spared_stays_so_under_whatever_name_it_comes_by() {
        if !geteuid().is_root() {
            return;
        }
        const ROOM: u32 = 254_321;
        const ROUNDS: usize = 2_000;
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        for folder in ["spared", "other"] {
            fs::create_dir_all(at("room").join(folder)).unwrap();
            fs::write(at("room").join(folder).join("file"), "").unwrap();
        }
        let spared = at("room/spared").canonicalize().unwrap();
        let seen = fs::metadata(&spared).unwrap();
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let exchange = RenameFlags::RENAME_EXCHANGE;
                let (one, other) = (at("room/spared"), at("room/other"));
                while !is_over.load(Ordering::Relaxed) {
                    renameat2(AT_FDCWD, &one, AT_FDCWD, &other, exchange).unwrap();
                }
            });
            for _ in 0..ROUNDS {
                // By its identity, since the name wanders.
                let giving = Giving {
                    user: Uid::from_raw(ROOM),
                    group: Gid::from_raw(ROOM),
                    spared: [(seen.dev(), seen.ino())].into(),
                };
                let opened = open(&at("room"), FOLDER, Mode::empty()).unwrap();
                giving.give_below(opened, 0).unwrap();
            }
            is_over.store(true, Ordering::Relaxed);
        });
        let spared = ["spared", "other"].map(|name| at("room").join(name));
        let mut spared = spared.iter();
        let is_it = |path: &&PathBuf| fs::metadata(path).unwrap().ino() == seen.ino();
        let spared = spared.find(is_it).unwrap();
        for path in [spared, &spared.join("file")] {
            assert_eq!(fs::metadata(path).unwrap().uid(), 0, "{}", path.display());
        }
    }
}
