//! The Telegram edge: what comes from Telegram and what goes there.
//!
//! It promises:
//! - an update is confirmed to Telegram only after the router has answered for its batch;
//! - what Telegram may invent next never costs a person their text: updates are read with
//!   tolerant types of our own, and what is not understood is ignored with a reason;
//! - the outcome of every call is told truthfully: done, surely not done, or unknown;
//! - the bot token appears in no log line, no error and no `Debug` print;
//! - text is sent with entities, never with a parse mode.
//!
//! `teloxide-core` carries the connection (client, address, token) and the names of the methods;
//! the answers are read here, because it hides status codes, waits ten seconds on every server
//! error and reports a call that succeeded unreadably like one that failed.

mod token;

mod connection;

mod api;

pub mod bot_identity;

pub mod errors;

pub mod download;

mod update;

pub mod inbound;

mod update_mark;

mod poll_policy;

pub mod paces;

pub mod poller;

pub mod render;

mod piece;

pub mod sender;

pub mod command_menu;

#[cfg(test)]
pub(crate) mod scripted_api;

#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;

pub use bot_identity::BotIdentity;
pub use connection::{InvalidApiUrl, Telegram, TelegramOptions};
pub use token::{InvalidToken, Token};
