//! The folders of a try; those that are thrown away are gone after any end, of this run or by the
//! next one.

use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::cli::TryArgs;

#[cfg(test)]
mod tests;

/// What the names of folders that are thrown away begin with; the process id follows.
const PREFIX: &str = "bridge-try-";
/// The file whose lock says that a try is alive; the system lets go of it when the process dies.
const LOCK: &str = "try.lock";

/// The folders of a try.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) data: PathBuf,
    pub(super) workspace: PathBuf,
    /// Where agents and what they start put files for a moment. Claude leaves some in the
    /// machine's own folder for that.
    pub(super) temporary: PathBuf,
    _lock: Option<File>,
    _thrown_away: ThrownAway,
}

impl Place {
    /// Makes the folders, after what tries that were killed have left.
    pub(super) fn make(args: &TryArgs) -> Result<Self> {
        Self::make_in(&env::temp_dir(), args)
    }

    fn make_in(temp_dir: &Path, args: &TryArgs) -> Result<Self> {
        sweep(temp_dir);
        let thrown_away = ThrownAway::make(temp_dir)?;
        let (data, lock) = match &args.data {
            Some(data) => {
                let data = make_folder(data)?;
                let lock = take_lock(&data)?;
                (data, Some(lock))
            }
            None => (thrown_away.folder.clone(), None),
        };
        let workspace = args.workspace.clone();
        Ok(Self {
            workspace: make_folder(&workspace.unwrap_or_else(|| data.join("workspace")))?,
            temporary: make_folder(&thrown_away.folder.join("tmp"))?,
            data,
            _lock: lock,
            _thrown_away: thrown_away,
        })
    }
}

/// A folder that goes when this is dropped.
#[derive(Debug)]
struct ThrownAway {
    folder: PathBuf,
    _lock: File,
}

impl ThrownAway {
    /// Makes a folder that was not there, so that nobody else can have prepared it.
    fn make(temp_dir: &Path) -> Result<Self> {
        // Short, since paths of sockets below it are not to be longer than 107 bytes.
        let [a, b, c, d, ..] = *uuid::Uuid::new_v4().as_bytes();
        let id = u32::from_be_bytes([a, b, c, d]);
        let folder = temp_dir.join(format!("{PREFIX}{}-{id:08x}", std::process::id()));
        let made = DirBuilder::new().mode(0o700).create(&folder);
        made.with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let lock = take_lock(&folder)?;
        let folder = fs::canonicalize(&folder)
            .with_context(|| format!("cannot use {}", folder.display()))?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }
}

impl Drop for ThrownAway {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            tracing::warn!(%error, folder = %self.folder.display(), "cannot delete the temporary \
                                                                     folder");
        }
    }
}

/// Makes a folder with all above it and returns its absolute path.
fn make_folder(folder: &Path) -> Result<PathBuf> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("cannot make the folder {}", folder.display()))?;
    fs::canonicalize(folder).with_context(|| format!("cannot use {}", folder.display()))
}

fn take_lock(data: &Path) -> Result<File> {
    let path = data.join(LOCK);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    let file = (options.open(&path)).with_context(|| format!("cannot use {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "another `bridge try` is using {}: stop it first, or choose another folder with --data",
            data.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// Removes what tries that are dead have left. What cannot be removed is in nobody's way.
fn sweep(temp_dir: &Path) {
    let ours = nix::unistd::geteuid().as_raw();
    for entry in fs::read_dir(temp_dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else {
            continue;
        };
        let pid: Option<u32> = rest.split('-').next().and_then(|pid| pid.parse().ok());
        let is_ours = entry.path().symlink_metadata();
        let is_ours = is_ours.is_ok_and(|meta| meta.is_dir() && meta.uid() == ours);
        if let Some(pid) = pid.filter(|_| is_ours)
            && is_dead(&entry.path(), pid)
        {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
}

/// Returns whether nobody holds a folder. One without a lock is only just made, or of a bridge
/// that took none: it belongs to the process that its name names.
fn is_dead(folder: &Path, pid: u32) -> bool {
    match File::open(folder.join(LOCK)) {
        Ok(lock) => lock.try_lock().is_ok(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            !Path::new("/proc").join(pid.to_string()).exists()
        }
        Err(_) => false,
    }
}
