//! The Claude edge.

pub mod command_line;
pub mod mentions;
pub mod translate;
pub mod wire;
