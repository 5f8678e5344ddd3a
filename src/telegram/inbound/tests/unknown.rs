//! Kinds of messages and updates that do not exist yet.

use super::*;
use crate::telegram::inbound::unknown::SERVICE;

/// Returns a message without a text that has this beside.
fn with(field: &str, content: Value) -> Value {
    let mut raw = fixture("text.json");
    let message = raw["message"].as_object_mut().unwrap();
    message.remove("text");
    message.remove("entities");
    message.insert(field.to_owned(), content);
    raw
}

#[test]
fn a_kind_that_does_not_exist_yet_is_told_apart_from_words_about_the_chat() {
    let hologram = with("hologram", json!({ "file_id": "a" }));
    assert!(
        told(&hologram).contains("unsupported Unknown"),
        "{}",
        told(&hologram)
    );
    assert!(told(&with("date", json!(1))).contains("unsupported Unknown"));
    for service in SERVICE {
        if service.starts_with("migrate") {
            continue;
        }
        let raw = with(service, json!({}));
        assert_eq!(
            told(&raw),
            "ignored: a message about the chat itself",
            "{service}"
        );
    }
}

#[test]
fn the_words_below_what_is_not_known_can_be_a_command() {
    let mut raw = with("hologram", json!({}));
    raw["message"]["caption"] = json!("/stop");
    let Ok(Inbound {
        content: InboundContent::Unsupported { caption, kind, .. },
        ..
    }) = read_update(&us(), &raw)
    else {
        panic!("{}", told(&raw));
    };
    assert_eq!(
        (kind, caption.unwrap().text.as_str()),
        (MediaKind::Unknown, "/stop")
    );
}

#[test]
fn an_update_of_a_kind_that_does_not_exist_yet_is_ignored() {
    let raw = json!({ "update_id": 1, "telepathy": { "from": { "id": 5001 } } });
    assert_eq!(
        told(&raw),
        "ignored: updates of the kind \"telepathy\" are not worked on"
    );
}
