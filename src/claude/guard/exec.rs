//! Starting the agent's program with signals as a fresh program finds them.

use std::ffi::{CString, OsStr, OsString};
use std::io::{self, ErrorKind, Write};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use nix::errno::Errno;
use nix::spawn::{PosixSpawnAttr, PosixSpawnFileActions, PosixSpawnFlags, posix_spawnp};
use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal};
use nix::unistd::{Pid, getppid};

use super::{arguments, refuse};

/// Begins the line on stderr that tells a failure to start from a failure of the agent.
pub const CANNOT_START: &str = "bridge guard: cannot start the agent";

/// A program that could not be started.
#[derive(Debug)]
pub(super) struct NotStarted {
    program: PathBuf,
    error: io::Error,
}

impl NotStarted {
    /// Says so on stderr and returns the exit code that says it too.
    pub(super) fn tell(&self) -> ExitCode {
        let Self { program, error } = self;
        writeln!(
            io::stderr(),
            "{CANNOT_START}: `{}`: {error}",
            program.display()
        )
        .ok();
        ExitCode::from(if error.kind() == ErrorKind::NotFound {
            127
        } else {
            126
        })
    }
}

/// Starts the agent itself; `agent` is its program and arguments.
pub(super) fn agent(agent: &[OsString]) -> Result<Pid, NotStarted> {
    let program = agent.first().map(OsString::as_os_str).unwrap_or_default();
    spawn(program, agent.iter().cloned())
}

/// Starts the role `guard-exec` below `parent`, which becomes the agent.
pub(super) fn stage(parent: i32, agent: &[OsString]) -> Result<Pid, NotStarted> {
    let parent = parent.to_string();
    let role = ["bridge", "guard-exec", "--parent", &parent, "--"];
    let arguments = role.into_iter().map(OsString::from);
    let program = super::own_program();
    spawn(program.as_os_str(), arguments.chain(agent.iter().cloned()))
}

/// Starts a program with every signal at its default and none blocked.
///
/// What the bridge was started with, as SIGINT ignored by a shell without job control or SIGHUP by
/// `nohup`, would else be handed down to every tool of the agent.
fn spawn(program: &OsStr, arguments: impl Iterator<Item = OsString>) -> Result<Pid, NotStarted> {
    let start = || {
        let mut signals = PosixSpawnAttr::init()?;
        signals.set_sigdefault(&SigSet::all())?;
        signals.set_sigmask(&SigSet::empty())?;
        signals.set_flags(
            PosixSpawnFlags::POSIX_SPAWN_SETSIGDEF | PosixSpawnFlags::POSIX_SPAWN_SETSIGMASK,
        )?;
        let arguments: Vec<CString> = arguments.map(c_string).collect::<nix::Result<_>>()?;
        let environment = std::env::vars_os().map(|(mut name, value)| {
            name.push("=");
            name.push(value);
            c_string(name)
        });
        let environment: Vec<CString> = environment.collect::<nix::Result<_>>()?;
        let program = c_string(program.to_owned())?;
        let no_actions = PosixSpawnFileActions::init()?;
        posix_spawnp(&program, &no_actions, &signals, &arguments, &environment)
    };
    start().map_err(|errno: Errno| NotStarted {
        program: program.into(),
        error: errno.into(),
    })
}

/// A text with a zero byte came through no command line.
fn c_string(text: OsString) -> nix::Result<CString> {
    CString::new(text.into_vec()).map_err(|_| Errno::EINVAL)
}

/// Runs the role `guard-exec`: ties itself to its guard's life and is replaced by the agent.
///
/// Returns only when the agent's program cannot be run.
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
    let (program, rest) = arguments
        .agent
        .split_first()
        .expect("`parse` refuses an empty agent");
    // `exec` gives back SIGPIPE, which Rust's runtime ignores.
    let error = Command::new(program).args(rest).exec();
    let program = program.into();
    NotStarted { program, error }.tell()
}
