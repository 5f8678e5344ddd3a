//! Pure: reads a segment from its beginning and tells its end from damage.
//!
//! A power cut takes away any part of what was not synced, so what cannot be read at the end is
//! the end. A record that cannot be read although it was on disk is damage: a later one says so,
//! because each notes how far the log was synced when it was written.

use super::frame::{ALIGNMENT, Frame};

/// What a segment holds.
#[derive(Debug)]
pub(in crate::store) struct Scanned<'a> {
    /// Its records with their places, in their order. Those of the snapshot, with which it begins,
    /// all have the same number.
    pub(in crate::store) frames: Vec<(u64, Frame<'a>)>,
    /// Where the next record goes.
    pub(in crate::store) end: u64,
}

/// A record that was on disk cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record at byte {at} cannot be read, although it was already on disk")]
pub(in crate::store) struct Unreadable {
    /// Where it begins.
    pub(in crate::store) at: usize,
}

/// Reads a segment. Its first record says how many others belong to the snapshot.
pub(in crate::store) fn scan(
    bytes: &[u8],
    snapshot_records: impl Fn(&[u8]) -> Option<usize>,
) -> Result<Scanned<'_>, Unreadable> {
    let mut frames: Vec<(u64, Frame<'_>)> = Vec::new();
    let mut at = 0;
    let mut in_snapshot = 1;
    let mut next = None;
    while let Some(frame) = bytes.get(at..).and_then(Frame::decode) {
        if next.is_some_and(|next| next != frame.seq) {
            break;
        }
        if frames.is_empty() {
            let others = snapshot_records(frame.payload).ok_or(Unreadable { at })?;
            in_snapshot = others.saturating_add(in_snapshot);
        }
        frames.push((at as u64, frame));
        let is_behind = u64::from(frames.len() >= in_snapshot);
        next = Some(frame.seq.saturating_add(is_behind));
        at += frame.size();
    }
    // A segment gets its name when its snapshot is on disk.
    if frames.len() < in_snapshot || was_on_disk(bytes, at, next.unwrap_or(0)) {
        return Err(Unreadable { at });
    }
    Ok(Scanned {
        frames,
        end: at as u64,
    })
}

/// Tells whether a record behind this place says that the one with this number was on disk.
fn was_on_disk(bytes: &[u8], from: usize, seq: u64) -> bool {
    let mut at = from;
    while at < bytes.len() {
        match bytes.get(at..).and_then(Frame::decode) {
            Some(frame) if frame.synced >= seq && frame.seq >= seq => return true,
            Some(frame) => at += frame.size(),
            None => at += ALIGNMENT,
        }
    }
    false
}
