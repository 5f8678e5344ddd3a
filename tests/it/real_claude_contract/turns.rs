//! Turns: how one starts, what ends it, and what the process is good for afterwards.

use std::fs;

use nix::unistd::Pid;
use serde_json::Value;

use super::{for_each_version, result, was_aborted};
use crate::support::eventually::eventually;
use crate::support::messages_api::RequestKind;
use crate::support::processes::processes_with;
use crate::support::real_claude::{DEADLINE, RealClaude};

for_each_version!(
    handshake_and_first_prompt_may_be_written_together,
    one_process_serves_turn_after_turn,
    interrupt_stops_a_streaming_answer,
    interrupt_stops_a_running_tool,
    refused_api_call_is_an_error_result_and_not_the_end,
    cut_answer_is_asked_for_again,
    prompt_written_during_a_tool_is_read_in_the_same_turn,
    task_that_ends_in_the_background_starts_a_turn_of_its_own,
);

fn handshake_and_first_prompt_may_be_written_together(claude: &RealClaude) {
    let mut cli = claude.start(&[]);
    cli.request("handshake", "initialize");
    cli.prompt("say hello");
    let lines = cli.until_idle();

    let answer = lines.iter().find(|line| line["type"] == "control_response");
    let answer = &answer.expect("the handshake is answered")["response"];
    assert_eq!(answer["subtype"], "success");
    assert_eq!(answer["request_id"], "handshake");
    assert_eq!(result(&lines)["result"], "hello");
    assert_eq!(result(&lines)["terminal_reason"], "completed");
    assert!(cli.end().status.success());
}

fn one_process_serves_turn_after_turn(claude: &RealClaude) {
    let mut cli = claude.start(&[]);
    for prompt in ["one", "two", "three"] {
        cli.prompt(&format!("say {prompt}"));
        assert_eq!(result(&cli.until_idle())["result"], prompt);
    }

    assert_eq!(claude.api.prompts(), ["say one", "say two", "say three"]);
    let calls = claude.api.wait_for(3, DEADLINE);
    assert!(calls[2].contains("say one"), "the history is sent along");
    let requests = claude.api.requests();
    let own = requests.iter().find(|r| r.kind == RequestKind::Side);
    assert!(own.is_none(), "it makes no model call for itself: {own:?}");
}

fn interrupt_stops_a_streaming_answer(claude: &RealClaude) {
    let mut cli = claude.start(&[]);
    cli.prompt("stall 600000");
    cli.until_said("before the stall");
    cli.request("stop", "interrupt");
    let lines = cli.until_idle();

    let stopped = result(&lines);
    assert!(was_aborted(stopped), "{stopped:#}");
    assert_eq!(stopped["subtype"], "error_during_execution");
    cli.prompt("say again");
    assert_eq!(result(&cli.until_idle())["result"], "again");
}

fn interrupt_stops_a_running_tool(claude: &RealClaude) {
    let started = claude.project().join("started");
    let mut cli = claude.start(&[]);
    cli.prompt("bash touch started; tail -f /dev/null");
    eventually("the start of the tool", DEADLINE, || {
        started.exists().then_some(())
    });
    cli.request("stop", "interrupt");
    let lines = cli.until_idle();

    assert!(was_aborted(result(&lines)), "{:#}", result(&lines));
    eventually("the end of the tool", DEADLINE, || {
        let alive = processes_with(&claude.mark());
        (alive == [Pid::from_raw(cli.pid())]).then_some(())
    });
    cli.prompt("say again");
    assert_eq!(result(&cli.until_idle())["result"], "again");
}

fn refused_api_call_is_an_error_result_and_not_the_end(claude: &RealClaude) {
    let mut cli = claude.start(&[]);
    cli.prompt("error 400");
    let lines = cli.until_idle();

    let refused = result(&lines);
    assert_eq!(refused["subtype"], "success");
    assert_eq!(refused["is_error"], true);
    assert_eq!(refused["api_error_status"], 400);
    let text = refused["result"].as_str().unwrap_or_default();
    assert!(text.starts_with("API Error: 400"), "{text}");
    cli.prompt("say again");
    assert_eq!(result(&cli.until_idle())["result"], "again");
}

fn cut_answer_is_asked_for_again(claude: &RealClaude) {
    let mut cli = claude.start(&[]);
    cli.prompt("cut 1");
    let lines = cli.until_idle();

    assert_eq!(result(&lines)["is_error"], false);
    assert!(
        claude.api.prompts().len() > 1,
        "{:?}",
        claude.api.requests()
    );
}

fn prompt_written_during_a_tool_is_read_in_the_same_turn(claude: &RealClaude) {
    let started = claude.project().join("started");
    let mut cli = claude.start(&[]);
    cli.prompt("bash mkfifo gate && touch started && cat gate");
    eventually("the start of the tool", DEADLINE, || {
        started.exists().then_some(())
    });
    cli.prompt("say one thing more");
    cli.request("after the prompt", "mcp_status");
    cli.until("sign that the prompt was read", |line| {
        line["response"]["request_id"] == "after the prompt"
    });
    fs::write(claude.project().join("gate"), "open").unwrap();

    let lines = cli.until_idle();
    assert_eq!(
        result(&lines)["result"],
        "done: open\nalso read: say one thing more"
    );
}

fn task_that_ends_in_the_background_starts_a_turn_of_its_own(claude: &RealClaude) {
    let mut cli = claude.start(&[]);
    cli.prompt("bashbg while [ ! -e go ]; do sleep 0.05; done ;; say begun ;; say it is over");
    let begun = cli.until_idle();
    assert_eq!(result(&begun)["result"], "begun");
    assert!(result(&begun)["origin"]["kind"] != "task-notification");

    fs::write(claude.project().join("go"), "").unwrap();
    let lines = cli.until("end of the unasked turn", |line| line["type"] == "result");
    assert_eq!(result(&lines)["result"], "it is over");
    assert_eq!(result(&lines)["origin"]["kind"], "task-notification");
    let has_asked = |line: &Value| line["type"] == "user" && line["isReplay"] == true;
    assert!(!lines.iter().any(has_asked), "{lines:#?}");
}
