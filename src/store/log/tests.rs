//! What the bytes of a log promise.

use super::*;

const N_RECORDS: u64 = 6;

/// The first record stands for a snapshot of one record.
fn payload(number: u64) -> Vec<u8> {
    match number {
        0 => b"1".to_vec(),
        _ => vec![b'a'; usize::try_from(number).unwrap() * 5],
    }
}

fn seq(number: u64) -> u64 {
    100 + number.saturating_sub(1)
}

/// A log of which everything up to the third record was on disk when the last one was written, and
/// where its records end.
fn log() -> (Vec<u8>, Vec<usize>) {
    let mut bytes = Vec::new();
    let mut ends = Vec::new();
    for number in 0..N_RECORDS {
        let payload = payload(number);
        let frame = Frame {
            seq: seq(number),
            synced: if number < 3 { 100 } else { seq(3) },
            payload: &payload,
        };
        bytes.extend(frame.encode().unwrap());
        ends.push(bytes.len());
    }
    (bytes, ends)
}

fn read(bytes: &[u8]) -> Result<Scanned<'_>, scan::Unreadable> {
    scan(bytes, |head| {
        std::str::from_utf8(head)
            .ok()
            .and_then(|it| it.parse().ok())
    })
}

fn n_read(bytes: &[u8]) -> Result<usize, usize> {
    read(bytes).map(|it| it.frames.len()).map_err(|it| it.at)
}

/// Nobody has ever written so many records: what says so is damage, and refused as such.
#[test]
fn numbers_that_nobody_wrote_are_survived() {
    let frame = |seq, payload| {
        let synced = 0;
        let frame = Frame {
            seq,
            synced,
            payload,
        };
        frame.encode().unwrap()
    };
    let snapshot = usize::MAX.to_string();
    assert_eq!(
        n_read(&frame(7, snapshot.as_bytes())),
        Err(snapshot_end(&snapshot))
    );
    let last = [frame(u64::MAX, b"0"), frame(u64::MAX, b"x")].concat();
    assert_eq!(n_read(&last), Ok(2));
}

fn snapshot_end(payload: &str) -> usize {
    (frame::HEADER_BYTES + payload.len()).next_multiple_of(frame::ALIGNMENT)
}

#[test]
fn what_was_written_is_read() {
    let (mut bytes, _) = log();
    let end = bytes.len() as u64;
    bytes.extend([0; 4096]);
    let scanned = read(&bytes).unwrap();
    assert_eq!(scanned.end, end);
    for (number, (_, frame)) in (0..).zip(&scanned.frames) {
        assert_eq!((frame.seq, frame.payload), (seq(number), &*payload(number)));
    }
    assert_eq!(scanned.frames.len(), usize::try_from(N_RECORDS).unwrap());
}

#[test]
fn a_log_that_is_cut_at_any_byte_ends_with_the_last_whole_record() {
    let (bytes, ends) = log();
    for cut in 0..bytes.len() {
        // What fills a record up says nothing.
        let has_payload = |end: usize| cut >= end || bytes[cut..end].iter().all(|byte| *byte == 0);
        let whole = ends.iter().filter(|end| has_payload(**end)).count();
        for rest in [0, bytes.len() - cut] {
            // Cut off, or never written in a file that has its length already.
            let mut torn = bytes[..cut].to_vec();
            torn.resize(cut + rest, 0);
            let read = n_read(&torn);
            match whole {
                // Without its snapshot a log is none.
                0 | 1 => assert!(read.is_err(), "cut at {cut}"),
                whole => assert_eq!(read, Ok(whole), "cut at {cut}"),
            }
        }
    }
}

#[test]
fn a_byte_that_is_changed_anywhere_is_found() {
    let (bytes, ends) = log();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x40;
        let record = ends.iter().position(|end| at < *end).unwrap();
        let begin = if record == 0 { 0 } else { ends[record - 1] };
        let is_filling = at >= begin + frame::HEADER_BYTES + payload(record as u64).len();
        let expected = match record {
            _ if is_filling => Ok(ends.len()),
            // It was on disk, and the records behind it say so.
            0..=3 => Err(begin),
            _ => Ok(record),
        };
        assert_eq!(n_read(&changed), expected, "changed at {at}");
    }
}

/// A power cut may keep a later record and lose an earlier one.
#[test]
fn a_record_behind_a_hole_does_not_count() {
    let (mut bytes, ends) = log();
    bytes[ends[3]..ends[4]].fill(0);
    assert_eq!(n_read(&bytes), Ok(4));
}

/// What is left behind the end must not come to count when something of the same length is written
/// in front of it.
#[test]
fn a_segment_is_cut_behind_its_last_record() {
    let dir = tempfile::tempdir().unwrap();
    let (mut bytes, ends) = log();
    bytes[ends[3]] ^= 1;
    let segment = Segment::create(dir.path(), 1).unwrap();
    segment.write(&bytes, 0).unwrap();
    segment.publish().unwrap();
    let segment = Segment::open(dir.path(), 1).unwrap();
    let end = read(&segment.read_all().unwrap()).unwrap().end;
    segment.cut(end).unwrap();
    let payload = payload(4);
    let again = Frame {
        seq: seq(4),
        synced: 0,
        payload: &payload,
    };
    segment.write(&again.encode().unwrap(), end).unwrap();
    assert_eq!(n_read(&segment.read_all().unwrap()), Ok(5));
}

#[test]
fn what_never_came_to_count_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    Segment::create(dir.path(), 1).unwrap().publish().unwrap();
    Segment::create(dir.path(), 2).unwrap();
    assert_eq!(segments_in(dir.path()).unwrap(), [1]);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}
