//! The rules that Telegram states in words.

use expect_test::expect;
use serde_json::{Value, json};

use super::check_rules;
use crate::params::Params;

fn check(method: &str, values: Value) -> String {
    let values = values.as_object().unwrap().clone();
    let params = Params {
        values,
        ..Params::default()
    };
    check_rules(method, &params)
        .err()
        .unwrap_or_else(|| "fine".to_owned())
}

fn entities(text: &str, ranges: &[(&str, i64, i64)]) -> String {
    let entity = |(kind, offset, length): &(&str, i64, i64)| json!({ "type": kind, "offset": offset, "length": length });
    let entities: Vec<Value> = ranges.iter().map(entity).collect();
    check("sendMessage", json!({ "text": text, "entities": entities }))
}

#[test]
fn text_has_1_to_4096_utf16_units() {
    let text = |text: String| check("sendMessage", json!({ "text": text }));
    assert_eq!(text("a".repeat(4096)), "fine");
    assert_eq!(text("😀".repeat(2048)), "fine");
    assert_eq!(text("😀".repeat(2049)), "message is too long");
    assert_eq!(text(" \n".to_owned()), "message text is empty");
    assert_eq!(
        check("sendMessageDraft", json!({ "text": "", "draft_id": 7 })),
        "fine"
    );
    let caption = check("sendDocument", json!({ "caption": "a".repeat(1025) }));
    assert_eq!(caption, "message caption is too long");
}

#[test]
fn entities_nest_but_never_cross_or_cut_a_character() {
    let outcomes = [
        entities("abcdef", &[("bold", 0, 6), ("italic", 1, 2)]),
        entities("abcdef", &[("blockquote", 0, 6), ("pre", 1, 2)]),
        entities("abcdef", &[("bold", 0, 3), ("italic", 2, 3)]),
        entities("abcdef", &[("bold", 0, 3), ("code", 0, 3)]),
        entities("abcdef", &[("blockquote", 0, 6), ("blockquote", 1, 2)]),
        entities("abcdef", &[("bold", 5, 2)]),
        entities("abcdef", &[("bold", 2, 0)]),
        entities("abcdef", &[("bold", -1, 2)]),
        entities("😀b", &[("bold", 0, 1)]),
        entities("😀b", &[("bold", 1, 2)]),
        entities("abcdef", &[("shiny", 0, 1)]),
        entities("abcdef", &[("text_link", 0, 1)]),
        entities(
            &"a".repeat(101),
            &(0..101).map(|at| ("bold", at, 1)).collect::<Vec<_>>(),
        ),
    ];
    expect![[r#"
        fine
        fine
        entities bold and italic overlap badly
        entities bold and code overlap badly
        entities blockquote and blockquote overlap badly
        entity bold is empty or beyond the end of the text
        entity bold is empty or beyond the end of the text
        entity bold begins before the text
        entity bold cuts a character at 1
        entity bold cuts a character at 1
        can't parse MessageEntity: unsupported type "shiny"
        can't parse MessageEntity: text_link without url
        ENTITIES_TOO_LONG: more than 100 entities"#]]
    .assert_eq(&outcomes.join("\n"));
}

#[test]
fn button_data_has_1_to_64_bytes() {
    let button = |button: Value| {
        let markup = json!({ "inline_keyboard": [[button]] });
        check(
            "sendMessage",
            json!({ "text": "a", "reply_markup": markup }),
        )
    };
    assert_eq!(
        button(json!({ "text": "a", "callback_data": "é".repeat(32) })),
        "fine"
    );
    let too_long = button(json!({ "text": "a", "callback_data": "é".repeat(33) }));
    assert_eq!(too_long, "BUTTON_DATA_INVALID");
    assert_eq!(
        button(json!({ "text": "a", "callback_data": "" })),
        "BUTTON_DATA_INVALID"
    );
    assert_eq!(
        button(json!({ "text": "a" })),
        "an inline button has exactly one action"
    );
}

#[test]
fn commands_and_reactions_come_from_their_alphabets() {
    let command = |name: &str| {
        check(
            "setMyCommands",
            json!({ "commands": [{ "command": name, "description": "d" }] }),
        )
    };
    assert_eq!(command("new_1"), "fine");
    assert_eq!(command("New"), "BOT_COMMAND_INVALID: \"New\"");
    assert_eq!(
        command(&"a".repeat(33)).split(':').next(),
        Some("BOT_COMMAND_INVALID")
    );
    let react = |emoji: &str| {
        check(
            "setMessageReaction",
            json!({ "reaction": [{ "type": "emoji", "emoji": emoji }] }),
        )
    };
    for emoji in [
        "👀",
        "👍",
        "👎",
        "❤",
        "❤\u{fe0f}",
        "🔥",
        "🎉",
        "🤔",
        "😱",
        "👏",
        "⚡",
        "🏆",
    ] {
        assert_eq!(react(emoji), "fine", "{emoji}");
    }
    assert_eq!(react("✅"), "REACTION_INVALID");
}

#[test]
fn parse_mode_and_unknown_update_kinds_are_refused() {
    let html = check("sendMessage", json!({ "text": "a", "parse_mode": "HTML" }));
    assert_eq!(
        html,
        "the playground does not parse parse_mode; send entities"
    );
    let poll = check(
        "getUpdates",
        json!({ "allowed_updates": ["message", "mesage"] }),
    );
    assert_eq!(poll, "unknown update kind \"mesage\" in allowed_updates");
    assert_eq!(
        check("getUpdates", json!({ "limit": 101 })),
        "limit is not in 1..100"
    );
}
