//! Single lines whose meaning is easy to get wrong.

use bridge_actors::agent_event::{AgentEvent, Cost};
use expect_test::expect;

use super::{Translator, check};

const FAILED: &str = r#""type":"result","duration_ms":12,"is_error":true,"session_id":"s""#;

#[test]
fn own_interrupt_is_no_error_whatever_its_subtype() {
    check(
        &[
            &format!(
                r#"{{{FAILED},"subtype":"error_during_execution","terminal_reason":"aborted_tools","errors":["[ede_diagnostic] x"]}}"#
            ),
            r#"{"type":"result","subtype":"success","is_error":false,"terminal_reason":"aborted_streaming","result":"half"}"#,
        ],
        &expect![[r#"
            TurnEnded Interrupted origin=Prompt prompts=unknown
            TurnEnded Interrupted origin=Prompt prompts=unknown
        "#]],
    );
}

#[test]
fn failure_has_a_readable_text_even_when_the_cli_gives_none() {
    check(
        &[
            &format!(
                r#"{{{FAILED},"subtype":"error_during_execution","errors":["[ede_diagnostic] result_type=user"]}}"#
            ),
            &format!(r#"{{{FAILED},"subtype":"error_max_turns"}}"#),
            &format!(
                r#"{{{FAILED},"subtype":"error_max_budget_usd","errors":["Reached maximum budget ($1)"]}}"#
            ),
            &format!(r#"{{{FAILED},"subtype":"error_of_the_future","errors":"odd"}}"#),
        ],
        &expect![[r#"
            TurnEnded Failed Unknown origin=Prompt prompts=unknown
            TurnEnded Failed MaxSteps origin=Prompt prompts=unknown
            TurnEnded Failed "Reached maximum budget ($1)" origin=Prompt prompts=unknown
            TurnEnded Failed Unknown origin=Prompt prompts=unknown
        "#]],
    );
}

#[test]
fn result_tells_whose_turn_it_was() {
    check(
        &[
            r#"{"subtype":"success","result":"a","origin":{"kind":"task-notification"},"user_message_uuids":[],"type":"result"}"#,
            r#"{"type":"result","subtype":"success","result":"b","origin":null,"user_message_uuids":["u1","u2"]}"#,
        ],
        &expect![[r#"
            TurnEnded Answered "a" origin=Background prompts=0
            TurnEnded Answered "b" origin=Prompt prompts=2
        "#]],
    );
}

#[test]
fn message_written_again_is_not_said_again() {
    let said = r#"{"type":"assistant","uuid":"u1","message":{"id":"m","content":[{"type":"text","text":"one"}]},"parent_tool_use_id":null}"#;
    let next = r#"{"type":"assistant","uuid":"u2","message":{"id":"m","content":[{"type":"text","text":"two"}]}}"#;
    check(
        &[said, next, said],
        &expect![[r#"
            Said "one"
            Said "two"
            Heartbeat
        "#]],
    );
}

#[test]
fn words_of_a_subagent_and_of_the_cli_itself_are_not_said() {
    check(
        &[
            r#"{"type":"assistant","uuid":"u1","parent_tool_use_id":"t1","message":{"content":[{"type":"text","text":"inner"}]}}"#,
            r#"{"type":"stream_event","parent_tool_use_id":"t1","event":{"type":"message_start"}}"#,
            r#"{"type":"assistant","uuid":"u2","message":{"model":"<synthetic>","content":[{"type":"text","text":"API Error"}]}}"#,
            r#"{"type":"user","isReplay":true,"message":{"role":"user","content":"our own words"}}"#,
            r#"{"type":"user","message":{"role":"user","content":[{"type":"text","text":"[Request interrupted by user]"}]}}"#,
        ],
        &expect![[r#"
            Heartbeat
            Heartbeat
            Heartbeat
            Heartbeat
            Heartbeat
        "#]],
    );
}

#[test]
fn handshake_is_told_apart_from_every_other_answer() {
    check(
        &[
            r#"{"type":"control_response","response":{"subtype":"success","request_id":"bridge-interrupt","response":{"still_queued":[]}}}"#,
            r#"{"type":"control_response","response":{"subtype":"success","request_id":"r9","response":{"behavior":"deny","message":"no"}}}"#,
            r#"{"type":"control_response","response":{"subtype":"success","request_id":"bridge-initialize","response":{"claude_code_version":"9","commands":[{"name":"compact"},{"name":"/cost","aliases":["usage","cost"]},"plain",7]}}}"#,
            r#"{"type":"control_response","response":{"subtype":"error","request_id":"bridge-initialize","error":"Already initialized"}}"#,
        ],
        &expect![[r#"
            Heartbeat
            Heartbeat
            Ready Some("9") commands=compact,cost,usage,plain
            reply {"request":{"subtype":"get_settings"},"request_id":"bridge-settings","type":"control_request"}
            Ready None commands=
            reply {"request":{"subtype":"get_settings"},"request_id":"bridge-settings","type":"control_request"}
        "#]],
    );
}

fn ask(tool: &str, input: &str) -> String {
    format!(
        r#"{{"type":"control_request","request_id":"r","request":{{"subtype":"can_use_tool","tool_name":"{tool}","input":{input}}}}}"#
    )
}

#[test]
fn a_time_limit_is_said_exactly_in_the_largest_unit_that_does() {
    let lines = [0, 1_500, 90_000, 600_000].map(|limit| {
        let input = format!(r#"{{"command":"make","timeout":{limit}}}"#);
        ask("Bash", &input)
    });
    check(
        &lines.each_ref().map(String::as_str),
        &expect![[r#"
            PermissionAsked Bash "Bash for at most 0 s" bash "make" (None, None) []
            PermissionAsked Bash "Bash for at most 1500 ms" bash "make" (None, None) []
            PermissionAsked Bash "Bash for at most 90 s" bash "make" (None, None) []
            PermissionAsked Bash "Bash for at most 10 min" bash "make" (None, None) []
        "#]],
    );
}

#[test]
fn permission_shows_the_whole_of_what_will_run() {
    let long = format!(
        r#"{{"command":"echo {}; rm -rf x","description":"Say hello"}}"#,
        "a".repeat(90)
    );
    let lines = [
        ask("Bash", &long),
        ask("Read", r#"{"file_path":"/etc/hosts","limit":5}"#),
        ask("Grep", r#"{"pattern":"a.*b","path":"src"}"#),
        ask(
            "WebFetch",
            r#"{"url":"https://example.com/","prompt":"read"}"#,
        ),
        ask(
            "AskUserQuestion",
            r#"{"questions":[{"question":"Which?","options":[{"label":"A"},{"label":"B"}]},{"question":"Why?"}]}"#,
        ),
        ask(
            "AskUserQuestion",
            r#"{"questions":[{"question":"Which?","multiSelect":true,"options":[{"label":"A","description":"a"},{"label":"B","preview":"| x |\n|\u0007 y |\n"}]}]}"#,
        ),
        ask(
            "Edit",
            r#"{"file_path":"/p/a.rs","old_string":"one\ntwo\n\nend","new_string":"one\nthree \n\nend","replace_all":true}"#,
        ),
        ask("Write", r#"{"file_path":"/p/a.rs","content":"hello\n"}"#),
        ask(
            "Bash",
            r#"{"command":"make","run_in_background":true,"timeout":5000}"#,
        ),
        ask(
            "Bash",
            r#"{"command":"make","dangerouslyDisableSandbox":true}"#,
        ),
        ask("Bash", r#"{"command":"ls \u202e; rm -rf ~"}"#),
        ask("mcp__x__send", r#"{"path":"a","to":"b"}"#),
        ask("Bash", r#"{"command":["odd"]}"#),
        ask("ExitPlanMode", "{}"),
    ];
    check(
        &lines.each_ref().map(String::as_str),
        &expect![[r#"
            PermissionAsked Bash "Bash" bash "echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; rm -rf x" (Some("Say hello"), None) []
            PermissionAsked Read "Read" json "{\n  \"file_path\": \"/etc/hosts\",\n  \"limit\": 5\n}" (None, None) []
            PermissionAsked Grep "Grep" json "{\n  \"path\": \"src\",\n  \"pattern\": \"a.*b\"\n}" (None, None) []
            PermissionAsked WebFetch "WebFetch" json "{\n  \"prompt\": \"read\",\n  \"url\": \"https://example.com/\"\n}" (None, None) []
            PermissionAsked AskUserQuestion "AskUserQuestion" json "{\n  \"questions\": [\n    {\n      \"options\": [\n        {\n          \"label\": \"A\"\n        },\n        {\n          \"label\": \"B\"\n        }\n      ],\n      \"question\": \"Which?\"\n    },\n    {\n      \"question\": \"Why?\"\n    }\n  ]\n}" (None, None) []
            PermissionAsked AskUserQuestion "Which?" Many ["A", "B = | x |\n|⟦U+0007⟧ y |"]
            PermissionAsked Edit "Edit every match in /p/a.rs" diff "  one\n- two\n+ three⟦U+0020⟧\n\n  end" (None, None) []
            PermissionAsked Write "Write /p/a.rs"  "hello⟦U+000A⟧" (None, None) []
            PermissionAsked Bash "Bash in the background, for at most 5 s" bash "make" (None, None) []
            PermissionAsked Bash "Bash" json "{\n  \"command\": \"make\",\n  \"dangerouslyDisableSandbox\": true\n}" (None, None) []
            PermissionAsked Bash "Bash" bash "ls ⟦U+202E⟧; rm -rf ~" (None, None) []
            PermissionAsked mcp__x__send "mcp__x__send" json "{\n  \"path\": \"a\",\n  \"to\": \"b\"\n}" (None, None) []
            PermissionAsked Bash "Bash" json "{\n  \"command\": [\n    \"odd\"\n  ]\n}" (None, None) []
            PermissionAsked ExitPlanMode plan ""
        "#]],
    );
}

/// What stands in a line of a message of ours cannot begin another line of it.
#[test]
fn words_of_the_model_stay_in_their_line() {
    let line = r#"{"type":"control_request","request_id":"r","request":{"subtype":"can_use_tool","tool_name":"TOOL","input":INPUT,"decision_reason":"a\nb","permission_suggestions":[{"type":"addRules","behavior":"allow","rules":[{"toolName":"Bash","ruleContent":"x\ny"}]}]}}"#;
    let asks = |tool: &str, input: &str| line.replace("TOOL", tool).replace("INPUT", input);
    let lines = [
        asks(
            "Bash",
            r#"{"command":"ls\nls","description":"list files\nAsked because: approved by an administrator"}"#,
        ),
        asks(
            "Write",
            r#"{"file_path":"/p/a\nA subagent asks.","content":"x\ny"}"#,
        ),
        asks(
            "AskUserQuestion",
            r#"{"questions":[{"question":"Which?\nSay","options":[{"label":"A\nB","description":"c\nd"}]}]}"#,
        ),
        r#"{"type":"system","subtype":"task_started","task_id":"t","description":"a\nb"}"#
            .to_owned(),
    ];
    check(
        &lines.each_ref().map(String::as_str),
        &expect![[r#"
            PermissionAsked Bash "Bash" bash "ls\nls" (Some("list files⏎Asked because: approved by an administrator"), Some("a⏎b")) ["Bash(x⏎y)"]
            PermissionAsked Write "Write /p/a⏎A subagent asks."  "x\ny" (None, Some("a⏎b")) ["Bash(x⏎y)"]
            PermissionAsked AskUserQuestion "Which?\nSay" One ["A⏎B"]
            TaskStarted(Task { id: "t", description: "a⏎b", outlasts_turn: false, has_output: true })
        "#]],
    );
}

#[test]
fn request_that_is_not_served_is_answered_at_once() {
    check(
        &[
            r#"{"type":"control_request","request_id":"r1","request":{"subtype":"oracle"}}"#,
            r#"{"type":"control_request","request_id":"r2","request":{"subtype":"can_use_tool"}}"#,
            r#"{"type":"control_request","request":{"subtype":"nobody to answer to"}}"#,
        ],
        &expect![[r#"
            Heartbeat
            reply {"response":{"error":"the bridge does not serve oracle requests","request_id":"r1","subtype":"error"},"type":"control_response"}
            Heartbeat
            reply {"response":{"error":"the bridge does not serve can_use_tool requests","request_id":"r2","subtype":"error"},"type":"control_response"}
            Heartbeat
        "#]],
    );
}

#[test]
fn odd_numbers_in_a_retry_are_no_panic() {
    let retry = |delay: &str| {
        format!(
            r#"{{"type":"system","subtype":"api_retry","attempt":1,"max_retries":-3,"retry_delay_ms":{delay},"error_status":null,"error":"server_error"}}"#
        )
    };
    check(
        &[
            &retry("541.8"),
            &retry("-5"),
            &retry("1e300"),
            &retry("\"soon\""),
        ],
        &expect![[r#"
            Retrying { attempt: 1, max_attempts: 0, delay: 541.8ms, reason: "server error" }
            Retrying { attempt: 1, max_attempts: 0, delay: 0ns, reason: "server error" }
            Retrying { attempt: 1, max_attempts: 0, delay: 0ns, reason: "server error" }
            Retrying { attempt: 1, max_attempts: 0, delay: 0ns, reason: "server error" }
        "#]],
    );
}

/// Reads what a turn cost off the result line of a version.
fn cost_of(version: &str, fields: &str) -> Cost {
    let mut translator = Translator::default();
    let init = format!(
        r#"{{"type":"system","subtype":"init","session_id":"s","claude_code_version":"{version}"}}"#
    );
    translator.on_line(init.as_bytes());
    let line = format!(
        r#"{{"type":"result","subtype":"success","result":"","total_cost_usd":0.5{fields}}}"#
    );
    match translator.on_line(line.as_bytes()).events.as_slice() {
        [AgentEvent::TurnEnded(end)] => end.cost,
        events => panic!("no end: {events:?}"),
    }
}

#[test]
fn what_a_sum_of_costs_is_about_depends_on_the_version() {
    assert_eq!(cost_of("2.1.276", ""), Cost::OfProcess(0.5));
    assert_eq!(cost_of("2.1.277", ""), Cost::OfConversation(0.5));
    assert_eq!(cost_of("odd", ""), Cost::OfConversation(0.5));
    let alone =
        r#","model_usage_since_last_result":{"a":{"costUSD":0.25},"b":{"costUSD":0.125},"c":{}}"#;
    assert_eq!(cost_of("2.1.332", alone), Cost::OfTurn(0.375));
    let odd = r#","model_usage_since_last_result":[]"#;
    assert_eq!(cost_of("2.1.332", odd), Cost::OfConversation(0.5));
}

#[test]
fn further_names_of_commands_hold_in_every_turn() {
    check(
        &[
            r#"{"type":"control_response","response":{"subtype":"success","request_id":"bridge-initialize","response":{"commands":[{"name":"usage","aliases":["cost","stats"]},{"name":"/clear","aliases":["/new"]}]}}}"#,
            r#"{"type":"system","subtype":"init","session_id":"s","slash_commands":["usage","greet"]}"#,
            r#"{"type":"system","subtype":"init","session_id":"s","slash_commands":["/clear"]}"#,
        ],
        &expect![[r#"
            Ready None commands=usage,cost,stats,clear,new
            reply {"request":{"subtype":"get_settings"},"request_id":"bridge-settings","type":"control_request"}
            TurnStarted commands=usage,greet,cost,stats
            TurnStarted commands=clear,new
        "#]],
    );
}

#[test]
fn what_became_of_a_command_is_told() {
    check(
        &[
            r#"{"type":"system","subtype":"compact_boundary","compact_metadata":{"trigger":"manual","pre_tokens":13569,"post_tokens":2549}}"#,
            r#"{"type":"system","subtype":"compact_boundary","compact_metadata":{"trigger":"auto","pre_tokens":990011}}"#,
            r#"{"type":"system","subtype":"compact_boundary","compact_metadata":7}"#,
            r#"{"type":"conversation_reset","trigger":"clear"}"#,
            r#"{"type":"conversation_reset","trigger":"something else"}"#,
        ],
        &expect![[r#"
            Compacted(Compaction { by: Command, before: 13569, after: Some(2549) })
            Compacted(Compaction { by: Itself, before: 990011, after: None })
            Compacted(Compaction { by: Itself, before: 0, after: None })
            Cleared
            Heartbeat
        "#]],
    );
}

/// A preserved message is written again when the conversation is compacted.
#[test]
fn a_command_that_failed_is_no_success_and_fails_once() {
    const FAILED: &str = r#"{"type":"assistant","uuid":"a","local_command_source":"<local-command-stderr>Error: No messages to compact</local-command-stderr>","message":{"model":"<synthetic>","content":[{"type":"text","text":"Error: No messages to compact"}]}}"#;
    const END: &str = r#"{"type":"result","subtype":"success","is_error":false,"result":""}"#;
    check(
        &[
            FAILED,
            END,
            FAILED,
            r#"{"type":"result","subtype":"success","is_error":false,"result":""}"#,
        ],
        &expect![[r#"
            Heartbeat
            TurnEnded FailedCommand "Error: No messages to compact" origin=Prompt prompts=unknown
            Heartbeat
            TurnEnded Answered "" origin=Prompt prompts=unknown
        "#]],
    );
}
