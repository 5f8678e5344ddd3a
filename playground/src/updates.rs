//! The queue behind `getUpdates`: ids, confirmation by offset, and the remembered filter.

use std::collections::VecDeque;

use serde_json::{Value, json};

#[cfg(test)]
mod tests;

/// The most updates one answer holds.
pub(crate) const MAX_BATCH: usize = 100;
/// An offset this far beyond the tail counts as "in the future".
const FUTURE_GAP: i64 = 10;
/// The kinds that Telegram sends only to bots that ask for them.
const NOT_BY_DEFAULT: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

/// The updates that are not yet confirmed, in order.
#[derive(Debug)]
pub(crate) struct UpdateQueue {
    waiting: VecDeque<(i64, Value)>,
    next_id: i64,
    allowed: Vec<String>,
    poll: u64,
}

impl UpdateQueue {
    pub(crate) fn new(first_id: i64) -> Self {
        Self {
            waiting: VecDeque::new(),
            next_id: first_id,
            allowed: Vec::new(),
            poll: 0,
        }
    }

    /// Goes on where an earlier queue ended.
    pub(crate) fn restore(&mut self, waiting: VecDeque<(i64, Value)>, next_id: i64) {
        self.waiting = waiting;
        self.next_id = next_id;
    }

    pub(crate) fn waiting(&self) -> &VecDeque<(i64, Value)> {
        &self.waiting
    }

    pub(crate) fn next_id(&self) -> i64 {
        self.next_id
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Queues an update of this kind and returns its id, or `None` if the filter keeps it out.
    pub(crate) fn push(&mut self, kind: &str, content: Value) -> Option<i64> {
        if !self.allows(kind) {
            return None;
        }
        let update_id = self.take_id();
        self.waiting
            .push_back((update_id, json!({ "update_id": update_id, kind: content })));
        Some(update_id)
    }

    /// Queues a raw value past the filter; it keeps its own `update_id` if it has one.
    pub(crate) fn inject(&mut self, mut update: Value) -> i64 {
        let own_id = update.get("update_id").and_then(Value::as_i64);
        let update_id = own_id.unwrap_or_else(|| self.take_id());
        if let Some(fields) = update.as_object_mut() {
            fields
                .entry("update_id")
                .or_insert_with(|| json!(update_id));
        }
        self.waiting.push_back((update_id, update));
        update_id
    }

    /// Lets the next id jump to `next_id`, as Telegram's does after a quiet week.
    pub(crate) fn jump_to(&mut self, next_id: i64) {
        self.next_id = next_id;
    }

    pub(crate) fn remember_filter(&mut self, allowed: Vec<String>) {
        self.allowed = allowed;
    }

    /// Starts a poll that ends every older one, and returns its number.
    pub(crate) fn start_poll(&mut self) -> u64 {
        self.poll += 1;
        self.poll
    }

    pub(crate) fn is_current_poll(&self, poll: u64) -> bool {
        self.poll == poll
    }

    /// Forgets what `offset` confirms.
    ///
    /// A negative offset keeps only that many updates from the end. An offset far in the future
    /// confirms nothing.
    pub(crate) fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let forget = self.waiting.len().saturating_sub(keep);
            self.waiting.drain(..forget);
        } else if offset <= self.next_id.saturating_add(FUTURE_GAP) {
            self.waiting.retain(|(update_id, _)| *update_id >= offset);
        }
    }

    pub(crate) fn forget_all(&mut self) {
        self.waiting.clear();
    }

    /// Returns the first `limit` waiting updates without forgetting them.
    pub(crate) fn batch(&self, limit: usize) -> Vec<(i64, Value)> {
        self.waiting.iter().take(limit).cloned().collect()
    }

    fn allows(&self, kind: &str) -> bool {
        if self.allowed.is_empty() {
            return !NOT_BY_DEFAULT.contains(&kind);
        }
        self.allowed.iter().any(|allowed| allowed == kind)
    }

    fn take_id(&mut self) -> i64 {
        let update_id = self.next_id;
        self.next_id += 1;
        update_id
    }
}
