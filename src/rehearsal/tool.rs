//! Runs the rehearsal's shell tool, in a session of its own as Claude does.

use std::ffi::OsString;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread::{self, JoinHandle};

use nix::sys::signal::{SigSet, Signal, killpg};
use nix::unistd::{Pid, setsid};

/// The first argument of the stage that becomes the shell.
pub(super) const STAGE: &str = "--tool-stage";

/// A running shell tool.
#[derive(Debug)]
pub(super) struct Tool {
    shell: Child,
    output: JoinHandle<String>,
}

impl Tool {
    /// Starts bash with `command`.
    pub(super) fn start(command: &str) -> io::Result<Self> {
        let mut shell = Command::new("/proc/self/exe")
            .arg0("bridge")
            .args(["rehearse", STAGE, command])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        let mut pipe = shell.stdout.take().expect("stdout is piped");
        let output = thread::Builder::new().spawn(move || {
            let mut bytes = Vec::new();
            pipe.read_to_end(&mut bytes).ok();
            String::from_utf8_lossy(&bytes).into_owned()
        })?;
        Ok(Self { shell, output })
    }

    /// Returns whether the shell has ended.
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.shell.try_wait(), Ok(None))
    }

    /// Ends the shell and what shares its session.
    pub(super) fn kill(mut self) {
        let group = Pid::from_raw(i32::try_from(self.shell.id()).unwrap_or(i32::MAX));
        killpg(group, Signal::SIGKILL).ok();
        // It may not have come so far as to lead a group.
        self.shell.kill().ok();
        self.shell.wait().ok();
    }

    /// Returns what the shell wrote, and how it ended in words.
    ///
    /// Waits for whoever else holds its output.
    pub(super) fn finish(mut self) -> (String, String) {
        let status = match self.shell.wait() {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        };
        (self.output.join().unwrap_or_default(), status)
    }
}

/// Becomes bash in a session of its own; `args` hold the command.
pub(super) fn stage_main(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    setsid().ok();
    // The rehearsal blocks signals in order to wait for them; its tools shall not.
    SigSet::empty().thread_set_mask().ok();
    let error = Command::new("bash")
        .arg("-c")
        .arg(args.next().unwrap_or_default())
        .exec();
    io::Write::write_fmt(
        &mut io::stderr(),
        format_args!("cannot run bash: {error}\n"),
    )
    .ok();
    ExitCode::from(127)
}
