//! What the store promises on a real disk.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use bridge_actors::chat_settings::Choices;
use bridge_actors::chat_settings::Detail;
use bridge_actors::chat_settings::Drafts;
use bridge_actors::chat_settings::Trust;
use bridge_actors::clock::UnixSeconds;
use bridge_actors::ids::{ChatId, ConversationId, UserId};
use bridge_actors::login_end::LoginEnd;
use bridge_actors::ports::Standing;
use tempfile::TempDir;

use super::super::backup::copy_folder;
use super::super::open::{META_TREE, SCHEMA, SCHEMA_KEY, open_sled};
use super::*;

fn open(dir: &Path) -> Result<Store, OpenError> {
    Store::open(dir, Box::new(|reason| panic!("the store failed: {reason}")))
}

fn user(id: i64) -> UserRecord {
    UserRecord {
        user: UserId(id),
        chat: ChatId(id),
        username: Some("ada".to_owned()),
        first_name: "Ada".to_owned(),
        language: None,
        created_at: UnixSeconds(1_700_000_000),
        last_seen: None,
        standing: Standing::Active,
        admitted_by: None,
        is_admin: id == 1,
    }
}

fn session(conversation: &str) -> SessionRecord {
    SessionRecord {
        conversation: Some(ConversationId(conversation.to_owned())),
        folder: PathBuf::from("/srv/site"),
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

fn all_users(store: &Store) -> Vec<UserRecord> {
    let mut users = Vec::new();
    store.scan(&mut |user| users.push(user)).unwrap();
    users
}

fn save_synced(store: &Store, id: i64) {
    UserStore::save(store, &user(id)).unwrap();
    store.flush().unwrap();
}

fn key(chat: i64) -> SessionKey {
    SessionKey::of_chat(ChatId(chat))
}

/// Makes a store with content and closes it.
fn filled() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    for id in 1..=50 {
        save_synced(&store, id);
    }
    SessionStore::save(&store, key(-5), &session("one")).unwrap();
    dir
}

fn content(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

fn is_snapshot(path: &Path) -> bool {
    path.file_name()
        .unwrap()
        .to_string_lossy()
        .starts_with("snap.")
}

fn open_failure(dir: &Path) -> String {
    let error = open(dir).unwrap_err().to_string();
    error.replace(&dir.display().to_string(), "DIR")
}

#[test]
fn records_survive_a_reopen() {
    let dir = filled();
    let store = open(dir.path()).unwrap();
    let users = all_users(&store);
    assert_eq!(users, (1..=50).map(user).collect::<Vec<_>>());
    assert_eq!(
        SessionStore::load(&store, key(-5)).unwrap(),
        Some(session("one"))
    );
    assert_eq!(SessionStore::load(&store, key(5)).unwrap(), None);
}

#[test]
fn later_save_replaces_the_earlier_one() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    SessionStore::save(&store, key(1), &session("one")).unwrap();
    SessionStore::save(&store, key(1), &session("two")).unwrap();
    store.flush().unwrap();
    drop(store);
    let store = open(dir.path()).unwrap();
    assert_eq!(
        SessionStore::load(&store, key(1)).unwrap(),
        Some(session("two"))
    );
}

#[test]
fn second_open_is_refused_while_the_first_lives() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path()).unwrap();
    let second_handle = first.clone();
    drop(first);
    assert_eq!(
        open_failure(dir.path()),
        "another bridge is running with this data folder (DIR); stop it, or choose another \
         storage.dir"
    );
    drop(second_handle);
    open(dir.path()).unwrap();
}

#[test]
fn second_open_leaves_the_snapshot_of_the_first_alone() {
    let dir = tempfile::tempdir().unwrap();
    let _first = open(dir.path()).unwrap();
    let alive = dir.path().join("store/snap.00.generating");
    fs::write(&alive, "being written").unwrap();
    open(dir.path()).unwrap_err();
    assert!(alive.exists());
}

#[test]
fn half_written_snapshot_is_cleared_away() {
    let dir = filled();
    let torn = dir.path().join("store/snap.0000000000000FFF.generating");
    fs::write(&torn, "torn").unwrap();
    let store = open(dir.path()).unwrap();
    assert!(!torn.exists());
    assert_eq!(all_users(&store).len(), 50);
}

#[test]
fn damaged_store_is_refused_and_left_as_it_is() {
    let dir = filled();
    let path = dir.path().join("store");
    for snapshot in content(&path).into_keys().filter(|path| is_snapshot(path)) {
        fs::write(snapshot, "nonsense").unwrap();
    }
    let before = content(&path);
    let error = open_failure(dir.path());
    assert!(
        error.starts_with("the store in DIR/store is damaged ("),
        "{error}"
    );
    assert!(
        error.contains("and was left unchanged: move it and store.mark away"),
        "{error}"
    );
    assert_eq!(content(&path), before);
}

