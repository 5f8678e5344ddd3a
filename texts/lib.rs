//! Every word that the bridge says in a chat, and no other.
//!
//! `en.ftl` holds one message for each thing that can be said; it is compiled in, and the build
//! makes one function for each message from it. So a message that is missing, and an argument that
//! is missing or of the wrong kind, do not compile.
//!
//! Pure: no clock, no I/O. What is said is a value; when and to whom is decided elsewhere.

mod catalogue;
mod messages;
#[cfg(feature = "recorded")]
pub mod recorded;

pub use catalogue::{Argument, Kind, Language, Limit, Message, Say, limit_of};
pub use messages::MESSAGES;
