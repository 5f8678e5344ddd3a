//! Pure: text that somebody decides by, with everything shown that would otherwise hide.
//!
//! A command can hold signs that a screen does not show or that reorder what it shows. Whoever
//! approves a command has to see them. What [`visible`] returns is read back by [`hidden_again`],
//! so no two different texts are shown by the same signs. Letters of different scripts can still
//! look alike: [`mixed_words`](crate::scripts::mixed_words) finds words that mix them.

/// Opens the name of a sign that would not be seen; stands for itself only by its name.
const OPEN: char = '⟦';

/// Closes the name.
const CLOSE: char = '⟧';

/// Stands between the name of a sign and how often it follows itself.
const TIMES: char = '×';

/// A run of blanks that is wider than this, in columns, is folded: more would push what stands
/// behind it out of the screen of a phone.
const SHOWN_BLANKS: usize = 64;

/// As many line feeds count as much.
const SHOWN_LINE_FEEDS: usize = 8;

/// How often a sign follows itself at most: more than any text has that somebody decides by.
const MOST_TIMES: usize = 64 * 1024 * 1024;

/// How wide a tab is at most, in columns.
const TAB_WIDTH: usize = 8;

/// Stands for a line feed where all has to be on one line.
const LINE_FEED: char = '⏎';

/// Signs that show nothing, or that a screen may leave out, first and last of each range.
const UNSEEN: &[(char, char)] = &[
    // Default_Ignorable_Code_Point, from DerivedCoreProperties.txt of Unicode.
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fff8}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
    // Blank by their names: the pattern of braille without a dot, the note head without a head,
    // the filler of Khitan; what only joins (Tifinagh, Brahmi) or arranges (the hieroglyphs) its
    // neighbours; what stands for an object that is not there.
    ('\u{2800}', '\u{2800}'),
    ('\u{2d7f}', '\u{2d7f}'),
    ('\u{fffc}', '\u{fffc}'),
    ('\u{1107f}', '\u{1107f}'),
    ('\u{13430}', '\u{1345f}'),
    ('\u{16fe4}', '\u{16fe4}'),
    ('\u{1d159}', '\u{1d159}'),
];

/// Returns a text in which every sign can be seen: what cannot stands as `⟦U+202E⟧`.
///
/// Line feeds, tabs and spaces stay, except where nobody could see them, at the end of a line or
/// of the text, and where there are so many that nobody would see what follows: those stand as
/// `⟦U+000A×120⟧`. Takes time linear in the text, which can be megabytes.
pub fn visible(text: &str) -> String {
    let end_of_words = text.trim_end_matches('\n').len();
    let mut spaces = Spaces::default();
    shown(text, |at, sign| match sign {
        '\n' if at < end_of_words => Look::AsItIs,
        '\n' => Look::Named,
        ' ' | '\t' => spaces.look(text, at),
        _ => look_of(sign),
    })
}

/// Returns the same in one line, with `⏎` for each line feed: a text that stands in a line of
/// ours cannot begin a line that looks like another of ours.
pub fn visible_line(text: &str) -> String {
    let mut spaces = Spaces::default();
    let line = shown(text, |at, sign| match sign {
        '\n' => Look::AsItIs,
        LINE_FEED => Look::Named,
        ' ' | '\t' => spaces.look(text, at),
        _ => look_of(sign),
    });
    line.replace('\n', LINE_FEED.encode_utf8(&mut [0; 4]))
}

