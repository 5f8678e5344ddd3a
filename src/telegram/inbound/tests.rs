//! Recorded shapes of updates, and what they say.

mod addressing;
mod context;
mod described;
mod goes_on;
mod origin;
mod pointing;
mod reaction;
mod standing;
mod unknown;

use std::fs;
use std::path::Path;

use bridge_actors::router::Pointing;
use expect_test::expect;
use proptest::prelude::*;
use serde_json::json;

use super::*;

const BOT: i64 = 42;

fn us() -> BotIdentity {
    BotIdentity {
        id: BOT,
        username: Some("bridge_bot".to_owned()),
        can_read_all_group_messages: true,
    }
}

fn fixture(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/telegram");
    serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
}

fn told(raw: &Value) -> String {
    match read_update(&us(), raw) {
        Err(reason) => format!("ignored: {reason}"),
        Ok(update) => {
            let sender = match &update.sender {
                Sender::Person(person) => format!("{} {}", person.user, person.first_name),
                Sender::Anonymous => "anonymous".to_owned(),
                Sender::Nobody => "nobody".to_owned(),
            };
            let content = match &update.content {
                InboundContent::Text { text, context, .. } if !context.is_empty() => {
                    format!("text {text:?}, in reply")
                }
                InboundContent::Text {
                    text,
                    markdown,
                    files,
                    ..
                } => {
                    let files: String = files.iter().map(|file| format!("{file:?} ")).collect();
                    match text == markdown {
                        true => format!("{files}text {text:?}"),
                        false => format!("{files}text {text:?}, to Claude {markdown:?}"),
                    }
                }
                InboundContent::Edited { markdown, .. } => format!("edited {markdown:?}"),
                InboundContent::Unsupported { kind, .. } => format!("unsupported {kind:?}"),
                InboundContent::Button { message, data, .. } => {
                    format!("button {data:?} on {message:?}")
                }
                InboundContent::DraftStopped { draft, .. } => format!("stopped draft {}", draft.0),
                InboundContent::Reaction {
                    message, up, down, ..
                } => format!("thinks of {}: up {up:?}, down {down:?}", message.0),
                InboundContent::Joined => "joined".to_owned(),
                InboundContent::Left => "left".to_owned(),
                InboundContent::Moved { from, to } => format!("moved from {from} to {to}"),
            };
            format!("{:?} {}, {sender}: {content}", update.chat_kind, update.key)
        }
    }
}

fn all_fixtures() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/telegram");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let lines = names.iter();
    lines
        .map(|name| format!("{name}\n    {}\n", told(&fixture(name))))
        .collect()
}

