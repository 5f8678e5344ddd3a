//! Files: an album, one by one, as a photo, as a document, and what is told of them.

use expect_test::expect;

use super::desk::{Desk, send, with_body};
use crate::outbox::{Body, FileCopy, FileForm, Post, PostError, Rejection, Together};

/// Returns a post of files with these names; those that end with `.png` are photos.
fn files(id: u64, names: &[&str], together: Together) -> Post {
    let file = |(place, name): (usize, &&str)| FileCopy {
        copy: format!("c{id}{place}"),
        name: (*name).to_owned(),
        size: 9,
        form: match name.ends_with(".png") {
            true => FileForm::Photo,
            false => FileForm::Document,
        },
        caption: match place {
            0 => "look".to_owned(),
            _ => String::new(),
        },
    };
    let files = names.iter().enumerate().map(file).collect();
    with_body(send(1, id, ""), Body::Files { files, together })
}

fn refused(why: &str) -> PostError {
    PostError::Rejected(Rejection::Telegram(why.to_owned()))
}

#[test]
fn an_album_is_one_message_and_its_copies_are_over_with_it() {
    let mut desk = Desk::new();
    desk.post(files(1, &["a.png", "b.png"], Together::Album));
    desk.ok();
    expect![[r#"
        0.000 1 send Album[a.png:Photo look, b.png:Photo] part 0
        0.000 ! files 1 of 1 (c10 c11): Taken { but: [] }
    "#]]
    .assert_eq(&desk.transcript());
    assert!(desk.journal_is_empty());
}

#[test]
fn an_album_that_is_refused_is_sent_one_by_one_and_a_photo_that_is_refused_as_a_document() {
    let mut desk = Desk::new();
    desk.post(files(1, &["a.png", "b.png"], Together::Album));
    desk.fail(refused("wrong album"));
    desk.ok_in_parts(2);
    desk.fail(refused("PHOTO_INVALID_DIMENSIONS"));
    desk.ok_in_parts(2);
    expect![[r#"
        0.000 1 send Album[a.png:Photo look, b.png:Photo] part 0
        0.000 ! 1 goes on otherwise: wrong album
        0.000 1 send Apart[a.png:Photo look, b.png:Photo] part 0
        0.000 1 send Apart[a.png:Photo look, b.png:Photo] part 1
        0.000 ! 1 goes on otherwise: PHOTO_INVALID_DIMENSIONS
        0.000 1 send Apart[a.png:Photo look, b.png:Document] part 1
        0.000 ! files 1 of 1 (c10 c11): Taken { but: [] }
    "#]]
    .assert_eq(&desk.transcript());
    assert!(desk.journal_is_empty());
}

#[test]
fn a_file_that_is_refused_is_told_and_holds_up_no_other() {
    let mut desk = Desk::new();
    desk.post(files(1, &["a.zip", "b.pdf", "c.pdf"], Together::Apart));
    desk.fail(PostError::Rejected(Rejection::FileTooBig));
    desk.ok_in_parts(3);
    desk.fail(refused("FILE_PARTS_INVALID"));
    desk.run_dry();
    desk.post(files(2, &["d.zip"], Together::Album));
    desk.fail(PostError::Rejected(Rejection::FileTooBig));
    desk.run_dry();
    expect![[r#"
        0.000 1 send Apart[a.zip:Document look, b.pdf:Document, c.pdf:Document] part 0
        0.000 ! 1 goes on otherwise: the file is too big
        0.000 1 send Apart[a.zip:Document, b.pdf:Document look, c.pdf:Document] part 1
        0.000 1 send Apart[a.zip:Document, b.pdf:Document look, c.pdf:Document] part 2
        0.000 ! files 1 of 1 (c10 c11 c12): Taken { but: [RefusedFile { name: "a.zip", why: FileTooBig }, RefusedFile { name: "c.pdf", why: Telegram("FILE_PARTS_INVALID") }] }
        0.000 1 send plain:⚠ The file a.zip could not be sent: the file is too big
        ⚠ The file c.pdf could not be sent: FILE_PARTS_INVALID part 0
        0.000 1 send Album[d.zip:Document look] part 0
        0.000 ! 1 dropped Answer: Rejected(FileTooBig)
        0.000 ! files 2 of 1 (c20): Refused([RefusedFile { name: "d.zip", why: FileTooBig }])
        1.000 1 send plain:⚠ The file d.zip could not be sent: the file is too big part 0
    "#]].assert_eq(&desk.transcript());
    assert!(desk.journal_is_empty());
}

#[test]
fn what_may_have_arrived_is_marked_in_whatever_way_it_is_sent_again() {
    let mut desk = Desk::new();
    desk.post(files(1, &["a.png", "b.png"], Together::Album));
    desk.fail(PostError::FateUnknown("cut".to_owned()));
    desk.pass_to_wake_up();
    desk.ok();
    desk.fail(refused("wrong album"));
    desk.ok_in_parts(2);
    desk.ok_in_parts(2);
    expect![[r#"
        0.000 1 send Album[a.png:Photo look, b.png:Photo] part 0
        0.000 ! 1 retry in 500ms
        0.500 1 typing
        0.500 1 send Album[a.png:Photo look, b.png:Photo] part 0 ↻
        0.500 ! 1 goes on otherwise: wrong album
        0.500 1 send Apart[a.png:Photo look, b.png:Photo] part 0 ↻
        0.500 1 send Apart[a.png:Photo look, b.png:Photo] part 1
        0.500 ! files 1 of 1 (c10 c11): Taken { but: [] }
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn files_for_a_chat_that_is_gone_are_over() {
    let mut desk = Desk::new();
    desk.post(files(1, &["a.pdf"], Together::Album));
    desk.post(files(2, &["b.pdf"], Together::Album));
    desk.fail(PostError::ChatGone("blocked".to_owned()));
    expect![[r#"
        0.000 1 send Album[a.pdf:Document look] part 0
        0.000 ! 1 gone with 2 answers, 0 notices: blocked
        0.000 ! files 1 of 1 (c10): Undelivered("blocked")
        0.000 ! files 2 of 1 (c20): Undelivered("blocked")
    "#]]
    .assert_eq(&desk.transcript());
    assert!(desk.journal_is_empty());
}
