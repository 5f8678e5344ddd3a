//! Pure: the bridge's environment to the agent's, by an allow-list.
//!
//! Every tool of the agent inherits what stands here and can print it, so a variable passes only
//! by name. What an outer Claude Code left behind (`CLAUDECODE`, `CLAUDE_CODE_…`) does not pass:
//! it would make the agent believe that it runs inside another one.

use std::ffi::OsString;

use bridge_actors::ids::SessionKey;

use super::AgentOptions;

const PASSED: &[&str] = &[
    "HOME",
    "PATH",
    "LANG",
    "TERM",
    "SHELL",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "TZ",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "CLAUDE_CONFIG_DIR",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CODE_USE_BEDROCK",
    "CLAUDE_CODE_USE_VERTEX",
];

const PASSED_PREFIXES: &[&str] = &["LC_", "XDG_", "ANTHROPIC_"];

/// The bridge's own configuration, its bot token included. Compared without regard to case, as
/// the configuration is.
const NEVER_PASSED: &[&str] = &["TELEGRAM_BOT_TOKEN"];
const NEVER_PASSED_PREFIXES: &[&str] = &["BRIDGE__"];

/// What belongs to Claude alone.
const OF_CLAUDE: &[&str] = &["ANTHROPIC_", "CLAUDE_CODE_", "CLAUDE_CONFIG_"];

/// Variables with a fixed value. They win over what is passed.
const FIXED: &[(&str, &str)] = &[
    // A program that replaces itself under a running conversation helps nobody.
    ("DISABLE_AUTOUPDATER", "1"),
    // The only reliable word on whether the agent works.
    ("CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS", "1"),
    // The folder's CLAUDE.md is read although its settings are not.
    ("CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD", "1"),
    // What Claude's tools change can be undone.
    ("CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING", "true"),
];

/// Returns the whole environment of an agent, sorted by name, each name once.
pub(super) fn of_agent(
    options: &AgentOptions,
    key: SessionKey,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Vec<(OsString, OsString)> {
    let mut variables: Vec<(OsString, OsString)> = environment
        .into_iter()
        .filter(|(name, _)| (name.to_str()).is_some_and(|name| passes(name, options)))
        .collect();
    let marks = [
        ("CLAUDE_BRIDGE_HOME", options.marker.clone()),
        ("CLAUDE_BRIDGE_SESSION", key.to_string()),
    ];
    let ours = (FIXED.iter())
        .map(|(name, value)| (*name, (*value).to_owned()))
        .chain(marks);
    for (name, value) in ours {
        variables.retain(|(other, _)| other != name);
        variables.push((name.into(), value.into()));
    }
    variables.sort();
    variables.dedup_by(|later, earlier| later.0 == earlier.0);
    variables
}

/// Returns the whole environment of a program that works for the bridge and is no agent: it has no
/// use for what an agent pays and logs in with.
pub(super) fn of_tool(
    options: &AgentOptions,
    key: SessionKey,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Vec<(OsString, OsString)> {
    let mut variables = of_agent(options, key, environment);
    variables.retain(|(name, _)| {
        let name = name.to_string_lossy();
        !OF_CLAUDE.iter().any(|prefix| name.starts_with(prefix))
    });
    variables
}

fn passes(name: &str, options: &AgentOptions) -> bool {
    let upper = name.to_ascii_uppercase();
    let is_ours = NEVER_PASSED.contains(&upper.as_str())
        || NEVER_PASSED_PREFIXES
            .iter()
            .any(|prefix| upper.starts_with(prefix));
    let is_listed = PASSED.contains(&name)
        || PASSED_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
        || options.env_passthrough.iter().any(|listed| listed == name);
    is_listed && !is_ours
}
