//! Promise: the bridge serves its owner and starts nothing for anybody else.

use std::fs;

use serde_json::json;

use crate::support::bridge::{LONG, OWNER, World};
use crate::support::eventually::eventually;

const STRANGER: i64 = 2002;

#[test]
fn the_printed_code_claims_the_bridge_once_and_for_good() {
    let world = World::unclaimed();
    let bridge = world.start();
    let line = bridge.wait_for_line("/start ");
    let code = line
        .split("/start ")
        .nth(1)
        .expect("a code")
        .split_whitespace()
        .next();
    let code = code.expect("a code").to_owned();

    let refused = world.playground.say(STRANGER, "hello");
    world.see_after(STRANGER, refused.message_id, "/start");
    let said = world.playground.say(OWNER, &format!("/start {code}"));
    world.see_after(OWNER, said.message_id, "Claude");
    world.say_and_see("rehearse: say mine", "mine");
    bridge.stop();

    // The claim survives a restart; the code is of no use any more.
    let bridge = world.start();
    world.say_and_see("rehearse: say still mine", "still mine");
    world.playground.say(STRANGER, &format!("/start {code}"));
    world.say_and_see("rehearse: say and still", "and still");
    assert!(world.ledger().iter().all(|line| !line.contains("hello")));
    assert!(!bridge.output().contains(&format!("/start {code}")));
}

#[test]
fn a_stranger_gets_one_polite_line_and_starts_nothing() {
    let world = World::new();
    let bridge = world.start();
    let said = world.playground.say(STRANGER, "rehearse: say let me in");
    let post = world.see_after(STRANGER, said.message_id, "2002");
    for _ in 0..5 {
        world.playground.say(STRANGER, "rehearse: bash touch owned");
    }
    // When the owner's later message is answered, the stranger's have been dealt with.
    world.say_and_see("rehearse: say done", "done");
    assert_eq!(world.bot_texts(STRANGER), [post.text]);
    assert_eq!(bridge.output().matches("agent is started").count(), 1);
    assert_eq!(world.ledger().len(), 1);
    world.assert_no_violations();
}

#[test]
fn a_wrong_code_claims_nothing() {
    let world = World::unclaimed();
    let bridge = world.start();
    bridge.wait_for_line("/start ");
    for attempt in 0..8 {
        world
            .playground
            .say(STRANGER, &format!("/start WRONG{attempt}"));
    }
    let last = world.playground.say(STRANGER, "rehearse: say hello");
    world.wait("all updates are confirmed", |view| {
        (view.unconfirmed_updates() == 0 && last.message_id > 0).then_some(())
    });
    assert_eq!(world.ledger().len(), 0);
    assert!(!bridge.output().contains("agent is started"));
}

#[test]
fn a_chat_id_file_of_an_older_bridge_is_read_and_a_claim_writes_it() {
    let mut world = World::unclaimed();
    let file = world.path("chat_id");
    fs::write(&file, format!("{OWNER}\n")).expect("the file is written");
    world.set(
        "single_user.chat_id_file",
        format!("{:?}", file.display().to_string()),
    );
    let bridge = world.start();
    world.say_and_see("rehearse: say known", "known");
    bridge.stop();

    let mut world = World::unclaimed();
    let file = world.path("chat_id");
    world.set(
        "single_user.chat_id_file",
        format!("{:?}", file.display().to_string()),
    );
    let bridge = world.start();
    let line = bridge.wait_for_line("/start ");
    let code = line
        .split("/start ")
        .nth(1)
        .expect("a code")
        .split_whitespace()
        .next();
    world.say_and_see(&format!("/start {}", code.expect("a code")), "Claude");
    eventually("the claim in the file", LONG, || {
        let text = fs::read_to_string(&file).unwrap_or_default();
        (text.trim() == OWNER.to_string()).then_some(())
    });
}

#[test]
fn groups_channels_bots_and_broken_updates_start_nothing_and_break_nothing() {
    let world = World::new();
    let bridge = world.start();
    world.playground.group(-500, "A group", &[OWNER, STRANGER]);
    world
        .playground
        .say_in(-500, OWNER, "rehearse: say in the group");
    let text = "rehearse: say hostile";
    let chat = json!({"id": OWNER, "type": "private"});
    for update in [
        json!({"message": {"message_id": 900, "date": 1, "chat": chat, "text": text,
               "from": {"id": OWNER, "is_bot": true, "first_name": "Bot"}}}),
        json!({"message": {"message_id": 901, "date": 1, "chat": chat, "text": text,
               "sender_chat": {"id": -9, "type": "channel"}}}),
        json!({"channel_post": {"message_id": 902, "date": 1, "text": text,
               "chat": {"id": -9, "type": "channel"}}}),
        json!({"message": {"message_id": "x", "chat": 5, "text": [text]}}),
        json!({"unheard_of": {"text": text}}),
        json!({"message": null}),
        json!({"callback_query": {"id": "1", "from": {"id": STRANGER}, "data": "x"}}),
    ] {
        world.playground.inject(update);
    }
    world.say_and_see("rehearse: say all good", "all good");
    assert_eq!(world.ledger().len(), 1, "{:?}", world.ledger());
    assert_eq!(bridge.output().matches("agent is started").count(), 1);
    // The group itself is told once what it takes.
    let told = world.bot_texts(-500);
    assert!(
        told.len() == 1 && told[0].contains("/allow_group"),
        "{told:?}"
    );
}

#[test]
fn a_text_with_unknown_entities_is_still_a_prompt() {
    let world = World::new();
    let _bridge = world.start();
    world.playground.inject(json!({"message": {
        "message_id": 950, "date": 1, "chat": {"id": OWNER, "type": "private"},
        "from": {"id": OWNER, "is_bot": false, "first_name": "Olga"},
        "text": "rehearse: say from the future",
        "entities": [{"type": "date_time", "offset": 0, "length": 4, "unix_time": 5},
                     {"type": "hologram", "offset": 0, "length": 4}],
        "external_reply": {"origin": {"type": "mystery"}}
    }}));
    world.see_after(OWNER, 0, "from the future");
}
