//! An answer as posts: text, and for a long one the whole as a file.

use bridge_texts::Say;

use crate::outbox::Body;
use crate::session::policy::{DOCUMENT_THRESHOLD, HEAD_THRESHOLD};

/// The name of the file that holds a long answer.
const ANSWER_FILE: &str = "answer.md";

/// Returns the bodies of an answer.
///
/// What is said about the file stands below the file and never in the text: a text that is cut
/// may end within a block of code, and what followed would be part of it.
pub(in crate::session) fn answer(say: Say, text: String) -> Vec<Body> {
    let length = text.chars().count();
    if length < DOCUMENT_THRESHOLD {
        return vec![Body::Markdown(text)];
    }
    let is_whole = length < HEAD_THRESHOLD;
    let shown = match is_whole {
        true => text.clone(),
        false => head(&text).to_owned(),
    };
    let document = Body::Document {
        name: ANSWER_FILE.to_owned(),
        content: text,
        caption: match is_whole {
            true => say.answer_file(length),
            false => say.answer_file_and_head(length),
        },
    };
    vec![Body::Markdown(shown), document]
}

/// Cuts before the threshold: at the last paragraph, else line, that does not leave it all too
/// short.
fn head(text: &str) -> &str {
    let limit = text
        .char_indices()
        .nth(DOCUMENT_THRESHOLD)
        .map_or(text.len(), |(at, _)| at);
    let head = &text[..limit];
    let is_enough = |end: &usize| *end > limit / 2;
    let paragraph = head.rfind("\n\n").filter(is_enough);
    let line = || head.rfind('\n').filter(is_enough);
    &head[..paragraph.or_else(line).unwrap_or(limit)]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the text and the caption of an answer that comes with a file.
    fn with_file(text: &str) -> (String, String) {
        let bodies = answer(Say::default(), text.to_owned());
        let [
            Body::Markdown(shown),
            Body::Document {
                name,
                content,
                caption,
            },
        ] = &bodies[..]
        else {
            panic!("not a text and a file: {bodies:?}");
        };
        assert_eq!((name.as_str(), content.as_str()), ("answer.md", text));
        (shown.clone(), caption.clone())
    }

    #[test]
    fn a_short_answer_is_its_text() {
        let text = "a".repeat(DOCUMENT_THRESHOLD - 1);
        assert_eq!(answer(Say::default(), text.clone()), [Body::Markdown(text)]);
    }

    #[test]
    fn a_long_answer_comes_whole_and_as_a_file() {
        let text = "a".repeat(HEAD_THRESHOLD - 1);
        let (shown, caption) = with_file(&text);
        assert_eq!(shown, text);
        assert_eq!(caption, "The whole answer, 39999 characters.");
    }

    #[test]
    fn no_word_of_ours_lands_in_the_code_in_which_a_very_long_answer_is_cut() {
        let opened = [
            "```rust\n",
            "~~~~\n",
            "<!--\n",
            "1. ```\n   ",
            "> ```\n> ",
            "",
            "**",
            "`",
        ];
        for opening in opened {
            for line in ["let a = 1;\n\n", "let a = 1;\n", "a"] {
                let text = format!("{opening}{}", line.repeat(HEAD_THRESHOLD));
                let (shown, caption) = with_file(&text);
                assert!(text.starts_with(&shown), "words of ours behind {opening:?}");
                assert!(shown.len() > DOCUMENT_THRESHOLD / 2, "all too short");
                assert!(caption.ends_with("Above is its beginning."));
            }
        }
    }
}
