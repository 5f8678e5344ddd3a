//! The Claude edge: one long-lived process per session, its lines, and the end of its whole tree.
//!
//! - An agent sees a built environment: never the bot's token, nor anything that nobody allowed.
//! - `@path` in a prompt never reaches a file outside the session's folder.
//! - Whatever an agent writes is tolerated: unknown lines are counted, huge ones are skipped.
//! - Nothing that an agent started lives two seconds after the agent or the bridge has ended.

pub mod command_line;
mod conversations;
pub mod groups;
mod last_prompts;
mod mcp;
pub mod mentions;
pub mod neighbours;
mod ownership;
pub mod room_view;
mod transcripts;
pub mod translate;
pub mod version;
pub mod wire;

pub mod process;
#[cfg(feature = "fuzzing")]
pub(crate) use process::fuzzing::{agent_output, prompt};

pub mod guard;
pub mod leftovers;
