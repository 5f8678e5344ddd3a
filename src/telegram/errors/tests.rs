//! The table of what Telegram says and what it means.

use expect_test::{Expect, expect};

use super::*;

fn meaning(status: u16, body: &str, on_repeat: OnRepeat) -> String {
    match read_answer(status, None, body.as_bytes()) {
        Ok(result) => format!("ok {result}"),
        Err(error) => match judge(error, on_repeat) {
            Ok(()) => "nothing to do".to_owned(),
            Err(error) => format!("{error:?}"),
        },
    }
}

fn check(cases: &[(u16, &str)], expected: &Expect) {
    let lines: Vec<String> = cases
        .iter()
        .map(|(code, description)| {
            let body =
                format!(r#"{{"ok":false,"error_code":{code},"description":"{description}"}}"#);
            let meaning = meaning(*code, &body, OnRepeat::MakesAnother);
            format!("{code} {description}\n    {meaning}\n")
        })
        .collect();
    expected.assert_eq(&lines.concat());
}

#[test]
fn what_can_be_mended_is_not_a_failure() {
    check(
        &[
            (
                400,
                "Bad Request: message is not modified: new content is the same",
            ),
            (
                400,
                "Bad Request: query is too old and response timeout expired",
            ),
            (400, "Bad Request: can't parse entities: unexpected end"),
            (400, "Bad Request: ENTITIES_TOO_LONG"),
            (400, "Bad Request: message is too long"),
            (400, "Bad Request: MESSAGE_TOO_LONG"),
            (400, "Bad Request: message caption is too long"),
        ],
        &expect![[r#"
            400 Bad Request: message is not modified: new content is the same
                nothing to do
            400 Bad Request: query is too old and response timeout expired
                nothing to do
            400 Bad Request: can't parse entities: unexpected end
                MarkupRefused("Bad Request: can't parse entities: unexpected end")
            400 Bad Request: ENTITIES_TOO_LONG
                MarkupRefused("Bad Request: ENTITIES_TOO_LONG")
            400 Bad Request: message is too long
                TooLong("Bad Request: message is too long")
            400 Bad Request: MESSAGE_TOO_LONG
                TooLong("Bad Request: MESSAGE_TOO_LONG")
            400 Bad Request: message caption is too long
                TooLong("Bad Request: message caption is too long")
        "#]],
    );
}

#[test]
fn refusals_tell_what_is_gone() {
    check(
        &[
            (400, "Bad Request: message to edit not found"),
            (400, "Bad Request: message can't be edited"),
            (400, "Bad Request: chat not found"),
            (
                400,
                "Bad Request: not enough rights to send text messages to the chat",
            ),
            (400, "Bad Request: message thread not found"),
            (400, "Bad Request: TOPIC_CLOSED"),
            (403, "Forbidden: bot was blocked by the user"),
            (
                403,
                "Forbidden: bot can't initiate conversation with a user",
            ),
            (401, "Unauthorized"),
            (404, "Not Found"),
        ],
        &expect![[r#"
            400 Bad Request: message to edit not found
                MessageGone("Bad Request: message to edit not found")
            400 Bad Request: message can't be edited
                MessageGone("Bad Request: message can't be edited")
            400 Bad Request: chat not found
                ChatGone("Bad Request: chat not found")
            400 Bad Request: not enough rights to send text messages to the chat
                ChatGone("Bad Request: not enough rights to send text messages to the chat")
            400 Bad Request: message thread not found
                TopicGone("Bad Request: message thread not found")
            400 Bad Request: TOPIC_CLOSED
                TopicGone("Bad Request: TOPIC_CLOSED")
            403 Forbidden: bot was blocked by the user
                ChatGone("Forbidden: bot was blocked by the user")
            403 Forbidden: bot can't initiate conversation with a user
                ChatGone("Forbidden: bot can't initiate conversation with a user")
            401 Unauthorized
                TokenRefused
            404 Not Found
                TokenRefused
        "#]],
    );
}

#[test]
fn what_is_left_is_refused_for_good_or_can_be_repeated() {
    check(
        &[
            (400, "Bad Request: REACTION_INVALID"),
            (404, "Not Found: method not found"),
            (
                400,
                "Bad Request: not enough rights to send documents to the chat",
            ),
            (429, "Too Many Requests"),
            (500, "Internal Server Error"),
        ],
        &expect![[r#"
            400 Bad Request: REACTION_INVALID
                Rejected(Telegram("Bad Request: REACTION_INVALID"))
            404 Not Found: method not found
                Rejected(Telegram("Not Found: method not found"))
            400 Bad Request: not enough rights to send documents to the chat
                Rejected(Telegram("Bad Request: not enough rights to send documents to the chat"))
            429 Too Many Requests
                RetryAfter { after: 5s }
            500 Internal Server Error
                NotDelivered("Internal Server Error")
        "#]],
    );
}

#[test]
fn only_what_would_be_doubled_by_a_repeat_has_an_unknown_fate() {
    let outcomes = |on_repeat| {
        [200, 302, 403, 413, 429, 500, 502, 503, 504]
            .map(|status| format!("{status} {}\n", meaning(status, "<html>", on_repeat)))
            .concat()
    };
    expect![[r#"
        200 FateUnknown("the answer (http status 200) is not from telegram")
        302 NotDelivered("the answer (http status 302) is not from telegram")
        403 NotDelivered("the answer (http status 403) is not from telegram")
        413 Rejected(FileTooBig)
        429 RetryAfter { after: 5s }
        500 NotDelivered("the answer (http status 500) is not from telegram")
        502 FateUnknown("the answer (http status 502) is not from telegram")
        503 NotDelivered("the answer (http status 503) is not from telegram")
        504 FateUnknown("the answer (http status 504) is not from telegram")
    "#]]
    .assert_eq(&outcomes(OnRepeat::MakesAnother));
    expect![[r#"
        200 NotDelivered("the answer (http status 200) is not from telegram")
        302 NotDelivered("the answer (http status 302) is not from telegram")
        403 NotDelivered("the answer (http status 403) is not from telegram")
        413 Rejected(FileTooBig)
        429 RetryAfter { after: 5s }
        500 NotDelivered("the answer (http status 500) is not from telegram")
        502 NotDelivered("the answer (http status 502) is not from telegram")
        503 NotDelivered("the answer (http status 503) is not from telegram")
        504 NotDelivered("the answer (http status 504) is not from telegram")
    "#]]
    .assert_eq(&outcomes(OnRepeat::ChangesNothing));
}

#[test]
fn lost_answers_are_unknown_and_lost_connections_are_not() {
    let of = |error| judge(error, OnRepeat::MakesAnother);
    assert_eq!(
        of(CallError::NotSent("refused".into())),
        Err(PostError::NotDelivered("refused".into()))
    );
    assert_eq!(
        of(CallError::NoAnswer("reset".into())),
        Err(PostError::FateUnknown("reset".into()))
    );
    assert_eq!(
        judge(
            CallError::NoAnswer("reset".into()),
            OnRepeat::ChangesNothing
        ),
        Err(PostError::NotDelivered("reset".into()))
    );
}

#[test]
fn parameters_beat_the_words() {
    let wait = r#"{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":7}}"#;
    assert_eq!(
        meaning(429, wait, OnRepeat::MakesAnother),
        "RetryAfter { after: 7s }"
    );
    let moved = r#"{"ok":false,"error_code":400,"description":"group chat was upgraded",
        "parameters":{"migrate_to_chat_id":-1001234567890}}"#;
    assert_eq!(
        meaning(400, moved, OnRepeat::MakesAnother),
        "Migrated { to: ChatId(-1001234567890) }"
    );
}

#[test]
fn a_refused_call_can_wait_as_its_header_says() {
    let error = read_answer(429, Some(3), b"slow down").unwrap_err();
    assert_eq!(
        judge(error, OnRepeat::MakesAnother),
        Err(PostError::RetryAfter {
            after: Duration::from_secs(3)
        })
    );
}

#[test]
fn only_a_plain_not_found_is_about_the_token() {
    let refused = |status, text: &str| {
        let body = format!(r#"{{"ok":false,"description":"{text}"}}"#);
        is_token_refused(&read_answer(status, None, body.as_bytes()).unwrap_err())
    };
    assert!(refused(401, "Unauthorized"));
    assert!(refused(404, "Not Found"));
    assert!(!refused(404, "Not Found: method not found"));
    assert!(!refused(400, "Bad Request"));
    assert!(!is_token_refused(
        &read_answer(404, None, b"<html>").unwrap_err()
    ));
}
