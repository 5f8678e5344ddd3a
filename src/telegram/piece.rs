//! Pure: one message's worth of text with entities, and the arithmetic on it.

use bridge_actors::outbox::{Fit, Half, Markup};
use serde_json::Value;

use super::render::Chunk;

/// The longest message, in UTF-16 units.
const MAX_UNITS: u64 = 4096;

/// Marks a message that may be the repeat of an earlier one.
pub(super) const REPEAT_MARK: &str = "↻ ";

/// The text of one message and its entities in the form that Telegram wants.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) entities: Vec<Value>,
}

impl Piece {
    pub(super) fn of(chunk: &Chunk) -> Self {
        Self {
            text: chunk.text.clone(),
            entities: chunk
                .entities
                .iter()
                .map(|entity| entity.to_json())
                .collect(),
        }
    }

    /// Makes it fit; `None` when it would have to be cut within a character.
    pub(super) fn fitted(self, fit: Fit) -> Option<Self> {
        let piece = fit.halves().try_fold(self, |piece, half| {
            let [first, second] = piece.halves()?;
            Some(match half {
                Half::First => first,
                Half::Second => second,
            })
        })?;
        Some(match fit.markup() {
            Markup::Kept => piece,
            Markup::LeftOut => Self {
                entities: Vec::new(),
                ..piece
            },
        })
    }

    /// Puts the mark of a possible repeat in front.
    pub(super) fn marked(self) -> Self {
        let shift = units(REPEAT_MARK);
        let entities = self.entities.iter();
        Self {
            text: format!("{REPEAT_MARK}{}", self.text),
            entities: entities
                .filter_map(|entity| {
                    let (start, end) = span(entity)?;
                    Some(with_span(entity, start + shift, end + shift))
                })
                .collect(),
        }
    }

    /// Tells whether no message can hold it.
    pub(super) fn is_too_long(&self) -> bool {
        units(&self.text) > MAX_UNITS
    }

    /// Cuts the piece in two near its middle, after a line or a word if there is one nearby.
    ///
    /// `None` when there is only one character.
    fn halves(&self) -> Option<[Self; 2]> {
        let cut = self.cut()?;
        let (left, right) = self.text.split_at(cut);
        let border = units(left);
        let clip = |entity: &Value, from: u64, to: u64| {
            let (start, end) = span(entity)?;
            let (start, end) = (start.max(from), end.min(to));
            (start < end).then(|| with_span(entity, start - from, end - from))
        };
        let entities = |from, to| {
            let all = self.entities.iter();
            all.filter_map(|entity| clip(entity, from, to)).collect()
        };
        Some([
            Self {
                text: left.to_owned(),
                entities: entities(0, border),
            },
            Self {
                text: right.to_owned(),
                entities: entities(border, u64::MAX),
            },
        ])
    }

    fn cut(&self) -> Option<usize> {
        let middle = (1..=self.text.len() / 2)
            .rev()
            .find(|&at| self.text.is_char_boundary(at))
            .or_else(|| self.text.char_indices().nth(1).map(|(at, _)| at))?;
        let nearby = middle / 2;
        let head = &self.text[..middle];
        let break_at = |sign| head.rfind(sign).map(|at| at + 1).filter(|&at| at > nearby);
        Some(break_at('\n').or_else(|| break_at(' ')).unwrap_or(middle))
    }
}

/// Returns the length in UTF-16 units, in which Telegram counts.
pub(super) fn units(text: &str) -> u64 {
    text.encode_utf16().count() as u64
}

/// Returns the longest beginning of the text with at most so many UTF-16 units.
pub(super) fn cut_to(text: &str, max_units: usize) -> &str {
    let mut used = 0;
    for (at, character) in text.char_indices() {
        used += character.len_utf16();
        if used > max_units {
            return &text[..at];
        }
    }
    text
}

fn span(entity: &Value) -> Option<(u64, u64)> {
    let start = entity.get("offset")?.as_u64()?;
    Some((start, start + entity.get("length")?.as_u64()?))
}

fn with_span(entity: &Value, start: u64, end: u64) -> Value {
    let mut entity = entity.clone();
    entity["offset"] = start.into();
    entity["length"] = (end - start).into();
    entity
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn bold(text: &str, offset: u64, length: u64) -> Piece {
        Piece {
            text: text.to_owned(),
            entities: vec![json!({ "type": "bold", "offset": offset, "length": length })],
        }
    }

    #[test]
    fn the_mark_moves_the_entities() {
        assert_eq!(bold("a b", 2, 1).marked(), bold("↻ a b", 4, 1));
    }

    #[test]
    fn a_full_message_has_no_room_for_the_mark() {
        let full = bold(&"x".repeat(4096), 0, 4096);
        assert!(!full.is_too_long());
        assert!(full.marked().is_too_long());
    }

    #[test]
    fn halves_break_between_words_and_share_an_entity() {
        let [left, right] = bold("😀 one two", 0, 10).halves().unwrap();
        assert_eq!(
            (left.text.as_str(), right.text.as_str()),
            ("😀 ", "one two")
        );
        assert_eq!((left, right), (bold("😀 ", 0, 3), bold("one two", 0, 7)));
        assert_eq!(bold("😀", 0, 2).halves(), None);
    }

    #[test]
    fn a_cut_never_parts_a_character() {
        assert_eq!(cut_to("a😀b", 2), "a");
        assert_eq!(cut_to("a😀b", 3), "a😀");
        assert_eq!(cut_to("ab", 9), "ab");
    }

    proptest! {
        #[test]
        fn halves_lose_nothing_and_stay_in_range(
            text in "[ \\na😀é]{2,40}", start in 0u64..20, length in 1u64..20,
        ) {
            let [left, right] = bold(&text, start, length).halves().unwrap();
            prop_assert_eq!(format!("{}{}", left.text, right.text), text);
            for piece in [left, right] {
                prop_assert!(!piece.text.is_empty());
                for entity in &piece.entities {
                    let (start, end) = span(entity).unwrap();
                    prop_assert!(start < end);
                }
            }
        }
    }
}
