//! Promise: a file that Claude sends arrives as it is, once, or Claude and the person know why not.

use std::fs;

use playground::{AttachmentKind, Fault, Matcher, Post, Trouble};

use crate::support::bridge::{LONG, OWNER, World};
use crate::support::eventually::eventually;

/// A picture of one pixel.
const PIXEL: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// Returns a world whose project has two pictures and two texts.
fn world_with_files() -> World {
    let world = World::new();
    for (name, content) in [
        ("a.png", PIXEL),
        ("b.png", PIXEL),
        ("notes.txt", b"remember".as_slice()),
        ("more.txt", b"more"),
    ] {
        fs::write(world.path("project").join(name), content).expect("a file");
    }
    world
}

/// Waits for so many files of the bot.
fn files(world: &World, n_files: usize) -> Vec<Post> {
    world.wait(&format!("{n_files} files"), |view| {
        let posts = view.bot_posts(OWNER);
        let files: Vec<_> = posts.filter(|post| post.attachment.is_some()).collect();
        (files.len() >= n_files).then(|| files.into_iter().cloned().collect())
    })
}

fn kind_and_name(post: &Post) -> (AttachmentKind, &str) {
    let file = post.attachment.as_ref().expect("a file");
    (file.kind, file.file_name.as_str())
}

/// Waits until no copy is left in any room.
fn assert_no_copy_is_left(world: &World) {
    let outgoing = world.path(&format!("data/chats/{OWNER}/outgoing"));
    eventually("the end of all copies", LONG, || {
        let left = fs::read_dir(&outgoing).map_or(0, Iterator::count);
        (left == 0).then_some(())
    });
}

#[test]
fn a_file_of_the_folder_arrives_unasked_and_claude_hears_of_it() {
    let world = world_with_files();
    let bridge = world.start();
    let said = (world.playground).say(OWNER, "rehearse: send notes.txt + for later");
    world.see_after(OWNER, said.message_id, "Delivered to the chat: notes.txt");
    let file = files(&world, 1).remove(0);
    assert_eq!(
        kind_and_name(&file),
        (AttachmentKind::Document, "notes.txt")
    );
    assert_eq!(&*file.attachment.as_ref().unwrap().bytes, b"remember");
    assert_eq!(
        (file.text.as_str(), file.reply_to),
        ("for later", Some(said.message_id))
    );
    assert_no_copy_is_left(&world);
    bridge.stop();
    world.assert_no_violations();
}

#[test]
fn pictures_are_an_album_of_photos_and_documents_one_of_their_own() {
    let world = world_with_files();
    let _bridge = world.start();
    world.say_and_see(
        "rehearse: send a.png, notes.txt, b.png, more.txt + all",
        "Delivered to the chat: a.png, b.png",
    );
    let posts = files(&world, 4);
    let shown: Vec<_> = posts.iter().map(kind_and_name).collect();
    let expected = [
        (AttachmentKind::Photo, "a.png"),
        (AttachmentKind::Photo, "b.png"),
        (AttachmentKind::Document, "notes.txt"),
        (AttachmentKind::Document, "more.txt"),
    ];
    assert_eq!(shown, expected);
    let group = |post: &Post| post.fields["media_group_id"].clone();
    assert_eq!(group(&posts[0]), group(&posts[1]));
    assert_ne!(group(&posts[1]), group(&posts[2]));
    assert_eq!(posts[0].text, "all");
    world.assert_no_violations();
}

#[test]
fn an_album_that_is_refused_comes_one_by_one_and_a_photo_as_a_document() {
    let world = world_with_files();
    let _bridge = world.start();
    for (method, why) in [
        ("sendMediaGroup", "Bad Request: wrong file"),
        ("sendPhoto", "Bad Request: PHOTO_INVALID_DIMENSIONS"),
    ] {
        world.playground.push_fault(Fault {
            when: Matcher::method(method),
            what: Trouble::BadRequest(why.to_owned()),
        });
    }
    world.say_and_see(
        "rehearse: send a.png, b.png",
        "Delivered to the chat: a.png, b.png",
    );
    let posts = files(&world, 2);
    let shown: Vec<_> = posts.iter().map(kind_and_name).collect();
    let expected = [
        (AttachmentKind::Document, "a.png"),
        (AttachmentKind::Photo, "b.png"),
    ];
    assert_eq!(shown, expected);
    assert_no_copy_is_left(&world);
}

