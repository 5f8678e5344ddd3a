//! The playground over real sockets: what a bot and a browser see.

#![expect(clippy::unwrap_used, reason = "a failed test panics")]

mod bot;

mod chats;
mod faults;
mod files;
mod groups;
mod memory;
mod page;
mod personas;
mod polling;
mod privacy;
mod story;
