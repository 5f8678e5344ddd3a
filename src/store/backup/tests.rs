//! What backups promise.

use std::os::unix::fs::PermissionsExt;

use bridge_actors::chat_settings::Choices;
use bridge_actors::chat_settings::Detail;
use bridge_actors::chat_settings::Drafts;
use bridge_actors::chat_settings::Trust;
use bridge_actors::clock::UnixSeconds;
use bridge_actors::ids::{
    ChatId, ConversationId, MessageId, PromptId, SessionKey, TopicId, UserId,
};
use bridge_actors::login_end::LoginEnd;
use bridge_actors::ports::{
    Admitter, GroupRecord, GroupStanding, SessionRecord, SessionStore, Standing, TurnCard,
    UserRecord, UserStore,
};
use tempfile::TempDir;

use super::super::record;
use super::*;

const ALL: Contents = Contents {
    sessions: 2,
    users: 3,
    groups: 1,
};

fn open(dir: &Path) -> Store {
    Store::open(dir, Box::new(|fault| panic!("{fault}"))).unwrap()
}

fn user(id: i64) -> UserRecord {
    UserRecord {
        user: UserId(id),
        chat: ChatId(id),
        username: None,
        first_name: "Zoë \"\\ \u{202e}\n".into(),
        language: None,
        created_at: UnixSeconds(5),
        last_seen: None,
        standing: Standing::Active,
        admitted_by: Some(Admitter::Host),
        is_admin: id == 1,
    }
}

fn session(folder: &str) -> SessionRecord {
    SessionRecord {
        conversation: Some(ConversationId(format!("conversation of {folder}"))),
        folder: folder.into(),
        home: None,
        messages_with_buttons: Vec::new(),
        turn_card: None,
        detail: Detail::default(),
        drafts: Drafts::default(),
        rich: bridge_actors::chat_settings::Rich::Off,
        ratings: bridge_actors::rating::Ratings::default(),
        choices: Choices::default(),
        trust: Trust::Untrusted,
        told_of_voice: None,
        is_told_of_home: false,
        login_page: None,
        told_of_login: LoginEnd::default(),
        in_background: Vec::new(),
        timers: Vec::new(),
        works_for: None,
        memory: bridge_actors::ports::Memory::default(),
    }
}

/// Returns a folder with a store that has something of everything.
fn filled() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for id in 1..=3 {
        UserStore::save(&store, &user(id)).unwrap();
    }
    let topic = SessionKey {
        chat: ChatId(-5),
        topic: Some(TopicId(7)),
    };
    SessionStore::save(&store, topic, &session("a")).unwrap();
    SessionStore::save(&store, SessionKey::of_chat(ChatId(1)), &session("b")).unwrap();
    let standing = GroupStanding::Allowed { by: UserId(1) };
    let chat = ChatId(-5);
    store.save_group(&GroupRecord { chat, standing }).unwrap();
    dir
}

fn everything(dir: &Path) -> Vec<RawRecord> {
    let store = open(dir);
    store.raw_records().map(Result::unwrap).collect()
}

/// Returns the bytes of every file below a folder, by path.
fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().flatten() {
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(files(&entry.path())),
            false => found.push((entry.path(), fs::read(entry.path()).unwrap())),
        }
    }
    found.sort();
    found
}

#[test]
fn what_is_restored_is_what_was_backed_up() {
    let dir = filled();
    let file = dir.path().join("backup");
    assert_eq!(write_backup(&open(dir.path()), &file).unwrap(), ALL);
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let other = tempfile::tempdir().unwrap();
    assert_eq!(restore_backup(&file, other.path()).unwrap(), ALL);
    let records = open(other.path()).door().seq();
    assert_eq!(records, 1, "a restore that is cut short leaves nothing");
    assert_eq!(everything(other.path()), everything(dir.path()));
}

/// Returns a session that shows a running turn and has a request with buttons.
fn running_session() -> SessionRecord {
    SessionRecord {
        messages_with_buttons: vec![MessageId(101)],
        turn_card: Some(TurnCard {
            message: MessageId(102),
            prompt: PromptId("7-8".into()),
            text: "words of Claude".into(),
        }),
        ..session("a")
    }
}

#[test]
fn a_backup_has_no_words_of_claude_and_no_message_to_edit() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let key = SessionKey::of_chat(ChatId(1));
    SessionStore::save(&store, key, &running_session()).unwrap();
    let file = dir.path().join("backup");
    write_backup(&store, &file).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains("words") && !text.contains("card"), "{text}");
    let kept = SessionStore::load(&store, key).unwrap();
    assert_eq!(kept, Some(running_session()), "the store is as it was");
    let other = tempfile::tempdir().unwrap();
    restore_backup(&file, other.path()).unwrap();
    let restored = SessionStore::load(&open(other.path()), key).unwrap();
    assert_eq!(restored, Some(session("a")));
}

