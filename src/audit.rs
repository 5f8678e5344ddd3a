//! The audit log: one line for each thing that an administrator did and for each refusal.
//!
//! `audit.jsonl` in the data folder grows to [`MAX_BYTES`] and is then put aside as
//! `audit.1.jsonl`; the older ones move up, and the oldest of five goes. Lines are JSON, written
//! in one call each; what a crash tore is closed by the next line and skipped by the reader.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use actix::prelude::*;
use bridge_actors::audit::{AuditActor, AuditEntry, AuditOutcome};
use bridge_actors::clock::UnixSeconds;
use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use tracing::error;

/// How long a file may grow.
pub const MAX_BYTES: u64 = 5 * 1024 * 1024;

/// A link would let somebody else choose which file grows.
const NO_LINK: i32 = nix::fcntl::OFlag::O_NOFOLLOW.bits();

/// How many older files are kept.
const KEPT_FILES: u32 = 4;

/// Owns the log of a data folder.
#[derive(Debug)]
pub struct AuditLog {
    folder: PathBuf,
    /// Whether the last line could not be written, so that one fault is told once.
    is_failing: bool,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// When, in RFC 3339 and UTC.
    pub at: String,
    /// Who: `user:<id>`, `host` or `bridge`.
    pub actor: String,
    /// What was done or tried.
    pub action: String,
    /// The id of the person or group it was done to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<i64>,
    /// What it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// `begun`, `done` or `refused`.
    pub outcome: String,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What the log holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditLines {
    /// The lines, oldest first.
    pub lines: Vec<AuditLine>,
    /// How many lines could not be read.
    pub broken: usize,
}

impl AuditLog {
    /// Returns the log of a data folder, which exists.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            is_failing: false,
        }
    }
}

impl Actor for AuditLog {
    type Context = Context<Self>;
}

impl Handler<AuditEntry> for AuditLog {
    type Result = ();

    /// Blocks for the microseconds of one write to the page cache; the line is not synced,
    /// because nothing is decided by it.
    fn handle(&mut self, entry: AuditEntry, _: &mut Self::Context) {
        match append(&self.folder, &entry) {
            Ok(()) => self.is_failing = false,
            Err(_) if self.is_failing => {}
            Err(error) => {
                error!(%error, "cannot write the audit log");
                self.is_failing = true;
            }
        }
    }
}

impl AuditLine {
    /// Returns the line of an entry.
    pub fn of(entry: &AuditEntry) -> Self {
        let (outcome, reason) = match entry.outcome {
            AuditOutcome::Begun => ("begun", None),
            AuditOutcome::Done => ("done", None),
            AuditOutcome::Refused(reason) => ("refused", Some(reason.to_owned())),
        };
        Self {
            at: date_of(entry.at),
            actor: match entry.by {
                AuditActor::User(user) => format!("user:{user}"),
                AuditActor::Host => "host".to_owned(),
                AuditActor::Bridge => "bridge".to_owned(),
            },
            action: entry.action.as_str().to_owned(),
            target: entry.target,
            subject: entry.subject.clone(),
            outcome: outcome.to_owned(),
            reason,
        }
    }
}

/// Says a moment in RFC 3339 and UTC, to the second.
pub fn date_of(moment: UnixSeconds) -> String {
    let seconds = i64::try_from(moment.0).unwrap_or(i64::MAX);
    DateTime::from_timestamp(seconds, 0)
        .unwrap_or(DateTime::UNIX_EPOCH)
        .to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Writes one line to the log of a data folder.
///
/// # Errors
///
/// When the log is not a plain file of ours or the disk refuses it.
pub fn append(folder: &Path, entry: &AuditEntry) -> io::Result<()> {
    append_below(folder, entry, MAX_BYTES)
}

fn append_below(folder: &Path, entry: &AuditEntry, max_bytes: u64) -> io::Result<()> {
    let mut line = serde_json::to_string(&AuditLine::of(entry))?;
    line.push('\n');
    let mut file = open(folder)?;
    let mut length = file.metadata()?.len();
    if length > 0 && length + line.len() as u64 > max_bytes {
        rotate(folder)?;
        file = open(folder)?;
        length = 0;
    }
    if length > 0 && last_byte(&mut file)? != b'\n' {
        line.insert(0, '\n');
    }
    file.write_all(line.as_bytes())
}

fn open(folder: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(NO_LINK)
        .open(path_of(folder, 0))?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

fn last_byte(file: &mut File) -> io::Result<u8> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last[0])
}

fn rotate(folder: &Path) -> io::Result<()> {
    for age in (0..KEPT_FILES).rev() {
        match fs::rename(path_of(folder, age), path_of(folder, age + 1)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            moved => moved?,
        }
    }
    Ok(())
}

/// Returns the file of an age; 0 is the one that grows.
fn path_of(folder: &Path, age: u32) -> PathBuf {
    match age {
        0 => folder.join("audit.jsonl"),
        age => folder.join(format!("audit.{age}.jsonl")),
    }
}

/// Reads the log of a data folder, oldest line first.
///
/// # Errors
///
/// When a file is there and cannot be read.
pub fn read(folder: &Path) -> io::Result<AuditLines> {
    let mut found = AuditLines::default();
    for age in (0..=KEPT_FILES).rev() {
        let mut options = OpenOptions::new();
        let options = options.read(true).custom_flags(NO_LINK);
        let file = match options.open(path_of(folder, age)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            opened => opened?,
        };
        for line in BufReader::new(file).split(b'\n') {
            let line = line?;
            match serde_json::from_slice(&line) {
                Ok(line) => found.lines.push(line),
                Err(_) if line.is_empty() => {}
                Err(_) => found.broken += 1,
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
