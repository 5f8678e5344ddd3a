//! Pure: what an agent sees of the host, from the settings and who it works for.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use bridge_actors::chat_settings::Wall;
use bridge_actors::ids::ChatId;

use crate::claude::guard::{Level, View};
use crate::claude::neighbours::Neighbours;

pub use network::NetworkLimit;

mod network;

/// What rooms are opened for, and the login of their agents.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RoomOptions {
    /// Further paths that every room reads.
    pub read: Vec<PathBuf>,
    /// Further paths of single rooms.
    pub own: BTreeMap<ChatId, OwnPaths>,
    /// A token of `claude setup-token`, or an API key: what agents in rooms log in with.
    pub login: Option<String>,
    /// Where the rooms of all people are.
    pub neighbours: Neighbours,
    /// The first user id of rooms, where the bridge may choose one.
    pub first_uid: u32,
    /// How many bytes may lie in the home of an agent.
    pub home_limit: Option<u64>,
    /// How far the connections of all rooms reach.
    pub network: NetworkLimit,
}

/// Paths that one room sees beside its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnPaths {
    /// Where it reads.
    pub read: Vec<PathBuf>,
    /// Where it writes.
    pub write: Vec<PathBuf>,
}

impl std::fmt::Debug for RoomOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The login is a secret.
        f.debug_struct("RoomOptions").finish_non_exhaustive()
    }
}

/// A room, as far as it is known before anybody has looked at the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomPaths {
    /// The agent's home.
    pub home: PathBuf,
    /// What its person sent.
    pub inbox: PathBuf,
}

/// Returns the level of a wall; `None` where there is none, or where nobody may come in.
pub fn level_of(wall: Wall) -> Option<Level> {
    match wall {
        Wall::Off | Wall::Refused => None,
        Wall::Landlock => Some(Level::Landlock),
        Wall::Strict => Some(Level::Strict),
    }
}

/// Returns what the agent of a chat sees.
pub fn view(
    level: Level,
    options: &RoomOptions,
    chat: ChatId,
    paths: &RoomPaths,
    covers: &[PathBuf],
) -> View {
    let nothing = OwnPaths::default();
    let own = options.own.get(&chat).unwrap_or(&nothing);
    View {
        level,
        uid: None,
        home: Some(paths.home.clone()),
        inbox: Some(paths.inbox.clone()),
        read: [&options.read[..], &own.read].concat(),
        write: own.write.clone(),
        covers: covers.to_vec(),
        network: options.network.without_hosts(),
        group: None,
    }
}

/// Turns the environment of an agent into that of one in a room.
///
/// What leads to the host's own home goes. A login that is set for rooms takes the place of every
/// other; without one, what the bridge's environment has counts.
pub fn environment(
    level: Level,
    options: &RoomOptions,
    home: &Path,
    mut variables: Vec<(OsString, OsString)>,
) -> Vec<(OsString, OsString)> {
    let has_login = options.login.is_some();
    variables.retain(|(name, _)| {
        let name = name.to_string_lossy();
        !(is_of_host(&name) || options.network.cuts(&name) || has_login && LOGINS.contains(&&*name))
    });
    let temporary = match level {
        Level::Strict => PathBuf::from("/tmp"),
        Level::Off | Level::Landlock => home.join("tmp"),
    };
    let config = home.join(CONFIG);
    let mut ours: Vec<(&str, &OsStr)> = vec![
        ("HOME", home.as_os_str()),
        ("CLAUDE_CONFIG_DIR", config.as_os_str()),
        ("TMPDIR", temporary.as_os_str()),
        ("CLAUDE_CODE_TMPDIR", temporary.as_os_str()),
    ];
    if let Some(login) = &options.login {
        ours.push((variable_of(login), OsStr::new(login)));
    }
    ours.extend(options.network.variable());
    set_all(&mut variables, &ours);
    variables
}

/// Turns the environment of a program that is no agent into that of one in a room: it is at home in
/// the folder that it works in.
pub fn environment_of_tool(
    level: Level,
    folder: &Path,
    mut variables: Vec<(OsString, OsString)>,
) -> Vec<(OsString, OsString)> {
    variables.retain(|(name, _)| !is_of_host(&name.to_string_lossy()));
    let temporary = match level {
        Level::Strict => Path::new("/tmp"),
        Level::Off | Level::Landlock => folder,
    };
    let ours = [
        ("HOME", folder.as_os_str()),
        ("TMPDIR", temporary.as_os_str()),
    ];
    set_all(&mut variables, &ours);
    variables
}

/// Says whether a variable leads to what belongs to the host's own user.
fn is_of_host(name: &str) -> bool {
    name.starts_with("XDG_") || name == "SSH_AUTH_SOCK"
}

fn set_all(variables: &mut Vec<(OsString, OsString)>, ours: &[(&str, &OsStr)]) {
    for (name, value) in ours {
        variables.retain(|(other, _)| other != name);
        variables.push((name.into(), value.into()));
    }
    variables.sort();
}

/// The folder of Claude's own files in a home.
pub const CONFIG: &str = ".claude";

/// The variables that log Claude in.
const LOGINS: &[&str] = &[
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "CLAUDE_CODE_OAUTH_TOKEN",
];

/// Services that log in by other means, which the environment has too.
const SERVICES: &[&str] = &["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX"];

/// A token of `claude setup-token` begins like this; an API key does not.
const TOKEN_START: &str = "sk-ant-oat";

fn variable_of(login: &str) -> &'static str {
    match login.starts_with(TOKEN_START) {
        true => "CLAUDE_CODE_OAUTH_TOKEN",
        false => "ANTHROPIC_API_KEY",
    }
}

/// Says whether an environment logs an agent in.
pub fn logs_in(variables: &[(OsString, OsString)]) -> bool {
    let counts = |name: &OsString| {
        let all = LOGINS.iter().chain(SERVICES);
        name.to_str()
            .is_some_and(|name| all.clone().any(|it| *it == name))
    };
    variables
        .iter()
        .any(|(name, value)| counts(name) && !value.is_empty())
}

/// Says whether the bridge's own environment logs agents in.
pub fn has_login(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let mut all = LOGINS.iter().chain(SERVICES);
    all.any(|name| variable(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests;
