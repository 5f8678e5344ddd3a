//! The guard: a small process between the bridge and an agent that ends the agent's whole tree.
//!
//! Claude runs its shell tools in sessions of their own, so that neither ending claude nor a signal
//! to its process group ends them. The guard is the bridge's own program in another role, one per
//! agent:
//!
//! ```text
//! bridge ─► guard ─► (guard-init, pid 1 of a namespace ─►) guard-exec, which becomes claude ─► tools
//! ```
//!
//! Each arrow carries a parent-death signal: the guard gets SIGTERM and cleans up, the stages below
//! it get SIGKILL. The guard ends everything when claude ends, when it is told to (SIGTERM) and when
//! its parent dies. It has no async runtime, no threads and no log: all it does is wait for signals.

mod arguments;
mod exec;
mod namespace;
pub(crate) mod process_table;
mod status;
pub(crate) mod tree;
mod watch;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

pub use exec::CANNOT_START;

/// Names the data folder of the bridge an agent belongs to, in the environment of its processes.
pub const HOME_MARKER: &str = "CLAUDE_BRIDGE_HOME";

/// Names the agent itself, in the environment of its processes.
///
/// Not its session: the guard of an agent that is being ended must not find the next one.
pub const AGENT_MARKER: &str = "CLAUDE_BRIDGE_AGENT";

/// How an agent's processes are held together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Containment {
    /// A PID namespace of its own: the kernel ends everything in it, however its guard ends.
    ///
    /// Needs CAP_SYS_ADMIN. A user namespace would give it to everybody, but `sudo` and every other
    /// set-uid program inside the agent would stop working, so none is made.
    Namespace,
    /// The guard adopts every orphan and walks the process tree. Needs no rights, but a guard that
    /// is ended with SIGKILL leaves the tools to the sweeps of the bridge.
    Tree,
}

impl Containment {
    /// Returns the strongest containment that works here, by trying it with the program `guard`.
    ///
    /// Takes some milliseconds and blocks; meant for the start of the bridge.
    pub fn probe(guard: &Path) -> Self {
        let tried = Command::new(guard)
            .arg("guard")
            .args(["--containment", Self::Namespace.name()])
            .args(["--parent", &std::process::id().to_string()])
            .arg("--")
            .arg(guard)
            .arg("guard-probe")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match tried {
            Ok(status) if status.success() => Self::Namespace,
            Ok(_) | Err(_) => Self::Tree,
        }
    }

    /// Returns the word for it on the guard's command line and in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Namespace => "namespace",
            Self::Tree => "tree",
        }
    }
}

/// Returns the path under which this very program starts itself again.
///
/// Works also after the file was replaced by an upgrade or removed.
pub fn own_program() -> PathBuf {
    PathBuf::from("/proc/self/exe")
}

/// Runs the role called `role` with the arguments after it; `None` when it is none of ours.
///
/// The roles are `guard`, `guard-init`, `guard-exec` and `guard-probe`. The caller must not have
/// started a thread: the guard moves into a PID namespace, and signals are blocked per thread.
pub fn run_role(role: &OsStr, args: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    match role.to_str()? {
        "guard" => Some(watch::guard_main(args)),
        "guard-init" => Some(namespace::init_main(args)),
        "guard-exec" => Some(exec::exec_main(args)),
        "guard-probe" => Some(namespace::probe_main()),
        _ => None,
    }
}

/// The exit code of a guard that could not do its own work.
pub(crate) const GUARD_FAILED: u8 = 125;

/// Says on stderr why a role of the guard cannot go on and returns its exit code.
fn refuse(reason: &str) -> ExitCode {
    use std::io::Write;
    writeln!(std::io::stderr(), "{CANNOT_START}: {reason}").ok();
    ExitCode::from(GUARD_FAILED)
}
