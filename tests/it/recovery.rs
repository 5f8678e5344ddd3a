//! Promise: a session survives the death of its agent and of the bridge, and one bridge a bot.

use std::time::Duration;

use nix::sys::signal::Signal;
use playground::{Fault, Matcher, Trouble};

use crate::support::bridge::{Bridge, LONG, OWNER, World};
use crate::support::eventually::eventually;

#[test]
fn an_agent_that_dies_in_mid_turn_is_told_and_the_conversation_goes_on() {
    let world = World::new();
    let _bridge = world.start();
    world.say_and_see("rehearse: say before", "before");
    world.say_and_see("rehearse: kill", "Part of it may be done");
    world.say_and_see("rehearse: crash 3", "exit code 3");
    world.say_and_see("rehearse: say after", "after");
    assert_eq!(
        world.ledger().len(),
        4,
        "nothing ran twice: {:?}",
        world.ledger()
    );
}

#[test]
fn a_conversation_survives_a_kill_of_the_bridge() {
    let world = World::new();
    let bridge = world.start();
    world.say_and_see("rehearse: say one", "one");
    let before = world.say_and_see("/status", "Conversation:").text;
    bridge.kill();
    world.assert_nothing_left_within_two_seconds();

    let _bridge = world.start();
    world.say_and_see("rehearse: say two", "two");
    let after = world.say_and_see("/status", "Conversation:").text;
    let line = |text: &str| {
        text.lines()
            .find(|line| line.contains("Conversation"))
            .map(str::to_owned)
    };
    assert_eq!(line(&before), line(&after));
}

#[test]
fn nothing_is_left_two_seconds_after_a_kill_of_the_bridge_in_mid_tool() {
    let world = World::new();
    let bridge = world.start();
    world
        .playground
        .say(OWNER, "rehearse: bash setsid nohup sleep 1000 & sleep 1000");
    // The guard, its stages, the agent, the shell and two sleeps.
    wait_for_processes(&world, 4);
    bridge.kill();
    world.assert_nothing_left_within_two_seconds();
}

#[test]
fn nothing_is_left_after_any_signal() {
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGQUIT] {
        let world = World::new();
        let mut bridge = world.start();
        world
            .playground
            .say(OWNER, "rehearse: bash sleep 1000 & sleep 1000");
        wait_for_processes(&world, 4);
        bridge.signal(signal);
        bridge.wait();
        world.assert_nothing_left_within_two_seconds();
    }
}

#[test]
fn messages_sent_while_the_bridge_was_down_are_answered() {
    let world = World::new();
    world.start().kill();
    let said = world.playground.say(OWNER, "rehearse: say waited for you");
    let _bridge = world.start();
    world.see_after(OWNER, said.message_id, "waited for you");
}

#[test]
fn a_second_bridge_on_the_same_data_folder_is_refused() {
    let world = World::new();
    let bridge = world.start();
    world.say_and_see("rehearse: say first", "first");
    let mut second = Bridge::spawn(world.command());
    let status = second.wait();
    second.wait_for_line("another bridge");
    assert_eq!(status.code(), Some(1), "{}", second.output());
    world.say_and_see("rehearse: say unharmed", "unharmed");
    bridge.stop();
}

#[test]
fn another_poller_makes_the_bridge_step_back_say_so_and_come_again() {
    let world = World::new();
    world.playground.push_fault(Fault {
        when: Matcher::method("getUpdates").times(1),
        what: Trouble::Conflict,
    });
    let bridge = world.start();
    bridge.wait_for_line("another program");
    world.say_and_see("rehearse: say back again", "back again");
}

#[test]
fn an_outage_of_telegram_loses_neither_messages_nor_answers() {
    let world = World::new();
    let _bridge = world.start();
    world.say_and_see("rehearse: say warm", "warm");
    let said = world
        .playground
        .say(OWNER, "rehearse: slow 5 50 ;; say through the outage");
    for trouble in [
        Trouble::DropBefore,
        Trouble::Html502,
        Trouble::ServerError(500),
    ] {
        world.playground.push_fault(Fault {
            when: Matcher::method("sendMessage"),
            what: trouble,
        });
    }
    world.see_after(OWNER, said.message_id, "through the outage");
    let texts = world.bot_texts(OWNER);
    let times = texts
        .iter()
        .filter(|text| text.contains("through the outage"))
        .count();
    assert!((1..=2).contains(&times), "{texts:?}");
    if times == 2 {
        assert!(
            texts.iter().any(|text| text.starts_with('↻')),
            "a repeat is marked: {texts:?}"
        );
    }
}

#[test]
fn an_answer_whose_fate_is_unknown_comes_again_marked() {
    let world = World::new();
    let _bridge = world.start();
    world.playground.push_fault(Fault {
        when: Matcher::method("sendMessage"),
        what: Trouble::DropAfterWork,
    });
    let said = world.playground.say(OWNER, "rehearse: say once or twice");
    let post = world.see_after(OWNER, said.message_id, "↻");
    assert!(post.text.contains("once or twice"), "{}", post.text);
    let texts = world.bot_texts(OWNER);
    assert_eq!(
        texts
            .iter()
            .filter(|text| text.contains("once or twice"))
            .count(),
        2
    );
}

#[test]
fn one_chats_trouble_does_not_delay_the_poll() {
    let world = World::new();
    let _bridge = world.start();
    world.playground.push_fault(Fault {
        when: Matcher::method("sendMessage").in_chat(2002),
        what: Trouble::Hang(Duration::from_secs(20)),
    });
    world.playground.say(2002, "let me in");
    world.say_and_see("rehearse: say quick", "quick");
}

#[test]
fn a_duplicated_update_runs_once() {
    let world = World::new();
    let _bridge = world.start();
    let update = serde_json::json!({"update_id": 77, "message": {
        "message_id": 970, "date": 1, "chat": {"id": OWNER, "type": "private"},
        "from": {"id": OWNER, "is_bot": false, "first_name": "Olga"},
        "text": "rehearse: say only once"}});
    world.playground.inject(update.clone());
    world.playground.inject(update);
    world.see_after(OWNER, 0, "only once");
    world.say_and_see("rehearse: say later", "later");
    assert_eq!(world.ledger().len(), 2, "{:?}", world.ledger());
}

fn wait_for_processes(world: &World, at_least: usize) {
    eventually("the processes of a tool", LONG, || {
        (world.processes_of_agents().len() >= at_least).then_some(())
    });
}

#[test]
fn an_update_that_comes_again_after_a_kill_runs_once() {
    let world = World::new();
    let bridge = world.start();
    let update = serde_json::json!({"update_id": 78, "message": {
        "message_id": 971, "date": 1, "chat": {"id": OWNER, "type": "private"},
        "from": {"id": OWNER, "is_bot": false, "first_name": "Olga"},
        "text": "rehearse: say executed once"}});
    world.playground.inject(update.clone());
    world.see_after(OWNER, 0, "executed once");
    bridge.kill();
    // As Telegram does when the bridge was killed before it confirmed the update.
    world.playground.inject(update);
    let _bridge = world.start();
    world.say_and_see("rehearse: say and on", "and on");
    assert_eq!(world.ledger().len(), 2, "{:?}", world.ledger());
}
