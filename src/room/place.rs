//! Where a chat's room lies, and its folders.

use std::collections::HashMap;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use bridge_actors::ids::{ChatId, SessionKey};

use super::inbox::InboxLimits;

/// The folder of all rooms in the data folder.
pub(super) const ROOMS: &str = "chats";
/// The folder of what is about to be sent, in a room.
const OUTGOING: &str = "outgoing";

/// The folder of what the person sent in a room.
pub(super) const INBOX: &str = "inbox";

/// The folder of the recordings that are listened to, in a room.
pub(super) const LISTENING: &str = "listening";

/// The folder of what undos have changed, in a room.
pub(super) const SPARES: &str = "spares";

/// The home of an agent behind a wall, in a room.
pub(super) const HOME: &str = "home";

/// The rooms of all chats; cheap to clone.
#[derive(Debug, Clone)]
pub struct Rooms {
    storage: Arc<Path>,
    private: Arc<RwLock<Arc<[PathBuf]>>>,
    limits: InboxLimits,
    walled: Walled,
    /// Held while a user id is looked up.
    pub(super) uids: Arc<Mutex<()>>,
    inboxes: InboxLock,
    /// Held while something is kept or put back.
    pub(super) spares: Arc<Mutex<()>>,
    /// How often this run has noted that the rooms of a chat are to go.
    deletions: Arc<Mutex<HashMap<ChatId, u64>>>,
}

/// Held while a file of an inbox is handed to a prompt, comes in whole, or is removed: what was
/// looked at is then what is removed.
#[derive(Debug, Clone, Default)]
pub(super) struct InboxLock(Arc<Mutex<()>>);

impl InboxLock {
    pub(super) fn hold(&self) -> MutexGuard<'_, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose agents are behind a wall.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Walled {
    /// The chat for which it is another matter than for all others.
    pub owner: Option<ChatId>,
    /// Whether that one is.
    pub owner_is: bool,
    /// Whether all others are.
    pub others_are: bool,
}

impl Walled {
    fn is(self, chat: ChatId) -> bool {
        match self.owner == Some(chat) {
            true => self.owner_is,
            false => self.others_are,
        }
    }
}

/// What belongs to one session: its folders in the data folder, and the folder that it works in.
#[derive(Debug, Clone)]
pub struct Room {
    /// The room's own folder.
    root: PathBuf,
    /// Where the session works.
    folder: PathBuf,
    /// Files and folders of the bridge, the data folder among them.
    private: Arc<[PathBuf]>,
    /// Whether the agent is behind a wall: what lies outside of the room is then not its own.
    walled: bool,
    inboxes: InboxLock,
}

impl Rooms {
    /// Returns the rooms in a data folder. `private_paths` are the bridge's own files and folders
    /// beside it.
    pub fn new(storage: &Path, private_paths: &[PathBuf]) -> Self {
        let mut private = vec![storage.to_owned()];
        private.extend_from_slice(private_paths);
        Self {
            storage: storage.into(),
            private: Arc::new(RwLock::new(private.into())),
            limits: InboxLimits::default(),
            walled: Walled::default(),
            uids: Arc::default(),
            inboxes: InboxLock::default(),
            spares: Arc::default(),
            deletions: Arc::default(),
        }
    }

    /// Returns how often the rooms of a chat were to go in this run: what was begun when it was
    /// another number is the former room's.
    pub fn deletions_of(&self, chat: ChatId) -> u64 {
        let deletions = self.deletions.lock();
        let deletions = deletions.unwrap_or_else(PoisonError::into_inner);
        deletions.get(&chat).copied().unwrap_or_default()
    }

    pub(super) fn count_deletion(&self, chat: ChatId) {
        let deletions = self.deletions.lock();
        let mut deletions = deletions.unwrap_or_else(PoisonError::into_inner);
        *deletions.entry(chat).or_default() += 1;
    }

    /// Returns the rooms with other limits of their inboxes, of which people are told.
    pub fn with_limits(self, limits: InboxLimits) -> Self {
        Self { limits, ..self }
    }

    pub(super) fn limits(&self) -> InboxLimits {
        self.limits
    }

    /// Tells whose agents are behind a wall.
    #[must_use]
    pub fn with_walls(mut self, walled: Walled) -> Self {
        self.walled = walled;
        self
    }

    pub(super) fn storage(&self) -> &Path {
        &self.storage
    }

    /// Adds files and folders to the bridge's own: a new configuration may name others, and the
    /// earlier ones may still hold what is secret.
    pub fn add_private_paths(&self, paths: &[PathBuf]) {
        let mut private = (self.private.write()).unwrap_or_else(PoisonError::into_inner);
        let new = paths.iter().filter(|path| !private.contains(path));
        *private = private.iter().chain(new).cloned().collect();
    }

