//! What runs below a world's bridge, by the name of the program.

use std::fs;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::bridge::World;

/// Returns the processes of agents that run a program; `claude` is the agent itself.
pub(crate) fn running(world: &World, program: &str) -> Vec<Pid> {
    let mut processes = world.processes_of_agents();
    processes.retain(|pid| {
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        name.trim() == program
    });
    processes
}

/// Kills the real program as the kernel would, and neither its guard nor its tools.
///
/// Panics if there is none.
#[track_caller]
pub(crate) fn kill_claude(world: &World) {
    let programs = running(world, "claude");
    assert!(!programs.is_empty(), "no agent is alive");
    for pid in programs {
        // One that is gone already is what is wanted.
        kill(pid, Signal::SIGKILL).ok();
    }
}
