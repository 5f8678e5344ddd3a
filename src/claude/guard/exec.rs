//! The role that becomes the agent: it ties itself to its parent's life and is replaced.

use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal};
use nix::unistd::{Pid, getppid};

use super::{arguments, refuse};

/// Begins the line on stderr that tells a failure to start from a failure of the agent.
pub const CANNOT_START: &str = "bridge guard: cannot start the agent";

/// Runs the role `guard-exec`; returns only when the agent's program cannot be run.
pub(super) fn exec_main(args: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments = match arguments::parse(args) {
        Ok(arguments) => arguments,
        Err(reason) => return refuse(&reason),
    };
    if let Err(errno) = prctl::set_pdeathsig(Signal::SIGKILL) {
        return refuse(&format!(
            "cannot bind its life to the guard's: {}",
            errno.desc()
        ));
    }
    if getppid() != Pid::from_raw(arguments.parent) {
        return refuse("its guard is gone");
    }
    // The mask is inherited from the guard, and would be by every tool of the agent.
    if let Err(errno) = SigSet::empty().thread_set_mask() {
        return refuse(&format!("cannot unblock signals: {}", errno.desc()));
    }
    let (program, rest) = arguments
        .agent
        .split_first()
        .expect("`parse` refuses an empty agent");
    let error = Command::new(program).args(rest).exec();
    writeln!(
        std::io::stderr(),
        "{CANNOT_START}: `{}`: {error}",
        Path::new(program).display()
    )
    .ok();
    ExitCode::from(if error.kind() == ErrorKind::NotFound {
        127
    } else {
        126
    })
}

/// Returns the command of the role `guard-exec` below `parent`.
pub(super) fn stage(parent: i32, agent: &[OsString]) -> Command {
    let mut command = Command::new(super::own_program());
    command
        .arg0("bridge")
        .arg("guard-exec")
        .args(["--parent", &parent.to_string()])
        .arg("--")
        .args(agent);
    command
}
