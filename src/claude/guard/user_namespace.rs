//! A namespace for whoever has no rights: made together with a user namespace, in which they do.
//!
//! The process that makes it stays outside and waits; the next one that it starts is the first in
//! it. So a signal to the guard ends it even before it listens, and its exit says that nothing is
//! left: the kernel reports the end of a first process when all others of its namespace are gone.

use std::fs;
use std::io;

use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, getegid, geteuid, getppid};

use super::arguments::Arguments;
use super::wall;

/// Makes the namespaces, in which this process has every right; its children are born in them.
pub(super) fn make(arguments: &Arguments) -> Result<(), String> {
    let (user, group) = (geteuid(), getegid());
    unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWPID).map_err(|errno| {
        format!(
            "this system does not let users make namespaces: {}",
            errno.desc()
        )
    })?;
    // Making a user namespace takes the parent-death signal away, so it is asked for here.
    prctl::set_pdeathsig(Signal::SIGKILL)
        .map_err(|errno| format!("cannot watch the bridge: {}", errno.desc()))?;
    if getppid() != Pid::from_raw(arguments.parent) {
        return Err("the bridge is gone".to_owned());
    }
    // The same numbers inside: nobody in there is taken for root.
    let maps = || -> io::Result<()> {
        fs::write("/proc/self/setgroups", "deny")?;
        fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
        fs::write("/proc/self/gid_map", format!("{group} {group} 1"))
    };
    maps().map_err(|error| format!("cannot name the user in its own namespace: {error}"))?;
    wall::hold_rights()
}

/// Ends the first process of the namespace, and with it everything in it, and waits for that.
pub(super) fn end_first(first: Pid) {
    // Where its own end was what was waited for, its number may be another's by now.
    if let Ok(WaitStatus::StillAlive) = waitpid(first, Some(WaitPidFlag::WNOHANG)) {
        kill(first, Signal::SIGKILL).ok();
        waitpid(first, None).ok();
    }
}
