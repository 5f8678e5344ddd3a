//! Chats read as plain text, with the buttons as they stand.

use expect_test::expect;
use playground::{ForwardOrigin, Upload};
use serde_json::json;

use crate::bot::start;

const TEAM: i64 = -50;

#[test]
fn buttons_are_kept_checked_and_gone_after_a_plain_edit() {
    let (playground, bot) = start();
    playground.group(TEAM, "Team", &[7]);
    let key = |data: &str| json!({ "text": "Approve", "callback_data": data });
    let keyboard = |data: &str| json!({ "inline_keyboard": [[key(data)]] });
    let send =
        |data: &str| json!({ "chat_id": TEAM, "text": "may I?", "reply_markup": keyboard(data) });
    let sent = bot.ok("sendMessage", send(&"x".repeat(64)));
    let id = sent["message_id"].as_i64().unwrap();
    assert_eq!(sent["reply_markup"], keyboard(&"x".repeat(64)));
    assert_eq!(
        playground.buttons_of(TEAM, id),
        [("Approve".to_owned(), "x".repeat(64))]
    );
    let refused = "400 Bad Request: BUTTON_DATA_INVALID";
    for data in ["", &"x".repeat(65), &"ü".repeat(33)] {
        assert_eq!(bot.refused("sendMessage", send(data)), refused);
    }
    let edit = json!({ "chat_id": TEAM, "message_id": id, "text": "approved" });
    assert_eq!(bot.ok("editMessageText", edit).get("reply_markup"), None);
    assert_eq!(playground.buttons_of(TEAM, id), []);
    assert_eq!(playground.text_of(TEAM, id).as_deref(), Some("approved"));
    assert_eq!(playground.text_of(TEAM, 999), None);
}

#[test]
fn a_transcript_reads_like_the_chat() {
    let (playground, bot) = start();
    playground.set_first_name(8, "Anna");
    playground.create_group(TEAM, "Team", &[7, 8]);
    playground.add_bot(TEAM, 7);
    let said = playground.say_in(TEAM, 8, "let me in");
    playground.edit(said, "please let me in");
    let keys = json!([[
        { "text": "Approve", "callback_data": "y" },
        { "text": "Deny", "callback_data": "n" },
    ]]);
    let ask = json!({ "chat_id": 7, "text": "Anna?", "reply_markup": { "inline_keyboard": keys } });
    bot.ok("sendMessage", ask);
    playground.forward(7, 7, ForwardOrigin::Hidden("Ben".into()), "him too");
    playground.send_contact(7, 7, "+4930", "Carla", Some(5));
    playground.send_file(7, Upload::document("a.txt", "text/plain", *b"a"));
    let sent = bot.ok("sendMessage", json!({ "chat_id": 7, "text": "oops" }));
    bot.ok(
        "deleteMessage",
        json!({ "chat_id": 7, "message_id": sent["message_id"] }),
    );
    bot.ok("leaveChat", json!({ "chat_id": TEAM }));
    expect![[r#"
        == Team ==
        * Owner added the bot
        Anna: please let me in (edited)
        * bot left

        == Owner ==
        bot: Anna? [Approve] [Deny]
        Owner: (forwarded from Ben) him too
        Owner: (contact Carla +4930)
        Owner: (file a.txt)
    "#]]
    .assert_eq(&playground.transcript_of(&[TEAM, 7]));
    assert!(playground.transcript_of(&[7]).starts_with("bot: Anna?"));
}
