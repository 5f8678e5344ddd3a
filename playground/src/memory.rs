//! What a playground remembers from one run to the next: the address of its page, people and
//! chats, and what waits for the bot.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::post::{Attachment, Post};
use crate::shared::Shared;
use crate::world::{Chat, ChatKind, Person, World};

/// Ids that a run may have given out after it last wrote; none of them is given out again.
const GAP: i64 = 1_000;

/// What an earlier run wrote down.
#[derive(Debug, Deserialize)]
pub(crate) struct Memory {
    pub(crate) port: u16,
    pub(crate) page_key: String,
    /// Whether nothing happened after this was written.
    at_rest: bool,
    next_message_id: i64,
    next_serial: u64,
    next_update_id: i64,
    waiting: VecDeque<(i64, Value)>,
    people: BTreeMap<i64, Person>,
    chats: Vec<ChatMemory>,
}

#[derive(Debug, Deserialize)]
struct ChatMemory {
    id: i64,
    kind: ChatKind,
    posts: VecDeque<Post>,
}

/// Writes a playground down as it changes.
#[derive(Debug)]
pub(crate) struct Keeper {
    folder: PathBuf,
    pub(crate) port: u16,
    pub(crate) page_key: String,
    written: String,
    files: HashSet<String>,
}

impl Memory {
    /// Reads what an earlier run left in a folder; `None` when there was none.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>> {
        let path = memory_file(folder);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text.with_context(|| format!("cannot read {}", path.display()))?,
        };
        let memory = serde_json::from_str(&text)
            .with_context(|| format!("{} is damaged; remove it to begin anew", path.display()))?;
        Ok(Some(memory))
    }

    /// Returns the world as it was left; files come back from the folder.
    pub(crate) fn recall(self, mut world: World, folder: &Path) -> World {
        let gap = if self.at_rest { 0 } else { GAP };
        world.next_message_id = self.next_message_id + gap;
        world.next_serial = self.next_serial + gap.unsigned_abs();
        world
            .updates
            .restore(self.waiting, self.next_update_id + gap);
        world.people = self.people;
        for memory in self.chats {
            let mut chat = Chat::new(memory.id, memory.kind);
            chat.posts = memory.posts;
            for file in chat
                .posts
                .iter_mut()
                .filter_map(|post| post.attachment.as_mut())
            {
                // One that was forgotten for its age is an empty one.
                let bytes = fs::read(file_in(folder, &file.file_id)).unwrap_or_default();
                file.bytes = Arc::from(bytes);
                world.files.push_back(file.clone());
            }
            world.chats.insert(memory.id, chat);
        }
        world
    }
}

impl Keeper {
    /// Makes the folder, which only its owner can read: the key of the page lies in it.
    pub(crate) fn new(folder: &Path, port: u16, page_key: String) -> Result<Self> {
        let files = folder.join("files");
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&files);
        made.with_context(|| format!("cannot make the folder {}", files.display()))?;
        // Those of an earlier run are not written again, and go once nobody needs them.
        let known = fs::read_dir(&files).and_then(|entries| {
            entries
                .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
                .collect()
        });
        let known = known.with_context(|| format!("cannot read the folder {}", files.display()))?;
        Ok(Self {
            folder: folder.to_owned(),
            port,
            page_key,
            written: String::new(),
            files: known,
        })
    }

    /// Writes every change down; never returns.
    pub(crate) async fn keep_up(&mut self, shared: &Shared) {
        let mut pulse = shared.subscribe();
        // What changed before there was a pulse to hear is no news to it.
        self.write(shared, false);
        // The sender lives in `shared`.
        while pulse.changed().await.is_ok() {
            self.write(shared, false);
        }
    }

    /// Writes everything down as it is.
    pub(crate) fn write(&mut self, shared: &Shared, at_rest: bool) {
        if let Err(error) = self.try_write(shared, at_rest) {
            tracing::warn!(%error, folder = %self.folder.display(), "the chat is not kept");
        }
    }

    fn try_write(&mut self, shared: &Shared, at_rest: bool) -> io::Result<()> {
        let (text, files) = {
            let world = shared.read();
            let files: Vec<Attachment> = world.files.iter().cloned().collect();
            (self.describe(&world, at_rest).to_string(), files)
        };
        if text == self.written {
            return Ok(());
        }
        for file in &files {
            if self.files.insert(file.file_id.clone()) {
                replace(&file_in(&self.folder, &file.file_id), &file.bytes)?;
            }
        }
        replace(&memory_file(&self.folder), text.as_bytes())?;
        self.written = text;
        let kept: HashSet<_> = files.into_iter().map(|file| file.file_id).collect();
        for forgotten in self.files.extract_if(|file_id| !kept.contains(file_id)) {
            fs::remove_file(file_in(&self.folder, &forgotten))?;
        }
        Ok(())
    }

    fn describe(&self, world: &World, at_rest: bool) -> Value {
        let chats = world.chats.values();
        let chats =
            chats.map(|chat| json!({ "id": chat.id, "kind": chat.kind, "posts": chat.posts }));
        json!({
            "port": self.port,
            "page_key": self.page_key,
            "at_rest": at_rest,
            "next_message_id": world.next_message_id,
            "next_serial": world.next_serial,
            "next_update_id": world.updates.next_id(),
            "waiting": world.updates.waiting(),
            "people": world.people,
            "chats": chats.collect::<Vec<_>>(),
        })
    }
}

fn memory_file(folder: &Path) -> PathBuf {
    folder.join("playground.json")
}

/// The id is one of ours: letters, digits and dashes.
fn file_in(folder: &Path, file_id: &str) -> PathBuf {
    folder.join("files").join(file_id)
}

/// Writes a file in whole or not at all.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(&new)?.write_all(bytes)?;
    fs::rename(new, path)
}
