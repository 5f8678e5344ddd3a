//! What the store's thread does on a real disk.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use bridge_actors::fault_point;
use bridge_actors::ports::StoreError;
use serde::Serialize;

use super::commit::{Head, frame_of};
use super::door::{Door, Moment, Reader, copy};
use super::journal::{Moved, State, records_in, write_snapshot};
use super::keyed::Trees;
use super::log::{Segment, Spot, sync_folder};
use super::mark::Mark;
use super::open::{COMMIT_KEY, SCHEMA};
use super::sled_store::store_error;

/// Less than this is copied while writers are held up.
const SHORT_REST: u64 = 64 * 1024;
/// How much of a snapshot is handed to the kernel at once.
const CHUNK: usize = 256 * 1024;

/// The files of the store.
pub(super) struct LogDisk {
    pub(super) door: Arc<Door>,
    /// Where segments lie.
    pub(super) folder: PathBuf,
    pub(super) sled: SledFiles,
    pub(super) mark: Mark,
    #[cfg(feature = "fault-points")]
    pub(super) copy: Option<super::synced_copy::SyncedCopy>,
    #[cfg(test)]
    pub(super) on_step: Option<Box<dyn FnMut(&'static str) + Send>>,
}

/// sled, which is written at checkpoints alone.
pub(super) struct SledFiles {
    pub(super) db: sled::Db,
    pub(super) meta: sled::Tree,
    pub(super) trees: Trees,
    /// A second descriptor of sled's file: what sled calls a flush does not wait for the disk.
    pub(super) file: File,
}

impl super::keeper::Disk for LogDisk {
    fn sync(&mut self) -> Result<u64, String> {
        let (segment, seq, end) = self.door.current();
        #[cfg(feature = "fault-points")]
        if std::env::var_os("BRIDGE_NO_SYNC").is_some() {
            return Ok(seq);
        }
        fault_point!("store.sync", Err);
        segment.make_room(end);
        segment.sync().map_err(|error| unsynced(&error))?;
        #[cfg(feature = "fault-points")]
        if let Some(copy) = &mut self.copy {
            let copied = copy.copy(&segment, seq, end);
            copied.map_err(|error| unsynced(&error))?;
        }
        fault_point!("store.synced");
        Ok(seq)
    }

    fn rest(&mut self) -> Result<(), String> {
        let (_, seq, _) = self.door.current();
        // What was written since the sync may be missing after a power cut.
        let seq = seq.min(self.door.synced());
        self.mark.write_if_due(seq).map_err(|it| unsynced(&it))
    }

    fn checkpoint(&mut self) -> Result<u64, String> {
        let done = self.change_segment();
        done.map_err(|error| format!("cannot tidy up the store: {}", error.0))
    }

    fn close(&mut self) -> Result<(), String> {
        let (segment, seq, _) = self.door.current();
        let synced = match self.door.synced() < seq {
            true => segment.sync(),
            false => Ok(()),
        };
        let closed = synced.and_then(|()| self.mark.write_if_changed(seq));
        closed.map_err(|error| format!("cannot close the store: {error}"))
    }
}

impl LogDisk {
    /// Brings sled up to date and begins a new segment with what is open.
    ///
    /// A crash at any moment leaves a segment that can be read and has everything: the old one
    /// until all of it is in the new one, and on disk.
    fn change_segment(&mut self) -> Result<u64, StoreError> {
        let moment = self.door.moment();
        if moment.overlay.len() > 0 {
            // First the log, then sled: what a power cut takes from the log, sled must not have.
            let on_disk = super::keeper::Disk::sync(self).map_err(StoreError)?;
            self.door.syncing().has_synced(on_disk);
        }
        let keyed = self.sled.bring_up_to_date(&moment)?;
        self.step("sled has the changes");
        let new = Segment::create(&self.folder, moment.segment.number() + 1).map_err(broken)?;
        let moved = fill(&new, &moment, keyed)?;
        let copied = self.copy_rest(&moment, &new, &moved).map_err(broken)?;
        self.step("the new segment is written");
        let published = new.sync().and_then(|()| new.publish());
        published.map_err(broken)?;
        self.step("the new segment counts");
        let new = Arc::new(new);
        let changed = self
            .door
            .change_segment(Arc::clone(&new), moved, keyed, copied);
        changed.map_err(broken)?;
        self.step("the new segment is in use");
        let on_disk = self.door.current();
        new.sync().map_err(broken)?;
        self.step("the new segment is on disk");
        let removed = moment.segment.remove();
        let removed = removed.and_then(|()| sync_folder(&self.folder));
        removed.map_err(broken)?;
        self.step("the old segment is gone");
        self.mark.write(on_disk.1).map_err(broken)?;
        #[cfg(feature = "fault-points")]
        if let Some(copy) = &mut self.copy {
            // Whoever waits is told of a checkpoint as of a sync.
            let (segment, seq, end) = &on_disk;
            copy.copy(segment, *seq, *end).map_err(broken)?;
        }
        Ok(on_disk.1)
    }

