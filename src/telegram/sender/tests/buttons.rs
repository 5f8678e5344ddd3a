//! Buttons below messages, and the way out of a group.

use bridge_actors::outbox::Button;

use super::*;

fn choice(text: &str, data: &str) -> Body {
    let button = |label: &str| Button {
        label: label.to_owned(),
        data: data.to_owned(),
    };
    Body::Choice {
        text: text.to_owned(),
        rows: vec![vec![button("Yes"), button("No")]],
    }
}

#[actix::test]
async fn a_choice_goes_out_with_its_buttons_and_without_markup() {
    let api = ScriptedApi::start().await;
    let body = choice("let *Ada* in?", "u:5001");
    let sent = perform(&api, send(body, 0, Repeat::No)).await;
    assert_eq!(sent, Ok(delivered(Some(MessageId(100)))));
    check(
        &api.calls("sendMessage"),
        &expect![[r#"
        {
          "chat_id": 5,
          "disable_notification": false,
          "link_preview_options": {
            "is_disabled": true
          },
          "reply_markup": {
            "inline_keyboard": [
              [
                {
                  "callback_data": "u:5001",
                  "text": "Yes"
                },
                {
                  "callback_data": "u:5001",
                  "text": "No"
                }
              ]
            ]
          },
          "reply_parameters": {
            "allow_sending_without_reply": true,
            "message_id": 9
          },
          "text": "let *Ada* in?"
        }
    "#]],
    );
}

#[actix::test]
async fn the_buttons_hang_on_the_last_message_of_a_long_choice() {
    let api = ScriptedApi::start().await;
    let has_buttons = |call: &Value| call.get("reply_markup").is_some();
    let first = Fit::default().halved().unwrap();
    for fit in [first, first.next_piece().unwrap()] {
        send_fitting(&api, choice("one two", "1"), fit)
            .await
            .unwrap();
    }
    let calls = api.calls("sendMessage");
    let buttons: Vec<bool> = calls.iter().map(has_buttons).collect();
    assert_eq!(buttons, [false, true]);

    let body = choice(&"word ".repeat(1500), "1");
    let sender = sender(api.telegram()).start();
    for part in 0..2 {
        let order = send(body.clone(), part, Repeat::No);
        assert_eq!(sender.send(order).await.unwrap().unwrap().parts, 2);
    }
    let calls = api.calls("sendMessage");
    assert_eq!(
        (has_buttons(&calls[2]), has_buttons(&calls[3])),
        (false, true)
    );
}

#[actix::test]
async fn data_that_telegram_would_refuse_is_not_sent() {
    let api = ScriptedApi::start().await;
    for data in ["", &"x".repeat(65)] {
        let edit = Perform::Edit {
            key: key(),
            message: MessageId(77),
            body: choice("which?", data),
            fit: Fit::default(),
        };
        for order in [send(choice("which?", data), 0, Repeat::No), edit] {
            let refused = perform(&api, order).await;
            assert!(
                matches!(refused, Err(PostError::Rejected(_))),
                "{refused:?}"
            );
        }
    }
    assert!(api.calls("sendMessage").is_empty());
    assert!(api.calls("editMessageText").is_empty());
}

#[actix::test]
async fn an_edit_sets_the_buttons_or_takes_them_away() {
    let api = ScriptedApi::start().await;
    let not_modified = "Bad Request: message is not modified: exactly the same";
    let done = Reply::Result(Value::Bool(true));
    api.reply("editMessageText", [done, Reply::Refusal(400, not_modified)]);
    for body in [
        choice("sure?", "1"),
        choice("sure?", "1"),
        Body::Plain("done".to_owned()),
    ] {
        let edit = Perform::Edit {
            key: key(),
            message: MessageId(77),
            body,
            fit: Fit::default(),
        };
        let edited = perform(&api, edit).await;
        assert_eq!(edited, Ok(delivered(Some(MessageId(77)))));
    }
    let calls = api.calls("editMessageText");
    let button = &calls[0]["reply_markup"]["inline_keyboard"][0][1];
    assert_eq!(*button, json!({ "text": "No", "callback_data": "1" }));
    assert_eq!(calls[0], calls[1]);
    assert_eq!(calls[2].get("reply_markup"), None);
}

#[actix::test]
async fn a_group_is_left_once_and_for_all() {
    let api = ScriptedApi::start().await;
    let chat = ChatId(-100_123);
    let gone = [
        Reply::Result(Value::Bool(true)),
        Reply::Refusal(400, "Bad Request: chat not found"),
        Reply::Refusal(403, "Forbidden: bot is not a member of the supergroup chat"),
        Reply::Refusal(403, "Forbidden: bot was kicked from the group chat"),
    ];
    let n_gone = gone.len();
    api.reply("leaveChat", gone);
    for _ in 0..n_gone {
        assert_eq!(
            perform(&api, Perform::Leave { chat }).await,
            Ok(delivered(None))
        );
    }
    assert_eq!(api.calls("leaveChat")[0], json!({ "chat_id": -100_123 }));
    api.reply("leaveChat", [Reply::Break]);
    let unknown = perform(&api, Perform::Leave { chat }).await;
    assert!(matches!(unknown, Err(PostError::NotDelivered(_))));
}
