//! Which process has a conversation open that the bridge did not start.
//!
//! Claude Code locks nothing: two processes on one conversation write side by side, and the next one
//! reads what one of them wrote. So processes are looked for: by the id among their arguments, and by
//! what a terminal's Claude says of itself in its folder, since it can change its conversation.

use std::fs;
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use bridge_actors::ports::Holder;
use serde::Deserialize;

use super::digest::text;
use crate::claude::guard::HOME_MARKER;
use crate::claude::guard::process_table::{self, Life};
use crate::plain_file::open_plain;

/// Where a Claude that runs says which conversation it has.
const SESSIONS: &str = "sessions";

/// How many of these are looked at, and how much of each, in bytes.
const MAX_SAID: usize = 2_000;
const MAX_SAID_BYTES: u64 = 64 * 1024;

/// How many of the first arguments can name the program.
const PROGRAM_ARGUMENTS: usize = 3;

/// What a Claude says of itself.
#[derive(Deserialize)]
struct SaysOfItself {
    pid: i32,
    #[serde(rename = "sessionId")]
    conversation: String,
    /// When it was started, as `/proc` counts it: a number comes back for another process.
    #[serde(rename = "procStart", default, deserialize_with = "text")]
    started: String,
}

/// Returns a process that has a conversation and does not belong to the bridge whose data folder is
/// `home`; `config` is the folder of Claude's own files.
pub(in crate::claude) fn process_with(id: &str, config: &Path, home: &str) -> Option<Holder> {
    let table = process_table::read();
    let alive = table.iter().filter(|entry| entry.life == Life::Alive);
    let named = alive.map(|entry| entry.pid).filter(|pid| names(*pid, id));
    let said = said_in(config, id);
    let pid = named.chain(said).find(|pid| !is_ours(*pid, home))?;
    let terminal = fs::read_link(format!("/proc/{pid}/fd/0")).ok();
    let terminal = terminal.map(|path| path.display().to_string());
    let terminal = terminal.filter(|path| path.starts_with("/dev/pts/") || is_tty(path));
    Some(Holder::Process { pid, terminal })
}

fn is_tty(path: &str) -> bool {
    path.starts_with("/dev/tty")
}

/// Tells whether a process is a Claude with this conversation among its arguments.
fn names(pid: i32, id: &str) -> bool {
    let Ok(arguments) = fs::read(format!("/proc/{pid}/cmdline")) else {
        return false;
    };
    let arguments = || arguments.split(|byte| *byte == 0);
    let is_claude = |argument: &[u8]| argument.windows(6).any(|part| part == b"claude");
    let is_id = |argument: &[u8]| {
        let value = argument.rsplit(|byte| *byte == b'=').next();
        value == Some(id.as_bytes())
    };
    arguments().any(is_id) && arguments().take(PROGRAM_ARGUMENTS).any(is_claude)
}

/// Returns the processes that say of themselves that they have a conversation.
fn said_in(config: &Path, id: &str) -> Vec<i32> {
    let entries = fs::read_dir(config.join(SESSIONS)).into_iter().flatten();
    let files = entries.flatten().take(MAX_SAID).map(|entry| entry.path());
    let files = files.filter(|path| path.extension().is_some_and(|it| it == "json"));
    let said = files.filter_map(|path| {
        let mut words = Vec::new();
        let file = open_plain(&path).ok()?;
        file.take(MAX_SAID_BYTES).read_to_end(&mut words).ok()?;
        serde_json::from_slice::<SaysOfItself>(&words).ok()
    });
    let said = said.filter(|said| said.conversation == id && is_still(said));
    said.map(|said| said.pid).collect()
}

/// Tells whether a process that said something is the one that has this number now.
fn is_still(said: &SaysOfItself) -> bool {
    /// Where the start of a process stands behind its name, from `proc(5)`.
    const STARTED: usize = 19;
    let Ok(stat) = fs::read(format!("/proc/{}/stat", said.pid)) else {
        return false;
    };
    let stat = String::from_utf8_lossy(&stat);
    let Some((_, fields)) = stat.rsplit_once(')') else {
        return false;
    };
    let mut fields = fields.split_ascii_whitespace();
    let is_alive = fields
        .next()
        .is_some_and(|state| state != "Z" && state != "X");
    let started = fields.nth(STARTED - 1);
    is_alive && started == Some(said.started.as_str())
}

/// Tells whether a process carries the mark of the bridge's agents, or is the bridge.
fn is_ours(pid: i32, home: &str) -> bool {
    let own = nix::unistd::getpid().as_raw();
    let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    let mark = std::ffi::OsStr::new(home).as_bytes();
    pid == own || process_table::holds_all(&environment, &[(HOME_MARKER, mark)])
}
