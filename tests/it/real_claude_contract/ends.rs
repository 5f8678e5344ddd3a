//! Ends of a process and what comes after: resuming, repeated messages, tools that live on.

use nix::unistd::{Pid, getsid};
use uuid::Uuid;

use super::{for_each_version, result};
use crate::support::eventually::eventually;
use crate::support::processes::{end_processes_with, processes_with};
use crate::support::real_claude::{DEADLINE, RealClaude};

for_each_version!(
    killed_conversation_is_resumed_with_its_history,
    unknown_conversation_is_refused_in_words,
    known_conversation_cannot_be_begun_again,
    message_seen_before_runs_nothing_after_a_resume,
    tool_process_outlives_a_killed_program,
);

/// The program writes its transcript some time after the result. Killed before that, it leaves no
/// conversation to resume, so the bridge must be ready to begin it again under the same id.
fn killed_conversation_is_resumed_with_its_history(claude: &RealClaude) {
    let conversation = Uuid::new_v4().to_string();
    let mut cli = claude.start(&["--session-id", &conversation]);
    cli.prompt("say remember the blue door");
    cli.until_idle();
    cli.prompt("stall 600000");
    cli.until_said("before the stall");
    claude.until_written_down(&conversation, "\"remember the blue door\"", 1);
    cli.kill();

    let mut cli = claude.start(&[&format!("--resume={conversation}")]);
    cli.prompt("say back");
    let lines = cli.until_idle();
    assert_eq!(result(&lines)["result"], "back");
    assert_eq!(result(&lines)["session_id"], *conversation);
    let calls = claude.api.wait_for(3, DEADLINE);
    assert_eq!(
        calls.len(),
        3,
        "the killed turn is not run again: {calls:?}"
    );
    assert!(calls[2].contains("remember the blue door"));
}

fn unknown_conversation_is_refused_in_words(claude: &RealClaude) {
    let unknown = Uuid::new_v4().to_string();
    let ended = claude.start(&[&format!("--resume={unknown}")]).end();

    let words = format!("No conversation found with session ID: {unknown}");
    assert!(ended.errors.contains(&words), "{ended:?}");
    assert_eq!(result(&ended.lines)["errors"][0], *words);
    assert_eq!(ended.status.code(), Some(1));
}

fn known_conversation_cannot_be_begun_again(claude: &RealClaude) {
    let conversation = Uuid::new_v4().to_string();
    let mut cli = claude.start(&["--session-id", &conversation]);
    cli.prompt("say hello");
    cli.until_idle();
    cli.end();

    let ended = claude.start(&["--session-id", &conversation]).end();
    assert!(ended.errors.contains("is already in use"), "{ended:?}");
    assert_eq!(ended.status.code(), Some(1));
}

fn message_seen_before_runs_nothing_after_a_resume(claude: &RealClaude) {
    let conversation = Uuid::new_v4().to_string();
    let message = Uuid::new_v4().to_string();
    let mut cli = claude.start(&["--session-id", &conversation, "--replay-user-messages"]);
    cli.prompt_with_id("say once", Some(&message));
    cli.until_idle();
    cli.end();

    let resume = format!("--resume={conversation}");
    let mut cli = claude.start(&[&resume, "--replay-user-messages"]);
    cli.prompt_with_id("say once", Some(&message));
    cli.until("echo of the repeated message", |line| {
        line["type"] == "user" && line["uuid"] == *message
    });
    let lines = cli.until_idle();
    assert!(lines.iter().all(|line| line["type"] != "result"));
    cli.prompt("say fresh");
    assert_eq!(result(&cli.until_idle())["result"], "fresh");
    assert_eq!(claude.api.prompts(), ["say once", "say fresh"]);
}

fn tool_process_outlives_a_killed_program(claude: &RealClaude) {
    let name = "CLAUDE_BRIDGE_SESSION";
    let value = Uuid::new_v4().to_string();
    let mark = format!("{name}={value}");
    let mut cli = claude.start_marked(&[], &[(name, &value)]);
    let started = claude.project().join("started");
    cli.prompt("bash touch started; tail -f /dev/null");
    eventually("the start of the tool", DEADLINE, || {
        started.exists().then_some(())
    });
    let own_session = getsid(Some(Pid::from_raw(cli.pid()))).unwrap();
    cli.kill();

    let survivors = processes_with(&mark);
    assert!(!survivors.is_empty(), "the tool runs on");
    for survivor in &survivors {
        let session = getsid(Some(*survivor)).unwrap();
        assert_ne!(session, own_session, "no signal to a group reaches it");
    }
    assert_eq!(end_processes_with(&mark), []);
}
