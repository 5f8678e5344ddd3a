//! Promise: nothing runs that needs permission before somebody who may has said so, having seen it.

use std::fs;

use playground::Post;

use crate::support::bridge::{OWNER, World};

const ANNA: i64 = 2002;

const GROUP: i64 = -100_777;

/// Lets the owner write, and returns the post that asks.
fn asks(world: &World, text: &str) -> Post {
    world.say_and_see(text, "🔐 Claude wants to")
}

#[test]
fn what_is_allowed_runs_and_the_message_says_who_allowed_it() {
    let world = World::new();
    let _bridge = world.start();
    let post = asks(&world, "rehearse: ask Bash touch important");
    assert!(post.text.ends_with("touch important"), "{}", post.text);
    assert_eq!(post.entities[0]["type"], "pre");
    assert!(!post.silent, "the phone rings");
    world.press(&post, "✅ Allow");
    world.see_after(
        OWNER,
        post.message_id,
        "was allowed; a rehearsal runs nothing",
    );
    let closed = world.see_edited(&post, "✅ Allowed by Olga");
    assert!(closed.buttons.is_empty());
    assert!(closed.text.contains("touch important"));
    let audit = fs::read_to_string(world.path("data/audit.jsonl")).expect("there is a log");
    let line = audit
        .lines()
        .find(|line| line.contains("allow_tool"))
        .expect("a line");
    assert!(
        line.contains("user:1001") && line.contains("Bash sha256:"),
        "{line}"
    );
    world.assert_no_violations();
}

#[test]
fn for_the_session_only_the_rule_is_passed_on() {
    let world = World::new();
    let _bridge = world.start();
    let post = asks(&world, "rehearse: ask Bash git push");
    assert!(
        post.text.contains("covers: Bash(git push)"),
        "{}",
        post.text
    );
    world.press(&post, "Allow for this session");
    let answer = world.see_after(OWNER, post.message_id, "from now on");
    assert!(
        answer.text.contains("addRules") && answer.text.contains("session"),
        "{}",
        answer.text
    );
    assert!(!answer.text.contains("setMode"), "{}", answer.text);
}

#[test]
fn what_is_denied_does_not_run_and_a_reply_says_why() {
    let world = World::new();
    let _bridge = world.start();
    let post = asks(&world, "rehearse: ask Bash rm -rf build");
    world.press(&post, "✕ Deny");
    world.see_after(OWNER, post.message_id, "was denied: The user denied this.");
    let post = asks(&world, "rehearse: ask Bash rm -rf build");
    let reply = world
        .playground
        .reply(OWNER, OWNER, post.message_id, "use trash");
    world.see_after(OWNER, reply.message_id, "denied this and says: use trash");
    world.see_edited(&post, "✕ Denied by message");
}

#[test]
fn what_nobody_answers_is_denied_in_time() {
    let mut world = World::new();
    world.set("claude.permission_timeout", "\"300ms\"");
    let _bridge = world.start();
    let post = asks(&world, "rehearse: ask Bash rm -rf build");
    world.see_after(OWNER, post.message_id, "was denied: Nobody answered");
    let closed = world.see_edited(&post, "⌛ Nobody answered");
    assert!(closed.buttons.is_empty());
}

#[test]
fn a_restart_leaves_only_inert_buttons_and_says_so() {
    let world = World::new();
    let bridge = world.start();
    let post = asks(&world, "rehearse: ask Bash rm -rf build");
    // It may die before it has noted the message; then a press finds out.
    bridge.kill();
    let _bridge = world.start();
    world.see_after(OWNER, post.message_id, "Nothing repeats unless you say so.");
    if world
        .playground
        .press(OWNER, OWNER, post.message_id, "✅ Allow")
        .is_ok()
    {
        world.see_edited(&post, "⌛ Expired");
    }
    let closed = world.see_edited(&post, "⌛ Expired");
    assert!(closed.buttons.is_empty());
    assert_eq!(
        world
            .bot_texts(OWNER)
            .iter()
            .filter(|text| text.contains("a rehearsal runs nothing"))
            .count(),
        0
    );
}

