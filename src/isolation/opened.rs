//! What of the bridge a wall would leave open, by the paths that rooms are opened for.
//!
//! Landlock has no rule that forbids something below a folder that is open. And no wall lies over
//! what is not there yet: an agent that writes around it could make it.

use std::io;
use std::path::{Path, PathBuf};

use bridge_actors::session::settings::{Folders, SettingsBook};

use crate::claude::command_line::AgentOptions;
use crate::claude::guard::Level;
use crate::claude::room_view::NetworkLimit;
use crate::there::if_there;

/// Whether the owner's agent is behind the wall too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OwnersAgent {
    /// It is not.
    Free,
    /// It is.
    Walled,
}

/// What rooms are opened for.
#[derive(Debug, Default)]
struct Opened {
    read: Vec<PathBuf>,
    written: Vec<PathBuf>,
}

/// Says what a walled agent would have of the bridge; `None` where it is nothing.
///
/// Looks at the disk, which may not answer.
pub(super) fn left_open(
    level: Level,
    owner: OwnersAgent,
    agents: &AgentOptions,
    book: &SettingsBook,
) -> Option<String> {
    if level == Level::Landlock && agents.rooms.network == NetworkLimit::Api {
        let what = "isolation.network \"none\" needs claude.isolation \"strict\", which does not";
        return Some(format!("{what} hold here"));
    }
    match in_view(level, owner, agents, book) {
        Ok(in_view) => in_view.or_else(|| works_above_others(level, owner, book)),
        Err(unknown) => Some(unknown),
    }
}

/// Says what of the bridge lies where agents look or write.
///
/// # Errors
///
/// When nobody can tell where something lies.
fn in_view(
    level: Level,
    owner: OwnersAgent,
    agents: &AgentOptions,
    book: &SettingsBook,
) -> Result<Option<String>, String> {
    let opened = Opened::by(owner, agents, book)?;
    // The bridge makes it itself before any agent starts.
    let storage = real(Path::new(&agents.marker))?;
    for path in &agents.private_paths {
        let path = real(path)?;
        let holds = |place: &&PathBuf| path.starts_with(place);
        let in_sight = opened.read.iter().chain(&opened.written).find(holds);
        if let (Level::Landlock, Some(place)) = (level, in_sight) {
            return Ok(Some(format!(
                "an agent that reads {} would see {}: move one of them",
                place.display(),
                path.display()
            )));
        }
        let in_reach = opened.written.iter().find(holds);
        let is_there = path.exists() || path == storage;
        if let (false, Some(place)) = (is_there, in_reach) {
            return Ok(Some(format!(
                "an agent that writes in {} could make {}, which the bridge would then take for \
                 its own: let agents work elsewhere, or put an empty file there if the bridge \
                 is started with --config",
                place.display(),
                path.display()
            )));
        }
    }
    Ok(None)
}

/// Landlock cannot hide the folders of others from whoever works above them.
fn works_above_others(level: Level, owner: OwnersAgent, book: &SettingsBook) -> Option<String> {
    let root = owners_folder(owner, book).filter(|_| level == Level::Landlock)?;
    let what = "the owner's agent works above the folders of others";
    let way_out = "set `dir` below [users.<the owner's id>]";
    Some(format!("{what}, {}: {way_out}", root.display()))
}

/// Returns the folder above those of others, if the owner's agent works there behind a wall.
pub(super) fn owners_folder(owner: OwnersAgent, book: &SettingsBook) -> Option<&Path> {
    let Folders::PerChat { root, owner: who } = &book.folders else {
        return None;
    };
    let chosen = who.and_then(|who| book.own.get(&who)?.folder.as_ref());
    let is_there = owner == OwnersAgent::Walled && who.is_some() && chosen.is_none();
    is_there.then_some(root)
}

