//! Promise: what is said to a request of the real program is what happens, in both versions.

use crate::support::bridge::{OWNER, World};
use crate::support::messages_api::RequestKind;
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    an_allowed_tool_runs,
    for_the_session_only_what_the_rule_says_runs_unasked,
    a_reply_denies_and_the_model_hears_why,
    what_was_written_meanwhile_denies_by_a_button,
    what_was_not_allowed_when_all_was_killed_is_said_not_to_have_run,
    what_expires_does_not_run,
    after_a_restart_the_old_buttons_are_inert_and_it_asks_again,
    a_stop_while_it_asks_closes_the_request,
    questions_reach_the_model_with_their_answers,
    a_plan_is_planned_on_and_then_carried_out,
);

fn an_allowed_tool_runs(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let post = world.say_and_see(
        "bash touch made.txt ;; say it is made",
        "🔐 Claude wants to",
    );
    assert!(post.text.ends_with("touch made.txt"), "{}", post.text);
    assert!(!claude.project().join("made.txt").exists());
    world.press(&post, "✅ Allow");
    world.see_after(OWNER, post.message_id, "it is made");
    assert!(claude.project().join("made.txt").exists());
    world.see_edited(&post, "✅ Allowed by Olga");
}

/// The program also offers to accept every edit from then on; that is never passed on.
fn for_the_session_only_what_the_rule_says_runs_unasked(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let post = world.say_and_see(
        "bash touch one.txt ;; say first done",
        "covers: Bash(touch one.txt)",
    );
    world.press(&post, "Allow for this session");
    world.see_after(OWNER, post.message_id, "first done");
    world.say_and_see("bash touch one.txt ;; say second done", "second done");
    let post = world.say_and_see(
        "write two.txt words ;; say third done",
        "🔐 Claude wants to",
    );
    assert!(
        post.text.contains("two.txt") && post.text.ends_with("words"),
        "{}",
        post.text
    );
    world.press(&post, "✕ Deny");
    world.see_after(OWNER, post.message_id, "third done");
    assert!(!claude.project().join("two.txt").exists());
}

fn a_reply_denies_and_the_model_hears_why(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let post = world.say_and_see("bash touch made.txt ;; say gave up", "🔐 Claude wants to");
    let reply = world
        .playground
        .reply(OWNER, OWNER, post.message_id, "not on a monday");
    world.see_after(OWNER, reply.message_id, "gave up");
    assert!(!claude.project().join("made.txt").exists());
    model_heard(claude, "not on a monday");
}

fn what_was_written_meanwhile_denies_by_a_button(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("bash touch made.txt ;; say gave up", "🔐 Claude wants to");
    let queued = world.say_and_see("not on a monday", "Claude is waiting for an answer");
    world.press(&queued, "✕ Deny with these words");
    world.see_after(OWNER, queued.message_id, "gave up");
    world.see_edited(&queued, "✕ Denied with these words");
    assert!(!claude.project().join("made.txt").exists());
    model_heard(claude, "not on a monday");
}

fn what_was_not_allowed_when_all_was_killed_is_said_not_to_have_run(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    let post = world.say_and_see("bash touch made.txt ;; say done", "🔐 Claude wants to");
    bridge.kill();
    let _bridge = world.start();
    world.see_after(OWNER, post.message_id, "not allowed yet, so it has not run");
    assert!(!claude.project().join("made.txt").exists());
}

fn what_expires_does_not_run(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.permission_timeout", "\"300ms\"");
    let _bridge = world.start();
    let post = world.say_and_see("bash touch made.txt ;; say gave up", "🔐 Claude wants to");
    world.see_after(OWNER, post.message_id, "gave up");
    world.see_edited(&post, "⌛ Nobody answered");
    assert!(!claude.project().join("made.txt").exists());
    model_heard(claude, "Nobody answered");
}

fn after_a_restart_the_old_buttons_are_inert_and_it_asks_again(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    world.say_and_see("say warm", "warm");
    let post = world.say_and_see(
        "bash touch made.txt ;; say it is made",
        "🔐 Claude wants to",
    );
    bridge.kill();
    let _bridge = world.start();
    let offer = world.see_after(OWNER, post.message_id, "Nothing repeats unless you say so.");
    // It may die before it has noted the message; then a press finds out.
    let pressed = world
        .playground
        .press(OWNER, OWNER, post.message_id, "✅ Allow");
    pressed.ok();
    world.see_edited(&post, "⌛ Expired");
    world.press(&offer, "↻ Run again");
    let post = world.see_after(OWNER, offer.message_id, "🔐 Claude wants to");
    assert!(!claude.project().join("made.txt").exists());
    world.press(&post, "✅ Allow");
    world.see_after(OWNER, post.message_id, "it is made");
    assert!(claude.project().join("made.txt").exists());
}

fn a_stop_while_it_asks_closes_the_request(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let post = world.say_and_see(
        "bash touch made.txt ;; say it is made",
        "🔐 Claude wants to",
    );
    world.playground.say(OWNER, "/stop");
    let closed = world.see_edited(&post, "✕ Claude no longer asks");
    assert!(closed.buttons.is_empty());
    world.say_and_see("say still the same", "still the same");
    assert!(!claude.project().join("made.txt").exists());
}

fn questions_reach_the_model_with_their_answers(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let first = world.say_and_see("ask ;; say thank you", "❓ (1 of 2)");
    let label = first.buttons[0][0].label.clone();
    world.press(&first, &label);
    let second = world.see_after(OWNER, first.message_id, "❓ (2 of 2)");
    world.playground.say(OWNER, "whatever is quickest");
    world.see_after(OWNER, second.message_id, "thank you");
    model_heard(claude, &label);
    model_heard(claude, "whatever is quickest");
}

fn a_plan_is_planned_on_and_then_carried_out(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.permission_mode", "\"plan\"");
    let _bridge = world.start();
    let post = world.say_and_see(
        "plan ;; say back to the drawing board",
        "carry out this plan.",
    );
    assert!(
        world
            .bot_texts(OWNER)
            .iter()
            .any(|text| text.contains("Do the first thing"))
    );
    let reply = world
        .playground
        .reply(OWNER, OWNER, post.message_id, "tests first");
    world.see_after(OWNER, reply.message_id, "drawing board");
    model_heard(claude, "tests first");
    let post = world.say_and_see(
        "plan ;; write made.txt words ;; say done as planned",
        "carry out this plan.",
    );
    world.press(&post, "✅ Approve, and allow all edits");
    world.see_after(OWNER, post.message_id, "done as planned");
    assert!(claude.project().join("made.txt").exists());
}

fn model_heard(claude: &RealClaude, words: &str) {
    let requests = claude.api.requests();
    let mut main = requests
        .iter()
        .filter(|request| request.kind == RequestKind::Main);
    assert!(main.any(|request| request.contains(words)), "{words}");
}
