//! Pure: what an agent has said, in a turn or without one, and how it is posted.

use crate::ids::MessageId;
use crate::outbox::{Rank, Sound};
use crate::session::step::Step;
use crate::session::texts;

/// Finished text blocks, in order.
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

    /// Posts all blocks, with `last` at the end unless it was said already, if there is something.
    pub(in crate::session) fn post(
        &mut self,
        reply_to: Option<MessageId>,
        last: &str,
        step: &mut Step<'_>,
    ) {
        let text = self.take(last);
        if !text.is_empty() {
            post_answer(reply_to, text, step);
        }
    }
}

/// Posts a text of Claude's, in as many messages as it takes.
pub(in crate::session) fn post_answer(
    reply_to: Option<MessageId>,
    text: String,
    step: &mut Step<'_>,
) {
    for body in texts::answer(step.say(), text) {
        step.send(body, reply_to, (Rank::Answer, Sound::Ring));
    }
}
