//! Whom a message points at by its reply.

use super::*;

fn pointed(raw: &Value) -> String {
    match read_update(&us(), raw) {
        Ok(Inbound {
            content: InboundContent::Text { pointing, .. },
            ..
        }) => match pointing {
            Pointing::None => "none".to_owned(),
            Pointing::Hidden => "hidden".to_owned(),
            Pointing::At { user, first_name } => format!("{user} {first_name}"),
        },
        other => panic!("no text: {other:?}"),
    }
}

/// The fields of the message that is answered, besides those that all messages have.
fn reply_to(fields: &Value) -> Value {
    let mut raw = fixture("text.json");
    raw["message"]["text"] = json!("/add_user");
    let replied = &mut raw["message"]["reply_to_message"];
    *replied = json!({ "message_id": 10, "date": 1, "chat": { "id": 5001, "type": "private" } });
    for (name, value) in fields.as_object().unwrap() {
        replied[name] = value.clone();
    }
    raw
}

fn account(id: i64, name: &str) -> Value {
    json!({ "id": id, "is_bot": false, "first_name": name })
}

fn bot(id: i64) -> Value {
    json!({ "id": id, "is_bot": true, "first_name": "Bot" })
}

fn check(cases: &[(Value, &str)]) {
    for (fields, expected) in cases {
        assert_eq!(pointed(&reply_to(fields)), *expected, "{fields}");
    }
}

#[test]
fn a_message_without_a_reply_points_at_nobody() {
    assert_eq!(pointed(&fixture("text.json")), "none");
}

#[test]
fn a_reply_points_at_the_author() {
    check(&[
        (
            json!({ "from": account(5002, "Person B") }),
            "5002 Person B",
        ),
        (
            json!({ "from": account(i64::MAX, "") }),
            "9223372036854775807 ",
        ),
        (json!({ "from": account(5001, "Person A") }), "none"),
        (json!({ "from": bot(BOT) }), "none"),
        (json!({ "from": account(BOT, "no bot") }), "none"),
        (json!({ "from": bot(77) }), "none"),
        (json!({ "from": { "id": 5002 } }), "none"),
        (json!({ "from": account(0, "Zero") }), "hidden"),
        (json!({ "from": account(i64::MIN, "Least") }), "hidden"),
        (json!({}), "hidden"),
        (
            json!({ "from": bot(1_087_968_824), "sender_chat": { "id": -100 } }),
            "hidden",
        ),
    ]);
}

#[test]
fn what_was_forwarded_points_at_its_author_and_never_at_who_passed_it_on() {
    let forwarded = |origin: Value| json!({ "from": account(5002, "B"), "forward_origin": origin });
    check(&[
        (
            forwarded(json!({ "type": "user", "date": 1, "sender_user": account(5003, "C") })),
            "5003 C",
        ),
        (
            forwarded(json!({ "type": "user", "sender_user": account(5001, "Person A") })),
            "none",
        ),
        (
            forwarded(json!({ "type": "user", "sender_user": bot(77) })),
            "none",
        ),
        (
            forwarded(json!({ "type": "user", "sender_user": bot(BOT) })),
            "none",
        ),
        (
            forwarded(json!({ "type": "user", "sender_user": account(0, "Zero") })),
            "hidden",
        ),
        (forwarded(json!({ "type": "user" })), "hidden"),
        (
            forwarded(json!({ "type": "hidden_user", "sender_user_name": "C" })),
            "hidden",
        ),
        (
            forwarded(json!({ "type": "chat", "sender_chat": { "id": -100 } })),
            "hidden",
        ),
        (
            forwarded(json!({ "type": "channel", "chat": { "id": -100 }, "message_id": 1 })),
            "hidden",
        ),
        (
            forwarded(json!({ "type": "new", "sender_user": account(5003, "C") })),
            "hidden",
        ),
        (forwarded(json!("junk")), "hidden"),
        (forwarded(json!({})), "hidden"),
    ]);
}

#[test]
fn a_contact_comes_before_its_bearer() {
    let contact = |contact: Value| {
        let origin = json!({ "type": "user", "sender_user": account(5003, "C") });
        json!({ "from": account(5002, "B"), "forward_origin": origin, "contact": contact })
    };
    let phone = "+4912345";
    check(&[
        (
            contact(json!({ "phone_number": phone, "first_name": "D", "user_id": 5004 })),
            "5004 D",
        ),
        (
            contact(json!({ "phone_number": phone, "user_id": 5004 })),
            "5004 ",
        ),
        (
            contact(json!({ "phone_number": phone, "first_name": "D" })),
            "hidden",
        ),
        (
            contact(json!({ "first_name": "D", "user_id": 0 })),
            "hidden",
        ),
        (
            contact(json!({ "first_name": "D", "user_id": -5 })),
            "hidden",
        ),
        (
            contact(json!({ "first_name": "D", "user_id": i64::MAX })),
            "9223372036854775807 D",
        ),
        (
            contact(json!({ "first_name": "D", "user_id": u64::MAX })),
            "hidden",
        ),
        (
            contact(json!({ "first_name": "D", "user_id": "5004" })),
            "hidden",
        ),
        (
            contact(json!({ "first_name": "A", "user_id": 5001 })),
            "none",
        ),
        (
            contact(json!({ "first_name": "Bridge", "user_id": BOT })),
            "none",
        ),
        (contact(json!(7)), "hidden"),
    ]);
}

#[test]
fn the_root_of_a_topic_points_at_nobody() {
    let mut raw = fixture("topic_text.json");
    raw["message"]["reply_to_message"] = json!({
        "message_id": 77,
        "from": account(5002, "Person B"),
        "forum_topic_created": { "name": "Work" },
    });
    assert_eq!(pointed(&raw), "none");
    raw["message"]["reply_to_message"]["message_id"] = json!(78);
    assert_eq!(pointed(&raw), "5002 Person B");
}

#[test]
fn a_reply_that_cannot_be_read_points_at_nobody() {
    for replied in [json!("x"), json!(7), json!([]), Value::Null] {
        let mut raw = fixture("text.json");
        raw["message"]["reply_to_message"] = replied;
        assert_eq!(pointed(&raw), "none");
    }
}
