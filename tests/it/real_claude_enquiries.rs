//! Promise: what a person wants to know of Claude, Claude itself answers, and no turn begins for it.

use std::fs;
use std::process::Command;

use serde_json::json;

use crate::support::bridge::{OWNER, World, works};
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    the_context_is_shown_before_the_first_turn_and_beside_one,
    what_changed_is_shown_with_its_lines,
    what_was_allowed_for_the_session_is_shown_and_taken_back,
    an_aside_is_answered_while_claude_works_and_leaves_no_trace,
    a_server_that_fails_is_named_and_can_be_turned_off,
    a_question_is_asked_again_after_a_kill,
);

/// Lets Claude work for a while.
fn begin(world: &World, text: &str) {
    world.playground.say(OWNER, text);
    world.wait("a turn", |view| works(view, OWNER).then_some(()));
}

fn git(claude: &RealClaude, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=n", "-c", "user.email=e"])
        .args(arguments);
    let status = git.current_dir(claude.project()).status();
    assert!(status.is_ok_and(|status| status.success()), "{arguments:?}");
}

fn the_context_is_shown_before_the_first_turn_and_beside_one(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let shown = world.say_and_see("/context", "Context ▓");
    assert!(shown.text.contains(" of "), "{}", shown.text);
    world.see_after(OWNER, shown.message_id, "What takes up the room");
    begin(&world, "slow 300 100");
    let post = world.say_and_see("/context", "Context ▓");
    world.say_and_see("/stop", "Stopped");
    assert!(post.text.contains('%'));
    world.assert_no_violations();
}

fn what_changed_is_shown_with_its_lines(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("/diff", "not in a Git repository");
    git(claude, &["init", "-q", "."]);
    fs::write(claude.project().join("kept.txt"), "one\n").expect("a file");
    git(claude, &["add", "."]);
    git(claude, &["commit", "-qm", "first"]);
    world.say_and_see("/diff", "Nothing has changed");
    fs::write(claude.project().join("kept.txt"), "two\n").expect("a file");
    fs::write(claude.project().join("new.txt"), "more\n").expect("a file");
    let shown = world.say_and_see("/diff", "2 files have changed");
    assert!(shown.text.contains("✎ kept.txt +1 −1"), "{}", shown.text);
    assert!(shown.text.contains("＋ new.txt"), "{}", shown.text);
    world.assert_no_violations();
}

fn what_was_allowed_for_the_session_is_shown_and_taken_back(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let post = world.say_and_see("bash touch made ;; say made it", "touch made");
    world.press(&post, "Allow for this session");
    world.see_after(OWNER, post.message_id, "made it");
    let shown = world.say_and_see("/permissions", "allowed here");
    assert!(shown.text.contains("touch made"), "{}", shown.text);
    world.press(&shown, "↩ Take back");
    world.see_edited(&shown, "Claude asks again");
    let post = world.say_and_see("bash touch made ;; say again", "touch made");
    world.press(&post, "✕ Deny");
    let rules = world.say_and_see("/permissions", "here");
    assert!(rules.buttons.is_empty(), "{rules:?}");
    assert!(!rules.text.contains("touch"), "{}", rules.text);
    world.assert_no_violations();
}

fn an_aside_is_answered_while_claude_works_and_leaves_no_trace(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("say warm", "warm");
    begin(&world, "slow 300 100");
    let aside = world.say_and_see("/btw say since it fits", "since it fits");
    assert!(aside.text.starts_with("💬 Aside"), "{}", aside.text);
    world.say_and_see("/stop", "Stopped");
    world.say_and_see("say back", "back");
    let requests = claude.api.requests();
    let last = requests.last().expect("a request");
    assert!(!last.contains("since it fits"), "the aside stayed");
    world.assert_no_violations();
}

fn a_server_that_fails_is_named_and_can_be_turned_off(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    let servers = world.path("servers.json");
    let entry = json!({"mcpServers": {"gone": {"command": "/nonexistent/server"}}});
    fs::write(&servers, entry.to_string()).expect("a file");
    world.set(
        "claude.extra_args",
        format!(r#"["--mcp-config", {servers:?}]"#),
    );
    let _bridge = world.start();
    world.say_and_see("say hi", "without the MCP server gone");
    world.say_and_see("say on", "on");
    let told = world.bot_texts(OWNER);
    let told = told.iter().filter(|text| text.contains("works without"));
    assert_eq!(told.count(), 1);
    let shown = world.say_and_see("/mcp", "✕ gone: not connected");
    world.press(&shown, "↻ Reconnect gone");
    world.see_after(OWNER, shown.message_id, "Claude could not do this");
    assert!(!shown.text.contains("bridge"), "{}", shown.text);
    world.press(&shown, "○ Turn gone off");
    let off = world.see_edited(&shown, "○ gone: off");
    world.press(&off, "● Turn gone on");
    world.see_edited(&off, "✕ gone: not connected");
    world.assert_no_violations();
}

fn a_question_is_asked_again_after_a_kill(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    world.say_and_see("say warm", "warm");
    let asked = world.playground.say(OWNER, "/btw slow 30 100");
    world.wait("the question at Claude's", |_| {
        let requests = claude.api.requests();
        requests
            .iter()
            .any(|it| it.contains("slow 30 100"))
            .then_some(())
    });
    bridge.kill();
    let _bridge = world.start();
    world.see_after(OWNER, asked.message_id, "💬 Aside");
    world.assert_no_violations();
}
