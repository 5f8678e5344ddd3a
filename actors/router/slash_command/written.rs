//! How people write a command.

/// The slash, as keyboards give it: the full-width one of Chinese and Japanese ones, and those of
/// fractions and of mathematics.
const SLASHES: [char; 4] = ['/', '\u{ff0f}', '\u{2044}', '\u{2215}'];

/// What people put behind a command that is no part of it, of the signs of ASCII. A slash, a dot
/// with letters behind it and the like make it a path or a pattern.
const AFTER_COMMAND: [char; 8] = ['.', ',', ':', ';', '!', '?', '~', '\''];

/// A command as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written<'a> {
    /// Its name, without slash.
    pub(super) name: &'a str,
    /// The bot that it names.
    pub(super) addressee: Option<&'a str>,
    /// What stands behind it.
    pub(super) rest: Option<&'a str>,
}

impl<'a> Written<'a> {
    /// Returns the command that a text begins with, if it begins like one.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let text = without_ends(text);
        let command = text.strip_prefix(SLASHES)?;
        let (word, rest) = match command.split_once(char::is_whitespace) {
            Some((word, rest)) => (
                word,
                Some(without_ends(rest)).filter(|rest| !rest.is_empty()),
            ),
            None => (command, None),
        };
        let word = without_sentence_end(word);
        let (name, addressee) = match word.split_once('@') {
            Some((name, addressee)) => (name, Some(addressee)),
            None => (word, None),
        };
        Some(Self {
            name,
            addressee,
            rest,
        })
    }
}

/// Tells whether a text begins with a command that names no bot.
pub(super) fn is_bare_word(text: &str) -> bool {
    let command = without_ends(text).strip_prefix(SLASHES);
    command.is_some_and(|command| {
        let word = command.split(char::is_whitespace).next();
        !word.unwrap_or_default().contains('@')
    })
}

/// Returns the one word of an argument as it is meant: in small letters, without what people put
/// behind it.
pub(super) fn plain_word(written: &str) -> String {
    without_sentence_end(written).to_ascii_lowercase()
}

/// Takes off what nobody sees around a text.
fn without_ends(text: &str) -> &str {
    text.trim_matches(|end: char| end.is_whitespace() || is_invisible(end))
}

/// Takes the signs of a sentence, or of a mood, off the end of a word.
fn without_sentence_end(word: &str) -> &str {
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '@');
    let end = word.find(|sign| !is_name(sign)).unwrap_or(word.len());
    let (name, signs) = word.split_at(end);
    let is_sign = |sign: char| match sign.is_ascii() {
        true => AFTER_COMMAND.contains(&sign),
        false => !sign.is_alphanumeric(),
    };
    if signs.chars().all(is_sign) {
        name
    } else {
        word
    }
}

fn is_invisible(sign: char) -> bool {
    matches!(
        sign,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe0e}' | '\u{fe0f}' | '\u{feff}'
    )
}
