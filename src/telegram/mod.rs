//! The Telegram edge.

pub mod render;
