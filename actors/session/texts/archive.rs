//! What is said about the conversations that are on disk.

use std::time::Duration;

use bridge_texts::Say;

use super::in_words;
use super::inbox::age;
use crate::clock::UnixSeconds;
use crate::ports::{ArchivePage, BegunIn, Holder, PastConversation};
use crate::visible::visible_line;

/// How much of a title is shown in the list, in characters.
const TITLE_SHOWN: usize = 60;

/// Returns what stands above a page of the list.
pub(in crate::session) fn archive(
    say: Say,
    page: &ArchivePage,
    words: &str,
    n_pages: usize,
) -> String {
    let words = visible_line(words);
    let mut lines = vec![match (page.count, words.as_str()) {
        (0, "") => say.archive_empty(),
        (0, words) => say.archive_none_found(words),
        (count, "") => say.archive_head(count),
        (count, words) => say.archive_found(count, words),
    }];
    if n_pages > 1 {
        lines.push(say.inbox_page(page.page + 1, n_pages));
    }
    if page.n_unread > 0 {
        lines.push(say.archive_unread(page.n_unread));
    }
    lines.join("\n")
}

/// Returns the two lines of a conversation.
pub(in crate::session) fn archive_line(
    say: Say,
    number: usize,
    past: &PastConversation,
    (is_current, now): (bool, UnixSeconds),
) -> String {
    let title = title(say, past);
    say.archive_line(number, shortened(&title), facts(say, past, is_current, now))
}

/// Returns what is known of a conversation.
pub(in crate::session) fn past_conversation(
    say: Say,
    past: &PastConversation,
    (is_current, now): (bool, UnixSeconds),
) -> String {
    let folder = visible_line(&past.folder.to_string_lossy());
    let facts = facts(say, past, is_current, now);
    say.archive_one(title(say, past), facts, folder, &past.id.0)
}

/// Returns the question whether a conversation is to be deleted.
pub(in crate::session) fn delete_question(say: Say, past: &PastConversation) -> String {
    say.delete_conversation_question(title(say, past))
}

/// Returns that the session goes on with a conversation.
pub(in crate::session) fn goes_on_with(say: Say, past: &PastConversation) -> String {
    say.conversation_resumed(title(say, past))
}

/// Returns who has a conversation, and what to do.
pub(in crate::session) fn held(say: Say, holder: &Holder) -> String {
    match holder {
        Holder::Session => say.held_by_session(),
        Holder::Process { pid, terminal } => match terminal {
            Some(terminal) => say.held_by_terminal(visible_line(terminal), pid),
            None => say.held_by_process(pid),
        },
    }
}

/// Returns that the disk does not answer.
pub(in crate::session) fn archive_is_slow(say: Say, limit: Duration) -> String {
    say.archive_slow(in_words(say, limit))
}

fn title(say: Say, past: &PastConversation) -> String {
    match visible_line(&past.title) {
        title if title.trim().is_empty() => say.archive_untitled(),
        title => title,
    }
}

fn shortened(title: &str) -> String {
    if title.chars().count() <= TITLE_SHOWN {
        return title.to_owned();
    }
    let begin: String = title.chars().take(TITLE_SHOWN - 1).collect();
    format!("{}…", begin.trim_end())
}

/// Returns a line of signs and numbers.
fn facts(say: Say, past: &PastConversation, is_current: bool, now: UnixSeconds) -> String {
    let begun_in = match past.begun_in {
        BegunIn::Bridge => say.archive_of_bridge(),
        BegunIn::Terminal => say.archive_of_terminal(),
    };
    let signs = match is_current {
        true => say.archive_current(begun_in),
        false => begun_in,
    };
    let turns = match past.has_more {
        true => say.archive_more_turns(past.turns),
        false => say.archive_turns(past.turns),
    };
    let age = age(say, now.0.saturating_sub(past.at.0));
    say.archive_facts(signs, turns, age)
}
