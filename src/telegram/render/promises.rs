//! What must hold for whatever text is rendered, whoever wrote it: Telegram's limits, and that
//! nothing readable is lost. Tests and the fuzzer feed it.

use std::collections::HashMap;

use bridge_actors::outbox::Folded;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::depth;
use super::walk::names_in_readied;
use super::{
    Chunk, Entity, EntityKind, MAX_ENTITIES, MAX_TEXT_UNITS, render, render_card, render_end,
    render_folded, render_plain, text_units, with_line_feeds, without_colours,
};

/// Asserts everything that must hold for one text.
pub(in crate::telegram) fn check_all(source: &str) {
    let chunks = render(source);
    assert_eq!(chunks, render(source), "rendering is not deterministic");
    let plain = render_plain(source);
    assert!(plain.iter().all(|chunk| chunk.entities.is_empty()));
    assert_eq!(
        chunks.is_empty(),
        plain.is_empty(),
        "only blank text gives no message"
    );
    for chunk in chunks.iter().chain(&plain) {
        check_chunk(chunk);
    }
    for status in ["", "⏳ Bash: make"] {
        let end = render_end(source, status);
        assert!(end.is_some() || status.is_empty(), "no status");
        end.iter().for_each(check_chunk);
    }
    check_folded(source, &chunks);
    let source = &*without_colours(source);
    check_words(source, &chunks);
    assert_eq!(
        letters(source),
        letters(&joined(&plain)),
        "plain text lost or gained letters"
    );
}

/// Asserts what must hold for a text that is folded, stands below a fold, or is shown in a card.
fn check_folded(source: &str, chunks: &[Chunk]) {
    let words = |folded: &str, text: &str| Folded {
        head: String::new(),
        folded: folded.to_owned(),
        text: text.to_owned(),
    };
    assert_eq!(joined(&render_folded(&words("", source))), joined(chunks));
    let folded = render_folded(&words(source, "So."));
    folded.iter().for_each(check_chunk);
    check_words(&without_colours(source), &folded);
    for shown in [0, 600] {
        let card = render_card(&words(source, source), shown);
        assert!(card.len() <= 1, "a card is one message");
        card.iter().for_each(check_chunk);
    }
}

pub(in crate::telegram) fn check_chunk(chunk: &Chunk) {
    assert!(!chunk.text.trim().is_empty(), "a message is blank");
    assert_eq!(
        chunk.text,
        chunk.text.trim_matches('\n').trim_end(),
        "a message is not trimmed"
    );
    assert!(
        text_units(&chunk.text) <= MAX_TEXT_UNITS,
        "a message is too long"
    );
    assert!(
        chunk.entities.len() <= MAX_ENTITIES,
        "a message has too many entities"
    );
    assert!(
        !chunk.text.contains(|c: char| c.is_control() && c != '\n'),
        "a control character"
    );
    let units: Vec<u16> = chunk.text.encode_utf16().collect();
    for (index, entity) in chunk.entities.iter().enumerate() {
        check_entity(&units, entity);
        for later in &chunk.entities[index + 1..] {
            check_pair(entity, later);
        }
    }
}

fn check_entity(units: &[u16], entity: &Entity) {
    let text = covered_of(units, entity);
    assert!(!text.trim().is_empty(), "an entity is blank");
    assert_eq!(text, text.trim_end(), "an entity is not trimmed");
    // Code keeps its indent, also at the start of a quotation.
    let may_be_indented = matches!(
        entity.kind,
        EntityKind::Pre { .. } | EntityKind::Blockquote | EntityKind::ExpandableBlockquote
    );
    assert!(may_be_indented || text == text.trim_start());
}

fn check_pair(entity: &Entity, later: &Entity) {
    let (end, later_end) = (entity.offset + entity.length, later.offset + later.length);
    assert!(entity.offset <= later.offset, "entities are not sorted");
    if later.offset >= end {
        return;
    }
    assert!(later_end <= end, "entities cross: {entity:?} {later:?}");
    let is_quote = matches!(
        entity.kind,
        EntityKind::Blockquote | EntityKind::ExpandableBlockquote
    );
    for kind in [&entity.kind, &later.kind] {
        let is_code = matches!(kind, EntityKind::Code | EntityKind::Pre { .. });
        assert!(
            !is_code || is_quote,
            "code is not alone: {entity:?} {later:?}"
        );
    }
    let same = std::mem::discriminant(&entity.kind) == std::mem::discriminant(&later.kind);
    assert!(!same, "an entity contains its like: {entity:?} {later:?}");
    assert!(
        !matches!(
            later.kind,
            EntityKind::Blockquote | EntityKind::ExpandableBlockquote
        ),
        "a quote is inside: {entity:?}"
    );
}

