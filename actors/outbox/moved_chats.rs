//! Which groups became supergroups; the oldest moves are forgotten.

use std::collections::VecDeque;

use crate::ids::ChatId;

/// Moves that are remembered; a forgotten one is learnt again from Telegram's next refusal.
const MAX_MOVES: usize = 256;

/// Old chat ids and what they became.
#[derive(Debug, Default)]
pub(super) struct MovedChats(VecDeque<(ChatId, ChatId)>);

impl MovedChats {
    /// Remembers a move. No new id is ever an old one, so one look finds the end of a chain.
    pub(super) fn insert(&mut self, from: ChatId, to: ChatId) {
        self.0.retain(|(old, _)| *old != from && *old != to);
        for (_, new) in &mut self.0 {
            if *new == from {
                *new = to;
            }
        }
        if self.0.len() >= MAX_MOVES {
            self.0.pop_front();
        }
        self.0.push_back((from, to));
    }

    /// Returns the new id of a chat that moved.
    pub(super) fn new_id(&self, chat: ChatId) -> Option<ChatId> {
        (self.0.iter())
            .find(|(old, _)| *old == chat)
            .map(|(_, new)| *new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_look_finds_the_end_of_a_chain_and_a_circle_has_an_end() {
        let mut moved = MovedChats::default();
        moved.insert(ChatId(-1), ChatId(-2));
        moved.insert(ChatId(-2), ChatId(-3));
        assert_eq!(moved.new_id(ChatId(-1)), Some(ChatId(-3)));
        moved.insert(ChatId(-3), ChatId(-1));
        assert_eq!(moved.new_id(ChatId(-1)), None);
        assert_eq!(moved.new_id(ChatId(-3)), Some(ChatId(-1)));
    }

    #[test]
    fn the_oldest_moves_are_forgotten() {
        let mut moved = MovedChats::default();
        for id in 1..=1000 {
            moved.insert(ChatId(-id), ChatId(-id - 100_000));
        }
        assert_eq!(moved.0.len(), MAX_MOVES);
        assert_eq!(moved.new_id(ChatId(-1)), None);
        assert!(moved.new_id(ChatId(-1000)).is_some());
    }
}
