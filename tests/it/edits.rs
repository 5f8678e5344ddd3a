//! Promise: an edited message is what it is now, and acts once.

use crate::support::bridge::{OWNER, World, works};

#[test]
fn an_edit_that_turns_a_typo_into_a_command_acts_once_also_over_a_restart() {
    let world = World::new();
    let bridge = world.start();
    let slow = world.playground.say(OWNER, "rehearse: slow 10000 20");
    world.wait("work", |view| works(view, OWNER).then_some(()));
    let typo = world.playground.say(OWNER, "stop");
    world.see_after(OWNER, typo.message_id, "Queued");
    world.playground.edit(typo, "/stop");
    world.see_after(OWNER, slow.message_id, "Stopped");
    world.say_and_see("rehearse: say ready", "ready");
    // The typo did not run.
    assert_eq!(world.ledger().len(), 2);
    bridge.stop();
    let _bridge = world.start();
    world
        .playground
        .say(OWNER, "rehearse: slow 40 20 ;; say to the end");
    world.wait("work", |view| works(view, OWNER).then_some(()));
    world.playground.edit(typo, "/stop!");
    world.see_after(OWNER, typo.message_id, "to the end");
    world.assert_no_violations();
}

#[test]
fn what_is_nearly_a_command_is_asked_about_and_its_edit_acts() {
    let world = World::new();
    let _bridge = world.start();
    let slow = world.playground.say(OWNER, "rehearse: slow 10000 20");
    world.wait("work", |view| works(view, OWNER).then_some(()));
    let typo = world.playground.say(OWNER, "/stpo");
    world.see_after(OWNER, typo.message_id, "Did you mean /stop?");
    world.playground.edit(typo, "/stop");
    world.see_after(OWNER, slow.message_id, "Stopped");
    assert_eq!(world.ledger().len(), 1);
    world.assert_no_violations();
}
