//! Promise: a long turn shows what it does, in few calls, and its answer is a message of its own.

use crate::support::bridge::{OWNER, World, works};

#[test]
fn a_turn_shows_its_words_as_they_come_and_then_the_answer() {
    let world = World::new();
    let _bridge = world.start();
    let said = world
        .playground
        .say(OWNER, "rehearse: slow 60 50 ;; say all done");
    let card = world.see_after(OWNER, said.message_id, "piece3");
    assert!(card.text.starts_with("⏳"), "{}", card.text);
    assert!(card.silent, "it does not ring");
    let answer = world.see_after(OWNER, card.message_id, "all done");
    assert!(!answer.silent, "it rings");
    assert_eq!(answer.reply_to, Some(said.message_id));
    let closed = world.see_edited(&card, "✓ ");
    assert!(closed.buttons.is_empty());
    assert!(closed.edits <= 5, "{} edits in three seconds", closed.edits);
    world.assert_no_violations();
}

/// The words are there 250 ms after the first; what remains of 350 ms is for the way to Telegram.
/// Nothing is timed here: the card must come while the words still do.
#[test]
fn the_first_words_do_not_wait_for_the_last() {
    let world = World::new();
    let _bridge = world.start();
    let said = world.playground.say(OWNER, "rehearse: slow 20 100");
    let card = world.see_after(OWNER, said.message_id, "piece0");
    assert!(!card.text.contains("piece19"), "{}", card.text);
}

#[test]
fn a_short_turn_has_no_card() {
    let world = World::new();
    let _bridge = world.start();
    let answer = world.say_and_see("rehearse: say quick", "quick");
    world.say_and_see("rehearse: say again", "again");
    assert_eq!(answer.message_id, 2, "nothing came before it");
    assert_eq!(world.bot_texts(OWNER).len(), 2);
}

#[test]
fn the_button_on_the_card_stops_the_turn() {
    let world = World::new();
    let _bridge = world.start();
    let said = world.playground.say(OWNER, "rehearse: slow 10000 20");
    let card = world.see_after(OWNER, said.message_id, "⏳");
    world.press(&card, "⏹ Stop");
    world.see_after(OWNER, card.message_id, "⏹ Stopped.");
    let closed = world.see_edited(&card, "⏹ ");
    assert!(closed.buttons.is_empty());
    world.say_and_see("rehearse: say still here", "still here");
}

#[test]
fn what_was_shown_of_a_text_that_is_cut_stays() {
    let world = World::new();
    let _bridge = world.start();
    let said = world.playground.say(OWNER, "rehearse: slow 30 30 ;; kill");
    let card = world.see_after(OWNER, said.message_id, "piece2");
    world.see_after(OWNER, card.message_id, "What should become of it?");
    let shown = world.bot_texts(OWNER).join("\n");
    assert!(shown.contains("piece29"), "{shown}");
}

#[test]
fn what_waits_can_be_taken_back_or_changed() {
    let world = World::new();
    let _bridge = world.start();
    world
        .playground
        .say(OWNER, "rehearse: slow 60 50 ;; say first");
    world.wait("the turn", |view| works(view, OWNER).then_some(()));
    let notice = world.say_and_see("rehearse: say never", "Queued");
    let said = world.playground.say(OWNER, "rehearse: say wrong");
    world.see_after(OWNER, said.message_id, "Queued");
    world.press(&notice, "✕ Remove");
    world.see_edited(&notice, "✕ It does not run");
    world.playground.edit(said, "rehearse: say right");
    world.see_after(OWNER, said.message_id, "✎ The new text runs instead");
    world.see_after(OWNER, said.message_id, "right");
    let ledger = world.ledger().join("\n");
    assert!(
        !ledger.contains("never") && !ledger.contains("wrong"),
        "{ledger}"
    );
    world.assert_no_violations();
}

#[test]
fn the_card_of_a_killed_bridge_keeps_its_words_and_loses_its_button() {
    let world = World::new();
    let bridge = world.start();
    let said = world.playground.say(OWNER, "rehearse: slow 10000 20");
    let card = world.see_after(OWNER, said.message_id, "piece3");
    // The session knows the message by then.
    world.wait("a renewal", |view| {
        let mut posts = view.bot_posts(OWNER);
        posts.find(|it| it.message_id == card.message_id && it.edits > 0)?;
        Some(())
    });
    bridge.kill();
    let _bridge = world.start();
    let closed = world.see_edited(&card, "⏹ Interrupted.");
    assert!(closed.text.contains("piece"), "{}", closed.text);
    assert!(closed.buttons.is_empty());
    world.see_after(OWNER, card.message_id, "What should become of it?");
}