/// Returns the text that [`visible`] made visible. A sign that claims to follow itself more often
/// than any text has it is left as it stands.
pub fn hidden_again(shown: &str) -> String {
    let mut text = String::with_capacity(shown.len());
    let mut rest = shown;
    while let Some((before, after)) = rest.split_once(OPEN) {
        text.push_str(before);
        let named = after.split_once(CLOSE).and_then(|(name, after)| {
            let name = name.strip_prefix("U+")?;
            let (number, times) = match name.split_once(TIMES) {
                Some((number, times)) => (number, times.parse().ok()?),
                None => (name, 1),
            };
            let number = u32::from_str_radix(number, 16).ok()?;
            let sign = char::from_u32(number)?;
            (times <= MOST_TIMES).then_some((sign, times, after))
        });
        rest = match named {
            Some((sign, times, after)) => {
                text.extend(std::iter::repeat_n(sign, times));
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

/// How a sign is shown.
#[derive(Clone, Copy, PartialEq)]
enum Look {
    AsItIs,
    Named,
}

fn shown(text: &str, mut look: impl FnMut(usize, char) -> Look) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(sign) = text[at..].chars().next() {
        let length = match sign {
            ' ' | '\t' | '\n' => {
                let run = run_of_blanks(&text[at..]);
                if is_long(run) {
                    fold(run, &mut shown);
                    at += run.len();
                    continue;
                }
                run.len()
            }
            _ => sign.len_utf8(),
        };
        for (within, sign) in text[at..at + length].char_indices() {
            match look(at + within, sign) {
                Look::AsItIs => shown.push(sign),
                Look::Named => shown.push_str(&name_of(sign)),
            }
        }
        at += length;
    }
    shown
}

/// Returns the line feeds, or the spaces and tabs, that a text begins with.
fn run_of_blanks(text: &str) -> &str {
    let is_blank: fn(char) -> bool = match text.starts_with('\n') {
        true => |sign| sign == '\n',
        false => |sign| matches!(sign, ' ' | '\t'),
    };
    let end = text.find(|sign| !is_blank(sign)).unwrap_or(text.len());
    &text[..end]
}

/// Tells whether a run of blanks would push what stands behind it out of sight.
fn is_long(run: &str) -> bool {
    let width = |sign| match sign {
        '\n' => SHOWN_BLANKS / SHOWN_LINE_FEEDS,
        '\t' => TAB_WIDTH,
        _ => 1,
    };
    run.len() > 1 && run.chars().map(width).sum::<usize>() > SHOWN_BLANKS
}

/// Writes a run with the number of each sign in it.
fn fold(run: &str, shown: &mut String) {
    let mut rest = run;
    while let Some(sign) = rest.chars().next() {
        let after = rest.trim_start_matches(sign);
        match rest.len() - after.len() {
            1 => shown.push_str(&name_of(sign)),
            count => {
                let number = u32::from(sign);
                shown.push_str(&format!("{OPEN}U+{number:04X}{TIMES}{count}{CLOSE}"));
            }
        }
        rest = after;
    }
}

fn name_of(sign: char) -> String {
    format!("{OPEN}U+{:04X}{CLOSE}", u32::from(sign))
}

/// The run of spaces and tabs that was met last: where it ends, and how all of it is shown.
#[derive(Default)]
struct Spaces(Option<(usize, Look)>);

impl Spaces {
    /// Returns how the space in this place is shown: as it is if its line goes on to something
    /// that is seen. The end of a run is looked for once.
    fn look(&mut self, text: &str, at: usize) -> Look {
        if let Some((end, look)) = self.0
            && at < end
        {
            return look;
        }
        let rest = text[at..].trim_start_matches([' ', '\t']);
        let look = match rest.is_empty() || rest.starts_with('\n') {
            true => Look::Named,
            false => Look::AsItIs,
        };
        self.0 = Some((text.len() - rest.len(), look));
        look
    }
}

/// The standard library knows which signs print; behind a letter, marks that combine do.
/// Tells whether a sign can be seen where it stands; spaces count as seen, line feeds do not.
pub fn is_seen(sign: char) -> bool {
    match look_of(sign) {
        Look::AsItIs => true,
        Look::Named => false,
    }
}

fn look_of(sign: char) -> Look {
    let is_seen = match sign {
        '!'..='~' => true,
        OPEN => false,
        _ => prints_behind_a_letter(sign) && !is_unseen(sign),
    };
    match is_seen {
        true => Look::AsItIs,
        false => Look::Named,
    }
}

fn prints_behind_a_letter(sign: char) -> bool {
    let mut pair = [b'x'; 5];
    let length = 1 + sign.encode_utf8(&mut pair[1..]).len();
    let pair = str::from_utf8(&pair[..length]);
    pair.is_ok_and(|pair| pair.escape_debug().count() == 2)
}

fn is_unseen(sign: char) -> bool {
    (UNSEEN.iter()).any(|(first, last)| (*first..=*last).contains(&sign))
}

#[cfg(test)]
mod tests;
