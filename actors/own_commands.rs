//! Pure: the names of the bridge's commands, and which one somebody may have meant.

use strsim::osa_distance;

/// The shortest word that can be a mistyped command, in characters.
const MIN_LENGTH: usize = 3;

/// From this length on two mistakes are one typo, in characters.
const LONG: usize = 8;

/// What may stand behind a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    Nothing,
    Words,
}

/// Every command of the bridge.
const COMMANDS: &[(&str, Takes)] = &[
    ("stop", Takes::Nothing),
    ("new", Takes::Words),
    ("status", Takes::Nothing),
    ("help", Takes::Nothing),
    ("start", Takes::Words),
    ("tasks", Takes::Nothing),
    ("files", Takes::Nothing),
    ("sessions", Takes::Words),
    ("export", Takes::Words),
    ("context", Takes::Nothing),
    ("usage", Takes::Nothing),
    ("permissions", Takes::Nothing),
    ("diff", Takes::Nothing),
    ("rewind", Takes::Nothing),
    ("mcp", Takes::Nothing),
    ("login", Takes::Nothing),
    ("btw", Takes::Words),
    ("mode", Takes::Words),
    ("model", Takes::Words),
    ("effort", Takes::Words),
    ("verbose", Takes::Words),
    ("draft", Takes::Words),
    ("rich", Takes::Words),
    ("trust", Takes::Words),
    ("whoami", Takes::Nothing),
    ("user_info", Takes::Words),
    ("users", Takes::Nothing),
    ("add_user", Takes::Words),
    ("remove_user", Takes::Words),
    ("activate", Takes::Words),
    ("deactivate", Takes::Words),
    ("promote", Takes::Words),
    ("demote", Takes::Words),
    ("allow_group", Takes::Nothing),
    ("delete_my_data", Takes::Nothing),
    ("lockdown", Takes::Nothing),
    ("unlock", Takes::Nothing),
];

/// A word behind a slash that is no command of anybody's, and the one that it nearly is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Typo {
    /// The word as it was written, without slash; it has nothing but letters, digits, `_` and `-`.
    pub(crate) written: String,
    /// The command of the bridge.
    pub(crate) meant: &'static str,
}

/// Returns the names of all commands.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|(name, _)| *name)
}

/// Finds a mistyped command of the bridge at the beginning of a text; `listed` are the commands of
/// Claude, which come first.
pub(crate) fn typo_in<'a>(text: &str, listed: impl Iterator<Item = &'a str>) -> Option<Typo> {
    let (word, rest) = match text.strip_prefix('/')?.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim()),
        None => (text.strip_prefix('/')?, ""),
    };
    let word = word.split_once('@').map_or(word, |(name, _)| name);
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-');
    let length = word.chars().count();
    if length < MIN_LENGTH || !word.chars().all(is_name) {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let near = if length < LONG { 1 } else { 2 };
    let fits = |takes: Takes| rest.is_empty() || takes == Takes::Words;
    let own = COMMANDS.iter().filter(|(_, takes)| fits(*takes));
    let own = own.map(|(name, _)| (osa_distance(&lower, name), *name));
    // Signs that changed their places are more likely than one too many.
    let (distance, meant) =
        own.min_by_key(|(distance, name)| (*distance, name.len().abs_diff(word.len())))?;
    let of_claude = listed.map(|name| osa_distance(&lower, name)).min();
    let is_ours = of_claude.is_none_or(|of_claude| distance < of_claude);
    // None away is a command that was not taken for one, such as one for another bot.
    (is_ours && (1..=near).contains(&distance)).then(|| Typo {
        written: word.to_owned(),
        meant,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str, listed: &[&str]) -> Option<&'static str> {
        typo_in(text, listed.iter().copied()).map(|typo| typo.meant)
    }

    #[test]
    fn what_is_nearly_a_command_of_the_bridge_is_found() {
        for (text, expected) in [
            ("/stpo", "stop"),
            ("/sotp", "stop"),
            ("/STPO", "stop"),
            ("/stop_", "stop"),
            ("/statsu", "status"),
            ("/modle opus", "model"),
            ("/nwe fix it", "new"),
            ("/ad_usser 5", "add_user"),
            ("/stpo@bridge_bot", "stop"),
            ("/user", "users"),
        ] {
            assert_eq!(meant(text, &["compact"]), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_claude_lists_what_is_far_and_what_is_no_word_are_left_alone() {
        for text in [
            "stpo",
            "/stop",
            "/st",
            "/tmp is full",
            "/etc",
            "/export",
            "/stpo the music",
            "/user is gone",
            "/a.rs",
            "/stpo/x",
            "/тест",
            "/",
        ] {
            assert_eq!(meant(text, &["compact"]), None, "{text}");
        }
        assert_eq!(meant("/stpo", &["stpo"]), None);
        assert_eq!(meant("/stats", &["stats"]), None);
        // As near to one of Claude's.
        assert_eq!(meant("/modle", &["module"]), None);
    }
}
