//! Checks the folders: that they can be used, that nothing is left where another rule put it, and
//! that no agent can move what is the bridge's own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::Checker;
use crate::config::Config;
use crate::config::layers::join;
use crate::config::problem::Problem;
use crate::config::tree::parse_chat;

/// What a data folder with a store in it has.
const STORE: [&str; 2] = ["store", "store.mark"];

impl Checker<'_> {
    pub(super) fn folders(&mut self, config: &Config) {
        let workspace = &config.workspace.dir;
        if workspace.as_os_str().is_empty() {
            self.refuse_value("workspace", "dir", "the setting is empty");
        } else if !workspace.is_dir() {
            let what = format!("there is no folder {}", workspace.display());
            let way_out = "create it, or name another folder";
            self.refuse("workspace", "dir", what, way_out);
        }
        let storage = &config.storage.dir;
        if storage.as_os_str().is_empty() {
            self.refuse_value("storage", "dir", "the setting is empty");
        } else if storage.exists() && !storage.is_dir() {
            let what = format!("{} is a file", storage.display());
            let way_out = "name a folder; the bridge creates it if it is missing";
            self.refuse("storage", "dir", what, way_out);
        }
        let chat_id_file = config.single_user.chat_id_file.as_deref();
        if let Some(path) = chat_id_file.filter(|path| path.is_dir()) {
            let what = format!("{} is a folder, not a file", path.display());
            self.refuse_value("single_user", "chat_id_file", what);
        }
        let file_folder = self.ground.file.and_then(|file| file.path.parent());
        if file_folder == Some(workspace) && workspace != self.ground.working_dir {
            self.warnings.push(format!(
                "Claude works in {}, the folder of the configuration file, not in {}, where the \
                 bridge was started: to change that, set workspace.dir",
                workspace.display(),
                self.ground.working_dir.display()
            ));
        }
    }

    /// Looks for what an older bridge left where it was started: its defaults began there, also
    /// when its configuration file lay elsewhere. To begin anew beside it would look like a loss.
    pub(super) fn left_behind(&mut self, config: &Config) {
        let started_in = self.ground.working_dir;
        let file_folder = self.ground.file.and_then(|file| file.path.parent());
        if file_folder.is_none_or(|folder| folder == started_in) {
            return;
        }
        let defaults = Config::default();
        let other = join(started_in, &defaults.storage.dir);
        if self.is_default("storage", "dir") && holds_a_store(&other) {
            self.other_store(&config.storage.dir, &other);
        }
        let per_chat = config.multi_user.enabled && config.workspace.per_user;
        let workspace = &config.workspace.dir;
        if per_chat && self.is_default("workspace", "dir") && !holds_rooms(workspace) {
            self.other_rooms(workspace, started_in);
        }
    }

    fn other_store(&mut self, storage: &Path, other: &Path) {
        let (storage_shown, other_shown) = (storage.display(), other.display());
        if holds_a_store(storage) {
            self.warnings.push(format!(
                "the bridge uses the data folder {storage_shown} and ignores the store in \
                 {other_shown}, where it was started: set storage.dir to use that store, or \
                 remove it"
            ));
            return;
        }
        let what = format!(
            "not set, so the data folder would be {storage_shown}; it has no store, but \
             {other_shown}, where the bridge was started, has one"
        );
        let way_out = format!(
            "to keep that store, move {other_shown} to {storage_shown}, or set storage.dir = \
             \"{other_shown}\"; to start afresh, set storage.dir = \"{storage_shown}\""
        );
        self.refuse("storage", "dir", what, way_out);
    }

    fn other_rooms(&mut self, workspace: &Path, started_in: &Path) {
        let Some(room) = first_room(started_in) else {
            return;
        };
        let (workspace, room) = (workspace.display(), room.display());
        self.warnings.push(format!(
            "workspace.dir is not set, so people's folders go in {workspace}, which has none yet; \
             those where the bridge was started, such as {room}, are ignored: move them, or set \
             workspace.dir to {}",
            started_in.display()
        ));
    }

    /// Returns whether nobody has set a key, not even to something that cannot be used.
    fn is_default(&self, section: &str, name: &str) -> bool {
        let in_doubt = |problem: &Problem| problem.leaves_open(section, name);
        !self.tree.has(section, name) && !self.problems.iter().any(in_doubt)
    }

    /// Rules keep the agent from our files, but not from a folder of its own that has them further
    /// down: it moves as a whole.
    pub(super) fn private_paths(&mut self, config: &Config) {
        let users = config.users.values().filter_map(|user| user.dir.as_ref());
        // Whoever works in `/` is above everything, and no other place would be better.
        let roots: BTreeSet<_> = (users.chain([&config.workspace.dir]))
            .filter(|root| root.parent().is_some())
            .collect();
        let private = [
            ("storage.dir", Some(&config.storage.dir)),
            ("telegram.token_file", config.telegram.token_file.as_ref()),
            (
                "single_user.chat_id_file",
                config.single_user.chat_id_file.as_ref(),
            ),
            (
                "the configuration file",
                self.ground.file.map(|file| &file.path),
            ),
        ];
        for (name, path) in private {
            let between = roots.iter().find_map(|root| {
                let mut below = path?.strip_prefix(root).ok()?.components();
                let first = below.next()?;
                below.next()?;
                Some((root, root.join(first)))
            });
            if let Some((root, folder)) = between {
                self.warnings.push(format!(
                    "{name} is inside {}, which Claude can move or delete when edits run without \
                     asking: put it outside {}, or directly in it",
                    folder.display(),
                    root.display()
                ));
            }
        }
    }
}

fn holds_a_store(data: &Path) -> bool {
    STORE.iter().any(|name| data.join(name).exists())
}

fn holds_rooms(workspace: &Path) -> bool {
    first_room(workspace).is_some()
}

/// Returns a folder that is named like a chat's own.
fn first_room(folder: &Path) -> Option<PathBuf> {
    rooms(folder).into_iter().next()
}

/// Returns the folders in a workspace that are named like a chat's own, sorted.
pub(crate) fn rooms(workspace: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(workspace).into_iter().flatten().flatten();
    let is_room = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.and_then(parse_chat).is_some() && path.is_dir()
    };
    let mut rooms: Vec<_> = entries.map(|entry| entry.path()).filter(is_room).collect();
    rooms.sort();
    rooms
}
