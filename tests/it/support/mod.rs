//! What the tests share.

pub(crate) mod agent_home;
pub(crate) mod listener;
pub(crate) mod processes;
