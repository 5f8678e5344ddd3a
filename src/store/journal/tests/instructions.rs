//! Instructions that are no prompts, in the journal.

use std::fs;
use std::path::Path;
use std::time::Duration;

use bridge_actors::chat_settings::Detail;
use bridge_actors::chat_settings::Drafts;
use bridge_actors::chat_settings::Rich;
use bridge_actors::chat_settings::Setting;
use bridge_actors::chat_settings::Trust;
use bridge_actors::enquiry::Enquiry;
use bridge_actors::ids::Trace;
use bridge_actors::ids::{CallbackId, DraftId, FileId};
use bridge_actors::instruction::{ArchiveWish, Joint, Role};
use bridge_actors::login_code::LoginCode;
use bridge_actors::ports::ExportForm;
use bridge_actors::rating::{Change, Rating};
use bridge_actors::sent_file::{FileKind, FileOf, SentFile, Speech};
use bridge_actors::session::{Command, CommandKind, Press, StopDraft};

use super::*;

fn command(id: &str, kind: CommandKind) -> Instruct {
    Instruct::Command(Command {
        id: PromptId(id.to_owned()),
        by: UserId(7),
        role: Role::Admin,
        message: MessageId(2),
        kind,
    })
}

/// One of each kind, with and without what can be missing.
fn every_file() -> Vec<SentFile> {
    let kinds = [
        FileKind::Photo,
        FileKind::LivePhoto,
        FileKind::Video,
        FileKind::Animation,
        FileKind::Document,
        FileKind::Audio,
        FileKind::Voice,
        FileKind::VideoNote,
    ];
    let of_kind = |kind| SentFile {
        message: MessageId(5),
        of: FileOf::Message,
        kind,
        file: FileId("file".to_owned()),
        unique: "unique".to_owned(),
        name: None,
        media_type: None,
        bytes: None,
        album: None,
        length: None,
        speech: Speech::Unheard,
    };
    let left_as_file = SentFile {
        speech: Speech::LeftAsFile,
        ..of_kind(FileKind::VideoNote)
    };
    let whole = SentFile {
        of: FileOf::Answered,
        name: Some(hostile(300)),
        media_type: Some("application/pdf".to_owned()),
        bytes: Some(u64::MAX),
        album: Some("13579".to_owned()),
        length: Some(Duration::from_millis(61_500)),
        speech: Speech::Words(hostile(300)),
        ..of_kind(FileKind::Document)
    };
    let all = kinds.into_iter().map(of_kind);
    all.chain([left_as_file, whole]).collect()
}

/// What people think of messages, in every way.
fn ratings() -> [Instruct; 2] {
    let rated = |id: &str, up, down| {
        Instruct::Rate(Rating {
            id: PromptId(id.to_owned()),
            by: UserId(8),
            up,
            down,
        })
    };
    [
        rated("rated", Change::Given, Change::TakenBack),
        rated("rated otherwise", Change::None, Change::Given),
    ]
}

/// Presses of a button.
fn presses() -> [Instruct; 2] {
    let presses = [(Role::User, None), (Role::Owner, Some(MessageId(9)))];
    presses.map(|(role, message)| {
        Instruct::Press(Press {
            callback: CallbackId("callback".to_owned()),
            message,
            data: "t1.c.nonce".to_owned(),
            by: UserId(8),
            name: hostile(20),
            role,
            id: PromptId(format!("press of {role:?}")),
        })
    })
}

/// What an agent can be asked.
fn every_enquiry() -> [CommandKind; 14] {
    let server = || hostile(60);
    let prompt = || PromptId(hostile(36));
    let all = [
        Enquiry::Context,
        Enquiry::Usage,
        Enquiry::Rules,
        Enquiry::Changes,
        Enquiry::Servers,
        Enquiry::Reconnect { server: server() },
        Enquiry::Switch {
            server: server(),
            on: true,
        },
        Enquiry::Aside(hostile(900)),
        Enquiry::TaskOutput {
            task: hostile(9),
            what: hostile(80),
        },
        Enquiry::LookBack { prompt: prompt() },
        Enquiry::Recall { prompt: prompt() },
        Enquiry::RestoreFiles { prompt: prompt() },
        Enquiry::Forget {
            prompt: prompt(),
            last: None,
        },
        Enquiry::LogIn,
    ];
    all.map(CommandKind::Enquire)
}

