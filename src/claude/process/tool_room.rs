//! Prepares the room of a program that works for the bridge and is no agent.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use bridge_actors::agent_event::StartFault;

use super::walled::{UidOf, programs};
use crate::claude::guard::{Level, Network, View, may_choose_users};
use crate::claude::ownership;
use crate::there::if_there;

/// What a program sees of the host beside the folder that it works in.
pub(super) struct ToolRoom {
    /// How it is kept to that.
    pub(super) level: Level,
    /// What the administrator opened for all rooms.
    pub(super) read: Vec<PathBuf>,
    /// What its arguments name.
    pub(super) named: Vec<PathBuf>,
    /// The bridge's own files and folders.
    pub(super) private: Vec<PathBuf>,
    /// Whose ids rooms have, where the bridge may choose.
    pub(super) uids: Option<UidOf>,
    /// The first of them.
    pub(super) first_uid: u32,
    /// How far its connections reach.
    pub(super) network: Network,
}

impl ToolRoom {
    /// Makes the room ready and returns what the program sees.
    ///
    /// Blocks for as long as the disk does.
    pub(super) fn prepare(
        &self,
        folder: &Path,
        program: &OsStr,
        environment: &[(OsString, OsString)],
    ) -> Result<View, StartFault> {
        let mut view = View::new(self.level);
        view.covers.clone_from(&self.private);
        view.network.clone_from(&self.network);
        view.read.clone_from(&self.read);
        view.read.extend(programs(program, environment));
        let named = self.named.iter().filter(|path| self.may_be_shown(path));
        view.read.extend(named.cloned());
        view.uid = self
            .own_user(folder)
            .map_err(|error| StartFault::NoFolder {
                folder: folder.display().to_string(),
                error: error.to_string(),
            })?;
        Ok(view)
    }

    /// An argument opens nothing of the bridge. Landlock covers nothing below what is open.
    fn may_be_shown(&self, path: &Path) -> bool {
        let real = path.canonicalize();
        let Ok(real) = real.as_deref() else {
            return false;
        };
        let mut private = self.private.iter().map(|own| if_there(own.canonicalize()));
        private.all(|own| match (own, self.level) {
            // Nobody can tell where it is.
            (Err(_), _) => false,
            (Ok(None), _) => true,
            (Ok(Some(own)), Level::Strict) => !real.starts_with(own),
            (Ok(Some(own)), Level::Landlock | Level::Off) => {
                !real.starts_with(&own) && !own.starts_with(real)
            }
        })
    }

    /// A bridge that may choose has a user for what listens to a chat, and gives it the folder.
    fn own_user(&self, folder: &Path) -> io::Result<Option<u32>> {
        let is_own = self.level == Level::Strict && may_choose_users();
        let Some(uids) = self.uids.as_ref().filter(|_| is_own) else {
            return Ok(None);
        };
        let real = folder.canonicalize()?;
        let uid = uids(real.parent().unwrap_or(&real), self.first_uid)?;
        ownership::give(&real, uid)?;
        Ok(Some(uid))
    }
}

/// Returns what the arguments of a program name by a whole path: alone, or behind the first `=`.
///
/// What a room has of its own is never shown of the host.
pub(super) fn named_by<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Vec<PathBuf> {
    let named = arguments.into_iter().filter_map(|argument| {
        let value = argument.split_once('=').map(|(_, value)| value);
        let path = [Some(argument), value].into_iter().flatten();
        let mut path = path.filter(|text| text.starts_with('/'));
        path.next().map(PathBuf::from)
    });
    named.filter(|path| !is_of_every_room(path)).collect()
}

fn is_of_every_room(path: &Path) -> bool {
    let own = ["/", "/dev", "/dev/shm", "/proc", "/run", "/tmp", "/var/tmp"];
    own.iter().any(|own| Path::new(own) == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_name_whole_paths_alone_or_behind_an_equals_sign() {
        let arguments = [
            "-m",
            "/opt/models/small.bin",
            "--vad=/opt/models/vad.bin",
            "--language=de",
            "models/large.bin",
            "a=b=/etc",
            "/",
            "--tmp=/tmp/",
            "https://example.org/x",
        ];
        let named = ["/opt/models/small.bin", "/opt/models/vad.bin"];
        assert_eq!(named_by(arguments), named.map(PathBuf::from));
    }

    #[test]
    fn an_argument_opens_nothing_of_the_bridge() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().canonicalize().unwrap().join(name);
        std::fs::create_dir_all(at("srv/data/chats")).unwrap();
        std::fs::write(at("srv/model"), "").unwrap();
        std::os::unix::fs::symlink(at("circle"), at("circle")).unwrap();
        let room = |level| ToolRoom {
            level,
            read: Vec::new(),
            named: Vec::new(),
            private: vec![at("srv/data"), at("srv/missing")],
            uids: None,
            first_uid: 200_000,
            network: Network::Open,
        };
        for (level, whole_folder) in [(Level::Strict, true), (Level::Landlock, false)] {
            let room = room(level);
            assert!(room.may_be_shown(&at("srv/model")));
            assert!(!room.may_be_shown(&at("srv/data/chats")));
            assert!(!room.may_be_shown(&at("srv/data/../data")));
            assert_eq!(room.may_be_shown(&at("srv")), whole_folder, "{level:?}");
            let unknown = ToolRoom {
                private: vec![at("circle")],
                ..room
            };
            assert!(!unknown.may_be_shown(&at("srv/model")), "{level:?}");
        }
    }
}
