//! The outbox: what leaves for which chat, in which order, at what pace.
//!
//! One queue per chat, its topics included; never more than one queued post of a chat is in
//! flight, and chats never wait for each other. `schedule` decides: it asks `chat_queue` for
//! the order, `queued_post` for what an outcome means, `fit` for how a message is made to fit,
//! `files` for what becomes of a file that is refused, `pace` and `flood` for when, `posted_messages` for the message that an edit changes. A post that
//! is sent as several messages is edited at the first of them, or at the one with its buttons. An
//! answer whose fate stays unknown rests beside its queue between two tries, and is never given up.
//! Signs pass beside the queues, under the bot's own pace only; but a draft (`drafts`) and a post of
//! one chat are never under way together.

mod actor;
mod chat_queue;
mod deletions;
mod drafts;
mod files;
mod fit;
mod flights;
mod flood;
mod journal_note;
mod learned;
mod log_facts;
mod messages;
mod moved_chats;
mod pace;
mod parked;
mod position;
mod posted_messages;
mod queued_post;
mod rejection;
mod schedule;
mod signs;
mod texts;

pub use actor::{Outbox, OutboxPorts};
pub use files::{FilesOutcome, FilesSettled, RefusedFile};
pub use fit::{Fit, Half, Markup};
pub use messages::{
    ChatMoved, Delivered, Draft, DraftRefused, Flush, Heard, LearnedPace, PacesLearned, Perform,
    Performed, PostError, PostIds, Posted, Repeat, Sign, TellMoves,
};
pub use rejection::Rejection;

pub use crate::post::{
    Body, Button, Code, FileCopy, FileForm, Folded, Post, PostAction, Quoted, Rank, Sound, Together,
};
