//! The guard as the first process of its agent's PID namespace: when it ends, the kernel ends the
//! rest.

use std::fs::File;
use std::io;
use std::process::ExitCode;

use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, setns, unshare};
use nix::sys::prctl;
use nix::sys::signal::Signal;

use super::process_table::parse_stat;

/// The number under which a namespace knows its first process.
const FIRST: i32 = 1;

/// Runs `spawn` so that the process that it starts is the first of a new PID namespace.
///
/// This thread stays where it is; only its children are born elsewhere meanwhile. It must start no
/// thread in `spawn`, which the kernel refuses.
pub(super) fn born_first<T>(spawn: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let home = File::open("/proc/thread-self/ns/pid")?;
    unshare(CloneFlags::CLONE_NEWPID)?;
    let child = spawn();
    // After a failure here the kernel lets this thread make neither a namespace nor a thread, so
    // that no agent gets into another's namespace.
    setns(home, CloneFlags::CLONE_NEWPID)?;
    child
}

/// Makes this process the head of its namespace: it ends with `parent`, and so does all else.
pub(super) fn settle(parent: i32) -> Result<(), String> {
    let step = |what: &str, result: nix::Result<()>| {
        result.map_err(|errno| format!("cannot {what}: {}", errno.desc()))
    };
    step("watch the bridge", prctl::set_pdeathsig(Signal::SIGKILL))?;
    // `getppid` is 0 in here whatever the parent; the host's `/proc`, still mounted, tells the
    // truth. The bridge may have died before the line above; the signal would then never come.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    if parse_stat(FIRST, &stat).is_none_or(|own| own.parent != parent) {
        return Err("the bridge is gone, or /proc shows another machine's processes".to_owned());
    }
    if std::process::id() != FIRST as u32 {
        return Err("it is not the first process of a PID namespace".to_owned());
    }
    step("make a mount namespace", unshare(CloneFlags::CLONE_NEWNS))?;
    let none = None::<&str>;
    // Slave, not private: a disk that is plugged in later appears in the agent's folders too.
    let slave = MsFlags::MS_SLAVE | MsFlags::MS_REC;
    step("keep mounts to itself", mount(none, "/", none, slave, none))?;
    // So that the agent sees its own processes alone.
    let safe = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    step(
        "mount /proc",
        mount(Some("proc"), "/proc", Some("proc"), safe, none),
    )
}

/// Runs the role `guard-probe`: succeeds if it sees only the processes of a namespace of its own.
pub(super) fn probe_main() -> ExitCode {
    let own = nix::unistd::getpid().as_raw();
    let shown = std::fs::read_link("/proc/self").ok();
    let is_fresh = shown.is_some_and(|link| link.to_str() == Some(own.to_string().as_str()));
    ExitCode::from(u8::from(!is_fresh))
}
