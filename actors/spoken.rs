//! Pure: the words in what a program printed that has listened to a recording.
//!
//! The program may be any, and what was played to it as well: what is shown to a person and given to
//! Claude is plain text of which every sign can be seen.

use crate::sent_file::HearingFault;
use crate::visible::is_seen;

/// What whisper.cpp prints where nobody speaks.
const BLANK: &str = "[BLANK_AUDIO]";

/// Signs that cannot be seen but spell words: those that join letters and those that part them, in
/// Persian or in emoji, and the one that colours an emoji.
const SPELLING: [char; 3] = ['\u{200c}', '\u{200d}', '\u{fe0f}'];

/// Returns the words that were heard.
///
/// # Errors
///
/// When it is no text, or there is no word in it.
pub fn words_in(output: Vec<u8>) -> Result<String, HearingFault> {
    let text = String::from_utf8(output).map_err(|_| HearingFault::NoText)?;
    let text = without_escapes(&text).replace("\r\n", "\n");
    let text = text.replace('\r', "\n").replace(BLANK, "");
    let mut words = String::with_capacity(text.len());
    let mut is_gap = false;
    for line in text.lines() {
        let line: String = line.chars().filter_map(plain).collect();
        let line = line.trim();
        if line.is_empty() {
            is_gap = !words.is_empty();
            continue;
        }
        match (words.is_empty(), is_gap) {
            (true, _) => {}
            (false, true) => words.push_str("\n\n"),
            (false, false) => words.push('\n'),
        }
        is_gap = false;
        words.push_str(line);
    }
    match words.chars().any(char::is_alphanumeric) {
        true => Ok(words),
        false => Err(HearingFault::Silence),
    }
}

fn plain(sign: char) -> Option<char> {
    match sign {
        space if space.is_whitespace() => Some(' '),
        _ => (is_seen(sign) || SPELLING.contains(&sign)).then_some(sign),
    }
}

/// Drops what a terminal takes for an order: `ESC [ … letter`, `ESC ] … BEL`, and `ESC` with the sign
/// behind it.
fn without_escapes(text: &str) -> String {
    const ESCAPE: char = '\u{1b}';
    const BELL: char = '\u{7}';
    let mut kept = String::with_capacity(text.len());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        if sign != ESCAPE {
            kept.push(sign);
            continue;
        }
        match signs.next() {
            Some('[') => drop(signs.find(|sign| ('\u{40}'..='\u{7e}').contains(sign))),
            Some(']') => drop(signs.find(|sign| *sign == BELL)),
            Some(_) | None => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(output: &str, expected: &str) {
        assert_eq!(words_in(output.into()), Ok(expected.to_owned()));
    }

    #[test]
    fn words_are_words_without_what_stands_around_them() {
        check(" Make tea.\n", "Make tea.");
        check(
            "\u{feff}\n one \r\n two\t\n\n\n\n three",
            "one\ntwo\n\nthree",
        );
        check("[BLANK_AUDIO]\n So.\n[BLANK_AUDIO]", "So.");
        check("می\u{200c}خواهم ❤\u{fe0f}", "می\u{200c}خواهم ❤\u{fe0f}");
    }

    #[test]
    fn what_a_terminal_obeys_or_nobody_sees_is_left_out() {
        check(
            "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}tea\u{8}\u{0}",
            "red tea",
        );
        check("a\u{202e}b\u{2066}c\u{e0041}d\u{200b}e", "abcde");
        check("/stop @/etc/passwd !now", "/stop @/etc/passwd !now");
    }

    #[test]
    fn no_words_and_no_text_are_faults() {
        for silence in [
            "",
            " \n\t",
            "[BLANK_AUDIO]",
            "…",
            "\u{202e}\u{1b}[0m",
            "♪ ♪",
        ] {
            assert_eq!(words_in(silence.into()), Err(HearingFault::Silence));
        }
        assert_eq!(words_in(b"tea \xff".to_vec()), Err(HearingFault::NoText));
    }

    proptest! {
        #[test]
        fn whatever_is_printed_every_sign_can_be_seen(output in any::<Vec<u8>>(), text in ".*") {
            for output in [output, text.into_bytes()] {
                if let Ok(words) = words_in(output) {
                    let is_plain = |sign: char| {
                        sign == '\n' || is_seen(sign) || SPELLING.contains(&sign)
                    };
                    prop_assert!(words.chars().all(is_plain));
                    prop_assert_eq!(words.trim(), words.as_str());
                }
            }
        }
    }
}
