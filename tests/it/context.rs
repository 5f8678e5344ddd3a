//! Promise: what comes with a person's words reaches Claude with them.

use serde_json::Value;

use crate::support::bridge::{OWNER, World, works};

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
