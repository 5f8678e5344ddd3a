//! Promise: message the bot, Claude works, the answer comes back.

use std::time::Duration;

use crate::support::bridge::{OWNER, World, works};

#[test]
fn a_message_is_answered_as_a_reply_with_formatting() {
    let world = World::new();
    let bridge = world.start();
    let said = world
        .playground
        .say(OWNER, "rehearse: say **bold** and `code`");
    let post = world.see_after(OWNER, said.message_id, "bold and code");
    assert_eq!(post.reply_to, Some(said.message_id));
    let kinds: Vec<_> = post
        .entities
        .iter()
        .map(|entity| entity["type"].clone())
        .collect();
    assert!(
        kinds.contains(&"bold".into()) && kinds.contains(&"code".into()),
        "{kinds:?}"
    );
    assert!(!post.silent, "an answer rings");
    world.wait("👀 on the message", |view| {
        let post = view.post(OWNER, said.message_id)?;
        post.reactions.contains(&"👀".to_owned()).then_some(())
    });
    bridge.stop();
    world.assert_no_violations();
}

#[test]
fn several_turns_run_in_one_process_and_one_conversation() {
    let world = World::new();
    let bridge = world.start();
    for number in 1..=3 {
        world.say_and_see(
            &format!("rehearse: say turn {number}"),
            &format!("turn {number}"),
        );
    }
    let starts = bridge.output().matches("agent is started").count();
    assert_eq!(starts, 1, "{}", bridge.output());
    assert_eq!(world.ledger().len(), 3);
    bridge.stop();
}

#[test]
fn messages_sent_while_a_turn_runs_are_queued_said_so_and_answered_in_order() {
    let world = World::new();
    let _bridge = world.start();
    let first = world.playground.say(OWNER, "rehearse: slow 10 50");
    world.playground.say(OWNER, "rehearse: say second");
    world.playground.say(OWNER, "rehearse: say third");
    world.see_after(OWNER, first.message_id, "Queued");
    world.see_after(OWNER, first.message_id, "third");
    let texts = world.bot_texts(OWNER);
    let place = |needle: &str| texts.iter().position(|text| text.contains(needle));
    assert!(place("second") < place("third"), "{texts:?}");
    assert_eq!(world.ledger().len(), 3);
}

#[test]
fn stop_ends_a_running_turn_and_the_agent_serves_the_next() {
    let world = World::new();
    let bridge = world.start();
    let said = world.playground.say(OWNER, "rehearse: slow 10000 20");
    world.wait("typing", |view| works(view, OWNER).then_some(()));
    world.playground.say(OWNER, "/stop");
    world.see_after(OWNER, said.message_id, "Stopped");
    world.say_and_see("rehearse: say after the stop", "after the stop");
    assert_eq!(bridge.output().matches("agent is started").count(), 1);
}

#[test]
fn an_agent_that_does_not_obey_stop_is_ended_with_its_tree() {
    let world = World::new();
    let _bridge = world.start();
    let said = world
        .playground
        .say(OWNER, "rehearse: stubborn ;; slow 10000 20");
    world.wait("typing", |view| works(view, OWNER).then_some(()));
    world.playground.say(OWNER, "/stop");
    world.playground.say(OWNER, "/stop");
    world.see_after(OWNER, said.message_id, "everything it ran were ended");
    world.say_and_see("rehearse: say alive again", "alive again");
}

#[test]
fn new_starts_another_conversation() {
    let world = World::new();
    let _bridge = world.start();
    world.say_and_see("rehearse: say one", "one");
    let before = conversation(&world);
    world.say_and_see("/new", "New conversation");
    world.say_and_see("rehearse: say two", "two");
    assert_ne!(before, conversation(&world));
}

#[test]
fn help_and_start_answer_without_an_agent() {
    let world = World::new();
    let bridge = world.start();
    world.say_and_see("/help", "/stop");
    world.say_and_see("/start", "Claude");
    assert!(!bridge.output().contains("agent is started"));
    world.wait("the command menu", |view| {
        let commands = view.commands(OWNER);
        let has = |name: &str| commands.iter().any(|(command, _)| command == name);
        (has("new") && has("stop") && has("status") && has("help")).then_some(())
    });
}

#[test]
fn a_command_that_claude_lists_is_passed_and_an_unknown_one_is_text() {
    let world = World::new();
    let _bridge = world.start();
    world.say_and_see("/cost", "Total cost");
    world.say_and_see("/frobnicate the thing", "/frobnicate the thing");
    world.say_and_see("/etc/hosts is broken", "/etc/hosts is broken");
}

