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

use super::arguments::{self, Arguments};
use super::login::{self, Handed};
use super::{Containment, Level, View, refuse, wall};

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

/// Starts the agent itself.
pub(super) fn agent(arguments: &Arguments) -> Result<Pid, NotStarted> {
    let agent = &arguments.agent;
    let program = agent.first().map(OsString::as_os_str).unwrap_or_default();
    let handed = handed(arguments).map_err(|error| NotStarted {
        program: program.into(),
        error,
    })?;
    spawn(program, agent.iter().cloned(), handed.environment)
}

/// Returns the agent's environment; behind a wall its login is no part of it.
fn handed(arguments: &Arguments) -> io::Result<Handed> {
    let environment = std::env::vars_os().collect();
    match arguments.view {
        Some(_) => login::hand_over(environment),
        None => Ok(Handed {
            environment,
            open: Vec::new(),
        }),
    }
}

/// Starts the role `guard-exec` below this process, which becomes the agent.
pub(super) fn stage(arguments: &Arguments) -> Result<Pid, NotStarted> {
    start_role("guard-exec", Containment::Tree, arguments)
}

/// Starts the guard that is the first process of the namespace which this one has made.
pub(super) fn first(arguments: &Arguments) -> Result<Pid, NotStarted> {
    start_role("guard", Containment::Namespace, arguments)
}

/// Starts this program in a role below this process, with what it was told itself.
fn start_role(
    role: &str,
    containment: Containment,
    arguments: &Arguments,
) -> Result<Pid, NotStarted> {
    let parent = std::process::id().to_string();
    let fixed = ["bridge", role, "--parent", &parent];
    let containment = ["--containment", containment.name()];
    let fixed = fixed.into_iter().chain(containment).map(OsString::from);
    let folder = arguments.folder.iter();
    let folder = folder.flat_map(|folder| ["--folder".into(), folder.into()]);
    // What is started here is born in this process's group.
    let view = arguments.view.clone().map(|view| View {
        group: None,
        ..view
    });
    let view = view.as_ref().map(View::to_arguments);
    let all = fixed
        .chain(folder)
        .chain(view.unwrap_or_default())
        .chain(["--".into()])
        .chain(arguments.agent.iter().cloned());
    let environment = std::env::vars_os().collect();
    spawn(super::own_program().as_os_str(), all, environment)
}

/// Starts a program with every signal at its default and none blocked.
///
/// What the bridge was started with, as SIGINT ignored by a shell without job control or SIGHUP by
/// `nohup`, would else be handed down to every tool of the agent.
fn spawn(
    program: &OsStr,
    arguments: impl Iterator<Item = OsString>,
    environment: Vec<(OsString, OsString)>,
) -> Result<Pid, NotStarted> {
    let start = || {
        let mut signals = PosixSpawnAttr::init()?;
        signals.set_sigdefault(&SigSet::all())?;
        signals.set_sigmask(&SigSet::empty())?;
        signals.set_flags(
            PosixSpawnFlags::POSIX_SPAWN_SETSIGDEF | PosixSpawnFlags::POSIX_SPAWN_SETSIGMASK,
        )?;
        let arguments: Vec<CString> = arguments.map(c_string).collect::<nix::Result<_>>()?;
        let environment = environment.into_iter().map(|(mut name, value)| {
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

/// Puts up the wall that needs no namespace, if there is to be one.
fn confine(arguments: &Arguments) -> Result<(), String> {
    let Some(view) = &arguments.view else {
        return Ok(());
    };
    if view.level == Level::Strict {
        return Err("the level strict needs a namespace".to_owned());
    }
    let folder = std::env::current_dir();
    let folder = folder.map_err(|error| format!("cannot tell the folder: {error}"))?;
    wall::limit_resources(wall::Counted::WithOthers, view.uid)?;
    wall::give_up_rights(view.uid)?;
    wall::confine_files(view, &folder)
}

/// Runs the role `guard-exec`: ties itself to its guard's life and is replaced by the agent.
///
/// Returns only when the agent's program cannot be run.
pub(super) fn exec_main(args: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments = match arguments::parse(args) {
        Ok(arguments) => arguments,
        Err(reason) => return refuse(&reason),
    };
    // First, because a change of user takes the parent-death signal away.
    if let Err(reason) = confine(&arguments) {
        return refuse(&reason);
    }
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
    let error = match handed(&arguments) {
        Ok(handed) => {
            let mut command = Command::new(program);
            command.args(rest).env_clear().envs(handed.environment);
            // `exec` gives back SIGPIPE, which Rust's runtime ignores.
            command.exec()
        }
        Err(error) => error,
    };
    let program = program.into();
    NotStarted { program, error }.tell()
}
