//! Which commands Telegram's menu lists, and for whom.

use bridge_texts::Say;

use crate::user_registry::Role;

/// A command of the menu: its name, and what it does.
pub(super) type Entry = (&'static str, fn(Say) -> String);

/// The commands of whoever may come in, for Telegram's menu.
pub(super) const MENU: &[Entry] = &[
    ("new", Say::command_new),
    ("stop", Say::command_stop),
    ("status", Say::command_status),
    ("tasks", Say::command_tasks),
    ("files", Say::command_files),
    ("sessions", Say::command_sessions),
    ("export", Say::command_export),
    ("diff", Say::command_diff),
    ("rewind", Say::command_rewind),
    ("btw", Say::command_btw),
    ("context", Say::command_context),
    ("usage", Say::command_usage),
    ("permissions", Say::command_permissions),
    ("mcp", Say::command_mcp),
    ("login", Say::command_login),
    ("model", Say::command_model),
    ("effort", Say::command_effort),
    ("mode", Say::command_mode),
    ("verbose", Say::command_verbose),
    ("draft", Say::command_draft),
    ("rich", Say::command_rich),
    ("user_info", Say::command_user_info),
    ("delete_my_data", Say::command_delete_my_data),
    ("help", Say::command_help),
];

/// What administrators have beyond that.
pub(super) const ADMIN_MENU: &[Entry] = &[
    ("users", Say::command_users),
    ("add_user", Say::command_add_user),
    ("remove_user", Say::command_remove_user),
    ("activate", Say::command_activate),
    ("deactivate", Say::command_deactivate),
    ("promote", Say::command_promote),
    ("demote", Say::command_demote),
    ("trust", Say::command_trust),
    ("allow_group", Say::command_allow_group),
    ("lockdown", Say::command_lockdown),
    ("unlock", Say::command_unlock),
];

/// Returns the commands of a role, for Telegram's menu: name and description.
pub fn menu_of(role: Role, say: Say) -> Vec<(&'static str, String)> {
    let beyond: &[Entry] = match role {
        // The owner's menu is the one that everybody has.
        Role::User | Role::Owner => &[],
        Role::Admin => ADMIN_MENU,
    };
    let entries = MENU.iter().chain(beyond);
    entries.map(|(name, does)| (*name, does(say))).collect()
}