#[test]
fn what_an_earlier_bridge_backed_up_is_restored_without_its_cards() {
    let dir = tempfile::tempdir().unwrap();
    let key = SessionKey::of_chat(ChatId(1));
    let entry = Entry {
        tree: record::SESSIONS.to_owned(),
        key: to_hex(&record::session_key(key)),
        value: String::from_utf8(encode_session(&running_session()).unwrap()).unwrap(),
    };
    let head = line(&Head {
        bridge_backup: FORMAT,
        schema: SCHEMA,
    });
    let body = head.unwrap() + &line(&entry).unwrap();
    let crc32 = crc32fast::hash(body.as_bytes());
    let file = dir.path().join("backup");
    fs::write(&file, body + &line(&Tail { records: 1, crc32 }).unwrap()).unwrap();
    restore_backup(&file, dir.path()).unwrap();
    let restored = SessionStore::load(&open(dir.path()), key).unwrap();
    assert_eq!(restored, Some(session("a")));
}

#[test]
fn a_backup_that_was_cut_or_changed_anywhere_is_refused() {
    let dir = filled();
    let file = dir.path().join("backup");
    write_backup(&open(dir.path()), &file).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    assert!(parse_backup(&text).is_ok());
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        assert!(parse_backup(&text[..end]).is_err(), "cut at {end}");
    }
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
        if let Ok(changed) = String::from_utf8(bytes) {
            // A tail with another spelling of the same numbers is the same.
            let parsed = parse_backup(&changed);
            assert!(parsed.is_err(), "changed at {at}: {changed}");
        }
    }
}

#[test]
fn a_store_that_is_there_is_not_overwritten() {
    let dir = filled();
    let file = dir.path().join("backup");
    write_backup(&open(dir.path()), &file).unwrap();
    let before = everything(dir.path());
    let error = restore_backup(&file, dir.path()).unwrap_err();
    assert!(matches!(error, BackupError::Occupied { .. }), "{error}");
    assert_eq!(everything(dir.path()), before);
}

#[test]
fn a_backup_of_a_newer_bridge_is_told() {
    for head in [
        r#"{"bridge_backup":2,"schema":1}"#,
        r#"{"bridge_backup":1,"schema":99}"#,
    ] {
        let body = format!("{head}\n");
        let crc32 = crc32fast::hash(body.as_bytes());
        let text = format!("{body}{{\"records\":0,\"crc32\":{crc32}}}\n");
        let reason = parse_backup(&text).unwrap_err();
        assert_eq!(reason, "it was made by a newer bridge");
    }
}

#[test]
fn a_check_reads_everything_and_changes_nothing() {
    let dir = filled();
    let before = files(&dir.path().join("store"));
    assert_eq!(check_store(dir.path()).unwrap(), ALL);
    assert_eq!(files(&dir.path().join("store")), before);
    assert!(!dir.path().join("store.check").exists());
}

#[test]
fn a_damaged_store_is_told_and_left_as_it_is() {
    let dir = filled();
    let log = dir.path().join("store/db");
    let mut bytes = fs::read(&log).unwrap();
    for byte in &mut bytes[64..4096] {
        *byte ^= 0x5a;
    }
    fs::write(&log, bytes).unwrap();
    let before = files(&dir.path().join("store"));
    let told = check_store(dir.path()).unwrap_err().to_string();
    assert!(told.contains("damaged"), "{told}");
    assert_eq!(files(&dir.path().join("store")), before);
}

#[test]
fn a_record_that_is_none_is_found_by_a_check_and_not_backed_up() {
    let dir = filled();
    let store = open(dir.path());
    let broken = RawRecord {
        tree: Tree::Users,
        key: vec![1],
        value: b"{\"v\":1".to_vec(),
    };
    store.put_raw(vec![broken]).unwrap();
    let file = dir.path().join("backup");
    assert!(write_backup(&store, &file).is_err());
    assert!(!file.exists());
    drop(store);
    let told = check_store(dir.path()).unwrap_err().to_string();
    assert!(told.contains("users"), "{told}");
}

#[test]
fn a_running_bridge_keeps_the_check_away() {
    let dir = filled();
    let _store = open(dir.path());
    let error = check_store(dir.path()).unwrap_err();
    let is_busy = matches!(error, BackupError::Open(OpenError::Busy { .. }));
    assert!(is_busy, "{error}");
}

#[test]
fn the_latest_three_days_are_kept_and_a_day_has_one_backup() {
    let dir = filled();
    let store = open(dir.path());
    for day in ["2026-01-09", "2026-01-10", "2026-01-11", "2026-01-12"] {
        let made = backup_of_the_day(&store, dir.path(), day).unwrap();
        assert!(made.is_some());
        assert_eq!(backup_of_the_day(&store, dir.path(), day).unwrap(), None);
    }
    let kept = files(&dir.path().join("backups")).into_iter();
    let names: Vec<_> = kept
        .map(|(path, _)| path.file_name().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        ["2026-01-10.jsonl", "2026-01-11.jsonl", "2026-01-12.jsonl"]
    );
}
