//! Promise: whatever Telegram does, no message is lost, none runs twice, and one chat's trouble is
//! its own.

use std::time::Duration;

use playground::{Fault, Matcher, Trouble};
use serde_json::json;

use crate::support::bridge::{OWNER, World};

const ANNA: i64 = 2002;

/// A world in which the owner and Anna have a session each.
fn world_of_two() -> World {
    let mut world = World::new();
    world.set("multi_user.enabled", true);
    world.set("multi_user.allowed_users", format!("[{ANNA}]"));
    world
}

/// Lets every matching call go wrong until `calls` of them have.
fn suffer(world: &World, method: &str, trouble: &Trouble, calls: usize) {
    let refused = |view: &playground::View<'_>| {
        view.calls_of(method)
            .filter(|call| {
                call.answer
                    .as_ref()
                    .is_some_and(|answer| answer.status != 200)
            })
            .count()
    };
    let before = world.playground.look(refused);
    world.playground.push_fault(Fault {
        when: Matcher::method(method).always(),
        what: trouble.clone(),
    });
    world.wait("calls that go wrong", |view| {
        (refused(view) >= before + calls).then_some(())
    });
    world.playground.clear_faults();
}

/// The words of the bot's answers in a chat, in their order.
fn answers(world: &World, chat: i64) -> Vec<String> {
    let texts = world.bot_texts(chat).into_iter();
    let first = texts.filter_map(|text| text.lines().next().map(str::to_owned));
    first.filter(|line| line.contains("word")).collect()
}

#[test]
fn messages_of_an_outage_are_answered_after_it_once_and_in_order() {
    for trouble in [
        Trouble::ServerError(503),
        Trouble::Html502,
        Trouble::DropBefore,
    ] {
        let world = World::new();
        let _bridge = world.start();
        world.say_and_see("rehearse: say warm", "warm");
        world.playground.push_fault(Fault {
            when: Matcher::method("getUpdates").always(),
            what: trouble.clone(),
        });
        for number in 1..=3 {
            world
                .playground
                .say(OWNER, &format!("rehearse: say word {number}"));
        }
        suffer(&world, "getUpdates", &trouble, 2);
        world.say_and_see("rehearse: say the end", "the end");
        assert_eq!(
            answers(&world, OWNER),
            ["word 1", "word 2", "word 3"],
            "{trouble:?}"
        );
        assert_eq!(world.ledger().len(), 5, "{trouble:?}");
    }
}

#[test]
fn answers_of_an_outage_come_after_it_once_and_in_order() {
    let world = World::new();
    let _bridge = world.start();
    world.say_and_see("rehearse: say warm", "warm");
    for number in 1..=3 {
        world
            .playground
            .say(OWNER, &format!("rehearse: say word {number}"));
    }
    suffer(&world, "sendMessage", &Trouble::ServerError(500), 3);
    world.say_and_see("rehearse: say the end", "the end");
    let found = answers(&world, OWNER);
    let expected = ["word 1", "word 2", "word 3"];
    // The first may have left before the outage began.
    assert_eq!(found, expected);
    assert_eq!(world.ledger().len(), 5);
}

#[test]
fn a_storm_of_429_holds_its_chat_as_long_as_telegram_says_and_no_other() {
    let world = world_of_two();
    let _bridge = world.start();
    world.say_and_see("rehearse: say warm", "warm");
    world.playground.push_fault(Fault {
        when: Matcher::method("sendMessage").in_chat(OWNER).times(3),
        what: Trouble::TooManyRequests { retry_after: 1 },
    });
    for number in 1..=2 {
        world
            .playground
            .say(OWNER, &format!("rehearse: say word {number}"));
    }
    world.wait("the first refusal", |view| {
        let mut calls = view.calls_of("sendMessage");
        calls
            .find(|call| {
                call.answer
                    .as_ref()
                    .is_some_and(|answer| answer.status == 429)
            })
            .map(drop)
    });
    let said = world.playground.say(ANNA, "rehearse: say quick");
    world.see_after(ANNA, said.message_id, "quick");
    assert_eq!(
        answers(&world, OWNER),
        [""; 0],
        "anna did not wait for the storm to pass"
    );
    world.say_and_see("rehearse: say the end", "the end");
    assert_eq!(answers(&world, OWNER), ["word 1", "word 2"]);
    let calls = world.playground.calls();
    let of_owner: Vec<_> = calls
        .iter()
        .filter(|call| call.method == "sendMessage" && call.chat_id == Some(OWNER))
        .collect();
    for pair in of_owner.windows(2) {
        let answer = pair[0].answer.as_ref().expect("it was answered");
        if answer.status == 429 {
            let waited = pair[1].arrived_at - answer.at;
            assert!(waited >= Duration::from_secs(1), "waited {waited:?}");
        }
    }
}

