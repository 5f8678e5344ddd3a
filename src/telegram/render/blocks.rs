//! Markdown to the blocks of a rich message.
//!
//! Structured, where Telegram would take Markdown too: nothing has to be escaped, `$HOME` is no
//! formula, and what is no block for Telegram stays text.

mod frame;
#[cfg(test)]
mod tests;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};
use serde_json::{Value, json};

use self::frame::{Frame, Kind, flush, joined, styled};
use super::as_written::readied;
use super::link::is_linkable;
use super::pieces::{Piece, pieces_of};
use super::walk::options;
use super::{depth, with_line_feeds};

/// The longest rich message, in bytes: Telegram counts characters, of which there are fewer.
const MAX_BYTES: usize = 32_768;

/// The most blocks; rows and items count too.
const MAX_BLOCKS: usize = 500;

/// How deep blocks and texts may nest.
const MAX_DEPTH: usize = 16;

/// The most columns of a table.
const MAX_COLUMNS: usize = 20;

/// Renders Markdown as the blocks of one rich message; `None` if it does not fit into one, or there
/// is nothing to see.
pub fn render_blocks(markdown: &str) -> Option<Vec<Value>> {
    let source = with_line_feeds(markdown);
    if source.len() > MAX_BYTES || depth::is_too_deep(&source) {
        return None;
    }
    let readied = readied(&source, options());
    let mut builder = Builder::default();
    for piece in pieces_of(&readied.markdown, options(), readied.mark) {
        builder.on_piece(piece);
    }
    builder.finish()
}

#[derive(Debug)]
struct Builder {
    /// The outermost first; never empty.
    frames: Vec<Frame>,
    n_blocks: usize,
    fits: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            frames: vec![Frame::default()],
            n_blocks: 0,
            fits: true,
        }
    }
}

impl Builder {
    fn finish(mut self) -> Option<Vec<Value>> {
        while self.frames.len() > 1 {
            self.close();
        }
        let root = self.frames.pop()?;
        let root = self.blocks_of(root);
        (self.fits && self.n_blocks <= MAX_BLOCKS && !root.is_empty()).then_some(root)
    }

