//! The events of Markdown with the HTML in them that Telegram knows.
//!
//! Pairs of tags become the events that Markdown has for them; what has no partner, and every other
//! tag, stays text. Neighbouring texts become one, so that a word is seen whole.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

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

/// Reads Markdown; a mark is left out of its texts.
pub(super) fn pieces_of(markdown: &str, options: Options, mark: Option<char>) -> Vec<Piece<'_>> {
    let mut events = Vec::new();
    for event in Parser::new_ext(markdown, options) {
        if let Event::Text(text) = event {
            push_text(&mut events, text, mark);
        } else {
            events.push(event);
        }
    }
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

fn push_text<'a>(events: &mut Vec<Event<'a>>, text: CowStr<'a>, mark: Option<char>) {
    let text = match mark.filter(|mark| text.contains(*mark)) {
        Some(mark) => CowStr::from(text.replace(mark, "")),
        None => text,
    };
    match events.last_mut() {
        Some(Event::Text(before)) => *before = CowStr::from(format!("{before}{text}")),
        Some(_) | None => events.push(Event::Text(text)),
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

/// A tag that was opened in the block and has no partner yet.
struct Open {
    name: String,
    at: usize,
}

/// Turns the pairs of inline tags within each block into events of Markdown.
fn pair_tags(events: &mut [Event<'_>]) {
    let mut open: Vec<Open> = Vec::new();
    for at in 0..events.len() {
        if let Event::InlineHtml(tag) = &events[at] {
            let tag = tag.to_string();
            on_tag(events, at, &tag, &mut open);
        } else if is_block_border(&events[at]) {
            open.clear();
        }
    }
}

fn on_tag(events: &mut [Event<'_>], at: usize, tag: &str, open: &mut Vec<Open>) {
    let (name, is_close) = name_of(tag);
    if name == "br" {
        // At the end of a block there is a break anyway.
        events[at] = match events.get(at + 1) {
            Some(Event::End(_)) | None => Event::Text(CowStr::from("")),
            Some(_) => Event::HardBreak,
        };
    } else if !is_close && meaning_of(&name).is_some() {
        open.push(Open { name, at });
    } else if let Some(place) = open.iter().rposition(|it| it.name == name) {
        // What was opened inside and not closed stays text.
        open.truncate(place + 1);
        if let (Some(opened), Some(meaning)) = (open.pop(), meaning_of(&name)) {
            pair(events, opened.at, at, meaning);
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

/// Code holds nothing but text; otherwise its tags stay.
fn merge_code(events: &mut [Event<'_>], start: usize, end: usize) {
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
fn next_tag(html: &str) -> Option<(&str, &str, &str)> {
    let lower = html.to_ascii_lowercase();
    let tags = ["<details", "</details", "<summary", "</summary"];
    let starts = tags.iter().filter_map(|tag| lower.find(tag));
    let start = starts.min()?;
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
