//! Markdown to Telegram text with entities.
//!
//! Pure: the same text gives the same chunks. Markdown becomes one [`flow::Flow`] of styled text
//! ([`walk`] reads the events, [`writer`] places them on lines), and [`cut`] divides the flow into
//! messages. Entities are computed last, per message, from the styles ([`entities`]), so that a
//! bold text or a fence that is cut is closed and reopened without further care.

mod as_written;
mod blocks;
mod cut;
mod depth;
mod entities;
mod flow;
mod folded;
mod link;
mod names;
mod pieces;
#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod promises;
mod table;
#[cfg(test)]
mod tests;
mod walk;
mod writer;

pub use blocks::render_blocks;
pub use folded::{render_card, render_folded, render_quoted};

use std::borrow::Cow;

use bridge_actors::outbox::Code;
use serde_json::{Value, json};

/// The most UTF-16 units in the text of one message.
///
/// Telegram counts characters; UTF-16 units are never fewer.
pub const MAX_TEXT_UNITS: usize = 4096;

/// The most entities in one message; Telegram drops those beyond it.
pub const MAX_ENTITIES: usize = 100;

/// The text of one Telegram message.
///
/// Never blank, at most [`MAX_TEXT_UNITS`] long, with at most [`MAX_ENTITIES`] entities, which are
/// in range, nest without crossing, and are sorted by offset with the outer ones first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// What is read; has no white space at its ends, except the indent of code at its start.
    pub text: String,
    /// How it is formatted.
    pub entities: Vec<Entity>,
}

/// The format of a stretch of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// The format.
    pub kind: EntityKind,
    /// The start, in UTF-16 units.
    pub offset: usize,
    /// The length, in UTF-16 units; never 0.
    pub length: usize,
}

/// A format that the renderer produces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntityKind {
    /// Strong text and headings.
    Bold,
    /// Emphasised text.
    Italic,
    /// Underlined text.
    Underline,
    /// Text that is struck out.
    Strikethrough,
    /// Inline code; overlaps nothing but a quotation around it.
    Code,
    /// A block of code; overlaps nothing but a quotation around it.
    Pre {
        /// The first word after the fence.
        language: Option<String>,
    },
    /// Text that opens an address; contains no other link.
    TextLink {
        /// An address that Telegram accepts.
        url: String,
    },
    /// A quotation; contains no other quotation.
    Blockquote,
    /// A quotation of which the first lines are shown until somebody opens it.
    ExpandableBlockquote,
}

impl Entity {
    /// Returns the `MessageEntity` object of the Bot API.
    pub fn to_json(&self) -> Value {
        let mut object = json!({
            "type": self.kind.api_name(),
            "offset": self.offset,
            "length": self.length,
        });
        match &self.kind {
            EntityKind::Pre {
                language: Some(language),
            } => object["language"] = json!(language),
            EntityKind::TextLink { url } => object["url"] = json!(url),
            EntityKind::Pre { language: None }
            | EntityKind::Bold
            | EntityKind::Italic
            | EntityKind::Underline
            | EntityKind::Strikethrough
            | EntityKind::Code
            | EntityKind::Blockquote
            | EntityKind::ExpandableBlockquote => {}
        }
        object
    }
}

impl EntityKind {
    fn api_name(&self) -> &'static str {
        match self {
            Self::Bold => "bold",
            Self::Italic => "italic",
            Self::Underline => "underline",
            Self::Strikethrough => "strikethrough",
            Self::Code => "code",
            Self::Pre { .. } => "pre",
            Self::TextLink { .. } => "text_link",
            Self::Blockquote => "blockquote",
            Self::ExpandableBlockquote => "expandable_blockquote",
        }
    }
}

