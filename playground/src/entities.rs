//! The entities Telegram itself finds in what people write: commands and mentions.

use serde_json::{Value, json};

#[cfg(test)]
mod tests;

const MAX_COMMAND: usize = 64;
const MAX_USERNAME: usize = 32;
/// Shorter names after `@` are plain text.
const MIN_USERNAME: usize = 4;

/// Returns the `bot_command` and `mention` entities of a text; offsets count UTF-16 units.
pub(crate) fn find(text: &str) -> Vec<Value> {
    let mut entities = Vec::new();
    let mut offset = 0;
    let mut before = None;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = match first {
            '/' => command_length(before, rest).map(|length| ("bot_command", length)),
            '@' => mention_length(before, rest).map(|length| ("mention", length)),
            _ => None,
        };
        // What is found is ASCII, so that bytes and UTF-16 units are the same number.
        let step = found.map_or(first.len_utf8(), |(_, length)| length);
        if let Some((kind, length)) = found {
            entities.push(json!({ "type": kind, "offset": offset, "length": length }));
        }
        let (taken, after) = rest.split_at(step);
        offset += taken.encode_utf16().count();
        before = taken.chars().next_back();
        rest = after;
    }
    entities
}

/// Returns the texts of all entities of a kind.
pub(crate) fn texts<'a>(
    text: &'a str,
    entities: &'a [Value],
    kind: &'a str,
) -> impl Iterator<Item = String> + 'a {
    let of_kind = entities.iter().filter(move |entity| entity["type"] == kind);
    of_kind.map(move |entity| {
        let number = |name: &str| entity[name].as_u64().and_then(|n| usize::try_from(n).ok());
        let units = text.encode_utf16().skip(number("offset").unwrap_or(0));
        let units: Vec<u16> = units.take(number("length").unwrap_or(0)).collect();
        String::from_utf16_lossy(&units)
    })
}

/// Measures `/command` or `/command@name`; a path such as `/usr/bin` is none.
fn command_length(before: Option<char>, rest: &str) -> Option<usize> {
    let stops = |c: char| is_word(c) || matches!(c, '/' | '<' | '>');
    if before.is_some_and(stops) {
        return None;
    }
    let name = name_length(&rest[1..]);
    if !(1..=MAX_COMMAND).contains(&name) {
        return None;
    }
    let mut length = 1 + name;
    if let Some(bot) = rest[length..].strip_prefix('@') {
        let bot = name_length(bot);
        if (1..=MAX_USERNAME).contains(&bot) {
            length += 1 + bot;
        }
    }
    let after = rest[length..].chars().next();
    (!after.is_some_and(stops)).then_some(length)
}

fn mention_length(before: Option<char>, rest: &str) -> Option<usize> {
    if before.is_some_and(is_word) {
        return None;
    }
    let name = name_length(&rest[1..]);
    let after = rest[1 + name..].chars().next();
    let is_name = (MIN_USERNAME..=MAX_USERNAME).contains(&name);
    (is_name && !after.is_some_and(is_word)).then_some(1 + name)
}

fn name_length(text: &str) -> usize {
    let allowed = |c: &u8| c.is_ascii_alphanumeric() || *c == b'_';
    text.bytes().take_while(allowed).count()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
