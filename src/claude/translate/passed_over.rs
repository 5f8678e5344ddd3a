//! Pure: which settings files the CLI passes over. It drops one that it cannot read whole, rules
//! that forbid something included, and says so only when it is asked.

use std::path::Path;

use bridge_actors::agent_event::{AgentEvent, News, PassedOver};
use bridge_actors::visible::visible_line;

use crate::claude::wire::{ControlResponseBody, INITIALIZE_REQUEST, SettingsError, settings_line};

/// The folder of settings in a project, and in a home.
const SETTINGS_FOLDER: &str = ".claude";

/// Returns the question for an agent that has answered the handshake: once, and beside its first turn.
pub(super) fn asked_after(answered: &str) -> Vec<String> {
    let is_handshake = answered == INITIALIZE_REQUEST;
    is_handshake.then(settings_line).into_iter().collect()
}

/// Translates the answer. A version that does not know the question says nothing.
pub(super) fn on_answer(response: ControlResponseBody, folder: &Path) -> AgentEvent {
    if response.subtype == "error" {
        return AgentEvent::Heartbeat;
    }
    let errors = response.fields().errors;
    for SettingsError {
        file,
        path,
        message,
    } in &errors
    {
        tracing::warn!(%file, %path, %message, "Claude Code passes over a settings file, whole");
    }
    let files = errors.iter().map(|error| PassedOver {
        file: visible_line(&shown(Path::new(&error.file), folder)),
        why: visible_line(&match error.path.as_str() {
            "" => error.message.clone(),
            path => format!("{path}: {}", error.message),
        }),
    });
    AgentEvent::News(News::PassesOver(files.collect()))
}

/// Names a file by as much of its path as says which one it is: of the session's folder, or of a home.
fn shown(file: &Path, folder: &Path) -> String {
    if let Ok(inside) = file.strip_prefix(folder) {
        return inside.display().to_string();
    }
    let is_of_home = |it: &&Path| it.file_name().is_some_and(|name| name == SETTINGS_FOLDER);
    let home = file.ancestors().find(is_of_home).and_then(Path::parent);
    let inside = home.and_then(|home| file.strip_prefix(home).ok());
    match (inside, file.file_name()) {
        (Some(inside), _) => format!("~/{}", inside.display()),
        (None, Some(name)) => name.to_string_lossy().into_owned(),
        (None, None) => file.display().to_string(),
    }
}
