//! Brings a store of an older layout up to date, after a copy of it was set aside.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::backup::copy_folder;
use super::journal::read_layout_3;
use super::log::sync_folder;
use super::open::{COMMIT_KEY, META_TREE, SCHEMA, SCHEMA_KEY, log_folder, number_at};
use super::open_log::{LogError, make_log};
use super::record;

/// The tree of the journal before layout 4.
pub(super) const JOURNAL_TREE: &str = "journal";

/// What is done to sled, and to the folder of the log.
type Step = fn(&sled::Db, &Path) -> Result<(), MigrateError>;

/// The steps, the one from layout 1 to 2 first. A step may run again after a crash in the middle
/// of it: the number of the layout is written behind it.
const STEPS: [Step; SCHEMA as usize - 1] = [
    add_journal,
    add_instructions,
    move_journal,
    add_lockdown,
    add_spending,
];

/// Why a store could not be brought up to date.
#[derive(Debug)]
pub(super) enum MigrateError {
    Sled(sled::Error),
    Log(LogError),
    /// A record cannot be read.
    Record(String),
}

impl From<sled::Error> for MigrateError {
    fn from(error: sled::Error) -> Self {
        Self::Sled(error)
    }
}

/// Layout 2 has a journal. A bridge that does not know it would leave what is open there undone,
/// so it must not open such a store.
fn add_journal(db: &sled::Db, _: &Path) -> Result<(), MigrateError> {
    Ok(db.open_tree(JOURNAL_TREE).map(drop)?)
}

/// Layout 3 has instructions in its journal, which need nothing made ready. A bridge that does not
/// know them would not carry them out, so it must not open such a store.
fn add_instructions(_: &sled::Db, _: &Path) -> Result<(), MigrateError> {
    Ok(())
}

/// Layout 4 has its journal in the log.
fn move_journal(db: &sled::Db, log: &Path) -> Result<(), MigrateError> {
    let journal = db.open_tree(JOURNAL_TREE)?;
    let changes = read_layout_3(&journal).map_err(|error| MigrateError::Record(error.0))?;
    let commit = number_at(&db.open_tree(META_TREE)?, COMMIT_KEY)?;
    make_log(log, &changes, commit).map_err(MigrateError::Log)?;
    let store = log.parent().unwrap_or(log);
    sync_folder(store).map_err(|error| MigrateError::Log(error.into()))?;
    // The number of the layout is written with this; before that the tree is read again.
    Ok(())
}

/// Layout 5 knows of a lockdown. A bridge that does not would start agents in spite of it, so it
/// must not open such a store.
fn add_lockdown(db: &sled::Db, _: &Path) -> Result<(), MigrateError> {
    Ok(db.open_tree(record::BRIDGE).map(drop)?)
}

/// Layout 6 knows what people have spent. A bridge that does not could not read a log that says so.
fn add_spending(db: &sled::Db, _: &Path) -> Result<(), MigrateError> {
    Ok(db.open_tree(record::SPENDING).map(drop)?)
}

/// Copies the closed store of a data folder beside the backups, unless an earlier start has.
pub(super) fn set_aside(dir: &Path, found: u32) -> io::Result<()> {
    let backups = dir.join("backups");
    let copy = backups.join(format!("store-of-layout-{found}"));
    if copy.exists() {
        return Ok(());
    }
    let unfinished = backups.join(format!("store-of-layout-{found}.unfinished"));
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    copy_folder(&dir.join("store"), &unfinished)?;
    sync_all_below(&unfinished)?;
    fs::rename(&unfinished, &copy)?;
    sync_folder(&backups)
}

/// Waits until the disk has a folder with everything in it.
fn sync_all_below(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => sync_all_below(&entry.path())?,
            false => File::open(entry.path())?.sync_all()?,
        }
    }
    sync_folder(folder)
}

/// Takes the steps from a layout to the one that this bridge knows.
pub(super) fn migrate(db: &sled::Db, found: u32, store: &Path) -> Result<(), MigrateError> {
    let meta = db.open_tree(META_TREE)?;
    for (step, layout) in STEPS.iter().zip(2..).skip(found.saturating_sub(1) as usize) {
        step(db, &log_folder(store))?;
        meta.insert(SCHEMA_KEY, &u32::to_be_bytes(layout))?;
        db.flush()?;
    }
    // From here on the log is what counts; the old journal must not be read again.
    File::open(store.join("db"))
        .and_then(|file| file.sync_data())
        .map_err(|error| MigrateError::Log(error.into()))?;
    Ok(drop_journal(db)?)
}

/// Drops the journal that is in the log now, which a crash behind a migration may have left.
pub(super) fn drop_journal(db: &sled::Db) -> sled::Result<()> {
    if db.drop_tree(JOURNAL_TREE)? {
        db.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
