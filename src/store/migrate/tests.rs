//! What older bridges left behind is there after an update.

use std::fs;

use bridge_actors::ids::{
    ChatId, MessageId, PostId, PromptId, SessionKey, TopicId, UpdateMark, UserId,
};
use bridge_actors::outbox::PostAction;
use bridge_actors::ports::{
    Acceptance, HostUptime, Open, PostJournal, PromptJournal, Stage, UpdateLog, UserStore,
};
use bridge_actors::session::{CommandKind, Instruct, Prompt};
use tempfile::TempDir;

use super::super::open::open_sled;
use super::super::record;
use super::super::sled_store::Store;
use super::*;

const USER: &str = r#"{"v":1,"user":7,"chat":7,"first_name":"Ada","is_active":true}"#;

/// Makes a store as a bridge of this layout did.
fn store_of_layout(layout: u32) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store");
    fs::create_dir(&path).unwrap();
    let db = open_sled(&path).unwrap();
    let meta = db.open_tree(META_TREE).unwrap();
    meta.insert(SCHEMA_KEY, &layout.to_be_bytes()).unwrap();
    meta.insert(COMMIT_KEY, &12_u64.to_be_bytes()).unwrap();
    let users = db.open_tree(record::USERS).unwrap();
    users.insert(record::user_key(UserId(7)), USER).unwrap();
    if layout == 3 {
        fill_journal(&db.open_tree(JOURNAL_TREE).unwrap());
    }
    if layout >= 4 {
        fs::create_dir(path.join("log")).unwrap();
        make_log(&path.join("log"), &[], 12).unwrap();
    }
    db.flush().unwrap();
    fs::write(dir.path().join("store.mark"), "12\n").unwrap();
    dir
}

fn numbered(letter: u8, number: u64, part: Option<u16>) -> Vec<u8> {
    let mut key = vec![letter];
    key.extend(number.to_be_bytes());
    key.extend(part.into_iter().flat_map(u16::to_be_bytes));
    key
}