/// Renders Markdown as messages, in order.
///
/// Blank text gives none; any other text gives at least one. Markdown without anything to show,
/// such as a lone link definition, is shown as it was written, and so is Markdown that nests
/// hundreds of levels deep. Takes time linear in the text.
pub fn render(markdown: &str) -> Vec<Chunk> {
    let source = with_line_feeds(markdown);
    if depth::is_too_deep(&source) {
        return render_plain(&source);
    }
    let chunks = cut::pack(&walk::flow_of(&source));
    if chunks.is_empty() {
        render_plain(&source)
    } else {
        chunks
    }
}

/// Renders Markdown that is still being written, and below it a status without markup, as one
/// message.
///
/// What does not fit is cut off at its start. What is not closed yet, such as a fence, goes on to
/// the end. `None` when there is nothing to see. Takes time linear in the text.
pub fn render_end(markdown: &str, status: &str) -> Option<Chunk> {
    let source = with_line_feeds(markdown);
    let mut flow = if depth::is_too_deep(&source) {
        plain_flow(&source)
    } else {
        walk::flow_of(&source)
    };
    if !status.is_empty() {
        flow.push("\n\n", flow::Style::default());
        flow.push(&with_line_feeds(status), flow::Style::default());
    }
    cut::end(&flow, MAX_TEXT_UNITS)
}

/// Divides plain text into messages without entities, in order.
///
/// Blank text gives none; any other text gives at least one.
pub fn render_plain(text: &str) -> Vec<Chunk> {
    cut::pack(&plain_flow(&with_line_feeds(text)))
}

fn plain_flow(text: &str) -> flow::Flow {
    let mut flow = flow::Flow::default();
    for (index, block) in text.split("\n\n").enumerate() {
        if index > 0 {
            flow.mark_block_break();
            flow.push("\n\n", flow::Style::default());
        }
        flow.push(block, flow::Style::default());
    }
    flow
}

/// Renders a text and, below it, code that is shown letter by letter, as one message.
///
/// What does not fit is cut off at its end; the writer of such a message keeps it below the limit.
pub fn render_live(text: &str, code: Option<&Code>) -> Vec<Chunk> {
    let Some(code) = code else {
        return render_plain(text).into_iter().take(1).collect();
    };
    let text = with_line_feeds(text.trim());
    let offset = text_units(&text) + 1;
    let mut left = MAX_TEXT_UNITS.saturating_sub(offset);
    let fits = |sign: &char| {
        let is_in = sign.len_utf16() <= left;
        left = left.saturating_sub(sign.len_utf16());
        is_in
    };
    let shown: String = code.text.chars().take_while(fits).collect();
    let length = text_units(&shown);
    if length == 0 {
        return render_plain(&text).into_iter().take(1).collect();
    }
    let language = (!code.language.is_empty()).then(|| code.language.to_owned());
    vec![Chunk {
        text: format!("{text}\n{shown}"),
        entities: vec![Entity {
            kind: EntityKind::Pre { language },
            offset,
            length,
        }],
    }]
}

/// Returns the length of a text as Telegram's offsets count it, in UTF-16 units.
pub fn text_units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Returns a text with line feeds for line ends, and without the colours of a terminal.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    let text = without_colours(text);
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        text
    }
}

/// Drops what a terminal takes for a change of colour or place: `ESC [ … letter`.
fn without_colours(text: &str) -> Cow<'_, str> {
    const START: &str = "\u{1b}[";
    let mut parts = text.split(START);
    let first = parts.next().unwrap_or_default();
    if first.len() == text.len() {
        return Cow::Borrowed(text);
    }
    let mut kept = first.to_owned();
    for part in parts {
        let is_parameter = |sign: char| sign.is_ascii_digit() || matches!(sign, ';' | '?' | ':');
        let rest = part.trim_start_matches(is_parameter);
        let mut signs = rest.chars();
        match signs.next() {
            Some(last) if last.is_ascii_alphabetic() => kept.push_str(signs.as_str()),
            Some(_) | None => {
                kept.push('[');
                kept.push_str(part);
            }
        }
    }
    Cow::Owned(kept)
}
