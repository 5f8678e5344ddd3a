//! Checks the folders: that they can be used, and that no agent can move what is the bridge's own.

use std::collections::BTreeSet;

use super::Checker;
use crate::config::Config;

impl Checker<'_> {
    pub(super) fn folders(&mut self, config: &Config) {
        let workspace = &config.workspace.dir;
        if workspace.as_os_str().is_empty() {
            self.refuse_value("workspace", "dir", "found the empty text");
        } else if !workspace.is_dir() {
            let what = format!("{} is not an existing folder", workspace.display());
            let way_out = "make the folder, or name another one";
            self.refuse("workspace", "dir", what, way_out);
        }
        let storage = &config.storage.dir;
        if storage.as_os_str().is_empty() {
            self.refuse_value("storage", "dir", "found the empty text");
        } else if storage.exists() && !storage.is_dir() {
            let what = format!("{} is a file", storage.display());
            let way_out = "name a folder; it is made when it is missing";
            self.refuse("storage", "dir", what, way_out);
        }
        let chat_id_file = config.single_user.chat_id_file.as_deref();
        if let Some(path) = chat_id_file.filter(|path| path.is_dir()) {
            let what = format!("{} is a folder", path.display());
            self.refuse_value("single_user", "chat_id_file", what);
        }
        let file_folder = self.ground.file.and_then(|file| file.path.parent());
        if file_folder == Some(workspace) && workspace != self.ground.working_dir {
            self.warnings.push(format!(
                "agents work in {}, the folder of the configuration file, not in {}, where the \
                 bridge was started: set workspace.dir if they should work elsewhere",
                workspace.display(),
                self.ground.working_dir.display()
            ));
        }
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
                    "{name} lies in {}, which the agent may move or remove where edits run \
                     unasked: put it outside of {} or directly in it",
                    folder.display(),
                    root.display()
                ));
            }
        }
    }
}