/// One of each kind, with every value that it can have.
fn every_instruction() -> Vec<Instruct> {
    let choose = |setting, value: Option<&str>| CommandKind::Choose {
        setting,
        value: value.map(str::to_owned),
    };
    let kinds = [
        CommandKind::NewConversation {
            prompt: None,
            context: String::new(),
            goes_on: None,
            files: Vec::new(),
        },
        CommandKind::NewConversation {
            prompt: Some(hostile(9000)),
            context: hostile(2000),
            goes_on: Some(Joint::Word),
            files: every_file(),
        },
        CommandKind::Stop,
        CommandKind::Status,
        choose(Setting::Model, None),
        choose(Setting::Effort, Some("high")),
        choose(Setting::Mode, Some("plan")),
        CommandKind::Tasks,
        CommandKind::Files,
        CommandKind::Rewind,
        CommandKind::Archive(ArchiveWish::List { words: hostile(90) }),
        CommandKind::Archive(ArchiveWish::Export(ExportForm::Markdown)),
        CommandKind::Archive(ArchiveWish::Export(ExportForm::Json)),
        CommandKind::Trust(Trust::Trusted),
        CommandKind::Trust(Trust::Untrusted),
        CommandKind::Show(None),
        CommandKind::Show(Some(Detail::Answer)),
        CommandKind::Show(Some(Detail::Card)),
        CommandKind::Show(Some(Detail::Log)),
        CommandKind::Drafts(None),
        CommandKind::Drafts(Some(Drafts::On)),
        CommandKind::Drafts(Some(Drafts::Off)),
        CommandKind::Rich(None),
        CommandKind::Rich(Some(Rich::On)),
        CommandKind::Rich(Some(Rich::Off)),
    ];
    let ids = (0..).map(|n| format!("command {n}"));
    let kinds = kinds.into_iter().chain(every_enquiry());
    let commands = kinds.zip(ids);
    let commands = commands.map(|(kind, id)| command(&id, kind));
    let edit = Instruct::Replace(prompt("edit", &hostile(9000)));
    let stop = Instruct::StopDraft(StopDraft {
        id: PromptId("stop of a draft".to_owned()),
        by: UserId(8),
        draft: DraftId(i64::MAX),
    });
    let all = commands.chain(presses()).chain([edit, stop]);
    all.chain(ratings()).collect()
}

#[test]
fn instructions_survive_a_restart_as_they_are_and_in_their_order() {
    let dir = tempfile::tempdir().expect("a folder");
    let (before, after) = (said("before", "x"), said("after", "y"));
    let all = [vec![before], every_instruction(), vec![after]].concat();
    {
        let store = open(&dir);
        for instruction in &all {
            let accepted = store.accept(key(-5), instruction).unwrap();
            assert_eq!(accepted, Acceptance::New);
        }
        store.move_session(key(-5), key(-6)).unwrap();
    }
    let store = open(&dir);
    let accept = |instruction| store.accept(key(1), instruction).unwrap();
    assert!(all.iter().all(|it| accept(it) == Acceptance::Known));
    let mut open = store.left_open(key(-6)).unwrap();
    let prompts = [open.remove(0), open.pop().unwrap()];
    let prompts = prompts.map(|it| it.id().0.clone());
    assert_eq!(prompts, ["before", "after"]);
    let read = open.into_iter().map(|it| match it {
        Open::Instruction(it) => it,
        Open::Prompt(open) => panic!("not an instruction: {open:?}"),
    });
    assert_eq!(read.collect::<Vec<_>>(), every_instruction());
}

#[test]
fn a_code_of_a_login_is_written_nowhere() {
    let dir = tempfile::tempdir().expect("a folder");
    let half = "secret".repeat(5);
    let code = LoginCode::of(&format!("{half}#{half}")).expect("a code");
    let said = command("a", CommandKind::Enquire(Enquiry::LoginCode(code)));
    {
        let store = open(&dir);
        store.accept(key(1), &said).unwrap();
    }
    let store = open(&dir);
    let kept = store.left_open(key(1)).unwrap();
    let lost = command(
        "a",
        CommandKind::Enquire(Enquiry::LoginCode(LoginCode::default())),
    );
    assert_eq!(kept, [Open::Instruction(lost)]);
    let all = text_below(dir.path());
    assert!(all.contains("\"a\""), "the log itself was looked at");
    assert!(!all.contains(&half));
}

/// Returns what stands in all files of a folder.
fn text_below(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let texts = entries.map(|entry| match entry.path() {
        path if path.is_dir() => text_below(&path),
        path => String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned(),
    });
    texts.collect()
}

