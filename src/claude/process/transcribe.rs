//! Starts the program that writes down what is said.

use std::path::Path;

use bridge_actors::agent_event::StartFault;
use bridge_actors::chat_settings::Wall;
use bridge_actors::ids::SessionKey;
use bridge_texts::Language;
use tokio::sync::oneshot;

use super::ClaudeLauncher;
use super::errand::{self, ErrandEnd, ErrandLimits};
use super::start::{LaunchPlan, Room};
use super::tool_room::{ToolRoom, named_by};
use crate::claude::command_line::{FILE, TranscriberOptions, transcriber_command};
use crate::claude::room_view::{environment_of_tool, level_of};

/// The longest transcript in bytes: an hour of speech takes about 50 KB.
const MAX_TRANSCRIPT: usize = 128 * 1024;

impl ClaudeLauncher {
    /// Writes down what is said in a file of a chat: starts the program that does it, like an agent
    /// and behind a wall as strong as theirs, in the folder of the file, and returns what it printed.
    /// It ends early when the other side of `stop` is dropped.
    pub async fn transcribe(
        &self,
        key: SessionKey,
        file: &Path,
        stop: oneshot::Receiver<()>,
    ) -> ErrandEnd {
        let options = self.options();
        let Some(transcriber) = &options.transcriber else {
            return ErrandEnd::NotStarted(StartFault::NoProgram);
        };
        let limits = ErrandLimits {
            time: transcriber.timeout,
            output: MAX_TRANSCRIPT,
        };
        let wall = self.walls.as_ref().map_or(Wall::Off, |of| of(key.chat));
        let mut command = transcriber_command(&options, key, file, self.environment.clone());
        let room = match level_of(wall) {
            None => Room::None,
            Some(level) => {
                command.env = environment_of_tool(level, &command.folder, command.env);
                Room::Tool(ToolRoom {
                    level,
                    read: options.rooms.read.clone(),
                    named: named_by(arguments(transcriber)),
                    private: options.private_paths.clone(),
                    uids: self.uids.clone(),
                    first_uid: options.rooms.first_uid,
                    network: options.rooms.network.without_hosts(),
                })
            }
        };
        let plan = LaunchPlan {
            command,
            inbox: None,
            containment: self.containment,
            room,
            has: None,
            wall,
            groups: self.groups.clone(),
            guard: self.guard.clone(),
            mark: uuid::Uuid::new_v4().to_string(),
            language: Language::default(),
            allowed: Vec::new(),
            mode: String::new(),
        };
        let running = self.agents.spawn(errand::run(plan, limits, stop));
        running.await.unwrap_or(ErrandEnd::Stopped)
    }
}

/// Returns the arguments as they are written, without the one for the recording.
fn arguments(transcriber: &TranscriberOptions) -> impl Iterator<Item = &str> {
    let all = transcriber.argv.iter().skip(1).map(String::as_str);
    all.filter(|argument| !argument.contains(FILE))
}
