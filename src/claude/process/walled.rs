//! Prepares the room of an agent before it starts: its home, its login, its conversation, its user.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bridge_actors::agent_event::StartFault;
use bridge_actors::ports::Conversation;
use tracing::{info, warn};

use super::home_watch::BoundHome;
use crate::claude::guard::{Level, View, may_choose_users};
use crate::claude::neighbours::Neighbours;
use crate::claude::room_view::{CONFIG, NetworkLimit, RoomPaths, logs_in};
use crate::claude::transcripts::{note_begun, process_with};
use crate::claude::{conversations, ownership};
use crate::program::find_program;

/// Returns the user id of the rooms that work in a folder; new ones count from a first.
pub type UidOf = Arc<dyn Fn(&Path, u32) -> io::Result<u32> + Send + Sync>;

/// What a room needs before its agent starts.
pub(super) struct RoomPlan {
    /// How much may lie in the agent's home, where there is a wall and a limit.
    pub(super) bound: Option<BoundHome>,
    /// What the agent sees; `None` where there is no wall.
    pub(super) view: Option<View>,
    /// Its folders.
    pub(super) paths: RoomPaths,
    /// Where Claude keeps its own files without a wall.
    pub(super) host_config: Option<PathBuf>,
    /// Where the rooms of other people are.
    pub(super) neighbours: Neighbours,
    /// The bridge's own files and folders.
    pub(super) private: Vec<PathBuf>,
    /// The conversation to open.
    pub(super) conversation: Conversation,
    /// Whether the agent is started to log in.
    pub(super) logs_in: bool,
    /// Whose ids rooms have, where the bridge may choose.
    pub(super) uids: Option<UidOf>,
    /// The first of them.
    pub(super) first_uid: u32,
    /// How far its connections are to reach.
    pub(super) network: NetworkLimit,
    /// What marks the agents of this bridge.
    pub(super) marker: String,
}

impl RoomPlan {
    /// Makes the room ready and returns what its agent sees; `None` where there is no wall.
    ///
    /// Blocks for as long as the disk does.
    pub(super) fn prepare(
        &self,
        folder: &Path,
        program: &OsStr,
        environment: &[(OsString, OsString)],
    ) -> Result<Option<View>, StartFault> {
        self.see_that_nobody_has_it()?;
        let Some(view) = &self.view else {
            self.bring_home(folder);
            return Ok(None);
        };
        let home = &self.paths.home;
        let no_room = |error: io::Error| StartFault::NoFolder {
            folder: home.display().to_string(),
            error: error.to_string(),
        };
        let config = home.join(CONFIG);
        for part in [home, &config, &home.join("tmp")] {
            make_folder(part).map_err(no_room)?;
        }
        let has_login = logs_in(environment) || config.join(".credentials.json").is_file();
        if !has_login && !self.logs_in {
            return Err(StartFault::NoLogin);
        }
        if let Some(bound) = &self.bound {
            bound.admit()?;
        }
        let uid = self.choose_user(folder).map_err(no_room)?;
        if let (Conversation::Resume(id), Some(host)) = (&self.conversation, &self.host_config) {
            if uid.is_some() && conversations::is_to_be_brought(&id.0, host, &config) {
                // So that all of it is given anew, wherever this is cut off.
                ownership::take_back(&config, 0).map_err(no_room)?;
            }
            tell(conversations::bring(&id.0, host, &config), "into its room");
        }
        let mut view = view.clone();
        view.read.extend(programs(program, environment));
        view.read.extend(certificates(environment));
        let refused = |error: io::Error| StartFault::Refused {
            reason: error.to_string(),
        };
        let neighbours = self.neighbours.below(folder).map_err(refused)?;
        view.covers.extend(neighbours);
        view.network = (self.network.for_agent(environment))
            .map_err(|reason| StartFault::Refused { reason })?;
        if let Some(uid) = uid {
            match view.level {
                Level::Strict => {
                    self.give_room(folder, uid).map_err(no_room)?;
                    view.uid = Some(uid);
                }
                // Another user could not pass through the data folder to its own home.
                Level::Landlock | Level::Off => self.take_room(folder, uid).map_err(no_room)?,
            }
        }
        Ok(Some(view))
    }

    /// Sees that no terminal has the conversation, and notes whose it is.
    fn see_that_nobody_has_it(&self) -> Result<(), StartFault> {
        let (Conversation::New(id) | Conversation::Resume(id)) = &self.conversation;
        let room_config = self.paths.home.join(CONFIG);
        let config = match (&self.view, &self.host_config) {
            (None, Some(host)) => host,
            (Some(_), _) | (None, None) => &room_config,
        };
        if let Conversation::Resume(id) = &self.conversation
            && let Some(holder) = process_with(&id.0, config, &self.marker)
        {
            return Err(StartFault::Held(holder));
        }
        let noted = self.paths.home.parent().map(|room| note_begun(room, &id.0));
        if let Some(Err(error)) = noted {
            warn!(%error, "cannot note whose a conversation is");
        }
        Ok(())
    }

