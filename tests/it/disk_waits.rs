//! Promise: a turn waits for the disk twice: before the agent gets the prompt, and before the answer
//! leaves.

use crate::support::bridge::World;

/// Returns how often a bridge waited for the disk that had so many turns after its first one.
fn waits_of(turns: usize) -> usize {
    let mut world = World::new();
    world.set("log.level", "\"info,bridge::store=trace\"");
    let bridge = world.start();
    for turn in 0..=turns {
        world.say_and_see(
            &format!("rehearse: say turn{turn}."),
            &format!("turn{turn}."),
        );
        world.wait("the update is confirmed", |view| {
            (view.unconfirmed_updates() == 0).then_some(())
        });
    }
    let output = bridge.stop();
    output.matches("the disk has everything up to").count()
}

#[test]
fn a_turn_of_a_warm_agent_waits_for_the_disk_twice() {
    // On a busy machine two that could wait together may miss each other.
    let waits = || {
        let (few, many) = (waits_of(2), waits_of(12));
        many - few
    };
    let least = (0..4).map(|_| waits()).find(|waits| *waits <= 2 * 10);
    assert_eq!(least, Some(2 * 10));
}
