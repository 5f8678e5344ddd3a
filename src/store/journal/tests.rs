//! The journal on a real store.

mod contract;
mod instructions;
mod kept;
mod sent;

use bridge_actors::ids::{ConversationId, MessageId, PostId, TopicId, UserId};
use bridge_actors::instruction::Joint;
use bridge_actors::outbox::{Body, Button, Post, PostAction, Rank, Sound};
use bridge_actors::ports::{KeptPost, PostJournal, Stage};
use bridge_actors::session::Prompt;
use tempfile::TempDir;

use super::state::WINDOW;
use super::stored::StoredStage;
use super::*;

fn open(dir: &TempDir) -> Store {
    Store::open(dir.path(), Box::new(|_| {})).expect("the store opens")
}

fn key(chat: i64) -> SessionKey {
    SessionKey::of_chat(ChatId(chat))
}

fn prompt(id: &str, text: &str) -> Prompt {
    let part = |message, text: &str| {
        let id = PromptId(id.to_owned());
        Prompt::new(id, UserId(7), MessageId(message), text.to_owned())
    };
    let first = part(1, text).in_context(format!("above {text}"));
    let second = part(2, "more").in_context("above".to_owned());
    let second = second.going_on(Some(Joint::Apart));
    first.joined(second, Joint::Word)
}

fn said(id: &str, text: &str) -> Instruct {
    Instruct::Prompt(prompt(id, text))
}

/// Returns the open prompts of a session; fails when it has another instruction open.
fn open_prompts(store: &Store, chat: i64) -> Vec<OpenPrompt> {
    let open = store.left_open(key(chat)).expect("it can be read");
    let prompts = open.into_iter().map(|open| match open {
        Open::Prompt(open) => open,
        Open::Instruction(it) => panic!("not a prompt: {it:?}"),
    });
    prompts.collect()
}

fn post(id: u64, body: Body) -> Post {
    let action = PostAction::Send {
        id: PostId(id),
        body,
        reply_to: Some(MessageId(4)),
        sound: Sound::Silent,
    };
    Post {
        key: SessionKey {
            chat: ChatId(-5),
            topic: Some(TopicId(3)),
        },
        action,
        rank: Rank::Answer,
    }
}

/// Text that no encoding makes shorter and every encoding makes longer.
fn hostile(length: usize) -> String {
    "\u{1}\"\\ä🦀".chars().cycle().take(length).collect()
}

fn started() -> Stage {
    Stage::Started {
        conversation: ConversationId("c".to_owned()),
    }
}

fn stages(store: &Store, chat: i64) -> Vec<(String, Stage, u32)> {
    let told = open_prompts(store, chat).into_iter();
    told.map(|it| (it.prompt.id.0, it.stage, it.replays))
        .collect()
}

#[test]
fn open_prompts_survive_a_restart_in_their_order_with_all_their_words() {
    let dir = tempfile::tempdir().expect("a folder");
    let long = prompt("long", &hostile(20_000));
    {
        let store = open(&dir);
        assert_eq!(
            store
                .accept(key(1), &Instruct::Prompt(long.clone()))
                .unwrap(),
            Acceptance::New
        );
        assert_eq!(
            store.accept(key(2), &said("b", "")).unwrap(),
            Acceptance::New
        );
        assert_eq!(
            store.accept(key(1), &said("c", "c")).unwrap(),
            Acceptance::New
        );
        let entry = JournalEntry {
            stages: vec![(PromptId("long".to_owned()), started())],
            replayed: vec![PromptId("c".to_owned())],
            ..JournalEntry::default()
        };
        store.write(key(1), &entry).unwrap();
    }
    let store = open(&dir);
    assert_eq!(store.open_sessions(), [key(1), key(2)]);
    let of_one = open_prompts(&store, 1);
    assert_eq!(of_one[0].prompt, long);
    assert_eq!(of_one[0].host, HostUptime::Unbroken);
    assert_eq!(
        stages(&store, 1),
        [
            ("long".to_owned(), started(), 0),
            ("c".to_owned(), Stage::Accepted, 1)
        ]
    );
}

#[test]
fn a_prompt_is_taken_in_once_even_when_it_is_long_done() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(&dir);
    store.accept(key(1), &said("a", "x")).unwrap();
    let entry = JournalEntry {
        closed: vec![PromptId("a".to_owned())],
        ..JournalEntry::default()
    };
    store.write(key(1), &entry).unwrap();
    assert_eq!(stages(&store, 1), []);
    drop(store);
    let store = open(&dir);
    let again = store.accept(key(1), &said("a", "x")).unwrap();
    assert_eq!(again, Acceptance::Known);
    assert_eq!(stages(&store, 1), []);
}

