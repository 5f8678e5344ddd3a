//! What /files has done to an inbox.

use std::fs::File;
use std::os::unix::fs::symlink;
use std::time::{Duration, SystemTime};

use bridge_actors::ids::{ChatId, FileId, MessageId, SessionKey};
use bridge_actors::sent_file::{FileKind, FileOf, Speech};

use super::*;
use crate::room::{Inbox, InboxLimits, Rooms};

const LIMIT: u64 = 1000;

fn house() -> (tempfile::TempDir, Room) {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("work")).unwrap();
    let rooms = Rooms::new(&home.path().join("data"), &[]);
    let key = SessionKey::of_chat(ChatId(7));
    let room = rooms.room(key, &home.path().join("work"));
    room.make_inbox().unwrap();
    (home, room)
}

fn put(room: &Room, name: &str, content: &str, at: u64) {
    let path = room.inbox().join(name);
    fs::write(&path, content).unwrap();
    let at = UNIX_EPOCH + Duration::from_secs(at);
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(at)
        .unwrap();
}

fn sent(name: &str) -> SentFile {
    SentFile {
        message: MessageId(5),
        of: FileOf::Message,
        album: None,
        kind: FileKind::Document,
        file: FileId("file".to_owned()),
        unique: name.to_owned(),
        name: Some(name.to_owned()),
        media_type: None,
        bytes: None,
        length: None,
        speech: Speech::Unheard,
    }
}

fn listed(room: &Room, needed: &[SentFile]) -> Vec<InboxFile> {
    let needed = needed.to_vec();
    let outcome = room.look_after(&InboxDeed::List { needed }, LIMIT);
    let InboxOutcome::Listed { files, limit } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(limit, LIMIT);
    files
}

fn names(files: &[InboxFile]) -> Vec<&str> {
    files.iter().map(|file| file.name.as_str()).collect()
}

#[test]
fn the_newest_whole_files_stand_first_and_nothing_else_is_listed() {
    let (home, room) = house();
    assert_eq!(listed(&room, &[]), []);
    put(&room, "old.txt", "one", 10);
    put(&room, "new.txt", "three", 30);
    put(&room, ".partial-1-x", "half", 40);
    symlink(home.path(), room.inbox().join("link")).unwrap();
    fs::create_dir(room.inbox().join("folder")).unwrap();
    let files = listed(&room, &[]);
    assert_eq!(names(&files), ["new.txt", "old.txt"]);
    assert_eq!((files[0].bytes, files[0].at.0), (5, 30));
    // Nobody has sent anything yet.
    fs::remove_dir_all(home.path().join("data")).unwrap();
    assert_eq!(listed(&room, &[]), []);
}

#[test]
fn what_a_prompt_needs_and_what_nobody_was_asked_about_is_not_cleared() {
    let (_home, room) = house();
    let needed = sent("needed.txt");
    put(&room, &file_name(&needed), "needed", 10);
    put(&room, "old.txt", "one", 10);
    put(&room, "later.txt", "three", 31);
    put(&room, ".partial-1-x", "half", 10);
    let needed = vec![needed];
    let is_needed = |file: &InboxFile| file.is_needed;
    let n_needed = listed(&room, &needed)
        .iter()
        .filter(|it| is_needed(it))
        .count();
    assert_eq!(n_needed, 1);
    let clear = InboxDeed::Clear {
        needed: needed.clone(),
        until: UnixSeconds(30),
    };
    let expected = |removed, bytes| InboxOutcome::Cleared {
        removed,
        bytes,
        needed: 1,
    };
    assert_eq!(room.look_after(&clear, LIMIT), expected(1, 3));
    assert_eq!(room.look_after(&clear, LIMIT), expected(0, 0), "once more");
    assert_eq!(listed(&room, &needed).len(), 2);
    assert!(room.inbox().join(".partial-1-x").exists(), "it still comes");
}

#[test]
fn what_a_prompt_has_just_found_is_not_cleared() {
    let (_home, room) = house();
    let asked_for = sent("asked for.txt");
    put(&room, &file_name(&asked_for), "content", 10);
    let inbox = Inbox::of(&room, InboxLimits::default()).unwrap();
    assert!(inbox.find(&asked_for).is_some());
    let (needed, now) = (Vec::new(), SystemTime::now());
    let until = UnixSeconds(now.duration_since(UNIX_EPOCH).unwrap().as_secs());
    let cleared = room.look_after(&InboxDeed::Clear { needed, until }, LIMIT);
    let InboxOutcome::Cleared { removed, .. } = cleared else {
        panic!("{cleared:?}");
    };
    assert_eq!(removed, 0, "the person was asked in the same second");
}

#[test]
fn a_file_is_copied_by_its_id_and_a_link_in_its_place_is_not() {
    let (home, room) = house();
    put(&room, "a\u{202e}.txt", "content", 10);
    put(&room, "empty.txt", "", 20);
    let files = listed(&room, &[]);
    let copy = |file: &InboxFile| {
        let file = file.id.clone();
        room.look_after(&InboxDeed::Copy { file }, LIMIT)
    };
    let InboxOutcome::Copied(copied) = copy(&files[1]) else {
        panic!("not copied");
    };
    assert_eq!((copied.name.as_str(), copied.size), ("a⟦U+202E⟧.txt", 7));
    assert_eq!(copy(&files[0]), InboxOutcome::NotCopied(PathFault::Empty));
    let gone = InboxOutcome::NotCopied(PathFault::NotFound);
    let path = room.inbox().join(&files[1].name);
    fs::remove_file(&path).unwrap();
    assert_eq!(copy(&files[1]), gone);
    fs::write(home.path().join("secret"), "secret").unwrap();
    symlink(home.path().join("secret"), &path).unwrap();
    assert_eq!(copy(&files[1]), gone);
    for forged in ["", "../../store", "x"] {
        let file = forged.to_owned();
        assert_eq!(room.look_after(&InboxDeed::Copy { file }, LIMIT), gone);
    }
    assert!(Path::new(&home.path().join("secret")).exists());
}
