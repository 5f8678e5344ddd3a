//! What is said when no session takes an instruction.

use tracing::error;

use super::SessionSupervisor;
use crate::ids::{MessageId, SessionKey};
use crate::outbox::{Body, Post, PostAction, Rank, Sound};
use crate::ports::JournalEntry;
use crate::session::Instruct;

impl SessionSupervisor {
    /// Tells the person that an instruction is not carried out; that is its outcome.
    pub(super) fn turn_away(&self, key: SessionKey, instruction: &Instruct, text: String) {
        let post = self.post(key, instruction.message(), text);
        let entry = JournalEntry {
            closed: vec![instruction.id().clone()],
            posts: vec![post.clone()],
            ..JournalEntry::default()
        };
        if let Err(error) = self.doors.session.journal.write(key, &entry) {
            error!(%key, %error, "an instruction that is turned away stays open");
        }
        self.send_post(post);
    }

    pub(super) fn tell(&self, key: SessionKey, text: String) {
        self.send_post(self.post(key, None, text));
    }

    fn post(&self, key: SessionKey, reply_to: Option<MessageId>, text: String) -> Post {
        let id = self.doors.session.post_ids.next();
        let body = Body::Plain(text);
        let action = PostAction::Send {
            id,
            body,
            reply_to,
            sound: Sound::Ring,
        };
        Post {
            key,
            action,
            rank: Rank::Answer,
        }
    }

    fn send_post(&self, post: Post) {
        let key = post.key;
        if self.doors.session.outbox.try_send(post).is_err() {
            error!(%key, "the outbox does not take a post");
        }
    }
}
