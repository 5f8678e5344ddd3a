//! Whether a message in a group speaks to the bot, and what is left of it without its name.

use expect_test::Expect;

use super::*;

fn group_message(text: &str, entities: &Value) -> Value {
    json!({ "update_id": 1, "message": {
        "message_id": 200,
        "date": 1_790_000_000,
        "chat": { "id": -1_001_234_567_890_i64, "type": "supergroup", "title": "Group" },
        "from": { "id": 5001, "is_bot": false, "first_name": "Person A", "language_code": "en" },
        "text": text,
        "entities": entities,
    }})
}

/// Marks what follows a `@` or `/` up to a white space, as Telegram does.
fn entities_of(text: &str) -> Value {
    let kind = |word: &str| match word.chars().next() {
        Some('@') => Some("mention"),
        Some('/') => Some("bot_command"),
        Some(_) | None => None,
    };
    let mut at = 0;
    let mut entities = Vec::new();
    for word in text.split(' ') {
        let name = word.trim_end_matches([',', ':', '?', '!', '.']);
        if let Some(kind) = kind(word) {
            let length = name.encode_utf16().count();
            entities.push(json!({ "type": kind, "offset": at, "length": length }));
        }
        at += word.encode_utf16().count() + 1;
    }
    entities.into()
}

fn heard(raw: &Value) -> String {
    let update = read_update(&us(), raw).unwrap();
    let text = match update.content {
        InboundContent::Text { text, .. } | InboundContent::Edited { text, .. } => text,
        InboundContent::Unsupported { kind, .. } => format!("{kind:?}"),
        InboundContent::Button { .. }
        | InboundContent::DraftStopped { .. }
        | InboundContent::Reaction { .. }
        | InboundContent::Joined
        | InboundContent::Left
        | InboundContent::Moved { .. } => panic!("no text"),
    };
    format!("{:?} {text:?}", update.addressed)
}

fn heard_in_group(text: &str) -> String {
    heard(&group_message(text, &entities_of(text)))
}

fn reply(author: &Value) -> Value {
    let mut raw = group_message("yes", &json!([]));
    raw["message"]["reply_to_message"] = json!({
        "message_id": 150,
        "date": 1,
        "chat": raw["message"]["chat"],
        "from": author,
        "text": "shall I?",
    });
    raw
}

fn our_account() -> Value {
    json!({ "id": BOT, "is_bot": true, "first_name": "Bridge", "username": "bridge_bot" })
}