#[test]
fn an_outcome_and_the_word_about_it_come_together() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(&dir);
    store.accept(key(1), &said("a", "x")).unwrap();
    let answer = post(9, Body::Markdown(hostile(50_000)));
    let entry = JournalEntry {
        accepted: vec![prompt("next", "y")],
        closed: vec![PromptId("a".to_owned())],
        posts: vec![answer.clone()],
        ..JournalEntry::default()
    };
    store.write(key(1), &entry).unwrap();
    // The outbox keeps what it gets, and this it has already.
    store.keep(PostId(9), &answer).unwrap();
    drop(store);
    let store = open(&dir);
    assert_eq!(stages(&store, 1), [("next".to_owned(), Stage::Accepted, 0)]);
    let kept = store.kept().unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].id, kept[0].departed), (PostId(9), None));
    assert_eq!(kept[0].post, answer);
}

#[test]
fn what_is_done_leaves_nothing_behind_but_a_window_of_marks() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(&dir);
    for number in 0..WINDOW + 50 {
        let id = format!("p{number}");
        store.accept(key(1), &said(&id, &hostile(3000))).unwrap();
        let entry = JournalEntry {
            closed: vec![PromptId(id)],
            posts: vec![post(number as u64, Body::Plain(hostile(3000)))],
            ..JournalEntry::default()
        };
        store.write(key(1), &entry).unwrap();
        store.departs(PostId(number as u64), 0).unwrap();
        store
            .note_sent(ChatId(1), MessageId(number as i64))
            .unwrap();
        store.settle(PostId(number as u64)).unwrap();
        UpdateLog::remember(&store, &[UpdateMark(number as u128)]).unwrap();
    }
    let left = |store: &Store| {
        let (left, _) = store.door().look(|state| {
            let open = state.all_open().count() + state.posts().len();
            let marks = [Came::Update, Came::Instruction, Came::Sent];
            let marks = marks.map(|what| state.window(what).len());
            (open, marks)
        });
        left
    };
    assert_eq!(left(&store), (0, [WINDOW; 3]));
    assert!(!store.knows(UpdateMark(0)));
    assert!(store.knows(UpdateMark(WINDOW as u128)));
    drop(store);
    let store = open(&dir);
    assert_eq!(left(&store), (0, [WINDOW; 3]));
    assert!(store.knows(UpdateMark(WINDOW as u128)));
    assert!(!store.knows(UpdateMark(49)));
    assert!(size_of(dir.path()) < 4 * 1024 * 1024, "it does not grow");
}

#[test]
fn prompts_follow_their_chat_and_end_with_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(&dir);
    store.accept(key(-5), &said("a", "x")).unwrap();
    store.accept(key(-6), &said("b", "x")).unwrap();
    store.move_session(key(-5), key(-100)).unwrap();
    drop(store);
    let store = open(&dir);
    assert_eq!(stages(&store, -5), []);
    assert_eq!(stages(&store, -100), [("a".to_owned(), Stage::Accepted, 0)]);
    store.close_chat(ChatId(-100)).unwrap();
    assert_eq!(store.open_sessions(), [key(-6)]);
    drop(store);
    assert_eq!(open(&dir).open_sessions(), [key(-6)]);
}

#[test]
fn another_boot_of_the_host_is_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(&dir);
    store.accept(key(1), &said("a", "x")).unwrap();
    let stage = StoredStage::of(&started(), "an earlier boot", 0);
    let id = PromptId("a".to_owned());
    store
        .journal(|_| Ok((vec![Change::Stage { id, stage }], ())))
        .unwrap();
    let open = open_prompts(&store, 1);
    assert_eq!(open[0].host, HostUptime::Restarted);
}

/// Returns how many bytes lie below a folder.
fn size_of(folder: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    let sizes = entries.map(|entry| match entry.file_type().unwrap().is_dir() {
        true => size_of(&entry.path()),
        false => entry.metadata().unwrap().len(),
    });
    sizes.sum()
}

#[actix::test]
async fn a_wait_for_the_disk_ends_when_everything_before_it_is_there() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(&dir);
    store.accept(key(1), &said("a", "x")).unwrap();
    let written = store.door().seq();
    assert!(store.syncing().synced() < written, "nobody has waited");
    PromptJournal::synced(&store).await.unwrap();
    assert!(store.syncing().synced() >= written);
}
