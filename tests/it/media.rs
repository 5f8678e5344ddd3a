//! Promise: what a person sends is in their inbox before Claude is told of it, whatever happens to
//! the download, and runs once.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use playground::{AttachmentKind, Fault, Matcher, Post, Trouble, Upload};

use crate::support::bridge::{OWNER, World};

/// A picture of one dot.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

fn document(name: &str, content: impl Into<Vec<u8>>, caption: &str) -> Upload {
    Upload {
        caption: caption.to_owned(),
        ..Upload::document(name, "application/octet-stream", content)
    }
}

/// Returns where the agent was told that a file lies.
fn told_path(answer: &Post) -> PathBuf {
    let (_, rest) = answer.text.split_once("[The user sent a").unwrap();
    let (_, rest) = rest.split_once(": ").unwrap();
    PathBuf::from(rest.split_once(" (").unwrap().0)
}

/// Lets the calls of a method go wrong.
fn trouble(world: &World, method: &str, times: usize, what: Trouble) {
    let when = Matcher::method(method).times(times);
    world.playground.push_fault(Fault { when, what });
}

fn send_and_see(world: &World, upload: Upload, expected: &str) -> Post {
    let said = world.playground.send_file(OWNER, upload);
    world.see_after(OWNER, said.message_id, expected)
}

#[test]
fn a_photo_with_words_runs_with_the_file_in_the_inbox() {
    let world = World::new();
    let _bridge = world.start();
    let photo = Upload {
        kind: AttachmentKind::Photo,
        ..document("x.png", PNG, "rehearse: say look")
    };
    let answer = send_and_see(&world, photo, "look");
    let path = told_path(&answer);
    assert_eq!(fs::read(&path).unwrap(), PNG);
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    let inbox = world.path("data/chats/1001/inbox").canonicalize().unwrap();
    assert_eq!(path.parent(), Some(inbox.as_path()));
    assert_eq!(mode(&inbox), 0o700);
    world.assert_no_violations();
}

#[test]
fn every_kind_of_file_reaches_claude_and_voices_need_no_words() {
    let world = World::new();
    let _bridge = world.start();
    for (kind, what, caption) in [
        (AttachmentKind::Document, "a file", "a file"),
        (AttachmentKind::Photo, "a photo", "a photo"),
        (AttachmentKind::Video, "a video", "a video"),
        (AttachmentKind::Animation, "an animation", "an animation"),
        (AttachmentKind::Audio, "an audio file", "music"),
        (AttachmentKind::Voice, "a voice message", ""),
        (AttachmentKind::VideoNote, "a video message", ""),
    ] {
        let upload = Upload {
            kind,
            ..document("of the day.bin", [7; 1000], caption)
        };
        let answer = send_and_see(&world, upload, &format!("[The user sent {what}: "));
        assert!(answer.text.contains(caption), "{}", answer.text);
        assert_eq!(fs::read(told_path(&answer)).unwrap(), [7; 1000]);
    }
    assert_eq!(world.ledger().len(), 7);
}

#[test]
fn a_sticker_says_its_emoji() {
    let world = World::new();
    let _bridge = world.start();
    let said = world.playground.sticker(OWNER, "👍");
    world.see_after(OWNER, said.message_id, "[sticker 👍]");
}

#[test]
fn a_download_that_fails_or_breaks_off_is_tried_again() {
    let world = World::new();
    let _bridge = world.start();
    trouble(&world, "getFile", 1, Trouble::ServerError(500));
    trouble(&world, "download", 1, Trouble::DropAfterWork);
    let content: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    let upload = document("big.bin", content.clone(), "rehearse: say big");
    let answer = send_and_see(&world, upload, "big");
    assert!(
        fs::read(told_path(&answer)).unwrap() == content,
        "all of it"
    );
    assert_eq!(world.ledger().len(), 1);
    let inbox = fs::read_dir(world.path("data/chats/1001/inbox")).unwrap();
    assert_eq!(inbox.count(), 1, "nothing is left of the first try");
}

#[test]
fn a_file_that_cannot_be_had_is_one_line_and_can_be_tried_again() {
    let world = World::new();
    let _bridge = world.start();
    let invalid = "Bad Request: invalid file_id".to_owned();
    trouble(&world, "getFile", 1, Trouble::BadRequest(invalid));
    let told = send_and_see(
        &world,
        document("x.txt", "content", "rehearse: say here it is"),
        "did not run",
    );
    assert_eq!(world.ledger(), [""; 0]);
    world.press(&told, "↻ Try again");
    let answer = world.see_after(OWNER, told.message_id, "here it is");
    assert_eq!(fs::read(told_path(&answer)).unwrap(), b"content");
    world.see_edited(&told, "Trying again");
}

