//! Promise: `/files` shows what a chat's inbox holds, gives each file back, and clears what no prompt
//! needs, over crashes too.

use std::fs;
use std::path::PathBuf;

use playground::{Post, Upload};

use crate::support::bridge::{OWNER, World};

fn document(name: &str, content: &str, caption: &str) -> Upload {
    Upload {
        caption: caption.to_owned(),
        ..Upload::document(name, "text/plain", content.as_bytes())
    }
}

fn send_and_see(world: &World, upload: Upload, expected: &str) -> Post {
    let said = world.playground.send_file(OWNER, upload);
    world.see_after(OWNER, said.message_id, expected)
}

/// Returns the files that lie in the inbox.
fn inbox(world: &World) -> Vec<PathBuf> {
    let entries = fs::read_dir(world.path(&format!("data/chats/{OWNER}/inbox"))).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Waits for so many files of the bot; returns the content of the last one.
fn file_again(world: &World, n_files: usize) -> Vec<u8> {
    world.wait("the file again", |view| {
        let posts = view.bot_posts(OWNER);
        let files = posts.filter_map(|post| post.attachment.as_ref());
        let files: Vec<_> = files.map(|file| file.bytes.to_vec()).collect();
        (files.len() == n_files).then(|| files.last().cloned())?
    })
}

#[test]
fn files_are_listed_and_come_again_also_when_the_bridge_is_killed_after_the_press() {
    let mut world = World::new();
    let bridge = world.start();
    world.say_and_see("/files", "There are no files in this chat");
    send_and_see(
        &world,
        document("a.txt", "first", "rehearse: say one"),
        "one",
    );
    send_and_see(
        &world,
        document("b.txt", "second", "rehearse: say two"),
        "two",
    );
    let list = world.say_and_see("/files", "2 files in this chat: 11 bytes of 1 GB");
    assert!(list.text.contains("document, 5 bytes, "), "{}", list.text);
    let number = match list.text.find("a-") < list.text.find("b-") {
        true => "1",
        false => "2",
    };
    world.press(&list, number);
    assert_eq!(file_again(&world, 1), b"first");
    bridge.stop();

    for (n_files, point) in [(2, "router.accepted"), (3, "session.journalled")] {
        world.env("FAILPOINTS", &format!("{point}=1*return"));
        let mut bridge = world.start();
        world.press(&list, number);
        bridge.wait();
        world.unset_env("FAILPOINTS");
        let bridge = world.start();
        assert_eq!(file_again(&world, n_files), b"first", "{point}");
        bridge.stop();
    }
    world.assert_no_violations();
}

#[test]
fn clearing_asks_first_and_leaves_what_runs() {
    let world = World::new();
    let _bridge = world.start();
    send_and_see(
        &world,
        document("old.txt", "old", "rehearse: say old"),
        "old",
    );
    let runs = document("runs.txt", "it runs", "rehearse: ask Bash true");
    let asked = send_and_see(&world, runs, "Claude wants to run a command");
    // Nothing waits behind the turn.
    let list = world.say_and_see("/files", "2 files in this chat");
    world.press(&list, "Clear …");
    let question = world.see_edited(&list, "Clear 1 file (3 bytes)?");
    assert!(
        question.text.contains("1 file (7 bytes) stays"),
        "{}",
        question.text
    );
    assert_eq!(inbox(&world).len(), 2, "nothing is gone before the answer");
    world.press(&question, "Clear 1 file");
    world.see_edited(&question, "✓ Cleared 1 file (3 bytes).");
    let left = inbox(&world);
    assert_eq!(left.len(), 1);
    assert_eq!(fs::read_to_string(&left[0]).unwrap(), "it runs");
    world.press(&asked, "✕ Deny");

    let list = world.say_and_see("/files", "1 file in this chat");
    fs::remove_file(&left[0]).unwrap();
    world.press(&list, "1");
    world.see_after(OWNER, list.message_id, "no longer here");
    world.say_and_see("/files", "There are no files in this chat");
    world.assert_no_violations();
}
