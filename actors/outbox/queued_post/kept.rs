//! What the journal has of a post on its way.

use crate::ids::{MessageId, PostId};
use crate::outbox::journal_note::DepartureNote;
use crate::outbox::{Post, PostAction, Rank, Repeat};
use crate::ports::KeptPost;

use super::{Deed, Doubt, QueuedPost};

/// Whether the journal keeps a post until it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::outbox) enum Kept {
    /// It does not.
    No,
    /// It does; this message of the post is noted there as about to leave.
    Until { noted: Option<usize> },
}

impl QueuedPost {
    /// Returns the item of a post that an earlier run of the bridge kept. If a message of it was
    /// about to leave then, nobody knows whether it did.
    pub(in crate::outbox) fn restored(kept: KeptPost) -> Self {
        let departed = kept.departed;
        let mut item = Self::new(kept.post);
        item.kept = Kept::Until { noted: departed };
        if let (Some(at), Deed::Send { part, doubt, .. }) = (departed, &mut item.deed) {
            *part = at;
            *doubt = Doubt::Unprobed;
        }
        item
    }

    /// Returns the item of a post that waited in the journal because its chat could not be written
    /// to: what was about to leave then has not arrived, unless its fate was unknown before.
    pub(in crate::outbox) fn woken(kept: KeptPost, repeat: Repeat) -> Self {
        if repeat == Repeat::Possible {
            return Self::restored(kept);
        }
        let departed = kept.departed;
        let mut item = Self::new(kept.post);
        item.kept = Kept::Until { noted: departed };
        if let (Some(at), Deed::Send { part, .. }) = (departed, &mut item.deed) {
            *part = at;
        }
        item
    }

    /// Returns whether a call of it may have been done whose fate is unknown.
    pub(in crate::outbox) fn repeat(&self) -> Repeat {
        match self.deed {
            Deed::Send {
                doubt: Doubt::Unprobed | Doubt::Probed,
                ..
            } => Repeat::Possible,
            Deed::Send {
                doubt: Doubt::None, ..
            }
            | Deed::Edit(_)
            | Deed::Leave => Repeat::No,
        }
    }

    /// Returns what has to be noted before the message that is due leaves.
    pub(in crate::outbox) fn first_note(&mut self) -> Option<DepartureNote> {
        let Deed::Send { part, .. } = self.deed else {
            return None;
        };
        let Kept::Until { noted } = &mut self.kept else {
            return None;
        };
        if *noted == Some(part) {
            return None;
        }
        *noted = Some(part);
        Some(DepartureNote { id: self.id, part })
    }

    /// Has the journal keep an edit that takes the buttons off a message, once that is known.
    pub(in crate::outbox) fn keep_if_it_closes(&mut self, message: Option<MessageId>) {
        let closes = self.is_edit() && self.rank == Rank::Answer && !self.body.has_buttons();
        if closes && message.is_some() && self.kept == Kept::No {
            self.kept = Kept::Until { noted: None };
        }
    }

    /// Returns the name under which the journal keeps the post.
    pub(in crate::outbox) fn kept_as(&self) -> Option<PostId> {
        match self.kept {
            Kept::No => None,
            Kept::Until { .. } => Some(self.id),
        }
    }

    /// Returns the post as the journal keeps it; `message` is the one that an edit edits. `None`
    /// when it is not kept.
    pub(in crate::outbox) fn kept_post(&self, message: Option<MessageId>) -> Option<Post> {
        let name = self.kept_as()?;
        let (id, body) = (name, self.body.clone());
        let action = match &self.deed {
            Deed::Send {
                reply_to, sound, ..
            } => PostAction::Send {
                id,
                body,
                reply_to: *reply_to,
                sound: *sound,
            },
            Deed::Edit(_) => {
                let message = self.edited_message().or(message)?;
                PostAction::EditMessage { id, message, body }
            }
            Deed::Leave => return None,
        };
        let (key, rank) = (self.key, self.rank);
        Some(Post { key, action, rank })
    }
}
