//! The guard: a small process between the bridge and an agent that ends the agent's whole tree.
//!
//! Claude runs its shell tools in sessions of their own, so that neither ending claude nor a signal
//! to its process group ends them. The guard is the bridge's own program in another role, one per
//! agent:
//!
//! ```text
//! bridge ─► guard, pid 1 of a namespace ─► claude ─► tools                            (as root)
//! bridge ─► guard ─► guard, pid 1 of a namespace of the user's own ─► claude ─► tools
//! bridge ─► guard ─► guard-exec, which becomes claude ─► tools        (where no namespace may be made)
//! ```
//!
//! In a namespace the kernel ends everything with its first process, which gets SIGKILL when its
//! parent dies and cannot be signalled from inside. It also puts the agent behind its wall
//! ([`wall`]). Elsewhere the guard gets SIGTERM then and cleans up, and claude gets SIGKILL when
//! the guard dies. The guard ends everything when claude ends, when it is told to (SIGTERM) and
//! when its parent dies. It has no async runtime, no threads and no log: all it does is wait for
//! signals.

mod agent_end;
mod arguments;
pub mod canary;
mod exec;
mod login;
mod loopback;
mod namespace;
pub(crate) mod process_table;
mod relay;
pub(crate) mod tree;
mod trial;
mod user_namespace;
pub mod wall;
mod watch;

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread;

pub(crate) use agent_end::AgentEnd;
pub use exec::CANNOT_START;
pub use namespace::PROCESSES_REFUSED;
pub use wall::{Level, Network, Remote, View, holds_ports, may_choose_users};

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
    /// Needs CAP_SYS_ADMIN.
    Namespace,
    /// The same in a user namespace of its own, which needs no rights where the kernel lets
    /// everybody make one. `sudo` and every other set-uid program stop working inside.
    UserNamespace,
    /// The guard adopts every orphan and walks the process tree. Needs no rights, but a guard that
    /// is ended with SIGKILL leaves the tools to the sweeps of the bridge.
    Tree,
}

impl Containment {
    const ALL: [Self; 3] = [Self::Namespace, Self::UserNamespace, Self::Tree];

    /// Returns the strongest containment that works here, by trying it with the program `guard`.
    ///
    /// Takes some milliseconds and blocks; meant for the start of the bridge.
    pub fn probe(guard: &Path) -> Self {
        let works = |containment: &Self| containment.works(guard);
        let found = Self::ALL.into_iter().find(works);
        found.unwrap_or(Self::Tree)
    }

    /// Tries a containment.
    pub fn works(self, guard: &Path) -> bool {
        self.refusal(guard).is_none()
    }

    /// Tries a containment and says why it does not work; the tree needs nothing.
    pub fn refusal(self, guard: &Path) -> Option<String> {
        if self == Self::Tree {
            return None;
        }
        let agent = [guard.as_os_str(), OsStr::new("guard-probe")];
        let mut command = self.guard_command(guard, Path::new("/"), None, agent);
        command
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut try_it = || {
            let child = self.around(|| command.spawn())?;
            trial::output_within(trial::LIMIT, child)
        };
        // A thread that cannot come back from a namespace would spoil whatever is tried next.
        let tried = thread::scope(|scope| scope.spawn(&mut try_it).join());
        let tried = tried.unwrap_or_else(|_| Err(io::Error::other("the trial failed")));
        match tried {
            Ok(output) if output.status.success() => None,
            Ok(output) => Some(told(&output.stderr)),
            Err(error) => Some(error.to_string()),
        }
    }

    /// Reads the word of [`Self::name`].
    fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == word)
    }

    /// Returns the command of the guard of an agent; it is spawned inside [`Self::around`].
    ///
    /// `guard` is the program that has the guard's roles, `view` what the agent sees if there is a
    /// wall, `agent` a program and its arguments.
    pub fn guard_command(
        self,
        guard: &Path,
        folder: &Path,
        view: Option<&View>,
        agent: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Command {
        let mut command = Command::new(guard);
        command
            .arg0("bridge")
            .arg("guard")
            .args(["--containment", self.name()])
            .args(["--parent", &std::process::id().to_string()])
            .arg("--folder")
            .arg(folder)
            .args(view.map(View::to_arguments).unwrap_or_default())
            .arg("--")
            .args(agent);
        command
    }

    /// Runs `spawn` where the one process that it starts, a guard, finds what this needs of its
    /// birth: in a namespace it has to be the first.
    ///
    /// # Errors
    ///
    /// When no namespace can be made, or when `spawn` fails. A thread that cannot come back from
    /// the namespace can start nothing more.
    pub fn around<T>(self, spawn: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        match self {
            Self::Namespace => namespace::born_first(spawn),
            Self::UserNamespace | Self::Tree => spawn(),
        }
    }

    /// Returns the word for it on the guard's command line and in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Namespace => "namespace",
            Self::UserNamespace => "user-namespace",
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
/// The roles are `guard`, `guard-exec`, `guard-probe`, `guard-canary`, `guard-outside` and
/// `guard-relay`. The caller must not have started a thread: signals are blocked per thread.
pub fn run_role(role: &OsStr, args: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    match role.to_str()? {
        "guard" => Some(watch::guard_main(args)),
        "guard-exec" => Some(exec::exec_main(args)),
        "guard-canary" => Some(canary::canary_main(args)),
        "guard-outside" => Some(canary::outside_main()),
        "guard-relay" => Some(relay::relay_main(args)),
        "guard-probe" => Some(namespace::probe_main()),
        _ => None,
    }
}

/// The exit code of a guard that could not do its own work.
pub(crate) const GUARD_FAILED: u8 = 125;

/// Returns the reason in what a guard said on stderr.
fn told(stderr: &[u8]) -> String {
    let said = String::from_utf8_lossy(stderr).into_owned();
    let why = said.lines().next().unwrap_or("the room ended by itself");
    let why = why.strip_prefix(CANNOT_START).unwrap_or(why);
    why.trim_start_matches(": ").to_owned()
}

/// Says on stderr why a role of the guard cannot go on and returns its exit code.
fn refuse(reason: &str) -> ExitCode {
    use std::io::Write;
    writeln!(io::stderr(), "{CANNOT_START}: {reason}").ok();
    ExitCode::from(GUARD_FAILED)
}
