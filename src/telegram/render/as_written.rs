//! Signs that Markdown would take for markup and people do not.
//!
//! `__init__.py`, `**/*.ts` and `\( a \)` lose signs when they are read as emphasis and escapes, and
//! emphasis beside Chinese or Japanese is not seen, since Markdown looks for gaps between words.
//! [`readied`] puts a backslash before what is to stay, and [`Readied::mark`] where a gap is missing.
//! Code, HTML and addresses are left alone.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthChar;

/// Signs that count as punctuation for Markdown, and that hardly anybody writes; one that the text
/// does not have stands for a gap.
const MARKS: [char; 3] = ['\u{FE45}', '\u{2E22}', '\u{A6F3}'];

/// How far the end of a formula may be from its beginning, in bytes.
const MAX_FORMULA: usize = 2_000;

/// Markdown whose markup is what its writer meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Readied<'a> {
    pub(super) markdown: Cow<'a, str>,
    /// Stands where a gap is missing, and is not to be shown.
    pub(super) mark: Option<char>,
}

/// Readies Markdown to be read. Takes time linear in the text.
pub(super) fn readied(markdown: &str, options: Options) -> Readied<'_> {
    if !markdown.contains(['*', '_', '\\', '$']) {
        return Readied {
            markdown: Cow::Borrowed(markdown),
            mark: None,
        };
    }
    let mark = MARKS.into_iter().find(|mark| !markdown.contains(*mark));
    let mut readier = Readier {
        source: markdown,
        mark,
        text: String::with_capacity(markdown.len() + markdown.len() / 16),
    };
    let mut at = 0;
    for kept in kept_parts(markdown, options) {
        if kept.start > at {
            readier.prose(at..kept.start);
        }
        let start = kept.start.max(at);
        if kept.end > start {
            readier.text.push_str(&markdown[start..kept.end]);
            at = kept.end;
        }
    }
    readier.prose(at..markdown.len());
    Readied {
        markdown: Cow::Owned(readier.text),
        mark,
    }
}

/// Returns the parts that are no prose, in order: code, HTML, the addresses of links.
fn kept_parts(markdown: &str, options: Options) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut last_inside = 0;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        match &event {
            Event::Code(_)
            | Event::InlineHtml(_)
            | Event::Html(_)
            | Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => parts.push(range.clone()),
            Event::Start(Tag::Link { link_type, .. }) if is_bare(*link_type) => {
                parts.push(range.clone());
            }
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => last_inside = range.start + 1,
            // Behind the text of a link comes its address.
            Event::End(TagEnd::Link | TagEnd::Image) if last_inside < range.end => {
                parts.push(last_inside..range.end);
            }
            Event::Start(_)
            | Event::End(_)
            | Event::Text(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
        if !matches!(event, Event::Start(_)) {
            last_inside = range.end;
        }
    }
    parts.sort_by_key(|part| part.start);
    parts
}

/// Tells whether a link is nothing but its address.
fn is_bare(link: LinkType) -> bool {
    matches!(link, LinkType::Autolink | LinkType::Email)
}

struct Readier<'a> {
    source: &'a str,
    mark: Option<char>,
    text: String,
}

