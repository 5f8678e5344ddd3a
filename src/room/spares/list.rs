//! What a set of spares holds, as it is written down beside them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bridge_actors::clock::UnixSeconds;
use serde::{Deserialize, Serialize};

use super::way::Way;
use crate::replace_file::replace_file;
use crate::there::if_there;

/// How the list is called in its set.
const NAME: &str = "list.json";

/// A set of spares.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct List {
    /// Until when it is kept, in seconds of the calendar.
    pub(super) until: u64,
    pub(super) files: Vec<Spare>,
}

/// A file that an undo changes, or does not.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Spare {
    /// Where it lies, no link in between.
    pub(super) path: PathBuf,
    /// What was there before the undo; `None` where nothing was.
    pub(super) kept: Option<Kept>,
    /// What the undo has left there.
    pub(super) left: Left,
}

/// A copy.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Its name in the set.
    pub(super) place: usize,
    /// The SHA-256 of it.
    pub(super) digest: String,
    pub(super) mode: u32,
    pub(super) owner: u32,
    pub(super) group: u32,
}

/// What an undo has left.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Left {
    /// Nobody has looked, or could.
    Unknown,
    /// No file.
    Nothing,
    /// A file with this SHA-256.
    File(String),
}

impl List {
    pub(super) fn new(until: u64) -> Self {
        let files = Vec::new();
        Self { until, files }
    }

    pub(super) fn is_kept_at(&self, now: UnixSeconds) -> bool {
        now.0 < self.until
    }

    /// Reads the list of a set; `None` where the set is not whole, or none.
    pub(super) fn read(set: &Path) -> io::Result<Option<Self>> {
        let text = if_there(fs::read_to_string(set.join(NAME)))?;
        let list = text.map(|text| serde_json::from_str(&text));
        Ok(list.transpose()?)
    }

    /// Writes the list of a set; a crash leaves the earlier one or this one.
    pub(super) fn write(&self, set: &Path) -> io::Result<()> {
        replace_file(&set.join(NAME), &serde_json::to_string(self)?)
    }
}

impl Spare {
    fn digest(&self) -> Option<&str> {
        self.kept.as_ref().map(|kept| kept.digest.as_str())
    }

    /// Tells whether the undo has changed the file.
    pub(super) fn is_changed(&self) -> bool {
        match &self.left {
            Left::Unknown => false,
            Left::Nothing => self.kept.is_some(),
            Left::File(left) => self.digest() != Some(left),
        }
    }

    /// Puts the file back, unless it is another one than the undo has left; tells whether it is as it
    /// was before the undo.
    pub(super) fn put_back(&self, set: &Path) -> io::Result<bool> {
        let way = Way::to(&self.path)?;
        let seen = way.look()?;
        let now = seen.digest();
        if now == self.digest() {
            return Ok(true);
        }
        let is_left = match &self.left {
            Left::Unknown => false,
            Left::Nothing => now.is_none(),
            Left::File(left) => now == Some(left),
        };
        if !is_left {
            return Ok(false);
        }
        match &self.kept {
            Some(kept) => way.replace(&seen, &set.join(kept.place.to_string()), kept),
            None => way.remove(&seen),
        }
    }
}
