//! Promise: an album is told by its name: all of it reaches Claude, once, and only if it is said to the
//! bot.

use playground::{Post, Upload};

use crate::support::bridge::{Bridge, OWNER, World};

const GROUP: i64 = -500;

fn file(name: &str, caption: &str) -> Upload {
    Upload {
        caption: caption.to_owned(),
        ..Upload::document(name, "text/plain", name)
    }
}

/// Returns a bridge that works in a group.
fn in_group() -> (World, Bridge) {
    let world = World::new();
    world.playground.create_group(GROUP, "Team", &[OWNER]);
    let bridge = world.start();
    world.say_and_see("rehearse: say ready", "ready");
    world.playground.add_bot(GROUP, OWNER);
    world.see_after(GROUP, 0, "/allow_group");
    let allowed = world.playground.say_in(GROUP, OWNER, "/allow_group");
    world.see_after(GROUP, allowed.message_id, "I work in this group now");
    (world, bridge)
}

fn send(world: &World, album: &str, name: &str, caption: &str) -> i64 {
    let upload = file(name, caption);
    let said = (world.playground).send_to_album_in(GROUP, OWNER, album, upload);
    said.message_id
}

fn mention(world: &World, text: &str) -> String {
    format!("@{} {text}", world.playground.bot_username())
}

fn wait_until_taken(world: &World) {
    world.wait("the confirmation", |view| {
        (view.unconfirmed_updates() == 0).then_some(())
    });
}

fn assert_has(answer: &Post, names: &[&str]) {
    for name in names {
        let stem = name.trim_end_matches(".txt");
        let is_in = answer.text.contains(&format!("/{stem}-"));
        assert!(is_in, "no {name} in {}", answer.text);
    }
}

#[test]
fn files_of_an_album_that_names_the_bot_once_come_together_in_any_order_and_over_a_restart() {
    let (world, bridge) = in_group();
    send(&world, "a", "one.txt", "");
    wait_until_taken(&world);
    bridge.kill();
    let named = send(
        &world,
        "a",
        "two.txt",
        &mention(&world, "rehearse: say all three"),
    );
    send(&world, "a", "three.txt", "");
    let bridge = world.start();
    let answer = world.see_after(GROUP, named, "all three");
    assert_has(&answer, &["one.txt", "two.txt", "three.txt"]);

    let named = send(
        &world,
        "b",
        "four.txt",
        &mention(&world, "rehearse: say both"),
    );
    wait_until_taken(&world);
    bridge.kill();
    send(&world, "b", "five.txt", "");
    let _bridge = world.start();
    let answer = world.see_after(GROUP, named, "both");
    assert_has(&answer, &["four.txt", "five.txt"]);
    assert_eq!(world.ledger().len(), 3);
    world.assert_no_violations();
}

#[test]
fn an_album_that_is_not_said_to_the_bot_comes_along_with_no_other() {
    let (world, _bridge) = in_group();
    send(&world, "a", "private.txt", "for you");
    send(&world, "a", "matter.txt", "");
    let named = send(
        &world,
        "b",
        "ours.txt",
        &mention(&world, "rehearse: say seen"),
    );
    let answer = world.see_after(GROUP, named, "seen");
    assert_has(&answer, &["ours.txt"]);
    let ledger = world.ledger().join("\n");
    assert!(
        !ledger.contains("private") && !ledger.contains("matter"),
        "{ledger}"
    );
    let inbox = world.path(&format!("data/chats/{GROUP}/inbox"));
    let inbox = std::fs::read_dir(inbox).expect("an inbox");
    assert_eq!(
        inbox.count(),
        1,
        "what was not said to the bot is not fetched"
    );
}

#[test]
fn two_albums_of_a_moment_are_two_turns() {
    let world = World::new();
    let _bridge = world.start();
    let send = |album: &str, name: &str, caption: &str| {
        let said = (world.playground).send_to_album(OWNER, album, file(name, caption));
        said.message_id
    };
    let first = send("a", "one.txt", "rehearse: say first");
    send("a", "two.txt", "");
    send("b", "three.txt", "rehearse: say second");
    send("a", "four.txt", "");
    send("b", "five.txt", "");
    let second = world.see_after(OWNER, first, "second");
    let first = world.see_after(OWNER, first, "first");
    assert_has(&first, &["one.txt", "two.txt", "four.txt"]);
    assert_has(&second, &["three.txt", "five.txt"]);
    assert!(first.message_id < second.message_id);
    assert_eq!(world.ledger().len(), 2);
}

#[test]
fn an_album_is_refused_once_and_as_a_whole() {
    let mut world = World::new();
    world.set("limits.messages_per_minute", 2);
    let _bridge = world.start();
    world.say_and_see("rehearse: say one", "one");
    let send = |album: &str, name: &str, caption: &str| {
        (world.playground).send_to_album(OWNER, album, file(name, caption));
    };
    for name in ["one.txt", "two.txt", "three.txt"] {
        send("a", name, "rehearse: say whole");
    }
    world.see_after(OWNER, 0, "whole");
    for name in ["four.txt", "five.txt", "six.txt"] {
        send("b", name, "rehearse: say out");
    }
    world.see_after(OWNER, 0, "Not taken");
    wait_until_taken(&world);
    assert_eq!(world.ledger().len(), 2);
    let texts = world.bot_texts(OWNER);
    let n_refusals = texts.iter().filter(|text| text.contains("Not taken"));
    assert_eq!(n_refusals.count(), 1, "{texts:?}");
}
