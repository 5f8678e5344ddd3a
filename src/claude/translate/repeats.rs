//! Remembers which messages were told already, in bounded memory.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};

/// Far more messages than survive a compaction; 16 KiB of hashes.
const MAX_REMEMBERED: usize = 2048;

/// The messages that were told last.
///
/// A hash stands for an id: that two of so few are taken for one happens once in 10^13 times.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    key: RandomState,
    oldest_first: VecDeque<u64>,
}

impl Repeats {
    /// Returns whether this is the first sight of `id`, and remembers it.
    ///
    /// An empty id identifies nothing and is always new.
    pub(super) fn is_first(&mut self, id: &str) -> bool {
        if id.is_empty() {
            return true;
        }
        let hash = self.key.hash_one(id);
        if self.oldest_first.contains(&hash) {
            return false;
        }
        if self.oldest_first.len() == MAX_REMEMBERED {
            self.oldest_first.pop_front();
        }
        self.oldest_first.push_back(hash);
        true
    }

    /// Returns how many ids are remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.oldest_first.len()
    }
}
