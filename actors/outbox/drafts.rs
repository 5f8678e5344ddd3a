//! Drafts on their way: of each session the newest, and in each chat at most one.

use std::collections::{BTreeMap, BTreeSet};

use super::Draft;
use crate::ids::{ChatId, SessionKey};

/// The drafts that wait, and where one is under way.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    waiting: BTreeMap<SessionKey, Draft>,
    flying: BTreeSet<ChatId>,
}

impl Drafts {
    /// Lets a draft wait in the place of an older one.
    pub(super) fn push(&mut self, draft: Draft) {
        self.waiting.insert(draft.key, draft);
    }

    /// Drops what waits of a session.
    pub(super) fn drop_of(&mut self, key: SessionKey) {
        self.waiting.remove(&key);
    }

    /// Drops what waits for a chat, its topics included.
    pub(super) fn drop_of_chat(&mut self, chat: ChatId) {
        self.waiting.retain(|key, _| key.chat != chat);
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// Returns the sessions of which a draft waits.
    pub(super) fn waiting(&self) -> impl Iterator<Item = SessionKey> {
        self.waiting.keys().copied()
    }

    /// Takes the draft of a session to be sent.
    pub(super) fn depart(&mut self, key: SessionKey) -> Option<Draft> {
        let draft = self.waiting.remove(&key)?;
        self.flying.insert(key.chat);
        Some(draft)
    }

    /// Marks the draft of a chat as answered.
    pub(super) fn land(&mut self, chat: ChatId) {
        self.flying.remove(&chat);
    }

    /// Tells whether a draft of a chat is under way.
    pub(super) fn is_flying(&self, chat: ChatId) -> bool {
        self.flying.contains(&chat)
    }
}
