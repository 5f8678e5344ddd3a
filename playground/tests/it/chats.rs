//! Messages, edits, presses, drafts, reactions and commands.

use expect_test::expect;
use serde_json::json;

use crate::bot::start;

#[test]
fn an_edit_must_change_something_that_exists() {
    let (playground, bot) = start();
    let sent = bot.ok("sendMessage", json!({ "chat_id": 7, "text": "one" }));
    let id = &sent["message_id"];
    let edited = json!({ "chat_id": 7, "message_id": id, "text": "two" });
    bot.ok("editMessageText", edited.clone());
    let outcomes = [
        bot.refused("editMessageText", edited),
        bot.refused(
            "editMessageText",
            json!({ "chat_id": 7, "message_id": 999, "text": "a" }),
        ),
        bot.refused("sendMessage", json!({ "chat_id": 555, "text": "a" })),
        bot.refused("deleteMessage", json!({ "chat_id": 7, "message_id": 999 })),
    ];
    expect![[r#"
        400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message
        400 Bad Request: message to edit not found
        400 Bad Request: chat not found
        400 Bad Request: message to delete not found"#]].assert_eq(&outcomes.join("\n"));
    bot.ok("deleteMessage", json!({ "chat_id": 7, "message_id": id }));
    let [post] = &playground.chat(7)[..] else {
        panic!("one post")
    };
    assert_eq!(
        (post.text.as_str(), post.edits, post.deleted),
        ("two", 1, true)
    );
    assert_eq!(post.earlier_texts, ["one"]);
    assert_eq!(
        playground.violations(),
        [],
        "what the state refuses is no violation"
    );
}

#[test]
fn a_press_is_answered_once() {
    let (playground, bot) = start();
    let keyboard = json!({ "inline_keyboard": [[{ "text": "Allow", "callback_data": "y" }]] });
    let message = json!({ "chat_id": 7, "text": "may I?", "reply_markup": keyboard });
    let id = bot.ok("sendMessage", message)["message_id"]
        .as_i64()
        .unwrap();
    let press = playground.press(7, 7, id, "Allow").unwrap();
    let query = &bot.ok("getUpdates", json!({}))[0]["callback_query"];
    assert_eq!(query["data"], "y");
    assert_eq!(query["message"]["text"], "may I?");
    let answer = json!({ "callback_query_id": query["id"], "text": "done" });
    bot.ok("answerCallbackQuery", answer.clone());
    let again = bot.refused("answerCallbackQuery", answer);
    let too_old = "query is too old and response timeout expired or query ID is invalid";
    assert_eq!(again, format!("400 Bad Request: {too_old}"));
    let text = playground.look(|view| view.press_answer(&press.query_id).map(str::to_owned));
    assert_eq!(text.as_deref(), Some("done"));
    bot.ok(
        "editMessageReplyMarkup",
        json!({ "chat_id": 7, "message_id": id }),
    );
    assert!(playground.press(7, 7, id, "Allow").is_err());
}

#[test]
fn a_draft_is_seen_until_the_message_comes_or_the_person_stops_it() {
    let (playground, bot) = start();
    let draft = json!({ "chat_id": 7, "draft_id": 5, "text": "so f", "can_stop": true });
    bot.ok("sendMessageDraft", draft.clone());
    assert_eq!(
        playground.look(|view| view.draft(7).unwrap().text.clone()),
        "so f"
    );
    bot.ok("sendMessage", json!({ "chat_id": 7, "text": "so far" }));
    assert!(playground.look(|view| view.draft(7).is_none()));
    let draft = json!({ "chat_id": 7, "draft_id": 6, "text": "so f", "can_stop": true });
    bot.ok("sendMessageDraft", draft);
    playground.stop_draft(7).unwrap();
    let stopped = &bot.ok("getUpdates", json!({}))[0]["stopped_message_generation"];
    assert_eq!(stopped["draft_id"], 6);
    assert_eq!(stopped["chat"]["type"], "private");
    assert!(playground.look(|view| view.draft(7).is_none()));
    assert_eq!(playground.violations(), []);
}

#[test]
fn what_is_kept_on_stop_stays_without_the_button_until_the_message() {
    let (playground, bot) = start();
    let draft = |can_stop: bool| {
        json!({
            "chat_id": 7, "message_thread_id": 3, "draft_id": 5, "text": "so f",
            "can_stop": can_stop, "keep_on_stop": true,
        })
    };
    bot.ok("sendMessageDraft", draft(false));
    assert_eq!(playground.stop_draft(7), None, "it has no button");
    bot.ok("sendMessageDraft", draft(true));
    playground.stop_draft(7).unwrap();
    assert_eq!(playground.stop_draft(7), None, "it was pressed");
    let stopped = &bot.ok("getUpdates", json!({}))[0]["stopped_message_generation"];
    assert_eq!(stopped["message_thread_id"], 3);
    let shown = playground.look(|view| view.draft(7).cloned().unwrap());
    assert_eq!((shown.text.as_str(), shown.can_stop), ("so f", false));
    bot.ok("sendMessage", json!({ "chat_id": 7, "text": "stopped" }));
    assert!(playground.look(|view| view.draft(7).is_none()));
}

#[test]
fn what_a_correct_bot_never_does_with_drafts_is_a_violation() {
    let (playground, bot) = start();
    playground.group(-5, "Team", &[7]);
    let draft =
        |chat: i64, id: i64, text: &str| json!({ "chat_id": chat, "draft_id": id, "text": text });
    let said = |text: &str| json!({ "chat_id": 7, "text": text });
    bot.ok("sendMessageDraft", draft(7, 5, ""));
    bot.ok("sendMessage", said("may I?"));
    bot.ok("sendMessageDraft", draft(7, 5, "so f"));
    bot.ok("sendMessage", said("so far so good"));
    // It shows the beginning of its message again, or what it had shown before.
    bot.refused("sendMessageDraft", draft(7, 5, "so far"));
    bot.refused("sendMessageDraft", draft(7, 5, "something else"));
    bot.ok("sendMessageDraft", draft(7, 6, "so f"));
    bot.refused("sendMessageDraft", draft(-5, 7, "words"));
    bot.refused("sendMessageDraft", draft(7, 0, "words"));
    bot.refused("sendMessageDraft", draft(7, 8, &"a".repeat(4097)));
    let violations = playground.violations();
    let told: Vec<_> = violations
        .iter()
        .map(|it| it.description.as_str())
        .collect();
    expect![[r#"
        Bad Request: draft 5 shows what its message has said already
        Bad Request: draft 5 shows what its message has said already
        Bad Request: drafts can be sent to private chats only
        Bad Request: draft_id must be non-zero
        Bad Request: message is too long"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn reactions_need_a_message_and_show_on_it() {
    let (playground, bot) = start();
    let said = playground.say(7, "hi");
    let react = |id: i64| json!({ "chat_id": 7, "message_id": id, "reaction": [{ "type": "emoji", "emoji": "👀" }] });
    bot.ok("setMessageReaction", react(said.message_id));
    assert_eq!(playground.chat(7)[0].reactions, ["👀"]);
    let refused = bot.refused("setMessageReaction", react(999));
    assert_eq!(refused, "400 Bad Request: message to react not found");
}

#[test]
fn the_narrowest_command_scope_is_the_menu() {
    let (playground, bot) = start();
    let commands = |name: &str| json!([{ "command": name, "description": "d" }]);
    bot.ok("setMyCommands", json!({ "commands": commands("wide") }));
    let scope = json!({ "type": "chat", "chat_id": 7 });
    bot.ok(
        "setMyCommands",
        json!({ "commands": commands("narrow"), "scope": scope }),
    );
    assert_eq!(playground.commands(7)[0].0, "narrow");
    assert_eq!(playground.commands(8)[0].0, "wide");
    bot.ok("deleteMyCommands", json!({ "scope": scope }));
    assert_eq!(playground.commands(7)[0].0, "wide");
}

#[test]
fn a_group_that_was_left_is_closed() {
    let (playground, bot) = start();
    playground.group(-50, "Team", &[7, 8]);
    playground.say_in(-50, 8, "/ask@playground_bot hi");
    let message = bot.ok("getUpdates", json!({}))[0]["message"].clone();
    assert_eq!(
        (&message["chat"]["title"], &message["from"]["id"]),
        (&json!("Team"), &json!(8))
    );
    bot.ok("leaveChat", json!({ "chat_id": -50 }));
    let refused = bot.refused("sendMessage", json!({ "chat_id": -50, "text": "bye" }));
    assert_eq!(
        refused,
        "403 Forbidden: bot is not a member of the group chat"
    );
}

#[test]
fn a_call_that_breaks_the_schema_is_refused_and_remembered() {
    let (playground, bot) = start();
    let outcomes = [
        bot.refused(
            "sendMessage",
            json!({ "chat_id": 7, "text": "a", "colour": "red" }),
        ),
        bot.refused("sendMessage", json!({ "chat_id": 7 })),
        bot.refused("sendMessage", json!({ "chat_id": 7, "text": 5 })),
        bot.refused("sendMesage", json!({ "chat_id": 7 })),
        bot.refused("sendDice", json!({ "chat_id": 7 })),
    ];
    expect![[r#"
        400 Bad Request: unknown parameter "colour" in sendMessage
        400 Bad Request: message text is empty
        400 Bad Request: text: expected String, got 5
        404 Not Found: method not found
        400 playground: method not simulated: sendDice was checked"#]]
    .assert_eq(&outcomes.join("\n"));
    let violations = playground.violations();
    let methods: Vec<&str> = violations.iter().map(|v| v.method.as_str()).collect();
    assert_eq!(
        methods,
        ["sendMessage", "sendMessage", "sendMessage", "sendMesage"]
    );
}

#[test]
fn the_record_keeps_the_last_calls_only() {
    let options = playground::Options {
        recorded_calls: 3,
        ..playground::Options::default()
    };
    let playground = playground::Playground::start(options).unwrap();
    let bot = crate::bot::Bot::of(&playground);
    for _ in 0..5 {
        bot.ok("getMe", json!({}));
    }
    assert_eq!(playground.calls().len(), 3);
}

#[test]
fn a_wait_in_vain_tells_what_did_happen() {
    let (playground, bot) = start();
    bot.ok(
        "sendMessage",
        json!({ "chat_id": 7, "text": "something else" }),
    );
    let limit = std::time::Duration::from_millis(20);
    let vain = playground.wait_until(limit, |view| {
        view.bot_posts(7)
            .find(|post| post.text == "wanted")
            .map(|post| post.message_id)
    });
    expect![[r#"
        not seen within 20ms; transcript:
        chat 7:
          #1 bot: "something else"
        last calls:
          sendMessage {"chat_id":7,"text":"something else"} -> 200
    "#]]
    .assert_eq(&vain.unwrap_err().to_string());
}
