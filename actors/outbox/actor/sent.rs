//! Which messages the bot has sent: what people think of them is counted.

use super::{Outbox, report};
use crate::ids::ChatId;
use crate::outbox::{Perform, Performed};

/// Returns where a call sends a new message.
pub(super) fn place_of(call: &Perform) -> Option<ChatId> {
    match call {
        Perform::Send { key, .. } => Some(key.chat),
        Perform::Edit { .. } | Perform::Sign(_) | Perform::Leave { .. } => None,
    }
}

impl Outbox {
    /// Notes a new message, or those of an album. Nobody waits for the disk.
    pub(super) fn note_sent(&self, chat: Option<ChatId>, performed: &Performed) {
        let (Some(chat), Ok(delivered)) = (chat, performed) else {
            return;
        };
        for message in delivered.message.iter().chain(&delivered.others) {
            report(self.journal.note_sent(chat, *message));
        }
    }
}
