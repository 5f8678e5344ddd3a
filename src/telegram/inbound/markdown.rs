//! Pure: a text and its entities, as Markdown that means the same.
//!
//! Signs are only ever added: whatever the entities are like, the text stays whole and in order.

use std::ops::Range;

use bridge_actors::router::begins_like_a_command;
use bridge_actors::visible::visible_line;

use crate::telegram::update::Entity;

/// The longest name of a language that a fence bears; those in use are shorter.
const MAX_LANGUAGE_NAME: usize = 32;

/// Returns the part of a text from a place on, with what its entities mean.
///
/// Links, code and quotes are marked, the rest stays plain. What makes a text a command, its first
/// word behind a slash or an exclamation mark in front, is left as it is.
pub(super) fn markdown(text: &str, from: usize, entities: &[Entity]) -> String {
    let first = from + head(&text[from..]);
    let spans = Spans::of(text, from..first, entities);
    let mut out = Out::default();
    let mut done = from;
    for (at, event) in spans.events() {
        out.push(&text[done..at]);
        done = at;
        out.on_event(event, &text[at..]);
    }
    out.push(&text[done..]);
    out.text
}

/// Returns how much at the start of a text makes it a command; 0 if it is none.
fn head(text: &str) -> usize {
    if text.starts_with('!') {
        return 1;
    }
    let places = text.char_indices().map(|(at, _)| at);
    let slash = places.take_while(|at| begins_like_a_command(&text[*at..]));
    slash.last().map_or(0, |slash| {
        let word = text[slash..].find(char::is_whitespace);
        word.map_or(text.len(), |length| slash + length)
    })
}

/// What is marked, by place in the text.
#[derive(Default)]
struct Spans<'a> {
    /// In order and apart from each other.
    code: Vec<Code<'a>>,
    /// In order and apart from each other.
    quotes: Vec<Range<usize>>,
    /// Where a link ends, and where it leads.
    links: Vec<(usize, &'a str)>,
}

struct Code<'a> {
    range: Range<usize>,
    open: String,
    close: String,
    is_fence: bool,
    language: &'a str,
}

/// What happens in a place; in the order in which it does so in one and the same place.
#[derive(Clone, Copy)]
enum Event<'a> {
    CodeEnds(&'a Code<'a>),
    LinkEnds(&'a str),
    QuoteEnds,
    QuoteBegins,
    CodeBegins(&'a Code<'a>),
}

impl Event<'_> {
    fn rank(&self) -> u8 {
        match self {
            Event::CodeEnds(_) => 0,
            Event::LinkEnds(_) => 1,
            Event::QuoteEnds => 2,
            Event::QuoteBegins => 3,
            Event::CodeBegins(_) => 4,
        }
    }
}

impl<'a> Spans<'a> {
    fn of(text: &str, head: Range<usize>, entities: &'a [Entity]) -> Self {
        let mut spans = Self::default();
        let first = head.end;
        for entity in entities {
            let covered = clamped(text, entity);
            if covered.end <= head.start && head.start > 0 {
                continue;
            }
            // Code that a command begins in would be torn apart.
            let is_whole = covered.start >= first;
            let range = first.max(covered.start)..first.max(covered.end);
            match entity.kind.as_str() {
                "code" | "pre" if is_whole => spans.code.extend(code(text, range, entity)),
                "blockquote" | "expandable_blockquote" => spans.quotes.extend(quote(text, range)),
                "text_link" => spans.links.extend(link(text, range, covered, entity)),
                _ => {}
            }
        }
        spans.settle();
        spans
    }

    /// Takes apart what overlaps: of two stretches of code the first one stays, a quote holds all
    /// of the code that it touches, a link ends behind the code that it ends in.
    fn settle(&mut self) {
        self.code
            .sort_by_key(|code| (code.range.start, usize::MAX - code.range.end));
        let mut end = 0;
        self.code.retain(|code| {
            let is_apart = code.range.start >= end;
            end = end.max(code.range.end);
            is_apart
        });
        for quote in &mut self.quotes {
            for Code { range, .. } in &self.code {
                if range.start < quote.end && quote.start < range.end {
                    *quote = quote.start.min(range.start)..quote.end.max(range.end);
                }
            }
        }
        self.quotes.sort_by_key(|quote| quote.start);
        self.quotes.dedup_by(|later, earlier| {
            let is_one = later.start < earlier.end;
            if is_one {
                earlier.end = earlier.end.max(later.end);
            }
            is_one
        });
        for (end, _) in &mut self.links {
            let around = (self.code.iter()).find(|code| code.range.contains(end));
            *end = around.map_or(*end, |code| match code.range.start == *end {
                true => *end,
                false => code.range.end,
            });
        }
    }

    fn events(&'a self) -> Vec<(usize, Event<'a>)> {
        let code = self.code.iter().flat_map(|code| {
            [
                (code.range.start, Event::CodeBegins(code)),
                (code.range.end, Event::CodeEnds(code)),
            ]
        });
        let quotes = self.quotes.iter().flat_map(|quote| {
            [
                (quote.start, Event::QuoteBegins),
                (quote.end, Event::QuoteEnds),
            ]
        });
        let links = (self.links.iter()).map(|(end, url)| (*end, Event::LinkEnds(url)));
        let mut events: Vec<_> = code.chain(quotes).chain(links).collect();
        events.sort_by_key(|(at, event)| (*at, event.rank()));
        events
    }
}

