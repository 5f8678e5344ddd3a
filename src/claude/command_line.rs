//! Pure: settings and a launch order to argv, environment and working folder.

use std::ffi::OsString;
use std::path::PathBuf;

use bridge_actors::ports::LaunchOrder;

/// How agents are started; from `[claude]` of the configuration.
#[derive(Debug, Clone, Default)]
pub struct AgentOptions {
    /// The program and the arguments that come before ours: `["claude"]`, or `[bridge, "rehearse"]`.
    pub program: Vec<OsString>,
    /// Appended as they are.
    pub extra_args: Vec<String>,
    /// Empty for Claude's own default.
    pub model: String,
    /// Empty for Claude's own default.
    pub effort: String,
    /// `default | acceptEdits | plan | dontAsk | bypassPermissions`.
    pub permission_mode: String,
    /// Empty for none.
    pub append_system_prompt: String,
    /// Tool rules that run unasked.
    pub allowed_tools: Vec<String>,
    /// Tool rules that never run.
    pub disallowed_tools: Vec<String>,
    /// Names of further variables that the agent may see.
    pub env_passthrough: Vec<String>,
    /// Files and folders of the bridge that the agent's file tools must not read.
    pub private_paths: Vec<PathBuf>,
    /// Marks every process of this bridge's agents in the environment (`CLAUDE_BRIDGE_HOME`), so
    /// that leftovers are found: the absolute data folder.
    pub marker: String,
}

/// A process to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentCommand {
    /// Program and arguments.
    pub argv: Vec<OsString>,
    /// The whole environment: nothing else is inherited.
    pub env: Vec<(OsString, OsString)>,
    /// The working folder.
    pub folder: PathBuf,
}

/// Builds the command of an agent; `environment` is the bridge's own.
pub fn command_line(
    options: &AgentOptions,
    order: &LaunchOrder,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> AgentCommand {
    let _ = (options, order, environment.into_iter().count());
    AgentCommand {
        argv: Vec::new(),
        env: Vec::new(),
        folder: PathBuf::new(),
    }
}
