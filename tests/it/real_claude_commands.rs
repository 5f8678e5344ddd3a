//! Promise: after Claude's own `/compact` and `/clear` nothing is answered twice, and the chat is
//! in the right conversation, also after a restart of the bridge. Both versions.

use crate::support::bridge::{OWNER, World};
use crate::support::messages_api::{Request, RequestKind};
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    what_was_said_before_a_compaction_is_not_said_again,
    a_cleared_conversation_is_left_for_good,
    commands_by_any_name_reach_claude_and_those_of_its_terminal_do_not,
);

/// What is said of a conversation that is set aside.
const CLEARED: &str = "✓ Cleared. Your next message starts a new conversation; Claude no longer \
    knows what was said before.";

/// The program writes what it has kept of its own answers once more, with the ids that they had.
fn what_was_said_before_a_compaction_is_not_said_again(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    asked_and_answered(&world, "say one about plums", "one about plums");
    asked_and_answered(&world, "say two about pears", "two about pears");
    let conversation = world.conversation();
    world.say_and_see("/context", "Context ▓");
    let compacted = world.playground.say(OWNER, "/compact");
    let compacted = world.see_after(OWNER, compacted.message_id, "✓ Compacted.");
    assert!(
        compacted.text.contains(" tokens became "),
        "{}",
        compacted.text
    );
    let requests = claude.api.requests();
    let mut kinds = requests.iter().map(|request| request.kind);
    assert!(kinds.any(|it| it == RequestKind::Summary), "{requests:?}");
    asked_and_answered(&world, "say three", "three");
    assert_eq!(world.conversation(), conversation);

    claude.until_written_down(&conversation, "\"three\"", 1);
    bridge.stop();
    let _bridge = world.start();
    asked_and_answered(&world, "say four", "four");
    assert_eq!(world.conversation(), conversation);
    assert!(last_call(claude).contains("They talked."), "the summary");
    assert_eq!(
        answers(&world),
        [
            "one about plums",
            "two about pears",
            &compacted.text,
            "three",
            "four"
        ]
    );
}

/// The program goes on under another id, and the old conversation is not resumed.
fn a_cleared_conversation_is_left_for_good(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    asked_and_answered(&world, "say one about plums", "one about plums");
    let before = world.conversation();
    asked_and_answered(&world, "/clear", CLEARED);
    asked_and_answered(&world, "say two about pears", "two about pears");
    let after = world.conversation();
    assert_ne!(after, before);
    assert!(!last_call(claude).contains("plums"));

    claude.until_written_down(&after, "two about pears", 3);
    bridge.stop();
    let _bridge = world.start();
    asked_and_answered(&world, "say three", "three");
    assert_eq!(world.conversation(), after);
    assert!(last_call(claude).contains("two about pears"));
    assert!(!last_call(claude).contains("plums"));
    assert_eq!(
        answers(&world),
        ["one about plums", CLEARED, "two about pears", "three"]
    );
}

/// Neither its further names nor those of its terminal are in the list that comes with a turn.
fn commands_by_any_name_reach_claude_and_those_of_its_terminal_do_not(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see(
        "/compact",
        "⚠ That did not work: Error: No messages to compact",
    );
    asked_and_answered(&world, "say one", "one");
    let calls = claude.api.prompts();
    world.say_and_see("/cost", "Total duration");
    world.say_and_see("/resume", "claude --resume ");
    for (command, instead) in [
        ("/memory", "CLAUDE.md"),
        ("/logout", "On the bridge's computer"),
        ("/vim", "works only in a terminal"),
    ] {
        world.say_and_see(command, instead);
    }
    assert_eq!(
        claude.api.prompts(),
        calls,
        "nothing was asked of the model"
    );
}

/// Lets the owner write and waits for the only answer, which is all of `expected`.
#[track_caller]
fn asked_and_answered(world: &World, text: &str, expected: &str) {
    let said = world.playground.say(OWNER, text);
    let answer = world.wait(&format!("an answer to {text:?}"), |view| {
        let mut posts = view.bot_posts(OWNER);
        posts
            .find(|post| post.reply_to == Some(said.message_id))
            .cloned()
    });
    assert_eq!(answer.text, expected);
}

/// Returns what Claude has said; cards, which show it too, have no sound.
fn answers(world: &World) -> Vec<String> {
    world.playground.look(|view| {
        let posts = view.bot_posts(OWNER);
        let texts = posts.filter(|post| !post.silent).map(|post| &post.text);
        let said = texts.filter(|text| !text.starts_with("State: "));
        said.cloned().collect()
    })
}

/// Returns the last call to the model for the conversation.
fn last_call(claude: &RealClaude) -> Request {
    let mut calls = claude.api.requests();
    calls.retain(|request| request.kind == RequestKind::Main);
    calls.pop().expect("there were calls")
}
