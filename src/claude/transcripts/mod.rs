//! The conversations that Claude Code has on disk: which there are, what was said in one, who has it.
//!
//! - Nothing is read but the fields that are wanted: transcripts hold system prompts too.
//! - Agents write where these lie: no link is followed, no pipe waited for, and whatever a file holds,
//!   reading it comes to an end.
//! - A conversation belongs to the folder that it says it was begun in: other folders can have the
//!   same name here.

mod begun;
mod digest;
mod export;
mod folder;
mod holders;
mod index;
mod lines;

pub(super) use begun::{begun_in, begun_in_others, note_begun};
pub(super) use export::{Exported, export};
pub(super) use folder::{Lying, Transcripts, is_id, slug_of};
pub(super) use holders::process_with;
pub(super) use index::{Entry, Index, Refresh};

#[cfg(test)]
mod tests;
