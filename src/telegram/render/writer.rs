//! Puts styled text on lines: gaps between blocks, list markers, indents, quotations.

use super::flow::{Flow, Monospace, Style};

/// Deeper levels are not indented further, so that a line start has a bounded length.
const MAX_INDENTS: usize = 8;

/// The white space that a block asks for on either side; the wider of two neighbours wins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    #[default]
    None,
    Line,
    Blank,
}

/// Something that holds blocks and marks their lines.
#[derive(Debug)]
enum Container {
    /// Shown by an entity.
    Quote,
    /// Shown by a character, since quotation entities may not nest.
    InnerQuote,
    Item {
        marker: String,
    },
}

/// A document that grows at its end.
#[derive(Debug, Default)]
pub(super) struct Writer {
    flow: Flow,
    gap: Gap,
    containers: Vec<Container>,
    /// How many of the containers have shown their marker; the outer ones come first.
    n_marked: usize,
    quote: Option<usize>,
    /// Where the last text that was not white space ended.
    last_ink: usize,
    is_in_line: bool,
    keeps_with_next: bool,
}

impl Writer {
    /// Returns the document.
    pub(super) fn finish(self) -> Flow {
        self.flow
    }

    /// Asks for at least this gap before the next text.
    pub(super) fn gap(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    /// Asks not to end a message before the next block.
    pub(super) fn keep_with_next(&mut self) {
        self.keeps_with_next = true;
    }

    /// Returns the gap around a block that stands where the next text does.
    pub(super) fn block_gap(&self) -> Gap {
        match self.containers.last() {
            Some(Container::Item { .. }) => Gap::Line,
            Some(Container::Quote | Container::InnerQuote) | None => Gap::Blank,
        }
    }

    /// Opens a quotation; one that is expandable shows its first lines until somebody opens it.
    pub(super) fn open_quote(&mut self, is_expandable: bool) {
        if self.quote.is_some() {
            self.containers.push(Container::InnerQuote);
        } else {
            self.quote = Some(self.flow.quotes.len());
            self.flow.quotes.push(is_expandable);
            self.containers.push(Container::Quote);
        }
    }

    /// Opens a list item whose first line starts with the marker.
    pub(super) fn open_item(&mut self, marker: String) {
        self.containers.push(Container::Item { marker });
    }

    /// Changes the marker of the innermost item, unless it has been written.
    pub(super) fn change_marker(&mut self, change: impl FnOnce(&str) -> String) {
        let is_unmarked = self.n_marked < self.containers.len();
        if let (true, Some(Container::Item { marker })) = (is_unmarked, self.containers.last_mut())
        {
            *marker = change(marker);
        }
    }

    /// Closes the innermost quotation or item; an empty item leaves its marker.
    pub(super) fn close(&mut self) {
        match self.containers.last() {
            Some(Container::Quote) => self.quote = None,
            Some(Container::Item { .. }) if self.n_marked < self.containers.len() => {
                self.mark_line();
            }
            Some(Container::Item { .. } | Container::InnerQuote) | None => {}
        }
        self.containers.pop();
        self.n_marked = self.n_marked.min(self.containers.len());
    }

    /// Writes the gap and the start of the line, and returns where the next text will be.
    pub(super) fn begin(&mut self) -> usize {
        self.settle_gap(self.quote);
        if !self.is_in_line {
            let prefix = self.line_prefix();
            self.flow.push(&prefix, self.plain());
            self.is_in_line = true;
        }
        self.flow.text.len()
    }

    /// Writes text inside a line; line feeds in it go on in the same block.
    pub(super) fn text(&mut self, text: &str, style: Style) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.line_break(style);
            }
            if !line.is_empty() {
                self.begin();
                self.flow.push(
                    line,
                    Style {
                        quote: self.quote,
                        ..style
                    },
                );
            }
            if !line.trim().is_empty() {
                self.last_ink = self.flow.text.len();
            }
        }
    }

    /// Goes on in a new line of the same block.
    pub(super) fn line_break(&mut self, style: Style) {
        self.begin();
        self.flow.push(
            "\n",
            Style {
                quote: self.quote,
                ..style
            },
        );
        self.is_in_line = false;
    }

    /// Writes a block of code; it stands at the line start.
    pub(super) fn code_block(&mut self, code: &str, language: Option<String>) {
        if code.trim().is_empty() {
            return;
        }
        if self.n_marked < self.containers.len() {
            self.mark_line();
            self.gap(Gap::Line);
        }
        self.settle_gap(self.quote);
        let index = self.flow.languages.len();
        self.flow.languages.push(language);
        self.flow.push(
            code,
            Style {
                quote: self.quote,
                monospace: Monospace::Pre(index),
                ..Style::default()
            },
        );
        self.is_in_line = true;
    }

    /// Makes an address known, and returns the index for [`Style::link`].
    pub(super) fn add_link(&mut self, url: &str) -> usize {
        self.flow.links.push(url.to_owned());
        self.flow.links.len() - 1
    }

    /// Returns where the document ends.
    pub(super) fn end(&self) -> usize {
        self.flow.text.len()
    }

    /// Tells whether text has been written since a place that [`Writer::begin`] returned.
    pub(super) fn has_text_since(&self, start: usize) -> bool {
        self.last_ink > start
    }

    /// Returns what has been written since a place that [`Writer::begin`] returned.
    pub(super) fn written_since(&self, start: usize) -> &str {
        &self.flow.text[start..]
    }

    /// Takes back what has been written in this line since [`Writer::begin`] returned the place.
    pub(super) fn take_back(&mut self, start: usize) {
        self.flow.truncate(start);
        self.last_ink = self.last_ink.min(start);
    }

    /// Writes a line of nothing but markers.
    fn mark_line(&mut self) {
        self.settle_gap(self.quote);
        let prefix = self.line_prefix();
        self.flow.push(prefix.trim_end(), self.plain());
        self.is_in_line = true;
    }

    fn plain(&self) -> Style {
        Style {
            quote: self.quote,
            ..Style::default()
        }
    }

    fn settle_gap(&mut self, quote: Option<usize>) {
        let newlines = match self.gap {
            Gap::None => "",
            Gap::Line => "\n",
            Gap::Blank => "\n\n",
        };
        if self.gap != Gap::None && !self.flow.text.is_empty() {
            if self.gap == Gap::Blank && !self.keeps_with_next {
                self.flow.mark_block_break();
            }
            // An entity loses the white space at its ends, so a gap may carry the style of what
            // follows: it joins two blocks of one quotation, and adds to nothing else.
            self.flow.push(
                newlines,
                Style {
                    quote,
                    ..Style::default()
                },
            );
            self.is_in_line = false;
        }
        self.keeps_with_next &= self.gap == Gap::None;
        self.gap = Gap::None;
    }

    fn line_prefix(&mut self) -> String {
        let (marked, unmarked) = self.containers.split_at(self.n_marked);
        let mut prefix = String::new();
        for container in &marked[marked.len().saturating_sub(MAX_INDENTS)..] {
            prefix.push_str(match container {
                Container::Quote => "",
                Container::InnerQuote => "> ",
                Container::Item { .. } => "\u{2003}",
            });
        }
        for container in unmarked {
            match container {
                Container::Quote => {}
                Container::InnerQuote => prefix.push_str("> "),
                Container::Item { marker } => {
                    prefix.push_str(marker);
                    prefix.push(' ');
                }
            }
        }
        self.n_marked = self.containers.len();
        prefix
    }
}
