//! What a chat has left is counted and deleted, whatever cuts that off.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::*;

fn house() -> (tempfile::TempDir, Rooms) {
    let data = tempfile::tempdir().unwrap();
    let at = |name: &str| data.path().join("data/chats").join(name);
    for (file, text) in [
        ("7/inbox/photo.jpg", "photo"),
        ("7/home/.claude/projects/-w/c.jsonl", "words"),
        ("-1007_3/inbox/a", "a"),
        ("-1007_4/inbox/b", "b"),
        ("70/inbox/other", "other"),
    ] {
        fs::create_dir_all(at(file).parent().unwrap()).unwrap();
        fs::write(at(file), text).unwrap();
    }
    fs::write(data.path().join("beside"), "beside").unwrap();
    symlink(data.path().join("beside"), at("7/home/link")).unwrap();
    let rooms = Rooms::new(&data.path().join("data"), &[]);
    (data, rooms)
}

fn delete(rooms: &Rooms, chat: ChatId) -> io::Result<()> {
    rooms.note_leaving(chat, None)?;
    rooms.take_away(chat)?;
    assert!(rooms.end_leaving(chat)?.is_some());
    assert_eq!(rooms.end_leaving(chat)?, None, "it is over");
    rooms.remove_gone()
}

#[test]
fn what_a_chat_left_is_counted_and_deleted_and_nothing_else_is() {
    let (data, rooms) = house();
    let all = [-1007, 7, 70].map(ChatId);
    assert_eq!(rooms.chats().unwrap(), BTreeSet::from(all));
    let left = rooms.left_by(ChatId(7)).unwrap();
    assert_eq!((left.files, left.has_more), (3, false));
    assert_eq!(rooms.left_by(ChatId(-1007)).unwrap().files, 2);
    assert_eq!(rooms.left_by(ChatId(8)).unwrap(), Left::default());
    for chat in [7, -1007, 8] {
        delete(&rooms, ChatId(chat)).unwrap();
    }
    assert_eq!(rooms.chats().unwrap(), BTreeSet::from([ChatId(70)]));
    assert_eq!(fs::read_dir(data.path().join("data")).unwrap().count(), 1);
    assert!(data.path().join("beside").exists(), "no link is followed");
}

#[test]
fn of_a_home_that_cannot_be_opened_nothing_is_said_to_be_known() {
    let (data, rooms) = house();
    let homes = |chat| {
        let bounds = Bounds::of_time(std::time::Duration::from_secs(60));
        rooms.homes_of(ChatId(chat), bounds).unwrap()
    };
    assert!(homes(7)[0].bytes > 0 && !homes(7)[0].has_more);
    symlink(data.path(), data.path().join("data/chats/70/home")).unwrap();
    let closed = Filled {
        bytes: 0,
        has_more: true,
    };
    assert_eq!(homes(70), [closed]);
}

#[test]
fn a_deletion_that_was_cut_off_anywhere_is_known_until_it_is_done() {
    let (data, rooms) = house();
    let chats = [ChatId(-1007), ChatId(7)];
    for chat in chats {
        rooms.note_leaving(chat, Some(ChatId(1))).unwrap();
    }
    assert_eq!(rooms.leaving().unwrap(), BTreeSet::from(chats));
    // One of two rooms is away when it is cut off.
    let away = data.path().join("data").join(LEAVING).join("-1007/x");
    fs::rename(data.path().join("data/chats/-1007_3"), away).unwrap();
    for chat in rooms.leaving().unwrap() {
        assert_eq!(rooms.told_of_leaving(chat), BTreeSet::from([ChatId(1)]));
        rooms.take_away(chat).unwrap();
        assert_eq!(rooms.left_by(chat).unwrap(), Left::default());
        rooms.end_leaving(chat).unwrap();
    }
    assert_eq!(rooms.leaving().unwrap(), BTreeSet::new());
    rooms.remove_gone().unwrap();
    assert_eq!(rooms.left_by(ChatId(70)).unwrap().files, 1);
    assert_eq!(fs::read_dir(data.path().join("data")).unwrap().count(), 1);
}

#[test]
fn folders_that_are_deeper_than_files_may_be_open_are_counted_and_removed() {
    let (data, rooms) = house();
    let mut deep = data.path().join("data/chats/7/home");
    for _ in 0..300 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("last"), "x").unwrap();
    let limited = std::thread::spawn(move || {
        let limit = nix::sys::resource::Resource::RLIMIT_NOFILE;
        let (soft, hard) = nix::sys::resource::getrlimit(limit).unwrap();
        nix::sys::resource::setrlimit(limit, 128, hard).unwrap();
        let counted = rooms.left_by(ChatId(7));
        let deleted = delete(&rooms, ChatId(7));
        nix::sys::resource::setrlimit(limit, soft, hard).unwrap();
        (counted, deleted)
    });
    let (counted, deleted) = limited.join().unwrap();
    assert_eq!(counted.unwrap().files, 4);
    deleted.unwrap();
    assert_eq!(fs::read_dir(data.path().join("data")).unwrap().count(), 1);
}

/// Lets root feel the modes of files too, as somebody else.
fn as_nobody(check: impl FnOnce() + Send + 'static) {
    let checking = std::thread::spawn(move || {
        if nix::unistd::geteuid().is_root() {
            nix::unistd::setfsuid(nix::unistd::Uid::from_raw(65_534));
        }
        check();
    });
    checking.join().unwrap();
}

#[test]
fn closed_and_read_only_folders_are_counted_as_far_as_it_goes_and_deleted() {
    as_nobody(|| {
        let (data, rooms) = house();
        let inbox = data.path().join("data/chats/7/inbox");
        let home = data.path().join("data/chats/7/home");
        fs::set_permissions(&inbox, Permissions::from_mode(0o000)).unwrap();
        for folder in [home.join(".claude/projects/-w"), home] {
            fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();
        }
        let left = rooms.left_by(ChatId(7)).unwrap();
        assert_eq!((left.files, left.has_more), (2, true));
        delete(&rooms, ChatId(7)).unwrap();
        assert_eq!(rooms.left_by(ChatId(7)).unwrap(), Left::default());
        assert!(data.path().join("beside").exists());
    });
}

#[test]
fn that_a_chat_was_deleted_meanwhile_is_known_to_whoever_asks() {
    let (_data, rooms) = house();
    let of_both = || [7, 70].map(|chat| rooms.deletions_of(ChatId(chat)));
    let before = of_both();
    delete(&rooms, ChatId(7)).unwrap();
    let after = of_both();
    assert_ne!(before[0], after[0]);
    assert_eq!(before[1], after[1]);
}
