//! The playground over real sockets: what a bot and a browser see.

mod bot;

mod chats;
mod faults;
mod files;
mod page;
mod polling;
