//! The session: one chat's prompts, its conversation and its agent.

mod messages;

mod actor;
mod agent;
pub mod agent_event;
mod buttons;
mod chat;
pub mod deadline;
pub mod effect;
pub mod event;
pub mod machine;
pub mod policy;
mod prompts;
pub mod request;
mod requests;
mod said;
pub mod settings;
pub mod step;
mod take_over;
mod texts;
mod to_claude;
mod turn;

pub use actor::{Session, SessionPorts};
pub use chat::{choices, tasks};
pub use messages::{
    Command, CommandKind, Configure, EndSession, Instruct, Memory, MoveTo, Press, Prompt, Revoke,
    Shown, SlotDelayed, SlotGranted, StopDraft, TakeOverOpen, YieldSlot,
};
pub use prompts::offer;
pub use take_over::TakeOver;
pub use turn::{card, draft};
