//! Pure: settings and a launch order to argv, environment and working folder.

mod environment;
#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bridge_actors::chat_settings::{AgentSettings, HostSettings, Trust};
use bridge_actors::ids::SessionKey;
use bridge_actors::ports::{Conversation, LaunchOrder};
use serde_json::json;

use super::mcp;
use super::room_view::RoomOptions;

/// Makes the agent speak the line protocol on its streams and ask there for permission.
///
/// `--replay-user-messages`: without its receipts a prompt that Claude has seen before, which it
/// does not work on again, would give no output at all.
const PROTOCOL: &[&str] = &[
    "-p",
    "--input-format",
    "stream-json",
    "--output-format",
    "stream-json",
    "--verbose",
    "--include-partial-messages",
    "--replay-user-messages",
    "--permission-prompt-tool",
    "stdio",
];

/// How all agents are started; from `[claude]` of the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentOptions {
    /// The program and the arguments that come before ours: `["claude"]`, or `[bridge, "rehearse"]`.
    pub program: Vec<OsString>,
    /// Appended as they are. A `--settings` among them replaces ours, and with it the rules that
    /// keep the private paths private.
    pub extra_args: Vec<String>,
    /// Names of further variables that the agent may see. Those that hold the bridge's own
    /// configuration stay hidden even when they are listed.
    pub env_passthrough: Vec<String>,
    /// Files and folders of the bridge, absolute, that the agent must neither read nor change
    /// unasked.
    pub private_paths: Vec<PathBuf>,
    /// Marks every process of this bridge's agents in the environment (`CLAUDE_BRIDGE_HOME`), so
    /// that leftovers are found: the absolute data folder.
    pub marker: String,
    /// What rooms are opened for, and the login of their agents.
    pub rooms: RoomOptions,
    /// The program that writes down what is said in a file, if there is one.
    pub transcriber: Option<TranscriberOptions>,
}

/// How what is said in a file is written down; from `[voice]` of the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TranscriberOptions {
    /// The program and its arguments; [`FILE`] in one of them stands for the file.
    pub argv: Vec<String>,
    /// How long it may take for one file.
    pub timeout: Duration,
}

/// What stands for the file in the arguments of a transcriber.
pub const FILE: &str = "{file}";

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

