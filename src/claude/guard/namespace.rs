//! The first process of an agent's PID namespace; when it ends, the kernel ends the rest.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::unistd::Pid;

use super::arguments::{self, Arguments};
use super::process_table::parse_stat;
use super::watch::{End, watch, watched_signals};
use super::{exec, refuse};

/// The number under which a namespace knows its first process.
const FIRST: i32 = 1;

/// Runs the role `guard-init`; its return ends every process of the namespace.
pub(super) fn init_main(args: impl Iterator<Item = OsString>) -> ExitCode {
    let signals = watched_signals();
    let prepared = arguments::parse(args).and_then(|arguments| {
        prctl::set_pdeathsig(Signal::SIGKILL).map_err(|errno| errno.desc().to_owned())?;
        signals
            .thread_block()
            .map_err(|errno| errno.desc().to_owned())?;
        let report = open_report(&arguments)?;
        show_own_processes()?;
        let agent = exec::stage(FIRST, &arguments.agent).spawn();
        Ok((
            report,
            agent.map_err(|error| format!("cannot start its own stage: {error}"))?,
        ))
    });
    let (mut report, agent) = match prepared {
        Ok(prepared) => prepared,
        Err(reason) => return refuse(&reason),
    };
    match watch(Pid::from_raw(agent.id() as i32), &signals) {
        End::Child(status) => {
            write!(report, "{}", status.to_text()).ok();
            ExitCode::SUCCESS
        }
        End::Told => ExitCode::FAILURE,
    }
}

/// Runs the role `guard-probe`: succeeds if it sees only the processes of a namespace of its own.
pub(super) fn probe_main() -> ExitCode {
    let own = nix::unistd::getpid().as_raw();
    let shown = std::fs::read_link("/proc/self").ok();
    let is_fresh = shown.is_some_and(|link| link.to_str() == Some(own.to_string().as_str()));
    ExitCode::from(u8::from(!is_fresh))
}

/// Returns the command of the role `guard-init` below the guard `guard`.
pub(super) fn stage(guard: i32, report_fd: i32, agent: &[OsString]) -> Command {
    let mut command = Command::new(super::own_program());
    command
        .arg0("bridge")
        .arg("guard-init")
        .args(["--parent", &guard.to_string()])
        .args(["--report-fd", &report_fd.to_string()])
        .arg("--")
        .args(agent);
    command
}

/// Opens the guard's end of the report pipe, which proves on the way that the guard lives.
///
/// `getppid` is 0 in here whatever the parent; the host's `/proc`, still mounted, tells the truth.
fn open_report(arguments: &Arguments) -> Result<File, String> {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    if parse_stat(FIRST, &stat).is_none_or(|own| own.parent != arguments.parent) {
        return Err("its guard is gone, or /proc shows another machine's processes".to_owned());
    }
    let descriptor = arguments.report_fd.ok_or("`--report-fd` is missing")?;
    let path = format!("/proc/{}/fd/{descriptor}", arguments.parent);
    let opened = OpenOptions::new().write(true).open(path);
    opened.map_err(|error| format!("cannot open the report pipe: {error}"))
}

/// Mounts a `/proc` that shows the namespace's own processes.
fn show_own_processes() -> Result<(), String> {
    let none = None::<&str>;
    let step = |what: &str, result: nix::Result<()>| {
        result.map_err(|errno| format!("cannot {what}: {}", errno.desc()))
    };
    step("make a mount namespace", unshare(CloneFlags::CLONE_NEWNS))?;
    // Slave, not private: a disk that is plugged in later appears in the agent's folders too.
    let slave = MsFlags::MS_SLAVE | MsFlags::MS_REC;
    step("keep mounts to itself", mount(none, "/", none, slave, none))?;
    let safe = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    step(
        "mount /proc",
        mount(Some("proc"), "/proc", Some("proc"), safe, none),
    )
}
