//! The one door through which the store is changed: each call is one numbered record of the log.
//!
//! A record is handed to the kernel by the thread that calls, under a lock that nobody holds while
//! the disk is waited for.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bridge_actors::fault_point;
use bridge_actors::ports::StoreError;

use super::commit::{Commit, frame_of};
use super::journal::{Moved, State};
use super::keyed::Overlay;
use super::log::{Frame, Segment, Spot};
use super::syncing::Syncing;

/// A segment that has grown by this much, and by as much as its snapshot has, makes place for a new
/// one.
const GROWTH_BYTES: u64 = 2 * 1024 * 1024;
/// How many records may wait in memory for sled.
const MOST_PENDING: usize = 1024;

/// The door, and what all records up to now came to.
#[derive(Debug)]
pub(super) struct Door {
    inner: Mutex<Inner>,
    syncing: Arc<Syncing>,
}

#[derive(Debug)]
struct Inner {
    /// The number of the latest record.
    seq: u64,
    segment: Arc<Segment>,
    /// Where the next record goes.
    end: u64,
    /// The end at which a new segment begins.
    full: u64,
    state: State,
    overlay: Overlay,
    /// sled has every keyed change up to this record.
    keyed: u64,
}

/// A log that was read to its end.
#[derive(Debug)]
pub(super) struct OpenedLog {
    pub(super) seq: u64,
    pub(super) segment: Segment,
    pub(super) end: u64,
    pub(super) snapshot_end: u64,
    pub(super) state: State,
    pub(super) overlay: Overlay,
    pub(super) keyed: u64,
}

/// What everything came to at some moment.
#[derive(Debug)]
pub(super) struct Moment {
    pub(super) seq: u64,
    pub(super) segment: Arc<Segment>,
    pub(super) end: u64,
    pub(super) state: State,
    pub(super) overlay: Overlay,
    pub(super) keyed: u64,
}

/// Reads records of one segment, also when another one has taken its place since.
#[derive(Debug, Clone)]
pub(super) struct Reader(Arc<Segment>);

