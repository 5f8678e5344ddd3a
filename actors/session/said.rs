//! Pure: what an agent has said, in a turn or without one, and how it is posted.
//!
//! Its answer is what it says after its last tool, or its last text if it says nothing after. What
//! it said on the way is kept apart, so that one finds the answer.

use crate::chat_settings::{Detail, Rich};
use crate::ids::MessageId;
use crate::outbox::{Body, Rank, Sound};
use crate::session::step::Step;
use crate::session::texts;

/// Finished text blocks, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::session) struct Said {
    blocks: Vec<Block>,
    /// How many of them were said before the last tool.
    n_before_tool: usize,
}

/// A finished block of text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Block {
    text: String,
    /// Whether it belongs to an answer, whatever comes after it.
    is_answer: bool,
}

/// What was said until now, in two parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::session) struct Told {
    /// What was said on the way; empty where a chat wants all of it in the answer.
    pub(in crate::session) way: String,
    /// The answer; empty when nothing was said at all.
    pub(in crate::session) answer: String,
}

impl Said {
    /// Returns the blocks.
    pub(in crate::session) fn blocks(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.blocks.iter().map(|block| block.text.as_str())
    }

    /// Adds a finished block.
    pub(in crate::session) fn push(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.blocks.push(Block {
                text: text.to_owned(),
                is_answer: false,
            });
        }
    }

    /// Takes in that a tool begins: what was said before it was said on the way.
    pub(in crate::session) fn on_tool(&mut self) {
        self.n_before_tool = self.blocks.len();
    }

    /// Takes in that the agent has a further prompt: what it said since its last tool may be the
    /// answer to what it had before.
    pub(in crate::session) fn on_further_prompt(&mut self) {
        let since_tool = self.blocks.iter_mut().skip(self.n_before_tool);
        since_tool.for_each(|block| block.is_answer = true);
    }

    /// Drops a text from the end of what was said.
    pub(in crate::session) fn drop_last(&mut self, text: &str) {
        let Some(last) = self.blocks.pop() else {
            return;
        };
        let rest = last.text.strip_suffix(text.trim()).unwrap_or(&last.text);
        self.push(rest);
    }

    /// Takes all blocks, with `last` at the end unless it was said already.
    pub(in crate::session) fn take(&mut self, last: &str, detail: Detail) -> Told {
        let last = last.trim();
        if self.blocks.last().is_none_or(|block| block.text != last) {
            self.push(last);
        }
        let Self {
            blocks,
            n_before_tool,
        } = std::mem::take(self);
        let answer_from = n_before_tool.min(blocks.len().saturating_sub(1));
        let mut told = Told::default();
        for (place, block) in blocks.into_iter().enumerate() {
            let is_answer = match detail {
                Detail::Answer | Detail::Card => block.is_answer || place >= answer_from,
                Detail::Log => true,
            };
            match is_answer {
                true => add_block(&mut told.answer, &block.text),
                false => add_block(&mut told.way, &block.text),
            }
        }
        told
    }

    /// Posts all blocks, with `last` at the end unless it was said already, if there is something.
    pub(in crate::session) fn post(&mut self, last: &str, detail: Detail, step: &mut Step<'_>) {
        let told = self.take(last, detail);
        post_answer(None, told, step);
    }
}

fn add_block(text: &mut String, block: &str) {
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(block);
}

/// Posts a text of Claude's, in as many messages as it takes, below what it said on the way, if
/// there is something.
pub(in crate::session) fn post_answer(
    reply_to: Option<MessageId>,
    told: Told,
    step: &mut Step<'_>,
) {
    if told.answer.is_empty() {
        return;
    }
    for body in texts::answer(step.say(), told) {
        let body = match (step.rich(), body) {
            (Rich::On, Body::Markdown(text)) => Body::Rich(text),
            (Rich::On | Rich::Off, body) => body,
        };
        step.send(body, reply_to, (Rank::Answer, Sound::Ring));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays what is said: `*` is a tool, `+` a further prompt.
    fn check(said: &[&str], last: &str, way: &str, answer: &str) {
        let told = played(said).take(last, Detail::Card);
        assert_eq!((told.way.as_str(), told.answer.as_str()), (way, answer));
        let all = played(said).take(last, Detail::Log);
        assert_eq!(all.way, "");
        let n_letters = |text: &str| text.replace('\n', "").len();
        assert_eq!(n_letters(&all.answer), n_letters(way) + n_letters(answer));
    }

    fn played(said: &[&str]) -> Said {
        let mut all = Said::default();
        for text in said {
            match *text {
                "*" => all.on_tool(),
                "+" => all.on_further_prompt(),
                text => all.push(text),
            }
        }
        all
    }

    #[test]
    fn the_answer_is_what_is_said_after_the_last_tool() {
        check(
            &["I look.", "*", "*", "It is", "blue."],
            "",
            "I look.",
            "It is\n\nblue.",
        );
        check(&["a", "*", "b", "*", "c"], "c", "a\n\nb", "c");
        check(&["a", "*"], "b", "a", "b");
        check(&[], "only this", "", "only this");
    }

    #[test]
    fn without_a_word_after_the_last_tool_the_last_text_is_the_answer() {
        check(&["a", "b", "*"], "", "a", "b");
        check(&["a", "b", "*"], "b", "a", "b");
        check(&["*"], "", "", "");
    }

    #[test]
    fn an_answer_to_what_came_before_a_further_prompt_stays_one() {
        check(
            &[
                "I look.",
                "*",
                "It is blue.",
                "+",
                "Now the other.",
                "*",
                "Red.",
            ],
            "",
            "I look.\n\nNow the other.",
            "It is blue.\n\nRed.",
        );
        check(&["a", "*", "+", "b"], "", "a", "b");
    }

    #[test]
    fn an_error_that_is_said_as_text_is_dropped() {
        let mut said = played(&["a", "*", "API Error: 500"]);
        said.drop_last("API Error: 500");
        let told = said.take("", Detail::Card);
        assert_eq!((told.way.as_str(), told.answer.as_str()), ("", "a"));
    }
}
