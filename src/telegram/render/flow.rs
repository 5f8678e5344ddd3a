//! A document as one text whose stretches carry styles.

/// A format that applies to a stretch of text, with what tells it from its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    Quote(usize),
    Bold,
    Italic,
    Underline,
    Strikethrough,
    /// Index into [`Flow::links`].
    Link(usize),
    Code,
    /// Index into [`Flow::languages`].
    Pre(usize),
}

/// The formats of a stretch of text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) quote: Option<usize>,
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) underline: bool,
    pub(super) strikethrough: bool,
    pub(super) link: Option<usize>,
    pub(super) monospace: Monospace,
}

/// Whether a stretch is code, which displaces every other format but a quotation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Monospace {
    #[default]
    No,
    Code,
    Pre(usize),
}

impl Style {
    /// Returns the layers in the order in which they open, outermost first.
    pub(super) fn layers(self) -> impl Iterator<Item = Layer> + Clone {
        let quote = self.quote.map(Layer::Quote);
        let layers = match self.monospace {
            Monospace::Pre(index) => [quote, Some(Layer::Pre(index)), None, None, None, None],
            Monospace::Code => [quote, Some(Layer::Code), None, None, None, None],
            Monospace::No => [
                quote,
                self.bold.then_some(Layer::Bold),
                self.italic.then_some(Layer::Italic),
                self.underline.then_some(Layer::Underline),
                self.strikethrough.then_some(Layer::Strikethrough),
                self.link.map(Layer::Link),
            ],
        };
        layers.into_iter().flatten()
    }
}

/// A stretch of text of one style; it starts where the one before it ends.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) end: usize,
    pub(super) style: Style,
}

/// A whole document: its runs cover its text, and no two neighbours have the same style.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub(super) text: String,
    pub(super) runs: Vec<Run>,
    /// Where one block ends and the gap to the next begins, ascending.
    pub(super) block_breaks: Vec<usize>,
    /// Whether each quotation is one that opens.
    pub(super) quotes: Vec<bool>,
    pub(super) links: Vec<String>,
    pub(super) languages: Vec<Option<String>>,
}

impl Flow {
    /// Appends text, without what Telegram does not keep.
    ///
    /// Telegram turns every control character into a space. A tab in code becomes four spaces
    /// here so that the indent survives; control characters that are not white space are dropped.
    pub(super) fn push(&mut self, text: &str, style: Style) {
        for character in text.chars() {
            match character {
                '\n' => self.text.push('\n'),
                '\t' if style.monospace != Monospace::No => self.text.push_str("    "),
                control if control.is_control() && control.is_whitespace() => self.text.push(' '),
                control if control.is_control() => {}
                visible => self.text.push(visible),
            }
        }
        self.extend_runs(style);
    }

    /// Drops the text from a place on, which must lie between characters.
    pub(super) fn truncate(&mut self, length: usize) {
        self.text.truncate(length);
        while self.block_breaks.last().is_some_and(|at| *at > length) {
            self.block_breaks.pop();
        }
        while self.runs.last().is_some_and(|last| last.end > length) {
            let last = self.runs.pop().expect("a last run was just seen");
            let start = self.runs.last().map_or(0, |run| run.end);
            if start < length {
                self.runs.push(Run {
                    end: length,
                    style: last.style,
                });
            }
        }
    }

    /// Notes that a message had best end here.
    pub(super) fn mark_block_break(&mut self) {
        self.block_breaks.push(self.text.len());
    }

    fn extend_runs(&mut self, style: Style) {
        let end = self.text.len();
        match self.runs.last_mut() {
            Some(last) if last.end == end => {}
            Some(last) if last.style == style => last.end = end,
            Some(_) | None if end > 0 => self.runs.push(Run { end, style }),
            Some(_) | None => {}
        }
    }
}
