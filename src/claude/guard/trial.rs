//! Runs a process to its end to find out what holds here, but not for ever.

use std::io;
use std::process::{Child, Output};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// How long a trial may take: it takes some milliseconds, and a folder may not answer.
pub(super) const LIMIT: Duration = Duration::from_secs(10);

/// How long the kernel may take to end what it was told to.
const END_LIMIT: Duration = Duration::from_secs(1);

/// Waits until a process ends, and returns what it said; one that takes too long is ended.
///
/// # Errors
///
/// When it takes too long, or cannot be waited for.
pub(super) fn output_within(limit: Duration, child: Child) -> io::Result<Output> {
    let pid = i32::try_from(child.id()).map_err(io::Error::other)?;
    let (tell, told) = mpsc::channel();
    thread::Builder::new()
        .name("trial".to_owned())
        .spawn(move || tell.send(child.wait_with_output()).ok())?;
    if let Ok(output) = told.recv_timeout(limit) {
        return output;
    }
    // Nobody else has the number: it is waited for in the thread alone.
    kill(Pid::from_raw(pid), Signal::SIGKILL).ok();
    told.recv_timeout(END_LIMIT).ok();
    let what = format!("it did not end within {} s", limit.as_secs());
    Err(io::Error::new(io::ErrorKind::TimedOut, what))
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn what_does_not_end_is_ended_and_said() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo begun; exec sleep 1000"]);
        let child = command.stdout(Stdio::piped()).spawn().unwrap();
        let pid = child.id();
        let error = output_within(Duration::from_millis(1), child).unwrap_err();
        assert_eq!(error.to_string(), "it did not end within 0 s");
        assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
    }

    #[test]
    fn what_ends_is_heard() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo done"]);
        let child = command.stdout(Stdio::piped()).spawn().unwrap();
        let output = output_within(LIMIT, child).unwrap();
        assert_eq!(output.stdout, b"done\n");
    }
}
