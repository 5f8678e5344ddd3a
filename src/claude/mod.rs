//! The Claude edge.

pub mod command_line;
pub mod translate;
pub mod wire;
