//! The actors of bridge, in the order a message meets them.
//!
//! This crate holds the owners of state and their decisions. It has no way to reach the outside:
//! no Telegram, no store, no processes, no clock but [`clock`]. What it needs from there it asks
//! for through [`ports`].

pub mod fault;
pub mod ids;

mod alarm;
pub mod clock;

pub mod agent_event;
pub mod budget;
pub mod chat_settings;
pub mod enquiry;
pub mod file_offer;
pub mod form;
pub mod home_use;
pub mod instruction;
pub mod login_code;
pub mod login_end;
pub mod money;
pub mod permission_request;
pub mod post;
pub mod sent_file;
pub mod size;
pub mod spoken;
pub mod timer;

mod own_commands;
pub mod ports;
pub mod purse;
pub mod scripts;
mod told_chats;
pub mod url_hosts;
pub mod visible;

#[cfg(any(test, feature = "doubles"))]
pub mod memory_journal;

pub mod audit;

pub mod rating;
pub mod router;
pub mod user_registry;

pub mod session_supervisor;

pub mod session;

pub mod outbox;

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
