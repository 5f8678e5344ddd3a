//! What comes into an inbox, and under which name.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use bridge_actors::ids::{ChatId, FileId, MessageId, SessionKey};
use bridge_actors::sent_file::{FileOf, Speech};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::room::Rooms;

const LIMITS: InboxLimits = InboxLimits {
    file: 100,
    all: 250,
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

fn inbox(home: &TempDir) -> Inbox {
    let room = Rooms::new(home.path(), &[]).room(SessionKey::of_chat(ChatId(7)), Path::new("/w"));
    Inbox::of(&room, LIMITS).expect("a folder")
}

fn sent(name: Option<&str>, unique: &str) -> SentFile {
    SentFile {
        message: MessageId(5),
        of: FileOf::Message,
        kind: FileKind::Document,
        file: FileId("file".to_owned()),
        unique: unique.to_owned(),
        name: name.map(str::to_owned),
        media_type: None,
        bytes: None,
        album: None,
        length: None,
        speech: Speech::Unheard,
    }
}

fn names(inbox: &Inbox) -> Vec<String> {
    let entries = fs::read_dir(&inbox.folder).expect("a folder");
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn put(inbox: &Inbox, sent: &SentFile, content: &[u8]) -> Result<ReceivedFile, FetchFault> {
    let mut incoming = inbox.begin(sent)?;
    incoming.write(content)?;
    incoming.finish()
}

#[test]
fn a_file_is_whole_or_not_there_and_nobody_else_can_read_it() {
    let home = tempfile::tempdir().unwrap();
    let inbox = inbox(&home);
    let sent = sent(Some("Report final.PDF"), "u1");
    assert_eq!(inbox.find(&sent), None);
    let mut incoming = inbox.begin(&sent).unwrap();
    incoming.write(b"one").unwrap();
    assert_eq!(inbox.find(&sent), None, "it is not whole");
    incoming.write(b"two").unwrap();
    let file = incoming.finish().unwrap();
    assert_eq!(inbox.find(&sent), Some(file.clone()));
    assert_eq!(fs::read(&file.path).unwrap(), b"onetwo");
    let mode = fs::metadata(&file.path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let name = file.path.file_name().unwrap().to_str().unwrap();
    assert!(
        name.starts_with("Report-final-") && name.ends_with(".pdf"),
        "{name}"
    );

    let mut left = inbox.begin(&self::sent(None, "u2")).unwrap();
    left.write(b"half").unwrap();
    drop(left);
    assert_eq!(names(&inbox), [name]);
}

#[test]
fn a_file_that_lies_about_its_size_is_cut_off() {
    let home = tempfile::tempdir().unwrap();
    let inbox = inbox(&home);
    let liar = SentFile {
        bytes: Some(1),
        ..sent(None, "u1")
    };
    let too_large = FetchFault::TooLarge { limit: LIMITS.file };
    assert_eq!(put(&inbox, &liar, &[0; 101]), Err(too_large.clone()));
    let honest = SentFile {
        bytes: Some(101),
        ..liar
    };
    assert_eq!(inbox.begin(&honest).map(drop), Err(too_large));
    assert_eq!(names(&inbox), [""; 0]);
}

#[test]
fn all_files_of_a_chat_together_have_a_limit() {
    let home = tempfile::tempdir().unwrap();
    let inbox = inbox(&home);
    for unique in ["a", "b"] {
        put(&inbox, &sent(None, unique), &[0; 90]).unwrap();
    }
    let full = FetchFault::InboxFull { limit: LIMITS.all };
    assert_eq!(put(&inbox, &sent(None, "c"), &[0; 80]), Err(full));
    put(&inbox, &sent(None, "d"), &[0; 70]).unwrap();
}

#[test]
fn an_empty_file_is_a_file() {
    let home = tempfile::tempdir().unwrap();
    let file = put(&inbox(&home), &sent(None, "u"), b"").unwrap();
    assert_eq!((file.bytes, file.picture), (0, None));
}

#[test]
fn a_picture_is_known_by_what_is_in_it() {
    let home = tempfile::tempdir().unwrap();
    let inbox = inbox(&home);
    let picture = put(&inbox, &sent(Some("x.txt"), "u1"), PNG).unwrap();
    assert_eq!(picture.picture, Some(PictureFormat::Png));
    let text = put(&inbox, &sent(Some("x.png"), "u2"), b"no picture at all").unwrap();
    assert_eq!(text.picture, None);
}

#[test]
fn a_link_in_the_place_of_a_file_is_no_file() {
    let home = tempfile::tempdir().unwrap();
    let inbox = inbox(&home);
    let sent = sent(Some("x.txt"), "u");
    let secret = home.path().join("secret");
    fs::write(&secret, "secret").unwrap();
    let place = inbox.folder.join(file_name(&sent));
    symlink(&secret, &place).unwrap();
    assert_eq!(inbox.find(&sent), None);
    put(&inbox, &sent, b"content").unwrap();
    assert_eq!(
        fs::read(&secret).unwrap(),
        b"secret",
        "the link is replaced"
    );
    assert_eq!(fs::read(&place).unwrap(), b"content");
}

#[test]
fn what_lies_on_this_machine_is_copied_by_the_same_rules() {
    let home = tempfile::tempdir().unwrap();
    let inbox = inbox(&home);
    let place = home.path().join("local");
    fs::write(&place, [1; 100]).unwrap();
    let file = inbox.copy(&sent(None, "u1"), &place).unwrap();
    assert_eq!(fs::read(file.path).unwrap(), [1; 100]);
    fs::write(&place, [1; 101]).unwrap();
    let too_large = FetchFault::TooLarge { limit: LIMITS.file };
    assert_eq!(inbox.copy(&sent(None, "u2"), &place), Err(too_large));
    let gone = home.path().join("gone");
    assert_eq!(inbox.copy(&sent(None, "u3"), &gone), Err(FetchFault::Gone));
    assert_eq!(
        inbox.copy(&sent(None, "u4"), home.path()),
        Err(FetchFault::Gone)
    );
}

#[test]
fn old_files_and_what_was_never_finished_go() {
    let home = tempfile::tempdir().unwrap();
    let inbox = inbox(&home);
    put(&inbox, &sent(None, "u"), b"x").unwrap();
    fs::write(inbox.folder.join(format!("{PARTIAL}1-x")), "x").unwrap();
    assert_eq!(inbox.remove_older_than(Duration::from_hours(1)).unwrap(), 0);
    assert_eq!(names(&inbox).len(), 2);
    assert_eq!(inbox.remove_older_than(Duration::ZERO).unwrap(), 1);
    assert_eq!(names(&inbox), [""; 0]);
}

#[test]
fn names_keep_what_is_harmless_and_tell_files_apart() {
    let name = |name| file_name(&sent(Some(name), "u"));
    let ending = name("x").strip_prefix("x").unwrap().to_owned();
    for (sent, kept) in [
        ("report.pdf", format!("report{ending}.pdf")),
        ("../../etc/passwd", format!("etc-passwd{ending}")),
        (".bashrc", format!("bashrc{ending}")),
        ("CLAUDE.md", format!("CLAUDE{ending}.md")),
        ("a\u{202e}fdp.exe", format!("a-fdp{ending}.exe")),
        ("-rf *", format!("rf{ending}")),
        (
            "Übersicht № 5.tar.gz",
            format!("Übersicht-5-tar{ending}.gz"),
        ),
        ("...", format!("file{ending}")),
        ("日本語.txt", format!("日本語{ending}.txt")),
        ("a@b", format!("a-b{ending}")),
        ("line\nbreak", format!("line-break{ending}")),
        (
            "x.this-is-no-extension",
            format!("x-this-is-no-extension{ending}"),
        ),
    ] {
        assert_eq!(name(sent), kept, "{sent:?}");
    }
    assert_ne!(name("x"), file_name(&sent(Some("x"), "other")));
    let photo = SentFile {
        kind: FileKind::Photo,
        ..sent(None, "u")
    };
    assert_eq!(file_name(&photo), format!("photo{ending}.jpg"));
}

proptest! {
    #[test]
    fn no_name_leaves_the_inbox_or_is_too_long(name in ".{0,300}", unique in ".{0,40}") {
        let name = file_name(&sent(Some(&name), &unique));
        prop_assert!(name.len() <= 100, "{name}");
        prop_assert!(!name.starts_with(['.', '-']));
        prop_assert!(name.chars().all(|it| it.is_alphanumeric() || "-_.".contains(it)), "{name}");
        let parts = Path::new(&name).components().count();
        prop_assert_eq!(parts, 1);
    }
}

/// Agents write into the inbox: a pipe of theirs would hold whoever opens it.
#[test]
fn a_pipe_or_link_in_the_place_of_a_file_is_no_file() {
    let home = tempfile::tempdir().expect("a folder");
    let inbox = inbox(&home);
    let at = |unique: &str| inbox.folder.join(file_name(&sent(Some("a.png"), unique)));
    mkfifo(&at("pipe"), Mode::S_IRWXU).expect("a pipe");
    fs::write(home.path().join("other"), PNG).expect("a file");
    symlink(home.path().join("other"), at("link")).expect("a link");
    for unique in ["pipe", "link"] {
        assert_eq!(inbox.find(&sent(Some("a.png"), unique)), None, "{unique}");
        assert_eq!(picture(&at(unique)), None, "{unique}");
    }
}
