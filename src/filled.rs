//! How much lies in a folder where an agent writes.
//!
//! Folders are entered one by one, from the one above, without following links, and no more is
//! looked at than a bound allows: whatever an agent makes there, looking comes to an end.

use std::collections::HashSet;
use std::ffi::CStr;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::time::{Duration, Instant};

use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, open, openat};
use nix::sys::stat::{FileStat, Mode, SFlag, fstat, fstatat};

/// How deep folders are entered.
const MAX_DEPTH: usize = 64;

/// The size of a block as `stat` counts them, in bytes.
const BLOCK: u64 = 512;

const FOLDER: OFlag = OFlag::O_RDONLY
    .union(OFlag::O_DIRECTORY)
    .union(OFlag::O_NOFOLLOW)
    .union(OFlag::O_CLOEXEC);

/// How much is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How many files and folders.
    pub entries: u64,
    /// Until when.
    pub until: Instant,
}

impl Bounds {
    /// Returns the bounds of looking so long from now on, at no more than a million files and
    /// folders.
    pub fn of_time(time: Duration) -> Self {
        Self {
            entries: 1_000_000,
            until: Instant::now() + time,
        }
    }
}

/// How much lies in a folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filled {
    /// What it takes on the disk, in bytes; a file of several names counts once.
    pub bytes: u64,
    /// Whether a part was not looked at, so that there may be more: it lies too deep or on another
    /// disk, is too much, or is closed.
    pub has_more: bool,
}

/// Returns how much lies in a folder; nothing in one that is not there.
///
/// # Errors
///
/// When the folder itself cannot be opened.
pub(crate) fn filled(folder: &Path, bounds: Bounds) -> io::Result<Filled> {
    let opened = match open(folder, FOLDER, Mode::empty()) {
        Err(Errno::ENOENT) => return Ok(Filled::default()),
        opened => opened?,
    };
    let own = fstat(&opened)?;
    let mut look = Look {
        device: own.st_dev,
        left: bounds.entries,
        until: bounds.until,
        linked: HashSet::new(),
        filled: Filled::default(),
    };
    look.count(&own);
    look.enter(opened, MAX_DEPTH)?;
    Ok(look.filled)
}

struct Look {
    /// Nothing that lies elsewhere is looked at.
    device: u64,
    left: u64,
    until: Instant,
    /// The files of several names that were counted.
    linked: HashSet<u64>,
    filled: Filled,
}

impl Look {
    /// Looks at all in a folder; one that cannot be read has more than is known.
    fn enter(&mut self, folder: OwnedFd, depth: usize) -> io::Result<()> {
        let mut list = Dir::from_fd(folder.try_clone()?)?;
        for entry in list.iter() {
            if self.left == 0 || Instant::now() >= self.until {
                self.filled.has_more = true;
                return Ok(());
            }
            let Ok(entry) = entry else {
                self.filled.has_more = true;
                return Ok(());
            };
            let name = entry.file_name();
            if name == c"." || name == c".." {
                continue;
            }
            self.left -= 1;
            self.look_at(&folder, name, depth);
        }
        Ok(())
    }

    fn look_at(&mut self, folder: &impl AsFd, name: &CStr, depth: usize) {
        let seen = match fstatat(folder, name, AtFlags::AT_SYMLINK_NOFOLLOW) {
            Ok(seen) => seen,
            // It has gone meanwhile.
            Err(Errno::ENOENT) => return,
            Err(_) => {
                self.filled.has_more = true;
                return;
            }
        };
        if seen.st_dev != self.device {
            self.filled.has_more = true;
            return;
        }
        self.count(&seen);
        if SFlag::from_bits_truncate(seen.st_mode) & SFlag::S_IFMT != SFlag::S_IFDIR {
            return;
        }
        let entered = match depth {
            0 => Err(io::Error::from(Errno::ELOOP)),
            _ => openat(folder, name, FOLDER, Mode::empty())
                .map_err(io::Error::from)
                .and_then(|inner| self.enter(inner, depth - 1)),
        };
        self.filled.has_more |= entered.is_err();
    }