#[test]
fn what_telegram_refuses_is_told_to_claude_and_to_the_person() {
    let world = world_with_files();
    let _bridge = world.start();
    world.playground.push_fault(Fault {
        when: Matcher::method("sendDocument").always(),
        what: Trouble::BadRequest("Bad Request: FILE_PARTS_INVALID".to_owned()),
    });
    let said = world.playground.say(OWNER, "rehearse: send notes.txt");
    world.see_after(
        OWNER,
        said.message_id,
        "The file notes.txt could not be sent",
    );
    world.see_after(OWNER, said.message_id, "Telegram refused notes.txt");
    assert_no_copy_is_left(&world);
}

#[test]
fn a_file_outside_is_asked_about_by_its_whole_path_and_the_bridges_own_never_leave() {
    let world = world_with_files();
    let _bridge = world.start();
    fs::write(world.path("home/other.txt"), "other").expect("a file");
    let outside = world
        .path("home/other.txt")
        .canonicalize()
        .expect("it is there");
    let directive = format!("rehearse: send {}", outside.display());
    let asked = world.say_and_see(&directive, "Claude wants to send you files");
    assert!(
        asked.text.contains(&outside.display().to_string()),
        "{}",
        asked.text
    );
    world.press(&asked, "✕ Deny");
    world.see_after(
        OWNER,
        asked.message_id,
        "Nothing was sent. The user denied this.",
    );
    let asked = world.say_and_see(&directive, "Claude wants to send you files");
    world.press(&asked, "✅ Allow");
    world.see_after(OWNER, asked.message_id, "Delivered to the chat: other.txt");
    for own in [
        "../bridge.toml",
        "../data/audit.jsonl",
        "../data/store.mark",
        "../data/lock",
    ] {
        let directive = format!("rehearse: send {own}");
        world.say_and_see(&directive, "belongs to the bridge and is never sent");
    }
    assert_eq!(files(&world, 1).len(), 1);
}

#[test]
fn a_kill_in_an_upload_sends_the_file_again_with_a_mark_and_one_before_it_without() {
    for (point, caption) in [("outbox.landed", "↻ look"), ("outbox.departs", "look")] {
        let mut world = world_with_files();
        world.env("FAILPOINTS", &format!("{point}=1*return"));
        let mut bridge = world.start();
        world
            .playground
            .say(OWNER, "rehearse: send notes.txt + look");
        bridge.wait();
        world.unset_env("FAILPOINTS");
        // What is sent is what was there when Claude sent it.
        fs::write(world.path("project/notes.txt"), "changed").expect("a file");
        let _bridge = world.start();
        let n_files = usize::from(point == "outbox.landed") + 1;
        let posts = files(&world, n_files);
        let last = posts.last().expect("a file");
        assert_eq!(last.text, caption, "{point}");
        assert_eq!(
            &*last.attachment.as_ref().unwrap().bytes,
            b"remember",
            "{point}"
        );
        assert_no_copy_is_left(&world);
    }
}

#[test]
fn a_kill_while_a_file_is_on_its_way_sends_it_again_with_a_mark() {
    let world = world_with_files();
    let bridge = world.start();
    world.playground.push_fault(Fault {
        when: Matcher::method("sendDocument"),
        what: Trouble::Hang(LONG),
    });
    world
        .playground
        .say(OWNER, "rehearse: send notes.txt + look");
    world.wait("the upload", |view| {
        view.calls_of("sendDocument").next().map(drop)
    });
    bridge.kill();
    let _bridge = world.start();
    let posts = files(&world, 1);
    assert_eq!(posts[0].text, "↻ look");
    assert_no_copy_is_left(&world);
}

#[test]
fn a_start_sweeps_the_copies_that_no_post_needs() {
    let world = world_with_files();
    let outgoing = world.path(&format!("data/chats/{OWNER}/outgoing"));
    fs::create_dir_all(&outgoing).expect("a folder");
    fs::write(outgoing.join("left"), "over").expect("a file");
    let _bridge = world.start();
    world.say_and_see("rehearse: say hello", "hello");
    assert_no_copy_is_left(&world);
}
