//! Opens the log: finds the segment that counts, and reads it to its end.

use std::io;
use std::path::Path;

use tracing::warn;

use super::commit::{Commit, Head};
use super::door::OpenedLog;
use super::journal::{Change, State};
use super::keyed::Overlay;
use super::log::{Frame, Segment, Spot, scan, segments_in, sync_folder};
use super::log_disk::write_beginning;

/// Why a log could not be opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum LogError {
    /// A file cannot be used.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What is there is not a whole log.
    #[error("{file}: {reason}")]
    Damaged {
        /// The file, or the folder, as it is called in that of the store.
        file: String,
        /// What was found, and where.
        reason: String,
    },
}

/// Makes a log that begins with these changes of the journal, in place of what is there.
///
/// sled has every keyed change up to the number that it begins with.
pub(super) fn make_log(folder: &Path, changes: &[Change], seq: u64) -> Result<(), LogError> {
    for number in segments_in(folder)? {
        Segment::open(folder, number)?.remove()?;
    }
    let mut state = State::default();
    for (at, change) in (0..).zip(changes) {
        state.apply(Spot { at, length: 0 }, change);
    }
    let read = |spot: Spot| {
        let change = usize::try_from(spot.at).ok().and_then(|at| changes.get(at));
        Ok(Commit::of_journal(change.cloned().into_iter().collect()))
    };
    let segment = Segment::create(folder, 1)?;
    write_beginning(&segment, &state, &read, (seq, seq))
        .map_err(|error| io::Error::other(error.0))?;
    segment.sync()?;
    Ok(segment.publish()?)
}

/// Opens the log of a folder, and removes all but the segment that counts.
///
/// There are two when the bridge ended while one was about to take the place of another. What the
/// newer one lacks had not come to the disk, and the older one has it.
pub(super) fn open_log(folder: &Path) -> Result<OpenedLog, LogError> {
    let numbers = segments_in(folder)?;
    let newest = numbers.last().copied();
    let mut chosen: Option<(Segment, Replayed)> = None;
    for number in numbers {
        let segment = Segment::open(folder, number)?;
        let replayed = read_segment(&segment.read_all()?).map_err(|reason| LogError::Damaged {
            file: in_store(&segment.path()),
            reason,
        });
        chosen = match (chosen, replayed) {
            (Some(older), Err(error)) if Some(number) == newest => {
                warn!(%error, "skipped an unfinished segment of the log");
                segment.remove()?;
                Some(older)
            }
            (None | Some(_), Err(error)) => return Err(error),
            (Some(older), Ok(replayed)) if older.1.seq > replayed.seq => {
                segment.remove()?;
                Some(older)
            }
            (older, Ok(replayed)) => {
                if let Some((older, _)) = older {
                    segment.sync()?;
                    older.remove()?;
                    sync_folder(folder)?;
                }
                Some((segment, replayed))
            }
        };
    }
    let (segment, replayed) = chosen.ok_or_else(|| LogError::Damaged {
        file: in_store(folder),
        reason: "it is empty".to_owned(),
    })?;
    // What lies behind the last record could pass for one that comes later.
    segment.cut(replayed.end)?;
    Ok(OpenedLog {
        seq: replayed.seq,
        segment,
        end: replayed.end,
        snapshot_end: replayed.snapshot_end,
        state: replayed.state,
        overlay: replayed.overlay,
        keyed: replayed.keyed,
    })
}

/// Returns how a file of the log, or its folder, is called in the folder of the store.
fn in_store(path: &Path) -> String {
    let log = if path.is_dir() {
        Some(path)
    } else {
        path.parent()
    };
    let store = log.and_then(Path::parent);
    let inside = store.and_then(|store| path.strip_prefix(store).ok());
    inside.unwrap_or(path).display().to_string()
}

/// What the records of a segment come to.
struct Replayed {
    seq: u64,
    end: u64,
    snapshot_end: u64,
    state: State,
    overlay: Overlay,
    keyed: u64,
}

fn read_segment(bytes: &[u8]) -> Result<Replayed, String> {
    let scanned = scan(bytes, |head| Head::decode(head).map(|head| head.snapshot));
    let scanned = scanned.map_err(|error| error.to_string())?;
    let mut frames = scanned.frames.iter();
    let (_, first) = frames.next().ok_or("it has no beginning")?;
    let head = Head::decode(first.payload).ok_or("it has no beginning")?;
    let mut replayed = Replayed {
        seq: first.seq,
        end: scanned.end,
        snapshot_end: first.size() as u64,
        state: State::default(),
        overlay: Overlay::default(),
        keyed: head.keyed,
    };
    for (index, (at, frame)) in frames.enumerate() {
        let taken = replayed.take(*at, frame);
        taken.map_err(|reason| format!("the record at byte {at} makes no sense: {reason}"))?;
        if index < head.snapshot {
            replayed.snapshot_end = at + frame.size() as u64;
        }
    }
    Ok(replayed)
}

impl Replayed {
    fn take(&mut self, at: u64, frame: &Frame<'_>) -> Result<(), String> {
        let commit = Commit::decode(frame.payload).map_err(|error| error.to_string())?;
        let length = u32::try_from(frame.size()).map_err(|error| error.to_string())?;
        for change in &commit.journal {
            self.state.apply(Spot { at, length }, change);
        }
        for change in commit.keyed {
            let applied = self.overlay.apply(frame.seq, change);
            applied.map_err(|error| error.0)?;
        }
        self.seq = frame.seq;
        Ok(())
    }
}