#[test]
fn what_is_too_large_is_told_and_the_chat_goes_on() {
    let mut world = World::new();
    world.set("limits.max_file_size", "\"1KB\"");
    world.set("limits.files_per_chat", "\"2KB\"");
    let _bridge = world.start();
    send_and_see(&world, document("a", [1; 1025], "one"), "up to 1 KB");
    send_and_see(&world, document("b", [1; 1000], "two"), "two");
    send_and_see(&world, document("c", [1; 1001], "three"), "three");
    send_and_see(
        &world,
        document("d", [1; 100], "four"),
        "already take up 2 KB",
    );
    world.say_and_see("rehearse: say still here", "still here");
    assert_eq!(world.ledger().len(), 3);
    world.assert_no_violations();
}

#[test]
fn a_download_goes_on_after_the_bridge_was_killed() {
    let world = World::new();
    let bridge = world.start();
    let hang = Trouble::Hang(Duration::from_secs(60));
    trouble(&world, "download", 1, hang);
    let upload = document("x.txt", "content", "rehearse: say after all");
    let said = world.playground.send_file(OWNER, upload);
    world.wait("the download that hangs", |view| {
        (view.faults_to_come() == 0).then_some(())
    });
    let after = world.playground.say(OWNER, "rehearse: say in its turn");
    world.wait("the confirmation", |view| {
        (view.unconfirmed_updates() == 0).then_some(())
    });
    bridge.kill();
    let _bridge = world.start();
    let answer = world.see_after(OWNER, said.message_id, "after all");
    assert_eq!(fs::read(told_path(&answer)).unwrap(), b"content");
    let next = world.see_after(OWNER, after.message_id, "in its turn");
    assert!(next.message_id > answer.message_id, "the order stays");
    assert_eq!(world.ledger().len(), 2);
}

#[test]
fn a_download_that_hangs_holds_nobody_else_up() {
    let mut world = World::new();
    world.set("multi_user.enabled", "true");
    world.set("multi_user.admin_users", format!("[{OWNER}, 2002]"));
    let _bridge = world.start();
    let hang = Trouble::Hang(Duration::from_secs(60));
    trouble(&world, "download", 1, hang);
    let upload = document("x.txt", "content", "rehearse: say hung");
    world.playground.send_file(OWNER, upload);
    world.wait("the download that hangs", |view| {
        (view.faults_to_come() == 0).then_some(())
    });
    let said = world.playground.say(2002, "rehearse: say not me");
    world.see_after(2002, said.message_id, "not me");
    let status = world.say_and_see("/status", "State: ");
    assert!(
        status.text.contains("downloading a file"),
        "{}",
        status.text
    );
}

#[test]
fn an_album_is_one_turn_and_a_file_without_words_is_asked_about() {
    let world = World::new();
    let bridge = world.start();
    let said: Vec<_> = (0..3)
        .map(|n| {
            let words = if n == 1 {
                "rehearse: say all three"
            } else {
                ""
            };
            let file = document(&format!("{n}.txt"), format!("file {n}"), words);
            world.playground.send_to_album(OWNER, "a1", file)
        })
        .collect();
    let answer = world.see_after(OWNER, said[2].message_id, "all three");
    for n in 0..3 {
        assert!(answer.text.contains(&format!("/{n}-")), "{}", answer.text);
    }
    assert_eq!(world.ledger().len(), 1);

    let wordless = document("alone.txt", "alone", "");
    let asked = send_and_see(&world, wordless, "What should I do with this file?");
    bridge.kill();
    let _bridge = world.start();
    let about = world.playground.say(OWNER, "rehearse: say about it");
    let answer = world.see_after(OWNER, about.message_id, "about it");
    assert_eq!(fs::read(told_path(&answer)).unwrap(), b"alone");
    assert!(asked.message_id < answer.message_id);
    assert_eq!(world.ledger().len(), 2);
    world.assert_no_violations();
}

/// Returns where the agent was told that the file of an answered message lies.
fn answered_path(answer: &Post) -> PathBuf {
    let (_, rest) = (answer
        .text
        .split_once("[The message that is replied to has a "))
    .unwrap_or_else(|| panic!("no file in: {}", answer.text));
    let (_, rest) = rest.split_once(": ").unwrap();
    PathBuf::from(rest.split_once(" (").unwrap().0)
}

