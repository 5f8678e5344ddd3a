//! Reads what happens to conversations on disk in a script.

use std::path::PathBuf;

use super::files::copy;
use crate::clock::UnixSeconds;
use crate::ids::{ConversationId, PromptId};
use crate::instruction::ArchiveWish;
use crate::ports::{
    ArchiveDone, ArchiveOutcome, ArchivePage, BegunIn, ExportForm, Holder, PastConversation,
};
use crate::session::CommandKind;
use crate::session::event::Event;

/// Reads what the edge says of conversations; `None` when it is about something else.
pub(super) fn parse(word: &str, rest: &str) -> Option<Event> {
    let (name, words) = rest.split_once(' ').unwrap_or((rest, ""));
    let outcome = match word {
        "past" => ArchiveOutcome::Listed(page(words)),
        "past_one" => ArchiveOutcome::Found(past(words)),
        "past_none" => ArchiveOutcome::Missing,
        "past_free" => ArchiveOutcome::Free(past(words)),
        "past_sent" => ArchiveOutcome::Exported(copy(words.to_owned())),
        "past_too_long" => ArchiveOutcome::TooLong,
        "past_deleted" => ArchiveOutcome::Deleted,
        "past_fails" => ArchiveOutcome::Failed("no such disk".to_owned()),
        "past_held" => ArchiveOutcome::Held(match words.parse() {
            Ok(pid) => Holder::Process {
                pid,
                terminal: None,
            },
            Err(_) if words.is_empty() => Holder::Session,
            Err(_) => Holder::Process {
                pid: 77,
                terminal: Some(words.to_owned()),
            },
        }),
        _ => return None,
    };
    let asked_in = PromptId(name.to_owned());
    Some(Event::ArchiveDone(Box::new(ArchiveDone {
        asked_in,
        outcome,
    })))
}

/// Reads what a command wants of conversations; `None` when it is another one.
pub(super) fn wish(word: &str, rest: &str) -> Option<CommandKind> {
    let words = rest.to_owned();
    Some(CommandKind::Archive(match (word, rest) {
        ("/sessions", _) => ArchiveWish::List { words },
        ("/export", "json") => ArchiveWish::Export(ExportForm::Json),
        ("/export", _) => ArchiveWish::Export(ExportForm::Markdown),
        _ => return None,
    }))
}

/// Reads how many conversations there are, and which page it is.
fn page(words: &str) -> ArchivePage {
    let mut numbers = words.split(' ').map(|number| number.parse().unwrap_or(0));
    let count: usize = numbers.next().unwrap_or(0);
    let page: usize = numbers.next().unwrap_or(0);
    let n_unread = numbers.next().unwrap_or(0);
    let shown = (page * 8..count).take(8);
    ArchivePage {
        shown: shown
            .map(|place| past(&format!("c{}", place + 1)))
            .collect(),
        page,
        count,
        n_unread,
    }
}

fn past(id: &str) -> PastConversation {
    let place = id.strip_prefix('c').and_then(|place| place.parse().ok());
    let place: u64 = place.unwrap_or(0);
    PastConversation {
        id: ConversationId(id.to_owned()),
        title: match place {
            2 => "tax\u{202e}es".to_owned(),
            3 => "long ".repeat(40),
            4 => String::new(),
            _ => format!("title {place}"),
        },
        at: UnixSeconds(14 * 3600 + 5 * 60 - place * place * 50),
        turns: usize::try_from(place).unwrap_or(0),
        has_more: place == 3,
        begun_in: match place % 2 {
            0 => BegunIn::Terminal,
            _ => BegunIn::Bridge,
        },
        folder: PathBuf::from("/work"),
    }
}
