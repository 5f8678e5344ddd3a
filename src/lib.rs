//! The bridge's edges and their wiring, in reading order.
//!
//! Everything here touches the outside: Telegram, Claude processes, the disk, the terminal. What
//! is to be done about what comes from there is decided in `bridge_actors`.

pub mod check;
pub mod claude;
pub mod cli;
pub mod config;
pub mod store;
pub mod telegram;
pub mod telemetry;
