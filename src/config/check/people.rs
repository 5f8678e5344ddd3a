//! Checks who may come in and what they have of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bridge_actors::ids::{ChatId, UserId};
use bridge_actors::router::MAX_USER_ID;
use bridge_actors::user_registry::Strangers;

use super::Checker;
use crate::config::{Config, MultiUser, UserOverrides};

impl Checker<'_> {
    pub(super) fn people(&mut self, config: &Config) {
        let many = &config.multi_user;
        for (name, people) in [
            ("allowed_users", &many.allowed_users),
            ("denied_users", &many.denied_users),
            ("admin_users", &many.admin_users),
        ] {
            self.ids(name, people);
        }
        self.lists(many);
        if many.enabled && !config.workspace.per_user {
            self.warnings.push(
                "workspace.per_user is false: everyone works in one folder and sees the others' \
                 files"
                    .to_owned(),
            );
        }
        for chat in config.users.keys() {
            self.own_settings(*chat, config);
        }
        self.shared_folders(config);
    }

    fn ids(&mut self, name: &str, people: &BTreeSet<UserId>) {
        for user in people {
            if user.0 < 0 {
                let what = format!("{user} is the id of a group, not of a person");
                let way_out = "list the numeric ids of people; an administrator allows a group \
                               with /allow_group, and each person in it is still checked";
                self.refuse("multi_user", name, what, way_out);
            } else if !(1..=MAX_USER_ID).contains(&user.0) {
                let what = format!("nobody can have the id {user}");
                self.refuse_value("multi_user", name, what);
            }
        }
    }

    fn lists(&mut self, many: &MultiUser) {
        let lists = [&many.allowed_users, &many.denied_users, &many.admin_users];
        if !many.enabled {
            if lists.iter().any(|list| !list.is_empty()) {
                self.warnings.push(
                    "multi_user.enabled is false, so the lists in [multi_user] have no effect"
                        .to_owned(),
                );
            }
            return;
        }
        for (name, list) in [
            ("allowed_users", &many.allowed_users),
            ("admin_users", &many.admin_users),
        ] {
            for user in list.intersection(&many.denied_users) {
                self.warnings.push(format!(
                    "{user} is in both multi_user.{name} and multi_user.denied_users; \
                     denied_users wins, so they are kept out"
                ));
            }
        }
        if many.strangers == Strangers::Open {
            self.warnings.push(
                "multi_user.strangers is \"open\": anyone who finds the bot can run commands on \
                 this machine as the user that runs the bridge"
                    .to_owned(),
            );
        }
    }

    fn own_settings(&mut self, chat: ChatId, config: &Config) {
        let section = format!("users.{chat}");
        let Some(own) = config.users.get(&chat) else {
            return;
        };
        let many = &config.multi_user;
        if many.enabled && many.denied_users.contains(&UserId(chat.0)) {
            self.warnings.push(format!(
                "[{section}] has no effect: multi_user.denied_users keeps this person out"
            ));
        }
        if let Some(mode) = own.permission_mode {
            self.bypass(&section, mode, config);
        }
        self.own_budget(&section, chat, own);
        let Some(dir) = &own.dir else { return };
        if dir.as_os_str().is_empty() {
            self.refuse_value(&section, "dir", "the setting is empty");
        } else if !dir.is_dir() {
            let what = format!("there is no folder {}", dir.display());
            let way_out = "create it, or name another folder";
            self.refuse(&section, "dir", what, way_out);
        } else if holds(&config.storage.dir, dir) {
            let what = format!(
                "{} is in storage.dir {}, where the bridge keeps its own files",
                dir.display(),
                config.storage.dir.display()
            );
            let way_out = "name another folder";
            self.refuse(&section, "dir", what, way_out);
        }
    }

    /// A budget is a person's, whichever chat they write in.
    fn own_budget(&mut self, section: &str, chat: ChatId, own: &UserOverrides) {
        let keys = [
            ("cost_per_day", own.cost_per_day.is_some()),
            ("turns_per_day", own.turns_per_day.is_some()),
        ];
        for (name, _) in keys.into_iter().filter(|(_, is_set)| *is_set) {
            if !chat.is_private() {
                let what =
                    format!("{chat} is the id of a group, and limits of money are a person's");
                let way_out = "set it for each person in the group, or limits.cost_per_day for all";
                self.refuse(section, name, what, way_out);
            }
        }
    }

    fn shared_folders(&mut self, config: &Config) {
        let mut seen: BTreeMap<PathBuf, ChatId> = BTreeMap::new();
        for (chat, own) in &config.users {
            let Some(dir) = own.dir.as_deref() else {
                continue;
            };
            match seen.get(&real(dir)) {
                Some(first) => self.warnings.push(format!(
                    "[users.{first}] and [users.{chat}] share a folder and see each other's files"
                )),
                None => {
                    seen.insert(real(dir), *chat);
                }
            }
        }
    }
}

/// Returns whether a folder is another one or has it inside, links resolved where they exist.
fn holds(outer: &Path, inner: &Path) -> bool {
    real(inner).starts_with(real(outer))
}

/// Returns a path with its links resolved, where it exists.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
