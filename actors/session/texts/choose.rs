//! What is said about the settings of a chat.

use std::path::Path;

use crate::ports::Trust;
use crate::session::choices::{BYPASS, Setting};
use crate::visible::visible_line;

pub(in crate::session) fn choose(setting: Setting) -> String {
    match setting {
        Setting::Model => "Which model should this chat use?",
        Setting::Effort => "How hard should Claude think in this chat?",
        Setting::Mode => "What may Claude do here without asking?",
    }
    .to_owned()
}

pub(in crate::session) fn chosen(setting: Setting, name: &str) -> String {
    match setting {
        Setting::Model => format!("Model: {name}, from the next turn on."),
        Setting::Effort => format!("Effort: {name}, from the next turn on."),
        Setting::Mode => format!("Mode: {name}."),
    }
}

pub(in crate::session) fn mode(value: &str) -> String {
    match value {
        "default" => "ask for what needs a permission",
        "acceptEdits" => "edit files unasked",
        "plan" => "plan only",
        "dontAsk" => "deny what needs a permission",
        BYPASS => "everything unasked",
        other => other,
    }
    .to_owned()
}

pub(in crate::session) fn trusted(trust: Trust, folder: &Path) -> String {
    let folder = visible_line(&folder.display().to_string());
    match trust {
        Trust::Trusted => format!(
            "Trusted: from the next turn on, the hooks, helpers, settings and MCP servers that \
             {folder} brings along run as they are, now and after every change to them. \
             /trust off takes that back."
        ),
        Trust::Untrusted => format!(
            "Not trusted: from the next turn on, nothing that {folder} brings along runs by itself."
        ),
    }
}

pub(in crate::session) fn trust_is_for_admins() -> String {
    "Only an administrator can say that a folder is trusted.".to_owned()
}

pub(in crate::session) fn no_values() -> String {
    "The model that this chat uses has nothing to choose here.".to_owned()
}

pub(in crate::session) fn values_unknown() -> String {
    "Claude lists what can be chosen once it runs in this chat: send a message first.".to_owned()
}
