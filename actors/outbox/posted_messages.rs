//! Which Telegram message a post became; the oldest ones are forgotten.

use std::collections::{BTreeMap, HashMap};

use crate::ids::{ChatId, MessageId, PostId};

/// Posts that are remembered; whoever edits an older one gets a new message or nothing.
pub(super) const MAX_POSTED: usize = 4096;

/// The messages that posts became, by least recent use.
#[derive(Debug, Default)]
pub(super) struct PostedMessages {
    messages: HashMap<PostId, Entry>,
    by_use: BTreeMap<u64, PostId>,
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    chat: ChatId,
    message: MessageId,
    used: u64,
}

impl PostedMessages {
    /// Remembers the message of a post, in place of an earlier one.
    pub(super) fn insert(&mut self, id: PostId, chat: ChatId, message: MessageId) {
        self.forget(id);
        if self.messages.len() >= MAX_POSTED
            && let Some((_, oldest)) = self.by_use.pop_first()
        {
            self.messages.remove(&oldest);
        }
        self.uses += 1;
        let used = self.uses;
        self.by_use.insert(used, id);
        self.messages.insert(
            id,
            Entry {
                chat,
                message,
                used,
            },
        );
    }

    /// Returns the message of a post in `chat`.
    ///
    /// A message that was sent before its group became a supergroup has no id in the new chat
    /// and is not found.
    pub(super) fn find(&mut self, id: PostId, chat: ChatId) -> Option<MessageId> {
        let entry = self
            .messages
            .get_mut(&id)
            .filter(|entry| entry.chat == chat)?;
        self.by_use.remove(&entry.used);
        self.uses += 1;
        entry.used = self.uses;
        self.by_use.insert(self.uses, id);
        Some(entry.message)
    }

    pub(super) fn forget(&mut self, id: PostId) {
        if let Some(entry) = self.messages.remove(&id) {
            self.by_use.remove(&entry.used);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_post_is_forgotten_first() {
        let chat = ChatId(1);
        let mut posted = PostedMessages::default();
        for n in 0..MAX_POSTED as u64 {
            posted.insert(PostId(n), chat, MessageId(n as i64));
        }
        assert_eq!(posted.find(PostId(0), chat), Some(MessageId(0)));
        posted.insert(PostId(9999), chat, MessageId(9999));
        assert_eq!(posted.find(PostId(0), chat), Some(MessageId(0)));
        assert_eq!(posted.find(PostId(1), chat), None);
        assert_eq!(posted.messages.len(), MAX_POSTED);
        assert_eq!(posted.by_use.len(), MAX_POSTED);
    }

    #[test]
    fn a_message_is_not_found_in_another_chat() {
        let mut posted = PostedMessages::default();
        posted.insert(PostId(1), ChatId(-5), MessageId(7));
        assert_eq!(posted.find(PostId(1), ChatId(-100)), None);
        assert_eq!(posted.find(PostId(1), ChatId(-5)), Some(MessageId(7)));
    }
}
