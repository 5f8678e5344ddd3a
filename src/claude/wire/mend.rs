//! Pure: a line that is JSON and is refused all the same, to what can be read of it.
//!
//! JavaScript writes half of a character as `\ud83d`; a number can be too large for a float, and
//! a value can nest too deep to be read safely. Somebody waits for the line even so.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// How deep a value is opened to keep what is readable beside what is not: `request.input`.
const MAX_OPENED: usize = 2;

/// An object that was read.
pub(super) struct Mended {
    /// Its fields, but those that cannot be read.
    pub(super) object: Map<String, Value>,
    /// Whether no field is missing, in the fields neither.
    pub(super) is_whole: bool,
}

/// Reads the object in a line as far as it can be read; `None` when the line is no object at all.
pub(super) fn object(line: &[u8]) -> Option<Mended> {
    let line = with_whole_characters(&String::from_utf8_lossy(line));
    let whole = serde_json::from_str(&line).map(|object| Mended {
        object,
        is_whole: true,
    });
    whole.ok().or_else(|| fields(&line, 0))
}

/// Passes over a value that cannot be read without looking into it.
fn fields(text: &str, depth: usize) -> Option<Mended> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    let mut mended = Mended {
        object: Map::new(),
        is_whole: true,
    };
    for (key, raw) in fields {
        let value = serde_json::from_str(raw.get()).ok();
        let value = value.or_else(|| {
            mended.is_whole = false;
            let is_opened = depth + 1 < MAX_OPENED;
            let inner = is_opened.then(|| fields_of_value(raw, depth)).flatten();
            inner.map(Value::Object)
        });
        if let Some(value) = value {
            mended.object.insert(key, value);
        }
    }
    Some(mended)
}

fn fields_of_value(raw: &RawValue, depth: usize) -> Option<Map<String, Value>> {
    fields(raw.get(), depth + 1).map(|mended| mended.object)
}

/// Replaces the escape of half a character by that of U+FFFD. A backslash stands in strings alone.
fn with_whole_characters(line: &str) -> String {
    let mut whole = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        whole.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (
            escaped_unit(rest),
            escaped_unit(rest.get(6..).unwrap_or_default()),
        ) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                whole.push_str("\\ufffd");
                rest = &rest[6..];
                continue;
            }
            // What is escaped may be a backslash, which then begins no escape of its own.
            _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        whole.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    whole.push_str(rest);
    whole
}

/// Reads `\uXXXX` at the start of a text.
fn escaped_unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let are_digits = digits.chars().all(|digit| digit.is_ascii_hexdigit());
    are_digits
        .then(|| u32::from_str_radix(digits, 16).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn piece() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            r"\ud83d", r"\uDE00", r"\udbff", r"\udc00", r"\u00e9", r"\\", r#"\""#, r"\n", "u",
            "d83d", "é", "🦀", "x",
        ])
    }

    proptest! {
        #[test]
        fn what_can_be_read_is_left_alone(text: String) {
            let line = Value::String(text).to_string();
            prop_assert_eq!(with_whole_characters(&line), line);
        }

        #[test]
        fn every_text_can_be_read_afterwards(pieces in prop::collection::vec(piece(), 0..20)) {
            let line = format!("\"{}\"", pieces.concat());
            let read = serde_json::from_str::<String>(&with_whole_characters(&line));
            prop_assert!(read.is_ok());
            if let Ok(text) = serde_json::from_str::<String>(&line) {
                prop_assert_eq!(read.unwrap(), text);
            }
        }
    }
}
