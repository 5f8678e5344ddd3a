//! Says which walls stand around whose agents here, and what a chat's room is.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use bridge_actors::chat_settings::Wall;
use bridge_actors::ids::{ChatId, SessionKey};
use bridge_actors::session::settings::{Folders, SettingsBook};
use bridge_actors::user_registry::stored_owner;

use super::host::{Host, Known};
use crate::claude::groups::Groups;
use crate::claude::room_view::{NetworkLimit, OwnPaths, level_of};
use crate::config::Loaded;
use crate::isolation::{CannotHold, Isolation, Sharing};
use crate::room::Rooms;
use crate::run::BridgeOptions;

/// What holds here, and for whom.
pub(super) struct Checked {
    isolation: Result<Isolation, CannotHold>,
    owner: Option<ChatId>,
    sharing: Sharing,
}

impl Host {
    /// Finds out which walls hold here.
    pub(super) fn rooms(
        &mut self,
        loaded: &Loaded,
        bridge: &BridgeOptions,
        guard: &Path,
    ) -> Checked {
        let asked = &bridge.isolation;
        let stored = match &self.known {
            Known::Users(users) => stored_owner(users.clone()),
            Known::Running | Known::Unreadable => None,
        };
        let stored = stored.map(|record| ChatId(record.user.0));
        let owner = loaded.config.single_user.chat_id.or(stored);
        let book = book_of(owner, bridge);
        let isolation = Isolation::establish(asked, guard, &bridge.agents, &book);
        match &isolation {
            Ok(isolation) => {
                let variables = self.environment.clone();
                let variable = |name: &str| {
                    let found = variables.iter().find(|(other, _)| other == name);
                    found.map(|(_, value)| value.clone())
                };
                self.warnings
                    .extend(isolation.to_be_told(&bridge.agents, variable));
            }
            Err(error) => self.find(
                "claude.isolation",
                error.why.clone(),
                "fix that, or set another level; SECURITY.md says what each one closes",
            ),
        }
        Checked {
            isolation,
            owner,
            sharing: asked.sharing,
        }
    }
}

impl Checked {
    /// Says in one line which walls stand.
    pub(super) fn line(&self) -> String {
        let isolation = match &self.isolation {
            Ok(isolation) => isolation,
            Err(error) => return format!("{} does not hold here", error.level.name()),
        };
        let levels = &isolation.levels;
        let holding = format!("ended by {}", isolation.containment.name());
        let holding = match isolation.has_walls() {
            true => format!("{holding}; memory of a room {}", memory(&isolation.memory)),
            false => holding,
        };
        let others = name(levels.others);
        match (self.sharing, levels.owner == levels.others) {
            (Sharing::Alone, _) | (Sharing::Many, true) => format!("{others}; {holding}"),
            (Sharing::Many, false) => {
                let owner = name(levels.owner);
                format!("{others}, the owner's private chat {owner}; {holding}")
            }
        }
    }

    /// Shows what the agent of a chat can see and change.
    pub(super) fn shown(&self, chat: ChatId, bridge: &BridgeOptions) -> String {
        let Ok(isolation) = &self.isolation else {
            return String::new();
        };
        let wall = isolation.wall_of(chat, self.owner);
        let mut text = format!("room of chat {chat}\n  {:<14} {}\n", "level", name(wall));
        let mut line = |label: &str, value: &Path| {
            // Writing to a String cannot fail.
            writeln!(text, "  {label:<14} {}", value.display()).ok();
        };
        let book = book_of(self.owner, bridge);
        line("works in", &book.of(chat).folder);
        let Some(level) = level_of(wall) else {
            return text;
        };
        let storage = (bridge.storage.canonicalize()).unwrap_or_else(|_| bridge.storage.clone());
        let room = Rooms::new(&storage, &[]).room(SessionKey::of_chat(chat), Path::new(""));
        line("home", &room.home());
        line("inbox", &room.inbox());
        let options = &bridge.agents.rooms;
        let nothing = OwnPaths::default();
        let own = options.own.get(&chat).unwrap_or(&nothing);
        for path in options.read.iter().chain(&own.read) {
            line("also reads", path);
        }
        for path in &own.write {
            line("also writes", path);
        }
        line("connects", Path::new(&connects(&options.network)));
        line("memory", Path::new(&memory(&isolation.memory)));
        for path in real(&bridge.agents.private_paths) {
            line("never sees", &path);
        }
        let rest = match level {
            crate::claude::guard::Level::Strict => "system folders, read-only; nothing else",
            crate::claude::guard::Level::Off | crate::claude::guard::Level::Landlock => {
                "system folders, read-only; names of processes and files, not their content"
            }
        };
        line("and", Path::new(rest));
        text
    }
}

/// Returns how sessions are set, with the owner where they are.
fn book_of(owner: Option<ChatId>, bridge: &BridgeOptions) -> SettingsBook {
    let mut book = bridge.book.clone();
    if let Folders::PerChat { owner: owns, .. } = &mut book.folders {
        *owns = owner;
    }
    book
}

/// Says how much memory a room may have.
fn memory(bound: &Result<Groups, String>) -> String {
    match bound {
        Ok(groups) => format!("at most {} MB", groups.memory() >> 20),
        Err(why) => format!("not bounded: {why}"),
    }
}

/// Says how far connections reach.
fn connects(network: &NetworkLimit) -> String {
    match network {
        NetworkLimit::Open => "as far as the host".to_owned(),
        NetworkLimit::Ports(ports) => {
            let ports: Vec<_> = ports.iter().map(u16::to_string).collect();
            format!("by TCP to port {}; UDP is open", ports.join(", "))
        }
        NetworkLimit::Api => "to Claude's API alone".to_owned(),
    }
}

/// Returns those that are there, each once.
fn real(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut all: Vec<_> = paths
        .iter()
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    all.sort();
    all.dedup();
    all
}

fn name(wall: Wall) -> &'static str {
    match wall {
        Wall::Off => "off",
        Wall::Landlock => "landlock",
        Wall::Strict => "strict",
        Wall::Refused => "refused",
    }
}
