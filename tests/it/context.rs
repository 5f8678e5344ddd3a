//! Promise: what comes with a person's words reaches Claude with them.

use std::time::Duration;

use playground::{Fault, Matcher, Trouble, Upload};
use serde_json::{Value, json};

use crate::support::bridge::{LONG, OWNER, World, works};
use crate::support::eventually::eventually;

/// Returns what Claude was told last, as the ledger of its stand-in has it.
fn last_told(world: &World) -> String {
    let ledger = world.ledger();
    let line: Value = serde_json::from_str(ledger.last().unwrap()).unwrap();
    line["text"].as_str().unwrap().to_owned()
}

#[test]
fn a_reply_brings_the_answer_that_it_is_about_and_keeps_it_over_a_crash() {
    let world = World::new();
    let bridge = world.start();
    let answer = world.say_and_see("rehearse: say the **first** answer", "the first answer");
    world.playground.say(OWNER, "rehearse: slow 10000 20");
    world.wait("work", |view| works(view, OWNER).then_some(()));
    let reply =
        (world.playground).reply(OWNER, OWNER, answer.message_id, "rehearse: say it is kept");
    world.see_after(OWNER, reply.message_id, "Queued");
    bridge.kill();
    let _bridge = world.start();
    world.see_after(OWNER, reply.message_id, "it is kept");
    let told = last_told(&world);
    assert!(
        told.starts_with("In reply to your message:\n> the first answer\n"),
        "{told}"
    );
    assert!(told.ends_with("\n\nrehearse: say it is kept"), "{told}");
    world.assert_no_violations();
}

/// Returns an update with this content from the owner, in a message that the chat has.
fn sent(world: &World, name: &str, content: &Value) -> Value {
    let message = world.playground.say(OWNER, "/status").message_id;
    world.see_after(OWNER, message, "State:");
    json!({ "message": {
        "message_id": message, "date": 1_790_000_000,
        "chat": { "id": OWNER, "type": "private", "first_name": "Olga" },
        "from": { "id": OWNER, "is_bot": false, "first_name": "Olga" },
        name: content,
    } })
}

#[test]
fn what_is_neither_text_nor_file_is_read_by_claude_or_refused_with_a_way_out() {
    let world = World::new();
    let _bridge = world.start();
    world.say_and_see("rehearse: say ready", "ready");
    let options = json!([{ "text": "Fri\nSat", "voter_count": 2 }]);
    let poll = json!({ "type": "regular", "question": "When?", "options": options });
    let update = sent(&world, "poll", &poll);
    world.playground.inject(update);
    world.wait("the turn", |_| (world.ledger().len() == 2).then_some(()));
    assert_eq!(last_told(&world), "Poll: When?\n1. Fri Sat (votes: 2)");
    let story = json!({ "id": 1, "chat": { "id": -6, "type": "channel", "title": "News" } });
    let update = sent(&world, "story", &story);
    world.playground.inject(update);
    world.see_after(OWNER, 0, "Telegram does not show a story to bots.");
    assert_eq!(world.ledger().len(), 2);
    world.assert_no_violations();
}

/// Returns a part of a text that is too long for one message.
fn part(word: &str) -> String {
    format!("{word} {}", "x".repeat(4_090 - word.len()))
}

#[test]
fn the_parts_of_a_long_paste_are_one_turn_also_over_two_batches() {
    let world = World::new();
    let bridge = world.start();
    world.say_and_see("rehearse: say ready", "ready");
    let first = world.playground.say(OWNER, &part("one"));
    bridge.wait_for_line("event=\"instructed\"");
    world.playground.say(OWNER, &part("two"));
    world.playground.say(OWNER, "and three");
    world.see_after(OWNER, first.message_id, "stand-in");
    assert_eq!(world.ledger().len(), 2);
    assert_eq!(
        last_told(&world),
        format!("{}\n{}\nand three", part("one"), part("two"))
    );
    world.assert_no_violations();
}