impl Opened {
    fn by(owner: OwnersAgent, agents: &AgentOptions, book: &SettingsBook) -> Result<Self, String> {
        let own = agents.rooms.own.values();
        let read = own.clone().flat_map(|own| &own.read);
        let mut written: Vec<_> = own.flat_map(|own| own.write.iter().cloned()).collect();
        written.extend(book.own.values().filter_map(|own| own.folder.clone()));
        match &book.folders {
            Folders::Shared(folder) => written.push(folder.clone()),
            Folders::PerChat { root, .. } => {
                let root = real(root)?;
                for path in &agents.private_paths {
                    written.extend(room_around(&real(path)?, &root));
                }
                written.extend(owners_folder(owner, book).map(Path::to_owned));
            }
        }
        let read = read.chain(&agents.rooms.read).map(|it| real(it));
        Ok(Self {
            read: read.collect::<Result<_, _>>()?,
            written: written
                .iter()
                .map(|it| real(it))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// Returns the folder of a chat that a path lies in.
fn room_around(path: &Path, root: &Path) -> Option<PathBuf> {
    let first = path.strip_prefix(root).ok()?.iter().next()?;
    let is_chats = first.to_str().is_some_and(|it| it.parse::<i64>().is_ok());
    is_chats.then(|| root.join(first))
}

/// Returns the real path of what is there, and of what is not, as far as it is there.
///
/// What this user may not look at is taken by its name: an agent is the same user, or a lesser one.
///
/// # Errors
///
/// When nobody can tell: a link leads in a circle, or a disk fails.
fn real(path: &Path) -> Result<PathBuf, String> {
    for above in path.ancestors() {
        match if_there(above.canonicalize()) {
            Ok(Some(found)) => {
                let rest = path.strip_prefix(above).unwrap_or(Path::new(""));
                // Joined with nothing, a path ends in a slash.
                return Ok(found.join(rest).components().collect());
            }
            Err(error) if error.kind() != io::ErrorKind::PermissionDenied => {
                let what = "nobody can tell where this leads";
                return Err(format!("{}: {what}: {error}", path.display()));
            }
            Ok(None) | Err(_) => {}
        }
    }
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::fs;

    use bridge_actors::chat_settings::AgentSettings;
    use bridge_actors::ids::ChatId;
    use bridge_actors::session::policy::Policy;
    use bridge_actors::session::settings::OwnSettings;

    use super::*;
    use crate::claude::room_view::{OwnPaths, RoomOptions};

    const OWNER: ChatId = ChatId(1);
    const ANNA: ChatId = ChatId(2);

    /// Returns what is left open where the data lies at `data` and rooms are opened so.
    fn check(
        level: Level,
        owner: OwnersAgent,
        data: &str,
        open: impl Fn(&mut OwnPaths, &mut OwnSettings, &dyn Fn(&str) -> PathBuf),
    ) -> String {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().canonicalize().unwrap().join(name);
        for folder in ["w/2", "srv/docs", "data", "w/data"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        let (mut paths, mut settings) = (OwnPaths::default(), OwnSettings::default());
        open(&mut paths, &mut settings, &at);
        let agents = AgentOptions {
            private_paths: vec![at(data)],
            rooms: RoomOptions {
                own: [(ANNA, paths)].into(),
                ..RoomOptions::default()
            },
            ..AgentOptions::default()
        };
        let book = SettingsBook {
            policy: Policy::default(),
            folders: Folders::PerChat {
                root: at("w"),
                owner: Some(OWNER),
            },
            agent: AgentSettings::default(),
            own: HashMap::from([(ANNA, settings)]),
            epoch: 0,
        };
        let said = left_open(level, owner, &agents, &book).unwrap_or_default();
        said.replace(&at("").display().to_string(), "")
    }

    #[test]
    fn landlock_does_not_hold_where_something_of_the_bridge_lies_below_what_is_open() {
        let (level, free) = (Level::Landlock, OwnersAgent::Free);
        let nothing = |_: &mut OwnPaths, _: &mut OwnSettings, _: &dyn Fn(&str) -> PathBuf| {};
        assert_eq!(check(level, free, "data", nothing), "");
        assert_eq!(check(level, free, "w/data", nothing), "");
        let sees = "an agent that reads w would see w/data: move one of them";
        let read = check(level, free, "w/data", |own, _, at| own.read.push(at("w")));
        assert_eq!(read, sees);
        let write = check(level, free, "w/data", |own, _, at| own.write.push(at("w")));
        assert_eq!(write, sees);
        let works = check(level, free, "w/data", |_, own, at| {
            own.folder = Some(at("w"));
        });
        assert_eq!(works, sees);
        let walled = check(level, OwnersAgent::Walled, "w/data", nothing);
        assert_eq!(walled, sees);
        let above = check(level, OwnersAgent::Walled, "data", nothing);
        assert!(
            above.starts_with("the owner's agent works above"),
            "{above}"
        );
        // Covers do that.
        for open in ["w", "srv"] {
            let read = |own: &mut OwnPaths, _: &mut OwnSettings, at: &dyn Fn(&str) -> PathBuf| {
                own.read.push(at(open));
            };
            assert_eq!(
                check(Level::Strict, OwnersAgent::Walled, "w/data", read),
                ""
            );
        }
    }

    /// Links that lead in a circle stand for a disk that fails.
    #[test]
    fn no_wall_holds_where_nobody_can_tell_what_is_opened() {
        for level in [Level::Landlock, Level::Strict] {
            let read = check(level, OwnersAgent::Free, "data", |own, _, at| {
                std::os::unix::fs::symlink(at("circle"), at("circle")).unwrap();
                own.read.push(at("circle"));
            });
            assert!(read.starts_with("circle: nobody can tell"), "{read}");
            let private = check(level, OwnersAgent::Free, "circle", |_, _, at| {
                std::os::unix::fs::symlink(at("circle"), at("circle")).unwrap();
            });
            assert!(private.starts_with("circle: nobody can tell"), "{private}");
        }
    }

    #[test]
    fn no_wall_holds_where_an_agent_could_make_what_the_bridge_looks_for() {
        for level in [Level::Landlock, Level::Strict] {
            let made = check(level, OwnersAgent::Free, "w/2/bridge.toml", |_, _, _| {});
            assert!(made.contains("w/2/bridge.toml"), "{level:?}: {made}");
            let docs = |own: &mut OwnPaths, _: &mut OwnSettings, at: &dyn Fn(&str) -> PathBuf| {
                own.write.push(at("srv"));
            };
            let made = check(level, OwnersAgent::Free, "srv/docs/bridge.toml", docs);
            assert!(made.contains("srv/docs/bridge.toml"), "{level:?}: {made}");
            let beside = check(level, OwnersAgent::Free, "w/bridge.toml", |_, _, _| {});
            assert_eq!(beside, "", "nobody writes there");
        }
        let strict = check(
            Level::Strict,
            OwnersAgent::Walled,
            "w/bridge.toml",
            |_, _, _| {},
        );
        assert!(strict.contains("could make w/bridge.toml"), "{strict}");
    }

    /// A reload may ask for it, too.
    #[test]
    fn a_network_of_its_own_does_not_come_with_landlock() {
        let mut agents = AgentOptions::default();
        agents.rooms.network = NetworkLimit::Api;
        let book = SettingsBook {
            policy: Policy::default(),
            folders: Folders::Shared("/nowhere".into()),
            agent: AgentSettings::default(),
            own: HashMap::new(),
            epoch: 0,
        };
        let open = |level| left_open(level, OwnersAgent::Free, &agents, &book);
        assert_eq!(open(Level::Strict), None);
        assert!(open(Level::Landlock).is_some_and(|open| open.contains("isolation.network")));
    }
}