fn check(texts: &[&str], expected: &Expect) {
    let lines = texts
        .iter()
        .map(|text| format!("{text}\n    {}\n", heard_in_group(text)));
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn a_group_speaks_to_the_bot_by_its_name() {
    check(
        &[
            "good morning",
            "@bridge_bot, fix the build",
            "@Bridge_BOT: fix it",
            "@bridge_bot",
            "@bridge_bot!",
            "@bridge_bot .env is missing",
            "@bridge_bot @bridge_bot again",
            "@bridge_bot /stop",
            "ask @bridge_bot about it",
            "😀😀 @bridge_bot look",
            "@bridge_bot2 fix it",
            "@bridge_bo fix it",
            "@somebody, ask @bridge_bot",
        ],
        &expect![[r#"
            good morning
                ToAll "good morning"
            @bridge_bot, fix the build
                ToUs "fix the build"
            @Bridge_BOT: fix it
                ToUs "fix it"
            @bridge_bot
                ToUs ""
            @bridge_bot!
                ToUs ""
            @bridge_bot .env is missing
                ToUs ".env is missing"
            @bridge_bot @bridge_bot again
                ToUs "@bridge_bot again"
            @bridge_bot /stop
                ToUs "/stop"
            ask @bridge_bot about it
                ToUs "ask @bridge_bot about it"
            😀😀 @bridge_bot look
                ToUs "😀😀 @bridge_bot look"
            @bridge_bot2 fix it
                ToAll "@bridge_bot2 fix it"
            @bridge_bo fix it
                ToAll "@bridge_bo fix it"
            @somebody, ask @bridge_bot
                ToUs "@somebody, ask @bridge_bot"
        "#]],
    );
}

#[test]
fn a_group_speaks_to_the_bot_with_a_command_that_names_no_other() {
    check(
        &[
            "/stop",
            "/stop@bridge_bot",
            "/stop@BRIDGE_bot now",
            "/stop@bridge_bot2",
            "/stop@other_bot and @bridge_bot too",
            "please /stop",
            "please /stop@bridge_bot",
            "/1",
        ],
        &expect![[r#"
            /stop
                ToUs "/stop"
            /stop@bridge_bot
                ToUs "/stop@bridge_bot"
            /stop@BRIDGE_bot now
                ToUs "/stop@BRIDGE_bot now"
            /stop@bridge_bot2
                ToAll "/stop@bridge_bot2"
            /stop@other_bot and @bridge_bot too
                ToAll "/stop@other_bot and @bridge_bot too"
            please /stop
                ToAll "please /stop"
            please /stop@bridge_bot
                ToUs "please /stop@bridge_bot"
            /1
                ToAll "/1"
        "#]],
    );
}

#[test]
fn in_private_all_is_for_the_bot_and_stays_as_typed() {
    for text in ["hello", "@bridge_bot, hello", "/stop@other_bot"] {
        let mut raw = group_message(text, &entities_of(text));
        raw["message"]["chat"] = json!({ "id": 5001, "type": "private" });
        assert_eq!(heard(&raw), format!("ToUs {text:?}"));
    }
}

#[test]
fn a_name_without_an_at_sign_is_told_by_its_id() {
    let mention = |id: i64| {
        let user = json!({ "id": id, "is_bot": true, "first_name": "Bridge" });
        let entity = json!({ "type": "text_mention", "offset": 0, "length": 6, "user": user });
        heard(&group_message("Bridge, hello", &json!([entity])))
    };
    assert_eq!(mention(BOT), r#"ToUs "hello""#);
    assert_eq!(mention(43), r#"ToAll "Bridge, hello""#);
}

#[test]
fn an_edit_is_read_like_a_message() {
    let mut raw = group_message("", &json!([]));
    for (text, expected) in [
        ("@bridge_bot do x", r#"ToUs "do x""#),
        ("do x", r#"ToAll "do x""#),
    ] {
        let message = group_message(text, &entities_of(text))["message"].take();
        raw = json!({ "update_id": raw["update_id"], "edited_message": message });
        assert_eq!(heard(&raw), expected);
    }
}

#[test]
fn a_reply_speaks_to_whom_it_answers() {
    assert_eq!(heard(&reply(&our_account())), r#"ToUs "yes""#);
    let other = json!({ "id": 5002, "is_bot": false, "first_name": "Person B" });
    for author in [other, Value::Null, json!({}), json!("bridge_bot")] {
        assert_eq!(heard(&reply(&author)), r#"ToAll "yes""#);
    }
}

#[test]
fn the_root_of_a_topic_is_not_answered_but_a_message_in_it_is() {
    let mut raw = reply(&our_account());
    raw["message"]["message_thread_id"] = json!(150);
    let outside_topics = heard(&raw);
    raw["message"]["is_topic_message"] = json!(true);
    let to_root = heard(&raw);
    raw["message"]["message_thread_id"] = json!(140);
    let to_message = heard(&raw);
    assert_eq!(outside_topics, r#"ToUs "yes""#);
    assert_eq!(to_root, r#"ToAll "yes""#);
    assert_eq!(to_message, r#"ToUs "yes""#);
}

#[test]
fn a_command_that_was_forwarded_commands_nobody() {
    let mut raw = group_message("/stop", &entities_of("/stop"));
    raw["message"]["forward_origin"] = json!({ "type": "hidden_user" });
    assert_eq!(heard(&raw), r#"ToAll "Forwarded message:\n\n/stop""#);
}

#[test]
fn a_name_below_a_picture_counts() {
    let mut raw = group_message("", &json!([]));
    let caption = "see this @bridge_bot";
    let message = raw["message"].as_object_mut().unwrap();
    message.remove("text");
    message.insert("photo".to_owned(), json!([{ "file_id": "x" }]));
    assert_eq!(heard(&raw), r#"ToAll "Photo""#);
    raw["message"]["caption"] = json!(caption);
    raw["message"]["caption_entities"] = entities_of(caption);
    assert_eq!(heard(&raw), r#"ToUs "Photo""#);
}

#[test]
fn without_a_name_of_our_own_no_name_is_ours() {
    let nameless = BotIdentity {
        username: None,
        ..us()
    };
    for text in ["@bridge_bot hello", "/stop@bridge_bot", "/stop@"] {
        let raw = group_message(text, &entities_of(text));
        let update = read_update(&nameless, &raw).unwrap();
        assert_eq!(update.addressed, Addressed::ToAll, "{text}");
    }
}

#[test]
fn entities_that_do_not_fit_are_passed_over() {
    let text = "😀 @bridge_bot";
    let spans = [
        (json!(-1), json!(12)),
        (json!(1), json!(11)),
        (json!(3), json!(-11)),
        (json!(3), json!(12)),
        (json!(99), json!(1)),
        (json!(i64::MAX), json!(i64::MAX)),
        (json!(i64::MIN), json!(i64::MIN)),
        (json!(u64::MAX), json!(1)),
        (json!(3.5), json!("11")),
    ];
    for (offset, length) in spans {
        for kind in ["mention", "bot_command"] {
            let entity = json!({ "type": kind, "offset": offset, "length": length });
            let heard = heard(&group_message(text, &json!([entity, "junk", null, 7])));
            assert_eq!(heard, format!("ToAll {text:?}"), "{offset} {length}");
        }
    }
    let good = json!({ "type": "mention", "offset": 3, "length": 11 });
    let heard = heard(&group_message(text, &json!([{ "type": 7 }, good])));
    assert_eq!(heard, format!("ToUs {text:?}"));
}

proptest! {
    #[test]
    fn any_stretch_of_any_text_can_be_an_entity(
        text in "[@/a😀é ]{0,12}",
        kind in prop::sample::select(vec!["mention", "bot_command", "text_mention"]),
        offset in -2i64..16,
        length in -2i64..16,
    ) {
        let entity = json!({ "type": kind, "offset": offset, "length": length });
        let raw = group_message(&text, &json!([entity]));
        let told = format!("{text:?}");
        prop_assert!(heard(&raw).ends_with(&told));
    }
}
