//! The known keys: what each one takes, and what is told to somebody who wrote something else.

/// The kind of value that a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string.
    Text,
    /// A string that is never shown.
    Secret,
    /// A string that names a file or folder.
    Path,
    /// A whole number.
    Integer,
    /// An amount of US dollars, with or without a fraction.
    Dollars,
    /// A list of strings.
    Texts,
    /// True or false.
    Boolean,
    /// A list of whole numbers.
    Integers,
}

/// A key that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    /// The table that holds it.
    pub(super) section: &'static str,
    /// Its name in that table.
    pub(super) name: &'static str,
    /// What it takes.
    pub(super) kind: Kind,
    /// What is allowed, as the end of the sentence "allowed: …".
    pub(super) allowed: &'static str,
}

const fn key(section: &'static str, name: &'static str, kind: Kind, allowed: &'static str) -> Key {
    Key {
        section,
        name,
        kind,
        allowed,
    }
}

const DURATION: &str = "a duration such as \"250ms\", \"50s\", \"15m\" or \"1h\", at most \"168h\"";
const MEMORY: &str = "a size from \"512MB\" to \"1000GB\", or \"\" for no bound";
const SIZE: &str = "a size such as \"500KB\", \"20MB\" or \"1GB\", at most \"1000GB\"";
const SIZE_OR_NONE: &str = "a size from \"1KB\" to \"1000GB\", or \"\" for no bound";
const DOLLARS: &str = "US dollars a day such as 5.0, from 0.01 to 1000000, or 0 for no limit";
const PEOPLE: &str = "a list of numeric user ids, such as [123456789]";
const TOOL_RULES: &str = "a list of texts, such as [\"Read\", \"Bash(git status)\"]";
const PATHS: &str = "a list of paths that start with /, such as [\"/srv/docs\"]";

/// Every key of this version, in the order of `bridge.toml`.
pub(super) const KEYS: &[Key] = &[
    key(
        "telegram",
        "token",
        Kind::Secret,
        "a bot token from @BotFather",
    ),
    key(
        "telegram",
        "token_file",
        Kind::Path,
        "the path of a file with the bot token",
    ),
    key(
        "telegram",
        "api_url",
        Kind::Text,
        "an http:// or https:// address",
    ),
    key(
        "telegram",
        "poll_timeout",
        Kind::Text,
        "whole seconds from \"1s\" to \"50s\"",
    ),
    key("claude", "binary", Kind::Path, "a program name or a path"),
    key(
        "claude",
        "extra_args",
        Kind::Texts,
        "a list of texts, such as [\"--verbose\"]",
    ),
    key(
        "claude",
        "model",
        Kind::Text,
        "a model name, or \"\" for Claude's own default",
    ),
    key(
        "claude",
        "effort",
        Kind::Text,
        "low, medium, high, xhigh, max, or \"\" for Claude's own default",
    ),
    key(
        "claude",
        "permission_mode",
        Kind::Text,
        "default, acceptEdits, plan, dontAsk, bypassPermissions",
    ),
    key(
        "claude",
        "append_system_prompt",
        Kind::Text,
        "text, or \"\" for none",
    ),
    key("claude", "allowed_tools", Kind::Texts, TOOL_RULES),
    key("claude", "disallowed_tools", Kind::Texts, TOOL_RULES),
    key(
        "claude",
        "env_passthrough",
        Kind::Texts,
        "a list of variable names, such as [\"HTTPS_PROXY\"]",
    ),
    key(
        "claude",
        "isolation",
        Kind::Text,
        "strict, landlock, off, or \"\" for strict wherever people share the bridge",
    ),
    key("claude", "containment", Kind::Text, "namespace, tree"),
    key(
        "claude",
        "credentials",
        Kind::Text,
        "\"env:NAME\", \"file:PATH\" with a path that starts with /, or \"\" for none",
    ),
    key("claude", "start_timeout", Kind::Text, DURATION),
    key("claude", "silence_limit", Kind::Text, DURATION),
    key("claude", "permission_timeout", Kind::Text, DURATION),
    key("claude", "idle_timeout", Kind::Text, DURATION),
    key("claude", "shutdown_grace", Kind::Text, DURATION),
    key(
        "claude",
        "max_live",
        Kind::Integer,
        "a whole number from 1 to 1000",
    ),
    key(
        "workspace",
        "dir",
        Kind::Path,
        "the path of an existing folder",
    ),
    key("workspace", "per_user", Kind::Boolean, "true or false"),
    key(
        "single_user",
        "chat_id",
        Kind::Integer,
        "the positive id of a private chat, or 0 until somebody claims the bridge",
    ),
    key(
        "single_user",
        "chat_id_file",
        Kind::Path,
        "the path of a file, or \"\" for none",
    ),
    key("multi_user", "enabled", Kind::Boolean, "true or false"),
    key("multi_user", "allowed_users", Kind::Integers, PEOPLE),
    key("multi_user", "denied_users", Kind::Integers, PEOPLE),
    key("multi_user", "admin_users", Kind::Integers, PEOPLE),
    key("multi_user", "strangers", Kind::Text, "ask, open, refuse"),
    key(USERS, "dir", Kind::Path, "the path of an existing folder"),
    key(
        USERS,
        "model",
        Kind::Text,
        "a model name, or \"\" for Claude's own default",
    ),
    key(
        USERS,
        "effort",
        Kind::Text,
        "low, medium, high, xhigh, max, or \"\" for Claude's own default",
    ),
    key(
        USERS,
        "permission_mode",
        Kind::Text,
        "default, acceptEdits, plan, dontAsk, bypassPermissions",
    ),
    key(
        USERS,
        "append_system_prompt",
        Kind::Text,
        "text, or \"\" for none",
    ),
    key(USERS, "allowed_tools", Kind::Texts, TOOL_RULES),
    key(USERS, "disallowed_tools", Kind::Texts, TOOL_RULES),
    key(USERS, "read", Kind::Texts, PATHS),
    key(USERS, "write", Kind::Texts, PATHS),
    key(USERS, "cost_per_day", Kind::Dollars, DOLLARS),
    key(
        USERS,
        "turns_per_day",
        Kind::Integer,
        "a whole number from 1 to 100000, or 0 for no limit",
    ),
    key("isolation", "read", Kind::Texts, PATHS),
    key(
        "isolation",
        "first_uid",
        Kind::Integer,
        "a whole number from 10000 to 2000000000",
    ),
    key("isolation", "memory", Kind::Text, MEMORY),
    key("isolation", "network", Kind::Text, "open, ports, none"),
    key(
        "isolation",
        "connect",
        Kind::Integers,
        "a list of 1 to 64 ports from 1 to 65535, such as [443]",
    ),
    key(
        "limits",
        "queued_prompts",
        Kind::Integer,
        "a whole number from 1 to 1000",
    ),
    key(
        "limits",
        "messages_per_minute",
        Kind::Integer,
        "a whole number from 1 to 1000",
    ),
    key("limits", "max_file_size", Kind::Text, SIZE),
    key("limits", "files_per_chat", Kind::Text, SIZE),
    key("limits", "resume_at_reset", Kind::Boolean, "true or false"),
    key("limits", "home_per_chat", Kind::Text, SIZE_OR_NONE),
    key("limits", "cost_per_day", Kind::Dollars, DOLLARS),
    key(
        "files",
        "keep",
        Kind::Text,
        "a duration such as \"12h\" or \"14d\", at most \"3650d\"",
    ),
    key(
        "voice",
        "transcribe",
        Kind::Texts,
        "[] for none, or a program and its arguments with one {file} among them, such as \
         [\"/usr/local/bin/transcribe\", \"{file}\"]",
    ),
    key("voice", "confirm", Kind::Boolean, "true or false"),
    key("voice", "timeout", Kind::Text, DURATION),
    key("voice", "max_length", Kind::Text, DURATION),
    key("storage", "dir", Kind::Path, "the path of a folder"),
    key(
        "log",
        "level",
        Kind::Text,
        "a tracing filter such as \"info\" or \"warn,bridge=debug\"",
    ),
    key("log", "format", Kind::Text, "text, json"),
];

