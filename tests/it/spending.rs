//! Promise: what a turn cost is counted once, wherever the bridge is killed around its end.

use serde_json::{Value, json};

use crate::support::bridge::{OWNER, World};

const PROMPT: &str = "rehearse: say all done ;; spend 25";

/// Returns what `bridge usage` says of all together.
pub(crate) fn total(world: &World) -> Value {
    let all: Value = serde_json::from_str(&usage(world, &["--json"])).expect("JSON");
    all["total"].clone()
}

fn usage(world: &World, arguments: &[&str]) -> String {
    let mut command = world.command();
    command.arg("usage").args(arguments);
    let output = command.output().expect("the bridge runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn each_turn_is_counted_once_wherever_the_bridge_is_killed_around_its_end() {
    // Before it is written down, nobody knows what it cost; that it was there is known.
    let unknown = json!({"turns": 1, "without_cost": 1, "tokens": 0, "cost_usd": 0.0});
    let known = json!({"turns": 1, "without_cost": 0, "tokens": 0, "cost_usd": 0.25});
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

/// Returns how often a prompt ran.
fn n_ran(world: &World, text: &str) -> usize {
    let ledger = world.ledger();
    ledger.iter().filter(|line| line.contains(text)).count()
}

#[test]
fn a_message_beyond_a_limit_waits_over_a_restart_and_runs_once_when_more_is_allowed() {
    let mut world = World::new();
    world.set(&format!("users.{OWNER}.cost_per_day"), "0.5");
    let bridge = world.start();
    world.say_and_see(
        "rehearse: say first ;; spend 45",
        "You have used $0.45 of $0.50",
    );
    world.say_and_see("rehearse: say second ;; spend 30", "second");
    let said = (world.playground).say(OWNER, "rehearse: say third");
    let told = world.see_after(OWNER, said.message_id, "is used up: $0.75 of $0.50");
    assert!(
        told.text.contains("did not run and is kept"),
        "{}",
        told.text
    );
    bridge.stop();
    assert_eq!(n_ran(&world, "say third"), 0);

    let bridge = world.start();
    world.press(&told, "▶ Run");
    let again = world.see_after(OWNER, told.message_id, "is used up: $0.75 of $0.50");
    assert_eq!(n_ran(&world, "say third"), 0);
    world.press(&again, "Allow 5 more");
    world.wait("the answer", |view| {
        let mut posts = view.bot_posts(OWNER);
        posts.find(|post| post.text.starts_with("third")).cloned()
    });
    bridge.kill();

    // What was allowed holds after a crash too, and what ran does not run again.
    let bridge = world.start();
    for n in 0..4 {
        world.say_and_see(&format!("rehearse: say more {n}"), &format!("more {n}"));
    }
    world.say_and_see("rehearse: say too much", "is used up");
    bridge.stop();
    assert_eq!(n_ran(&world, "say third"), 1);
    assert_eq!(n_ran(&world, "too much"), 0);
    assert_eq!(total(&world)["turns"], 7);
}

#[test]
fn administrators_are_told_who_has_used_up_a_limit_and_allow_more_from_their_chat() {
    const PERSON: i64 = 2002;
    let mut world = World::new();
    world.set("multi_user.enabled", true);
    world.set("multi_user.allowed_users", format!("[{PERSON}]"));
    world.set(&format!("users.{PERSON}.turns_per_day"), 1);
    let bridge = world.start();
    let say = |text: &str, expected: &str| {
        let said = world.playground.say(PERSON, text);
        world.see_after(PERSON, said.message_id, expected)
    };
    say("rehearse: say one", "one");
    let kept = say("rehearse: say two", "turns for today are used up: 1 of 1");
    let told = world.see_after(OWNER, 0, "2002 has used up a limit of today in chat 2002");
    world.press(&told, "Allow 5 more");
    world.see_edited(&told, "✅ 2002 may have 5 more turns today");
    let pressed = (world.playground).press(PERSON, PERSON, kept.message_id, "▶ Run");
    pressed.expect("the button is there");
    world.see_after(PERSON, kept.message_id, "two");
    bridge.stop();
    let text = usage(&world, &[]);
    let lines = text.lines().map(|line| line.split_whitespace().collect());
    let lines: Vec<Vec<&str>> = lines.collect();
    let [_, line, all] = &lines[..] else {
        panic!("{text}");
    };
    assert_eq!((line[1], line[3], all[1]), ("2002", "2", "2"), "{text}");
}

#[test]
fn a_kill_while_a_message_is_kept_or_more_is_allowed_loses_nothing_and_runs_nothing_twice() {
    for point in ["session.journal", "session.journalled"] {
        let mut world = World::new();
        world.set(&format!("users.{OWNER}.turns_per_day"), 1);
        let bridge = world.start();
        world.say_and_see("rehearse: say first", "first");
        bridge.stop();

        world.env("FAILPOINTS", &format!("{point}=1*return"));
        let mut bridge = world.start();
        let said = world.playground.say(OWNER, "rehearse: say second");
        bridge.wait();
        world.unset_env("FAILPOINTS");
        let bridge = world.start();
        let told = world.see_after(OWNER, said.message_id, "are used up: 1 of 1");
        bridge.stop();

        world.env("FAILPOINTS", &format!("{point}=1*return"));
        let mut bridge = world.start();
        bridge.wait_for_line("the bridge is ready");
        world.press(&told, "Allow 5 more");
        bridge.wait();
        assert_eq!(n_ran(&world, "say second"), 0, "{point}");
        world.unset_env("FAILPOINTS");
        let bridge = world.start();
        world.see_after(OWNER, told.message_id, "second");
        for n in 0..4 {
            world.say_and_see(&format!("rehearse: say more {n}"), &format!("more {n}"));
        }
        world.say_and_see("rehearse: say too much", "are used up: 6 of 1");
        bridge.stop();
        assert_eq!(n_ran(&world, "say second"), 1, "{point}");
        assert_eq!(total(&world)["turns"], 6, "{point}");
    }
}
