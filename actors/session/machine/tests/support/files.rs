//! Reads what happens to files in a script.

use super::Player;
use super::script::parse_id;
use crate::agent_event::AgentEvent;
use crate::clock::UnixSeconds;
use crate::file_offer::{FileOffer, FileWish, ToolCall};
use crate::ids::MessageId;
use crate::ids::{PostId, PromptId};
use crate::instruction::Role;
use crate::outbox::{FileCopy, FileForm, FilesOutcome, RefusedFile, Rejection};
use crate::permission_request::Json;
use crate::ports::{
    FilesTaken, InboxDone, InboxFile, InboxOutcome, OutsideFiles, PathFault, PromptsRead, PutBack,
    RefusedPath, SaidPrompt, SpareFault, SparesDone, SparesOutcome, Taken, Unspared,
};
use crate::session::Instruct;
use crate::session::Press;
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
    let done = |outcome| {
        let asked_in = PromptId(name.to_owned());
        Some(Event::InboxDone(InboxDone { asked_in, outcome }))
    };
    let said = |outcome| {
        let asked_in = PromptId(name.to_owned());
        Some(Event::PromptsRead(PromptsRead { asked_in, outcome }))
    };
    let spared = |outcome| {
        let asked_in = PromptId(name.to_owned());
        Some(Event::SparesDone(SparesDone { asked_in, outcome }))
    };
    match word {
        "last_prompts" => said(Ok(last_prompts(words))),
        "no_prompts" => said(Err("no such disk".to_owned())),
        "spared" => spared(spares_outcome(words)),
        "listed" => done(listed(words)),
        "sent_again" => done(InboxOutcome::Copied(copy(words.to_owned()))),
        "vanished" => done(InboxOutcome::NotCopied(PathFault::NotFound)),
        "cleared" => done(InboxOutcome::Cleared {
            removed: words.parse().unwrap_or(0),
            bytes: 9_000_000,
            needed: usize::from(words.is_empty()),
        }),
        "no_inbox" => done(InboxOutcome::Failed("no such disk".to_owned())),
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

/// Reads prompts as `id:text`, with `_` for a blank and `~` for a sign that turns the text around.
fn last_prompts(words: &str) -> Vec<SaidPrompt> {
    let prompt = |it: &str| {
        let (id, text) = it.split_once(':')?;
        let (id, text) = (PromptId(id.to_owned()), text.replace('_', " "));
        let text = text.replace('~', "\u{202e}");
        Some(SaidPrompt { id, text })
    };
    words.split(' ').filter_map(prompt).collect()
}

/// Reads what the room says of spares, files with a mark behind them that says what became of them.
fn spares_outcome(words: &str) -> SparesOutcome {
    let (word, rest) = words.split_once(' ').unwrap_or((words, ""));
    let files = || rest.split_whitespace().map(str::to_owned);
    match word {
        "weighed" => SparesOutcome::Weighed(
            files()
                .zip(
                    [
                        SpareFault::TooBig,
                        SpareFault::TooMuch,
                        SpareFault::Elsewhere,
                        SpareFault::NoPlainFile,
                        SpareFault::Unreadable("no rights".to_owned()),
                    ]
                    .into_iter()
                    .cycle(),
                )
                .map(|(path, why)| Unspared { path, why })
                .collect(),
        ),
        "taken" => SparesOutcome::Taken,
        "sealed" => SparesOutcome::Sealed {
            changed: rest.parse().expect("a number"),
        },
        "put_back" => {
            let marked =
                |mark: char| files().filter_map(move |it| Some(it.strip_suffix(mark)?.to_owned()));
            SparesOutcome::PutBack(PutBack {
                back: files().filter(|it| !it.ends_with(['?', '!'])).collect(),
                changed: marked('?').collect(),
                failed: marked('!').map(|it| (it, "no room".to_owned())).collect(),
            })
        }
        "gone" => SparesOutcome::Gone,
        "failed" => SparesOutcome::Failed("no such disk".to_owned()),
        _ => panic!("nothing that a room says: {words}"),
    }
}

fn named(call: &str) -> ToolCall {
    ToolCall {
        request: format!("m{call}"),
        id: Json(call.to_owned()),
    }
}

pub(super) fn copy(name: String) -> FileCopy {
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

impl Player {
    /// Reads a press below a list of files: what the button carries, who presses, and on which
    /// message.
    pub(super) fn inbox_press(&mut self, text: &str) -> Instruct {
        self.button_press(&format!("f1.{text}"))
    }

    /// Reads the press of a button that carries all it means: its data, who presses, and its message.
    pub(super) fn button_press(&mut self, text: &str) -> Instruct {
        let words: Vec<_> = text.split(' ').collect();
        let [data, by] = words[..2] else {
            panic!("data and a person");
        };
        let Instruct::Press(press) = self.press(&format!("x x n {by}")) else {
            panic!("a press");
        };
        let message = words.get(2).map(|message| MessageId(parse_id(message)));
        Instruct::Press(Press {
            data: data.to_owned(),
            message,
            ..press
        })
    }
}

pub(super) fn role_of(word: &str) -> Role {
    match word {
        "admin" => Role::Admin,
        _ => Role::User,
    }
}

/// Reads how many files lie there; with a word behind it, the first one is needed.
fn listed(words: &str) -> InboxOutcome {
    let (number, needed) = words.split_once(' ').unwrap_or((words, ""));
    let number: u64 = number.parse().unwrap_or(0);
    let file = |place: u64| InboxFile {
        id: format!("id{place}"),
        name: match place {
            2 => "in\u{202e}voice.pdf".to_owned(),
            3 => format!("{}.tar.gz", "long".repeat(30)),
            _ => format!("photo-{place}.jpg"),
        },
        bytes: place * 2_600_000,
        at: UnixSeconds(14 * 3600 + 5 * 60 - place * place * 50),
        is_needed: place == 1 && !needed.is_empty(),
    };
    InboxOutcome::Listed {
        files: (1..=number).map(file).collect(),
        limit: 1 << 30,
    }
}

fn refused(name: String) -> RefusedFile {
    let why = Rejection::FileTooBig;
    RefusedFile { name, why }
}
