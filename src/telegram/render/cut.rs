//! Divides a flow into messages: between blocks, else lines, else words, else characters.

use unicode_width::UnicodeWidthChar;

use super::entities::{Nesting, chunk_of};
use super::flow::Flow;
use super::{Chunk, MAX_ENTITIES, MAX_TEXT_UNITS};

/// Divides the flow into messages.
///
/// Each step looks at one message's worth of text and uses up at least a quarter of it, so the
/// whole takes time linear in the text.
pub(super) fn pack(flow: &Flow) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut place = Place::default();
    while place.position < flow.text.len() {
        let end = next_cut(flow, place);
        chunks.extend(chunk_of(flow, &flow.runs[place.run..], place.position..end));
        place = place.advanced(flow, end);
    }
    chunks
}

/// Returns the end of the flow as one message of at most so many units, from a line or a word on if
/// one begins soon.
pub(super) fn end(flow: &Flow, limit: usize) -> Option<Chunk> {
    let mut units = 0;
    let fitting = flow.text.char_indices().rev().take_while(|(_, character)| {
        units += character.len_utf16();
        units <= limit
    });
    let start = fitting.last().map_or(flow.text.len(), |(at, _)| at);
    let rest = &flow.text[start..];
    let skipped = match start {
        0 => 0,
        _ => {
            let soon = |at: &usize| *at < rest.len() / 4;
            let line = rest.find('\n').filter(soon);
            line.or_else(|| rest.find(' ').filter(soon)).unwrap_or(0)
        }
    };
    chunk_of(flow, &flow.runs, start + skipped..flow.text.len())
}

/// How far the flow has been divided.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    position: usize,
    /// Index of the run that the position is in.
    run: usize,
    /// Index of the first block break after the position.
    block_break: usize,
}

impl Place {
    fn advanced(mut self, flow: &Flow, position: usize) -> Self {
        self.position = position;
        while flow
            .runs
            .get(self.run)
            .is_some_and(|run| run.end <= position)
        {
            self.run += 1;
        }
        while flow
            .block_breaks
            .get(self.block_break)
            .is_some_and(|&at| at <= position)
        {
            self.block_break += 1;
        }
        self
    }
}

/// A place where a message might end, and how long it would be.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    position: usize,
    units: usize,
}

/// The last place of each quality within reach of one message.
#[derive(Debug, Default)]
struct Window {
    block: Mark,
    line: Mark,
    space: Mark,
    /// Between two characters that are not drawn as one.
    seam: Mark,
    /// As far as the limits allow.
    reach: Mark,
}

/// Returns where the message that starts at `start` ends.
fn next_cut(flow: &Flow, start: Place) -> usize {
    let mut window = Window::default();
    let mut nesting = Nesting::default();
    let mut seams = Seams::default();
    let mut block_breaks = flow.block_breaks[start.block_break..]
        .iter()
        .copied()
        .peekable();
    let mut mark = Mark {
        position: start.position,
        units: 0,
    };
    let mut n_entities = 0;
    for run in &flow.runs[start.run..] {
        n_entities += nesting.shift(run.style).opened.len();
        if n_entities > MAX_ENTITIES {
            window.reach = mark;
            return window.best();
        }
        for character in flow.text[mark.position..run.end].chars() {
            let is_block_break = block_breaks.next_if_eq(&mark.position).is_some();
            let is_seam = seams.is_seam_before(character);
            if mark.units > 0 {
                window.note(mark, character, is_block_break, is_seam);
            }
            if mark.units + character.len_utf16() > MAX_TEXT_UNITS {
                window.reach = mark;
                return window.best();
            }
            mark.units += character.len_utf16();
            mark.position += character.len_utf8();
        }
    }
    flow.text.len()
}

impl Window {
    fn note(&mut self, mark: Mark, next: char, is_block_break: bool, is_seam: bool) {
        if is_block_break {
            self.block = mark;
        }
        if next == '\n' {
            self.line = mark;
        }
        if next == ' ' {
            self.space = mark;
        }
        if is_seam {
            self.seam = mark;
        }
    }

    /// Returns the best place that does not leave the message all too short.
    fn best(&self) -> usize {
        let least = self.reach.units.div_ceil(2);
        let choices = [
            (self.block, self.reach.units.div_ceil(4)),
            (self.line, least),
            (self.space, least),
            (self.seam, least),
        ];
        choices
            .into_iter()
            .find(|(mark, least)| mark.units >= *least)
            .map_or(self.reach.position, |(mark, _)| mark.position)
    }
}

/// Finds the places between characters that are drawn as one: marks, emoji sequences, flags.
#[derive(Debug, Default)]
struct Seams {
    last: Option<char>,
    /// Regional indicators directly before the place; two make a flag.
    n_indicators: usize,
}

impl Seams {
    fn is_seam_before(&mut self, next: char) -> bool {
        const ZERO_WIDTH_JOINER: char = '\u{200D}';
        let is_indicator = matches!(next, '\u{1F1E6}'..='\u{1F1FF}');
        let is_joined = next.width() == Some(0)
            || self.last == Some(ZERO_WIDTH_JOINER)
            || matches!(next, '\u{1F3FB}'..='\u{1F3FF}')
            || (is_indicator && self.n_indicators % 2 == 1);
        self.n_indicators = if is_indicator {
            self.n_indicators + 1
        } else {
            0
        };
        self.last = Some(next);
        !is_joined
    }
}
