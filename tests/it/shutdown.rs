//! Promise: a stop is orderly, and nobody is left guessing.

use nix::sys::signal::Signal;

use crate::support::bridge::{OWNER, World};

#[test]
fn a_stop_tells_what_was_interrupted_and_ends_with_zero() {
    let world = World::new();
    let bridge = world.start();
    let said = world.playground.say(OWNER, "rehearse: slow 10000 20");
    world.wait("typing", |view| {
        (view.action(OWNER) == Some("typing")).then_some(())
    });
    let waiting = world.playground.say(OWNER, "rehearse: say not yet");
    world.see_after(OWNER, waiting.message_id, "Queued");
    bridge.stop();
    world.see_after(OWNER, said.message_id, "was stopped while this was running");
    world.see_after(OWNER, said.message_id, "before this could run");
    world.assert_nothing_left_within_two_seconds();
}

#[test]
fn an_idle_bridge_stops_at_once_and_what_it_took_is_confirmed() {
    let world = World::new();
    let bridge = world.start();
    world.say_and_see("rehearse: say bye", "bye");
    bridge.stop();
    let bridge = world.start();
    world.say_and_see("rehearse: say hello again", "hello again");
    bridge.stop();
    assert_eq!(
        world.ledger().len(),
        2,
        "nothing ran twice: {:?}",
        world.ledger()
    );
}

#[test]
fn a_second_signal_ends_the_bridge_at_once() {
    let world = World::new();
    let mut bridge = world.start();
    world
        .playground
        .say(OWNER, "rehearse: bash trap '' TERM INT; sleep 1000");
    world.wait("typing", |view| {
        (view.action(OWNER) == Some("typing")).then_some(())
    });
    bridge.signal(Signal::SIGTERM);
    // It may be gone already.
    nix::sys::signal::kill(bridge.pid(), Signal::SIGTERM).ok();
    bridge.wait();
    world.assert_nothing_left_within_two_seconds();
}
