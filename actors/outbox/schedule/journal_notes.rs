//! What the journal is told of the posts that wait.

use super::Schedule;
use crate::ids::{ChatId, PostId};
use crate::outbox::chat_queue::{ChatQueue, Pushed};
use crate::outbox::journal_note::JournalNote;
use crate::outbox::queued_post::QueuedPost;

impl Schedule {
    /// Returns what the journal is to be told since the last time.
    pub(in crate::outbox) fn take_notes(&mut self) -> Vec<JournalNote> {
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
        self.note_changed(chat, place);
        self.notes.extend(forgotten.map(JournalNote::Settle));
    }

    /// Notes that an edit has come, unless the journal has it.
    pub(super) fn note_new_edit(&mut self, chat: ChatId, id: PostId) {
        let queue = self.chats.get(&chat);
        if !queue.is_some_and(|queue| queue.keeps(id)) {
            self.note_posted(chat, id);
        }
    }

    /// Notes an edit that waits for what a post has become by now.
    pub(super) fn note_posted(&mut self, chat: ChatId, id: PostId) {
        let queue = self.chats.get(&chat);
        if let Some(place) = queue.and_then(|queue| queue.edit_of(id)) {
            self.note_changed(chat, place);
        }
    }

    /// Notes that the body of a chat's first post is another one.
    pub(super) fn note_first_changed(&mut self, chat: ChatId) {
        let first = self.chats.get_mut(&chat).and_then(ChatQueue::first);
        let kept = first.and_then(|item| item.kept_post(None));
        self.notes.extend(kept.map(JournalNote::Keep));
    }

    /// Notes what waits in this place as it is from now on.
    pub(super) fn note_changed(&mut self, chat: ChatId, place: usize) {
        let queue = self.chats.get_mut(&chat);
        let Some(item) = queue.and_then(|queue| queue.at(place)) else {
            return;
        };
        let message = item.edited_message();
        let message = message.or_else(|| self.posted.find(item.id, chat));
        item.keep_if_it_closes(message);
        self.notes
            .extend(item.kept_post(message).map(JournalNote::Keep));
    }

    /// Notes that a post is done or given up; a later edit may be kept under its name.
    pub(super) fn note_settled(&mut self, item: &QueuedPost) {
        let queue = self.chats.get(&item.key.chat);
        let name = item.kept_as();
        let name = name.filter(|name| !queue.is_some_and(|queue| queue.keeps(*name)));
        self.notes.extend(name.map(JournalNote::Settle));
    }
}
