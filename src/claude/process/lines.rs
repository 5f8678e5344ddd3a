//! Pure: cuts a byte stream into lines of bounded length.

/// The longest line that is kept, in bytes. A picture that claude reads makes lines of 1.4 MB.
pub(super) const MAX_LINE: usize = 16 * 1024 * 1024;

/// Cuts what is pushed into lines.
#[derive(Debug)]
pub(super) struct LineCutter {
    limit: usize,
    line: Vec<u8>,
    is_too_long: bool,
}

/// One line, without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line within the limit.
    Whole(Vec<u8>),
    /// A line that was longer; its bytes are gone.
    TooLong,
}

impl LineCutter {
    /// Makes a cutter that keeps lines of at most `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            is_too_long: false,
        }
    }

    /// Takes bytes from the front of `chunk` up to a line's end; `None` when the chunk is used up.
    pub(super) fn next_line(&mut self, chunk: &mut &[u8]) -> Option<Line> {
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let (part, rest) = match end {
            Some(end) => (&chunk[..end], &chunk[end + 1..]),
            None => (*chunk, &[][..]),
        };
        *chunk = rest;
        if self.is_too_long || self.line.len() + part.len() > self.limit {
            self.is_too_long = true;
            self.line = Vec::new();
        } else {
            self.line.extend_from_slice(part);
        }
        end.map(|_| self.take())
    }

    /// Ends the stream: returns what came after the last line's end, if anything did.
    pub(super) fn rest(&mut self) -> Option<Line> {
        (self.is_too_long || !self.line.is_empty()).then(|| self.take())
    }

    fn take(&mut self) -> Line {
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.is_too_long) {
            Line::TooLong
        } else {
            Line::Whole(line)
        }
    }
}

/// Keeps the last bytes of a text and gives them back fit for a log line or a chat.
#[derive(Debug, Default)]
pub(super) struct Tail {
    bytes: Vec<u8>,
}

/// How much of stderr is kept, in bytes.
const TAIL_LIMIT: usize = 2048;

impl Tail {
    /// Appends bytes.
    pub(super) fn push(&mut self, chunk: &[u8]) {
        self.bytes.extend_from_slice(chunk);
        let excess = self.bytes.len().saturating_sub(TAIL_LIMIT);
        self.bytes.drain(..excess);
    }

    /// Returns the kept text, trimmed, without control characters but line ends and tabs.
    ///
    /// At most 2 KiB long: broken characters are left out, since a replacement is longer.
    pub(super) fn to_text(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        let is_kept = |c: &char| {
            (!c.is_control() || matches!(c, '\n' | '\t')) && *c != char::REPLACEMENT_CHARACTER
        };
        text.chars()
            .filter(is_kept)
            .collect::<String>()
            .trim()
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_long_line_is_skipped_to_its_end_and_the_next_one_is_kept() {
        assert_eq!(
            cut(4, &[b"ab", b"cde", b"f\nok\n"]),
            [Line::TooLong, Line::Whole(b"ok".to_vec())]
        );
        assert_eq!(cut(4, &[b"abcd\n"]), [Line::Whole(b"abcd".to_vec())]);
    }

    #[test]
    fn a_last_line_without_end_counts() {
        assert_eq!(
            cut(9, &[b"a\nb"]),
            [Line::Whole(b"a".to_vec()), Line::Whole(b"b".to_vec())]
        );
        assert_eq!(cut(1, &[b"abc"]), [Line::TooLong]);
        assert_eq!(cut(9, &[b""]), []);
    }

    #[test]
    fn a_tail_is_the_last_printable_2_kib() {
        let mut tail = Tail::default();
        tail.push(&[b'x'; 5000]);
        tail.push(b"\x1b[31mred\x07 \xff\n");
        let text = tail.to_text();
        assert!(text.ends_with("x[31mred"));
        assert!(text.len() <= TAIL_LIMIT);
    }

    proptest! {
        #[test]
        fn how_the_stream_is_chopped_does_not_matter(
            lines in prop::collection::vec(prop::collection::vec(b'a'..b'd', 0..9), 1..9),
            size in 1..12usize,
        ) {
            let stream: Vec<u8> = lines.iter().flat_map(|l| [l.as_slice(), b"\n"].concat()).collect();
            let chunks: Vec<&[u8]> = stream.chunks(size).collect();
            let expected: Vec<Line> = lines
                .into_iter()
                .map(|line| if line.len() > 6 { Line::TooLong } else { Line::Whole(line) })
                .collect();
            prop_assert_eq!(cut(6, &chunks), expected);
        }
    }

    fn cut(limit: usize, chunks: &[&[u8]]) -> Vec<Line> {
        let mut cutter = LineCutter::new(limit);
        let mut lines = Vec::new();
        for chunk in chunks {
            let mut chunk = *chunk;
            while !chunk.is_empty() {
                lines.extend(cutter.next_line(&mut chunk));
            }
        }
        lines.extend(cutter.rest());
        lines
    }
}
