//! Whatever comes, the translator goes on.

use bridge_actors::agent_event::AgentEvent;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{Translator, on_stderr_line};

#[test]
fn lines_that_are_not_understood_are_counted_and_nothing_else() {
    let mut translator = Translator::default();
    let noise: [&[u8]; 6] = [b"hello", b"[1]", b"{", b"\xff\xfe", b"{}", b"{\"type\":7}"];
    for line in noise {
        assert_eq!(translator.on_line(line), Default::default());
    }
    assert_eq!(translator.unknown_lines(), 6);
    let alive = translator.on_line(br#"{"type":"from_the_future"}"#);
    assert_eq!(alive.events, [AgentEvent::Heartbeat]);
    assert_eq!(translator.unknown_lines(), 7);
    assert_eq!(translator.on_line(b" \r"), Default::default());
    assert_eq!(translator.unknown_lines(), 7, "a blank line is not a line");
}

#[test]
fn told_messages_are_remembered_in_bounded_memory() {
    let mut translator = Translator::default();
    for n in 0..10_000 {
        let line = json!({"type": "assistant", "uuid": n.to_string(), "message": {}});
        translator.on_line(line.to_string().as_bytes());
    }
    assert_eq!(translator.repeats.len(), 2048);
}

/// Whoever compared each name with all before it would compare 10^11 times.
#[test]
fn half_a_million_commands_are_listed_in_as_many_steps() {
    let names: Vec<String> = (0..500_000).map(|n| n.to_string()).collect();
    let line = json!({
        "type": "system", "subtype": "init", "session_id": "s", "slash_commands": names,
    });
    let events = Translator::default()
        .on_line(line.to_string().as_bytes())
        .events;
    let [AgentEvent::TurnStarted { commands, .. }] = &events[..] else {
        panic!("not the start of a turn");
    };
    assert_eq!(*commands, names);
}

#[test]
fn stderr_tells_a_taken_and_an_unknown_conversation() {
    let taken = on_stderr_line("Error: Session ID 0d1c is already in use.");
    assert_eq!(taken, Some(AgentEvent::ConversationTaken));
    for unknown in [
        "No conversation found with session ID: 0d1c",
        "Error: --resume requires a valid session ID or session title when used with --print.",
    ] {
        assert_eq!(
            on_stderr_line(unknown),
            Some(AgentEvent::ConversationUnknown)
        );
    }
    for other in [
        "",
        "warning: Session ID x",
        "he said: No conversation found with session ID: x",
    ] {
        assert_eq!(on_stderr_line(other), None);
    }
}

/// A value under one of the keys that the translator reads, right or wrong in type.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "(assistant|system|init|can_use_tool|text|tool_use|message_start|text_delta|.{0,6})"
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map(key(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    "(type|subtype|message|content|event|delta|text|request|request_id|response|tool_name|input|commands|aliases|name|questions|errors|result|uuid|state)"
}

fn kind() -> impl Strategy<Value = String> {
    "(assistant|user|system|result|stream_event|control_request|control_response|control_cancel_request|new)"
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut translator = Translator::default();
        translator.on_line(&bytes);
        prop_assert!(translator.unknown_lines() <= 1);
    }

    #[test]
    fn a_cut_line_is_survived(cut in 0_usize..400) {
        let line = br#"{"type":"control_request","request_id":"r","request":{"subtype":"can_use_tool","tool_name":"Bash","input":{"command":"ls"}}}"#;
        let mut translator = Translator::default();
        translator.on_line(&line[..cut.min(line.len())]);
    }

    #[test]
    fn known_lines_with_odd_fields_are_survived_and_a_sign_of_life(
        kind in kind(),
        fields in proptest::collection::btree_map(key(), value(), 0..6),
    ) {
        let mut line = Value::Object(fields.into_iter().collect());
        line["type"] = kind.into();
        let translated = Translator::default().on_line(line.to_string().as_bytes());
        prop_assert!(!translated.events.is_empty());
        for reply in translated.replies {
            serde_json::from_str::<Value>(&reply).unwrap();
        }
    }
}
