//! Words of which some are folded: an expandable quotation between plain lines and Markdown.

use bridge_actors::outbox::Folded;

use super::flow::{Flow, Style};
use super::{Chunk, Entity, EntityKind, MAX_ENTITIES, MAX_TEXT_UNITS};
use super::{cut, depth, plain_flow, text_units, walk, with_line_feeds};

/// What stands before the end of a text of which the beginning is cut off.
const DOTS: &str = "… ";

const GAP: &str = "\n\n";

/// Renders words as messages, in order; takes as many as they need.
pub fn render_folded(words: &Folded) -> Vec<Chunk> {
    cut::pack(&flow_of(&words.head, &words.folded, &words.text))
}

/// Renders words as one message. Of the text below the fold the end is shown, in so many UTF-16
/// units; what is folded loses its markup before it loses a word.
pub fn render_card(words: &Folded, shown: usize) -> Vec<Chunk> {
    let text = end_of(&words.text, shown.min(MAX_TEXT_UNITS / 2));
    let room = MAX_TEXT_UNITS - text.as_ref().map_or(0, |end| units(end) + text_units(GAP));
    let above = above(words, room);
    let message = match (above, text) {
        (Some(above), Some(text)) => Some(joined(above, text)),
        (above, text) => above.or(text),
    };
    message.into_iter().collect()
}

/// Renders a person's words letter by letter as a quotation that opens, below a line without markup;
/// takes as many messages as they need.
pub fn render_quoted(head: &str, words: &str) -> Vec<Chunk> {
    let mut flow = plain_flow(&with_line_feeds(head));
    if !flow.text.is_empty() {
        flow.mark_block_break();
        flow.push("\n", Style::default());
    }
    flow.quotes.push(true);
    let style = Style {
        quote: Some(0),
        ..Style::default()
    };
    for (index, block) in with_line_feeds(words.trim()).split(GAP).enumerate() {
        if index > 0 {
            flow.mark_block_break();
            flow.push(GAP, style);
        }
        flow.push(block, style);
    }
    cut::pack(&flow)
}

/// Returns what stands above the text, in at most so many units.
fn above(words: &Folded, room: usize) -> Option<Chunk> {
    let whole = |flow: &Flow| {
        let mut chunks = cut::pack(flow);
        let is_whole = chunks.len() == 1 && units(&chunks[0]) <= room;
        is_whole.then(|| chunks.remove(0))
    };
    let written = flow_of(&words.head, &words.folded, "");
    whole(&written).or_else(|| {
        let head = cut::pack(&plain_flow(&with_line_feeds(&words.head)));
        let head = head.into_iter().next();
        let left = room
            - head
                .as_ref()
                .map_or(0, |head| units(head) + text_units(GAP))
                .min(room);
        let folded = as_written(&words.folded, left);
        match (head, folded) {
            (Some(head), Some(folded)) => Some(joined(head, folded)),
            (head, folded) => head.or(folded),
        }
    })
}

/// Returns the beginning of a text with its markup as it was written, folded.
fn as_written(text: &str, room: usize) -> Option<Chunk> {
    let mut chunk = cut::pack(&plain_flow(&with_line_feeds(text)))
        .into_iter()
        .next()?;
    let mut left = room;
    let fits = |sign: &char| {
        let is_in = sign.len_utf16() <= left;
        left = left.saturating_sub(sign.len_utf16());
        is_in
    };
    let shown: String = chunk.text.chars().take_while(fits).collect();
    chunk.text = shown.trim_end().to_owned();
    let length = units(&chunk);
    chunk.entities = vec![Entity {
        kind: EntityKind::ExpandableBlockquote,
        offset: 0,
        length,
    }];
    (length > 0).then_some(chunk)
}

fn end_of(markdown: &str, shown: usize) -> Option<Chunk> {
    let flow = match depth::is_too_deep(markdown) {
        true => plain_flow(&with_line_feeds(markdown)),
        false => walk::flow_of(&with_line_feeds(markdown)),
    };
    let mut chunk = cut::end(&flow, shown)?;
    if chunk.text.len() < flow.text.trim().len() {
        chunk = joined_by("", plain(DOTS), chunk);
    }
    Some(chunk)
}

fn flow_of(head: &str, folded: &str, text: &str) -> Flow {
    let [folded, text] = [folded, text].map(with_line_feeds);
    let is_too_deep = depth::is_too_deep(&folded) || depth::is_too_deep(&text);
    if !is_too_deep {
        return walk::flow_of_folded(&with_line_feeds(head), &folded, &text);
    }
    let parts = [head, &folded, &text];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    plain_flow(&with_line_feeds(&parts.collect::<Vec<_>>().join(GAP)))
}

fn plain(text: &str) -> Chunk {
    Chunk {
        text: text.to_owned(),
        entities: Vec::new(),
    }
}

fn joined(first: Chunk, second: Chunk) -> Chunk {
    joined_by(GAP, first, second)
}

fn joined_by(gap: &str, first: Chunk, second: Chunk) -> Chunk {
    let shift = units(&first) + text_units(gap);
    let moved = second.entities.into_iter().map(|entity| Entity {
        offset: entity.offset + shift,
        ..entity
    });
    let mut entities = first.entities;
    entities.extend(moved);
    entities.truncate(MAX_ENTITIES);
    Chunk {
        text: format!("{}{gap}{}", first.text, second.text),
        entities,
    }
}

fn units(chunk: &Chunk) -> usize {
    text_units(&chunk.text)
}
