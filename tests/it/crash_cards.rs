//! Promise: whatever kills the bridge, a message that asked says what was decided, and has no
//! buttons any more.
//!
//! Telegram refuses edits until the bridge is dead, so that nothing but the journal can bring them
//! about; or the bridge is killed at a point that the decision passes on its way.

use std::fs;

use playground::{Fault, Matcher, Post, Trouble};

use crate::support::bridge::{LONG, OWNER, World};
use crate::support::eventually::eventually;

/// Another administrator.
const DORA: i64 = 4004;
/// Somebody who wants to come in.
const STAN: i64 = 2002;

/// Lets no edit through.
fn refuse_edits(world: &World) {
    world.playground.push_fault(Fault {
        when: Matcher::method("editMessageText").always(),
        what: Trouble::ServerError(500),
    });
}

/// Waits until a message says something, and fails if it has buttons.
fn see_closed(world: &World, post: &Post, expected: &str) {
    let closed = world.see_edited(post, expected);
    assert!(closed.buttons.is_empty(), "{closed:?}");
}

/// Returns a world with two administrators who let others in.
fn shared_world() -> World {
    let mut world = World::new();
    world.set("multi_user.enabled", true);
    world.set("multi_user.admin_users", format!("[{DORA}]"));
    world.playground.user(DORA, "Dora");
    world
}

/// Has Stan ask to come in, and returns the cards of both administrators.
fn ask_to_join(world: &World) -> [Post; 2] {
    world.playground.say(STAN, "hello");
    [OWNER, DORA].map(|admin| world.see_after(admin, 0, "wants to use this bot"))
}

#[test]
fn an_offer_says_what_was_decided_though_the_edit_had_not_left() {
    let mut world = World::new();
    world.env("FAILPOINTS", "agent.said=1*return");
    let mut bridge = world.start();
    let text = "rehearse: say cut ;; bash true ;; say whole";
    world.playground.say(OWNER, text);
    bridge.wait();
    world.unset_env("FAILPOINTS");
    let bridge = world.start();
    let offer = world.see_after(OWNER, 0, "Nothing repeats unless you say so.");
    refuse_edits(&world);
    world.press(&offer, "↻ Run again");
    // It is written to Claude when the decision is on disk.
    eventually("it runs", LONG, || {
        (world.ledger().len() == 2).then_some(())
    });
    bridge.kill();
    world.playground.clear_faults();
    let _bridge = world.start();
    see_closed(&world, &offer, "It runs again");
}

#[test]
fn a_request_says_who_allowed_it_though_the_edit_had_not_left() {
    let mut world = shared_world();
    world.set("multi_user.allowed_users", format!("[{STAN}]"));
    let bridge = world.start();
    let asked = world.say_and_see("rehearse: ask Bash git push", "🔐 Claude wants to");
    refuse_edits(&world);
    world.press(&asked, "✅ Allow");
    let audit = || fs::read_to_string(world.path("data/audit.jsonl")).unwrap_or_default();
    eventually("a decision", LONG, || {
        audit().contains("allow_tool").then_some(())
    });
    // What is on disk before this runs is there too.
    let said = world.playground.say(STAN, "rehearse: say meanwhile");
    world.see_after(STAN, said.message_id, "meanwhile");
    bridge.kill();
    world.playground.clear_faults();
    let _bridge = world.start();
    see_closed(&world, &asked, "✅ Allowed by Olga");
}

#[test]
fn a_request_has_no_buttons_after_a_kill_right_behind_the_press() {
    for wait_for_decision in [false, true] {
        let world = World::new();
        let bridge = world.start();
        let asked = world.say_and_see("rehearse: ask Bash git push", "🔐 Claude wants to");
        world.press(&asked, "✅ Allow");
        if wait_for_decision {
            let audit = || fs::read_to_string(world.path("data/audit.jsonl")).unwrap_or_default();
            eventually("a decision", LONG, || {
                audit().contains("allow_tool").then_some(())
            });
        }
        bridge.kill();
        let _bridge = world.start();
        world.wait("a closed request", |view| {
            let mut posts = view.bot_posts(OWNER);
            let closed = posts.find(|post| post.message_id == asked.message_id)?;
            let says_so = [
                "✅ Allowed by Olga",
                "⌛ Expired",
                "✕ Claude no longer asks",
            ];
            let says_so = says_so.iter().any(|words| closed.text.contains(words));
            (says_so && closed.buttons.is_empty()).then_some(())
        });
    }
}

#[test]
fn both_administrators_see_who_let_somebody_in_though_the_edits_had_not_left() {
    let world = shared_world();
    let bridge = world.start();
    let cards = ask_to_join(&world);
    refuse_edits(&world);
    world.press(&cards[0], "Approve");
    world.see_after(STAN, 0, "You can use this bot now");
    // The press is confirmed to Telegram when all that it came to is on disk.
    world.wait("the press is confirmed", |view| {
        (view.unconfirmed_updates() == 0).then_some(())
    });
    bridge.kill();
    world.playground.clear_faults();
    let _bridge = world.start();
    for card in &cards {
        see_closed(&world, card, &format!("Administrator {OWNER} let in"));
    }
}

/// The points that the press of a join request passes, and those of the posts it leads to.
const POINTS: [&str; 9] = [
    "poll.received",
    "registry.lookup",
    "router.ruled",
    "outbox.received",
    "poll.routed",
    "poll.remembered",
    "store.flush",
    "store.synced",
    "poll.synced",
];

#[test]
fn a_join_request_that_was_approved_says_so_wherever_the_bridge_dies() {
    for point in POINTS {
        let mut world = shared_world();
        let bridge = world.start();
        let cards = ask_to_join(&world);
        // Where the cards stand is noted soon; an answer that took a while comes after that.
        world.say_and_see("rehearse: bash sleep 1; echo noted", "noted");
        bridge.stop();
        world.env("FAILPOINTS", &format!("{point}=1*return"));
        let mut bridge = world.start();
        world.unset_env("FAILPOINTS");
        world.press(&cards[0], "Approve");
        bridge.wait();
        let _bridge = world.start();
        see_closed(&world, &cards[0], &format!("Administrator {OWNER} let in"));
    }
}
