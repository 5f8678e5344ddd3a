//! Answers for chats and topics that cannot be written to: they wait in the journal until somebody
//! is heard there.

use std::collections::{BTreeMap, VecDeque};

use super::Repeat;
use crate::ids::{ChatId, PostId, SessionKey};

/// Answers of one chat or topic that are kept; beyond it the oldest is dropped.
pub(super) const MAX_PARKED: usize = 64;

/// Chats and topics of which some are kept.
const MAX_PLACES: usize = 1024;

/// The posts that wait, in their order.
#[derive(Debug, Default)]
pub(super) struct Parked(BTreeMap<SessionKey, VecDeque<ParkedPost>>);

/// A post that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ParkedPost {
    pub(super) id: PostId,
    /// Whether an earlier call of it may have been done.
    pub(super) repeat: Repeat,
}

impl Parked {
    /// Lets a post wait; returns the post that is to be dropped for it, if one is.
    pub(super) fn park(&mut self, key: SessionKey, post: ParkedPost) -> Option<PostId> {
        if !self.0.contains_key(&key) && self.0.len() >= MAX_PLACES {
            return Some(post.id);
        }
        let posts = self.0.entry(key).or_default();
        posts.push_back(post);
        (posts.len() > MAX_PARKED)
            .then(|| posts.pop_front().map(|oldest| oldest.id))
            .flatten()
    }

    /// Returns what waited until somebody is heard there, in a topic of the chat or in the chat.
    pub(super) fn take(&mut self, key: SessionKey) -> Vec<ParkedPost> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let of_chat = self.0.remove(&SessionKey::of_chat(key.chat));
        let of_topic = self.0.remove(&key);
        of_chat.into_iter().chain(of_topic).flatten().collect()
    }

    /// Follows a chat to its new id.
    pub(super) fn follow(&mut self, from: ChatId, to: ChatId) {
        let keys: Vec<_> = self
            .0
            .keys()
            .filter(|key| key.chat == from)
            .copied()
            .collect();
        for key in keys {
            let posts = self.0.remove(&key).unwrap_or_default();
            let key = SessionKey { chat: to, ..key };
            self.0.entry(key).or_default().extend(posts);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TopicId;

    fn post(id: u64) -> ParkedPost {
        ParkedPost {
            id: PostId(id),
            repeat: Repeat::No,
        }
    }

    #[test]
    fn who_is_heard_in_a_topic_gets_what_waited_for_it_and_for_the_chat() {
        let chat = SessionKey::of_chat(ChatId(-5));
        let topic = |id| SessionKey {
            topic: Some(TopicId(id)),
            ..chat
        };
        let mut parked = Parked::default();
        for (id, key) in [(1, topic(1)), (2, topic(2)), (3, chat)] {
            assert_eq!(parked.park(key, post(id)), None);
        }
        assert_eq!(parked.take(SessionKey::of_chat(ChatId(-6))), []);
        assert_eq!(parked.take(topic(1)), [post(3), post(1)]);
        assert_eq!(parked.take(topic(1)), []);
        parked.follow(ChatId(-5), ChatId(-7));
        let moved = SessionKey {
            chat: ChatId(-7),
            ..topic(2)
        };
        assert_eq!(parked.take(moved), [post(2)]);
    }

    #[test]
    fn of_very_many_the_oldest_of_a_place_go() {
        let key = SessionKey::of_chat(ChatId(7));
        let mut parked = Parked::default();
        let dropped = (0..100).filter_map(|id| parked.park(key, post(id)));
        assert_eq!(dropped.count(), 100 - MAX_PARKED);
        assert_eq!(parked.take(key)[0], post(36));
        for chat in 0..2_000 {
            parked.park(SessionKey::of_chat(ChatId(chat)), post(1));
        }
        assert_eq!(parked.0.len(), MAX_PLACES);
    }
}