impl Readier<'_> {
    /// Readies a part of the text that has no code.
    fn prose(&mut self, part: Range<usize>) {
        let mut at = part.start;
        while at < part.end {
            let rest = &self.source[at..part.end];
            let length = if let Some(formula) = formula_at(rest) {
                self.formula(formula);
                formula.len()
            } else {
                let gap = rest.len() - rest.trim_start().len();
                if gap > 0 {
                    self.text.push_str(&rest[..gap]);
                    gap
                } else {
                    let end = word_end(rest);
                    self.word(at..at + end);
                    end
                }
            };
            at += length;
        }
    }

    /// Writes a formula with a backslash before each sign that would be markup.
    fn formula(&mut self, formula: &str) {
        for sign in formula.chars() {
            if matches!(sign, '\\' | '*' | '_' | '[' | ']' | '<' | '`' | '~') {
                self.text.push('\\');
            }
            self.text.push(sign);
        }
    }

    fn word(&mut self, range: Range<usize>) {
        let word = &self.source[range.clone()];
        if !word.contains(['*', '_', '\\']) {
            self.text.push_str(word);
            return;
        }
        let shape = Shape::of(word);
        let mut rest = word.char_indices().peekable();
        while let Some((at, sign)) = rest.next() {
            match sign {
                '\\' if shape.is_windows_path => self.text.push_str(r"\\"),
                // What is escaped already stays so; what needs no escape keeps its backslash.
                '\\' => {
                    let next = rest.peek().map(|(_, next)| *next);
                    if next.is_some_and(keeps_its_backslash) {
                        self.text.push('\\');
                    }
                    self.text.push('\\');
                    if let Some((_, next)) = rest.next() {
                        self.text.push(next);
                    }
                }
                '*' | '_' => {
                    let length = run_length(&word[at..], sign);
                    let run = Run {
                        start: at,
                        end: at + length,
                        sign,
                    };
                    for _ in 1..length {
                        rest.next();
                    }
                    self.run(word, &shape, &run, range.start);
                }
                other => self.text.push(other),
            }
        }
    }

    /// Writes signs of emphasis: as text, or as markup with the gaps that it needs.
    fn run(&mut self, word: &str, shape: &Shape, run: &Run, word_start: usize) {
        if shape.is_literal(word, run) {
            for _ in run.start..run.end {
                self.text.push('\\');
                self.text.push(run.sign);
            }
            return;
        }
        let (start, end) = (word_start + run.start, word_start + run.end);
        let before = self.source[..start].chars().next_back();
        let after = self.source[end..].chars().next();
        let lacks_gap_before =
            before.is_some_and(is_wide_letter) && after.is_some_and(is_punctuation);
        let lacks_gap_after =
            after.is_some_and(is_wide_letter) && before.is_some_and(is_punctuation);
        if run.sign == '*' && lacks_gap_before {
            self.text.extend(self.mark);
        }
        self.text.push_str(&word[run.start..run.end]);
        if run.sign == '*' && lacks_gap_after {
            self.text.extend(self.mark);
        }
    }
}

/// A run of stars or underscores in a word.
struct Run {
    start: usize,
    end: usize,
    sign: char,
}

/// What a word as a whole says about the signs in it.
struct Shape {
    /// Its name is `__so__`: every underscore belongs to it.
    is_dunder: bool,
    /// It begins with the letter of a drive: its backslashes lead to folders.
    is_windows_path: bool,
    /// It holds a path, a call or an address.
    is_technical: bool,
    /// It begins and ends with the same run and has no other of its sign.
    is_wrapped: bool,
}

