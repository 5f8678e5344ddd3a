//! For tests of power cuts: a copy of the store as a cut would leave it.
//!
//! With `BRIDGE_SYNCED_COPY=FOLDER` every sync copies the store into a folder of its own there,
//! named by the number of the record. A test that kills the bridge and puts the newest whole copy in
//! the place of the store has cut the power: of what was written since the sync nothing is left, or
//! any part of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::backup::copy_folder;
use super::log::Segment;

/// What a copy has when it is whole.
const WHOLE: &str = "whole";
/// Disks write at least so much at once.
const SECTOR: usize = 512;

/// Copies a store when the environment asks for it.
pub(super) struct SyncedCopy {
    dir: PathBuf,
    copies: PathBuf,
    latest: Option<PathBuf>,
}

impl SyncedCopy {
    /// Returns a copier for the store of a data folder, if one is asked for.
    pub(super) fn from_environment(dir: &Path) -> Option<Self> {
        let copies = std::env::var_os("BRIDGE_SYNCED_COPY")?;
        Some(Self {
            dir: dir.to_owned(),
            copies: PathBuf::from(copies),
            latest: None,
        })
    }

    /// Copies the store after a sync of this segment up to `end`; the copy before it goes.
    ///
    /// sled is written at checkpoints alone, by the thread that copies, and synced there.
    pub(super) fn copy(&mut self, segment: &Segment, seq: u64, end: u64) -> io::Result<()> {
        let copy = self.copies.join(format!("{seq:012}"));
        if self.latest.as_ref() == Some(&copy) {
            return Ok(());
        }
        let store = self.dir.join("store");
        copy_folder(&store, &copy.join("store"))?;
        let log = segment.path();
        let log = copy
            .join("store")
            .join(log.strip_prefix(&store).map_err(io::Error::other)?);
        let mut bytes = segment.read_all()?;
        lose(
            &mut bytes,
            usize::try_from(end).map_err(io::Error::other)?,
            seq,
        );
        fs::write(log, bytes)?;
        match fs::copy(self.dir.join("store.mark"), copy.join("store.mark")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(_) | Err(_) => {}
        }
        fs::write(copy.join(WHOLE), "")?;
        match self.latest.replace(copy) {
            Some(before) => fs::remove_dir_all(before),
            None => Ok(()),
        }
    }
}

/// Takes from what was not synced all, every second sector, or what comes behind the first one.
fn lose(bytes: &mut Vec<u8>, synced: usize, seq: u64) {
    match seq % 3 {
        0 => bytes.truncate(synced),
        1 => {
            let sectors = bytes[synced..].chunks_mut(SECTOR).step_by(2);
            sectors.for_each(|sector| sector.fill(0));
        }
        _ => bytes.truncate(bytes.len().min(synced + SECTOR)),
    }
}
