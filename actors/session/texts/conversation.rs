//! What is said of a conversation that became another one, and in place of commands of Claude's
//! terminal.

use std::path::Path;

use bridge_texts::Say;

use crate::agent_event::{CompactedBy, Compaction};
use crate::ids::ConversationId;
use crate::session::turn::CameTo;

/// Says what a command came to that has no words for it.
pub(in crate::session) fn done_without_words(say: Say, came_to: Option<CameTo>) -> String {
    match came_to {
        Some(CameTo::Compacted(compaction)) => compacted(say, compaction),
        Some(CameTo::Cleared) => say.conversation_cleared(),
        None => say.answer_empty(),
    }
}

/// Says what is left of a conversation that was compacted.
pub(in crate::session) fn compacted(say: Say, compaction: Compaction) -> String {
    let before = tokens(compaction.before);
    match (compaction.by, compaction.after.map(tokens)) {
        (CompactedBy::Command, Some(after)) => say.compacted(before, after),
        (CompactedBy::Command, None) => say.compacted_from(before),
        (CompactedBy::Itself, Some(after)) => say.compacted_itself(before, after),
        (CompactedBy::Itself, None) => say.compacted_itself_from(before),
    }
}

/// Returns a count of tokens as people say it: 950, 13.6k, 1.2M.
pub(super) fn tokens(count: u64) -> String {
    let (unit, sign) = match count {
        0..1_000 => return count.to_string(),
        1_000..999_950 => (1_000, "k"),
        _ => (1_000_000, "M"),
    };
    let tenths = (count * 10 + unit / 2) / unit;
    match tenths % 10 {
        0 => format!("{}{sign}", tenths / 10),
        part => format!("{}.{part}{sign}", tenths / 10),
    }
}

/// Returns what there is here in place of a command that works in Claude's terminal alone; `None`
/// where a text is no such command.
pub(in crate::session) fn instead_of_terminal(
    say: Say,
    text: &str,
    (conversation, folder): (Option<&ConversationId>, &Path),
) -> Option<String> {
    let (word, rest) = match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim()),
        None => (text, ""),
    };
    let name = word.strip_prefix('/')?.to_ascii_lowercase();
    Some(match name.as_str() {
        "resume" | "continue" => match conversation {
            Some(id) => say.instead_of_resume(&id.0, folder.display()),
            None => say.instead_of_resume_without_conversation(),
        },
        "memory" => say.instead_of_memory(),
        "logout" => say.instead_of_logout(),
        "exit" | "quit" if rest.is_empty() => say.instead_of_exit(),
        "plan" if rest.is_empty() => say.instead_of_plan(),
        // With words behind them they may be the beginning of a sentence.
        name if rest.is_empty() && OF_TERMINAL.contains(&name) => say.instead_of_terminal(name),
        _ => return None,
    })
}

/// Commands that need a terminal, for which there is nothing here.
const OF_TERMINAL: [&str; 27] = [
    "add-dir",
    "bashes",
    "bug",
    "chrome",
    "copy",
    "desktop",
    "export",
    "extra-usage",
    "feedback",
    "hooks",
    "ide",
    "install-github-app",
    "install-slack-app",
    "keybindings",
    "mobile",
    "passes",
    "plugin",
    "privacy-settings",
    "release-notes",
    "remote-control",
    "sandbox",
    "statusline",
    "stickers",
    "terminal-setup",
    "theme",
    "upgrade",
    "vim",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_read_as_people_say_them() {
        for (count, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1k"),
            (13_569, "13.6k"),
            (999_949, "999.9k"),
            (999_950, "1M"),
            (1_230_000, "1.2M"),
        ] {
            assert_eq!(tokens(count), text);
        }
    }

    #[test]
    fn what_may_be_a_sentence_is_no_command_of_the_terminal() {
        let instead = |text: &str| {
            instead_of_terminal(Say::default(), text, (None, Path::new("/f"))).is_some()
        };
        for text in [
            "/resume",
            "/RESUME abc",
            "/memory",
            "/logout",
            "/vim",
            "/exit",
        ] {
            assert!(instead(text), "{text}");
        }
        for text in [
            "resume",
            "/vim is my editor",
            "/exit code is 1",
            "/review",
            "/foo",
            "/",
            "",
        ] {
            assert!(!instead(text), "{text}");
        }
    }
}
