//! What is known of the transcripts of a folder, kept in a file so that none is read twice.
//!
//! It lies in the room of its chat and goes with it. It is no part of the store: what it says can be
//! found out again at any time, so nobody has to wait until it is on disk, and no backup needs it.

use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::io::{self, BufReader, BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::folder::{Lying, Transcripts};
use super::lines::{Extent, each_line};
use crate::own_notes::INDEX;

/// The version of its form; another one is read anew.
const VERSION: u32 = 1;

/// How much of a transcript is read, in bytes: its end has the title of what is longer.
const MAX_READ: u64 = 64 * 1024 * 1024;

/// What is known of one transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::claude) struct Entry {
    /// Its size when it was read.
    size: u64,
    /// When it had been written then.
    written: i64,
    /// Its title, or how its first prompt begins.
    pub(in crate::claude) title: String,
    /// How its first prompt begins; empty where that is the title.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    first: String,
    /// How many prompts it has.
    pub(in crate::claude) turns: usize,
    /// Whether it may have more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::claude) has_more: bool,
    /// Whether it was begun in a terminal.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::claude) is_of_terminal: bool,
    /// The folder that it was begun in.
    pub(in crate::claude) folder: Option<String>,
}

impl Entry {
    /// Reads a transcript; what cannot be read has nothing in it.
    pub(in crate::claude) fn read(transcripts: &Transcripts, lying: &Lying) -> Self {
        let mut digest = Digest::default();
        let opened = transcripts.open_one(&lying.id).ok();
        let extent = opened.and_then(|file| {
            let read = each_line(&file, MAX_READ, |line| digest.take(line));
            read.ok()
        });
        let (title, first) = (digest.title().to_owned(), digest.first().to_owned());
        Self {
            size: lying.size,
            written: lying.written,
            first: if first == title { String::new() } else { first },
            title,
            turns: digest.turns,
            has_more: extent == Some(Extent::Ends),
            is_of_terminal: digest.is_of_terminal(),
            folder: digest.folder,
        }
    }

    /// Tells whether it has words in its title or in its first prompt; they are in small letters.
    pub(in crate::claude) fn has(&self, words: &str) -> bool {
        let has = |text: &str| text.to_lowercase().contains(words);
        words.is_empty() || has(&self.title) || has(&self.first)
    }

    fn is_of(&self, lying: &Lying) -> bool {
        (self.size, self.written) == (lying.size, lying.written)
    }
}

#[derive(Default, Serialize, Deserialize)]
struct Stored {
    v: u32,
    slug: String,
    entries: HashMap<String, Entry>,
}

/// What is known of the transcripts of a folder.
#[derive(Debug)]
pub(in crate::claude) struct Index {
    /// Where it is kept; nowhere without a room.
    file: Option<PathBuf>,
    slug: String,
    entries: HashMap<String, Entry>,
}

/// What a look at the transcripts came to.
#[derive(Debug)]
pub(in crate::claude) struct Refresh {
    /// What lies there, the newest first.
    pub(in crate::claude) lying: Vec<Lying>,
    /// How many of them were not read for want of time.
    pub(in crate::claude) n_unread: usize,
}

impl Index {
    /// Reads what is known; nothing where it is of another folder, or cannot be read.
    pub(in crate::claude) fn load(room: Option<&Path>, slug: &str) -> Self {
        let file = room.map(|room| room.join(INDEX));
        let opened = file.as_ref().and_then(|file| fs::File::open(file).ok());
        let stored = opened.and_then(|file| {
            let read = serde_json::from_reader::<_, Stored>(BufReader::new(file));
            read.ok()
        });
        let stored = stored.filter(|stored| stored.v == VERSION && stored.slug == slug);
        Self {
            file,
            slug: slug.to_owned(),
            entries: stored.unwrap_or_default().entries,
        }
    }

    /// Looks at the transcripts and reads those that have changed, the newest first, for so long.
    ///
    /// # Errors
    ///
    /// When the disk does not let it.
    pub(in crate::claude) fn refresh(
        &mut self,
        transcripts: &Transcripts,
        budget: Duration,
    ) -> io::Result<Refresh> {
        let until = Instant::now() + budget;
        let lying = transcripts.list()?;
        let (mut n_unread, mut n_changed) = (0, 0);
        for lying in &lying {
            let known = self.entries.get(&lying.id);
            if known.is_some_and(|known| known.is_of(lying)) {
                continue;
            }
            if Instant::now() >= until {
                // What is known of it may be old, and says more than nothing.
                n_unread += usize::from(known.is_none());
                continue;
            }
            let entry = Entry::read(transcripts, lying);
            self.entries.insert(lying.id.clone(), entry);
            n_changed += 1;
        }
        if self.entries.len() > lying.len() {
            let there: std::collections::HashSet<_> = lying.iter().map(|it| &it.id).collect();
            self.entries.retain(|id, _| there.contains(id));
            n_changed += 1;
        }
        if n_changed > 0 {
            self.save().ok();
        }
        Ok(Refresh { lying, n_unread })
    }

    /// Returns what is known of one.
    pub(in crate::claude) fn get(&self, id: &str) -> Option<&Entry> {
        self.entries.get(id)
    }

    fn save(&mut self) -> io::Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let part = file.with_extension("part");
        let mut writing = OpenOptions::new();
        let writing = writing.write(true).create(true).truncate(true).mode(0o600);
        let mut writer = BufWriter::new(writing.open(&part)?);
        let stored = Stored {
            v: VERSION,
            slug: self.slug.clone(),
            entries: std::mem::take(&mut self.entries),
        };
        let written = serde_json::to_writer(&mut writer, &stored);
        self.entries = stored.entries;
        written?;
        writer.flush()?;
        fs::rename(part, file)
    }
}
