//! Promise: what a turn cost is counted once, wherever the bridge is killed around its end.

use serde_json::{Value, json};

use crate::support::bridge::{OWNER, World};

const PROMPT: &str = "rehearse: say all done ;; spend 25";

/// Returns what `bridge usage` says of all together.
pub(crate) fn total(world: &World) -> Value {
    let mut command = world.command();
    command.args(["usage", "--json"]);
    let output = command.output().expect("the bridge runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    let all: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    all["total"].clone()
}

#[test]
fn each_turn_is_counted_once_wherever_the_bridge_is_killed_around_its_end() {
    // Before it is written down, nobody knows what it cost; that it was there is known.
    let unknown = json!({"turns": 1, "without_cost": 1, "cost_usd": 0.0});
    let known = json!({"turns": 1, "without_cost": 0, "cost_usd": 0.25});
    let points = [
        ("agent.turn_ended", &unknown),
        ("session.closes", &unknown),
        ("outbox.departs", &known),
        ("outbox.landed", &known),
    ];
    for (point, expected) in points {
        let mut world = World::new();
        world.env("FAILPOINTS", &format!("{point}=1*return"));
        let mut bridge = world.start();
        world.playground.say(OWNER, PROMPT);
        bridge.wait();
        world.unset_env("FAILPOINTS");
        for _ in 0..2 {
            let bridge = world.start();
            bridge.wait_for_line("the bridge is ready");
            world.wait("an outcome", |view| {
                let mut posts = view.bot_posts(OWNER);
                posts
                    .find(|post| {
                        post.text.contains("all done") || post.text.contains("Nothing repeats")
                    })
                    .cloned()
            });
            bridge.stop();
            assert_eq!(total(&world), *expected, "killed at {point}");
        }
    }
}

#[test]
fn the_command_says_that_a_running_bridge_is_asked_in_the_chat() {
    let world = World::new();
    let bridge = world.start();
    bridge.wait_for_line("the bridge is ready");
    let mut command = world.command();
    let output = command.arg("usage").output().expect("the bridge runs");
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("send /usage to the bot"), "{told}");
}
