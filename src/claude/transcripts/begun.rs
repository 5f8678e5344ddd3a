//! Which conversations the bridge has begun or gone on with for whom: where a folder is shared and
//! nothing stands between people, that alone says whose one is.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use crate::own_notes::BEGUN;

/// Notes in a room that its chat has a conversation.
///
/// # Errors
///
/// When the disk does not let it.
pub(in crate::claude) fn note_begun(room: &Path, id: &str) -> io::Result<()> {
    if begun_in(room).contains(id) {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(room)?;
    let mut writing = OpenOptions::new();
    let writing = writing.append(true).create(true).mode(0o600);
    let mut file = writing.open(room.join(BEGUN))?;
    file.write_all(format!("{id}\n").as_bytes())
}

/// Returns the conversations that the chat of a room has.
pub(in crate::claude) fn begun_in(room: &Path) -> HashSet<String> {
    let text = fs::read_to_string(room.join(BEGUN)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Returns the conversations that the chats of all other rooms have.
pub(in crate::claude) fn begun_in_others(room: &Path) -> HashSet<String> {
    let rooms = room.parent().and_then(|rooms| fs::read_dir(rooms).ok());
    let rooms = rooms.into_iter().flatten().flatten();
    let others = rooms.map(|entry| entry.path()).filter(|it| it != room);
    others.flat_map(|other| begun_in(&other)).collect()
}
