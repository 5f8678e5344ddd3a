//! Finding and ending processes by an entry of their environment, which children inherit.

use std::fs;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Returns the living processes whose environment holds `entry` (`NAME=value`).
///
/// A process that has ended and is not yet reaped has no environment and is not listed.
pub(crate) fn processes_with(entry: &str) -> Vec<Pid> {
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    processes
        .flatten()
        .filter_map(|process| process.file_name().to_str()?.parse().ok())
        .filter(|pid| has_entry(*pid, entry))
        .map(Pid::from_raw)
        .collect()
}

/// Kills every process whose environment holds `entry`, until none is left.
///
/// Returns those that could not be ended within ten seconds. Never panics: it runs in `Drop`.
pub(crate) fn end_processes_with(entry: &str) -> Vec<Pid> {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let alive = processes_with(entry);
        if alive.is_empty() || Instant::now() > deadline {
            return alive;
        }
        for pid in alive {
            // One that is gone already is what is wanted.
            kill(pid, Signal::SIGKILL).ok();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn has_entry(pid: i32, entry: &str) -> bool {
    fs::read(format!("/proc/{pid}/environ")).is_ok_and(|environment| {
        environment
            .split(|byte| *byte == 0)
            .any(|found| found == entry.as_bytes())
    })
}
