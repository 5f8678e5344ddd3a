//! Which wall stands around whose agents, and whether it holds here.
//!
//! `levels` decides; the canary of the guard tells what holds.

mod levels;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use bridge_actors::chat_settings::Wall;
use bridge_actors::ids::ChatId;
use bridge_actors::session::settings::{Folders, SettingsBook};

pub use levels::{CannotHold, Levels, Sharing, decide};

use crate::claude::command_line::AgentOptions;
use crate::claude::guard::canary::{Targets, try_wall};
use crate::claude::guard::{Containment, Level, View, may_choose_users};
use crate::claude::room_view::{has_login, level_of};
use crate::room::Walled;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsolationOptions {
    /// The level, if one is written.
    pub level: Option<Level>,
    /// How the processes of an agent are to be held together.
    pub holding: Holding,
    /// How many people the bridge serves.
    pub sharing: Sharing,
}

/// How the processes of an agent are to be held together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Holding {
    /// By the kernel, where it can.
    #[default]
    Strongest,
    /// By a walk through the tree, so that set-uid programs such as `sudo` work.
    Tree,
}

impl Default for IsolationOptions {
    fn default() -> Self {
        Self {
            level: None,
            holding: Holding::Strongest,
            sharing: Sharing::Alone,
        }
    }
}

/// What holds on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Isolation {
    /// How the processes of an agent are held together.
    pub containment: Containment,
    /// Which walls stand.
    pub levels: Levels,
}

impl Isolation {
    /// Finds out what holds here, by trying what is needed. Takes some milliseconds and blocks.
    ///
    /// `guard` is the program that has the guard's roles.
    ///
    /// # Errors
    ///
    /// When a level is written that does not hold.
    pub fn establish(
        asked: &IsolationOptions,
        guard: &Path,
        agents: &AgentOptions,
        book: &SettingsBook,
    ) -> Result<Self, CannotHold> {
        let containment = match asked.holding {
            Holding::Strongest => Containment::probe(guard),
            Holding::Tree => Containment::Tree,
        };
        let levels = decide(asked.level, asked.sharing, |level| {
            holds(level, guard, containment, agents, book)
        })?;
        Ok(Self {
            containment,
            levels,
        })
    }

    /// Lets the sessions go by it.
    pub fn settle_in(&self, book: &mut SettingsBook, owner: Option<ChatId>) {
        book.agent.wall = self.levels.others;
        if let Some(owner) = owner {
            book.own.entry(owner).or_default().wall = Some(self.levels.owner);
        }
    }

    /// Returns whose agents are behind a wall.
    pub fn walled(&self, owner: Option<ChatId>) -> Walled {
        Walled {
            owner,
            owner_is: level_of(self.levels.owner).is_some(),
            others_are: level_of(self.levels.others).is_some(),
        }
    }

    /// Returns what administrators have to know; `variable` looks into the bridge's environment.
    pub fn to_be_told(
        &self,
        agents: &AgentOptions,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Option<String> {
        if self.levels.warning.is_some() {
            return self.levels.warning.clone();
        }
        let is_walled = level_of(self.levels.others).is_some();
        let lacks_login = agents.rooms.login.is_none() && !has_login(variable);
        (is_walled && lacks_login).then(|| NO_LOGIN.to_owned())
    }

    /// Returns the wall around the agents of a chat.
    pub fn wall_of(&self, chat: ChatId, owner: Option<ChatId>) -> Wall {
        match owner == Some(chat) {
            true => self.levels.owner,
            false => self.levels.others,
        }
    }
}

/// What is said where rooms have no login.
const NO_LOGIN: &str = "people's rooms have no login for Claude, so no agent starts in them: set \
                        claude.credentials to \"env:NAME\" or \"file:PATH\" with a token of \
                        `claude setup-token` or an API key";

/// Puts a canary into a fresh room like those of the chats.
fn holds(
    level: Level,
    guard: &Path,
    containment: Containment,
    agents: &AgentOptions,
    book: &SettingsBook,
) -> Result<(), String> {
    let has_namespace = match containment {
        Containment::Namespace | Containment::UserNamespace => true,
        Containment::Tree => false,
    };
    if level == Level::Strict && !has_namespace {
        return Err(
            "this system does not let the bridge make namespaces, or claude.containment is \
             \"tree\""
                .to_owned(),
        );
    }
    let place = tempfile_folder().map_err(|error| format!("cannot make a room: {error}"))?;
    let room = place.join("folder");
    let outcome = try_room(level, guard, containment, agents, book, &room);
    fs::remove_dir_all(&place).ok();
    let reached = outcome?;
    match reached.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "a process in a fresh room found: {}",
            reached.join("; ")
        )),
    }
}

fn try_room(
    level: Level,
    guard: &Path,
    containment: Containment,
    agents: &AgentOptions,
    book: &SettingsBook,
    room: &Path,
) -> Result<Vec<String>, String> {
    fs::create_dir(room).map_err(|error| format!("cannot make a room: {error}"))?;
    let covers = &agents.private_paths;
    let mut view = View::new(level);
    view.covers.clone_from(covers);
    view.read.clone_from(&agents.rooms.read);
    // A folder that somebody has chosen may have the bridge's own files in it.
    if let Folders::Shared(folder) = &book.folders {
        view.read.push(folder.clone());
    }
    let chosen = book.own.values().filter_map(|own| own.folder.clone());
    view.read.extend(chosen);
    let own = agents.rooms.own.values();
    view.read
        .extend(own.clone().flat_map(|own| own.read.iter().cloned()));
    view.read
        .extend(own.flat_map(|own| own.write.iter().cloned()));
    if level == Level::Strict && may_choose_users() {
        let uid = agents.rooms.first_uid;
        std::os::unix::fs::chown(room, Some(uid), Some(uid))
            .map_err(|error| format!("cannot give a folder to the user {uid}: {error}"))?;
        view.uid = Some(uid);
    }
    let (folders, files) = covers
        .iter()
        .cloned()
        .partition(|path: &PathBuf| path.is_dir());
    let targets = Targets { files, folders };
    try_wall(guard, containment, &view, room, &targets)
}

/// Makes a folder that everybody may pass through and nobody else may write to.
fn tempfile_folder() -> std::io::Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt as _;
    let place = std::env::temp_dir().join(format!("bridge-room-{}", uuid::Uuid::new_v4()));
    fs::DirBuilder::new().mode(0o711).create(&place)?;
    place.canonicalize()
}
