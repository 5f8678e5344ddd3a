//! Which sessions have something: work of their own, a conversation.

use bridge_actors::ids::{ConversationId, SessionKey, UserId};
use bridge_actors::ports::StoreError;

use super::Store;
use crate::store::keyed::{EVERYTHING, Tree};
use crate::store::record;

impl Store {
    /// Returns the sessions whose agents had something to do by themselves, with who wanted it.
    pub(in crate::store) fn sessions_at_work(
        &self,
    ) -> Result<Vec<(SessionKey, Option<UserId>)>, StoreError> {
        let mut restless = Vec::new();
        for entry in self.range(Tree::Sessions, EVERYTHING) {
            let (key, bytes) = entry?;
            let stored = record::decode_session(&bytes).ok();
            let stored = stored.filter(|it| !it.timers.is_empty() || !it.in_background.is_empty());
            if let (Some(stored), Some(key)) = (stored, record::read_session_key(&key)) {
                restless.push((key, stored.works_for));
            }
        }
        Ok(restless)
    }

    /// Returns a session other than this one that has a conversation.
    ///
    /// # Errors
    ///
    /// When the store does not read.
    pub fn session_with(
        &self,
        conversation: &ConversationId,
        but: SessionKey,
    ) -> Result<Option<SessionKey>, StoreError> {
        for entry in self.range(Tree::Sessions, EVERYTHING) {
            let (key, bytes) = entry?;
            let Some(key) = record::read_session_key(&key).filter(|key| *key != but) else {
                continue;
            };
            let stored = record::decode_session(&bytes).ok();
            if stored.is_some_and(|it| it.conversation.as_ref() == Some(conversation)) {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }
}
