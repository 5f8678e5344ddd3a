//! The Claude edge.

pub mod command_line;
pub mod guard;
pub mod leftovers;
pub mod mentions;
pub mod process;
pub mod translate;
pub mod wire;