/// Something of everything, in the words of layout 3.
fn fill_journal(journal: &sled::Tree) {
    let put = |key: Vec<u8>, value: &str| drop(journal.insert(key, value).unwrap());
    let prompt = [
        r#"{"v":1,"part":"{\"chat\":-5,\"topic\":3,\"id\":\"a\",\"author\":7,"}"#,
        r#"{"v":1,"part":"\"message\":9,\"text\":\"hällo\"}"}"#,
    ];
    put(numbered(b'p', 4, Some(0)), prompt[0]);
    put(numbered(b'p', 4, Some(1)), prompt[1]);
    let stage = r#"{"v":1,"at":{"begun":{"doing":"Bash"}},"boot":"another","replays":2}"#;
    put(numbered(b's', 4, None), stage);
    let command = r#"{\"chat\":-5,\"topic\":3,\"id\":\"b\",\"by\":8,\"wish\":{\"command\":{\"message\":10,\"role\":\"admin\",\"kind\":\"stop\"}}}"#;
    let command = format!(r#"{{"v":1,"part":"{command}"}}"#);
    put(numbered(b'i', 3, Some(0)), &command);
    let post =
        r#"{\"chat\":6,\"reply_to\":4,\"is_silent\":true,\"body\":{\"markdown\":\"**x**\"}}"#;
    let post = format!(r#"{{"v":1,"part":"{post}"}}"#);
    put(numbered(b'o', 21, Some(0)), &post);
    put(numbered(b'd', 21, None), r#"{"v":1,"part":2}"#);
    let mark = format!(r#"{{"v":1,"mark":"{:032x}"}}"#, 77);
    put(numbered(b'u', 5, None), &mark);
    let of_prompt = super::super::journal::mark_of(&PromptId("a".to_owned()));
    put(
        numbered(b'v', 4, None),
        &format!(r#"{{"v":1,"mark":"{of_prompt}"}}"#),
    );
}

fn open(dir: &TempDir) -> Store {
    Store::open(dir.path(), Box::new(|fault| panic!("{fault}"))).unwrap()
}

fn layout_of(path: &Path) -> u32 {
    let meta = open_sled(path).unwrap().open_tree(META_TREE).unwrap();
    let bytes = meta.get(SCHEMA_KEY).unwrap().unwrap();
    u32::from_be_bytes(bytes.as_ref().try_into().unwrap())
}

#[test]
fn a_store_of_any_older_layout_is_brought_up_to_date_after_a_copy_is_set_aside() {
    for layout in 1..SCHEMA {
        let dir = store_of_layout(layout);
        let user = UserStore::load(&open(&dir), UserId(7)).unwrap().unwrap();
        assert_eq!(user.first_name, "Ada");
        assert_eq!(layout_of(&dir.path().join("store")), SCHEMA);
        let copy = dir.path().join(format!("backups/store-of-layout-{layout}"));
        assert_eq!(layout_of(&copy), layout);
        let user = UserStore::load(&open(&dir), UserId(7)).unwrap().unwrap();
        assert_eq!(user.first_name, "Ada");
    }
}

/// What lay in the journal of layout 3 is there.
fn check_journal(store: &Store) {
    let key = SessionKey {
        chat: ChatId(-5),
        topic: Some(TopicId(3)),
    };
    assert_eq!(store.open_sessions(), [key]);
    let open = store.left_open(key).unwrap();
    let [
        Open::Instruction(Instruct::Command(command)),
        Open::Prompt(prompt),
    ] = &open[..]
    else {
        panic!("{open:?}");
    };
    assert_eq!((command.by, &command.kind), (UserId(8), &CommandKind::Stop));
    let expected = Prompt::new(
        PromptId("a".to_owned()),
        UserId(7),
        MessageId(9),
        "hällo".to_owned(),
    );
    assert_eq!(prompt.prompt, expected);
    let doing = Some("Bash".to_owned());
    assert_eq!(prompt.stage, Stage::Begun { doing });
    assert_eq!((prompt.host, prompt.replays), (HostUptime::Restarted, 2));
    let again = store.accept(key, &Instruct::Prompt(expected)).unwrap();
    assert_eq!(again, Acceptance::Known);
    assert!(store.knows(UpdateMark(77)) && !store.knows(UpdateMark(78)));
    let kept = store.kept().unwrap();
    assert_eq!(
        (kept.len(), kept[0].id, kept[0].departed),
        (1, PostId(21), Some(2))
    );
    let is_answer = matches!(&kept[0].post.action, PostAction::Send { reply_to, .. }
        if *reply_to == Some(MessageId(4)));
    assert!(is_answer, "{:?}", kept[0].post);
}

#[test]
fn the_journal_moves_from_sled_into_the_log() {
    let dir = store_of_layout(3);
    check_journal(&open(&dir));
    let db = open_sled(&dir.path().join("store")).unwrap();
    let names: Vec<_> = db.tree_names();
    assert!(
        !names
            .iter()
            .any(|name| name.as_ref() == JOURNAL_TREE.as_bytes())
    );
    drop(db);
    check_journal(&open(&dir));
}

/// The bridge may have been killed when the log counted and the old journal was there still.
#[test]
fn a_journal_that_a_migration_left_in_sled_is_dropped_at_the_next_start() {
    let dir = store_of_layout(3);
    drop(open(&dir));
    let path = dir.path().join("store");
    let db = open_sled(&path).unwrap();
    let journal = db.open_tree(JOURNAL_TREE).unwrap();
    journal.insert(b"a", b"the text of a message").unwrap();
    db.flush().unwrap();
    drop((journal, db));
    check_journal(&open(&dir));
    let names = open_sled(&path).unwrap().tree_names();
    assert!(
        names
            .iter()
            .all(|name| name.as_ref() != JOURNAL_TREE.as_bytes())
    );
}

/// The number of the layout may not have come to the disk when the bridge was killed.
#[test]
fn a_move_that_broke_off_is_done_again() {
    let dir = store_of_layout(3);
    let path = dir.path().join("store");
    let log = path.join("log");
    fs::create_dir(&log).unwrap();
    make_log(&log, &[], 3).unwrap();
    check_journal(&open(&dir));
}

#[test]
fn a_journal_of_layout_3_with_a_part_missing_is_refused_and_left_as_it_is() {
    let dir = store_of_layout(3);
    let path = dir.path().join("store");
    let db = open_sled(&path).unwrap();
    let journal = db.open_tree(JOURNAL_TREE).unwrap();
    journal.remove(numbered(b'p', 4, Some(0))).unwrap();
    drop((journal, db));
    for _ in 0..2 {
        let error = Store::open(dir.path(), Box::new(|_| {}))
            .unwrap_err()
            .to_string();
        assert!(error.contains("a part of p 4 is missing"), "{error}");
        assert!(error.contains("left unchanged"), "{error}");
    }
    assert_eq!(layout_of(&path), 3);
}
