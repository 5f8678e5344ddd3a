//! The events of Markdown with the HTML in them that Telegram knows.
//!
//! Pairs of tags become the events that Markdown has for them; what has no partner, and every other
//! tag, stays text. Neighbouring texts become one, so that a word is seen whole.

mod open_tags;

use std::borrow::Cow;

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use open_tags::OpenTags;

/// The most parts of code between tags: text, and code that has backticks.
const MAX_CODE_PARTS: usize = 64;

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece<'a> {
    /// As Markdown has it.
    Markdown(Event<'a>),
    /// `<details>`: what follows is shown when somebody wants to see it.
    DetailsOpen,
    /// `</details>`.
    DetailsClose,
}

/// Reads Markdown; a mark is left out of its texts. Takes time linear in the text.
pub(super) fn pieces_of(markdown: &str, options: Options, mark: Option<char>) -> Vec<Piece<'_>> {
    let mut events = events_of(markdown, options, mark);
    pair_tags(&mut events);
    let mut pieces = Vec::with_capacity(events.len());
    let mut html = None;
    for event in events {
        match (event, &mut html) {
            (Event::Start(Tag::HtmlBlock), _) => html = Some(String::new()),
            (Event::Html(text), Some(block)) => block.push_str(&text),
            (Event::End(TagEnd::HtmlBlock), _) => push_block(&mut pieces, html.take()),
            (event, _) => pieces.push(Piece::Markdown(event)),
        }
    }
    pieces
}

fn events_of(markdown: &str, options: Options, mark: Option<char>) -> Vec<Event<'_>> {
    let mut events = Vec::new();
    let mut text: Option<Cow<'_, str>> = None;
    for event in Parser::new_ext(markdown, options) {
        if let Event::Text(next) = event {
            let next = without(next, mark);
            match &mut text {
                // It grows in place: a text may come in a part for each sign.
                Some(text) => text.to_mut().push_str(&next),
                None => text = Some(next),
            }
        } else {
            events.extend(text.take().map(|text| Event::Text(text.into())));
            events.push(event);
        }
    }
    events.extend(text.map(|text| Event::Text(text.into())));
    events
}

fn without(text: CowStr<'_>, mark: Option<char>) -> Cow<'_, str> {
    match mark.filter(|mark| text.contains(*mark)) {
        Some(mark) => Cow::Owned(text.replace(mark, "")),
        None => text.into(),
    }
}

/// What a tag becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Bold,
    Italic,
    Underlined,
    Struck,
    Code,
    Link,
}

