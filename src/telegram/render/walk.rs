//! Markdown events to a flow: what each element looks like in a chat.

mod tables;
mod targets;

#[cfg(any(test, feature = "fuzzing"))]
use std::borrow::Cow;

#[cfg(any(test, feature = "fuzzing"))]
use pulldown_cmark::Parser;
use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, Options, Tag, TagEnd};

use super::as_written::{Readied, readied};
use super::entities::is_invisible;
use super::flow::{Flow, Monospace, Style};
use super::link::Target;
use super::names;
use super::pieces::{Piece, pieces_of};
use super::table::Table;
use super::writer::{Gap, Writer};

/// Reads Markdown into a flow.
///
/// Extensions: strikethrough, tables, task lists. No math, since `$HOME` is not a formula, and no
/// smart punctuation, since it would change what was written.
pub(super) fn flow_of(markdown: &str) -> Flow {
    let readied = readied(markdown, options());
    let mut walker = Walker::default();
    walker.walk(&readied);
    walker.writer.finish()
}

/// Returns the names behind the links of a text that is readied before it is read: they are shown
/// nowhere. `None` when it is read as it is.
#[cfg(any(test, feature = "fuzzing"))]
pub(super) fn names_in_readied(markdown: &str) -> Option<String> {
    let readied = readied(markdown, options()).markdown;
    let Cow::Owned(readied) = readied else {
        return None;
    };
    let events = Parser::new_ext(&readied, options());
    let mut names = String::new();
    for event in events {
        if let Event::Start(Tag::Link { id, .. } | Tag::Image { id, .. }) = event {
            names.push_str(&id);
        }
    }
    Some(names)
}

/// Reads plain lines, Markdown that is folded, and Markdown below it, into a flow. None of them
/// changes how another is read.
pub(super) fn flow_of_folded(head: &str, folded: &str, text: &str) -> Flow {
    let readied = [folded, text].map(|markdown| readied(markdown, options()));
    let mut walker = Walker::default();
    walker.writer.text(head, Style::default());
    walker.writer.gap(Gap::Blank);
    if !folded.is_empty() {
        walker.writer.open_quote(true);
        walker.walk_visibly(folded, &readied[0]);
        walker.on_end(TagEnd::BlockQuote(None));
    }
    walker.walk_visibly(text, &readied[1]);
    walker.writer.finish()
}

pub(super) fn options() -> Options {
    Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
}

/// A list that is open, at its next item.
#[derive(Debug)]
enum List {
    Bullets,
    Numbers { next: u64 },
}

/// Text that is shown as it is, collected up to its end.
#[derive(Debug)]
enum Literal {
    CodeBlock {
        language: Option<String>,
        text: String,
    },
    Html {
        text: String,
    },
}

#[derive(Debug, Default)]
struct Walker<'a> {
    writer: Writer,
    lists: Vec<List>,
    targets: Vec<Target>,
    /// The link that text is in; links never nest.
    link: Option<usize>,
    bold_depth: usize,
    italic_depth: usize,
    underline_depth: usize,
    strikethrough_depth: usize,
    literal: Option<Literal>,
    /// How many expandable blocks are open.
    n_details: usize,
    table: Option<Table<'a>>,
}

impl<'a> Walker<'a> {
    fn walk(&mut self, readied: &'a Readied<'_>) {
        for piece in pieces_of(&readied.markdown, options(), readied.mark) {
            self.on_piece(piece);
        }
        while self.n_details > 0 {
            self.on_piece(Piece::DetailsClose);
        }
    }

    /// Shows a part as it was written if there is nothing to see in it otherwise.
    fn walk_visibly(&mut self, source: &str, readied: &'a Readied<'_>) {
        let start = self.writer.end();
        self.walk(readied);
        if self.writer.written_since(start).chars().all(is_invisible) {
            self.writer.take_back(start);
            self.writer.gap(Gap::Blank);
            self.writer.text(source.trim(), Style::default());
        }
    }

