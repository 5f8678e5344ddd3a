//! One file of the log.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use nix::errno::Errno;
use nix::fcntl::{FallocateFlags, fallocate};
use tracing::debug;

/// How much room is taken from the disk at once, so that a sync need not note a new length.
const STEP_BYTES: u64 = 256 * 1024;
/// More is taken when less than this is left.
const LOW_BYTES: u64 = 64 * 1024;

const ENDING: &str = "log";
/// What a file ends in until all that has to be in it is on disk.
const UNFINISHED: &str = "new";

/// A file of the log, whose records never change once they are written.
#[derive(Debug)]
pub(in crate::store) struct Segment {
    file: File,
    folder: PathBuf,
    number: u64,
    allocated: AtomicU64,
}

impl Segment {
    /// Makes an empty file that does not count until it is [published](Self::publish).
    pub(in crate::store) fn create(folder: &Path, number: u64) -> io::Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path_of(folder, number, UNFINISHED))?;
        Ok(Self {
            file,
            folder: folder.to_owned(),
            number,
            allocated: AtomicU64::new(0),
        })
    }

    /// Opens a file that counts.
    pub(in crate::store) fn open(folder: &Path, number: u64) -> io::Result<Self> {
        let path = path_of(folder, number, ENDING);
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        Ok(Self {
            file,
            folder: folder.to_owned(),
            number,
            allocated: AtomicU64::new(0),
        })
    }

    pub(in crate::store) fn number(&self) -> u64 {
        self.number
    }

    pub(in crate::store) fn path(&self) -> PathBuf {
        path_of(&self.folder, self.number, ENDING)
    }

    /// Writes records to their place.
    pub(in crate::store) fn write(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        self.file.write_all_at(bytes, at)
    }

    /// Reads what lies at a place.
    pub(in crate::store) fn read(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, at)?;
        Ok(bytes)
    }

    pub(in crate::store) fn read_all(&self) -> io::Result<Vec<u8>> {
        let length = usize::try_from(self.file.metadata()?.len()).map_err(io::Error::other)?;
        self.read(0, length)
    }

    /// Takes room for further records from the disk when little is left.
    ///
    /// That only makes syncs faster. What keeps it from working is no failure of the store: whether
    /// a record has room, its write and its sync tell.
    pub(in crate::store) fn make_room(&self, end: u64) {
        if self.allocated.load(Ordering::Relaxed) >= end + LOW_BYTES {
            return;
        }
        let wanted = (end + LOW_BYTES).next_multiple_of(STEP_BYTES);
        let length = i64::try_from(wanted).unwrap_or(i64::MAX);
        match fallocate(self.file.as_fd(), FallocateFlags::empty(), 0, length) {
            // A file system that cannot do this makes room as records come.
            Ok(()) | Err(Errno::EOPNOTSUPP | Errno::ENOSYS) => {
                self.allocated.store(wanted, Ordering::Relaxed);
            }
            Err(errno) => debug!(error = errno.desc(), "no room is taken beforehand"),
        }
    }

    /// Cuts off what lies behind the last record.
    pub(in crate::store) fn cut(&self, end: u64) -> io::Result<()> {
        self.file.set_len(end)
    }

    /// Waits until the disk has every record.
    pub(in crate::store) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Gives the file its name and waits until the disk has that.
    pub(in crate::store) fn publish(&self) -> io::Result<()> {
        let unfinished = path_of(&self.folder, self.number, UNFINISHED);
        fs::rename(unfinished, self.path())?;
        sync_folder(&self.folder)
    }

    pub(in crate::store) fn remove(&self) -> io::Result<()> {
        fs::remove_file(self.path())
    }
}

/// Returns the numbers of the files that count, and removes what never came to count.
pub(in crate::store) fn segments_in(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some(UNFINISHED) => fs::remove_file(&path)?,
            Some(ENDING) => {
                let name = path.file_stem().and_then(|stem| stem.to_str());
                numbers.extend(name.and_then(|name| name.parse::<u64>().ok()));
            }
            Some(_) | None => {}
        }
    }
    numbers.sort_unstable();
    Ok(numbers)
}

pub(in crate::store) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn path_of(folder: &Path, number: u64, ending: &str) -> PathBuf {
    folder.join(format!("{number:012}.{ending}"))
}
