//! The session: one chat's prompts, its conversation and its agent.

mod messages;

mod actor;
mod agent;
mod archive;
mod buttons;
mod chat;
pub mod deadline;
pub mod effect;
mod enquiries;
pub mod event;
mod files;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod gathering;
mod inbox;
pub mod machine;
pub mod policy;
mod prompts;
mod requests;
mod said;
pub mod settings;
pub mod step;
mod take_over;
mod texts;
pub mod to_claude;
mod turn;

pub use crate::instruction::{Command, CommandKind, Instruct, Press, Prompt, StopDraft};
pub use actor::{Session, SessionPorts};
pub use chat::{choices, tasks};
pub use messages::{
    Configure, EndSession, FetchFiles, FilesFetched, LockSession, Memory, MoveTo, Revoke, Shown,
    SlotDelayed, SlotGranted, TakeOverOpen, Transcribe, Transcribed, YieldSlot,
};
pub use prompts::offer;
pub use take_over::TakeOver;
pub use texts::used_up_of;
pub use turn::{card, draft};