#[test]
fn updates_in_any_order_of_their_ids_run_once_each_as_they_come() {
    let world = World::new();
    let _bridge = world.start();
    for (update, number) in [(900, 1), (100, 2), (500, 3), (100, 2), (900, 1)] {
        world
            .playground
            .inject(json!({"update_id": update, "message": {
            "message_id": 1000 + number, "date": 1, "chat": {"id": OWNER, "type": "private"},
            "from": {"id": OWNER, "is_bot": false, "first_name": "Olga"},
            "text": format!("rehearse: say word {number}")}}));
    }
    world.wait("three answers", |view| {
        (view
            .bot_posts(OWNER)
            .filter(|post| post.text.starts_with("word"))
            .count()
            >= 3)
            .then_some(())
    });
    world.say_and_see("rehearse: say the end", "the end");
    assert_eq!(answers(&world, OWNER), ["word 1", "word 2", "word 3"]);
    assert_eq!(world.ledger().len(), 4, "{:?}", world.ledger());
}

#[test]
fn another_poller_that_stays_for_a_while_costs_no_message() {
    let world = World::new();
    let bridge = world.start();
    world.say_and_see("rehearse: say warm", "warm");
    world.playground.push_fault(Fault {
        when: Matcher::method("getUpdates").times(2),
        what: Trouble::Conflict,
    });
    world.playground.say(OWNER, "rehearse: say word 1");
    bridge.wait_for_line("another program polls");
    world.say_and_see("rehearse: say the end", "the end");
    assert_eq!(answers(&world, OWNER), ["word 1"]);
    assert_eq!(world.ledger().len(), 3);
}

#[test]
fn a_call_that_hangs_holds_its_own_chat_alone_and_nothing_comes_twice() {
    let world = world_of_two();
    let _bridge = world.start();
    world.say_and_see("rehearse: say warm", "warm");
    world.playground.push_fault(Fault {
        when: Matcher::method("sendMessage").in_chat(OWNER),
        what: Trouble::Hang(Duration::from_secs(3)),
    });
    for number in 1..=2 {
        world
            .playground
            .say(OWNER, &format!("rehearse: say word {number}"));
    }
    world.wait("a call that hangs", |view| {
        let hangs = |call: &playground::Call| call.chat_id == Some(OWNER) && call.answer.is_none();
        view.calls_of("sendMessage").any(hangs).then_some(())
    });
    let said = world.playground.say(ANNA, "rehearse: say quick");
    world.see_after(ANNA, said.message_id, "quick");
    assert_eq!(answers(&world, OWNER), [""; 0], "anna did not wait for it");
    world.say_and_see("rehearse: say the end", "the end");
    assert_eq!(answers(&world, OWNER), ["word 1", "word 2"]);
}

#[test]
fn answers_that_arrive_and_are_never_confirmed_come_again_marked_and_in_order() {
    for trouble in [Trouble::DropAfterWork, Trouble::InvalidJson] {
        let world = World::new();
        let _bridge = world.start();
        world.say_and_see("rehearse: say warm", "warm");
        world.playground.push_fault(Fault {
            when: Matcher::method("sendMessage").times(2),
            what: trouble.clone(),
        });
        for number in 1..=2 {
            world
                .playground
                .say(OWNER, &format!("rehearse: say word {number}"));
        }
        world.say_and_see("rehearse: say the end", "the end");
        let found = answers(&world, OWNER);
        let plain: Vec<_> = found.iter().filter(|it| !it.starts_with('↻')).collect();
        assert_eq!(plain, ["word 1", "word 2"], "{trouble:?}: {found:?}");
        let words = found.iter().map(|it| it.trim_start_matches("↻ "));
        let words: Vec<_> = words.collect();
        assert!(words.is_sorted(), "{trouble:?}: {found:?}");
        assert_eq!(world.ledger().len(), 4, "{trouble:?}");
    }
}

#[test]
fn an_edit_that_telegram_does_not_take_for_a_while_is_made_after_it() {
    let world = World::new();
    let _bridge = world.start();
    let asked = world.say_and_see("rehearse: ask Bash make", "🔐 Claude wants to");
    world.playground.push_fault(Fault {
        when: Matcher::method("editMessageText").times(1),
        what: Trouble::TooManyRequests { retry_after: 1 },
    });
    for trouble in [Trouble::ServerError(503), Trouble::DropAfterWork] {
        world.playground.push_fault(Fault {
            when: Matcher::method("editMessageText").times(1),
            what: trouble,
        });
    }
    world.press(&asked, "✕ Deny");
    let closed = world.see_edited(&asked, "✕ Denied by Olga");
    assert!(closed.buttons.is_empty());
    world.see_after(OWNER, asked.message_id, "was denied");
}
