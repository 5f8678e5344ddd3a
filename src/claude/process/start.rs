//! What is to be started, and starting it: folder, program, guard.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use bridge_actors::agent_event::{ExitStatus, StartFault};
use bridge_actors::chat_settings::Wall;
use bridge_actors::ports::Holder;
use bridge_texts::Language;
use tokio::process::{Child, Command};

use super::archive::Live;
use super::home_watch::BoundHome;
use super::tool_room::ToolRoom;
use super::walled::RoomPlan;
use crate::claude::command_line::AgentCommand;
use crate::claude::groups::Groups;
use crate::claude::guard::{AGENT_MARKER, CANNOT_START, Containment, HOME_MARKER, View};
use crate::program::find_program;

/// Everything that starting one agent needs.
pub(super) struct LaunchPlan {
    /// The agent.
    pub(super) command: AgentCommand,
    /// The folder of the files that its chat sent.
    pub(super) inbox: Option<PathBuf>,
    /// How its processes are held together.
    pub(super) containment: Containment,
    /// Its room.
    pub(super) room: Room,
    /// What keeps it there.
    pub(super) wall: Wall,
    /// Its conversation, unless another session's agent has that; what is no agent has none.
    pub(super) has: Option<Option<Live>>,
    /// What bounds its memory behind a wall, where something can.
    pub(super) groups: Option<Groups>,
    /// The program that has the guard's roles.
    pub(super) guard: PathBuf,
    /// The value of [`AGENT_MARKER`]: unique in the world.
    pub(super) mark: String,
    /// The language of what is shown of its requests.
    pub(super) language: Language,
    /// The rules by which tools run unasked from the start.
    pub(super) allowed: Vec<String>,
    /// The mode that it begins in; empty where that is Claude's choice.
    pub(super) mode: String,
}

/// What a process has around it.
pub(super) enum Room {
    /// Nothing that was decided.
    None,
    /// The room of an agent, which may have a wall.
    Agent(Box<RoomPlan>),
    /// That of another program, which has one.
    Tool(ToolRoom),
}

impl LaunchPlan {
    /// The agent's working folder.
    pub(super) fn folder(&self) -> &Path {
        &self.command.folder
    }

    /// Returns the home whose fill is watched while the agent lives.
    pub(super) fn bound_home(&self) -> Option<BoundHome> {
        match &self.room {
            Room::Agent(room) => room.bound.clone(),
            Room::None | Room::Tool(_) => None,
        }
    }

    /// The marks that all processes of the agent carry.
    pub(super) fn marks(&self) -> Vec<(&'static str, Vec<u8>)> {
        let home = self.variable(HOME_MARKER).unwrap_or_default();
        vec![
            (HOME_MARKER, home.as_encoded_bytes().to_vec()),
            (AGENT_MARKER, self.mark.clone().into_bytes()),
        ]
    }

    /// Makes the folders, looks for the program, and returns what the agent sees if there is a wall.
    ///
    /// Blocks for as long as the disk of the folder does.
    pub(super) fn prepare(&self) -> Result<Option<View>, StartFault> {
        if self.wall == Wall::Refused {
            return Err(StartFault::NoWall);
        }
        if matches!(self.has, Some(None)) {
            return Err(StartFault::Held(Holder::Session));
        }
        let no_folder = |folder: &Path, error: io::Error| StartFault::NoFolder {
            folder: folder.display().to_string(),
            error: error.to_string(),
        };
        let folder = &self.command.folder;
        create_folder(folder).map_err(|error| no_folder(folder, error))?;
        if let Some(inbox) = &self.inbox {
            create_inbox(inbox).map_err(|error| no_folder(inbox, error))?;
        }
        let program = self.command.argv.first().ok_or(StartFault::NoProgram)?;
        self.check_program(program)?;
        let view = match &self.room {
            Room::None => None,
            Room::Agent(room) => room.prepare(folder, program, &self.command.env)?,
            Room::Tool(room) => Some(room.prepare(folder, program, &self.command.env)?),
        };
        match (view, &self.groups) {
            (Some(view), Some(groups)) => {
                let group = groups
                    .make(&self.mark)
                    .map_err(|error| StartFault::Refused {
                        reason: format!("cannot bound the memory of its room: {error}"),
                    })?;
                let group = Some(group);
                Ok(Some(View { group, ..view }))
            }
            (view, _) => Ok(view),
        }
    }

    /// Starts the agent below its guard.
    ///
    /// Must be called on a thread that lives as long as the bridge, and touches no folder.
    pub(super) fn start(&self, view: Option<&View>) -> Result<Child, StartFault> {
        let agent = &self.command.argv;
        let mut command = self
            .containment
            .guard_command(&self.guard, self.folder(), view, agent);
        command
            .env_clear()
            .envs(self.command.env.iter().map(|(name, value)| (name, value)))
            .env(AGENT_MARKER, &self.mark)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut command = Command::from(command);
        command.kill_on_drop(true);
        self.containment
            .around(|| command.spawn())
            .map_err(|error| StartFault::NoGuard {
                error: error.to_string(),
            })
    }

    fn check_program(&self, program: &OsStr) -> Result<(), StartFault> {
        let is_path = program.as_encoded_bytes().contains(&b'/');
        let place = match is_path {
            true => self.command.folder.join(program),
            false => PathBuf::from(program),
        };
        let found = find_program(&place, self.variable("PATH"));
        found.map(drop).ok_or_else(|| StartFault::NotFound {
            program: Path::new(program).display().to_string(),
        })
    }

    fn variable(&self, name: &str) -> Option<&OsStr> {
        let found = self.command.env.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_os_str())
    }
}

impl Drop for LaunchPlan {
    fn drop(&mut self) {
        if let Some(groups) = &self.groups {
            groups.remove(&self.mark);
        }
    }
}

/// Tells an agent that never ran from one that ended with the same code.
pub(super) fn refine_status(status: ExitStatus, stderr: &str) -> ExitStatus {
    let refusal = stderr
        .lines()
        .find_map(|line| line.strip_prefix(CANNOT_START));
    match (status, refusal) {
        (ExitStatus::Code(125..=127), Some(reason)) => {
            ExitStatus::NotStarted(StartFault::Refused {
                reason: reason.trim_start_matches(": ").to_owned(),
            })
        }
        (status, _) => status,
    }
}

/// Creates `folder` for its owner alone; parents that are missing get the usual mode.
fn create_folder(folder: &Path) -> io::Result<()> {
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        result => result,
    }
}

/// Creates the folder of what the chat sends, before anything comes, with what is missing above it:
/// all for its owner alone.
fn create_inbox(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_refusal_of_the_guard_is_told_from_an_exit_of_the_agent() {
        let line = format!("{CANNOT_START}: `claude`: Permission denied (os error 13)");
        assert_eq!(
            refine_status(ExitStatus::Code(126), &line),
            ExitStatus::NotStarted(StartFault::Refused {
                reason: "`claude`: Permission denied (os error 13)".to_owned()
            })
        );
        assert_eq!(
            refine_status(ExitStatus::Code(126), "oops"),
            ExitStatus::Code(126)
        );
        assert_eq!(
            refine_status(ExitStatus::Code(1), &line),
            ExitStatus::Code(1)
        );
    }

    #[test]
    fn a_missing_folder_is_made_for_its_owner_alone() {
        let home = tempfile::tempdir().expect("temp folder");
        let folder = home.path().join("users/7");
        create_folder(&folder).expect("created");
        create_folder(&folder).expect("there already");
        let mode = fs::metadata(&folder).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
