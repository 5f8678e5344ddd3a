//! What files come to: copies in a form that Telegram takes, a question, or reasons.

use std::fs;
use std::path::PathBuf;

use bridge_actors::file_offer::ToolCall;
use bridge_actors::ids::{ChatId, SessionKey};
use bridge_actors::permission_request::Json;

use super::*;

struct House {
    home: tempfile::TempDir,
    rooms: Rooms,
}

impl House {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("work")).unwrap();
        let rooms = Rooms::new(&home.path().join("data"), &[]);
        Self { home, rooms }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.home.path().canonicalize().unwrap().join(path)
    }

    fn write(&self, path: &str, content: &[u8]) {
        fs::write(self.at("work").join(path), content).unwrap();
    }

    fn take(&self, paths: &[&str], allowed: &[&str]) -> Taken {
        self.take_as(paths, allowed, FileWish::Fitting)
    }

    fn take_as(&self, paths: &[&str], allowed: &[&str], wish: FileWish) -> Taken {
        let order = TakeFiles {
            key: SessionKey::of_chat(ChatId(7)),
            folder: self.at("work"),
            call: ToolCall {
                request: "r".to_owned(),
                id: Json("1".to_owned()),
            },
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            wish,
            allowed: allowed.iter().map(|path| (*path).to_owned()).collect(),
        };
        self.rooms.room(order.key, &order.folder).take(&order)
    }

    fn n_copies(&self) -> usize {
        let outgoing = self.at("data/chats/7/outgoing");
        fs::read_dir(outgoing).map_or(0, Iterator::count)
    }
}

/// Returns the start of a PNG with these sides.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
    png
}

fn copied(taken: Taken) -> Vec<FileCopy> {
    match taken {
        Taken::Copied(copies) => copies,
        other @ (Taken::Outside(_) | Taken::Refused(_)) => panic!("{other:?}"),
    }
}

#[test]
fn a_picture_is_a_photo_where_telegram_takes_it_as_one() {
    let house = House::new();
    let cases = [
        ("small.png", png(1, 1), FileForm::Photo),
        ("wide.png", png(2000, 100), FileForm::Photo),
        ("too-wide.png", png(2001, 100), FileForm::Document),
        ("large.png", png(5000, 5000), FileForm::Photo),
        ("too-large.png", png(5001, 5000), FileForm::Document),
        ("none.png", png(0, 5), FileForm::Document),
        ("cut.png", png(9, 9)[..18].to_vec(), FileForm::Document),
        (
            "lies.png",
            b"GIF89a\x01\0\x01\0".to_vec(),
            FileForm::Document,
        ),
        ("lies.txt", png(9, 9), FileForm::Photo),
    ];
    for (name, content, form) in cases {
        house.write(name, &content);
        let copies = copied(house.take(&[name], &[]));
        assert_eq!(copies[0].form, form, "{name}");
        assert_eq!(copies[0].size, content.len() as u64);
    }
    let as_it_is = house.take_as(&["small.png"], &[], FileWish::Document);
    assert_eq!(copied(as_it_is)[0].form, FileForm::Document);
    let heavy = File::options().write(true).open(house.at("work/large.png"));
    heavy.unwrap().set_len(MAX_PHOTO + 1).unwrap();
    let heavy = copied(house.take(&["large.png"], &[]));
    assert_eq!(heavy[0].form, FileForm::Document);
}

#[test]
fn of_several_files_all_are_copied_or_none_with_a_reason_for_each() {
    let house = House::new();
    house.write("a.txt", b"a");
    house.write("empty.txt", b"");
    let big = File::create(house.at("work/big.bin")).unwrap();
    big.set_len(MAX_SIZE + 1).unwrap();
    let taken = house.take(&["a.txt", "empty.txt", "no.txt", "big.bin", "../work"], &[]);
    let refused = [
        ("empty.txt", PathFault::Empty),
        ("no.txt", PathFault::NotFound),
        ("big.bin", PathFault::TooBig),
        ("../work", PathFault::NoPlainFile),
    ];
    let refused = refused.map(|(path, why)| RefusedPath {
        path: path.to_owned(),
        why,
    });
    assert_eq!(taken, Taken::Refused(refused.to_vec()));
    assert_eq!(house.n_copies(), 0);
    house.write("b\u{202e}\n.txt", b"b");
    let copies = copied(house.take(&["a.txt", "b\u{202e}\n.txt"], &[]));
    assert_eq!(house.n_copies(), 2);
    assert_eq!(copies[0].name, "a.txt");
    assert!(
        !copies[1].name.contains(['\n', '\u{202e}']),
        "{}",
        copies[1].name
    );
}

#[test]
fn what_lies_outside_is_asked_about_by_its_real_path_and_taken_by_no_other() {
    let house = House::new();
    fs::write(house.at("secret.txt"), "secret").unwrap();
    fs::write(house.at("other.txt"), "other").unwrap();
    std::os::unix::fs::symlink(house.at("secret.txt"), house.at("work/link.txt")).unwrap();
    house.write("a.txt", b"a");
    let Taken::Outside(outside) = house.take(&["a.txt", "link.txt"], &[]) else {
        panic!("it is asked about");
    };
    let path = house.at("secret.txt").display().to_string();
    assert_eq!(outside.paths, [path.as_str()]);
    assert_eq!(outside.shown, path);
    assert_eq!(outside.digest.len(), 64);
    assert_eq!(house.n_copies(), 0);
    assert_eq!(
        copied(house.take(&["a.txt", "link.txt"], &[&path])).len(),
        2
    );
    fs::remove_file(house.at("work/link.txt")).unwrap();
    std::os::unix::fs::symlink(house.at("other.txt"), house.at("work/link.txt")).unwrap();
    let exchanged = house.take(&["link.txt"], &[&path]);
    assert!(matches!(exchanged, Taken::Outside(_)), "{exchanged:?}");
}

#[test]
fn nothing_is_left_of_copies_that_no_session_takes() {
    let house = House::new();
    house.write("a.txt", b"a");
    house.write("b.txt", b"b");
    let taken = house.take(&["a.txt", "b.txt"], &[]);
    assert_eq!(house.n_copies(), 2);
    house.rooms.discard_taken(taken);
    assert_eq!(house.n_copies(), 0);
    let copy = copied(house.take(&["a.txt"], &[])).remove(0);
    house.rooms.discard_again(InboxOutcome::Copied(copy));
    assert_eq!(house.n_copies(), 0);
}
