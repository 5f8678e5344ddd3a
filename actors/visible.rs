//! Pure: text that somebody decides by, with everything shown that would otherwise hide.
//!
//! A command can hold signs that a screen does not show or that reorder what it shows. Whoever
//! approves a command has to see them. What [`visible`] returns is read back by [`hidden_again`],
//! so two different texts never look the same.

/// Opens the name of a sign that would not be seen; stands for itself only by its name.
const OPEN: char = '⟦';

/// Closes the name.
const CLOSE: char = '⟧';

/// Signs that count as printable and show nothing.
const BLANK: &[char] = &[
    '\u{34f}', '\u{115f}', '\u{1160}', '\u{17b4}', '\u{17b5}', '\u{2800}', '\u{3164}', '\u{ffa0}',
];

/// Returns a text in which every sign can be seen: what cannot stands as `⟦U+202E⟧`.
///
/// Line feeds, tabs and spaces stay, except where nobody could see them: at the end of a line or
/// of the text.
pub fn visible(text: &str) -> String {
    let end_of_words = text.trim_end_matches('\n').len();
    let mut shown = String::with_capacity(text.len());
    for (at, sign) in text.char_indices() {
        let is_seen = match sign {
            '\n' => at < end_of_words,
            ' ' | '\t' => has_words_after(&text[at..]),
            OPEN => false,
            _ => is_printable(sign),
        };
        if is_seen {
            shown.push(sign);
        } else {
            shown.push_str(&format!("{OPEN}U+{:04X}{CLOSE}", u32::from(sign)));
        }
    }
    shown
}

/// Returns the text that [`visible`] made visible.
pub fn hidden_again(shown: &str) -> String {
    let mut text = String::with_capacity(shown.len());
    let mut rest = shown;
    while let Some((before, after)) = rest.split_once(OPEN) {
        text.push_str(before);
        let named = after.split_once(CLOSE).and_then(|(name, after)| {
            let number = u32::from_str_radix(name.strip_prefix("U+")?, 16).ok()?;
            Some((char::from_u32(number)?, after))
        });
        rest = match named {
            Some((sign, after)) => {
                text.push(sign);
                after
            }
            None => {
                text.push(OPEN);
                after
            }
        };
    }
    text.push_str(rest);
    text
}

/// Tells whether the line goes on to something that is seen.
fn has_words_after(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\t']);
    !rest.is_empty() && !rest.starts_with('\n')
}

/// The standard library knows which signs print; behind a letter, marks that combine do.
fn is_printable(sign: char) -> bool {
    let is_selector = matches!(sign, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    let quoted = matches!(sign, '\'' | '"' | '\\');
    let behind_a_letter: String = ['x', sign].iter().collect();
    let prints = behind_a_letter.escape_debug().count() == 2;
    (prints || quoted) && !is_selector && !BLANK.contains(&sign)
}

#[cfg(test)]
mod tests;