/// Builds the command of an agent; `inbox` has the files that its chat sent and may lie in a private
/// path, `environment` is the bridge's own.
pub fn command_line(
    options: &AgentOptions,
    order: &LaunchOrder,
    inbox: Option<&Path>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> AgentCommand {
    let mut argv = options.program.clone();
    argv.extend(PROTOCOL.iter().map(OsString::from));
    argv.extend(conversation_arguments(&order.conversation));
    argv.extend(preferences(&order.settings));
    argv.extend(confinement(options, order, inbox));
    argv.extend(options.extra_args.iter().map(OsString::from));
    AgentCommand {
        argv,
        env: environment::of_agent(options, order.key, environment),
        folder: order.folder.clone(),
    }
}

/// Returns the environment of an agent of a chat; `environment` is the bridge's own.
pub fn agent_environment(
    options: &AgentOptions,
    key: SessionKey,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Vec<(OsString, OsString)> {
    environment::of_agent(options, key, environment)
}

/// Builds the command that writes down what is said in a file of a chat. It works in the folder of
/// the file.
pub fn transcriber_command(
    options: &AgentOptions,
    key: SessionKey,
    file: &Path,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> AgentCommand {
    let transcriber = options.transcriber.as_ref();
    let argv = transcriber.map_or(&[][..], |transcriber| &transcriber.argv);
    let folder = file.parent().unwrap_or(Path::new("/"));
    AgentCommand {
        argv: argv
            .iter()
            .map(|argument| with_file(argument, file))
            .collect(),
        env: environment::of_tool(options, key, environment),
        folder: folder.to_owned(),
    }
}

/// Puts the path in the place of what stands for it; it may hold any bytes.
fn with_file(argument: &str, file: &Path) -> OsString {
    let mut parts = argument.split(FILE);
    let mut filled_in = OsString::from(parts.next().unwrap_or_default());
    for part in parts {
        filled_in.push(file);
        filled_in.push(part);
    }
    filled_in
}

fn conversation_arguments(conversation: &Conversation) -> Vec<OsString> {
    match conversation {
        Conversation::New(id) => vec!["--session-id".into(), id.0.as_str().into()],
        // As one argument: a value of its own that began with a dash would be read as a flag.
        Conversation::Resume(id) => vec![joined("--resume", &id.0)],
    }
}

fn preferences(settings: &AgentSettings) -> Vec<OsString> {
    let single = [
        ("--model", &settings.model),
        ("--effort", &settings.effort),
        ("--permission-mode", &settings.permission_mode),
        ("--append-system-prompt", &settings.append_system_prompt),
    ];
    let lists = [
        ("--allowedTools", allowed(&settings.allowed_tools)),
        ("--disallowedTools", settings.disallowed_tools.join(",")),
    ];
    (single.into_iter())
        .map(|(flag, value)| (flag, value.clone()))
        .chain(lists)
        .filter(|(_, value)| !value.is_empty())
        .map(|(flag, value)| joined(flag, &value))
        .collect()
}

/// The bridge decides itself about what its own tool sends.
fn allowed(tools: &[String]) -> String {
    let ours = std::iter::once(mcp::TOOL_RULE);
    let all: Vec<_> = tools.iter().map(String::as_str).chain(ours).collect();
    all.join(",")
}

/// What keeps a folder's own configuration from running code, and the agent from our files.
///
/// In `-p` mode nobody is asked whether a folder is trusted: its hooks, `apiKeyHelper` and MCP
/// servers run, and the `env` of its settings can send the API key to any host. Switching off
/// hooks and helper through `--settings` leaves that `env` in force and takes away the user's own
/// hooks and helper too; reading the user's settings alone stops all of it and keeps those. Its
/// price, the loss of the folder's CLAUDE.md, is paid back by `--add-dir` together with
/// [`environment`]'s `CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD`. MCP servers other
/// than the bridge's own come only from a `--mcp-config` among the extra arguments.
///
/// A folder that an administrator trusts brings all of it along, as it does in a terminal. The
/// user's settings are those of whoever runs the bridge: what they let run unasked for themselves
/// does not run unasked for others who share it.
fn confinement(options: &AgentOptions, order: &LaunchOrder, inbox: Option<&Path>) -> Vec<OsString> {
    let sources = match (order.trust, order.settings.host_settings) {
        (Trust::Trusted, HostSettings::Kept) => None,
        (Trust::Trusted, HostSettings::LeftOut) => Some("project,local"),
        (Trust::Untrusted, HostSettings::Kept) => Some("user"),
        (Trust::Untrusted, HostSettings::LeftOut) => Some(""),
    };
    let sources = sources.map(|sources| joined("--setting-sources", sources));
    let ours = joined("--settings", settings(&options.private_paths, inbox));
    let inbox = inbox.map(|inbox| joined("--add-dir", inbox));
    let folder = match order.trust {
        Trust::Trusted => Vec::new(),
        Trust::Untrusted => vec![
            "--strict-mcp-config".into(),
            joined("--add-dir", &order.folder),
        ],
    };
    let ours = inbox.into_iter().chain([ours]);
    sources.into_iter().chain(folder).chain(ours).collect()
}

/// In plan mode the default is to let a server-side check decide about commands.
fn settings(private_paths: &[PathBuf], inbox: Option<&Path>) -> String {
    let deny: Vec<String> = private_paths
        .iter()
        .flat_map(|path| rules_against(path, inbox))
        .collect();
    json!({ "useAutoModeDuringPlan": false, "permissions": { "deny": deny } }).to_string()
}

/// A rule names an absolute path by two slashes; the path may be a file or a folder.
///
/// `Edit` holds for every tool that writes, and for the commands that run unasked where edits
/// do (`cp`, `mv`, `rm`, `sed -i` and the like): a rule against reading alone leaves those free.
///
/// Rules are patterns without a reliable way to quote, so a character with a meaning of its own
/// becomes `?`, any character: rather deny a file too many.
///
/// The inbox below a private path may be read, and with it the folders that lead there: everything
/// beside them is denied, what is not there yet included. It cannot be changed: who could change
/// one of those folders could move the whole data folder away.
fn rules_against(path: &Path, inbox: Option<&Path>) -> Vec<String> {
    let shown = pattern(path);
    let mut all = rules("Edit", &shown).to_vec();
    let Some(open) = inbox.and_then(|inbox| inbox.strip_prefix(path).ok()) else {
        all.splice(..0, rules("Read", &shown));
        return all;
    };
    let mut folder = shown;
    for name in open.iter().map(|name| name.to_string_lossy()) {
        let beside = names_but(&name).into_iter();
        all.extend(beside.flat_map(|other| rules("Read", &format!("{folder}/{other}"))));
        folder = format!("{folder}/{name}");
    }
    all
}

fn rules(tool: &str, pattern: &str) -> [String; 2] {
    [
        format!("{tool}(//{pattern})"),
        format!("{tool}(//{pattern}/**)"),
    ]
}

fn pattern(path: &Path) -> String {
    let path = path.to_string_lossy();
    path.trim_matches('/')
        .replace(['*', '(', ')', '[', ']', '\\'], "?")
}

/// Returns patterns that match every name but this one, as long as names have letters without
/// accents, digits, `-`, `_` and `.` alone, as ours do: what differs in some place, what ends before
/// it does, and what goes on behind it.
///
/// Measured on 2.1.327 and 2.1.332: a class such as `[a-c]` is understood and one that is negated,
/// `[!a]` or `[^a]`, is not; upper and lower case are the same.
fn names_but(name: &str) -> Vec<String> {
    let places = name.char_indices().map(|(at, sign)| (&name[..at], sign));
    let differs = places
        .clone()
        .map(|(start, sign)| format!("{start}[{}]*", signs_but(sign)));
    let shorter = places.map(|(start, _)| start.to_owned());
    let shorter = shorter.filter(|start| !start.is_empty());
    let longer = std::iter::once(format!("{name}?*"));
    differs.chain(shorter).chain(longer).collect()
}

/// Returns what stands in a class for every sign of our names but one.
fn signs_but(sign: char) -> String {
    let sign = sign.to_ascii_lowercase();
    let ranges = [('0', '9'), ('a', 'z')].map(|(first, last)| {
        let signs: Vec<char> = (first..=last).collect();
        let parts = signs
            .split(|it| *it == sign)
            .filter(|part| !part.is_empty());
        let ranges = parts.map(|part| format!("{}-{}", part[0], part[part.len() - 1]));
        ranges.collect::<String>()
    });
    // A dash behind all others is no range.
    let others = ['_', '.', '-'].into_iter().filter(|it| *it != sign);
    ranges.into_iter().chain([others.collect()]).collect()
}

fn joined(flag: &str, value: impl AsRef<OsStr>) -> OsString {
    let mut argument = OsString::from(flag);
    argument.push("=");
    argument.push(value);
    argument
}
