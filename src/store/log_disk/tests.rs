//! A crash in the middle of a change of segments loses nothing.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use bridge_actors::chat_settings::Trust;
use bridge_actors::ids::{ChatId, MessageId, PostId, PromptId, SessionKey, UserId};
use bridge_actors::login_end::LoginEnd;
use bridge_actors::outbox::{Body, Post, PostAction, Rank, Sound};
use bridge_actors::ports::{JournalEntry, PostJournal, PromptJournal, SessionRecord, SessionStore};
use bridge_actors::session::{Instruct, Prompt};
use tempfile::TempDir;

use super::super::backup::{check_store, copy_folder};
use super::super::keeper::Disk as _;
use super::super::log::segments_in;
use super::super::open::{COMMIT_KEY, log_folder, number_at};
use super::super::sled_store::Store;

fn key(chat: i64) -> SessionKey {
    SessionKey::of_chat(ChatId(chat))
}

fn said(id: &str) -> Instruct {
    Instruct::Prompt(Prompt::new(
        PromptId(id.to_owned()),
        UserId(7),
        MessageId(1),
        "x".repeat(300),
    ))
}

fn post(id: u64) -> Post {
    let action = PostAction::Send {
        id: PostId(id),
        body: Body::Plain("an answer".repeat(30)),
        reply_to: None,
        sound: Sound::Ring,
    };
    Post {
        key: key(1),
        action,
        rank: Rank::Answer,
    }
}

fn session(folder: &str) -> SessionRecord {
    SessionRecord {
        conversation: None,
        folder: folder.into(),
        home: None,
        messages_with_buttons: Vec::new(),
        turn_card: None,
        detail: Default::default(),
        drafts: Default::default(),
        rich: Default::default(),
        ratings: Default::default(),
        choices: Default::default(),
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

/// Does some of everything.
fn work(store: &Store, round: &str) {
    for number in 0..4 {
        let id = format!("{round} {number}");
        store.accept(key(number), &said(&id)).unwrap();
    }
    let entry = JournalEntry {
        closed: vec![PromptId(format!("{round} 1"))],
        posts: vec![post(round.len() as u64)],
        ..JournalEntry::default()
    };
    store.write(key(1), &entry).unwrap();
    SessionStore::save(store, key(1), &session(round)).unwrap();
    store.move_session(key(2), key(20)).unwrap();
}

/// Returns all that can be read of a store, in words.
fn everything(store: &Store) -> String {
    let open = store.open_sessions().into_iter();
    let open: Vec<_> = open.map(|key| store.left_open(key).unwrap()).collect();
    let folder = SessionStore::load(store, key(1)).unwrap();
    format!("{open:?} {:?} {folder:?}", store.kept().unwrap())
}

fn open(dir: &Path) -> Store {
    Store::open(dir, Box::new(|fault| panic!("{fault}"))).unwrap()
}

fn copy(from: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_folder(&from.join("store"), &copy.path().join("store")).unwrap();
    fs::copy(from.join("store.mark"), copy.path().join("store.mark")).unwrap();
    copy
}

/// Changes the segment of a store by hand, and returns a copy of the folder at each step with what
/// was in the store then. Somebody writes at each step.
fn steps(dir: &Path) -> Vec<(&'static str, TempDir, String)> {
    let (store, mut disk) = Store::open_by_hand(dir).unwrap();
    work(&store, "before");
    disk.sync().unwrap();
    work(&store, "not synced");
    let copies = std::sync::Arc::new(Mutex::new(Vec::new()));
    let (of_steps, at_steps, dir) = (
        store.clone(),
        std::sync::Arc::clone(&copies),
        dir.to_owned(),
    );
    disk.on_step = Some(Box::new(move |name| {
        work(&of_steps, name);
        let mut copies = at_steps.lock().unwrap();
        copies.push((name, copy(&dir), everything(&of_steps)));
    }));
    disk.change_segment().unwrap();
    disk.on_step = None;
    work(&store, "after");
    std::mem::take(&mut copies.lock().unwrap())
}

#[test]
fn a_crash_at_each_step_of_a_change_of_segments_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let steps = steps(dir.path());
    assert_eq!(steps.len(), 6);
    for (step, copy, expected) in steps {
        assert_eq!(everything(&open(copy.path())), expected, "{step}");
        let left = segments_in(&log_folder(&copy.path().join("store"))).unwrap();
        assert_eq!(left.len(), 1, "{step}");
        // And the store that was opened then is whole.
        assert_eq!(everything(&open(copy.path())), expected, "{step}");
    }
}

/// Of the new segment the disk has what was synced before it got its name; the rest may be torn
/// anywhere.
#[test]
fn a_power_cut_in_a_change_of_segments_loses_nothing_that_was_synced() {
    let dir = tempfile::tempdir().unwrap();
    let steps = steps(dir.path());
    let counts = steps
        .iter()
        .find(|(name, ..)| *name == "the new segment counts");
    let (_, before, _) = counts.unwrap();
    let length = |copy: &TempDir| fs::metadata(newest(copy.path())).unwrap().len();
    let on_disk = length(before);
    for (step, at_step, _) in &steps[2..4] {
        let whole = fs::read(newest(at_step.path())).unwrap();
        let end = whole.iter().rposition(|byte| *byte != 0).unwrap();
        let from = usize::try_from(on_disk).unwrap().min(end);
        for cut in (from - 4000..end).step_by(97) {
            let torn = copy(at_step.path());
            let mut bytes = whole[..cut].to_vec();
            bytes.resize(whole.len(), 0);
            fs::write(newest(torn.path()), bytes).unwrap();
            let found = everything(&open(torn.path()));
            for id in ["before 0", "before 2", "before 3"] {
                assert!(found.contains(id), "{step}, cut at {cut}: {found}");
            }
        }
    }
}

/// A power cut may take what was not synced of the log; what sled has by then must not be of that.
#[test]
fn sled_never_has_what_the_disk_may_lose_of_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let (store, mut disk) = Store::open_by_hand(dir.path()).unwrap();
    work(&store, "not synced");
    let (of_step, meta) = (store.clone(), disk.sled.meta.clone());
    let seen = std::sync::Arc::new(Mutex::new(Vec::new()));
    let at_step = std::sync::Arc::clone(&seen);
    disk.on_step = Some(Box::new(move |name| {
        let sled_has = number_at(&meta, COMMIT_KEY).unwrap();
        let steps = (
            sled_has,
            of_step.syncing().synced(),
            of_step.syncing().n_done(),
        );
        at_step.lock().unwrap().push((name, steps));
    }));
    disk.change_segment().unwrap();
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    for (name, (sled_has, synced, _)) in &seen {
        assert!(
            *sled_has > 0 && sled_has <= synced,
            "{name}: sled has {sled_has} of {synced}"
        );
    }
    // And whoever waits for a slow disk sees at each step that it goes on.
    let done = seen
        .iter()
        .map(|(_, (_, _, done))| *done)
        .collect::<Vec<_>>();
    assert!(done.is_sorted_by(|a, b| a < b), "{done:?}");
}