#[test]
fn a_killed_bridge_keeps_the_parts_that_it_holds() {
    let world = World::new();
    let bridge = world.start();
    world.say_and_see("rehearse: say ready", "ready");
    let n_before = bridge.output().matches("\"instructed\"").count();
    let first = world.playground.say(OWNER, &part("one"));
    world.wait("the first part", |_| {
        let n_now = bridge.output().matches("\"instructed\"").count();
        (n_now > n_before).then_some(())
    });
    bridge.kill();
    // It comes in the first batch of the next run.
    world.playground.say(OWNER, "and two");
    let _bridge = world.start();
    world.see_after(OWNER, first.message_id, "stand-in");
    assert_eq!(world.ledger().len(), 2);
    assert_eq!(last_told(&world), format!("{}\nand two", part("one")));
    world.assert_no_violations();
}

/// Returns an update as one whose message comes from somebody else.
fn passed_on(mut update: Value) -> Value {
    let origin = json!({ "type": "hidden_user", "date": 1, "sender_user_name": "Eve" });
    update["message"]["forward_origin"] = origin;
    update
}

#[test]
fn what_is_passed_on_together_is_one_turn_with_the_words_about_it() {
    let world = World::new();
    let _bridge = world.start();
    world.say_and_see("rehearse: say ready", "ready");
    let forwarded = |text: &str| passed_on(sent(&world, "text", &json!(text)));
    let (one, two, about) = (
        forwarded("a"),
        forwarded("b"),
        sent(&world, "text", &json!("so?")),
    );
    for update in [one, two, about] {
        world.playground.inject(update);
    }
    world.wait("the turn", |_| (world.ledger().len() == 2).then_some(()));
    let from = "Forwarded message from Eve, who hides their account:";
    assert_eq!(
        last_told(&world),
        format!("{from}\n\na\n\n{from}\n\nb\n\nso?")
    );
    world.assert_no_violations();
}

/// Lets a person ask for work that waits for a yes, and pass a file on with it.
fn ask_about_a_file(world: &World) {
    let first = Upload {
        caption: "rehearse: say ready".to_owned(),
        ..Upload::document("a.txt", "text/plain", "content")
    };
    let first = world.playground.send_file(OWNER, first).message_id;
    world.see_after(OWNER, first, "ready");
    let file = world.playground.look(|view| {
        let mut files = view
            .posts(OWNER)
            .filter_map(|post| post.attachment.as_ref());
        files.next().map(|file| file.file_id.clone())
    });
    let file = json!({ "file_id": file, "file_unique_id": "another", "file_name": "b.txt" });
    let about = sent(world, "text", &json!("rehearse: ask Bash true"));
    let file = passed_on(sent(world, "document", &file));
    for update in [about, file] {
        world.playground.inject(update);
    }
    world.see_after(OWNER, first, "Claude wants to run a command");
}

#[test]
fn a_file_that_is_passed_on_with_words_about_it_goes_into_their_turn() {
    let world = World::new();
    let _bridge = world.start();
    ask_about_a_file(&world);
    eventually("the file in the turn", LONG, || {
        let status = world.say_and_see("/status", "State: ");
        status.text.contains("Waiting messages: 0").then_some(())
    });
    assert_eq!(
        world.ledger().len(),
        2,
        "Claude has it, and works on the words"
    );
    let texts = world.bot_texts(OWNER);
    assert!(
        !texts.iter().any(|text| text.contains("Queued")),
        "{texts:#?}"
    );
    world.assert_no_violations();
}

#[test]
fn a_file_that_is_passed_on_with_words_about_it_outlives_their_turn() {
    let world = World::new();
    let bridge = world.start();
    let hang = Trouble::Hang(Duration::from_secs(60));
    let when = Matcher::method("download").skip(1);
    world.playground.push_fault(Fault { when, what: hang });
    ask_about_a_file(&world);
    world.wait("the download that hangs", |view| {
        (view.faults_to_come() == 0).then_some(())
    });
    world.wait("the confirmation", |view| {
        (view.unconfirmed_updates() == 0).then_some(())
    });
    bridge.kill();
    let _bridge = world.start();
    world.see_after(OWNER, 0, "Nothing repeats unless you say so.");
    world.wait("its own turn", |_| {
        (world.ledger().len() == 3).then_some(())
    });
    assert!(last_told(&world).contains("/b-"), "{}", last_told(&world));
    world.say_and_see("rehearse: say and on", "and on");
    assert_eq!(world.ledger().len(), 4, "nothing ran twice");
    world.assert_no_violations();
}
