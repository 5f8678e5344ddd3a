//! The session: one chat's prompts, its conversation and its agent.

pub mod agent_event;
mod messages;

pub use messages::{EndSession, Instruct, Prompt, SlotDelayed, SlotGranted, YieldSlot};
