//! Promise: an answer is what Claude says in the end, and nothing that it said on the way is lost.

use playground::{Fault, Matcher, Trouble};

use crate::support::bridge::{OWNER, World};

/// A turn that says something, works for longer than a card takes to come, and says something else.
const LOOKS_FIRST: &str =
    "rehearse: say I look at **all** of it. ;; bash sleep 3 ;; say It is blue.";

#[test]
fn the_card_keeps_what_was_said_on_the_way_and_the_answer_stands_alone() {
    let world = World::new();
    let _bridge = world.start();
    let said = world.playground.say(OWNER, LOOKS_FIRST);
    let card = world.see_after(OWNER, said.message_id, "I look at all of it.");
    assert!(card.text.starts_with("⏳"), "{}", card.text);
    let answer = world.see_after(OWNER, card.message_id, "It is blue.");
    assert!(!answer.text.contains("I look"), "{}", answer.text);
    let closed = world.see_edited(&card, "✓ ");
    let (_, way) = closed.text.split_once("\n\n").expect("a fold");
    assert!(way.starts_with("I look at all of it."), "{way}");
    let kinds: Vec<_> = closed.entities.iter().map(|it| &it["type"]).collect();
    assert_eq!(kinds[..2], ["expandable_blockquote", "bold"]);
    assert!(closed.buttons.is_empty());
    world.assert_no_violations();
}

#[test]
fn without_a_card_what_was_said_on_the_way_is_folded_above_the_answer() {
    let world = World::new();
    let _bridge = world.start();
    world.say_and_see("/verbose 0", "● /verbose 0");
    let answer = world.say_and_see("rehearse: say I look. ;; bash true ;; say Blue.", "Blue.");
    assert!(answer.text.starts_with("I look."), "{}", answer.text);
    let fold = &answer.entities[0];
    assert_eq!(
        (&fold["type"], &fold["offset"]),
        (&"expandable_blockquote".into(), &0.into())
    );
    let length = fold["length"].as_u64().expect("a length");
    let folded = answer.text.encode_utf16().take(length as usize);
    let folded = String::from_utf16_lossy(&folded.collect::<Vec<_>>());
    assert!(!folded.contains("true ended"), "{folded}");
    world.say_and_see("/verbose 2", "● /verbose 2");
    let answer = world.say_and_see("rehearse: say I look. ;; bash true ;; say Red.", "Red.");
    assert!(answer.text.starts_with("I look."), "{}", answer.text);
    let folds = |it: &serde_json::Value| it["type"] == "expandable_blockquote";
    assert!(
        !answer.entities.iter().any(folds),
        "all of it is the answer"
    );
    world.assert_no_violations();
}

#[test]
fn a_long_way_comes_as_a_file_too() {
    let world = World::new();
    let _bridge = world.start();
    let said = world
        .playground
        .say(OWNER, "rehearse: long 9000 ;; bash true ;; say Blue.");
    let answer = world.see_after(OWNER, said.message_id, "Blue.");
    assert!(answer.text.starts_with("Claude wrote "), "{}", answer.text);
    world.see_after(OWNER, answer.message_id, "What Claude wrote on the way");
    world.assert_no_violations();
}

#[test]
fn a_card_that_was_deleted_is_sent_anew_with_what_it_keeps() {
    let world = World::new();
    let _bridge = world.start();
    let gone = "Bad Request: message to edit not found".to_owned();
    let said = world.playground.say(OWNER, LOOKS_FIRST);
    let card = world.see_after(OWNER, said.message_id, "I look");
    world.playground.push_fault(Fault {
        when: Matcher::method("editMessageText").in_chat(OWNER).always(),
        what: Trouble::BadRequest(gone),
    });
    let answer = world.see_after(OWNER, card.message_id, "It is blue.");
    let again = world.see_after(OWNER, answer.message_id, "I look at all of it.");
    assert!(again.text.starts_with("✓ "), "{}", again.text);
    assert!(again.silent, "it does not ring");
    world.assert_no_violations();
}

#[test]
fn a_table_wider_than_a_phone_becomes_lines_and_a_file() {
    let world = World::new();
    let _bridge = world.start();
    let row = "| apples | they are kept in the cellar behind the house |";
    let said = world.playground.say(
        OWNER,
        &format!("rehearse: say Here:\n\n| name | where |\n|-|-|\n{row}"),
    );
    let answer = world.see_after(OWNER, said.message_id, "apples");
    assert!(
        answer.text.contains("name: apples\nwhere: they are kept"),
        "{}",
        answer.text
    );
    world.see_after(OWNER, answer.message_id, "The table in full width.");
    world.assert_no_violations();
}
