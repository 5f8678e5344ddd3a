//! Promise: an answer that could not be delivered arrives when the person is back.

use playground::{Fault, Matcher, Trouble};

use crate::support::bridge::{OWNER, World};

fn block(world: &World) {
    world.playground.push_fault(Fault {
        when: Matcher::method("sendMessage").in_chat(OWNER).always(),
        what: Trouble::Forbidden("Forbidden: bot was blocked by the user".to_owned()),
    });
}

/// Lets an answer come to a person who has blocked the bot.
fn miss_an_answer(world: &World) {
    block(world);
    world
        .playground
        .say(OWNER, "rehearse: say the missed answer");
    world.wait("a refused answer", |view| {
        let refused = view.calls_of("sendMessage").any(|call| {
            let answer = call.answer.as_ref();
            answer.is_some_and(|answer| answer.status == 403)
        });
        refused.then_some(())
    });
}

#[test]
fn who_blocked_the_bot_gets_the_answer_with_their_next_message() {
    let world = World::new();
    let _bridge = world.start();
    world.say_and_see("rehearse: say warm", "warm");
    miss_an_answer(&world);
    world.playground.clear_faults();
    world.say_and_see("rehearse: say the new answer", "the new answer");
    let texts = world.bot_texts(OWNER);
    let missed = texts.iter().position(|text| text.contains("the missed"));
    let new = texts.iter().position(|text| text.contains("the new"));
    assert!(missed.is_some() && missed < new, "{texts:?}");
    assert!(!texts[missed.unwrap_or(0)].contains('↻'), "{texts:?}");
    world.assert_no_violations();
}

#[test]
fn what_was_missed_outlives_the_bridge() {
    let world = World::new();
    let bridge = world.start();
    world.say_and_see("rehearse: say warm", "warm");
    miss_an_answer(&world);
    bridge.kill();
    let _bridge = world.start();
    world.playground.clear_faults();
    world.say_and_see("rehearse: say the new answer", "the new answer");
    let texts = world.bot_texts(OWNER).join("\n");
    assert!(texts.contains("the missed answer"), "{texts}");
    world.assert_no_violations();
}

#[test]
fn the_pace_that_telegram_grants_is_kept_over_a_restart() {
    let world = World::new();
    let bridge = world.start();
    world.say_and_see("rehearse: say warm", "warm");
    world.playground.push_fault(Fault {
        when: Matcher::method("sendMessage").in_chat(OWNER),
        what: Trouble::TooManyRequests { retry_after: 1 },
    });
    world.say_and_see("rehearse: say after a wait", "after a wait");
    let paces = || std::fs::read_to_string(world.path("data/paces.json"));
    world.wait("what was learnt", |_| paces().is_ok().then_some(()));
    bridge.kill();
    let learnt = paces().expect("it is there");
    assert_eq!(learnt, format!(r#"[{{"chat":{OWNER},"steps":1}}]"#));
    let _bridge = world.start();
    world.say_and_see("rehearse: say again", "again");
    world.assert_no_violations();
}