    fn on_piece(&mut self, piece: Piece<'a>) {
        match piece {
            Piece::Markdown(event) => self.on_event(event),
            Piece::DetailsOpen => {
                self.n_details += 1;
                self.writer.gap(self.writer.block_gap());
                self.writer.open_quote(true);
            }
            Piece::DetailsClose if self.n_details > 0 => {
                self.n_details -= 1;
                self.on_end(TagEnd::BlockQuote(None));
            }
            // It closes nothing.
            Piece::DetailsClose => self.writer.text("</details>", self.style()),
        }
    }

    fn on_event(&mut self, event: Event<'a>) {
        if let Some(table) = &mut self.table
            && event != Event::End(TagEnd::Table)
        {
            return table.collect(event);
        }
        match event {
            Event::Start(tag) => self.on_start(tag),
            Event::End(tag) => self.on_end(tag),
            Event::Code(code) => self.on_code(&code),
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.on_text(&text),
            Event::SoftBreak | Event::HardBreak => self.writer.line_break(self.style()),
            Event::Rule => self.on_rule(),
            Event::TaskListMarker(is_done) => {
                let task_box = if is_done { "☑" } else { "☐" };
                self.writer.change_marker(|marker| match marker {
                    "•" | "◦" => task_box.to_owned(),
                    number => format!("{number} {task_box}"),
                });
            }
        }
    }

