//! Forwards, contacts, replies, other senders, names and forged presses, as the bot is told.

use expect_test::expect;
use playground::{ChatSender, ForwardOrigin};
use serde_json::{Value, json};

use crate::bot::{Bot, start};

const TEAM: i64 = -50;

/// Returns the last message the bot was told of.
fn message(bot: &Bot) -> Value {
    let updates = bot.ok("getUpdates", json!({ "offset": -1 }));
    updates[0]["message"].clone()
}

#[test]
fn a_forward_tells_its_origin() {
    let (playground, bot) = start();
    let origins = [
        ForwardOrigin::User {
            id: 99,
            first_name: "Ben".into(),
            username: Some("ben_b".into()),
        },
        ForwardOrigin::Hidden("Carla".into()),
        ForwardOrigin::Channel {
            id: -1_001,
            title: "News".into(),
        },
    ];
    let mut told = Vec::new();
    for origin in origins {
        playground.forward(7, 7, origin, "see this");
        let mut message = message(&bot);
        assert_eq!(
            (&message["text"], &message["from"]["id"]),
            (&json!("see this"), &json!(7))
        );
        let origin = message["forward_origin"].as_object_mut().unwrap();
        assert!(origin.remove("date").unwrap().is_i64());
        told.push(json!(origin).to_string());
    }
    expect![[r#"
        {"sender_user":{"first_name":"Ben","id":99,"is_bot":false,"username":"ben_b"},"type":"user"}
        {"sender_user_name":"Carla","type":"hidden_user"}
        {"chat":{"id":-1001,"title":"News","type":"channel"},"message_id":1,"type":"channel"}"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn a_contact_has_an_account_or_none_and_no_text() {
    let (playground, bot) = start();
    playground.send_contact(7, 7, "+4930123", "Dora", Some(55));
    let told = message(&bot);
    let contact = json!({ "phone_number": "+4930123", "first_name": "Dora", "user_id": 55 });
    assert_eq!((&told["contact"], told.get("text")), (&contact, None));
    playground.send_contact(7, 7, "+4930123", "Dora", None);
    assert_eq!(message(&bot)["contact"].get("user_id"), None);
}

#[test]
fn a_reply_carries_the_whole_message_but_not_what_that_replied_to() {
    let (playground, bot) = start();
    let first = playground.send_contact(TEAM, 8, "+49", "Dora", Some(55));
    let second = playground.reply(TEAM, 7, first.message_id, "/add@playground_bot");
    let told = message(&bot);
    assert_eq!(told["reply_to_message"]["contact"]["user_id"], 55);
    assert_eq!(told["reply_to_message"]["from"]["first_name"], "Guest");
    playground.reply(TEAM, 8, second.message_id, "ok");
    let told = message(&bot);
    assert_eq!(told["reply_to_message"]["text"], "/add@playground_bot");
    assert_eq!(told["reply_to_message"].get("reply_to_message"), None);
    let hidden = ForwardOrigin::Hidden("Carla".into());
    let forward = playground.forward(TEAM, 8, hidden, "see this");
    playground.reply(TEAM, 7, forward.message_id, "who?");
    let origin = &message(&bot)["reply_to_message"]["forward_origin"];
    assert_eq!(origin["sender_user_name"], "Carla");
}

#[test]
fn chats_and_bots_that_write_are_told_as_bots() {
    let (playground, bot) = start();
    playground.group(TEAM, "Team", &[7]);
    playground.say_as_chat(TEAM, ChatSender::AnonymousAdmin, "/new");
    let told = message(&bot);
    assert_eq!(
        (&told["from"]["id"], &told["from"]["is_bot"]),
        (&json!(1_087_968_824), &json!(true))
    );
    assert_eq!(told["from"]["username"], "GroupAnonymousBot");
    assert_eq!(told["sender_chat"], told["chat"]);
    let channel = ChatSender::Channel {
        id: -1_001,
        title: "News".into(),
    };
    playground.say_as_chat(TEAM, channel, "hello");
    let told = message(&bot);
    assert_eq!(
        (&told["from"]["id"], &told["from"]["username"]),
        (&json!(136_817_688), &json!("Channel_Bot"))
    );
    assert_eq!(told["sender_chat"]["type"], "channel");
    playground.say_as_bot(TEAM, 900, "beep");
    let told = message(&bot);
    assert_eq!(
        (&told["from"]["id"], &told["from"]["is_bot"]),
        (&json!(900), &json!(true))
    );
    let refused = bot.refused("sendMessage", json!({ "chat_id": 900, "text": "beep" }));
    assert_eq!(refused, "400 Bad Request: chat not found");
}

#[test]
fn names_and_language_are_told_from_the_next_message_on() {
    let (playground, bot) = start();
    playground.set_username(7, Some("the_owner"));
    playground.set_first_name(7, "Anna");
    playground.set_language(7, "de");
    playground.say(7, "hi");
    let told = message(&bot);
    let expected = json!({
        "id": 7, "is_bot": false, "first_name": "Anna", "username": "the_owner", "language_code": "de",
    });
    assert_eq!(told["from"], expected);
    assert_eq!(told["chat"]["username"], "the_owner");
    playground.set_username(7, None);
    playground.say_in(TEAM, 7, "hi");
    assert_eq!(message(&bot)["from"].get("username"), None);
}

#[test]
fn what_people_write_has_commands_and_mentions_marked() {
    let (playground, bot) = start();
    let said = playground.say(7, "🎉 /add @anna_b");
    let expected = json!([
        { "type": "bot_command", "offset": 3, "length": 4 },
        { "type": "mention", "offset": 8, "length": 7 },
    ]);
    assert_eq!(message(&bot)["entities"], expected);
    playground.edit(said, "@anna_b");
    let edited = &bot.ok("getUpdates", json!({ "offset": -1 }))[0]["edited_message"];
    assert_eq!(
        edited["entities"],
        json!([{ "type": "mention", "offset": 0, "length": 7 }])
    );
}

#[test]
fn a_forged_press_needs_no_button_message_or_person() {
    let (playground, bot) = start();
    let sent = bot.ok("sendMessage", json!({ "chat_id": 7, "text": "may I?" }));
    let id = sent["message_id"].as_i64().unwrap();
    playground.press_as(666, 7, id, "allow everything");
    let told = &bot.ok("getUpdates", json!({ "offset": -1 }))[0]["callback_query"];
    assert_eq!(
        (&told["from"]["id"], &told["data"]),
        (&json!(666), &json!("allow everything"))
    );
    assert_eq!(told["message"]["text"], "may I?");
    let press = playground.press_as(666, -31, 5, "x");
    let told = &bot.ok("getUpdates", json!({ "offset": -1 }))[0]["callback_query"];
    let gone = json!({ "chat": { "id": -31, "type": "group" }, "message_id": 5, "date": 0 });
    assert_eq!(told["message"], gone);
    bot.ok(
        "answerCallbackQuery",
        json!({ "callback_query_id": press.query_id }),
    );
}
