//! The table of all keys: what each holds, its default and what it may be.

use std::time::Duration;

/// One key of the configuration.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its full name, such as `telegram.token`.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Its default, as TOML.
    pub default: &'static str,
}

/// What a key holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Any text.
    Text,
    /// A bot token: digits, a colon, letters and digits; or empty.
    Token,
    /// An `http` or `https` address.
    Url,
    /// Text that must not be empty.
    Name,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A duration within these bounds, both included.
    Duration(Duration, Duration),
    /// A whole number within these bounds, both included.
    Number(i64, i64),
}

const SECOND: Duration = Duration::from_secs(1);
const MILLISECOND: Duration = Duration::from_millis(1);
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The modes that the CLI knows under the same name in all supported versions.
const PERMISSION_MODES: &[&str] = &[
    "default",
    "acceptEdits",
    "plan",
    "dontAsk",
    "bypassPermissions",
];

/// Every key that works.
pub const KEYS: &[Key] = &[
    key("telegram.token", Kind::Token, r#""""#),
    key("telegram.token_file", Kind::Text, r#""""#),
    key(
        "telegram.api_url",
        Kind::Url,
        r#""https://api.telegram.org""#,
    ),
    // Telegram cuts a longer poll to 50 s.
    key(
        "telegram.poll_timeout",
        Kind::Duration(SECOND, Duration::from_secs(50)),
        r#""50s""#,
    ),
    key("claude.binary", Kind::Name, r#""claude""#),
    key("claude.extra_args", Kind::Texts, "[]"),
    key("claude.model", Kind::Text, r#""""#),
    key("claude.effort", Kind::Text, r#""""#),
    key(
        "claude.permission_mode",
        Kind::Word(PERMISSION_MODES),
        r#""default""#,
    ),
    key("claude.append_system_prompt", Kind::Text, r#""""#),
    key("claude.allowed_tools", Kind::Texts, "[]"),
    key("claude.disallowed_tools", Kind::Texts, "[]"),
    key("claude.env_passthrough", Kind::Texts, "[]"),
    key(
        "claude.start_timeout",
        Kind::Duration(SECOND, WEEK),
        r#""60s""#,
    ),
    key(
        "claude.silence_limit",
        Kind::Duration(MILLISECOND, WEEK),
        r#""10m""#,
    ),
    key(
        "claude.idle_timeout",
        Kind::Duration(MILLISECOND, WEEK),
        r#""15m""#,
    ),
    key("claude.max_live", Kind::Number(1, 1000), "8"),
    key("workspace.dir", Kind::Name, r#"".""#),
    key("single_user.chat_id", Kind::Number(i64::MIN, i64::MAX), "0"),
    key("single_user.chat_id_file", Kind::Text, r#""""#),
    key("limits.queued_prompts", Kind::Number(1, 1000), "16"),
    key("storage.dir", Kind::Name, r#""data""#),
    key("log.level", Kind::Text, r#""info""#),
    key("log.format", Kind::Word(&["text", "json"]), r#""text""#),
];

/// Keys that are known to come: they are refused with a word of their own.
const LATER: &[&str] = &[
    "multi_user",
    "users",
    "http",
    "claude.permission_timeout",
    "workspace.per_user",
    "limits.messages_per_minute",
    "limits.max_file_size",
];

const fn key(name: &'static str, kind: Kind, default: &'static str) -> Key {
    Key {
        name,
        kind,
        default,
    }
}

/// Finds a key by its full name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// Says what may be the matter with a name that is no key.
pub(super) fn advice(name: &str) -> String {
    let is_later = LATER
        .iter()
        .any(|later| name == *later || name.starts_with(&format!("{later}.")));
    if is_later {
        return "it is not available in this version; remove it".to_owned();
    }
    let nearest = KEYS.iter().min_by_key(|key| distance(key.name, name));
    match nearest {
        Some(key) if distance(key.name, name) <= 3 => format!("did you mean {}?", key.name),
        Some(_) | None => "see the project's bridge.toml for all keys".to_owned(),
    }
}

/// Counts the edits between two words.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}