#[test]
fn in_a_group_only_the_asker_and_administrators_press() {
    let mut world = World::new();
    world.set("multi_user.enabled", true);
    world.set("multi_user.allowed_users", format!("[{ANNA}]"));
    let _bridge = world.start();
    world.playground.create_group(GROUP, "Team", &[OWNER, ANNA]);
    world.playground.add_bot(GROUP, OWNER);
    let allowed = world.playground.say_in(GROUP, OWNER, "/allow_group");
    world.see_after(GROUP, allowed.message_id, "");
    let name = world.playground.bot_username();
    let asked = format!("@{name} rehearse: ask Bash make");
    let said = world.playground.say_in(GROUP, OWNER, &asked);
    let post = world.see_after(GROUP, said.message_id, "🔐 Claude wants to");
    let press = world
        .playground
        .press(GROUP, ANNA, post.message_id, "✅ Allow");
    let press = press.expect("the button is there");
    let toast = world.wait("a word to Anna", |view| {
        view.press_answer(&press.query_id).map(str::to_owned)
    });
    assert!(
        toast.contains("Only the person Claude is working for"),
        "{toast}"
    );
    world.press(&post, "✕ Deny");
    world.see_edited(&post, "✕ Denied by Olga");
}

#[test]
fn questions_are_answered_by_buttons_and_by_words() {
    let world = World::new();
    let _bridge = world.start();
    let questions = r#"{"questions":[
        {"question":"Which db?","header":"db","multiSelect":false,"options":[{"label":"SQLite","description":"small"},{"label":"Postgres","description":"big"}]},
        {"question":"Extras?","header":"x","multiSelect":true,"options":[{"label":"Metrics","description":""},{"label":"Docs","description":""}]},
        {"question":"Name?","header":"n","multiSelect":false,"options":[{"label":"a","description":""},{"label":"b","description":""}]}]}"#;
    let questions = questions.replace('\n', " ");
    let first = world.say_and_see(
        &format!("rehearse: ask AskUserQuestion {questions}"),
        "Which db?",
    );
    world.press(&first, "Postgres");
    world.see_edited(&first, "→ Postgres");
    let second = world.see_after(OWNER, first.message_id, "Extras?");
    world.press(&second, "☐ Metrics");
    world.see_edited(&second, "Extras?");
    world.press(&second, "☐ Docs");
    world.press(&second, "✓ Done");
    let third = world.see_after(OWNER, second.message_id, "Name?");
    world.playground.say(OWNER, "zebra");
    let answer = world.see_after(OWNER, third.message_id, "its input is now");
    for expected in [
        r#""Which db?":"Postgres""#,
        r#""Extras?":"Metrics, Docs""#,
        r#""Name?":"zebra""#,
    ] {
        assert!(
            answer.text.contains(expected),
            "{expected} in {}",
            answer.text
        );
    }
}

#[test]
fn a_plan_is_shown_before_it_is_carried_out() {
    let world = World::new();
    let _bridge = world.start();
    let plan = r##"{"plan":"# Plan\n1. **look**\n2. leap"}"##;
    let post = world.say_and_see(
        &format!("rehearse: ask ExitPlanMode {plan}"),
        "carry out this plan.",
    );
    let shown = world.bot_texts(OWNER);
    assert!(
        shown.iter().any(|text| text.contains("1. look")),
        "{shown:?}"
    );
    let reply = world
        .playground
        .reply(OWNER, OWNER, post.message_id, "look twice");
    world.see_after(
        OWNER,
        reply.message_id,
        "keep planning and says: look twice",
    );
    let post = world.say_and_see(
        &format!("rehearse: ask ExitPlanMode {plan}"),
        "carry out this plan.",
    );
    world.press(&post, "✅ Approve, and allow all edits");
    let answer = world.see_after(OWNER, post.message_id, "from now on");
    assert!(answer.text.contains("acceptEdits"), "{}", answer.text);
}