#[test]
fn every_fixture_says_what_it_is() {
    expect![[r#"
        animation.json
            Private 5001, 5001 Person A: unsupported Animation
        anonymous_admin.json
            Group -1001234567890, anonymous: text "/users"
        blocked_by_person.json
            ignored: a change of the bot's standing in a chat that is no group
        button.json
            Private 5001, 5001 Person A: button "a:1" on Some(MessageId(11))
        button_of_inline_message.json
            ignored: a button that is not one of ours
        button_on_old_message.json
            Private 5001, 5001 Person A: button "a:1" on Some(MessageId(3))
        channel_post.json
            ignored: updates of the kind "channel_post" are not worked on
        command.json
            Private 5001, 5001 Person A: text "/status"
        edited_caption.json
            Private 5001, 5001 Person A: edited "x"
        edited_text.json
            Private 5001, 5001 Person A: edited "fix the build please"
        forwarded_command.json
            Private 5001, 5001 Person A: text "Forwarded message from x, who hides their account:\n\n/add_user 666"
        general_topic_text.json
            Group -1001234567890, 5001 Person A: text "in general"
        in_the_name_of_a_channel.json
            Group -1001234567890, nobody: text "hello"
        joined.json
            ignored: a message about the chat itself
        message_without_chat.json
            ignored: malformed: missing field `chat`
        other_bot.json
            Group -1001234567890, nobody: text "hello"
        photo_with_caption.json
            Private 5001, 5001 Person A: SentFile { message: MessageId(11), of: Message, kind: Photo, file: FileId("a"), unique: "b", name: None, media_type: None, bytes: None, album: None, length: None, speech: Unheard } text "what is this?"
        reply_with_quote.json
            Private 5001, 5001 Person A: text "why this one?", in reply
        rich_message.json
            Private 5001, 5001 Person A: unsupported RichMessage
        stopped_generation.json
            Private 5001, 5001 Person A: stopped draft 7
        text.json
            Private 5001, 5001 Person A: text "fix the build"
        text_external_reply.json
            Private 5001, 5001 Person A: text "what about this?", in reply
        text_unknown_entities.json
            Private 5001, 5001 Person A: text "meet on 3 March, see [1]", to Claude "meet on 3 March, see (no-scheme) [1]"
        thread_without_topics.json
            Group -1001234567890, 5001 Person A: text "a reply"
        topic_text.json
            Group -1001234567890/77, 5001 Person A: text "in a topic"
        voice.json
            Private 5001, 5001 Person A: SentFile { message: MessageId(11), of: Message, kind: Voice, file: FileId("a"), unique: "b", name: None, media_type: None, bytes: None, album: None, length: Some(3s), speech: Unheard } text ""
    "#]]
    .assert_eq(&all_fixtures());
}

#[test]
fn a_prompt_has_the_same_id_in_every_run() {
    assert_eq!(
        prompt_id(BOT, UpdateId(900_000_001)).0,
        "61a487bb-c564-525a-b32f-05082c6ecd80"
    );
    assert_ne!(prompt_id(BOT, UpdateId(1)), prompt_id(BOT, UpdateId(2)));
    assert_ne!(prompt_id(BOT, UpdateId(1)), prompt_id(43, UpdateId(1)));
}

#[test]
fn words_of_others_never_begin_with_a_slash() {
    for origin in ["forward_origin", "via_bot"] {
        let mut raw = fixture("text.json");
        raw["message"]["text"] = json!("/add_user 666");
        raw["message"][origin] = json!({});
        let Ok(Inbound {
            content: InboundContent::Text { text, .. },
            ..
        }) = read_update(&us(), &raw)
        else {
            panic!("{origin} cost the text");
        };
        assert!(!text.trim_start().starts_with('/'), "{text:?}");
    }
}

#[test]
fn a_command_that_replies_with_a_quote_stays_a_command() {
    let mut raw = fixture("reply_with_quote.json");
    raw["message"]["text"] = json!("/stop");
    assert!(told(&raw).contains(r#"text "/stop""#));
}

#[test]
fn a_command_with_another_slash_that_replies_with_a_quote_stays_a_command() {
    let mut raw = fixture("reply_with_quote.json");
    raw["message"]["text"] = json!("／stop");
    assert!(told(&raw).contains(r#"text "／stop""#));
}

#[test]
fn words_below_a_picture_are_read_as_a_text_is() {
    let caption = |raw: &Value| {
        let content = read_update(&us(), raw).unwrap().content;
        let (InboundContent::Unsupported {
            caption: Some(Caption { text, .. }),
            ..
        }
        | InboundContent::Text { text, .. }) = content
        else {
            panic!("{content:?}");
        };
        text
    };
    let mut raw = fixture("photo_with_caption.json");
    raw["message"]["caption"] = json!("/stop");
    assert_eq!(caption(&raw), "/stop");
    raw["message"]["forward_origin"] = json!({});
    assert!(!caption(&raw).starts_with('/'));
}

#[test]
fn what_does_not_say_that_it_is_a_person_is_nobody() {
    for from in [json!({ "id": 7 }), json!({}), json!("x"), Value::Null] {
        let mut raw = fixture("text.json");
        raw["message"]["from"] = from;
        assert!(told(&raw).contains("nobody: text"), "{}", told(&raw));
    }
}

#[test]
fn the_stop_of_a_draft_comes_from_the_person_of_its_chat() {
    let raw = fixture("stopped_generation.json");
    let stopped = read_update(&us(), &raw).unwrap();
    let Sender::Person(person) = &stopped.sender else {
        panic!("{:?}", stopped.sender)
    };
    assert_eq!(person.user, UserId(5001));
    assert_eq!(person.username.as_deref(), Some("person_a"));
    let expected = InboundContent::DraftStopped {
        draft: DraftId(7),
        prompt: prompt_id(BOT, UpdateId(900_000_025)),
    };
    assert_eq!(stopped.content, expected);
    let with = |name: &str, value: Value| {
        let mut raw = raw.clone();
        raw["stopped_message_generation"][name] = value;
        told(&raw)
    };
    let in_topic = with("message_thread_id", json!(3));
    assert!(in_topic.starts_with("Private 5001/3,"), "{in_topic}");
    let group = json!({ "id": -5, "type": "group", "title": "Team" });
    assert!(with("chat", group).starts_with("ignored: a draft outside"));
    assert!(with("draft_id", json!("7")).starts_with("ignored: malformed"));
    let nameless = json!({ "id": 5001, "type": "private", "first_name": null });
    assert!(with("chat", nameless).ends_with("stopped draft 7"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z/@ ]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let names = prop::sample::select(vec![
            "update_id",
            "message",
            "edited_message",
            "callback_query",
            "stopped_message_generation",
            "draft_id",
            "message_id",
            "chat",
            "id",
            "type",
            "from",
            "text",
            "quote",
            "reply_to_message",
            "entities",
            "data",
            "photo",
            "offset",
            "length",
            "caption",
            "contact",
            "user_id",
            "forward_origin",
            "sender_user",
            "my_chat_member",
            "old_chat_member",
            "new_chat_member",
            "status",
            "migrate_to_chat_id",
            "message_thread_id",
            "is_topic_message",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names, inner), 0..6).prop_map(|fields| {
                let fields = fields.into_iter();
                Value::Object(
                    fields
                        .map(|(name, value)| (name.to_owned(), value))
                        .collect(),
                )
            }),
        ]
    })
}

proptest! {
    #[test]
    fn arbitrary_json_never_panics(raw in any_json()) {
        drop(read_update(&us(), &raw));
        prop_assert_eq!(update_id(&raw).is_some(), raw["update_id"].is_i64());
    }

    #[test]
    fn arbitrary_parts_of_a_message_never_panic(
        entities in any_json(), replied in any_json(), origin in any_json(), contact in any_json(),
    ) {
        let mut raw = fixture("topic_text.json");
        raw["message"]["entities"] = json!([entities]);
        raw["message"]["reply_to_message"] = replied;
        drop(read_update(&us(), &raw));
        raw["message"]["reply_to_message"] =
            json!({ "message_id": 1, "forward_origin": origin, "contact": contact });
        drop(read_update(&us(), &raw));
    }

    #[test]
    fn nothing_beside_the_text_can_cost_the_text(
        field in prop::sample::select(vec![
            "entities", "external_reply", "reply_to_message", "quote", "link_preview_options",
            "from", "something_new", "reply_markup", "effect_id", "reply_to_story", "caption",
            "caption_entities", "migrate_to_chat_id", "migrate_from_chat_id", "sender_chat",
        ]),
        value in any_json(),
    ) {
        let mut raw = fixture("text.json");
        raw["message"][field] = value;
        let is_text = matches!(
            read_update(&us(), &raw),
            Ok(Inbound { content: InboundContent::Text { .. }, .. })
        );
        prop_assert!(is_text);
    }
}

#[test]
fn the_name_of_the_bot_goes_and_what_stands_behind_it_is_marked() {
    let mut raw = fixture("topic_text.json");
    raw["message"]["text"] = json!("@bridge_bot, see docs and ls");
    raw["message"]["entities"] = json!([
        { "type": "mention", "offset": 0, "length": 11 },
        { "type": "text_link", "offset": 0, "length": 11, "url": "https://t.me/bridge_bot" },
        { "type": "text_link", "offset": 17, "length": 4, "url": "https://example.com" },
        { "type": "code", "offset": 26, "length": 2 },
    ]);
    let said = r#"text "see docs and ls", to Claude "see docs (https://example.com) and `ls`""#;
    assert!(told(&raw).ends_with(said), "{}", told(&raw));
    raw["edited_message"] = raw["message"].take();
    let said = r#"edited "see docs (https://example.com) and `ls`""#;
    assert!(told(&raw).ends_with(said), "{}", told(&raw));
}
