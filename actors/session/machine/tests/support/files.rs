//! Reads what happens to files in a script.

use crate::agent_event::AgentEvent;
use crate::file_offer::{FileOffer, FileWish, ToolCall};
use crate::ids::PostId;
use crate::outbox::{FileCopy, FileForm, FilesOutcome, RefusedFile, Rejection};
use crate::permission_request::Json;
use crate::ports::{FilesTaken, OutsideFiles, PathFault, RefusedPath, Taken};
use crate::session::event::Event;

/// Reads a call and its files, with a caption behind a plus: `3 a.png b.pdf + look`.
pub(super) fn offered(text: &str) -> AgentEvent {
    let (call, files) = text.split_once(' ').expect("a call and files");
    let (files, caption) = files.split_once(" + ").unwrap_or((files, ""));
    AgentEvent::FilesOffered(Box::new(FileOffer {
        call: named(call),
        paths: files.split(' ').map(str::to_owned).collect(),
        caption: caption.to_owned(),
        wish: FileWish::Fitting,
    }))
}

pub(super) fn withdrawn(call: &str) -> AgentEvent {
    let id = Json(call.to_owned());
    AgentEvent::FilesWithdrawn { id }
}

/// Reads what became of a call's files; `None` when it is about something else.
pub(super) fn parse(word: &str, rest: &str) -> Option<Event> {
    let (name, words) = rest.split_once(' ').unwrap_or((rest, ""));
    let files = || words.split(' ').map(str::to_owned);
    let taken = |outcome| {
        let call = named(name);
        Some(Event::FilesTaken(FilesTaken { call, outcome }))
    };
    let settled = |outcome| {
        let post = PostId(name.parse().unwrap_or(9999));
        Some(Event::FilesSettled { post, outcome })
    };
    match word {
        "copied" => taken(Taken::Copied(files().map(copy).collect())),
        "outside" => taken(Taken::Outside(OutsideFiles {
            paths: files().collect(),
            shown: words.replace(' ', "\n"),
            digest: "d1".to_owned(),
        })),
        "no_file" => taken(Taken::Refused(
            files()
                .map(|path| RefusedPath {
                    path,
                    why: PathFault::NotFound,
                })
                .collect(),
        )),
        "landed" if words.is_empty() => settled(FilesOutcome::Taken { but: Vec::new() }),
        "landed" => settled(FilesOutcome::Taken {
            but: files().map(refused).collect(),
        }),
        "unlanded" => settled(FilesOutcome::Refused(files().map(refused).collect())),
        "lost" => settled(FilesOutcome::Undelivered(words.to_owned())),
        _ => None,
    }
}

fn named(call: &str) -> ToolCall {
    ToolCall {
        request: format!("m{call}"),
        id: Json(call.to_owned()),
    }
}

fn copy(name: String) -> FileCopy {
    FileCopy {
        copy: format!("copy-of-{name}"),
        size: match name.starts_with("big") {
            true => 30_000_000,
            false => 9,
        },
        form: match name.ends_with(".png") {
            true => FileForm::Photo,
            false => FileForm::Document,
        },
        name,
        caption: String::new(),
    }
}

fn refused(name: String) -> RefusedFile {
    let why = Rejection::FileTooBig;
    RefusedFile { name, why }
}