#[test]
fn a_prompt_that_an_instruction_becomes_keeps_its_place_and_its_stage() {
    let dir = tempfile::tempdir().expect("a folder");
    let new = CommandKind::NewConversation {
        prompt: Some(hostile(9000)),
        context: hostile(2000),
        goes_on: Some(Joint::Word),
        files: Vec::new(),
    };
    {
        let store = open(&dir);
        store.accept(key(1), &command("a", new)).unwrap();
        store.accept(key(1), &said("b", "y")).unwrap();
        let entry = JournalEntry {
            accepted: vec![prompt("a", "x")],
            stages: vec![(PromptId("a".to_owned()), started())],
            ..JournalEntry::default()
        };
        store.write(key(1), &entry).unwrap();
    }
    let store = open(&dir);
    let expected = [
        ("a".to_owned(), started(), 0),
        ("b".to_owned(), Stage::Accepted, 0),
    ];
    assert_eq!(stages(&store, 1), expected);
    let closed = ["a", "b"].map(|id| PromptId(id.to_owned()));
    let entry = JournalEntry {
        closed: closed.to_vec(),
        ..JournalEntry::default()
    };
    store.write(key(1), &entry).unwrap();
    let (left, _) = store.door().look(|state| state.all_open().count());
    assert_eq!(left, 0, "nothing is left behind");
}

#[test]
fn a_changed_prompt_keeps_the_place_of_the_one_before() {
    let dir = tempfile::tempdir().expect("a folder");
    let edit = prompt("b2", "shorter");
    {
        let store = open(&dir);
        for id in ["a", "b", "c"] {
            store.accept(key(1), &said(id, &hostile(9000))).unwrap();
        }
        store
            .accept(key(1), &Instruct::Replace(edit.clone()))
            .unwrap();
        let former = PromptId("b".to_owned());
        let entry = JournalEntry {
            replaced: vec![(former.clone(), edit.id.clone())],
            accepted: vec![edit],
            closed: vec![former],
            ..JournalEntry::default()
        };
        store.write(key(1), &entry).unwrap();
        let ids = open_prompts(&store, 1).into_iter().map(|it| it.prompt.id.0);
        assert_eq!(ids.collect::<Vec<_>>(), ["a", "b2", "c"]);
    }
    let open = open_prompts(&open(&dir), 1);
    let texts: Vec<_> = open.iter().map(|it| it.prompt.text.as_str()).collect();
    assert_eq!(texts[1], "shorter");
    let ids = open.iter().map(|it| it.prompt.id.0.as_str());
    assert_eq!(ids.collect::<Vec<_>>(), ["a", "b2", "c"]);
}

/// What a session takes over in one step: an edit, and what undoes it or changes it again.
#[test]
fn a_changed_prompt_that_is_dropped_or_changed_again_leaves_nothing_behind() {
    let id = |id: &str| PromptId(id.to_owned());
    for accepted in [Vec::new(), vec![prompt("b3", "latest")]] {
        let dir = tempfile::tempdir().expect("a folder");
        let expected: Vec<&str> = match accepted.is_empty() {
            true => vec!["a", "c"],
            false => vec!["a", "b3", "c"],
        };
        {
            let store = open(&dir);
            for id in ["a", "b", "c"] {
                store.accept(key(1), &said(id, &hostile(9000))).unwrap();
            }
            for id in ["b2", "b3"] {
                let edit = prompt(id, &hostile(5000));
                store.accept(key(1), &Instruct::Replace(edit)).unwrap();
            }
            let mut closed = vec![id("b"), id("b2")];
            if accepted.is_empty() {
                closed.push(id("b3"));
            }
            let entry = JournalEntry {
                replaced: vec![(id("b"), id("b2")), (id("b2"), id("b3"))],
                accepted,
                closed,
                ..JournalEntry::default()
            };
            store.write(key(1), &entry).unwrap();
        }
        let open = open_prompts(&open(&dir), 1);
        let ids: Vec<_> = open.iter().map(|it| it.prompt.id.0.as_str()).collect();
        assert_eq!(ids, expected);
    }
}

#[test]
fn what_a_message_was_is_remembered_over_a_restart_and_is_no_instruction() {
    let dir = tempfile::tempdir().expect("a folder");
    let trace = |what: &str| Trace(format!("-5 40 {what}"));
    {
        let store = open(&dir);
        assert!(!store.has_trace(&trace("said")));
        store.note_traces(&[trace("said"), trace("Stop")]).unwrap();
        store.note_traces(&[trace("said")]).unwrap();
    }
    let store = open(&dir);
    assert!(store.has_trace(&trace("said")) && store.has_trace(&trace("Stop")));
    assert!(!store.has_trace(&trace("Status")));
    assert!(store.open_sessions().is_empty());
    let again = store.accept(key(1), &said("a", "x")).unwrap();
    assert_eq!(again, Acceptance::New);
}
