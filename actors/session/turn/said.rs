//! The finished text blocks of a turn.

/// The finished text blocks of a turn, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::session) struct Said {
    blocks: Vec<String>,
}

impl Said {
    /// Returns the blocks.
    pub(in crate::session) fn blocks(&self) -> &[String] {
        &self.blocks
    }

    /// Adds a finished block.
    pub(in crate::session) fn push(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.blocks.push(text.to_owned());
        }
    }

    /// Takes all blocks as one text, with `last` at the end unless it was said already.
    pub(in crate::session) fn take(&mut self, last: &str) -> String {
        let last = last.trim();
        if self.blocks.last().is_none_or(|block| block != last) {
            self.push(last);
        }
        std::mem::take(&mut self.blocks).join("\n\n")
    }
}
