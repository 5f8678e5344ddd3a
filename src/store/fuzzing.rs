//! What must hold for whatever lies in the store, by damage or by an older bridge: it is read or
//! refused, and what was read is written as it was.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::backup::parse_backup;
use super::commit::{Commit, Head, frame_of};
use super::log::{Frame, scan};
use super::record::{
    RecordError, decode_group, decode_lockdown, decode_session, decode_user, encode_group,
    encode_lockdown, encode_session, encode_user,
};

/// Bytes of the store; the first one says of which part.
pub(crate) fn journal_record(bytes: &[u8]) {
    let Some((part, bytes)) = bytes.split_first() else {
        return;
    };
    match part % 8 {
        0 => commit(bytes),
        1 => again(bytes, decode_session, encode_session),
        2 => again(bytes, decode_user, encode_user),
        3 => again(bytes, decode_group, encode_group),
        4 => drop(parse_backup(&String::from_utf8_lossy(bytes))),
        5 => segment(bytes),
        6 => frames(bytes),
        _ => again(bytes, decode_lockdown, encode_lockdown),
    }
}

/// A record of the log comes back as it was, alone and from a segment.
fn commit(bytes: &[u8]) {
    if let Ok(head) = serde_json::from_slice::<Head>(bytes) {
        assert_same(&head, Head::decode);
    }
    let Ok(commit) = Commit::decode(bytes) else {
        return;
    };
    assert_same(&commit, |bytes| Commit::decode(bytes).ok());
    let frame = frame_of(7, 6, &commit).expect("what was read can be written");
    let read = Frame::decode(&frame).expect("what was written can be read");
    assert_eq!((read.seq, read.synced), (7, 6));
    assert_eq!(Commit::decode(read.payload), Ok(commit));
}

fn assert_same<T>(value: &T, decode: impl Fn(&[u8]) -> Option<T>)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let written = serde_json::to_vec(value).expect("what was read can be written");
    assert_eq!(decode(&written).as_ref(), Some(value));
}

/// What lies under a key comes back as it was.
fn again<T: PartialEq + std::fmt::Debug>(
    bytes: &[u8],
    decode: impl Fn(&[u8]) -> Result<T, RecordError>,
    encode: impl Fn(&T) -> Result<Vec<u8>, RecordError>,
) {
    let Ok(record) = decode(bytes) else { return };
    match encode(&record) {
        Ok(written) => assert_eq!(decode(&written), Ok(record)),
        Err(RecordError::TooLarge { .. }) => {}
        Err(error) => panic!("what was read cannot be written: {error}"),
    }
}

/// Raw bytes as a segment.
fn segment(bytes: &[u8]) {
    let records = |payload: &[u8]| Head::decode(payload).map(|head| head.snapshot);
    if let Ok(scanned) = scan(bytes, records) {
        for (at, frame) in scanned.frames {
            let at = usize::try_from(at).expect("it lies in the bytes");
            let written = frame.encode().expect("it was read");
            let length = written.len().min(bytes.len() - at);
            // Behind a payload there may be anything where the file ends.
            let content = 24 + frame.payload.len();
            assert_eq!(written[..content], bytes[at..at + content.min(length)]);
        }
    }
}

/// Whole frames as a segment, cut anywhere: what is read of a part is the beginning of the whole.
/// Each frame has a byte for its length, and one each for its number and for how far the log was on
/// disk.
fn frames(bytes: &[u8]) {
    let Some((cut, mut rest)) = bytes.split_first() else {
        return;
    };
    let mut segment = Vec::new();
    while let [length, seq, synced, after @ ..] = rest {
        let (payload, after) = after.split_at(usize::from(*length).min(after.len()));
        rest = after;
        let frame = Frame {
            seq: number(*seq),
            synced: number(*synced),
            payload,
        };
        segment.extend(frame.encode().expect("it is small"));
    }
    let records = |payload: &[u8]| Some(number(payload[0]) as usize);
    let whole = scan(&segment, records);
    let cut = segment.len() * usize::from(*cut) / 256;
    let part = scan(&segment[..cut], records);
    if let (Ok(whole), Ok(part)) = (whole, part) {
        assert!(whole.frames.starts_with(&part.frames));
    }
}

/// Small numbers, and those at the end of all numbers.
fn number(byte: u8) -> u64 {
    match byte {
        0..128 => u64::from(byte),
        128.. => u64::MAX - u64::from(255 - byte),
    }
}
