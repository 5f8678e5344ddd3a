//! The log: every change of the store, in the order in which it was made.
//!
//! One record is one commit. It is handed to the kernel at once, so that it outlives the process,
//! and is on disk with the next sync. A segment begins with a snapshot of what still counts, so
//! that the one before it can go.

mod frame;
mod scan;
mod segment;

#[cfg(test)]
mod tests;

pub(super) use frame::Frame;
#[cfg(test)]
use scan::Scanned;
pub(super) use scan::scan;
pub(super) use segment::{Segment, segments_in, sync_folder};

/// Where a record lies in its segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) at: u64,
    pub(super) length: u32,
}
