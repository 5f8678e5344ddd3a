//! The bridge's edges and their wiring, in reading order.
//!
//! Everything here touches the outside: Telegram, Claude processes, the disk, the terminal. What
//! is to be done about what comes from there is decided in `bridge_actors`.

mod calendar;
pub mod cli;
mod columns;
pub mod config;
mod filled;
mod masked;
mod own_notes;
mod plain_file;
mod program;
mod replace_file;
pub mod telemetry;
mod there;

pub mod check;
pub mod isolation;
pub mod people;
pub mod rooms_care;
pub mod run;
pub mod spending;
pub mod store_care;
#[cfg(feature = "try")]
pub mod try_it;
pub mod unlock;

pub mod telegram;

pub mod room;

pub mod claude;
#[cfg(feature = "try")]
pub mod rehearsal;

pub mod audit;
mod erasing;
pub mod store;

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
