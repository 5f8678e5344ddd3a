//! Markdown events to a flow: what each element looks like in a chat.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::flow::{Flow, Monospace, Style};
use super::link::{Target, TargetLook, is_linkable};
use super::table::{Cell, Layout, Table, short_label};
use super::writer::{Gap, Writer};

/// Reads Markdown into a flow.
///
/// Extensions: strikethrough, tables, task lists. No math, since `$HOME` is not a formula, and no
/// smart punctuation, since it would change what was written.
pub(super) fn flow_of(markdown: &str) -> Flow {
    let options =
        Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let mut walker = Walker::default();
    for event in Parser::new_ext(markdown, options) {
        walker.on_event(event);
    }
    walker.writer.finish()
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
    strikethrough_depth: usize,
    literal: Option<Literal>,
    table: Option<Table<'a>>,
}

impl<'a> Walker<'a> {
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
            Tag::BlockQuote(_) => {
                self.writer.gap(self.writer.block_gap());
                self.writer.open_quote();
            }
            Tag::CodeBlock(kind) => {
                let language = language_of(&kind);
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
            | Tag::Superscript
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
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn style(&self) -> Style {
        Style {
            quote: None,
            bold: self.bold_depth > 0,
            italic: self.italic_depth > 0,
            strikethrough: self.strikethrough_depth > 0,
            link: self.link,
            monospace: Monospace::No,
        }
    }

    fn on_text(&mut self, new: &str) {
        match &mut self.literal {
            Some(Literal::CodeBlock { text, .. } | Literal::Html { text }) => text.push_str(new),
            None => self.writer.text(new, self.style()),
        }
    }

    /// Shows inline code. A link keeps its text, since no entity may overlap code; a quotation
    /// would be torn apart in the middle of the line, so code in it keeps its backticks.
    fn on_code(&mut self, code: &str) {
        let style = self.style();
        if style.link.is_some() {
            self.writer.text(code, style);
        } else if self.writer.is_in_quote() {
            self.writer.text(&format!("`{code}`"), style);
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

    fn on_target(&mut self, link_type: LinkType, destination: &str) {
        let look = if self.link.is_some() || link_type == LinkType::Email {
            TargetLook::Hidden
        } else if is_linkable(destination) {
            self.link = Some(self.writer.add_link(destination));
            TargetLook::Linked
        } else {
            TargetLook::Printed
        };
        let start = self.writer.begin();
        self.targets.push(Target {
            destination: destination.to_owned(),
            start,
            look,
        });
    }

    fn on_target_end(&mut self) {
        let Some(Target {
            destination,
            start,
            look,
        }) = self.targets.pop()
        else {
            return;
        };
        let is_empty = !self.writer.has_text_since(start);
        match look {
            TargetLook::Linked => {
                if is_empty {
                    self.writer.text(&destination, self.style());
                }
                self.link = None;
            }
            TargetLook::Printed => self.print_target(start, &destination),
            TargetLook::Hidden if is_empty => self.writer.text(&destination, self.style()),
            TargetLook::Hidden => {}
        }
    }

    /// Prints a target after its text, or as code in place of a text that says the same: Telegram
    /// would take a bare `main.rs` for an address in Serbia.
    fn print_target(&mut self, start: usize, destination: &str) {
        if destination.is_empty() {
            return;
        }
        if self.writer.written_since(start) == destination {
            self.writer.take_back(start);
        }
        if self.writer.has_text_since(start) {
            self.writer.text(" (", self.style());
            self.on_code(destination);
            self.writer.text(")", self.style());
        } else {
            self.on_code(destination);
        }
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

    fn on_table_end(&mut self) {
        let Some(table) = self.table.take() else {
            return;
        };
        let gap = self.writer.block_gap();
        self.writer.gap(gap);
        match table.into_layout() {
            Layout::Columns(text) => self.writer.code_block(&text, None),
            Layout::Records { header, rows } => self.on_records(header, rows),
        }
        self.writer.gap(gap);
    }

    /// Shows each row as lines of "header: value". The first row shows every header in full; the
    /// later ones leave out empty cells, and clip headers that would repeat a long text.
    fn on_records(&mut self, header: Vec<Cell<'a>>, rows: Vec<Vec<Cell<'a>>>) {
        let labels: Vec<String> = header.iter().map(|cell| short_label(&cell.text)).collect();
        let mut rows = rows.into_iter();
        let mut first_cells = rows.next().unwrap_or_default().into_iter();
        for cell in header {
            self.bold_depth += 1;
            cell.events
                .into_iter()
                .for_each(|event| self.on_event(event));
            self.bold_depth -= 1;
            self.on_value(&cell.text, first_cells.next().unwrap_or_default());
        }
        for row in rows {
            self.writer.gap(Gap::Blank);
            for (label, cell) in labels.iter().zip(row) {
                if !cell.events.is_empty() {
                    self.writer.text(
                        label,
                        Style {
                            bold: true,
                            ..self.style()
                        },
                    );
                    self.on_value(label, cell);
                }
            }
        }
    }

    fn on_value(&mut self, label: &str, cell: Cell<'a>) {
        if !label.is_empty() {
            self.writer.text(
                ": ",
                Style {
                    bold: true,
                    ..self.style()
                },
            );
        }
        cell.events
            .into_iter()
            .for_each(|event| self.on_event(event));
        self.writer.gap(Gap::Line);
    }
}

fn language_of(kind: &CodeBlockKind<'_>) -> Option<String> {
    let CodeBlockKind::Fenced(info) = kind else {
        return None;
    };
    let word = info.split(|c: char| c.is_whitespace() || c == ',').next()?;
    (!word.is_empty()).then(|| word.to_owned())
}
