//! The session supervisor: which chats have a session, and what happens when one ends.

mod messages;

pub use messages::{Deliver, EndAll, SlotChange, SlotNews};
