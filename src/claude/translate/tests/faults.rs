//! What is wrong with the API, as far as it decides what the person can do.

use bridge_actors::agent_event::{AgentEvent, ApiFault, TurnEnd, TurnOutcome};

use super::Translator;

/// The kind and the text of a failure, its status, and what it means.
const BY_STATUS: &[(&str, &str, &str, ApiFault)] = &[
    (
        "authentication_failed",
        "Please run /login",
        "401",
        ApiFault::LoginExpired,
    ),
    (
        "authentication_failed",
        "Invalid API key",
        "401",
        ApiFault::KeyRefused,
    ),
    (
        "authentication_failed",
        "Not logged in",
        "null",
        ApiFault::NotLoggedIn,
    ),
    (
        "authentication_failed",
        "Failed: 403",
        "403",
        ApiFault::NotLoggedIn,
    ),
    ("invalid_request", "too large", "413", ApiFault::TooLarge),
    ("unknown", "API Error: 400", "400", ApiFault::Rejected),
    ("unknown", "API Error: 408", "408", ApiFault::Other),
    ("server_error", "API Error: 500", "500", ApiFault::Other),
    (
        "unknown",
        "API Error: Overloaded",
        "null",
        ApiFault::Overloaded,
    ),
    (
        "unknown",
        r#"{"type":"overloaded_error"}"#,
        "null",
        ApiFault::Overloaded,
    ),
    ("server_error", "busy", "529", ApiFault::Overloaded),
];

/// What the result says of a failure, and what it means whatever else was said.
const BY_RESULT: &[(&str, &str, ApiFault)] = &[
    ("terminal_reason", "prompt_too_long", ApiFault::TooLong),
    ("terminal_reason", "image_error", ApiFault::TooLarge),
    ("stop_reason", "refusal", ApiFault::Declined),
];

#[test]
fn what_sending_again_cannot_help_is_told_apart() {
    for (error, text, status, expected) in BY_STATUS {
        let fields = format!(r#","api_error_status":{status}"#);
        assert_eq!(fault_of(error, text, &fields), *expected, "{text}");
    }
    for (field, value, expected) in BY_RESULT {
        let fields = format!(r#","{field}":"{value}","api_error_status":400"#);
        let fault = fault_of("invalid_request", "API Error", &fields);
        assert_eq!(fault, *expected, "{value}");
    }
}

/// Reads what is wrong with the API off the lines at the end of a turn.
fn fault_of(error: &str, text: &str, fields: &str) -> ApiFault {
    let mut translator = Translator::default();
    let said = serde_json::json!({
        "type": "assistant",
        "error": error,
        "message": {"model": "<synthetic>", "content": [{"type": "text", "text": text}]},
    });
    translator.on_line(said.to_string().as_bytes());
    let end =
        format!(r#"{{"type":"result","subtype":"success","is_error":true,"result":""{fields}}}"#);
    match translator.on_line(end.as_bytes()).events.as_slice() {
        [
            AgentEvent::TurnEnded(TurnEnd {
                outcome: TurnOutcome::ApiError { fault, .. },
                ..
            }),
        ] => fault.clone(),
        events => panic!("no error: {events:?}"),
    }
}
