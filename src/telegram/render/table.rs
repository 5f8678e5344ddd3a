//! Tables: collected, then laid out in columns, or as records where columns would not fit.

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

use super::{MAX_TEXT_UNITS, text_units};

/// About what a phone shows of a code block without wrapping, in columns.
const MAX_COLUMNS: usize = 40;

/// How long a part of a table may be, in UTF-16 units: one that starts a message fits in it.
const MAX_PART: usize = MAX_TEXT_UNITS - 96;

const SEPARATOR: &str = " │ ";

/// A table that is being read.
#[derive(Debug)]
pub(super) struct Table<'a> {
    alignments: Vec<Alignment>,
    /// The header is the first row.
    rows: Vec<Vec<Cell<'a>>>,
    has_links: bool,
}

/// What is in a cell.
#[derive(Debug, Default)]
pub(super) struct Cell<'a> {
    pub(super) events: Vec<Event<'a>>,
    /// The cell without formats.
    pub(super) text: String,
}

/// How a table is shown.
#[derive(Debug)]
pub(super) enum Layout<'a> {
    /// Lines of equal columns, for a fixed-width font; of a long table several parts, each with the
    /// head of the table.
    Columns(Vec<String>),
    /// The header, and rows of which each cell is shown beside its header.
    Records {
        header: Vec<Cell<'a>>,
        rows: Vec<Vec<Cell<'a>>>,
    },
}

impl<'a> Table<'a> {
    pub(super) fn new(alignments: Vec<Alignment>) -> Self {
        Self {
            alignments,
            rows: Vec::new(),
            has_links: false,
        }
    }

    /// Takes the next event inside the table.
    pub(super) fn collect(&mut self, event: Event<'a>) {
        if let Event::Start(Tag::TableHead | Tag::TableRow) = event {
            self.rows.push(Vec::new());
        } else if let (Event::Start(Tag::TableCell), Some(row)) = (&event, self.rows.last_mut()) {
            row.push(Cell::default());
        } else if let Some(cell) = self.rows.last_mut().and_then(|row| row.last_mut()) {
            self.has_links |= matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. }));
            cell.collect(event);
        }
    }

    /// Chooses how to show the table; links do not work in a fixed-width font.
    pub(super) fn into_layout(self) -> Layout<'a> {
        let widths = self.column_widths();
        let width = widths.iter().sum::<usize>() + SEPARATOR.width() * widths.len().max(1);
        if !self.has_links && width - SEPARATOR.width() <= MAX_COLUMNS {
            return Layout::Columns(self.in_columns(&widths));
        }
        let mut rows = self.rows.into_iter();
        Layout::Records {
            header: rows.next().unwrap_or_default(),
            rows: rows.collect(),
        }
    }

    fn column_widths(&self) -> Vec<usize> {
        let mut widths = vec![1; self.alignments.len()];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.text.width().max(*width);
            }
        }
        widths
    }

    fn in_columns(&self, widths: &[usize]) -> Vec<String> {
        let rules: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
        let mut rows = self.rows.iter().map(|row| self.line(row, widths));
        let head = format!("{}\n{}", rows.next().unwrap_or_default(), rules.join("─┼─"));
        let mut parts = vec![head.clone()];
        for row in rows {
            let last = parts.last_mut().expect("there is a first part");
            if text_units(last) + text_units(&row) >= MAX_PART {
                parts.push(format!("{head}\n{row}"));
            } else {
                last.push('\n');
                last.push_str(&row);
            }
        }
        parts
    }

    fn line(&self, row: &[Cell<'_>], widths: &[usize]) -> String {
        let columns = row.iter().zip(widths).zip(&self.alignments);
        let cells: Vec<String> = columns
            .map(|((cell, width), side)| padded(&cell.text, *width, *side))
            .collect();
        cells.join(SEPARATOR).trim_end().to_owned()
    }
}

impl<'a> Cell<'a> {
    fn collect(&mut self, event: Event<'a>) {
        if let Event::End(TagEnd::TableCell | TagEnd::TableRow | TagEnd::TableHead) = event {
            return;
        }
        if let Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) = &event {
            self.text.push_str(text);
        }
        if let Event::SoftBreak | Event::HardBreak = event {
            self.text.push(' ');
        }
        self.events.push(event);
    }
}

/// Returns a label of bounded width, for headers that are repeated on every row.
pub(super) fn short_label(text: &str) -> String {
    if text.width() <= MAX_COLUMNS {
        return text.to_owned();
    }
    let start: String = text.chars().take(MAX_COLUMNS / 2).collect();
    format!("{start}…")
}

fn padded(text: &str, width: usize, side: Alignment) -> String {
    let space = width.saturating_sub(text.width());
    let before = match side {
        Alignment::None | Alignment::Left => 0,
        Alignment::Center => space / 2,
        Alignment::Right => space,
    };
    format!("{}{text}{}", " ".repeat(before), " ".repeat(space - before))
}
