//! Finds the program that agents are, and asks it for its version.

use std::ffi::OsString;
use std::io::Read as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::claude::version::{MINIMUM, Support, Version};
use crate::program::find_program;

/// How long the program may take to tell its version; it takes a tenth of a second.
const LIMIT: Duration = Duration::from_secs(5);
/// What is read of its words; a version is at their beginning.
const MAX_OUTPUT: u64 = 4096;
/// What it needs to run; nothing of the bridge's own is among it.
const PASSED: [&str; 8] = [
    "HOME",
    "PATH",
    "LANG",
    "USER",
    "LOGNAME",
    "SHELL",
    "TMPDIR",
    "CLAUDE_CONFIG_DIR",
];

/// What is known of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Program {
    /// It is not there, or cannot be executed.
    Missing,
    /// It cannot be started.
    Broken { path: PathBuf, why: String },
    /// It does not say a version; it may be something else.
    Silent { path: PathBuf, why: &'static str },
    /// It is there and tells its version.
    Found { path: PathBuf, version: Version },
}

impl Program {
    /// Looks for the program and runs it with `--version`.
    pub(super) fn find(binary: &Path, environment: &[(OsString, OsString)]) -> Self {
        let search_path = environment.iter().find(|(name, _)| name == "PATH");
        let search_path = search_path.map(|(_, value)| value.as_os_str());
        let Some(path) = find_program(binary, search_path) else {
            return Self::Missing;
        };
        let variables = environment.iter();
        let passed = variables.filter(|(name, _)| PASSED.iter().any(|known| name == known));
        let child = Command::new(&path)
            .arg("--version")
            .env_clear()
            .envs(passed.map(|(name, value)| (name, value)))
            // To tell its version it needs nobody; this keeps it from looking for a newer one.
            .env("DISABLE_AUTOUPDATER", "1")
            .env("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        match child.map(said_in_time) {
            Err(error) => {
                let why = error.to_string();
                Self::Broken { path, why }
            }
            Ok(None) => {
                let why = "does not answer within 5 s";
                Self::Silent { path, why }
            }
            Ok(Some(said)) => match Version::find_in(&said) {
                Some(version) => Self::Found { path, version },
                None => {
                    let why = "prints no version";
                    Self::Silent { path, why }
                }
            },
        }
    }

    /// Describes the program in one line.
    pub(super) fn line(&self, binary: &Path) -> String {
        match self {
            Self::Missing => format!("not found: {}", binary.display()),
            Self::Broken { path, .. } => format!("{} cannot be started", path.display()),
            Self::Silent { path, .. } => format!("{} (version unknown)", path.display()),
            Self::Found { path, version } => format!("{} ({version})", path.display()),
        }
    }

    /// Says what works but deserves a second look.
    pub(super) fn warning(&self) -> Option<String> {
        match self {
            Self::Missing | Self::Broken { .. } => None,
            Self::Silent { path, why } => Some(format!(
                "`{} --version` {why}: check that claude.binary is Claude Code",
                path.display()
            )),
            Self::Found { path, version } => match version.support() {
                Support::Supported => None,
                Support::TooOld => Some(format!(
                    "{} is version {version}; the bridge needs {MINIMUM} or later to work \
                     reliably: run `claude update`",
                    path.display()
                )),
            },
        }
    }
}

/// Returns what a program writes until it ends; `None` if that takes too long. Nothing of it lives
/// on.
fn said_in_time(mut child: Child) -> Option<String> {
    let stdout = child.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    let reader = thread::spawn(move || {
        let mut said = Vec::new();
        stdout.take(MAX_OUTPUT).read_to_end(&mut said).ok();
        // Whoever asked may have stopped waiting.
        sender.send(said).ok();
    });
    let said = receiver.recv_timeout(LIMIT).ok();
    if let Ok(pid) = i32::try_from(child.id()) {
        // It may be gone already, and so may all that it started.
        killpg(Pid::from_raw(pid), Signal::SIGKILL).ok();
    }
    child.wait().ok();
    if said.is_some() {
        reader.join().ok();
    }
    Some(String::from_utf8_lossy(&said?).into_owned())
}
