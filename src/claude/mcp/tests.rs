//! What the server answers, to the letter.

use expect_test::{Expect, expect};

use super::*;

fn message(method: &str, parameters: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 3, "method": method, "params": parameters })
}

#[track_caller]
fn check(message: &Value, expected: &Expect) {
    let shown = match answer("r1", message) {
        Answer::Now(now) => now.to_string(),
        Answer::Later(offer) => format!("{offer:?}"),
        Answer::Withdrawn(event, now) => format!("{event:?} {now}"),
    };
    expected.assert_eq(&shown);
}

fn send(arguments: Value) -> Value {
    message(
        "tools/call",
        json!({ "name": "send_file", "arguments": arguments }),
    )
}

#[test]
fn the_handshake_names_the_chat_and_takes_the_version_that_claude_speaks() {
    let parameters = json!({ "protocolVersion": "2031-01-01", "capabilities": {} });
    let Answer::Now(answer) = answer("r1", &message("initialize", parameters)) else {
        panic!("no answer");
    };
    assert_eq!(answer["result"]["protocolVersion"], "2031-01-01");
    assert_eq!(answer["result"]["instructions"], CHAT);
    assert_eq!(answer["id"], 3);
}

#[test]
fn one_tool_is_listed_and_always_loaded() {
    let Answer::Now(answer) = answer("r1", &message("tools/list", Value::Null)) else {
        panic!("no answer");
    };
    let tools = answer["result"]["tools"].as_array().unwrap();
    assert_eq!(tools.len(), 1);
    assert_eq!(
        TOOL_RULE,
        format!("mcp__{SERVER}__{}", tools[0]["name"].as_str().unwrap())
    );
    assert_eq!(tools[0]["_meta"]["anthropic/alwaysLoad"], true);
}

#[test]
fn every_message_has_an_answer() {
    check(
        &message("ping", Value::Null),
        &expect![[r#"{"id":3,"jsonrpc":"2.0","result":{}}"#]],
    );
    check(
        &message("resources/list", Value::Null),
        &expect![[
            r#"{"error":{"code":-32601,"message":"the bridge has no method resources/list"},"id":3,"jsonrpc":"2.0"}"#
        ]],
    );
    check(
        &message("tools/call", json!({ "name": "rm" })),
        &expect![[
            r#"{"error":{"code":-32602,"message":"the bridge has no tool rm"},"id":3,"jsonrpc":"2.0"}"#
        ]],
    );
    check(
        &message("tools/call", Value::Null),
        &expect![[
            r#"{"error":{"code":-32602,"message":"the bridge has no tool without a name"},"id":3,"jsonrpc":"2.0"}"#
        ]],
    );
    check(
        &json!({ "method": "notifications/initialized" }),
        &expect![[r#"{"jsonrpc":"2.0","result":{}}"#]],
    );
    check(
        &json!({ "method": "notifications/never_seen" }),
        &expect![[r#"{"jsonrpc":"2.0","result":{}}"#]],
    );
    check(
        &json!({ "id": 9, "result": {} }),
        &expect![[
            r#"{"error":{"code":-32600,"message":"the message names no method"},"id":9,"jsonrpc":"2.0"}"#
        ]],
    );
    check(
        &json!([1]),
        &expect![[
            r#"{"error":{"code":-32600,"message":"the message names no method"},"id":null,"jsonrpc":"2.0"}"#
        ]],
    );
    let cancelled = json!({ "method": "notifications/cancelled", "params": { "requestId": 3 } });
    check(
        &cancelled,
        &expect![[r#"FilesWithdrawn { id: Json("3") } {"jsonrpc":"2.0","result":{}}"#]],
    );
}

#[test]
fn a_call_is_an_offer() {
    check(
        &send(json!({ "paths": ["a.png"] })),
        &expect![[
            r#"FileOffer { call: ToolCall { request: "r1", id: Json("3") }, paths: ["a.png"], caption: "", wish: Fitting }"#
        ]],
    );
    let all = json!({ "paths": ["/x/a b", "c"], "caption": " look ", "as": "document" });
    check(
        &send(all),
        &expect![[
            r#"FileOffer { call: ToolCall { request: "r1", id: Json("3") }, paths: ["/x/a b", "c"], caption: "look", wish: Document }"#
        ]],
    );
    check(
        &send(json!({ "paths": ["a"], "caption": null, "as": "photo" })),
        &expect![[
            r#"FileOffer { call: ToolCall { request: "r1", id: Json("3") }, paths: ["a"], caption: "", wish: Fitting }"#
        ]],
    );
}

#[test]
fn malformed_arguments_are_told_with_the_way_out() {
    let too_many: Vec<_> = (0..11).map(|n| n.to_string()).collect();
    let told = |arguments: Value| match answer("r1", &send(arguments)) {
        Answer::Now(now) => {
            assert_eq!(now["result"]["isError"], true);
            let text = now["result"]["content"][0]["text"].as_str();
            text.unwrap().to_owned()
        }
        later @ (Answer::Later(_) | Answer::Withdrawn(..)) => panic!("{later:?}"),
    };
    for paths in [
        json!({}),
        json!({ "paths": [] }),
        json!({ "paths": "a" }),
        json!({ "paths": [7] }),
        json!({ "paths": [" "] }),
        json!({ "paths": ["a", null] }),
        json!({ "paths": too_many }),
    ] {
        assert_eq!(told(paths.clone()), paths_malformed(), "{paths}");
    }
    for caption in [json!(7), json!("x".repeat(1001)), json!("😀".repeat(501))] {
        let arguments = json!({ "paths": ["a"], "caption": caption });
        assert_eq!(told(arguments), caption_malformed(), "{caption}");
    }
    for wish in [json!("voice"), json!(true), json!("Photo")] {
        let arguments = json!({ "paths": ["a"], "as": wish });
        assert_eq!(told(arguments), as_malformed(), "{wish}");
    }
    let unknown = json!({ "paths": ["a"], "path": "a" });
    assert_eq!(told(unknown), argument_unknown("path"));
}

#[test]
fn a_result_goes_to_its_call() {
    let call = ToolCall {
        request: "r1".to_owned(),
        id: Json("\"x\"".to_owned()),
    };
    let outcome = ToolResult {
        text: "Delivered to the chat: a.".to_owned(),
        fate: ToolFate::Done,
    };
    expect![[r#"{"id":"x","jsonrpc":"2.0","result":{"content":[{"text":"Delivered to the chat: a.","type":"text"}],"isError":false}}"#]].assert_eq(&call_answer(&call, &outcome).to_string());
}
