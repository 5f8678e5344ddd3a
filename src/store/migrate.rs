//! Brings a store of an older layout up to date, after a copy of it was set aside.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::backup::copy_folder;
use super::open::{JOURNAL_TREE, META_TREE, SCHEMA, SCHEMA_KEY};

/// The steps, the one from layout 1 to 2 first. A step may run again after a crash in the middle
/// of it: the number of the layout is written behind it.
const STEPS: [fn(&sled::Db) -> sled::Result<()>; SCHEMA as usize - 1] =
    [add_journal, add_instructions];

/// Layout 2 has a journal. A bridge that does not know it would leave what is open there undone,
/// so it must not open such a store.
fn add_journal(db: &sled::Db) -> sled::Result<()> {
    db.open_tree(JOURNAL_TREE).map(drop)
}

/// Layout 3 has instructions in its journal, which need nothing made ready. A bridge that does not
/// know them would not carry them out, so it must not open such a store.
fn add_instructions(_: &sled::Db) -> sled::Result<()> {
    Ok(())
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
    fs::rename(&unfinished, &copy)?;
    File::open(&backups)?.sync_all()
}

/// Takes the steps from a layout to the one that this bridge knows.
pub(super) fn migrate(db: &sled::Db, found: u32) -> sled::Result<()> {
    let meta = db.open_tree(META_TREE)?;
    for (step, layout) in STEPS.iter().zip(2..).skip(found.saturating_sub(1) as usize) {
        step(db)?;
        meta.insert(SCHEMA_KEY, &u32::to_be_bytes(layout))?;
        db.flush()?;
    }
    Ok(())
}