    /// Brings a conversation back that was held behind a wall, and the folder with it.
    fn bring_home(&self, folder: &Path) {
        if !self.paths.home.is_dir() {
            return;
        }
        if let (Conversation::Resume(id), Some(host)) = (&self.conversation, &self.host_config) {
            let room = self.paths.home.join(CONFIG);
            // The agent could have made a link of it.
            if !room.symlink_metadata().is_ok_and(|it| it.is_dir()) {
                return;
            }
            tell(conversations::bring(&id.0, &room, host), "out of its room");
        }
        let is_given = |uid: u32| fs::metadata(folder).is_ok_and(|it| owner_of(&it) == uid);
        if let Ok(Some(uid)) = self.choose_user(folder)
            && is_given(uid)
        {
            // So that a later wall finds what is made meanwhile.
            ownership::take_back(folder, 0).ok();
        }
    }

    /// A bridge that may choose has a user of its own for each folder.
    fn choose_user(&self, folder: &Path) -> io::Result<Option<u32>> {
        let uids = self.uids.as_ref().filter(|_| may_choose_users());
        uids.map(|of| of(&folder.canonicalize()?, self.first_uid))
            .transpose()
    }

    fn give_room(&self, folder: &Path, uid: u32) -> io::Result<()> {
        if owner_of(&fs::metadata(folder)?) != uid {
            ownership::give_all(&folder.canonicalize()?, uid, &self.spared(folder)?)?;
        }
        let (home, inbox) = (&self.paths.home, &self.paths.inbox);
        for part in [home, &home.join(CONFIG), inbox] {
            ownership::give(&part.canonicalize()?, uid)?;
        }
        Ok(())
    }

    /// Returns what may lie in the folder and is not the room's.
    fn spared(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut spared = self.neighbours.all_below(folder)?;
        spared.extend(self.private.iter().cloned());
        Ok(spared)
    }

    /// Takes back what was given to a room of a stronger wall.
    fn take_room(&self, folder: &Path, uid: u32) -> io::Result<()> {
        let is_given = |part: &Path| Ok::<_, io::Error>(owner_of(&fs::metadata(part)?) == uid);
        if is_given(folder)? {
            ownership::give_all(&folder.canonicalize()?, 0, &self.spared(folder)?)?;
        }
        for part in [&self.paths.home, &self.paths.inbox] {
            if is_given(part)? {
                ownership::give_all(&part.canonicalize()?, 0, &[])?;
            }
        }
        Ok(())
    }
}

fn owner_of(metadata: &fs::Metadata) -> u32 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.uid()
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    // The agent writes here: a link of its own would lead the bridge elsewhere.
    if folder.symlink_metadata()?.is_symlink() {
        return Err(io::Error::other("it is a link"));
    }
    made
}

fn tell(moved: io::Result<bool>, whereto: &str) {
    match moved {
        Ok(true) => info!("brought a conversation {whereto}"),
        Ok(false) => {}
        Err(error) => warn!(%error, "cannot bring a conversation {whereto}"),
    }
}

/// What names certificates that a program trusts beside the system's.
const CERTIFICATES: [&str; 3] = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Returns what has to be seen so that the agent's program trusts whom the bridge's host trusts: a
/// proxy of a company signs everything with a certificate of its own.
fn certificates(environment: &[(OsString, OsString)]) -> impl Iterator<Item = PathBuf> {
    let named = |name: &OsStr| CERTIFICATES.iter().any(|known| *known == name);
    let values = environment.iter().filter(move |(name, _)| named(name));
    let paths = values.flat_map(|(_, value)| env::split_paths(value));
    paths.filter(|path| path.is_absolute() && path.exists())
}

/// Returns what has to be seen so that the agent's program runs: its folder, and that of its
/// interpreter.
pub(super) fn programs(program: &OsStr, environment: &[(OsString, OsString)]) -> Vec<PathBuf> {
    let path = environment.iter().find(|(name, _)| name == "PATH");
    let path = path.map(|(_, value)| value.as_os_str());
    let Some(found) = find_program(Path::new(program), path) else {
        return Vec::new();
    };
    let interpreter = interpreter_of(&found).and_then(|name| find_program(&name, path));
    let mut all = Vec::new();
    for program in [Some(found), interpreter].into_iter().flatten() {
        let real = program.canonicalize().unwrap_or_else(|_| program.clone());
        all.extend([package_of(&real), program]);
    }
    all
}

/// Returns what a program needs: its package, or itself alone, since its folder may be anybody's.
fn package_of(program: &Path) -> PathBuf {
    let modules = program
        .ancestors()
        .filter(|it| it.ends_with("node_modules"));
    modules.last().unwrap_or(program).to_owned()
}

/// Returns the program that `#!/usr/bin/env NAME` names.
fn interpreter_of(program: &Path) -> Option<PathBuf> {
    use std::io::Read as _;
    let mut start = Vec::new();
    let file = fs::File::open(program).ok()?;
    file.take(256).read_to_end(&mut start).ok()?;
    let text = String::from_utf8_lossy(&start).into_owned();
    let mut words = text.lines().next()?.strip_prefix("#!")?.split_whitespace();
    let first = words.next()?;
    match first.ends_with("/env") {
        true => words.find(|word| !word.starts_with('-')).map(PathBuf::from),
        false => Some(PathBuf::from(first)),
    }
}

#[cfg(test)]
mod tests;
