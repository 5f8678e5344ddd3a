//! The bridge from outside, in one binary.

mod support;

mod agent_launcher;
mod agent_process;