/// Returns code with the signs around it, which are more than those in it.
fn code<'a>(text: &str, range: Range<usize>, entity: &'a Entity) -> Option<Code<'a>> {
    let inside = &text[range.clone()];
    if inside.trim().is_empty() {
        return None;
    }
    let ticks = longest_run(inside) + 1;
    // A span of code ends with its paragraph.
    let is_fence = entity.kind == "pre" || inside.contains('\n');
    let (open, close) = if is_fence {
        let fence = "`".repeat(ticks.max(3));
        (fence.clone(), fence)
    } else {
        // One space on each side is taken off again by whoever reads it.
        let needs_room = inside.starts_with(['`', ' ']) || inside.ends_with(['`', ' ']);
        let room = if needs_room { " " } else { "" };
        let fence = "`".repeat(ticks);
        (format!("{fence}{room}"), format!("{room}{fence}"))
    };
    let language = (entity.language.as_deref()).filter(|name| is_language(name));
    Some(Code {
        range,
        open,
        close,
        is_fence,
        language: language.unwrap_or_default(),
    })
}

fn is_language(name: &str) -> bool {
    let is_allowed = |sign: char| sign.is_alphanumeric() || "+-#._".contains(sign);
    name.chars().count() <= MAX_LANGUAGE_NAME && name.chars().all(is_allowed)
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|sign| sign != '`').map(str::len);
    runs.max().unwrap_or(0)
}

fn quote(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let inside = text[range.clone()].trim_end_matches('\n');
    (!inside.trim().is_empty()).then(|| range.start..range.start + inside.len())
}

/// Returns where a link ends, and where it leads if its words do not say so themselves.
fn link<'a>(
    text: &str,
    range: Range<usize>,
    covered: Range<usize>,
    entity: &'a Entity,
) -> Option<(usize, &'a str)> {
    let url = entity.url.as_deref().filter(|url| !url.is_empty())?;
    let words = text[range.clone()].trim_end();
    (&text[covered] != url).then_some((range.start + words.len(), url))
}

/// Returns what an entity covers of a text; what lies outside, or in the middle of a character,
/// is moved to where it can be.
fn clamped(text: &str, entity: &Entity) -> Range<usize> {
    let start = entity.offset.max(0);
    let end = entity.offset.saturating_add(entity.length).max(start);
    let (mut units, mut range) = (0_i64, text.len()..text.len());
    for (at, character) in text.char_indices() {
        if units >= end {
            range.end = at;
            break;
        }
        units += if character.len_utf16() == 2 { 2 } else { 1 };
        if units > start && range.start > at {
            range.start = at;
        }
    }
    range.start.min(range.end)..range.end
}

/// The Markdown so far.
#[derive(Default)]
struct Out {
    text: String,
    is_quoted: bool,
    /// Line ends that have to stand before what follows.
    breaks: usize,
}

impl Out {
    fn on_event(&mut self, event: Event<'_>, rest: &str) {
        match event {
            Event::CodeBegins(code) if code.is_fence => {
                self.breaks = self.breaks.max(1);
                self.push(&code.open);
                self.push(code.language);
                self.push("\n");
            }
            Event::CodeEnds(code) if code.is_fence => {
                self.breaks = 1;
                self.push(&code.close);
                self.breaks = 1;
            }
            Event::CodeBegins(code) => {
                if self.text.ends_with('`') {
                    self.push(" ");
                }
                self.push(&code.open);
            }
            Event::CodeEnds(code) => {
                self.push(&code.close);
                if rest.starts_with('`') {
                    self.push(" ");
                }
            }
            Event::LinkEnds(url) => {
                let room = match self.text.ends_with(char::is_whitespace) || self.text.is_empty() {
                    true => "",
                    false => " ",
                };
                self.push(&format!("{room}({})", visible_line(url)));
            }
            Event::QuoteBegins => {
                self.breaks = self.breaks.max(1);
                self.settle_breaks(rest);
                self.is_quoted = true;
            }
            // Without an empty line the next one would belong to the quote.
            Event::QuoteEnds => {
                self.is_quoted = false;
                self.breaks = 2;
            }
        }
    }

    fn push(&mut self, piece: &str) {
        if piece.is_empty() {
            return;
        }
        self.settle_breaks(piece);
        for sign in piece.chars() {
            if self.is_quoted && self.is_at_line_start() {
                self.text.push_str("> ");
            }
            self.text.push(sign);
        }
    }

    fn settle_breaks(&mut self, piece: &str) {
        let breaks = std::mem::take(&mut self.breaks);
        if self.text.is_empty() {
            return;
        }
        let before = self.text.len() - self.text.trim_end_matches('\n').len();
        let after = piece.len() - piece.trim_start_matches('\n').len();
        for _ in before + after..breaks {
            self.text.push('\n');
        }
    }

    fn is_at_line_start(&self) -> bool {
        self.text.is_empty() || self.text.ends_with('\n')
    }
}

#[cfg(test)]
mod tests;
