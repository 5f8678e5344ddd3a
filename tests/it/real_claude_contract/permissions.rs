//! Requests for permission: what asks, what waits, and what an answer does.

use std::fs;

use serde_json::{Value, json};

use super::{for_each_version, result};
use crate::support::real_claude::{Cli, RealClaude};

for_each_version!(
    write_waits_for_permission,
    what_runs_is_the_input_of_the_answer,
    denial_is_told_to_the_model,
    question_of_the_model_is_answered_through_permission,
    plan_waits_for_permission,
);

fn write_waits_for_permission(claude: &RealClaude) {
    let note = claude.project().join("note.txt");
    let mut cli = claude.start(&[]);
    cli.prompt(&format!("write {} hello ;; say written", note.display()));
    let asked = permission_request(&mut cli, "Write");
    assert!(!note.exists());

    let input = &asked["request"]["input"];
    answer(
        &mut cli,
        &asked,
        &json!({"behavior": "allow", "updatedInput": input}),
    );
    assert_eq!(result(&cli.until_idle())["result"], "written");
    assert_eq!(fs::read_to_string(note).unwrap(), "hello");
}

/// Answers to questions are given in this way, so it must be the answer that counts.
fn what_runs_is_the_input_of_the_answer(claude: &RealClaude) {
    let path = |name: &str| claude.project().join(name);
    let mut cli = claude.start_asking(&[]);
    cli.prompt("bash touch asked.txt ;; write unchanged.txt words");
    let asked = permission_request(&mut cli, "Bash");
    assert_eq!(asked["request"]["input"]["command"], "touch asked.txt");
    let mut input = asked["request"]["input"].clone();
    input["command"] = json!("touch answered.txt");
    answer(
        &mut cli,
        &asked,
        &json!({"behavior": "allow", "updatedInput": input}),
    );

    // Another tool, so that it is no peculiarity of one.
    let asked = permission_request(&mut cli, "Write");
    let mut input = asked["request"]["input"].clone();
    input["file_path"] = json!(path("changed.txt"));
    input["content"] = json!("other words");
    answer(
        &mut cli,
        &asked,
        &json!({"behavior": "allow", "updatedInput": input}),
    );
    cli.until_idle();
    assert!(path("answered.txt").exists());
    assert!(!path("asked.txt").exists());
    assert!(!path("unchanged.txt").exists());
    let written = fs::read_to_string(path("changed.txt")).unwrap();
    assert_eq!(written, "other words");
}

fn denial_is_told_to_the_model(claude: &RealClaude) {
    let note = claude.project().join("note.txt");
    let mut cli = claude.start(&[]);
    cli.prompt(&format!("write {} hello", note.display()));
    let asked = permission_request(&mut cli, "Write");
    answer(
        &mut cli,
        &asked,
        &json!({"behavior": "deny", "message": "not on a Sunday"}),
    );

    let lines = cli.until_idle();
    let text = result(&lines)["result"].as_str().unwrap_or_default();
    assert!(text.contains("not on a Sunday"), "{text}");
    assert_eq!(result(&lines)["is_error"], false);
    assert!(!note.exists());
}

fn question_of_the_model_is_answered_through_permission(claude: &RealClaude) {
    let mut cli = claude.start(&[]);
    cli.prompt("ask");
    let asked = permission_request(&mut cli, "AskUserQuestion");
    let mut input = asked["request"]["input"].clone();
    input["answers"] = json!({
        "Which database should we use?": "SQLite",
        "Which extras do you want?": "Metrics, Docs",
    });
    answer(
        &mut cli,
        &asked,
        &json!({"behavior": "allow", "updatedInput": input}),
    );

    let lines = cli.until_idle();
    let text = result(&lines)["result"].as_str().unwrap_or_default();
    assert!(text.contains("SQLite"), "{text}");
    assert!(text.contains("Metrics, Docs"), "{text}");
}

fn plan_waits_for_permission(claude: &RealClaude) {
    let mut cli = claude.start(&["--permission-mode=plan"]);
    cli.prompt("plan ;; say on it");
    let asked = permission_request(&mut cli, "ExitPlanMode");

    let input = &asked["request"]["input"];
    answer(
        &mut cli,
        &asked,
        &json!({"behavior": "allow", "updatedInput": input}),
    );
    assert_eq!(result(&cli.until_idle())["result"], "on it");
}

/// Waits for a request to use `tool` and returns it.
#[track_caller]
fn permission_request(cli: &mut Cli, tool: &str) -> Value {
    let lines = cli.until("request for permission", |line| {
        line["request"]["subtype"] == "can_use_tool"
    });
    let asked = lines.last().expect("until returns what it found");
    assert_eq!(asked["request"]["tool_name"], tool);
    asked.clone()
}

fn answer(cli: &mut Cli, asked: &Value, decision: &Value) {
    cli.send(&json!({
        "type": "control_response",
        "response": {
            "subtype": "success",
            "request_id": asked["request_id"],
            "response": decision,
        },
    }));
}