impl Shape {
    fn of(word: &str) -> Self {
        let inner = word.trim_matches(|sign: char| is_bracket_or_stop(sign));
        let sign = inner
            .chars()
            .next()
            .filter(|sign| matches!(sign, '*' | '_'));
        let is_wrapped = sign.is_some_and(|sign| {
            let lead = run_length(inner, sign);
            let trail = inner.len() - inner.trim_end_matches(sign).len();
            let middle = inner.get(lead..inner.len() - trail).unwrap_or_default();
            lead == trail && !middle.is_empty() && !middle.contains(sign)
        });
        let mut signs = inner.chars();
        let is_windows_path = signs.next().is_some_and(|sign| sign.is_ascii_alphabetic())
            && signs.as_str().starts_with(r":\");
        Self {
            is_dunder: has_dunder(inner),
            is_windows_path,
            is_technical: is_windows_path
                || inner.contains(['/', '('])
                || inner.contains("::")
                || has_inner_dot(inner),
            is_wrapped,
        }
    }

    /// Tells whether a run is text, not markup.
    fn is_literal(&self, word: &str, run: &Run) -> bool {
        let before = word[..run.start].chars().next_back();
        let mut rest = word[run.end..].chars();
        let (after, later) = (rest.next(), rest.next());
        match run.sign {
            '_' => self.is_dunder || self.is_technical && !self.is_wrapped,
            _ if self.is_wrapped => false,
            _ => is_glob(before, after, later) || is_product(before, after, run),
        }
    }
}

/// Tells whether stars between these signs are those of a pattern of file names.
fn is_glob(before: Option<char>, after: Option<char>, later: Option<char>) -> bool {
    let names_on = |sign: Option<char>| sign.is_some_and(|it| it.is_alphanumeric() || it == '{');
    let opens =
        before.is_none_or(|it| matches!(it, '/' | '(' | '[' | '{' | '"' | '\'' | ',' | '=' | ':'));
    let names_an_end = matches!(after, Some('.' | '_' | '-')) && names_on(later);
    let is_folder = after == Some('/');
    let ends = after.is_none_or(is_bracket_or_stop);
    opens && (names_an_end || is_folder)
        || before == Some('/') && ends
        || matches!(before, Some('_' | '-' | '.')) && (names_an_end || ends)
}

/// Tells whether a star stands between factors, as in `2*3*4`.
fn is_product(before: Option<char>, after: Option<char>, run: &Run) -> bool {
    let is_factor = |sign: Option<char>| sign.is_some_and(|it| it.is_ascii_alphanumeric());
    run.end - run.start == 1 && is_factor(before) && is_factor(after)
}

/// Tells whether a word has a name such as `__init__`, in small letters.
fn has_dunder(word: &str) -> bool {
    let Some((_, rest)) = word.split_once("__") else {
        return false;
    };
    let name = rest.split("__").next().unwrap_or_default();
    let is_name = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_';
    !name.is_empty() && name.len() + 2 <= rest.len() && name.chars().all(is_name)
}

/// Tells whether a word goes on behind a dot, as the name of a file does.
fn has_inner_dot(word: &str) -> bool {
    let mut dots = word.match_indices('.');
    dots.any(|(at, _)| {
        let next = word[at + 1..].chars().next();
        next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '_')
    })
}

/// Returns a formula between `$$`, `\(` and `\)` or `\[` and `\]` that the text begins with.
fn formula_at(text: &str) -> Option<&str> {
    let close = match text.get(..2)? {
        "$$" => "$$",
        r"\(" => r"\)",
        r"\[" => r"\]",
        _ => return None,
    };
    let mut end = text.len().min(MAX_FORMULA);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let paragraph = text[..end].split("\n\n").next()?;
    let inside = &paragraph[2..2 + paragraph.get(2..)?.find(close)?];
    // A link that somebody escaped is no formula.
    let is_formula = close != r"\]" || inside.contains(['=', '^', '\\', '+', '\n', ' ']);
    (is_formula && !inside.trim().is_empty()).then(|| &text[..inside.len() + 4])
}

/// Returns where the word that a text begins with ends: before a gap, or before a formula.
fn word_end(text: &str) -> usize {
    let mut signs = text.char_indices();
    signs.next();
    let end = signs.find(|(at, sign)| {
        let may_begin = matches!(sign, '\\' | '$');
        sign.is_whitespace() || may_begin && formula_at(&text[*at..]).is_some()
    });
    end.map_or(text.len(), |(at, _)| at)
}

fn run_length(text: &str, sign: char) -> usize {
    text.len() - text.trim_start_matches(sign).len()
}

/// Markdown drops a backslash before any punctuation; before these it is never one of Markdown.
fn keeps_its_backslash(next: char) -> bool {
    matches!(
        next,
        '{' | '}' | ',' | ';' | ':' | '%' | '/' | '=' | '"' | '\'' | '?' | '@' | '^'
    )
}

fn is_bracket_or_stop(sign: char) -> bool {
    matches!(
        sign,
        '(' | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '"'
            | '\''
            | '“'
            | '”'
            | '‘'
            | '’'
            | '.'
            | ','
            | ';'
            | ':'
            | '!'
            | '?'
    )
}

/// Tells whether a sign is a letter of a script that is written without gaps between words.
fn is_wide_letter(sign: char) -> bool {
    sign.is_alphanumeric() && sign.width() == Some(2)
}

/// Tells whether Markdown takes a sign for punctuation, other than that of emphasis.
fn is_punctuation(sign: char) -> bool {
    !sign.is_alphanumeric() && !sign.is_whitespace() && !sign.is_control() && sign != '*'
}

#[cfg(test)]
mod tests;