#[test]
fn a_reply_brings_the_file_of_the_message_that_it_answers_and_fetches_it_once() {
    let world = World::new();
    let _bridge = world.start();
    let upload = document("a.txt", "content", "rehearse: say first");
    let said = world.playground.send_file(OWNER, upload);
    let first = world.see_after(OWNER, said.message_id, "first");
    let again = (world.playground).reply(OWNER, OWNER, said.message_id, "rehearse: say again");
    let answer = world.see_after(OWNER, again.message_id, "again");
    assert_eq!(answered_path(&answer), told_path(&first));
    let downloads = world
        .playground
        .look(|view| view.calls_of("getFile").count());
    assert_eq!(downloads, 1, "it lies there already");

    // That of the bot's own message.
    fs::write(world.path("project/made.txt"), "made by Claude").unwrap();
    world.say_and_see("rehearse: send made.txt", "Delivered to the chat: made.txt");
    let sent = world.wait("the file", |view| {
        let mut posts = view.bot_posts(OWNER);
        posts.find(|post| post.attachment.is_some()).cloned()
    });
    let about = (world.playground).reply(OWNER, OWNER, sent.message_id, "rehearse: say mine");
    let answer = world.see_after(OWNER, about.message_id, "mine");
    assert_eq!(fs::read(answered_path(&answer)).unwrap(), b"made by Claude");
    world.assert_no_violations();
}

#[test]
fn a_file_that_two_messages_need_at_once_is_downloaded_once() {
    let world = World::new();
    // While the first one waits for its next try, the other one has its turn.
    trouble(&world, "getFile", 1, Trouble::ServerError(500));
    let upload = document("a.txt", "content", "rehearse: say first");
    let said = world.playground.send_file(OWNER, upload);
    let about = (world.playground).reply(OWNER, OWNER, said.message_id, "rehearse: say again");
    let _bridge = world.start();
    world.see_after(OWNER, about.message_id, "first");
    let answer = world.see_after(OWNER, about.message_id, "again");
    assert_eq!(fs::read(answered_path(&answer)).unwrap(), b"content");
    let n_asked = world
        .playground
        .look(|view| view.calls_of("getFile").count());
    assert_eq!(n_asked, 2, "one that fails, and one that brings it");
}

#[test]
fn words_run_without_the_file_that_they_answer_when_it_cannot_be_had() {
    let mut world = World::new();
    world.set("limits.max_file_size", "\"1KB\"");
    let _bridge = world.start();
    let said = world
        .playground
        .send_file(OWNER, document("a", [1; 2000], "one"));
    world.see_after(OWNER, said.message_id, "up to 1 KB");
    let about = (world.playground).reply(OWNER, OWNER, said.message_id, "rehearse: say even so");
    world.see_after(
        OWNER,
        about.message_id,
        "The file you replied to is larger than 1 KB",
    );
    let answer = world.see_after(OWNER, about.message_id, "even so");
    let expected = "has a file, which could not be fetched: it is too large]";
    assert!(answer.text.contains(expected), "{}", answer.text);
}

#[test]
fn a_file_that_an_edit_exchanges_takes_the_place_of_the_earlier_one() {
    let world = World::new();
    let _bridge = world.start();
    let asked = world.say_and_see("rehearse: ask Bash true", "Claude wants to run a command");
    let album: Vec<_> = ["old a", "b"]
        .into_iter()
        .map(|content| {
            let file = document(&format!("{content}.txt"), content, "");
            world.playground.send_to_album(OWNER, "a1", file)
        })
        .collect();
    let about = world.playground.say(OWNER, "rehearse: say compared");
    world.see_after(OWNER, about.message_id, "Your message runs when");
    let changed = document("new a.txt", "new a", "");
    world.playground.exchange_file(album[0], changed);
    world.see_after(OWNER, about.message_id, "The new version runs instead");
    world.press(&asked, "✕ Deny");
    let answer = world.see_after(OWNER, about.message_id, "compared");
    assert!(answer.text.contains("/new-a-"), "{}", answer.text);
    assert!(answer.text.contains("/b-"), "{}", answer.text);
    assert!(!answer.text.contains("/old-a-"), "{}", answer.text);
    let late = document("late.txt", "late", "");
    world.playground.exchange_file(album[1], late);
    world.see_after(
        OWNER,
        answer.message_id,
        "Claude already had the earlier version",
    );
    assert_eq!(world.ledger().len(), 2);
    world.assert_no_violations();
}
