//! Tests of the store: what survives, and who else may have it.

use std::path::PathBuf;

use bridge_actors::clock::UnixSeconds;
use bridge_actors::ids::{ChatId, ConversationId, UserId};

use super::*;

fn open(data: &Path) -> Store {
    Store::open(data, |fault| panic!("the store failed: {fault}")).unwrap()
}

fn session() -> SessionRecord {
    SessionRecord {
        conversation: Some(ConversationId("c1".to_owned())),
        folder: PathBuf::from("/project"),
    }
}

const KEY: SessionKey = SessionKey {
    chat: ChatId(-100),
    topic: None,
};

#[test]
fn users_and_sessions_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let user = UserRecord {
        user: UserId(7),
        chat: ChatId(7),
        username: Some("olga".to_owned()),
        first_name: "Olga".to_owned(),
        created_at: UnixSeconds(1),
        is_active: true,
        is_admin: true,
    };
    let store = open(folder.path());
    assert_eq!(SessionStore::load(&store, KEY).unwrap(), None);
    SessionStore::save(&store, KEY, &session()).unwrap();
    UserStore::save(&store, &user).unwrap();
    drop(store);

    let store = open(folder.path());
    assert_eq!(SessionStore::load(&store, KEY).unwrap(), Some(session()));
    assert_eq!(store.users().unwrap(), [user]);
}

#[test]
fn a_second_bridge_is_refused_until_the_first_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    let refused = Store::open(folder.path(), |_| {}).unwrap_err();
    assert!(matches!(refused, OpenError::InUse(_)), "{refused}");
    assert!(refused.to_string().contains("storage.dir"));
    drop(first);
    open(folder.path());
}

#[test]
fn an_unreadable_record_is_an_error_that_names_the_session_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store
        .sessions
        .insert(record::session_key(KEY), b"junk")
        .unwrap();
    let error = SessionStore::load(&store, KEY).unwrap_err();
    assert!(error.to_string().contains("-100"), "{error}");
    assert_eq!(
        store
            .sessions
            .get(record::session_key(KEY))
            .unwrap()
            .unwrap(),
        b"junk"
    );
}

#[test]
fn everything_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("deep/data");
    drop(open(&data));
    for path in [data.clone(), data.join("store")] {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", path.display());
    }
}
