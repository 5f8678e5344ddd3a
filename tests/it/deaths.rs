//! Promise: the death of an actor costs at most one chat a moment, or ends the bridge with a clear
//! last line; in either case nothing is lost.

use crate::support::bridge::{OWNER, World};

/// Where a vital actor is broken, and what the bridge says of it.
const VITAL: [(&str, &str); 6] = [
    ("poll.received", "the poller failed"),
    ("sender.performs", "the sender failed"),
    ("router.ruled", "the router failed"),
    ("registry.lookup", "the user registry failed"),
    ("supervisor.started", "the session supervisor failed"),
    ("outbox.received", "the outbox failed"),
];

#[test]
fn a_vital_actor_that_dies_ends_the_bridge_with_a_clear_word_and_nothing_is_lost() {
    for (point, word) in VITAL {
        let mut world = World::new();
        world.env("FAILPOINTS", &format!("{point}=panic"));
        let mut bridge = world.start();
        let said = world.playground.say(OWNER, "rehearse: say survived");
        let status = bridge.wait();
        assert_eq!(status.code(), Some(1), "{point}: {}", bridge.output());
        // What the bridge printed is read beside this thread; its end may be seen first.
        bridge.wait_for_line(&format!("bridge: {word}"));
        world.unset_env("FAILPOINTS");
        let _bridge = world.start();
        let outcome = world.see_after(OWNER, said.message_id, "");
        assert!(!outcome.text.is_empty());
        world.say_and_see("rehearse: say and on", "and on");
        let ran = world
            .ledger()
            .iter()
            .filter(|line| line.contains("survived"))
            .count();
        // One that was written to an agent and cut short does not run again unasked.
        let posts = world.bot_texts(OWNER);
        let is_offered =
            (posts.iter()).any(|text| text.contains("Nothing repeats unless you say so."));
        assert!(ran <= 1, "{point}: {:?}", world.ledger());
        assert!(ran == 1 || is_offered, "{point}: {posts:?}");
    }
}

/// Where a session is broken: in a handler, and in a future that it spawned.
const IN_SESSION: [&str; 3] = ["session.journal", "agent.turn_started", "session.synced"];

#[test]
fn a_session_that_dies_goes_on_at_once_and_delays_nobody() {
    for point in IN_SESSION {
        let mut world = World::new();
        world.env("FAILPOINTS", &format!("{point}=1*panic"));
        let bridge = world.start();
        let said = world.playground.say(OWNER, "rehearse: say survived");
        world.see_after(OWNER, said.message_id, "A fault inside the bridge");
        world.say_and_see("rehearse: say and on", "and on");
        let ran = world
            .ledger()
            .iter()
            .filter(|line| line.contains("survived"))
            .count();
        assert!(ran <= 1, "{point}: {:?}", world.ledger());
        let posts = world.bot_texts(OWNER);
        let is_answered = posts.iter().any(|text| text.starts_with("survived"));
        let is_offered = posts
            .iter()
            .any(|text| text.contains("Nothing repeats unless you say so."));
        assert!(is_answered != is_offered, "{point}: {posts:?}");
        bridge.stop();
    }
}

#[test]
fn a_message_that_breaks_its_session_three_times_is_set_aside_and_the_next_one_runs() {
    let mut world = World::new();
    world.env("FAILPOINTS", "session.synced=3*panic");
    let _bridge = world.start();
    world.playground.say(OWNER, "rehearse: say poison");
    let post = world.see_after(OWNER, 0, "started 3 times");
    assert!(!post.buttons.is_empty(), "it can be decided about");
    world.say_and_see("rehearse: say and on", "and on");
    assert_eq!(world.ledger().len(), 1, "{:?}", world.ledger());
}
