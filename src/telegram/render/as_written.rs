//! Signs that Markdown would take for markup and people do not.
//!
//! `__init__.py`, `**/*.ts` and `\( a \)` lose signs when they are read as emphasis and escapes, and
//! emphasis beside Chinese or Japanese is not seen, since Markdown looks for gaps between words.
//! [`readied`] puts a backslash before what is to stay, and [`Readied::mark`] where a gap is missing.
//! Code, HTML and addresses are left alone.

mod word;

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthChar;

pub(super) use word::is_bracket_or_stop;
use word::{Run, Shape, run_length};

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
    // Most texts need nothing: then what is code in them need not be found out.
    readier.prose(0..markdown.len());
    if readier.text == markdown {
        return Readied {
            markdown: Cow::Borrowed(markdown),
            mark: None,
        };
    }
    readier.text.clear();
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
    if hides_words(markdown, &readier.text, options) {
        return Readied {
            markdown: Cow::Borrowed(markdown),
            mark: None,
        };
    }
    Readied {
        markdown: Cow::Owned(readier.text),
        mark,
    }
}

/// Tells whether brackets that became text make a definition of a link of what was none: Markdown
/// shows nothing of it.
fn hides_words(markdown: &str, readied: &str, options: Options) -> bool {
    let definitions = |text| {
        let parser = Parser::new_ext(text, options);
        parser.reference_definitions().iter().count()
    };
    readied.contains("]:") && definitions(readied) > definitions(markdown)
}

/// Returns the parts that are no prose, in order: code, HTML, the addresses of links and what
/// defines them.
fn kept_parts(markdown: &str, options: Options) -> Vec<Range<usize>> {
    let events = Parser::new_ext(markdown, options).into_offset_iter();
    let definitions = events.reference_definitions().iter();
    let mut parts: Vec<_> = definitions.map(|(_, it)| it.span.clone()).collect();
    let mut last_inside = 0;
    for (event, range) in events {
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
        let mut is_escaped = false;
        for sign in formula.chars() {
            let is_markup = matches!(sign, '\\' | '*' | '_' | '[' | ']' | '<' | '`' | '~');
            // The backslash before it is shown and escapes nothing any more.
            if is_markup || is_escaped && matches!(sign, '&' | '"' | '\'') {
                self.text.push('\\');
            }
            self.text.push(sign);
            is_escaped = sign == '\\' && !is_escaped;
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
                '\\' if shape.is_windows_path => {
                    self.text.push_str(r"\\");
                    if let Some((_, next)) = rest.next_if(|(_, next)| is_other_markup(*next)) {
                        self.text.extend(['\\', next]);
                    }
                }
                // What is escaped already stays so; what needs no escape keeps its backslash.
                '\\' => {
                    let next = rest.peek().map(|(_, next)| *next);
                    if next.is_some_and(keeps_its_backslash) {
                        self.text.push_str(r"\\");
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

/// Tells whether a backslash makes text of a sign that is no emphasis: behind one that is shown it
/// needs another.
fn is_other_markup(sign: char) -> bool {
    sign.is_ascii_punctuation() && !matches!(sign, '\\' | '*' | '_')
}

/// Markdown drops a backslash before any punctuation; before these it is never one of Markdown.
fn keeps_its_backslash(next: char) -> bool {
    matches!(
        next,
        '{' | '}' | ',' | ';' | ':' | '%' | '/' | '=' | '"' | '\'' | '?' | '@' | '^'
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
