//! Promise: a stop is orderly, and nobody is left guessing.

use nix::sys::signal::Signal;

use crate::support::bridge::{OWNER, World, works};

#[test]
fn a_stop_tells_what_was_interrupted_and_ends_with_zero() {
    let world = World::new();
    let bridge = world.start();
    let said = world.playground.say(OWNER, "rehearse: slow 10000 20");
    world.wait("typing", |view| works(view, OWNER).then_some(()));
    let waiting = world.playground.say(OWNER, "rehearse: say not yet");
    world.see_after(OWNER, waiting.message_id, "Queued");
    bridge.stop();
    world.see_after(
        OWNER,
        said.message_id,
        "stopped while Claude worked on this",
    );
    world.see_after(OWNER, said.message_id, "It runs when the bridge is back");
    world.assert_nothing_left_within_two_seconds();
    let _bridge = world.start();
    world.see_after(OWNER, waiting.message_id, "not yet");
    assert_eq!(world.ledger().len(), 2, "{:?}", world.ledger());
}

#[test]
fn a_turn_that_ends_within_the_grace_is_answered_before_the_end() {
    let mut world = World::new();
    world.set("claude.shutdown_grace", "\"20s\"");
    let bridge = world.start();
    let said = world
        .playground
        .say(OWNER, "rehearse: slow 30 50 ;; say finished in time");
    world.wait("typing", |view| works(view, OWNER).then_some(()));
    let waiting = world.playground.say(OWNER, "rehearse: say not yet");
    world.see_after(OWNER, waiting.message_id, "Queued");
    bridge.stop();
    world.see_after(OWNER, said.message_id, "finished in time");
    world.see_after(OWNER, said.message_id, "It runs when the bridge is back");
    let told = world.bot_texts(OWNER);
    assert!(
        !told.iter().any(|text| text.contains("stopped while")),
        "{told:?}"
    );
    assert_eq!(world.ledger().len(), 1);
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
    let mut world = World::new();
    // Longer than the test would wait.
    world.set("claude.shutdown_grace", "\"1h\"");
    let mut bridge = world.start();
    world
        .playground
        .say(OWNER, "rehearse: bash trap '' TERM INT; sleep 1000");
    world.wait("typing", |view| works(view, OWNER).then_some(()));
    bridge.signal(Signal::SIGTERM);
    bridge.wait_for_line("the bridge stops");
    bridge.signal(Signal::SIGTERM);
    bridge.wait();
    assert!(
        bridge.output().contains("stops at once"),
        "{}",
        bridge.output()
    );
    world.assert_nothing_left_within_two_seconds();
}

#[test]
fn a_reload_whose_file_hangs_keeps_nobody_waiting_and_a_stop_is_obeyed() {
    let world = World::new();
    let bridge = world.start();
    bridge.wait_for_line("the bridge is ready");
    let file = world.path("bridge.toml");
    std::fs::remove_file(&file).unwrap();
    // Whoever opens it waits for somebody to write.
    nix::unistd::mkfifo(&file, nix::sys::stat::Mode::S_IRWXU).unwrap();
    bridge.signal(Signal::SIGHUP);
    world.say_and_see("rehearse: say still here", "still here");
    // A second one waits for the first and for nothing else.
    bridge.signal(Signal::SIGHUP);
    world.say_and_see("rehearse: say and here", "and here");
    bridge.signal(Signal::SIGTERM);
    bridge.stop_after_signal();
    world.assert_nothing_left_within_two_seconds();
}
