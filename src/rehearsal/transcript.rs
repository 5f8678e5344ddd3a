//! What the rehearsal remembers of a conversation, on disk.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

/// One conversation: the ids of the messages it has taken, in order.
#[derive(Debug)]
pub(super) struct Transcript {
    id: String,
    file: PathBuf,
    seen: HashSet<String>,
    count: usize,
}

/// Returns the folder of all conversations; never one of Claude's own.
pub(super) fn folder() -> PathBuf {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(folder) = variable("CLAUDE_CONFIG_DIR") {
        return PathBuf::from(folder).join("rehearsal");
    }
    PathBuf::from(variable("HOME").unwrap_or_else(|| "/tmp".into())).join(".claude-rehearsal")
}

impl Transcript {
    /// Returns a conversation that exists, if `id` is one.
    pub(super) fn find(folder: &Path, id: &str) -> Option<Self> {
        let file = file_of(folder, id);
        let text = fs::read_to_string(&file).ok()?;
        let seen: Vec<&str> = text.lines().collect();
        Some(Self {
            id: id.to_owned(),
            file,
            count: seen.len(),
            seen: seen.into_iter().map(str::to_owned).collect(),
        })
    }

    /// Returns a fresh conversation; it exists on disk with its first message.
    pub(super) fn fresh(folder: &Path, id: &str) -> Self {
        let file = file_of(folder, id);
        Self {
            id: id.to_owned(),
            file,
            seen: HashSet::new(),
            count: 0,
        }
    }

    /// Returns its id.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Returns how many messages it has taken.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Returns whether it has taken this message.
    pub(super) fn has_seen(&self, message: &str) -> bool {
        self.seen.contains(message)
    }

    /// Takes a message in; when this returns, a kill of the process does not lose it.
    pub(super) fn take(&mut self, message: &str) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        append(&self.file, &format!("{message}\n"))?;
        self.seen.insert(message.to_owned());
        self.count += 1;
        Ok(())
    }
}

/// Appends one line about an executed prompt to the ledger, if the environment names one.
pub(super) fn note_in_ledger(message: &str, conversation: &str, text: &str) -> io::Result<()> {
    let Some(ledger) = std::env::var_os("REHEARSAL_LEDGER") else {
        return Ok(());
    };
    let line = json!({
        "at_us": unix_micros(), "uuid": message, "conversation": conversation, "text": text,
    });
    append(Path::new(&ledger), &format!("{line}\n"))
}

/// Returns the time in microseconds since 1970.
pub(super) fn unix_micros() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

fn append(file: &Path, line: &str) -> io::Result<()> {
    // One write of one line to an append-only descriptor is never mixed with another's.
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)?
        .write_all(line.as_bytes())
}

fn file_of(folder: &Path, id: &str) -> PathBuf {
    let name: String = id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    folder.join(format!("{name}.txt"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_is_known_to_the_next_process() {
        let home = tempfile::tempdir().expect("temp folder");
        let mut first = Transcript::fresh(home.path(), "u");
        assert!(
            Transcript::find(home.path(), "u").is_none(),
            "nothing taken, nothing there"
        );
        first.take("m1").expect("written");
        first.take("m2").expect("written");
        let second = Transcript::find(home.path(), "u").expect("there");
        assert_eq!(
            (second.count(), second.has_seen("m1"), second.has_seen("m3")),
            (2, true, false)
        );
    }
}
