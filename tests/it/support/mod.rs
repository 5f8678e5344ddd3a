//! What the tests share: a mock of the Messages API, the real program, and ways to wait.

pub(crate) mod agent_home;
pub(crate) mod agent_tree;
pub(crate) mod bridge;
pub(crate) mod eventually;
pub(crate) mod listener;
pub(crate) mod login_hosts;
pub(crate) mod messages_api;
pub(crate) mod processes;
pub(crate) mod programs;
pub(crate) mod real_claude;
