//! What the journal is told of the posts that wait.

use super::Schedule;
use crate::ids::{ChatId, PostId};
use crate::outbox::chat_queue::{ChatQueue, Pushed};
use crate::outbox::fact::Note;
use crate::outbox::item::Item;

impl Schedule {
    /// Returns what the journal is to be told since the last time.
    pub(in crate::outbox) fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    /// Lets a failed edit give way to a newer one of the same message.
    pub(super) fn skip_obsolete_edit(&mut self, chat: ChatId) {
        let skipped = self.chats.get_mut(&chat).map(ChatQueue::skip_obsolete_edit);
        if let Some(Some(Pushed::Replaced { place, forgotten })) = skipped {
            self.note_replaced(chat, place, forgotten);
        }
    }

    /// Notes that an edit has changed what waits in this place.
    pub(super) fn note_replaced(&mut self, chat: ChatId, place: usize, forgotten: Option<PostId>) {
        let queue = self.chats.get_mut(&chat);
        if let Some(item) = queue.and_then(|queue| queue.at(place)) {
            let message = self.posted.find(item.id, chat);
            self.notes.extend(item.kept_post(message).map(Note::Keep));
        }
        self.notes.extend(forgotten.map(Note::Settle));
    }

    /// Notes that a post is done or given up; a later edit may be kept under its name.
    pub(super) fn note_settled(&mut self, item: &Item) {
        let queue = self.chats.get(&item.key.chat);
        let name = item.kept_as();
        let name = name.filter(|name| !queue.is_some_and(|queue| queue.keeps(*name)));
        self.notes.extend(name.map(Note::Settle));
    }
}
