//! The session supervisor: which chats have a session, what happens when one ends, and which may
//! have an agent alive.

mod messages;

mod actor;
pub mod children;
mod moves;
mod parking;
pub mod restart_limit;
pub mod slots;
mod texts;
pub mod watch;

pub use actor::{SessionSupervisor, SupervisorPorts};
pub use messages::{
    Deliver, EmptyChat, EndAll, EndChat, LockDown, MoveChat, Reconfigure, ReopenChat,
    ResumeSession, SlotChange, SlotNews, Unlock,
};
