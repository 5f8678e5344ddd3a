//! What the program makes of the text of a prompt: mentions of files and commands.

use std::fs;

use serde_json::{Value, json};

use super::{for_each_version, result};
use crate::support::real_claude::{DEADLINE, RealClaude};

for_each_version!(
    mentioned_file_outside_the_project_is_sent_unasked,
    compact_is_listed_as_a_command,
    context_command_is_answered_with_text,
    compaction_writes_an_earlier_answer_again,
);

/// The reason why the bridge makes mentions harmless before a prompt is written.
fn mentioned_file_outside_the_project_is_sent_unasked(claude: &RealClaude) {
    let secret = claude.home().join("secret.txt");
    fs::write(&secret, "the blue door is open\n").unwrap();
    let mut cli = claude.start(&[]);
    cli.prompt(&format!("look at @{}", secret.display()));
    let lines = cli.until_idle();

    let was_asked = lines.iter().any(|line| line["type"] == "control_request");
    assert!(!was_asked, "{lines:#?}");
    let calls = claude.api.wait_for(1, DEADLINE);
    assert!(calls[0].contains("the blue door is open"));
}

fn compact_is_listed_as_a_command(claude: &RealClaude) {
    let mut cli = claude.start(&[]);
    cli.request("handshake", "initialize");
    let lines = cli.until("answer to the handshake", |line| {
        line["type"] == "control_response"
    });

    let answer = lines.last().expect("until returns what it found");
    let commands = &answer["response"]["response"]["commands"];
    let commands = commands.as_array().expect("commands are listed");
    assert!(commands.iter().any(|command| command["name"] == "compact"));
}

fn context_command_is_answered_with_text(claude: &RealClaude) {
    let mut cli = claude.start(&[]);
    cli.prompt("/context");
    let lines = cli.until_idle();

    let text = result(&lines)["result"].as_str().unwrap_or_default();
    assert!(text.contains("Context Usage"), "{text}");
    assert_eq!(claude.api.prompts(), [""; 0], "no model call is needed");
}

/// The reason why the bridge says nothing twice that has the same id.
fn compaction_writes_an_earlier_answer_again(claude: &RealClaude) {
    let mut cli = claude.start(&[]);
    // Less than two turns are not worth it.
    for prompt in ["say one", "say two"] {
        cli.prompt(prompt);
        cli.until_idle();
    }
    cli.prompt("/context");
    let answers = answers_in(&cli.until_idle());
    assert_eq!(answers.len(), 1, "{answers:#?}");
    cli.prompt("/compact");
    let lines = cli.until_idle();
    assert_eq!(answers_in(&lines), answers);
    assert_eq!(result(&lines)["result"], "");
}

/// Returns the id and the content of each message of the assistant.
fn answers_in(lines: &[Value]) -> Vec<Value> {
    let answers = lines.iter().filter(|line| line["type"] == "assistant");
    answers
        .map(|line| json!([line["uuid"], line["message"]["content"]]))
        .collect()
}
