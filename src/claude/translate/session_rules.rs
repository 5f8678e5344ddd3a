//! Which rules may hold for a session without anybody being asked again.
//!
//! Claude suggests a rule with a request. One `Read` of `/etc/hostname` brings `Read(//etc/**)`:
//! whoever pressed "for this session" would open a folder to all that the agent reads later. So a
//! suggestion is passed on only when each of its rules stays below the session's folder, and, while
//! Claude changes files unasked, runs none of them (`doors`).

use std::path::{Path, PathBuf};

use bridge_actors::agent_event::{AgentEvent, News};
use bridge_actors::visible::visible_line;

use super::doors::{edits_unasked, is_about_edits, may_run_files};

/// Tools whose rules are patterns of paths; without a pattern they hold for every path.
const PATH_TOOLS: &[&str] = &[
    "Read",
    "Edit",
    "MultiEdit",
    "Write",
    "NotebookEdit",
    "NotebookRead",
    "Glob",
    "Grep",
    "LS",
];

/// Tools whose rules are commands; without one they hold for every command.
const COMMAND_TOOLS: &[&str] = &["Bash", "PowerShell", "Monitor"];

/// Signs with a meaning of their own in a pattern: what they match is not known.
const WILD: &[char] = &['*', '?', '[', ']', '{', '}', '!', '\\', '$', '`'];

/// The folder below which a session's rules have to stay.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    folder: PathBuf,
    /// Where the agent worked first, as it said.
    first: Option<String>,
    /// Where it works, as it said last.
    said: Option<String>,
    /// Whether that is another folder than the session's.
    is_elsewhere: bool,
    /// Whether the configuration lets files be changed unasked, whatever the mode.
    always_edits: bool,
    /// Whether the mode that is in force does.
    mode_edits: bool,
    /// Returns where a path leads once its links are followed.
    follow: fn(&Path) -> PathBuf,
}

impl Ground {
    /// Returns the session's folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the ground of a session that works in this folder.
    pub(super) fn of(folder: &Path, follow: fn(&Path) -> PathBuf) -> Self {
        Self {
            folder: folder.to_owned(),
            first: None,
            said: None,
            is_elsewhere: false,
            always_edits: false,
            mode_edits: false,
            follow,
        }
    }

    /// Takes in where the agent works; tells when that is another place than before.
    pub(super) fn moved_to(&mut self, folder: Option<&str>) -> Option<AgentEvent> {
        let folder = folder?;
        if self.said.as_deref() == Some(folder) {
            return None;
        }
        self.said = Some(folder.to_owned());
        // It begins in the session's folder, which it may name otherwise where a link leads there.
        // The disk is not asked: it may not answer.
        let first = self.first.get_or_insert_with(|| folder.to_owned());
        let is_own = first == folder || self.folder == Path::new(folder);
        let was_own = !std::mem::replace(&mut self.is_elsewhere, !is_own);
        match (was_own, is_own) {
            (true, true) => None,
            (false, true) => Some(AgentEvent::News(News::WorksIn(None))),
            (_, false) => Some(AgentEvent::News(News::WorksIn(Some(visible_line(folder))))),
        }
    }

    /// Notes the rules by which tools run unasked from the start.
    pub(super) fn allow(&mut self, rules: &[String]) {
        self.always_edits = rules.iter().any(|rule| is_about_edits(rule));
    }

    /// Notes the mode that is in force.
    pub(super) fn in_mode(&mut self, mode: &str) {
        self.mode_edits = edits_unasked(mode);
    }

    /// Tells whether a rule about commands would let Claude run what it can change unasked.
    fn is_door(&self, tool: &str, command: &str) -> bool {
        (self.always_edits || self.mode_edits) && (tool != "Bash" || may_run_files(command))
    }

    /// Tells whether a rule would open anything beside the folder, or a way to run in it what nobody
    /// was asked about.
    pub(super) fn is_left_by(&self, tool: &str, content: Option<&str>) -> bool {
        let is_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-' | '.');
        if tool.is_empty() || !tool.chars().all(is_name) {
            return true;
        }
        match content {
            None => PATH_TOOLS.contains(&tool) || COMMAND_TOOLS.contains(&tool),
            Some(pattern) if PATH_TOOLS.contains(&tool) => !self.holds(pattern),
            Some(command) if COMMAND_TOOLS.contains(&tool) => {
                is_every_command(command) || self.is_door(tool, command)
            }
            // A tool that is not known here, with a path that leads away.
            Some(content) => {
                let is_path = ["//", "~", "..", "./"]
                    .iter()
                    .any(|it| content.starts_with(it));
                is_path && !self.holds(content)
            }
        }
    }

    /// Tells whether everything that a pattern can match lies below the folder.
    ///
    /// Claude's patterns begin with two slashes where they are absolute; those without a slash at
    /// their start count from the folder. What one slash counts from depends on where a rule is
    /// stored, so it is none of both.
    fn holds(&self, pattern: &str) -> bool {
        let is_odd = pattern.trim() != pattern
            || pattern.is_empty()
            || pattern.starts_with(['~', '!', '$'])
            || pattern.chars().any(char::is_control);
        if is_odd || !self.folder.is_absolute() {
            return false;
        }
        let (start, rest) = match pattern.strip_prefix("//") {
            Some(absolute) => (Path::new("/"), absolute),
            None if pattern.starts_with('/') => return false,
            None => (self.folder.as_path(), pattern),
        };
        let parts = rest.split('/');
        if parts.clone().any(|part| part.contains("..")) {
            return false;
        }
        // Up to the first part of which it is not known what it matches.
        let known: PathBuf = parts.take_while(|part| !part.contains(WILD)).collect();
        let path = start.join(known);
        let real_folder = (self.follow)(&self.folder);
        let is_below =
            |path: &Path| path.starts_with(&self.folder) || path.starts_with(&real_folder);
        is_below(&path) && (self.follow)(&path).starts_with(&real_folder)
    }
}

/// A folder that is not known: no path stays below it.
impl Default for Ground {
    fn default() -> Self {
        Self::of(Path::new(""), Path::to_owned)
    }
}

/// Tells whether a rule about commands names none.
fn is_every_command(command: &str) -> bool {
    let says_nothing = |sign: char| sign.is_whitespace() || matches!(sign, '*' | ':' | '?');
    command.chars().all(says_nothing)
}

/// Follows the links of what there is of a path.
///
/// This looks at the disk, which may not answer.
pub fn follow_links(path: &Path) -> PathBuf {
    let mut there = path.ancestors().filter_map(|part| {
        let real = part.canonicalize().ok()?;
        Some(real.join(path.strip_prefix(part).ok()?))
    });
    there.next().unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests;
