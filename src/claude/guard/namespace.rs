//! The guard as the first process of its agent's PID namespace: when it ends, the kernel ends the
//! rest.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::path::Path;
use std::process::ExitCode;

use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, setns, unshare};
use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::unistd::geteuid;
use rustix::thread::clear_ambient_capability_set;

use super::arguments::Arguments;
use super::process_table::parse_stat;
use super::relay;
use super::wall::{self, Level};

/// What a system refuses that shows this process a part of `/proc` alone.
const PROCESSES: &str = "mount /proc";

/// How the refusal of that begins.
pub const PROCESSES_REFUSED: &str = "cannot mount /proc";

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

/// Makes this process the head of its namespace: it ends with its parent, and so does all else.
/// If there is to be a wall, it stands when this returns.
pub(super) fn settle(arguments: &Arguments) -> Result<(), String> {
    // `getppid` is 0 in here whatever the parent; the host's `/proc`, still mounted, tells the
    // truth, and what is open of it goes on to do so.
    let stat = File::open("/proc/self/stat").map_err(|error| format!("no /proc: {error}"))?;
    tie_to_parent(&stat, arguments.parent)?;
    if std::process::id() != FIRST as u32 {
        return Err("it is not the first process of a PID namespace".to_owned());
    }
    if let Some(view) = &arguments.view {
        relay::leave_network(&view.network)?;
    }
    step("make a mount namespace", unshare(CloneFlags::CLONE_NEWNS))?;
    let root = Path::new("/");
    match &arguments.view {
        Some(view) if view.level == Level::Strict => {
            // A user namespace was made together with these.
            let others =
                CloneFlags::CLONE_NEWIPC | CloneFlags::CLONE_NEWUTS | CloneFlags::CLONE_NEWCGROUP;
            step("make namespaces", unshare(others))?;
            wall::enter(view, arguments.folder.as_deref().unwrap_or(root))?;
        }
        Some(_) | None => show_own_processes()?,
    }
    let Some(view) = &arguments.view else {
        // Rights in a user namespace are no business of the agent's.
        return match geteuid().is_root() {
            true => Ok(()),
            false => clear_ambient_capability_set()
                .map_err(|error| format!("cannot give up rights: {error}")),
        };
    };
    wall::limit_resources(wall::Counted::Alone, view.uid)?;
    wall::give_up_rights(view.uid)?;
    match view.level {
        Level::Strict => wall::confine_scopes(view)?,
        Level::Landlock => {
            wall::confine_files(view, arguments.folder.as_deref().unwrap_or(root))?;
        }
        Level::Off => {}
    }
    // Whoever runs as this user inside has no business in its memory.
    step("hide its memory", prctl::set_dumpable(false))?;
    // The change of user has taken the signal away.
    tie_to_parent(&stat, arguments.parent)
}

fn step(what: &str, result: nix::Result<()>) -> Result<(), String> {
    result.map_err(|errno| format!("cannot {what}: {}", errno.desc()))
}

/// Lets the kernel end this process with its parent, which must be alive when that holds.
fn tie_to_parent(mut stat: &File, parent: i32) -> Result<(), String> {
    step("watch the bridge", prctl::set_pdeathsig(Signal::SIGKILL))?;
    // The parent may have died before the line above; the signal would then never come.
    let mut text = String::new();
    let read = stat.rewind().and_then(|()| stat.read_to_string(&mut text));
    let own = read.ok().and_then(|_| parse_stat(FIRST, &text));
    if own.is_none_or(|own| own.parent != parent) {
        return Err("the bridge is gone, or /proc shows another machine's processes".to_owned());
    }
    Ok(())
}

/// Mounts a `/proc` in which the agent sees its own processes alone.
fn show_own_processes() -> Result<(), String> {
    let none = None::<&str>;
    // Slave, not private: a disk that is plugged in later appears in the agent's folders too.
    let slave = MsFlags::MS_SLAVE | MsFlags::MS_REC;
    step("keep mounts to itself", mount(none, "/", none, slave, none))?;
    let safe = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    step(
        PROCESSES,
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
