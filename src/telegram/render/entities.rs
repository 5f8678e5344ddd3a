//! A part of a flow to one message: trims it and turns its styles into nested entities.

use std::ops::Range;

use super::flow::{Flow, Layer, Monospace, Run, Style};
use super::{Chunk, Entity, EntityKind, MAX_ENTITIES, text_units};

/// The layers that are open at a place, outermost first.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    open: Vec<Layer>,
}

/// What moving from one run to the next does to the open layers.
#[derive(Debug)]
pub(super) struct Shift {
    /// How many layers stay open; the inner ones close.
    pub(super) n_kept: usize,
    /// Layers that open, outermost first.
    pub(super) opened: Vec<Layer>,
}

impl Nesting {
    /// Moves on to text of this style.
    ///
    /// A layer closes with every layer inside it, also with those that go on: they open again, and
    /// so entities never cross.
    pub(super) fn shift(&mut self, style: Style) -> Shift {
        let wanted = style.layers();
        let stays = |layer: &&Layer| wanted.clone().any(|other| other == **layer);
        let n_kept = self.open.iter().take_while(stays).count();
        self.open.truncate(n_kept);
        let is_new = |layer: &Layer| !self.open.contains(layer);
        let opened: Vec<Layer> = wanted.clone().filter(is_new).collect();
        self.open.extend(&opened);
        Shift { n_kept, opened }
    }
}

/// Makes a message of a part of the flow; `runs` starts with the run that the part starts in.
///
/// Returns `None` if there is nothing to see in it.
pub(super) fn chunk_of(flow: &Flow, runs: &[Run], part: Range<usize>) -> Option<Chunk> {
    let part = trimmed(flow, runs, part);
    let text = flow
        .text
        .get(part.clone())
        .expect("parts are cut between characters");
    if text.chars().all(is_invisible) {
        return None;
    }
    let spans = spans_of(flow, runs, part);
    // The cut counts from the start of the part. Where white space is trimmed away there, layers
    // can nest the other way round and open more often: then the last ones go, and no word does.
    let entities = spans
        .into_iter()
        .filter_map(|span| span.into_entity(flow))
        .take(MAX_ENTITIES)
        .collect();
    Some(Chunk {
        text: text.to_owned(),
        entities,
    })
}

/// A layer over a part of the text, in bytes of the flow; `offset` is in units of the message.
struct Span {
    layer: Layer,
    bytes: Range<usize>,
    offset: usize,
    /// Where the block of code starts with which the span begins: its indent stays.
    code_at: Option<usize>,
}

fn spans_of(flow: &Flow, runs: &[Run], part: Range<usize>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut nesting = Nesting::default();
    let mut at = part.start;
    let mut offset = 0;
    for run in runs.iter().skip_while(|run| run.end <= part.start) {
        if at >= part.end {
            break;
        }
        let end = run.end.min(part.end);
        let shift = nesting.shift(run.style);
        open.truncate(shift.n_kept);
        for layer in shift.opened {
            open.push(spans.len());
            spans.push(Span {
                layer,
                bytes: at..end,
                offset,
                code_at: None,
            });
        }
        for &index in &open {
            let span = &mut spans[index];
            if matches!(run.style.monospace, Monospace::Pre(_))
                && flow.text[span.bytes.start..at].trim().is_empty()
            {
                span.code_at.get_or_insert(at);
            }
            span.bytes.end = end;
        }
        offset += text_units(&flow.text[at..end]);
        at = end;
    }
    spans
}

impl Span {
    /// Trims the span as Telegram does; a span of white space is no entity.
    fn into_entity(self, flow: &Flow) -> Option<Entity> {
        let start = self.bytes.start;
        let whole = &flow.text[self.bytes];
        let from_start = match self.code_at {
            Some(at) => whole[at - start..].trim_start_matches('\n'),
            None => whole.trim_start(),
        };
        let text = from_start.trim_end();
        if text.is_empty() {
            return None;
        }
        let skipped = &whole[..whole.len() - from_start.len()];
        Some(Entity {
            kind: kind_of(self.layer, flow),
            offset: self.offset + text_units(skipped),
            length: text_units(text),
        })
    }
}

fn kind_of(layer: Layer, flow: &Flow) -> EntityKind {
    match layer {
        Layer::Quote(index) => match flow.quotes[index] {
            false => EntityKind::Blockquote,
            true => EntityKind::ExpandableBlockquote,
        },
        Layer::Bold => EntityKind::Bold,
        Layer::Italic => EntityKind::Italic,
        Layer::Underline => EntityKind::Underline,
        Layer::Strikethrough => EntityKind::Strikethrough,
        Layer::Link(index) => EntityKind::TextLink {
            url: flow.links[index].clone(),
        },
        Layer::Code => EntityKind::Code,
        Layer::Pre(index) => EntityKind::Pre {
            language: flow.languages[index].clone(),
        },
    }
}

/// Drops the white space at both ends, but keeps the indent of code: Telegram trims the start of
/// a message only up to its first entity.
fn trimmed(flow: &Flow, runs: &[Run], part: Range<usize>) -> Range<usize> {
    let end = part.start + flow.text[part.clone()].trim_end().len();
    let mut start = part.start;
    for run in runs.iter().skip_while(|run| run.end <= part.start) {
        let stretch = &flow.text[start..run.end.min(end).max(start)];
        let rest = match run.style.monospace {
            Monospace::Pre(_) => stretch.trim_start_matches('\n'),
            Monospace::No | Monospace::Code => stretch.trim_start(),
        };
        start += stretch.len() - rest.len();
        if !rest.is_empty() || start >= end {
            break;
        }
    }
    start..end.max(start)
}

/// Tells whether a character leaves no trace on the screen; Telegram refuses a message of such.
pub(super) fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(
            character,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}'
        )
}
