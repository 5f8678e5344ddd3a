//! Promise: 👍 and 👎 on the bot's messages are counted, once, of people who may use it, in silence.

use std::fs;

use serde_json::json;

use crate::support::bridge::{OWNER, World};

fn status(world: &World) -> String {
    world.say_and_see("/status", "State: ").text
}

fn wait_until_taken(world: &World) {
    world.wait("the confirmation", |view| {
        (view.unconfirmed_updates() == 0).then_some(())
    });
}

#[test]
fn reactions_to_the_bots_messages_are_counted_over_a_restart_and_others_are_not() {
    let world = World::new();
    let bridge = world.start();
    let said = world.playground.say(OWNER, "rehearse: say one");
    let one = world.see_after(OWNER, said.message_id, "one");
    let two = world.say_and_see("rehearse: say two", "two");
    assert!(!status(&world).contains("Reactions"));
    let react = |message: i64, signs: &[&str]| {
        let update = world.playground.react(OWNER, OWNER, message, signs);
        update.expect("the bot asks for reactions")
    };
    react(one.message_id, &["👍"]);
    react(two.message_id, &["👎"]);
    // What people think of their own messages, and other signs.
    react(said.message_id, &["👍"]);
    react(two.message_id, &["👎", "🎉"]);
    assert!(
        status(&world).contains("Reactions: 👍 1, 👎 1"),
        "{}",
        status(&world)
    );

    wait_until_taken(&world);
    bridge.kill();
    react(two.message_id, &["👍"]);
    let bridge = world.start();
    assert!(
        status(&world).contains("Reactions: 👍 2, 👎 0"),
        "{}",
        status(&world)
    );
    // A stranger's counts for nothing, and one that comes twice counts once.
    world.playground.react(2002, 2002, 1, &["👍"]);
    let thumb = json!({ "type": "emoji", "emoji": "👍" });
    let person = json!({ "id": OWNER, "is_bot": false, "first_name": "Olga" });
    let chat = json!({ "id": OWNER, "type": "private", "first_name": "Olga" });
    let twice = json!({ "update_id": 2_000_000_001, "message_reaction": {
        "chat": chat,
        "message_id": one.message_id,
        "user": person,
        "date": 1,
        "old_reaction": [],
        "new_reaction": [thumb],
    }});
    world.playground.inject(twice.clone());
    world.playground.inject(twice);
    assert!(
        status(&world).contains("Reactions: 👍 3, 👎 0"),
        "{}",
        status(&world)
    );
    bridge.stop();
    let _bridge = world.start();
    react(one.message_id, &[]);
    assert!(
        status(&world).contains("Reactions: 👍 2, 👎 0"),
        "{}",
        status(&world)
    );
    let texts = world.bot_texts(2002);
    assert_eq!(texts, [""; 0], "nobody is told anything");
    assert_eq!(world.ledger().len(), 2);
    world.assert_no_violations();
}

#[test]
fn every_file_of_an_album_that_claude_sent_counts() {
    let world = World::new();
    let _bridge = world.start();
    for name in ["a.txt", "b.txt"] {
        fs::write(world.path("project").join(name), name).unwrap();
    }
    let text = "rehearse: send a.txt, b.txt + both";
    world.say_and_see(text, "Delivered to the chat");
    let album = world.wait("the album", |view| {
        let files = view
            .bot_posts(OWNER)
            .filter(|post| post.attachment.is_some());
        let files: Vec<i64> = files.map(|post| post.message_id).collect();
        (files.len() == 2).then_some(files)
    });
    for message in album {
        let update = world.playground.react(OWNER, OWNER, message, &["👍"]);
        update.expect("the bot asks for reactions");
    }
    assert!(status(&world).contains("Reactions: 👍 2, 👎 0"));
}
