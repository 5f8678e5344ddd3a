//! The mock itself: what it reads out of a request, and how it takes a prompt apart.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::reading::Request;
use super::script::{Lesson, Reply, steps, steps_for};

#[track_caller]
fn check_steps(prompt: &str, expected: &Expect) {
    let lines = steps(prompt).into_iter().map(|step| format!("{step:?}\n"));
    expected.assert_eq(&lines.collect::<String>());
}

#[track_caller]
fn check_reading(messages: Value, expected: &Expect) {
    let body = json!({"messages": messages, "tools": [{"name": "Bash"}]});
    let request = Request::read("/v1/messages", &body);
    let Request {
        tool_result,
        folded,
        ..
    } = &request;
    expected.assert_eq(&format!(
        "{request:?}\nresult {tool_result:?}\nfolded {folded:?}\n"
    ));
}

#[test]
fn prompt_is_a_list_of_steps() {
    check_steps(
        "bash ls -l ;; write /tmp/a one\\ntwo\nerror 529 2 ;; slow 3 20\nsay it is done",
        &expect![[r#"
            Tool { name: "Bash", input: Object {"command": String("ls -l"), "description": String("Run it")} }
            Tool { name: "Write", input: Object {"content": String("one\ntwo"), "file_path": String("/tmp/a")} }
            Error { status: 529, times: 2 }
            Slow { words: 3, gap: 20ms }
            Say("it is done")
        "#]],
    );
}

#[test]
fn step_can_call_several_tools_at_once() {
    check_steps(
        "together bash ls ++ read /tmp/a ;; together bash ls ++ no such tool",
        &expect![[r#"
            Together([("Bash", Object {"command": String("ls"), "description": String("Run it")}), ("Read", Object {"file_path": String("/tmp/a")})])
            Say("echo: together bash ls ++ no such tool")
        "#]],
    );
}

#[test]
fn line_that_is_no_step_is_echoed() {
    check_steps(
        "slow down please\nread the book\n\ntool Bash not-json",
        &expect![[r#"
            Say("echo: slow down please")
            Say("echo: read the book")
            Say("echo: tool Bash not-json")
        "#]],
    );
}

#[test]
fn what_was_taught_about_a_phrase_comes_before_the_words_of_the_prompt() {
    let reply = Reply::says("I look.").and_calls("Bash", json!({"command": "ls"}));
    let lessons = [Lesson {
        phrase: "in the folder".to_owned(),
        replies: vec![reply, Reply::gets_stuck_after("There is")],
    }];
    let steps = |prompt| {
        let steps = steps_for(prompt, &lessons).into_iter();
        steps.map(|step| format!("{step:?}\n")).collect::<String>()
    };
    expect![[r#"
        Taught(Reply { words: "I look.", calls: [("Bash", Object {"command": String("ls")})], is_stuck: false })
        Taught(Reply { words: "There is", calls: [], is_stuck: true })
    "#]]
    .assert_eq(&steps("What is in the folder?"));
    expect![[r#"
        Say("hello")
    "#]]
    .assert_eq(&steps("say hello"));
}

#[test]
fn reminders_of_the_program_are_no_prompt() {
    check_reading(
        json!([{"role": "user", "content": [
            {"type": "text", "text": "<system-reminder>be nice</system-reminder>"},
            {"type": "text", "text": "say hello\n<system-reminder>be brief</system-reminder>"},
        ]}]),
        &expect![[r#"
            Main "say hello" step 0
            result None
            folded []
        "#]],
    );
}

#[test]
fn tool_results_advance_the_step() {
    check_reading(
        json!([
            {"role": "user", "content": "bash ls ;; say there"},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "Bash"}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "t", "content": "a.txt"},
            ]},
            {"role": "system", "content":
                "The user sent a new message while you were working:\nhurry up\n\nGo on."},
        ]),
        &expect![[r#"
            Main "bash ls ;; say there" step 1
            result Some("a.txt")
            folded ["hurry up"]
        "#]],
    );
}

#[test]
fn prompt_joined_to_an_interrupted_call_is_a_prompt() {
    check_reading(
        json!([
            {"role": "user", "content": "bash sleep"},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "Bash"}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "t", "content": "rejected"},
                {"type": "text", "text": "[Request interrupted by user for tool use]"},
                {"type": "text", "text": "say again"},
            ]},
        ]),
        &expect![[r#"
            Main "say again" step 0
            result None
            folded []
        "#]],
    );
}

#[test]
fn word_of_a_task_that_has_ended_is_no_prompt() {
    check_reading(
        json!([
            {"role": "user", "content": "say begun ;; say over"},
            {"role": "assistant", "content": [{"type": "text", "text": "begun"}]},
            {"role": "user", "content": "<task-notification>\n<status>completed</status>"},
        ]),
        &expect![[r#"
            Main "say begun ;; say over" step 1
            result None
            folded []
        "#]],
    );
}