    fn on_piece(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Markdown(event) => self.on_event(event),
            Piece::DetailsOpen => self.open(Kind::Details),
            Piece::DetailsClose => {
                if matches!(self.top().kind, Kind::Details) {
                    self.close();
                } else {
                    self.push_text(json!("</details>"));
                }
            }
        }
    }

    fn on_event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.on_start(tag),
            Event::End(TagEnd::MetadataBlock(_) | TagEnd::HtmlBlock) => {}
            Event::End(_) => self.close(),
            Event::Code(code) => self.push_text(styled("code", json!(code.as_ref()))),
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.push_text(json!(text.as_ref())),
            Event::SoftBreak | Event::HardBreak => self.push_text(json!("\n")),
            Event::Rule => self.push_block(json!({ "type": "divider" })),
            Event::TaskListMarker(is_done) => {
                let mut items = self.frames.iter_mut().rev();
                let item = items.find_map(|frame| {
                    if let Kind::Item { is_checked, .. } = &mut frame.kind {
                        Some(is_checked)
                    } else {
                        None
                    }
                });
                if let Some(is_checked) = item {
                    *is_checked = Some(is_done);
                }
            }
        }
    }

    fn on_start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.open(Kind::Paragraph),
            Tag::Heading { level, .. } => self.open(Kind::Heading(size_of(level))),
            Tag::BlockQuote(kind) => {
                self.open(Kind::Quote);
                if let Some(kind) = kind {
                    let name = styled("bold", json!(format!("{kind:?}")));
                    self.push_block(json!({ "type": "paragraph", "text": name }));
                }
            }
            Tag::CodeBlock(kind) => {
                let language = match &kind {
                    CodeBlockKind::Fenced(label) => label.split_whitespace().next(),
                    CodeBlockKind::Indented => None,
                };
                let language = language.unwrap_or_default().to_owned();
                self.open(Kind::Code(language));
            }
            Tag::List(next) => self.open(Kind::List(next)),
            Tag::Item => {
                let value = if let Kind::List(Some(next)) = &mut self.top().kind {
                    *next += 1;
                    Some(*next - 1)
                } else {
                    None
                };
                let is_checked = None;
                self.open(Kind::Item { value, is_checked });
            }
            Tag::Table(alignments) => {
                self.fits &= alignments.len() <= MAX_COLUMNS;
                self.open(Kind::Table(alignments));
            }
            Tag::TableHead => self.open(Kind::Row { is_header: true }),
            Tag::TableRow => self.open(Kind::Row { is_header: false }),
            Tag::TableCell => self.open_cell(),
            Tag::Emphasis => self.open(Kind::Styled("italic")),
            Tag::Strong => self.open(Kind::Styled("bold")),
            Tag::Strikethrough => self.open(Kind::Styled("strikethrough")),
            // What HTML underlines.
            Tag::Superscript => self.open(Kind::Styled("underline")),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.open(Kind::Link(dest_url.into_string()));
            }
            Tag::HtmlBlock | Tag::MetadataBlock(_) => {}
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Subscript => self.open(Kind::Paragraph),
        }
    }

    fn open_cell(&mut self) {
        let column = self.top().blocks.len();
        let is_header = matches!(self.top().kind, Kind::Row { is_header: true });
        let mut tables = self.frames.iter().rev();
        let alignment = tables.find_map(|frame| {
            if let Kind::Table(alignments) = &frame.kind {
                alignments.get(column)
            } else {
                None
            }
        });
        let align = match alignment {
            Some(Alignment::Center) => "center",
            Some(Alignment::Right) => "right",
            Some(Alignment::Left | Alignment::None) | None => "left",
        };
        self.open(Kind::Cell { is_header, align });
    }

    fn open(&mut self, kind: Kind) {
        self.fits &= self.frames.len() <= MAX_DEPTH;
        self.frames.push(Frame {
            kind,
            ..Frame::default()
        });
    }

    fn close(&mut self) {
        // The outermost stays.
        let is_inner = |frame: &mut Frame| !matches!(frame.kind, Kind::Root);
        let Some(mut frame) = self.frames.pop_if(is_inner) else {
            return;
        };
        let kind = std::mem::take(&mut frame.kind);
        // A text that holds blocks would lose them.
        self.fits &= kind.holds_blocks() || frame.blocks.is_empty();
        match kind {
            Kind::Styled(name) if !frame.text.is_empty() => {
                self.push_text(styled(name, joined(frame.text)));
            }
            Kind::Link(address) => self.push_link(frame.text, &address),
            Kind::Paragraph if !frame.text.is_empty() => {
                self.push_block(json!({ "type": "paragraph", "text": joined(frame.text) }));
            }
            Kind::Heading(size) if !frame.text.is_empty() => {
                let text = joined(frame.text);
                self.push_block(json!({ "type": "heading", "text": text, "size": size }));
            }
            Kind::Code(language) => self.push_code(frame.text, &language),
            Kind::List(_) if !frame.blocks.is_empty() => {
                self.push_block(json!({ "type": "list", "items": frame.blocks }));
            }
            Kind::Item { value, is_checked } => self.push_item(frame, value, is_checked),
            Kind::Table(_) => {
                let cells = frame.blocks;
                self.push_block(json!({ "type": "table", "cells": cells, "is_bordered": true }));
            }
            Kind::Row { .. } => self.push_part(Value::Array(frame.blocks)),
            Kind::Cell { is_header, align } => {
                let text = joined(frame.text);
                let cell = json!({
                    "text": text, "is_header": is_header, "align": align, "valign": "top",
                });
                self.push_part(cell);
            }
            Kind::Quote | Kind::Details => self.push_quote(frame),
            Kind::Root | Kind::Styled(_) | Kind::Paragraph | Kind::Heading(_) | Kind::List(_) => {}
        }
    }

    /// What has no address that opens anything stands beside its words.
    fn push_link(&mut self, text: Vec<Value>, address: &str) {
        let is_empty = text.is_empty();
        if is_linkable(address) {
            let text = if is_empty {
                json!(address)
            } else {
                joined(text)
            };
            let link = json!({ "type": "url", "text": text, "url": address });
            return self.push_text(link);
        }
        for part in text {
            self.push_text(part);
        }
        if !address.is_empty() {
            let address = styled("code", json!(address));
            let around = if is_empty { ("", "") } else { (" (", ")") };
            self.push_text(json!(around.0));
            self.push_text(address);
            self.push_text(json!(around.1));
        }
    }

    fn push_code(&mut self, text: Vec<Value>, language: &str) {
        let text: String = text.iter().filter_map(Value::as_str).collect();
        let text = text.strip_suffix('\n').unwrap_or(&text);
        if text.is_empty() {
            return;
        }
        let mut block = json!({ "type": "pre", "text": text });
        if !language.is_empty() {
            block["language"] = json!(language);
        }
        self.push_block(block);
    }

    fn push_item(&mut self, frame: Frame, value: Option<u64>, is_checked: Option<bool>) {
        let mut blocks = self.blocks_of(frame);
        if blocks.is_empty() {
            blocks.push(json!({ "type": "paragraph", "text": "" }));
        }
        let mut item = json!({ "blocks": blocks });
        if let Some(value) = value {
            item["value"] = json!(value);
            item["type"] = json!("1");
        }
        if let Some(is_checked) = is_checked {
            item["has_checkbox"] = json!(true);
            item["is_checked"] = json!(is_checked);
        }
        self.push_part(item);
    }

    fn push_quote(&mut self, frame: Frame) {
        let blocks = self.blocks_of(frame);
        if !blocks.is_empty() {
            self.push_block(json!({ "type": "blockquote", "blocks": blocks }));
        }
    }

    /// Puts a block where it belongs, behind the words that stand there without a paragraph.
    fn push_block(&mut self, block: Value) {
        let top = self.top();
        let n_flushed = flush(top);
        top.blocks.push(block);
        self.n_blocks += n_flushed + 1;
    }

    /// Puts an item, a row or a cell where it belongs.
    fn push_part(&mut self, part: Value) {
        self.top().blocks.push(part);
        self.n_blocks += 1;
    }

    fn push_text(&mut self, text: Value) {
        let top = self.top();
        match (top.text.last_mut(), &text) {
            (_, Value::String(more)) if more.is_empty() => {}
            (Some(Value::String(before)), Value::String(more)) => before.push_str(more),
            (Some(_) | None, _) => top.text.push(text),
        }
    }

    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the outermost frame stays")
    }

    fn blocks_of(&mut self, mut frame: Frame) -> Vec<Value> {
        self.n_blocks += flush(&mut frame);
        frame.blocks
    }
}

fn size_of(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
