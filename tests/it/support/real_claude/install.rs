//! Installing pinned versions of the real program with npm, once for all tests.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// The versions that the tests run: the newest that was tried, and the oldest that is supported.
pub(crate) const CLAUDE_VERSIONS: [&str; 2] = ["2.1.332", "2.1.327"];

const INSTALL_LIMIT: Duration = Duration::from_secs(300);
const PACKAGE: &str = "@anthropic-ai/claude-code";

/// What came of asking for a version.
pub(super) enum Installation {
    /// The path of the program.
    Ready(PathBuf),
    /// This machine has no npm and is not CI.
    NoNpm,
}

/// Returns the program of `version`, installing it if it is not there.
///
/// Other test processes wait for the one that installs. Panics with the words of npm if it fails.
pub(super) fn install(version: &str) -> Installation {
    let shelf = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("real-claude");
    let folder = shelf.join(version);
    fs::create_dir_all(&shelf).unwrap();
    let lock = File::create(shelf.join(format!("{version}.lock"))).unwrap();
    lock.lock().unwrap();
    if let Some(binary) = find_binary(&folder) {
        return Installation::Ready(binary);
    }

    // npm tries for a minute before it gives up, which one test may cost, but not all of them.
    static FAILED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let is_first_try = FAILED.lock().unwrap().insert(version.to_owned());
    assert!(
        is_first_try,
        "npm failed to install {version} for an earlier test of this run"
    );
    let unfinished = shelf.join(format!("{version}.unfinished"));
    fs::remove_dir_all(&unfinished).ok();
    fs::create_dir(&unfinished).unwrap();
    let has_npm = run_npm(&shelf, &unfinished, version);
    FAILED.lock().unwrap().remove(version);
    if !has_npm {
        return Installation::NoNpm;
    }
    fs::remove_dir_all(&folder).ok();
    fs::rename(&unfinished, &folder).unwrap();
    let binary = find_binary(&folder);
    Installation::Ready(binary.expect("the package of this platform holds the program"))
}

/// Finds the program in the package of this platform, the only such package that npm installs.
///
/// The main package has only a stub, which its install script replaces by this file. The script
/// is not run: the file works where it is.
fn find_binary(folder: &Path) -> Option<PathBuf> {
    fs::read_dir(folder.join("node_modules/@anthropic-ai"))
        .ok()?
        .flatten()
        .filter(|package| package.file_name() != "claude-code")
        .map(|package| package.path().join("claude"))
        .find(|binary| binary.is_file())
}

/// Runs npm; returns false if there is none, which CI does not accept.
fn run_npm(shelf: &Path, prefix: &Path, version: &str) -> bool {
    let child = Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--ignore-scripts"])
        .arg("--prefix")
        .arg(prefix)
        .arg("--cache")
        .arg(shelf.join("npm-cache"))
        .arg(format!("{PACKAGE}@{version}"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn();
    let child = match child {
        Err(error) if error.kind() == ErrorKind::NotFound && env::var_os("CI").is_none() => {
            return false;
        }
        child => child.expect("npm is needed to install the real program"),
    };
    let group = Pid::from_raw(child.id().try_into().unwrap());
    let (done, ended) = mpsc::channel();
    let waiting = thread::spawn(move || done.send(child.wait_with_output()));
    let Ok(output) = ended.recv_timeout(INSTALL_LIMIT) else {
        killpg(group, Signal::SIGKILL).ok();
        waiting.join().ok();
        panic!("npm did not install {PACKAGE} {version} within {INSTALL_LIMIT:?}");
    };
    assert_installed(&output.unwrap(), version);
    true
}

fn assert_installed(output: &Output, version: &str) {
    assert!(
        output.status.success(),
        "npm could not install {PACKAGE} {version}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
