//! The guard itself: starts the agent, waits for one of the three ends, ends the tree.

use std::ffi::OsString;
use std::io::{PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsRawFd;
use std::process::ExitCode;

use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{Pid, getpid, getppid, setsid};

use super::arguments::{self, Arguments};
use super::status::Status;
use super::{Containment, exec, refuse, tree};

/// Runs the role `guard`; returns when nothing of the agent is left.
pub(super) fn guard_main(args: impl Iterator<Item = OsString>) -> ExitCode {
    let signals = watched_signals();
    let started = arguments::parse(args).and_then(|arguments| {
        tie_to_parent(&signals, &arguments)?;
        start(&arguments)
    });
    let started = match started {
        Ok(started) => started,
        Err(reason) => return refuse(&reason),
    };
    let end = watch(started.child, &signals);
    let ended = tree::end_own_tree();
    if ended.survivors > 0 {
        let left = ended.survivors;
        writeln!(
            std::io::stderr(),
            "bridge guard: {left} processes may not be ended"
        )
        .ok();
    }
    started.agent_status(end).mirror()
}

/// How a watch ended.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    /// The watched child ended.
    Child(Status),
    /// A signal asks for the end of everything.
    Told,
}

/// The signals that a guard waits for.
pub(super) fn watched_signals() -> SigSet {
    use Signal::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    SigSet::from_iter([SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM])
}

/// Waits until `child` ends or a signal asks for the end; hands SIGINT on and reaps orphans.
///
/// The signals must be blocked, so that none is lost before the wait begins.
pub(super) fn watch(child: Pid, signals: &SigSet) -> End {
    loop {
        match signals.wait() {
            Ok(Signal::SIGCHLD) => {
                if let Some(status) = reap_until(child) {
                    return End::Child(status);
                }
            }
            Ok(Signal::SIGINT) => {
                kill(child, Signal::SIGINT).ok();
            }
            Ok(_) | Err(_) => return End::Told,
        }
    }
}

fn reap_until(child: Pid) -> Option<Status> {
    while let Ok(wait) = waitpid(None, Some(WaitPidFlag::WNOHANG)) {
        let pid = wait.pid()?;
        if let (true, Some(status)) = (pid == child, Status::of(wait)) {
            return Some(status);
        }
    }
    None
}

fn tie_to_parent(signals: &SigSet, arguments: &Arguments) -> Result<(), String> {
    signals
        .thread_block()
        .map_err(|errno| cannot("block signals", errno))?;
    prctl::set_pdeathsig(Signal::SIGTERM).map_err(|errno| cannot("watch the bridge", errno))?;
    // The bridge may have died before the line above; the signal would then never come.
    if getppid() != Pid::from_raw(arguments.parent) {
        return Err("the bridge is gone".to_owned());
    }
    prctl::set_name(c"bridge-guard").ok();
    // Away from the bridge's terminal: Ctrl-C there is for the bridge to decide about.
    setsid().ok();
    prctl::set_child_subreaper(true).map_err(|errno| cannot("adopt orphans", errno))
}

/// The stage below the guard.
struct Started {
    child: Pid,
    /// The pipe over which a namespace's first process reports the agent's end; its own end says
    /// nothing, for it cannot die of a signal that it sends itself.
    report: Option<(PipeReader, PipeWriter)>,
}

impl Started {
    fn agent_status(self, end: End) -> Status {
        // After a forced end the pipe is not read: a survivor may hold it open.
        let End::Child(child_status) = end else {
            return Status::Signal(Signal::SIGKILL as i32);
        };
        let Some((mut reader, writer)) = self.report else {
            return child_status;
        };
        drop(writer);
        let mut text = String::new();
        reader.read_to_string(&mut text).ok();
        Status::parse(&text).unwrap_or(child_status)
    }
}

fn start(arguments: &Arguments) -> Result<Started, String> {
    let own = getpid().as_raw();
    let mut report = None;
    let mut command = match arguments.containment {
        Some(Containment::Namespace) => {
            let (reader, writer) =
                std::io::pipe().map_err(|error| format!("cannot make a pipe: {error}"))?;
            unshare(CloneFlags::CLONE_NEWPID)
                .map_err(|errno| cannot("make a PID namespace", errno))?;
            let descriptor = writer.as_raw_fd();
            report = Some((reader, writer));
            super::namespace::stage(own, descriptor, &arguments.agent)
        }
        Some(Containment::Tree) | None => exec::stage(own, &arguments.agent),
    };
    let child = command
        .spawn()
        .map_err(|error| format!("cannot start its own stage: {error}"))?;
    Ok(Started {
        child: Pid::from_raw(child.id() as i32),
        report,
    })
}

fn cannot(what: &str, errno: nix::errno::Errno) -> String {
    format!("cannot {what}: {}", errno.desc())
}