    fn count(&mut self, seen: &FileStat) {
        let is_folder = SFlag::from_bits_truncate(seen.st_mode) & SFlag::S_IFMT == SFlag::S_IFDIR;
        if is_folder || seen.st_nlink < 2 || self.linked.insert(seen.st_ino) {
            let blocks = u64::try_from(seen.st_blocks).unwrap_or_default();
            self.filled.bytes = self.filled.bytes.saturating_add(blocks * BLOCK);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    const ENOUGH: Duration = Duration::from_secs(60);

    fn look(folder: &Path) -> Filled {
        filled(folder, Bounds::of_time(ENOUGH)).unwrap()
    }

    #[test]
    fn what_is_on_the_disk_counts_once_and_nothing_behind_a_link() {
        let place = tempfile::tempdir().unwrap();
        let home = place.path().join("home");
        assert_eq!(look(&home), Filled::default(), "it is not there");
        fs::create_dir_all(home.join("in/it")).unwrap();
        fs::write(place.path().join("beside"), vec![1; 1 << 20]).unwrap();
        let before = look(&home).bytes;
        fs::write(home.join("in/it/file"), vec![1; 100_000]).unwrap();
        let with_file = look(&home).bytes;
        assert!(
            (100_000..200_000).contains(&(with_file - before)),
            "{with_file}"
        );
        fs::hard_link(home.join("in/it/file"), home.join("again")).unwrap();
        symlink(place.path().join("beside"), home.join("link")).unwrap();
        symlink(place.path(), home.join("folder")).unwrap();
        symlink(&home, home.join("in/loop")).unwrap();
        let with_links = look(&home);
        assert!(with_links.bytes - with_file < 50_000, "{with_links:?}");
        assert!(!with_links.has_more);
        // It has a length and no blocks.
        File::create(home.join("hole"))
            .unwrap()
            .set_len(1 << 40)
            .unwrap();
        assert!(look(&home).bytes - with_links.bytes < 50_000);
        let link = place.path().join("way");
        symlink(&home, &link).unwrap();
        filled(&link, Bounds::of_time(ENOUGH)).expect_err("the agent may have made a link of it");
    }

    #[test]
    fn looking_ends_where_there_is_too_much_or_it_lies_too_deep() {
        let home = tempfile::tempdir().unwrap();
        for name in 0..50 {
            fs::write(home.path().join(name.to_string()), "x").unwrap();
        }
        let bounds = |entries, time| Bounds {
            entries,
            until: Instant::now() + time,
        };
        let looked = |bounds| filled(home.path(), bounds).unwrap();
        assert!(!looked(bounds(50, ENOUGH)).has_more);
        let few = looked(bounds(10, ENOUGH));
        assert!(few.has_more && few.bytes > 0 && few.bytes < look(home.path()).bytes);
        assert!(looked(bounds(50, Duration::ZERO)).has_more);
        let mut deep = home.path().to_owned();
        for _ in 0..200 {
            deep.push("d");
        }
        fs::create_dir_all(&deep).unwrap();
        assert!(look(home.path()).has_more);
    }

    #[test]
    fn a_closed_folder_keeps_its_secret_and_hides_nothing_else() {
        let looking = std::thread::spawn(|| {
            // Root reads everything.
            if nix::unistd::geteuid().is_root() {
                nix::unistd::setfsuid(nix::unistd::Uid::from_raw(65_534));
            }
            let home = tempfile::tempdir().unwrap();
            fs::create_dir(home.path().join("closed")).unwrap();
            fs::write(home.path().join("open"), vec![1; 100_000]).unwrap();
            fs::set_permissions(home.path().join("closed"), Permissions::from_mode(0o000)).unwrap();
            let looked = look(home.path());
            fs::set_permissions(home.path().join("closed"), Permissions::from_mode(0o700)).unwrap();
            looked
        });
        let looked = looking.join().unwrap();
        assert!(looked.has_more && looked.bytes >= 100_000, "{looked:?}");
    }
}