/// Turns the pairs of inline tags within each block into events of Markdown.
fn pair_tags(events: &mut [Event<'_>]) {
    let mut open = OpenTags::default();
    for at in 0..events.len() {
        if let Event::InlineHtml(tag) = &events[at] {
            let tag = tag.to_string();
            on_tag(events, at, &tag, &mut open);
        } else if is_block_border(&events[at]) {
            open.clear();
        }
    }
}

fn on_tag(events: &mut [Event<'_>], at: usize, tag: &str, open: &mut OpenTags) {
    let (name, is_close) = name_of(tag);
    if name == "br" {
        // At the end of a block there is a break anyway.
        events[at] = match events.get(at + 1) {
            Some(Event::End(_)) | None => Event::Text(CowStr::from("")),
            Some(_) => Event::HardBreak,
        };
    } else if let Some(meaning) = meaning_of(&name) {
        match is_close {
            false => open.push(name, at),
            // What was opened inside and not closed stays text.
            true => {
                if let Some(opened) = open.close(&name) {
                    pair(events, opened, at, meaning);
                }
            }
        }
    }
}

fn pair(events: &mut [Event<'_>], start: usize, end: usize, meaning: Meaning) {
    let (tag, end_tag) = match meaning {
        Meaning::Bold => (Tag::Strong, TagEnd::Strong),
        Meaning::Italic => (Tag::Emphasis, TagEnd::Emphasis),
        // Markdown has nothing for it; of what it has, this is never read.
        Meaning::Underlined => (Tag::Superscript, TagEnd::Superscript),
        Meaning::Struck => (Tag::Strikethrough, TagEnd::Strikethrough),
        Meaning::Code => return merge_code(events, start, end),
        Meaning::Link => match address_in(&events[start]) {
            Some(address) => (link_to(address), TagEnd::Link),
            None => return,
        },
    };
    events[start] = Event::Start(tag);
    events[end] = Event::End(end_tag);
}

/// Code holds nothing but text, in few parts; otherwise its tags stay.
fn merge_code(events: &mut [Event<'_>], start: usize, end: usize) {
    // Each pair around others looks at all of them again.
    if end - start > MAX_CODE_PARTS {
        return;
    }
    let mut code = String::new();
    for event in &events[start + 1..end] {
        let (Event::Text(text) | Event::Code(text)) = event else {
            return;
        };
        code.push_str(text);
    }
    for event in &mut events[start..=end] {
        *event = Event::Text(CowStr::from(""));
    }
    events[start] = Event::Code(CowStr::from(code));
}

fn link_to<'a>(address: String) -> Tag<'a> {
    Tag::Link {
        link_type: LinkType::Inline,
        dest_url: CowStr::from(address),
        title: CowStr::from(""),
        id: CowStr::from(""),
    }
}

fn address_in(event: &Event<'_>) -> Option<String> {
    let Event::InlineHtml(tag) = event else {
        return None;
    };
    let (_, rest) = tag.split_once("href=")?;
    let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    let address = rest[1..].split(quote).next()?;
    Some(address.replace("&amp;", "&"))
}

fn meaning_of(name: &str) -> Option<Meaning> {
    match name {
        "b" | "strong" => Some(Meaning::Bold),
        "i" | "em" => Some(Meaning::Italic),
        "u" | "ins" => Some(Meaning::Underlined),
        "s" | "strike" | "del" => Some(Meaning::Struck),
        "code" | "kbd" | "samp" | "tt" => Some(Meaning::Code),
        "a" => Some(Meaning::Link),
        _ => None,
    }
}

/// Returns the name of a tag in small letters, and whether it closes.
fn name_of(tag: &str) -> (String, bool) {
    let inside = tag.trim_start_matches('<').trim_end_matches('>');
    let is_close = inside.starts_with('/');
    let name = inside.trim_start_matches('/');
    let end = name.find(|sign: char| !sign.is_ascii_alphanumeric());
    let name = &name[..end.unwrap_or(name.len())];
    (name.to_ascii_lowercase(), is_close)
}

fn is_block_border(event: &Event<'_>) -> bool {
    let end = if let Event::Start(tag) = event {
        tag.to_end()
    } else if let Event::End(end) = event {
        *end
    } else {
        return false;
    };
    !matches!(
        end,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Superscript
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
    )
}

/// Takes `<details>` and `<summary>` out of a block of HTML; the rest of it stays text.
fn push_block(pieces: &mut Vec<Piece<'_>>, html: Option<String>) {
    let mut rest = html.as_deref().unwrap_or_default();
    while let Some((before, tag, after)) = next_tag(rest) {
        let (name, is_close) = name_of(tag);
        match (name.as_str(), is_close) {
            ("details", _) => {
                push_html(pieces, before);
                pieces.push(match is_close {
                    false => Piece::DetailsOpen,
                    true => Piece::DetailsClose,
                });
            }
            ("summary", false) => push_html(pieces, before),
            _ => push_heading(pieces, before),
        }
        rest = after;
    }
    push_html(pieces, rest);
}

/// Returns what stands before the next tag of an expandable block, the tag, and what follows it.
///
/// Looks no further than the tag.
fn next_tag(html: &str) -> Option<(&str, &str, &str)> {
    let is_fold = |start: &usize| {
        let tag = &html.as_bytes()[start + 1..];
        let name = tag.strip_prefix(b"/").unwrap_or(tag);
        ["details", "summary"].iter().any(|fold| {
            let (begins, after) = name.split_at(fold.len().min(name.len()));
            let goes_on = after.first().is_some_and(u8::is_ascii_alphanumeric);
            begins.eq_ignore_ascii_case(fold.as_bytes()) && !goes_on
        })
    };
    let mut starts = html.match_indices('<').map(|(at, _)| at);
    let start = starts.find(is_fold)?;
    let end = start + html[start..].find('>')? + 1;
    Some((&html[..start], &html[start..end], &html[end..]))
}

fn push_heading(pieces: &mut Vec<Piece<'_>>, text: &str) {
    let text = text.trim();
    if !text.is_empty() {
        let events = [
            Event::Start(Tag::Paragraph),
            Event::Start(Tag::Strong),
            Event::Text(CowStr::from(text.to_owned())),
            Event::End(TagEnd::Strong),
            Event::End(TagEnd::Paragraph),
        ];
        pieces.extend(events.map(Piece::Markdown));
    }
}

fn push_html(pieces: &mut Vec<Piece<'_>>, text: &str) {
    if !text.trim().is_empty() {
        let events = [
            Event::Start(Tag::HtmlBlock),
            Event::Html(CowStr::from(text.to_owned())),
            Event::End(TagEnd::HtmlBlock),
        ];
        pieces.extend(events.map(Piece::Markdown));
    }
}