impl Door {
    pub(super) fn new(log: OpenedLog, syncing: Arc<Syncing>) -> Self {
        Self {
            inner: Mutex::new(Inner {
                seq: log.seq,
                segment: Arc::new(log.segment),
                end: log.end,
                full: full_behind(log.snapshot_end),
                state: log.state,
                overlay: log.overlay,
                keyed: log.keyed,
            }),
            syncing,
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Nothing panics while it holds the lock but a test at a fault point, before any change.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the journal; what it says lies somewhere can be read with the reader.
    pub(super) fn look<T>(&self, look: impl FnOnce(&State) -> T) -> (T, Reader) {
        let inner = self.inner();
        (look(&inner.state), Reader(Arc::clone(&inner.segment)))
    }

    /// Notes in the journal what a later record writes down.
    pub(super) fn note<T>(&self, note: impl FnOnce(&mut State) -> T) -> T {
        note(&mut self.inner().state)
    }

    /// Looks at what sled does not have yet.
    pub(super) fn look_at_overlay<T>(&self, look: impl FnOnce(&Overlay) -> T) -> T {
        look(&self.inner().overlay)
    }

    /// Returns the number of the latest record.
    pub(super) fn seq(&self) -> u64 {
        self.inner().seq
    }

    /// Writes what a look at the journal, and at what sled does not have yet, comes to, if that is
    /// anything; the kernel has it when this returns.
    pub(super) fn write<T>(
        &self,
        decide: impl FnOnce(&State, &Overlay) -> Result<(Commit, T), StoreError>,
    ) -> Result<T, StoreError> {
        self.syncing.check().map_err(StoreError)?;
        let mut inner = self.inner();
        let (commit, answer) = decide(&inner.state, &inner.overlay)?;
        if commit.is_empty() {
            return Ok(answer);
        }
        match inner.append(commit, self.syncing.synced()) {
            Ok(()) if inner.wants_checkpoint() => {
                drop(inner);
                self.syncing.ask_for_checkpoint();
            }
            Ok(()) => {}
            Err(reason) => {
                drop(inner);
                self.syncing.fail(reason.clone());
                return Err(StoreError(reason));
            }
        }
        Ok(answer)
    }

    /// Returns the state of the syncs.
    pub(super) fn syncing(&self) -> &Syncing {
        &self.syncing
    }

    /// Returns the number of the latest record that is on disk.
    pub(super) fn synced(&self) -> u64 {
        self.syncing.synced()
    }

    /// Returns the segment and the number of the latest record in it.
    pub(super) fn current(&self) -> (Arc<Segment>, u64, u64) {
        let inner = self.inner();
        (Arc::clone(&inner.segment), inner.seq, inner.end)
    }

    /// Returns what everything has come to.
    pub(super) fn moment(&self) -> Moment {
        let inner = self.inner();
        Moment {
            seq: inner.seq,
            segment: Arc::clone(&inner.segment),
            end: inner.end,
            state: inner.state.clone(),
            overlay: inner.overlay.clone(),
            keyed: inner.keyed,
        }
    }

    /// Lets a new segment take the place of the current one, of which it has everything up to
    /// `copied`: the rest is copied here, and little is left.
    pub(super) fn change_segment(
        &self,
        new: Arc<Segment>,
        mut moved: Moved,
        keyed: u64,
        copied: u64,
    ) -> io::Result<()> {
        let mut inner = self.inner();
        let (from, to) = moved.rest;
        copy(&inner.segment, copied..inner.end, &new, copied - from + to)?;
        moved.rest = (from, to);
        inner.state.relocate(&moved);
        inner.overlay.forget_up_to(keyed);
        inner.end = inner.end - from + to;
        inner.full = full_behind(to);
        inner.keyed = keyed;
        inner.segment = new;
        Ok(())
    }
}

impl Inner {
    fn wants_checkpoint(&self) -> bool {
        self.end >= self.full || self.overlay.len() >= MOST_PENDING
    }

    fn append(&mut self, commit: Commit, synced: u64) -> Result<(), String> {
        fault_point!("store.flush", Err);
        let unwritten = |error: &dyn std::fmt::Display| format!("cannot write the store: {error}");
        let seq = self.seq + 1;
        let frame = frame_of(seq, synced, &commit).map_err(|error| unwritten(&error))?;
        self.segment
            .write(&frame, self.end)
            .map_err(|error| unwritten(&error))?;
        let spot = Spot {
            at: self.end,
            length: u32::try_from(frame.len()).map_err(|error| unwritten(&error))?,
        };
        for change in &commit.journal {
            self.state.apply(spot, change);
        }
        for change in commit.keyed {
            let applied = self.overlay.apply(seq, change);
            applied.map_err(|error| unwritten(&error))?;
        }
        self.seq = seq;
        self.end += u64::from(spot.length);
        Ok(())
    }
}

impl Reader {
    pub(super) fn new(segment: Arc<Segment>) -> Self {
        Self(segment)
    }

    /// Reads a record.
    pub(super) fn read(&self, spot: Spot) -> Result<Commit, StoreError> {
        let place = || format!("{} at byte {}", self.0.path().display(), spot.at);
        let bytes = self.0.read(spot.at, spot.length as usize);
        let bytes = bytes.map_err(|error| StoreError(format!("{}: {error}", place())))?;
        let frame = Frame::decode(&bytes)
            .ok_or_else(|| StoreError(format!("{}: the record is damaged", place())))?;
        Commit::decode(frame.payload).map_err(|error| StoreError(format!("{}: {error}", place())))
    }
}

/// Copies records as they are.
pub(super) fn copy(
    from: &Segment,
    range: std::ops::Range<u64>,
    to: &Segment,
    at: u64,
) -> io::Result<()> {
    let length = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
    to.write(&from.read(range.start, length)?, at)
}

fn full_behind(snapshot_end: u64) -> u64 {
    let growth = match growth_for_tests() {
        Some(growth) => growth,
        None => GROWTH_BYTES.max(snapshot_end),
    };
    snapshot_end + growth
}

/// A test makes new segments often.
fn growth_for_tests() -> Option<u64> {
    #[cfg(feature = "fault-points")]
    let growth = std::env::var("BRIDGE_SEGMENT_BYTES").ok();
    #[cfg(not(feature = "fault-points"))]
    let growth: Option<String> = None;
    growth.and_then(|growth| growth.parse().ok())
}
