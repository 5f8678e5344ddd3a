//! What is said when no session takes an instruction.

use tracing::error;

use super::SessionSupervisor;
use crate::ids::{MessageId, PromptId, SessionKey};
use crate::outbox::{Body, Post, PostAction, Rank, Sound};
use crate::ports::JournalEntry;
use crate::session::Instruct;

impl SessionSupervisor {
    /// Tells the person that an instruction is not carried out; a prompt has its outcome by that.
    pub(super) fn turn_away(&self, key: SessionKey, instruction: &Instruct, text: String) {
        let post = self.post(key, instruction.message(), text);
        if let Instruct::Prompt(prompt) | Instruct::Reply { prompt, .. } = instruction {
            let entry = JournalEntry {
                closed: vec![prompt.id.clone()],
                posts: vec![post.clone()],
                ..JournalEntry::default()
            };
            if let Err(error) = self.doors.session.journal.write(key, &entry) {
                error!(%key, %error, "a prompt that is turned away stays open");
            }
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

impl Instruct {
    /// Returns the message the instruction came in, if it was one.
    pub fn message(&self) -> Option<MessageId> {
        match self {
            Instruct::Prompt(prompt) | Instruct::Reply { prompt, .. } => Some(prompt.message),
            Instruct::Replace(prompt) => Some(prompt.message),
            Instruct::NewConversation { message }
            | Instruct::Stop { message }
            | Instruct::Show { message, .. }
            | Instruct::Choose { message, .. }
            | Instruct::Trust { message, .. }
            | Instruct::Tasks { message }
            | Instruct::Status { message } => Some(*message),
            Instruct::Press(_) => None,
        }
    }

    /// Returns the prompt that the instruction is.
    pub(super) fn prompt(&self) -> Option<&PromptId> {
        match self {
            Instruct::Prompt(prompt) | Instruct::Reply { prompt, .. } => Some(&prompt.id),
            Instruct::NewConversation { .. }
            | Instruct::Stop { .. }
            | Instruct::Status { .. }
            | Instruct::Show { .. }
            | Instruct::Replace(_)
            | Instruct::Choose { .. }
            | Instruct::Trust { .. }
            | Instruct::Tasks { .. }
            | Instruct::Press(_) => None,
        }
    }
}