    fn on_start(&mut self, tag: Tag<'a>) {
        match tag {
            Tag::Paragraph => self.writer.gap(Gap::Blank),
            Tag::Heading { .. } => {
                self.writer.gap(Gap::Blank);
                self.bold_depth += 1;
            }
            Tag::BlockQuote(kind) => {
                self.writer.gap(self.writer.block_gap());
                self.writer.open_quote(false);
                if let Some(kind) = kind {
                    self.on_callout(kind);
                }
            }
            Tag::CodeBlock(kind) => {
                let (language, label) = label_of(&kind);
                if let Some(label) = label {
                    self.writer.gap(self.writer.block_gap());
                    self.on_code(&label);
                    self.writer.gap(Gap::Line);
                    self.writer.keep_with_next();
                }
                self.literal = Some(Literal::CodeBlock {
                    language,
                    text: String::new(),
                });
            }
            Tag::HtmlBlock => {
                let text = String::new();
                self.literal = Some(Literal::Html { text });
            }
            Tag::List(first) => self.on_list(first),
            Tag::Item => self.on_item(),
            Tag::Table(alignments) => self.table = Some(Table::new(alignments)),
            Tag::Emphasis => self.italic_depth += 1,
            Tag::Superscript => self.underline_depth += 1,
            Tag::Strong => self.bold_depth += 1,
            Tag::Strikethrough => self.strikethrough_depth += 1,
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => self.on_target(link_type, &dest_url),
            Tag::Image {
                link_type,
                dest_url,
                ..
            } => self.on_target(link_type, &dest_url),
            Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn on_end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.writer.gap(Gap::Blank),
            TagEnd::Heading(_) => {
                self.bold_depth -= 1;
                self.writer.gap(Gap::Blank);
                self.writer.keep_with_next();
            }
            TagEnd::BlockQuote(_) => {
                self.writer.close();
                self.writer.gap(self.writer.block_gap());
            }
            TagEnd::CodeBlock | TagEnd::HtmlBlock => self.on_literal_end(),
            TagEnd::List(_) => {
                self.lists.pop();
                self.writer.gap(self.writer.block_gap());
            }
            TagEnd::Item => {
                self.writer.close();
                self.writer.gap(Gap::Line);
            }
            TagEnd::Table => self.on_table_end(),
            TagEnd::Emphasis => self.italic_depth -= 1,
            TagEnd::Superscript => self.underline_depth -= 1,
            TagEnd::Strong => self.bold_depth -= 1,
            TagEnd::Strikethrough => self.strikethrough_depth -= 1,
            TagEnd::Link | TagEnd::Image => self.on_target_end(),
            TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn style(&self) -> Style {
        Style {
            quote: None,
            bold: self.bold_depth > 0,
            italic: self.italic_depth > 0,
            underline: self.underline_depth > 0,
            strikethrough: self.strikethrough_depth > 0,
            link: self.link,
            monospace: Monospace::No,
        }
    }

    fn on_text(&mut self, new: &str) {
        match &mut self.literal {
            Some(Literal::CodeBlock { text, .. } | Literal::Html { text }) => text.push_str(new),
            None => self.on_prose(new),
        }
    }

    /// Shows text; the names of files that Telegram would take for addresses are code.
    fn on_prose(&mut self, text: &str) {
        let style = self.style();
        if style.link.is_some() {
            return self.writer.text(text, style);
        }
        for (part, is_name) in names::split(text) {
            match is_name {
                true => self.on_code(part),
                false => self.writer.text(part, style),
            }
        }
    }

    /// Shows inline code. A link keeps its text, since no entity but a quotation may overlap code.
    fn on_code(&mut self, code: &str) {
        let style = self.style();
        if style.link.is_some() {
            self.writer.text(code, style);
        } else {
            self.writer.text(
                code,
                Style {
                    monospace: Monospace::Code,
                    ..style
                },
            );
        }
    }

    /// The first line of a callout, such as `[!NOTE]`, says what it is.
    fn on_callout(&mut self, kind: BlockQuoteKind) {
        let word = match kind {
            BlockQuoteKind::Note => "NOTE",
            BlockQuoteKind::Tip => "TIP",
            BlockQuoteKind::Important => "IMPORTANT",
            BlockQuoteKind::Warning => "WARNING",
            BlockQuoteKind::Caution => "CAUTION",
        };
        let bold = Style {
            bold: true,
            ..self.style()
        };
        self.writer.text(word, bold);
        self.writer.gap(Gap::Line);
    }

    fn on_rule(&mut self) {
        let gap = self.writer.block_gap();
        self.writer.gap(gap);
        self.writer.text("⸻", Style::default());
        self.writer.gap(gap);
    }

    fn on_list(&mut self, first: Option<u64>) {
        self.writer.gap(self.writer.block_gap());
        self.lists
            .push(first.map_or(List::Bullets, |next| List::Numbers { next }));
    }

    fn on_item(&mut self) {
        let depth = self.lists.len();
        let marker = match self.lists.last_mut() {
            Some(List::Numbers { next }) => {
                let number = *next;
                *next = next.saturating_add(1);
                format!("{number}.")
            }
            Some(List::Bullets) | None if depth % 2 == 1 => "•".to_owned(),
            Some(List::Bullets) | None => "◦".to_owned(),
        };
        self.writer.gap(Gap::Line);
        self.writer.open_item(marker);
    }

    fn on_literal_end(&mut self) {
        let gap = self.writer.block_gap();
        self.writer.gap(gap);
        match self.literal.take() {
            Some(Literal::CodeBlock { language, text }) => {
                self.writer
                    .code_block(text.trim_end_matches('\n'), language);
            }
            Some(Literal::Html { text }) => {
                self.writer.text(text.trim_matches('\n'), Style::default());
            }
            None => {}
        }
        self.writer.gap(gap);
    }
}

/// Returns the language behind a fence, and what else stands there, such as the name of a file.
fn label_of(kind: &CodeBlockKind<'_>) -> (Option<String>, Option<String>) {
    let CodeBlockKind::Fenced(info) = kind else {
        return (None, None);
    };
    let ends = |sign: char| sign.is_whitespace() || matches!(sign, ',' | ':');
    let (language, label) = info.split_at(info.find(ends).unwrap_or(info.len()));
    let label = label.trim_matches(ends);
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    (some(language), some(label))
}
