//! Pure: which updates have been handed over already.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use bridge_actors::ids::UpdateId;
use serde_json::Value;

/// How many updates are remembered: some forty full batches.
const WINDOW: usize = 4096;

/// What an update is known by.
///
/// The id alone is not enough: ids restart at a random number after a quiet week, so that a new
/// update can carry an old id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Fingerprint {
    update: UpdateId,
    payload: u64,
}

/// A bounded memory of the updates that were handed over last.
#[derive(Debug, Default)]
pub(super) struct Seen {
    known: HashSet<Fingerprint>,
    in_order: VecDeque<Fingerprint>,
}

impl Fingerprint {
    pub(super) fn of(update: UpdateId, raw: &Value) -> Self {
        let mut hasher = DefaultHasher::new();
        raw.to_string().hash(&mut hasher);
        Self {
            update,
            payload: hasher.finish(),
        }
    }
}

impl Seen {
    pub(super) fn contains(&self, fingerprint: &Fingerprint) -> bool {
        self.known.contains(fingerprint)
    }

    /// Remembers an update and forgets the oldest one beyond the window.
    pub(super) fn remember(&mut self, fingerprint: Fingerprint) {
        if !self.known.insert(fingerprint) {
            return;
        }
        self.in_order.push_back(fingerprint);
        if self.in_order.len() > WINDOW
            && let Some(oldest) = self.in_order.pop_front()
        {
            self.known.remove(&oldest);
        }
        debug_assert_eq!(self.known.len(), self.in_order.len());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fingerprint(update: i64, text: &str) -> Fingerprint {
        Fingerprint::of(
            UpdateId(update),
            &json!({ "update_id": update, "text": text }),
        )
    }

    #[test]
    fn the_same_update_is_known_and_an_old_id_with_new_words_is_not() {
        let mut seen = Seen::default();
        seen.remember(fingerprint(7, "hello"));
        assert!(seen.contains(&fingerprint(7, "hello")));
        assert!(!seen.contains(&fingerprint(7, "good bye")));
        assert!(!seen.contains(&fingerprint(8, "hello")));
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_goes_first() {
        let mut seen = Seen::default();
        for update in 0..=WINDOW as i64 {
            seen.remember(fingerprint(update, ""));
            seen.remember(fingerprint(update, ""));
        }
        assert_eq!(seen.known.len(), WINDOW);
        assert!(!seen.contains(&fingerprint(0, "")));
        assert!(seen.contains(&fingerprint(1, "")));
        assert!(seen.contains(&fingerprint(WINDOW as i64, "")));
    }
}
