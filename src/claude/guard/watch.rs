//! The guard itself: starts the agent, waits for one of the three ends, ends the tree.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{Pid, getppid, setsid};

use super::agent_end::AgentEnd;
use super::arguments::{self, Arguments};
use super::exec;
use super::{Containment, namespace, refuse, tree, user_namespace};
use crate::claude::groups;

/// Runs the role `guard`; returns when nothing of the agent is left, or is about to end with it.
pub(super) fn guard_main(args: impl Iterator<Item = OsString>) -> ExitCode {
    let signals = watched_signals();
    let prepared = arguments::parse(args).and_then(|arguments| {
        prepare(&signals, &arguments)?;
        Ok(arguments)
    });
    let arguments = match prepared {
        Ok(arguments) => arguments,
        Err(reason) => return refuse(&reason),
    };
    let containment = arguments.containment;
    let started = match containment {
        Containment::Namespace => exec::agent(&arguments),
        Containment::UserNamespace => exec::first(&arguments),
        Containment::Tree => exec::stage(&arguments),
    };
    drop(arguments);
    let child = match started {
        Ok(child) => child,
        Err(not_started) => return not_started.tell(),
    };
    let status = watch(child, &signals);
    match containment {
        Containment::Namespace => {}
        Containment::UserNamespace => user_namespace::end_first(child),
        Containment::Tree => end_own_tree(),
    }
    ExitCode::from(status.to_code())
}

fn end_own_tree() {
    let left = tree::end_own_tree().survivors;
    if left > 0 {
        writeln!(
            std::io::stderr(),
            "bridge guard: {left} processes may not be ended"
        )
        .ok();
    }
}

/// The signals that a guard waits for.
fn watched_signals() -> SigSet {
    use Signal::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    SigSet::from_iter([SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM])
}

/// Waits until `child` ends or a signal asks for the end of everything, and returns how the child
/// ended or will end; hands SIGINT on and reaps orphans.
///
/// The signals must be blocked, so that none is lost before the wait begins.
fn watch(child: Pid, signals: &SigSet) -> AgentEnd {
    loop {
        match signals.wait() {
            Ok(Signal::SIGCHLD) => {
                if let Some(status) = reap_until(child) {
                    return status;
                }
            }
            Ok(Signal::SIGINT) => {
                kill(child, Signal::SIGINT).ok();
            }
            Ok(_) | Err(_) => return AgentEnd::Signal(Signal::SIGKILL as i32),
        }
    }
}

fn reap_until(child: Pid) -> Option<AgentEnd> {
    while let Ok(wait) = waitpid(None, Some(WaitPidFlag::WNOHANG)) {
        let pid = wait.pid()?;
        if let (true, Some(status)) = (pid == child, AgentEnd::of(wait)) {
            return Some(status);
        }
    }
    None
}

/// Ties this process to the bridge's life and goes where the agent works.
///
/// The folder is entered here and not by the bridge: one that does not answer holds its own guard.
fn prepare(signals: &SigSet, arguments: &Arguments) -> Result<(), String> {
    signals
        .thread_block()
        .map_err(|errno| cannot("block signals", errno))?;
    let view = arguments.view.as_ref();
    if let Some(group) = view.and_then(|view| view.group.as_ref()) {
        // The host's files are in sight until the room is made.
        groups::join(group)
            .map_err(|error| format!("cannot enter {}: {error}", group.display()))?;
    }
    match arguments.containment {
        Containment::Namespace => namespace::settle(arguments)?,
        Containment::UserNamespace => user_namespace::make(arguments)?,
        Containment::Tree => tie_to_parent(arguments.parent)?,
    }
    prctl::set_name(c"bridge-guard").ok();
    // Away from the bridge's terminal: Ctrl-C there is for the bridge to decide about.
    setsid().ok();
    let is_left_to_first = arguments.containment == Containment::UserNamespace;
    let folder = arguments.folder.as_ref().filter(|_| !is_left_to_first);
    let Some(folder) = folder else {
        return Ok(());
    };
    std::env::set_current_dir(folder)
        .map_err(|error| format!("cannot enter the folder {}: {error}", folder.display()))
}

fn tie_to_parent(parent: i32) -> Result<(), String> {
    prctl::set_pdeathsig(Signal::SIGTERM).map_err(|errno| cannot("watch the bridge", errno))?;
    // The bridge may have died before the line above; the signal would then never come.
    if getppid() != Pid::from_raw(parent) {
        return Err("the bridge is gone".to_owned());
    }
    prctl::set_child_subreaper(true).map_err(|errno| cannot("adopt orphans", errno))
}

fn cannot(what: &str, errno: nix::errno::Errno) -> String {
    format!("cannot {what}: {}", errno.desc())
}
