//! Promise: what an MCP server asks reaches the person, and their answer the server.

use std::fs;

use playground::Post;
use serde_json::{Value, json};

use crate::support::bridge::{OWNER, World};
use crate::support::eventually::eventually;
use crate::support::real_claude::{DEADLINE, RealClaude, for_each_version};

for_each_version!(
    a_form_is_filled_in_and_the_server_gets_the_values,
    who_declines_is_heard,
    a_stop_takes_the_question_back,
    a_page_is_opened_and_said_to_be_done,
    what_nobody_answers_is_cancelled,
    after_a_kill_it_is_said_that_nothing_was_sent,
);

/// Returns a world in which Claude has the server `asker`.
fn world(claude: &RealClaude) -> World {
    let mut world = World::with_real_claude(claude);
    let script = world.path("asker.js");
    fs::write(&script, include_str!("support/asking_server.js")).expect("a file");
    let servers = world.path("servers.json");
    let entry = json!({"mcpServers": {"asker": {
        "command": "node", "args": [script, world.path("answers")],
    }}});
    fs::write(&servers, entry.to_string()).expect("a file");
    world.set(
        "claude.extra_args",
        format!(r#"["--mcp-config", {servers:?}, "--allowedTools", "mcp__asker__ask"]"#),
    );
    world
}

/// Lets the server ask; returns the post that does.
fn asks(world: &World, what: &Value) -> Post {
    let text = format!("tool mcp__asker__ask {what}");
    world.say_and_see(&text, "🧩 The MCP server “asker” asks")
}

/// Returns the answers that the server has got.
fn answers(world: &World, n_answers: usize) -> Vec<Value> {
    eventually("an answer at the server", DEADLINE, || {
        let written = fs::read_to_string(world.path("answers")).unwrap_or_default();
        let answers: Vec<_> = (written.lines())
            .map(|line| serde_json::from_str(line).expect("an answer"))
            .collect();
        (answers.len() >= n_answers).then_some(answers)
    })
}

fn form() -> Value {
    json!({
        "mode": "form",
        "message": "Who are you?",
        "requestedSchema": {
            "type": "object",
            "properties": {
                "name": { "type": "string", "title": "Name", "minLength": 2 },
                "age": { "type": "integer", "minimum": 1, "maximum": 99 },
                "sure": { "type": "boolean" },
                "colour": { "type": "string", "enum": ["r", "g"], "enumNames": ["Red", "Green"] },
            },
            "required": ["name", "age", "colour"],
        },
    })
}

fn a_form_is_filled_in_and_the_server_gets_the_values(claude: &RealClaude) {
    let world = world(claude);
    let _bridge = world.start();
    let age = asks(&world, &form());
    assert!(age.text.contains("(1 of 4) age"), "{}", age.text);
    let age = world.say_and_see(
        "ten",
        "⚠ That does not fit. Give a whole number from 1 to 99.",
    );
    (world.playground).reply(OWNER, OWNER, age.message_id, "36");
    let colour = world.see_after(OWNER, age.message_id, "(2 of 4) colour");
    world.press(&colour, "Green");
    let name = world.see_after(OWNER, colour.message_id, "(3 of 4) Name");
    assert!(name.text.contains("at least 2 characters"), "{}", name.text);
    let sure = world.say_and_see("Ada", "(4 of 4) sure");
    world.press(&sure, "Leave out");
    let check = world.see_after(OWNER, sure.message_id, "This is what it gets");
    let values = "age: 36\ncolour: Green\nName: Ada\nsure: (left out)";
    assert!(check.text.contains(values), "{}", check.text);
    world.press(&check, "✅ Send");
    world.see_after(OWNER, check.message_id, "got ");
    let content = json!({ "name": "Ada", "age": 36, "colour": "g" });
    assert_eq!(
        answers(&world, 1),
        [json!({ "action": "accept", "content": content })]
    );
    world.assert_no_violations();
}

fn who_declines_is_heard(claude: &RealClaude) {
    let world = world(claude);
    let _bridge = world.start();
    let asked = asks(&world, &form());
    world.press(&asked, "✕ Decline");
    world.see_edited(&asked, "✕ Declined by Olga");
    assert_eq!(answers(&world, 1)[0]["action"], "decline");
    world.see_after(OWNER, asked.message_id, "got ");
    world.assert_no_violations();
}

fn a_stop_takes_the_question_back(claude: &RealClaude) {
    let world = world(claude);
    let _bridge = world.start();
    let asked = asks(&world, &form());
    world.say_and_see("/stop", "Stopped");
    world.see_edited(&asked, "✕ No longer asked; nothing was sent");
    world.say_and_see("say on", "on");
    world.assert_no_violations();
}

fn a_page_is_opened_and_said_to_be_done(claude: &RealClaude) {
    let world = world(claude);
    let _bridge = world.start();
    let asked = asks(
        &world,
        &json!({
            "mode": "url", "message": "Sign in, please.", "elicitationId": "e1",
            "url": "https://sign-in.example/start?x=1",
        }),
    );
    assert!(
        asked.text.contains("a page of sign-in.example"),
        "{}",
        asked.text
    );
    let open = asked.buttons.iter().flatten().find(|it| it.url.is_some());
    let open = open.and_then(|it| it.url.as_deref());
    assert_eq!(open, Some("https://sign-in.example/start?x=1"));
    world.press(&asked, "✓ Done");
    world.see_edited(&asked, "✅ Said to be done by Olga");
    assert_eq!(answers(&world, 1)[0]["action"], "accept");
    world.see_after(OWNER, asked.message_id, "got ");
    world.assert_no_violations();
}

fn what_nobody_answers_is_cancelled(claude: &RealClaude) {
    let mut world = world(claude);
    world.set("claude.permission_timeout", "\"1s\"");
    let _bridge = world.start();
    let asked = asks(&world, &form());
    world.see_edited(&asked, "⌛ Nobody answered within 1 s, so cancelled");
    assert_eq!(answers(&world, 1)[0]["action"], "cancel");
    world.assert_no_violations();
}

fn after_a_kill_it_is_said_that_nothing_was_sent(claude: &RealClaude) {
    let world = world(claude);
    let bridge = world.start();
    asks(&world, &form());
    let next = world.say_and_see("36", "(2 of 4) colour");
    bridge.kill();
    let _bridge = world.start();
    world.see_after(OWNER, next.message_id, "Nothing repeats unless you say so.");
    let pressed = world
        .playground
        .press(OWNER, OWNER, next.message_id, "✕ Decline");
    drop(pressed);
    let closed = world.see_edited(&next, "⌛ Expired");
    assert!(
        closed.text.contains("Nothing was allowed or sent."),
        "{}",
        closed.text
    );
    // The end of its input may be told the server before Claude is killed.
    let got = fs::read_to_string(world.path("answers")).unwrap_or_default();
    assert!(!got.contains("accept"), "{got}");
}