#[test]
fn truncated_log_is_refused_not_taken_for_an_older_store() {
    let dir = filled();
    let log = File::options()
        .write(true)
        .open(dir.path().join("store/db"))
        .unwrap();
    log.set_len(100).unwrap();
    let error = open_failure(dir.path());
    assert!(
        error.starts_with("the store in DIR/store is damaged ("),
        "{error}"
    );
}

#[test]
fn store_that_went_back_in_time_is_refused() {
    let dir = filled();
    let older = tempfile::tempdir().unwrap();
    let path = dir.path().join("store");
    copy_folder(&path, older.path()).unwrap();
    let store = open(dir.path()).unwrap();
    save_synced(&store, 51);
    drop(store);
    fs::remove_dir_all(&path).unwrap();
    fs::rename(older.path(), &path).unwrap();
    let error = open_failure(dir.path());
    assert!(
        error.contains("is damaged (it went back to commit "),
        "{error}"
    );
    assert!(error.contains("move it and store.mark away"), "{error}");
}

#[test]
fn store_can_be_opened_while_an_earlier_one_is_still_letting_go() {
    let dir = filled();
    let holder = File::open(dir.path().join("store/db")).unwrap();
    let held = nix::fcntl::Flock::lock(holder, nix::fcntl::FlockArg::LockExclusive).unwrap();
    let release = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        drop(held);
    });
    open(dir.path()).unwrap();
    release.join().unwrap();
}

#[test]
fn many_reopens_keep_the_mark_in_step() {
    let dir = tempfile::tempdir().unwrap();
    for id in 1..=5 {
        let store = open(dir.path()).unwrap();
        save_synced(&store, id);
        save_synced(&store, id + 100);
    }
    assert_eq!(all_users(&open(dir.path()).unwrap()).len(), 10);
}

#[test]
fn debug_output_shows_no_record() {
    let dir = filled();
    let store = open(dir.path()).unwrap();
    assert_eq!(format!("{store:?}"), "Store { .. }");
}

#[test]
fn store_that_lost_its_content_is_not_taken_for_a_new_one() {
    let dir = filled();
    fs::remove_dir_all(dir.path().join("store")).unwrap();
    let error = open_failure(dir.path());
    assert!(
        error.contains("is damaged (its content is lost)"),
        "{error}"
    );
}

#[test]
fn store_of_a_newer_bridge_is_refused() {
    let dir = filled();
    let path = dir.path().join("store");
    let db = open_sled(&path).unwrap();
    let meta = db.open_tree(META_TREE).unwrap();
    meta.insert(SCHEMA_KEY, &(SCHEMA + 1).to_be_bytes())
        .unwrap();
    drop((meta, db));
    assert_eq!(
        open_failure(dir.path()),
        "the store in DIR/store was written by a newer bridge (layout 7; this bridge knows 6); \
         use that version, or choose another storage.dir"
    );
}

#[test]
fn damaged_record_is_an_error_that_names_its_key() {
    let dir = filled();
    let store = open(dir.path()).unwrap();
    let key = record::user_key(UserId(9));
    store.put(Tree::Users, &key, b"{".to_vec()).unwrap();
    let error = store.scan(&mut |_| ()).unwrap_err().to_string();
    assert!(
        error.starts_with("cannot use the store: user 8000000000000009: "),
        "{error}"
    );
}

#[test]
fn record_under_the_key_of_another_person_is_refused() {
    let dir = filled();
    let store = open(dir.path()).unwrap();
    let admin = record::encode_user(&user(1)).unwrap();
    store
        .put(Tree::Users, &record::user_key(UserId(9)), admin)
        .unwrap();
    let error = store.scan(&mut |_| ()).unwrap_err().to_string();
    assert!(error.contains("the record is of user 1"), "{error}");
}

#[test]
fn folders_are_made_for_the_owner_only() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("deep/data");
    let _store = open(&data).unwrap();
    for (path, mode) in [
        (data.clone(), 0o700),
        (data.join("store"), 0o700),
        (data.join("lock"), 0o600),
    ] {
        let found = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{}", path.display());
    }
}

#[test]
fn saved_session_reaches_the_disk_without_a_wait_of_the_writer() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    SessionStore::save(&store, key(1), &session("one")).unwrap();
    // A copy of the files is what a power cut would leave.
    let copy = tempfile::tempdir().unwrap();
    store.flush().unwrap();
    copy_folder(&dir.path().join("store"), &copy.path().join("store")).unwrap();
    fs::copy(
        dir.path().join("store.mark"),
        copy.path().join("store.mark"),
    )
    .unwrap();
    let after_the_cut = open(copy.path()).unwrap();
    assert_eq!(
        SessionStore::load(&after_the_cut, key(1)).unwrap(),
        Some(session("one"))
    );
}
