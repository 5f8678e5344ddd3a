//! Reads the lines of a transcript: those that are too long are passed over, and there is an end.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};

/// The longest line that is looked at, in bytes: pictures lie in transcripts as text.
const MAX_LINE: usize = 16 * 1024 * 1024;

/// How much of the end of a file is looked at where not all of it is, in bytes.
const TAIL: u64 = 256 * 1024;

/// What was read of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    All,
    /// Its beginning, and its end.
    Ends,
}

/// Shows the lines of the first `limit` bytes, and of the end where there are more.
pub(super) fn each_line(
    mut file: &File,
    limit: u64,
    mut see: impl FnMut(&[u8]),
) -> io::Result<Extent> {
    let size = file.metadata()?.len();
    read(file.take(limit), &mut see)?;
    if size <= limit {
        return Ok(Extent::All);
    }
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL).max(limit)))?;
    // It may grow while it is read.
    read(file.take(TAIL), &mut see)?;
    Ok(Extent::Ends)
}

fn read(source: impl io::Read, see: &mut impl FnMut(&[u8])) -> io::Result<()> {
    let mut source = BufReader::with_capacity(128 * 1024, source);
    let mut line = Vec::new();
    let mut is_too_long = false;
    loop {
        let piece = source.fill_buf()?;
        if piece.is_empty() {
            break;
        }
        let end = piece.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(piece.len(), |end| end + 1);
        let words = &piece[..end.unwrap_or(piece.len())];
        is_too_long |= line.len() + words.len() > MAX_LINE;
        if !is_too_long {
            line.extend_from_slice(words);
        }
        source.consume(used);
        if end.is_some() {
            if !is_too_long && !line.is_empty() {
                see(&line);
            }
            line.clear();
            is_too_long = false;
        }
    }
    // The last one may be under way.
    if !is_too_long && !line.is_empty() {
        see(&line);
    }
    Ok(())
}
