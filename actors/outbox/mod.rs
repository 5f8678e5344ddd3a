//! The outbox: what leaves for which chat, in which order, at what pace.

mod messages;

pub use messages::{
    Body, Delivered, Flush, Perform, Post, PostAction, PostError, PostIds, Rank, Repeat, Sign,
    Sound,
};
