//! Which wall stands around whose agents, and whether it holds here.
//!
//! `levels` decides; `opened` and the canary of the guard tell what holds.

mod levels;
mod opened;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use bridge_actors::chat_settings::Wall;
use bridge_actors::ids::ChatId;
use bridge_actors::session::settings::{Folders, SettingsBook};

pub use levels::{CannotHold, Levels, Sharing, decide};
use opened::{OwnersAgent, left_open, owners_folder};

use crate::claude::command_line::AgentOptions;
use crate::claude::groups::{self, Groups};
use crate::claude::guard::canary::{Targets, try_wall};
use crate::claude::guard::{Containment, Level, PROCESSES_REFUSED, View, may_choose_users};
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
    /// How much memory a room may have, in bytes, if that is to be bounded.
    pub memory: Option<u64>,
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
            memory: None,
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
    /// What bounds the memory of rooms, or why nothing does.
    pub memory: Result<Groups, String>,
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
        // A level that nobody wrote leaves the owner out.
        let owner = match asked.level {
            Some(_) => OwnersAgent::Walled,
            None => OwnersAgent::Free,
        };
        let levels = decide(asked.level, asked.sharing, |level| {
            let trial = Trial {
                level,
                holding: asked.holding,
                owner,
                agents,
                book,
            };
            trial.holds(guard, containment)
        })?;
        let memory = match asked.memory {
            Some(memory) => groups::decide(&groups::Host::look(), memory),
            None => Err("isolation.memory is \"\"".to_owned()),
        };
        Ok(Self {
            containment,
            levels,
            memory,
        })
    }

    /// Says what another configuration would leave open; `None` where the walls hold with it too.
    ///
    /// Looks at the disk, which may not answer.
    pub fn left_open_by(&self, agents: &AgentOptions, book: &SettingsBook) -> Option<String> {
        let level = level_of(self.levels.others)?;
        let owner = match level_of(self.levels.owner) {
            Some(_) => OwnersAgent::Walled,
            None => OwnersAgent::Free,
        };
        left_open(level, owner, agents, book)
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

    /// Says whether anybody's agent is behind a wall.
    pub fn has_walls(&self) -> bool {
        [self.levels.owner, self.levels.others]
            .into_iter()
            .any(|wall| level_of(wall).is_some())
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
const NO_LOGIN: &str = "people's rooms have no login for Claude, so no agent starts in them: \
                        somebody who is in a private chat can send /login there, or set \
                        claude.credentials to \"env:NAME\" or \"file:PATH\" with a token of \
                        `claude setup-token` or an API key";

/// What is tried.
struct Trial<'a> {
    level: Level,
    holding: Holding,
    owner: OwnersAgent,
    agents: &'a AgentOptions,
    book: &'a SettingsBook,
}

impl Trial<'_> {
    /// Puts a canary into a fresh room like those of the chats.
    fn holds(&self, guard: &Path, containment: Containment) -> Result<(), String> {
        let has_namespace = match containment {
            Containment::Namespace | Containment::UserNamespace => true,
            Containment::Tree => false,
        };
        if self.level == Level::Strict && !has_namespace {
            return Err(self.no_namespace(guard));
        }
        if let Some(open) = left_open(self.level, self.owner, self.agents, self.book) {
            return Err(open);
        }
        let place = tempfile_folder().map_err(|error| format!("cannot make a room: {error}"))?;
        let outcome = self.try_room(guard, containment, &place.join("folder"));
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

    /// Says why there is no namespace, and what would help.
    fn no_namespace(&self, guard: &Path) -> String {
        if self.holding == Holding::Tree {
            return "claude.containment is \"tree\"".to_owned();
        }
        let tried = [Containment::Namespace, Containment::UserNamespace];
        let why: Vec<String> = tried.iter().filter_map(|it| it.refusal(guard)).collect();
        // Whoever gets that far may make namespaces.
        let masked = why.iter().find(|why| why.contains(PROCESSES_REFUSED));
        match (masked, why.last()) {
            (Some(why), _) => format!(
                "{why}, since parts of this /proc are masked, as in a container (docker run \
                 --security-opt systempaths=unconfined shows all of it)"
            ),
            (None, Some(why)) => {
                format!("this system does not let the bridge make namespaces ({why})")
            }
            (None, None) => "this system does not let the bridge make namespaces".to_owned(),
        }
    }

    fn try_room(
        &self,
        guard: &Path,
        containment: Containment,
        room: &Path,
    ) -> Result<Vec<String>, String> {
        fs::create_dir(room).map_err(|error| format!("cannot make a room: {error}"))?;
        let mut view = self.view();
        if self.level == Level::Strict && may_choose_users() {
            let uid = self.agents.rooms.first_uid;
            std::os::unix::fs::chown(room, Some(uid), Some(uid))
                .map_err(|error| format!("cannot give a folder to the user {uid}: {error}"))?;
            view.uid = Some(uid);
        }
        let covers = view.covers.iter().cloned();
        let (folders, files) = covers.partition(|path: &PathBuf| path.is_dir());
        let targets = Targets { files, folders };
        try_wall(guard, containment, &view, room, &targets)
    }

    /// Returns a view with all that any room is opened for: each may have the bridge's own files in
    /// it.
    fn view(&self) -> View {
        let (rooms, book) = (&self.agents.rooms, self.book);
        let mut view = View::new(self.level);
        view.covers.clone_from(&self.agents.private_paths);
        view.read.clone_from(&rooms.read);
        view.network = rooms.network.without_hosts();
        if let Folders::Shared(folder) = &book.folders {
            view.read.push(folder.clone());
        }
        view.read
            .extend(owners_folder(self.owner, book).map(Path::to_owned));
        let chosen = book.own.values().filter_map(|own| own.folder.clone());
        view.read.extend(chosen);
        for own in rooms.own.values() {
            view.read.extend(own.read.iter().chain(&own.write).cloned());
        }
        view
    }
}

/// Makes a folder that everybody may pass through and nobody else may write to.
fn tempfile_folder() -> std::io::Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt as _;
    let place = std::env::temp_dir().join(format!("bridge-room-{}", uuid::Uuid::new_v4()));
    fs::DirBuilder::new().mode(0o711).create(&place)?;
    place.canonicalize()
}