    /// Returns the folders of what is about to be sent, with the names of their rooms.
    pub(super) fn all_outgoing(&self) -> Vec<(String, PathBuf)> {
        let rooms = fs::read_dir(self.storage.join(ROOMS));
        let rooms = rooms.into_iter().flatten().flatten();
        rooms
            .filter_map(|room| {
                let name = room.file_name().into_string().ok()?;
                Some((name, room.path().join(OUTGOING)))
            })
            .collect()
    }

    /// Returns where the room of this name has what is about to be sent.
    pub(super) fn outgoing_of(&self, room: &str) -> PathBuf {
        self.storage.join(ROOMS).join(room).join(OUTGOING)
    }

    pub(super) fn inbox_lock(&self) -> &InboxLock {
        &self.inboxes
    }

    /// Returns the inboxes that may be there.
    pub(super) fn inboxes(&self) -> io::Result<Vec<PathBuf>> {
        let rooms = match self.storage.join(ROOMS).read_dir() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            rooms => rooms?,
        };
        rooms.map(|room| Ok(room?.path().join(INBOX))).collect()
    }

    /// Returns the folders of what undos have changed that may be there.
    pub(super) fn all_spares(&self) -> Vec<PathBuf> {
        let rooms = fs::read_dir(self.storage.join(ROOMS));
        let rooms = rooms.into_iter().flatten().flatten();
        rooms.map(|room| room.path().join(SPARES)).collect()
    }

    /// Returns where recordings are listened to that may be there.
    pub(super) fn all_listening(&self) -> Vec<PathBuf> {
        let rooms = fs::read_dir(self.storage.join(ROOMS));
        let rooms = rooms.into_iter().flatten().flatten();
        rooms.map(|room| room.path().join(LISTENING)).collect()
    }

    /// Returns the room of a session that works in this folder.
    pub fn room(&self, key: SessionKey, folder: &Path) -> Room {
        Room {
            root: self.storage.join(ROOMS).join(folder_name(key)),
            folder: folder.to_owned(),
            walled: self.walled.is(key.chat),
            inboxes: self.inboxes.clone(),
            private: Arc::clone(&self.private.read().unwrap_or_else(PoisonError::into_inner)),
        }
    }
}

impl Room {
    /// Returns the folder of what the person sent; it may not be there yet.
    pub fn inbox(&self) -> PathBuf {
        self.root.join(INBOX)
    }

    pub(super) fn inbox_lock(&self) -> &InboxLock {
        &self.inboxes
    }

    /// Returns the home of the room's agent where there is a wall; it may not be there yet.
    pub fn home(&self) -> PathBuf {
        self.root.join(HOME)
    }

    /// Returns where the room's recordings are listened to; it may not be there yet.
    pub(super) fn listening(&self) -> PathBuf {
        self.root.join(LISTENING)
    }

    /// Says whether the room's agent is behind a wall.
    pub(super) fn is_walled(&self) -> bool {
        self.walled
    }

    /// Makes the folder of what the person sent, for the bridge's user alone.
    ///
    /// # Errors
    ///
    /// When the disk does not let it.
    pub fn make_inbox(&self) -> io::Result<PathBuf> {
        make_private(self.inbox())
    }

    /// Returns where the room keeps what undos have changed; it may not be there yet.
    pub(super) fn spares(&self) -> PathBuf {
        self.root.join(SPARES)
    }

    /// Makes the folder of what an undo changes, for the bridge's user alone.
    pub(super) fn make_spares(&self, name: &str) -> io::Result<PathBuf> {
        make_private(self.spares().join(name))
    }

    /// Makes the folder of what is about to be sent, for the bridge's user alone.
    pub(super) fn make_outgoing(&self) -> io::Result<PathBuf> {
        make_private(self.root.join(OUTGOING))
    }

    /// Returns how the room is called.
    pub(super) fn name(&self) -> String {
        let name = self.root.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Returns the folder that the session works in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn private(&self) -> &[PathBuf] {
        &self.private
    }
}

/// Returns how the folder of a session's room is called: digits, `-` and `_` alone.
fn folder_name(key: SessionKey) -> String {
    match key.topic {
        None => key.chat.to_string(),
        Some(topic) => format!("{}_{}", key.chat, topic.0),
    }
}

fn make_private(folder: PathBuf) -> io::Result<PathBuf> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use bridge_actors::ids::{ChatId, TopicId};

    use super::*;

    #[test]
    fn every_session_has_a_room_of_its_own_that_nobody_else_can_open() {
        let home = tempfile::tempdir().unwrap();
        let rooms = Rooms::new(home.path(), &[]);
        let chat = SessionKey::of_chat(ChatId(-1007));
        let topic = SessionKey {
            topic: Some(TopicId(3)),
            ..chat
        };
        for (key, name) in [(chat, "chats/-1007/inbox"), (topic, "chats/-1007_3/inbox")] {
            let inbox = rooms.room(key, Path::new("/w")).make_inbox().unwrap();
            assert_eq!(inbox, home.path().join(name));
            for folder in inbox
                .ancestors()
                .take_while(|folder| *folder != home.path())
            {
                let mode = fs::metadata(folder).unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
            }
        }
    }
}