/// Every letter of the text that Markdown shows is in the messages. Records repeat and interleave
/// headers, so a text with a table is compared without order.
fn check_words(source: &str, chunks: &[Chunk]) {
    let options =
        Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let mut expected = String::new();
    let mut has_table = false;
    let mut html = String::new();
    for event in Parser::new_ext(&source.replace("\r\n", "\n").replace('\r', "\n"), options) {
        has_table |= matches!(event, Event::Start(Tag::Table(_)));
        // A tag may go over lines, each of which is an event.
        if let Event::Html(line) = event {
            html.push_str(&line);
            continue;
        }
        expected.push_str(&shown_of(&std::mem::take(&mut html)));
        if let Event::Text(text) | Event::Code(text) = event {
            expected.push_str(&text);
        } else if let Event::InlineHtml(text) = event {
            expected.push_str(&shown_of(&text));
        }
    }
    expected.push_str(&shown_of(&html));
    // It is shown as it is written.
    if depth::is_too_deep(&with_line_feeds(source)) {
        source.clone_into(&mut expected);
    }
    let shown = letters(&joined(chunks));
    if has_table {
        let (expected, shown) = (counts(&letters(&expected)), counts(&shown));
        for (letter, n) in expected {
            assert!(
                shown.get(&letter).is_some_and(|&m| m >= n),
                "{letter:?} is lost"
            );
        }
    } else {
        let mut rest = shown.chars();
        let lost = (letters(&expected).chars()).find(|letter| !rest.any(|other| other == *letter));
        let is_there = lost.is_none() || are_in_links(source, &letters(&expected), chunks);
        assert!(is_there, "{lost:?} is lost or out of order in {source:?}");
    }
}

/// Where a formula or a name is text, other brackets can make a link: then its address is in it, and
/// the name of that address nowhere, and neither in the text.
fn are_in_links(source: &str, expected: &str, chunks: &[Chunk]) -> bool {
    let Some(names) = names_in_readied(source) else {
        return false;
    };
    let entities = chunks.iter().flat_map(|chunk| &chunk.entities);
    let addresses = entities.filter_map(|entity| match &entity.kind {
        EntityKind::TextLink { url } => Some(url.as_str()),
        EntityKind::Bold
        | EntityKind::Italic
        | EntityKind::Underline
        | EntityKind::Strikethrough
        | EntityKind::Code
        | EntityKind::Pre { .. }
        | EntityKind::Blockquote
        | EntityKind::ExpandableBlockquote => None,
    });
    let all = letters(&(joined(chunks) + &addresses.collect::<String>() + &names));
    let shown = counts(&all);
    let is_there = |(letter, n): (&char, &usize)| shown.get(letter).is_some_and(|m| m >= n);
    counts(expected).iter().all(is_there)
}

/// Tells whether a tag is markup of Telegram: it may be a format, and then is not shown.
fn is_known(tag: &str) -> bool {
    let name = tag.trim_matches(['<', '>', '/']).to_ascii_lowercase();
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next();
    let known = "a b br code del em i ins kbd s samp strike strong tt u";
    known.split(' ').any(|it| Some(it) == name)
}

/// Returns what is shown of HTML: nothing of a tag that Telegram knows, nor of those of what folds.
fn shown_of(html: &str) -> String {
    if is_known(html) {
        return String::new();
    }
    let is_fold = |tag: &str| tag.contains("details") || tag.contains("summary");
    let parts = html.split_inclusive('>');
    parts
        .filter(|part| !is_fold(&part.to_ascii_lowercase()))
        .collect()
}

pub(super) fn joined(chunks: &[Chunk]) -> String {
    chunks.iter().map(|chunk| chunk.text.as_str()).collect()
}

pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn counts(text: &str) -> HashMap<char, usize> {
    let mut counts = HashMap::new();
    for character in text.chars() {
        *counts.entry(character).or_default() += 1;
    }
    counts
}

/// Returns the text under an entity; panics if it cuts a surrogate pair or is out of range.
#[cfg(test)]
pub(in crate::telegram) fn covered(chunk: &Chunk, entity: &Entity) -> String {
    let units: Vec<u16> = chunk.text.encode_utf16().collect();
    covered_of(&units, entity)
}

fn covered_of(units: &[u16], entity: &Entity) -> String {
    let covered = &units[entity.offset..entity.offset + entity.length];
    String::from_utf16(covered).expect("an entity keeps characters whole")
}
