//! Remembers which messages were told already, in bounded memory.

use std::collections::{HashSet, VecDeque};

/// Far more messages than survive a compaction; about 150 KiB of ids at most.
const MAX_REMEMBERED: usize = 2048;

/// The ids of the messages that were told last.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    seen: HashSet<String>,
    oldest_first: VecDeque<String>,
}

impl Repeats {
    /// Returns whether this is the first sight of `id`, and remembers it.
    ///
    /// An empty id identifies nothing and is always new.
    pub(super) fn is_first(&mut self, id: &str) -> bool {
        if id.is_empty() {
            return true;
        }
        if !self.seen.insert(id.to_owned()) {
            return false;
        }
        self.oldest_first.push_back(id.to_owned());
        if self.oldest_first.len() > MAX_REMEMBERED
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.seen.remove(&oldest);
        }
        true
    }

    /// Returns how many ids are remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        debug_assert_eq!(self.seen.len(), self.oldest_first.len());
        self.seen.len()
    }
}
