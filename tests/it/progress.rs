//! Promise: a long turn shows what it does, in few calls, and its answer is a message of its own.

use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use playground::{Fault, Matcher, Trouble, View};

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
    world.see_after(OWNER, card.message_id, "Nothing repeats unless you say so.");
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
    world.see_edited(&notice, "✕ Not run");
    world.playground.edit(said, "rehearse: say right");
    world.see_after(OWNER, said.message_id, "✎ The new version runs instead");
    world.see_after(OWNER, said.message_id, "right");
    let ledger = world.ledger().join("\n");
    assert!(
        !ledger.contains("never") && !ledger.contains("wrong"),
        "{ledger}"
    );
    world.assert_no_violations();
}

/// Returns a world whose owner has chosen drafts, and the last message so far.
fn with_drafts(world: &World) -> i64 {
    world.say_and_see("/draft on", "● /draft on").message_id
}

/// Waits until the owner sees a draft with these words.
fn see_draft(world: &World, words: &str) {
    world.wait(&format!("a draft with {words:?}"), |view| {
        let draft = view.draft(OWNER)?;
        draft.text.contains(words).then_some(())
    });
}

fn has_card(view: &View<'_>) -> bool {
    let is_card = |text: &str| text.starts_with('⏳') || text.starts_with('✓');
    view.bot_posts(OWNER).any(|post| is_card(&post.text))
}

#[test]
fn with_drafts_on_a_turn_streams_as_a_draft_and_has_no_card() {
    let world = World::new();
    let bridge = world.start();
    with_drafts(&world);
    bridge.stop();
    // It is kept over a restart.
    let _bridge = world.start();
    let said = world
        .playground
        .say(OWNER, "rehearse: slow 60 50 ;; say all **done**");
    see_draft(&world, "piece3");
    see_draft(&world, "piece40");
    assert!(
        world
            .playground
            .look(|view| view.draft(OWNER).unwrap().can_stop)
    );
    let answer = world.see_after(OWNER, said.message_id, "all done");
    assert!(!answer.silent, "it rings");
    assert_eq!(answer.reply_to, Some(said.message_id));
    world.playground.look(|view| {
        assert!(
            view.draft(OWNER).is_none(),
            "the answer has taken its place"
        );
        assert!(!has_card(view));
        let calls = view.calls_of("sendMessageDraft").count();
        assert!((2..=6).contains(&calls), "{calls} drafts in three seconds");
    });
    world.say_and_see("rehearse: say short", "short");
    world.assert_no_violations();
}

#[test]
fn the_stop_of_a_draft_stops_the_turn() {
    let world = World::new();
    let _bridge = world.start();
    let after = with_drafts(&world);
    world.playground.say(OWNER, "rehearse: slow 10000 20");
    see_draft(&world, "piece3");
    world.playground.stop_draft(OWNER).expect("it has a Stop");
    world.see_after(OWNER, after, "⏹ Stopped.");
    let shown = world.bot_texts(OWNER).join("\n");
    assert!(shown.contains("piece3"), "what was shown stays: {shown}");
    world.say_and_see("rehearse: say still here", "still here");
    assert!(world.playground.look(|view| view.draft(OWNER).is_none()));
    world.assert_no_violations();
}

#[test]
fn what_a_draft_showed_of_a_text_that_is_cut_stays() {
    let world = World::new();
    let _bridge = world.start();
    let after = with_drafts(&world);
    world.playground.say(OWNER, "rehearse: slow 10000 20");
    see_draft(&world, "piece3");
    for agent in world.processes_of_agents() {
        kill(agent, Signal::SIGKILL).ok();
    }
    let kept = world.see_after(OWNER, after, "Cut short:");
    assert!(kept.text.contains("piece3") && kept.silent, "{}", kept.text);
    world.see_after(OWNER, kept.message_id, "Nothing repeats unless you say so.");
    world.assert_no_violations();
}

#[test]
fn where_telegram_refuses_drafts_the_turn_has_a_card() {
    let world = World::new();
    let _bridge = world.start();
    let after = with_drafts(&world);
    let no = "Bad Request: TEXTDRAFT_NOT_AVAILABLE".to_owned();
    world.playground.push_fault(Fault {
        when: Matcher::method("sendMessageDraft").always(),
        what: Trouble::BadRequest(no),
    });
    world
        .playground
        .say(OWNER, "rehearse: slow 60 50 ;; say all done");
    let card = world.see_after(OWNER, after, "piece3");
    assert!(card.text.starts_with("⏳"), "{}", card.text);
    let answer = world.see_after(OWNER, card.message_id, "all done");
    assert!(answer.text.contains("piece59"), "{}", answer.text);
    world.see_edited(&card, "✓ ");
    let calls = |view: &View<'_>| view.calls_of("sendMessageDraft").count();
    assert_eq!(world.playground.look(calls), 1, "it is not asked again");
    world.assert_no_violations();
}

/// A draft of which nothing is heard costs the answer no more than its 2 s.
#[test]
fn a_draft_that_hangs_does_not_hold_the_answer() {
    let world = World::new();
    let _bridge = world.start();
    let after = with_drafts(&world);
    world.playground.push_fault(Fault {
        when: Matcher::method("sendMessageDraft"),
        what: Trouble::Hang(Duration::from_secs(60)),
    });
    world
        .playground
        .say(OWNER, "rehearse: slow 10 50 ;; say all done");
    world.see_after(OWNER, after, "all done");
    let mut drafts = world.playground.calls();
    drafts.retain(|call| call.method == "sendMessageDraft");
    assert!(!drafts.is_empty());
    assert!(world.playground.look(|view| view.draft(OWNER).is_none()));
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
    world.see_after(OWNER, card.message_id, "Nothing repeats unless you say so.");
}