    /// Copies what was written since the moment, as long as there is much of it; returns up to
    /// where in the old segment.
    fn copy_rest(&self, moment: &Moment, new: &Segment, moved: &Moved) -> io::Result<u64> {
        let (from, to) = moved.rest;
        let mut copied = moment.end;
        loop {
            let (_, _, end) = self.door.current();
            copy(&moment.segment, copied..end, new, copied - from + to)?;
            let is_short = end - copied < SHORT_REST;
            copied = end;
            if is_short {
                new.make_room(end - from + to);
                return Ok(copied);
            }
        }
    }

    /// Notes that one of several waits for the disk is over; a test listens.
    fn step(&mut self, _name: &'static str) {
        self.door.syncing().has_done_something();
        #[cfg(test)]
        if let Some(on_step) = &mut self.on_step {
            on_step(_name);
        }
    }
}

impl SledFiles {
    /// Gives sled what it does not have, and waits for the disk; returns up to which write it has
    /// everything then.
    fn bring_up_to_date(&self, moment: &Moment) -> Result<u64, StoreError> {
        if moment.overlay.len() == 0 {
            return Ok(moment.keyed);
        }
        let applied = self.trees.apply(moment.overlay.all());
        applied
            .and_then(|()| self.meta.insert(COMMIT_KEY, &moment.seq.to_be_bytes()))
            .and_then(|_| self.db.flush())
            .map_err(store_error)?;
        self.file.sync_data().map_err(broken)?;
        Ok(moment.seq)
    }
}

/// Writes the beginning of a segment.
fn fill(new: &Segment, moment: &Moment, keyed: u64) -> Result<Moved, StoreError> {
    let reader = Reader::new(Arc::clone(&moment.segment));
    let read = |spot| reader.read(spot);
    let (mut moved, end) = write_beginning(new, &moment.state, &read, (moment.seq, keyed))?;
    moved.rest = (moment.end, end);
    Ok(moved)
}

/// Writes the head and the snapshot of a segment; returns where the records lie, and the end.
pub(super) fn write_beginning(
    new: &Segment,
    state: &State,
    read: &dyn Fn(Spot) -> Result<super::commit::Commit, StoreError>,
    (seq, keyed): (u64, u64),
) -> Result<(Moved, u64), StoreError> {
    let mut writer = SnapshotWriter {
        segment: new,
        seq,
        end: 0,
        chunk: Vec::new(),
    };
    writer.push(&Head {
        log: SCHEMA,
        keyed,
        snapshot: records_in(state),
    })?;
    let moved = write_snapshot(state, read, &mut |commit| writer.push(commit))?;
    writer.hand_over()?;
    Ok((moved, writer.end))
}

/// Writes records one behind the other, many at once.
struct SnapshotWriter<'a> {
    segment: &'a Segment,
    seq: u64,
    /// Where the chunk goes.
    end: u64,
    chunk: Vec<u8>,
}

impl SnapshotWriter<'_> {
    fn push(&mut self, record: &impl Serialize) -> Result<Spot, StoreError> {
        let unwritten = |error: &dyn std::fmt::Display| StoreError(error.to_string());
        let frame = frame_of(self.seq, self.seq, record).map_err(|error| unwritten(&error))?;
        let spot = Spot {
            at: self.end + self.chunk.len() as u64,
            length: u32::try_from(frame.len()).map_err(|error| unwritten(&error))?,
        };
        self.chunk.extend(frame);
        if self.chunk.len() >= CHUNK {
            self.hand_over()?;
        }
        Ok(spot)
    }

    fn hand_over(&mut self) -> Result<(), StoreError> {
        self.segment.write(&self.chunk, self.end).map_err(broken)?;
        self.end += self.chunk.len() as u64;
        self.chunk.clear();
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn broken(error: io::Error) -> StoreError {
    StoreError(error.to_string())
}

fn unsynced(error: &dyn std::fmt::Display) -> String {
    format!("cannot sync the store to disk: {error}")
}

#[cfg(test)]
mod tests;
