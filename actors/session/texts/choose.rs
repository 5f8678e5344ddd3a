//! What is said about the settings of a chat.

use std::path::Path;

use bridge_texts::Say;

use crate::chat_settings::Trust;
use crate::chat_settings::{BYPASS, Setting};
use crate::visible::visible_line;

pub(in crate::session) fn choose(say: Say, setting: Setting) -> String {
    match setting {
        Setting::Model => say.choose_model(),
        Setting::Effort => say.choose_effort(),
        Setting::Mode => say.choose_mode(),
    }
}

pub(in crate::session) fn chosen(say: Say, setting: Setting, name: &str) -> String {
    match setting {
        Setting::Model => say.chosen_model(name),
        Setting::Effort => say.chosen_effort(name),
        Setting::Mode => say.chosen_mode(name),
    }
}

/// Names a permission mode; one that is not known goes by what Claude calls it.
pub(in crate::session) fn mode(say: Say, value: &str) -> String {
    match value {
        "default" => say.mode_default(),
        "acceptEdits" => say.mode_accept_edits(),
        "plan" => say.mode_plan(),
        "dontAsk" => say.mode_dont_ask(),
        "auto" => say.mode_auto(),
        BYPASS => say.mode_bypass(),
        other => other.to_owned(),
    }
}

pub(in crate::session) fn trusted(say: Say, trust: Trust, folder: &Path) -> String {
    let folder = visible_line(&folder.display().to_string());
    match trust {
        Trust::Trusted => say.trusted(folder),
        Trust::Untrusted => say.not_trusted(folder),
    }
}