#[test]
fn a_very_long_answer_comes_whole_in_order_and_as_a_file() {
    let world = World::new();
    let _bridge = world.start();
    let said = world.playground.say(OWNER, "rehearse: long 15000");
    let file = world.wait("a file", |view| {
        let mut posts = view.bot_posts(OWNER);
        posts.find(|post| post.attachment.is_some()).cloned()
    });
    let posts: Vec<_> = world.playground.look(|view| {
        let posts = view
            .bot_posts(OWNER)
            .filter(|post| post.message_id > said.message_id);
        posts.cloned().collect()
    });
    assert!(
        posts.len() >= 5,
        "split into several messages and a file: {}",
        posts.len()
    );
    assert!(
        posts
            .iter()
            .all(|post| post.text.encode_utf16().count() <= 4096)
    );
    let content = file.attachment.expect("it is a file").bytes;
    assert!(content.len() >= 15_000, "{}", content.len());
    world.assert_no_violations();
}

#[test]
fn work_that_goes_on_in_the_background_is_posted_when_it_is_done() {
    let world = World::new();
    let _bridge = world.start();
    let said = world.playground.say(OWNER, "rehearse: background 300");
    let first = world.see_after(OWNER, said.message_id, "ehears");
    let second = world.see_after(OWNER, first.message_id, "background");
    assert_eq!(second.reply_to, None, "nobody asked for it");
}

#[test]
fn an_api_error_is_told_and_the_conversation_goes_on() {
    let world = World::new();
    let _bridge = world.start();
    world.say_and_see("rehearse: apierror 529 API Error: Overloaded", "Overloaded");
    world.say_and_see("rehearse: say better now", "better now");
}

#[test]
fn an_idle_agent_is_ended_and_the_next_message_resumes_its_conversation() {
    let mut world = World::new();
    world.set("claude.idle_timeout", r#""300ms""#);
    let bridge = world.start();
    world.say_and_see("rehearse: say one", "one");
    let before = conversation(&world);
    bridge.wait_for_line("agent is gone");
    world.assert_nothing_left_within_two_seconds();
    world.say_and_see("rehearse: say two", "two");
    assert_eq!(before, conversation(&world));
}

#[test]
fn a_silent_turn_is_stopped_and_told() {
    let mut world = World::new();
    world.set("claude.silence_limit", r#""400ms""#);
    let _bridge = world.start();
    world.say_and_see("rehearse: silence", "no sign of life");
}

#[test]
fn garbage_and_huge_lines_of_an_agent_change_nothing() {
    let world = World::new();
    let _bridge = world.start();
    world.say_and_see("rehearse: garbage ;; say still fine", "still fine");
    world.say_and_see("rehearse: bigline 20000000 ;; say and still", "and still");
}

#[test]
fn a_missing_claude_is_told_with_the_way_out() {
    let mut world = World::new();
    world.set("claude.binary", r#""/nowhere/claude""#);
    let _bridge = world.start();
    world.say_and_see("hello", "claude.binary");
}

#[test]
fn a_story_is_answered_with_what_can_be_sent() {
    let world = World::new();
    let bridge = world.start();
    world.playground.inject(serde_json::json!({
        "message": {
            "message_id": 77,
            "date": 1,
            "chat": { "id": OWNER, "type": "private" },
            "from": { "id": OWNER, "is_bot": false, "first_name": "Olga" },
            "story": { "id": 1, "chat": { "id": OWNER, "type": "private" } },
        },
    }));
    world.see_after(OWNER, 0, "a story");
    assert!(!bridge.output().contains("agent is started"));
}

#[test]
fn a_chat_that_is_told_to_wait_gets_its_answer_later_and_in_order() {
    use playground::{Fault, Matcher, Trouble};
    let world = World::new();
    let _bridge = world.start();
    world.playground.push_fault(Fault {
        when: Matcher::method("sendMessage").in_chat(OWNER),
        what: Trouble::TooManyRequests { retry_after: 1 },
    });
    let said = world.playground.say(OWNER, "rehearse: say one");
    world.playground.say(OWNER, "rehearse: say two");
    let two = world.see_after(OWNER, said.message_id, "two");
    let texts = world.bot_texts(OWNER);
    assert!(
        texts.iter().position(|text| text.contains("one")).is_some(),
        "{texts:?}"
    );
    assert!(two.sent_at - said.at >= Duration::from_secs(1));
}

/// Returns the conversation id that `/status` shows.
fn conversation(world: &World) -> String {
    let post = world.say_and_see("/status", "Conversation:");
    let line = post
        .text
        .lines()
        .find(|line| line.starts_with("Conversation:"));
    line.expect("the status has a conversation").to_owned()
}
