//! Lines that a reader of JSON refuses, and that somebody waits for all the same.

use expect_test::expect;

use super::check;

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn half_a_character_costs_no_line() {
    check(
        &[
            r#"{"type":"result","subtype":"success","result":"a\ud83d b\udc00\\ud83d \ud83e\udd80"}"#,
            r#"{"type":"assistant","uuid":"u","message":{"content":[{"type":"text","text":"\uDBFFx\ud83d\ud83e\udd80"}]}}"#,
            r#"{"type":"control_request","request_id":"r","request":{"subtype":"can_use_tool","tool_name":"Bash","input":{"command":"echo \ud83d"}}}"#,
        ],
        &expect![[r#"
            TurnEnded Answered "a� b�\\ud83d 🦀" origin=Prompt prompts=unknown
            Said "�x�🦀"
            PermissionAsked Bash "Bash" bash "echo �" (None, None) []
        "#]],
    );
}

#[test]
fn request_that_cannot_be_read_is_denied_at_once() {
    let request = |input: &str| {
        format!(
            r#"{{"type":"control_request","request_id":"r","request":{{"subtype":"can_use_tool","tool_name":"Bash","input":{input}}}}}"#
        )
    };
    check(
        &[
            &request(r#"{"command":"ls","timeout":1e999}"#),
            &request(&format!(r#"{{"command":"ls","x":{}}}"#, nested(200))),
            &request(&nested(1_000_000)),
            r#"{"request":{"subtype":"elicitation","x":-1e999},"type":"control_request","request_id":"r2"}"#,
            r#"{"type":"control_request","request_id":"r3","request":1e999}"#,
            r#"{"type":"control_request","request_id":1e999,"request":{"subtype":"can_use_tool"}}"#,
        ],
        &expect![[r#"
            Heartbeat
            reply {"response":{"request_id":"r","response":{"behavior":"deny","message":"The bridge cannot read this request whole, so the user was not asked and it is denied. Try it with a simpler input: no number beyond 1e308, no deep nesting."},"subtype":"success"},"type":"control_response"}
            Heartbeat
            reply {"response":{"request_id":"r","response":{"behavior":"deny","message":"The bridge cannot read this request whole, so the user was not asked and it is denied. Try it with a simpler input: no number beyond 1e308, no deep nesting."},"subtype":"success"},"type":"control_response"}
            Heartbeat
            reply {"response":{"request_id":"r","response":{"behavior":"deny","message":"The bridge cannot read this request whole, so the user was not asked and it is denied. Try it with a simpler input: no number beyond 1e308, no deep nesting."},"subtype":"success"},"type":"control_response"}
            Heartbeat
            reply {"response":{"error":"the bridge does not serve elicitation requests","request_id":"r2","subtype":"error"},"type":"control_response"}
            Heartbeat
            reply {"response":{"error":"the bridge does not serve  requests","request_id":"r3","subtype":"error"},"type":"control_response"}
            Heartbeat
        "#]],
    );
}

#[test]
fn result_that_cannot_be_read_whole_ends_its_turn() {
    check(
        &[
            r#"{"type":"result","subtype":"success","result":"the answer","total_cost_usd":1e999,"user_message_uuids":["u"]}"#,
            &format!(
                r#"{{"subtype":"success","structured_output":{},"result":"deep","type":"result"}}"#,
                nested(500_000)
            ),
            r#"{"type":"result","subtype":"error_max_turns","is_error":true,"usage":{"x":1e999}}"#,
            r#"{"type":"result","result":1e999,"subtype":"success"}"#,
        ],
        &expect![[r#"
            TurnEnded Answered "the answer" origin=Prompt prompts=1
            TurnEnded Answered "deep" origin=Prompt prompts=unknown
            TurnEnded Failed MaxSteps origin=Prompt prompts=unknown
            TurnEnded Answered "" origin=Prompt prompts=unknown
        "#]],
    );
}

#[test]
fn other_lines_keep_what_can_be_read() {
    check(
        &[
            r#"{"type":"system","subtype":"session_state_changed","state":"idle","x":1e999}"#,
            r#"{"type":"assistant","uuid":"u","message":{"usage":1e999,"content":[{"type":"text","text":"said"}]}}"#,
            r#"{"type":"assistant","uuid":"v","message":{"content":[{"type":"tool_use","name":"Bash","input":{"n":1e999}}]}}"#,
            r#"{"type":"control_cancel_request","request_id":"r","x":1e999}"#,
            r#"{"x":1e999}"#,
            r#"{"type":"result","result":"cut"#,
        ],
        &expect![[r#"
            Activity(Idle)
            Said "said"
            Heartbeat
            PermissionWithdrawn
        "#]],
    );
}

#[test]
fn bytes_that_are_no_text_cost_no_line() {
    let mut translator = super::Translator::default();
    let line = b"{\"type\":\"result\",\"subtype\":\"success\",\"result\":\"a\xffb\"}";
    let text = super::render(&translator.on_line(line));
    assert_eq!(
        text,
        "TurnEnded Answered \"a\u{fffd}b\" origin=Prompt prompts=unknown\n"
    );
}