fn newest(dir: &Path) -> std::path::PathBuf {
    let folder = log_folder(&dir.join("store"));
    let numbers = segments_in(&folder).unwrap();
    folder.join(format!("{:012}.log", numbers.last().unwrap()))
}

#[test]
fn what_sled_has_is_in_the_log_no_more_and_is_found_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let expected = {
        let (store, mut disk) = Store::open_by_hand(dir.path()).unwrap();
        work(&store, "before");
        disk.checkpoint().unwrap();
        assert_eq!(store.door().look_at_overlay(|it| it.len()), 0);
        everything(&store)
    };
    let log = fs::read(newest(dir.path())).unwrap();
    let shown = String::from_utf8_lossy(&log).into_owned();
    assert!(shown.contains("before 0") && !shown.contains("sessions"));
    assert_eq!(everything(&open(dir.path())), expected);
}

#[test]
fn a_sled_that_is_older_than_the_log_says_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let older = tempfile::tempdir().unwrap();
    {
        let (store, mut disk) = Store::open_by_hand(dir.path()).unwrap();
        copy_folder(&dir.path().join("store"), older.path()).unwrap();
        work(&store, "before");
        disk.checkpoint().unwrap();
        disk.close().unwrap();
    }
    // All of sled is as it was; the log is not.
    let store = dir.path().join("store");
    let of_sled = |entry: &fs::DirEntry| entry.path() != log_folder(&store);
    for entry in fs::read_dir(&store).unwrap().flatten().filter(of_sled) {
        match entry.file_type().unwrap().is_dir() {
            true => fs::remove_dir_all(entry.path()).unwrap(),
            false => fs::remove_file(entry.path()).unwrap(),
        }
    }
    fs::remove_dir_all(log_folder(older.path())).unwrap();
    copy_folder(older.path(), &store).unwrap();
    let error = Store::open(dir.path(), Box::new(|_| {}))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("went back to commit 0, although "),
        "{error}"
    );
}

#[test]
fn a_log_that_is_damaged_is_refused_with_its_place_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    {
        let (store, mut disk) = Store::open_by_hand(dir.path()).unwrap();
        work(&store, "before");
        disk.sync().unwrap();
        store.syncing().has_synced(store.door().seq());
        work(&store, "after");
        disk.close().unwrap();
    }
    let path = newest(dir.path());
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.windows(8).position(|it| it == b"before 0").unwrap();
    bytes[at] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let error = Store::open(dir.path(), Box::new(|_| {}))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("(log/000000000001.log: the record at byte "),
        "{error}"
    );
    assert!(error.contains("left unchanged"), "{error}");
    let checked = check_store(dir.path()).unwrap_err().to_string();
    assert_eq!(checked, error, "a check tells the same");
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_log_that_ends_before_the_mark_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    {
        let (store, mut disk) = Store::open_by_hand(dir.path()).unwrap();
        work(&store, "before");
        disk.close().unwrap();
    }
    let path = newest(dir.path());
    let length = fs::metadata(&path).unwrap().len();
    let bytes = fs::read(&path).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    fs::write(&path, &bytes[..end - 8]).unwrap();
    assert!(fs::metadata(&path).unwrap().len() < length);
    let error = Store::open(dir.path(), Box::new(|_| {}))
        .unwrap_err()
        .to_string();
    assert!(error.contains("it went back to commit "), "{error}");
}