/// Sections and keys that a later version has; an empty name stands for the whole section.
pub(super) const LATER: &[(&str, &str)] = &[("claude", "permission_timeout"), ("http", "")];

/// The section that has a table of its own for each chat: `[users.123456789]`.
pub(super) const USERS: &str = "users";

/// Returns the chat that a section such as `users.123456789` is about.
pub(super) fn chat_of(section: &str) -> Option<&str> {
    section.strip_prefix(USERS)?.strip_prefix('.')
}

/// Returns the known key of that name; all sections of [`USERS`] have the same ones.
pub(super) fn find(section: &str, name: &str) -> Option<&'static Key> {
    keys_in(section)
        .iter()
        .find(|key| key.name == name)
        .copied()
}

fn keys_in(section: &str) -> Vec<&'static Key> {
    let section = chat_of(section).map_or(section, |_| USERS);
    let is_in = |key: &&Key| key.section == section;
    KEYS.iter().filter(is_in).collect()
}

/// Returns the names of the known sections, each once.
pub(super) fn sections() -> Vec<&'static str> {
    let mut names: Vec<_> = KEYS.iter().map(|key| key.section).collect();
    names.dedup();
    names
}

/// Returns the names of the known keys of a section.
pub(super) fn names_in(section: &str) -> Vec<&'static str> {
    let keys = keys_in(section).into_iter();
    keys.map(|key| key.name).collect()
}

/// Says whether a later version has this section or key.
pub(super) fn is_later(section: &str, name: &str) -> bool {
    LATER.iter().any(|(later_section, later_name)| {
        *later_section == section && (later_name.is_empty() || *later_name == name)
    })
}

/// Returns the candidate that `written` is probably a slip of.
///
/// At most a third of its characters may differ.
pub(super) fn near_miss<'a>(written: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let written = written.to_lowercase().replace('-', "_");
    candidates
        .iter()
        .map(|candidate| (strsim::osa_distance(&written, candidate), *candidate))
        .filter(|(distance, candidate)| *distance * 3 <= candidate.chars().count().max(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
