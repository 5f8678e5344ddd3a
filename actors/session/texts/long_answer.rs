//! An answer as posts: text, above it what was said on the way, and what is long as a file.

use bridge_texts::Say;

use super::wide_tables::wide_tables;
use crate::outbox::{Body, Folded};
use crate::session::policy::{DOCUMENT_THRESHOLD, FOLDED_SHOWN, HEAD_THRESHOLD};
use crate::session::said::Told;

/// The name of the file that holds a long answer.
const ANSWER_FILE: &str = "answer.md";

/// The name of the file that holds all that was said on the way.
const WAY_FILE: &str = "on-the-way.md";

/// The name of the file that holds tables which are wider than a phone.
const TABLE_FILE: &str = "table.md";

/// Words that are shown when somebody wants to see them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::session) struct Fold {
    /// What is to be known of them; empty when they are all there.
    pub(in crate::session) note: String,
    /// The words, as Markdown.
    pub(in crate::session) words: String,
    /// All of them, where they are too many for a message.
    pub(in crate::session) file: Option<Body>,
}

/// Returns what was said on the way, folded: so much of it as fits beside other words into one
/// message, and else all of it as a file too.
pub(in crate::session) fn fold(say: Say, words: String) -> Fold {
    let Some(end) = end_of_units(&words, FOLDED_SHOWN) else {
        return Fold {
            words,
            ..Fold::default()
        };
    };
    let length = words.chars().count();
    Fold {
        note: say.way_goes_on(length),
        words: head(&words, end).to_owned(),
        file: Some(Body::Document {
            name: WAY_FILE.to_owned(),
            content: words,
            caption: say.way_file(length),
        }),
    }
}

/// Returns where so many UTF-16 units end, if the text goes on.
fn end_of_units(text: &str, limit: usize) -> Option<usize> {
    let mut used = 0;
    let mut signs = text.char_indices();
    let beyond = signs.find(|(_, sign)| {
        used += sign.len_utf16();
        used > limit
    });
    beyond.map(|(at, _)| at)
}

/// Returns the bodies of an answer.
///
/// What is said about the file stands below the file and never in the text: a text that is cut
/// may end within a block of code, and what followed would be part of it.
pub(in crate::session) fn answer(say: Say, told: Told) -> Vec<Body> {
    let Told { way, answer: text } = told;
    let Fold { note, words, file } = fold(say, way);
    let below = |text| match words.is_empty() {
        true => Body::Markdown(text),
        false => Body::Folded(Folded {
            head: note,
            folded: words,
            text,
        }),
    };
    let length = text.chars().count();
    if length < DOCUMENT_THRESHOLD {
        let tables = table_file(say, &text);
        let text = std::iter::once(below(text));
        return text.chain(tables).chain(file).collect();
    }
    let is_whole = length < HEAD_THRESHOLD;
    let shown = match is_whole {
        true => text.clone(),
        false => head(&text, end_of_head(&text)).to_owned(),
    };
    let document = Body::Document {
        name: ANSWER_FILE.to_owned(),
        content: text,
        caption: match is_whole {
            true => say.answer_file(length),
            false => say.answer_file_and_head(length),
        },
    };
    let bodies = [below(shown), document].into_iter();
    bodies.chain(file).collect()
}

/// Returns the tables of a text that a phone cannot show, as a file.
fn table_file(say: Say, text: &str) -> Option<Body> {
    let content = wide_tables(text);
    (!content.is_empty()).then(|| Body::Document {
        name: TABLE_FILE.to_owned(),
        content,
        caption: say.table_file(),
    })
}

fn end_of_head(text: &str) -> usize {
    let mut signs = text.char_indices();
    signs
        .nth(DOCUMENT_THRESHOLD)
        .map_or(text.len(), |(at, _)| at)
}

/// Cuts before the limit: at the last paragraph, else line, that does not leave it all too short.
fn head(text: &str, limit: usize) -> &str {
    let head = &text[..limit];
    let is_enough = |end: &usize| *end > limit / 2;
    let paragraph = head.rfind("\n\n").filter(is_enough);
    let line = || head.rfind('\n').filter(is_enough);
    &head[..paragraph.or_else(line).unwrap_or(limit)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(way: &str, answer: &str) -> Vec<Body> {
        let (way, text) = (way.to_owned(), answer.to_owned());
        super::answer(Say::default(), Told { way, answer: text })
    }

    /// Returns the text and the caption of an answer that comes with a file.
    fn with_file(text: &str) -> (String, String) {
        let bodies = bodies("", text);
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
        assert_eq!(bodies("", &text), [Body::Markdown(text)]);
    }

    #[test]
    fn a_table_wider_than_a_phone_comes_whole_as_a_file() {
        let table = format!("|a|b|\n|-|-|\n|{}|1|", "x".repeat(50));
        let all = bodies("", &format!("So:\n\n{table}\n"));
        let [Body::Markdown(_), Body::Document { name, content, .. }] = &all[..] else {
            panic!("not a text and a file: {all:?}");
        };
        assert_eq!((name.as_str(), content), ("table.md", &table));
    }

    #[test]
    fn what_was_said_on_the_way_stands_above_the_answer() {
        let folded = Body::Folded(Folded {
            head: String::new(),
            folded: "I look.".to_owned(),
            text: "Blue.".to_owned(),
        });
        assert_eq!(bodies("I look.", "Blue."), [folded]);
    }

    #[test]
    fn a_long_way_is_cut_with_a_word_and_comes_whole_as_a_file() {
        let way = "Größer als gedacht 😀.\n\n".repeat(400);
        let all = bodies(&way, "Blue.");
        let [Body::Folded(words), Body::Document { name, content, .. }] = &all[..] else {
            panic!("not a text and a file: {all:?}");
        };
        assert!(way.starts_with(&words.folded));
        let n_units = words.folded.encode_utf16().count();
        assert!((FOLDED_SHOWN / 2..=FOLDED_SHOWN).contains(&n_units));
        assert!(words.head.contains("on-the-way.md"), "{}", words.head);
        assert_eq!((name.as_str(), content), ("on-the-way.md", &way));
        let long = bodies(&way, &"a".repeat(HEAD_THRESHOLD));
        assert_eq!(long.len(), 3);
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
