//! The sender against a scripted Bot API.

mod buttons;
mod drafts;
mod files;

use std::io::{Read as _, Seek as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use bridge_actors::ids::{CallbackId, TopicId};
use bridge_actors::outbox::Sign;
use expect_test::{Expect, expect};
use serde_json::json;

use super::super::scripted_api::{Reply, ScriptedApi, TOKEN, connect};
use super::*;

fn key() -> SessionKey {
    SessionKey::of_chat(ChatId(5))
}

fn send(body: Body, part: usize, repeat: Repeat) -> Perform {
    Perform::Send {
        key: key(),
        body,
        part,
        fit: Fit::default(),
        reply_to: Some(MessageId(9)).filter(|_| part == 0),
        sound: Sound::Ring,
        repeat,
    }
}

fn plain(text: &str) -> Perform {
    send(Body::Plain(text.to_owned()), 0, Repeat::No)
}

fn edit_to(text: &str) -> Perform {
    Perform::Edit {
        key: key(),
        message: MessageId(77),
        body: Body::Plain(text.to_owned()),
        fit: Fit::default(),
    }
}

/// Returns a sender for which the copy of every file holds its own name.
fn sender(telegram: Telegram) -> Sender {
    let open = |copy: &str| {
        if copy == "gone" {
            return Err(std::io::Error::from(std::io::ErrorKind::NotFound));
        }
        let mut file = tempfile::tempfile()?;
        file.write_all(copy.as_bytes())?;
        file.rewind()?;
        Ok(file)
    };
    Sender::new(telegram, Arc::new(open))
}

async fn perform(api: &ScriptedApi, order: Perform) -> Result<Delivered, PostError> {
    let sender = sender(api.telegram()).start();
    sender.send(order).await.unwrap()
}

fn texts(calls: &[Value]) -> Vec<&str> {
    let texts = calls.iter().map(|call| call["text"].as_str());
    texts.map(Option::unwrap).collect()
}

fn check(calls: &[Value], expected: &Expect) {
    let lines: Vec<String> = calls.iter().map(|call| format!("{call:#}\n")).collect();
    expected.assert_eq(&lines.concat());
}

#[actix::test]
async fn a_text_goes_out_with_exactly_these_parameters() {
    let api = ScriptedApi::start().await;
    let sent = perform(&api, plain("hello")).await;
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
          "reply_parameters": {
            "allow_sending_without_reply": true,
            "message_id": 9
          },
          "text": "hello"
        }
    "#]],
    );
}

#[actix::test]
async fn a_topic_and_silence_reach_telegram() {
    let api = ScriptedApi::start().await;
    let order = Perform::Send {
        key: SessionKey {
            chat: ChatId(-100),
            topic: Some(TopicId(3)),
        },
        body: Body::Plain("hello".to_owned()),
        part: 0,
        fit: Fit::default(),
        reply_to: None,
        sound: Sound::Silent,
        repeat: Repeat::No,
    };
    perform(&api, order).await.unwrap();
    let call = api.calls("sendMessage").remove(0);
    assert_eq!(call["message_thread_id"], 3);
    assert_eq!(call["disable_notification"], true);
    assert_eq!(call.get("reply_parameters"), None);
}

#[actix::test]
async fn a_long_text_goes_part_by_part_and_only_the_first_replies() {
    let api = ScriptedApi::start().await;
    let sender = sender(api.telegram()).start();
    let body = Body::Plain("word ".repeat(2000));
    let first = sender.send(send(body.clone(), 0, Repeat::No)).await;
    let parts = first.unwrap().unwrap().parts;
    assert!(parts >= 3);
    for part in 1..parts {
        let order = send(body.clone(), part, Repeat::No);
        assert_eq!(sender.send(order).await.unwrap().unwrap().parts, parts);
    }
    let calls = api.calls("sendMessage");
    assert_eq!(calls.len(), parts);
    let replies: Vec<bool> = calls
        .iter()
        .map(|call| call.get("reply_parameters").is_some())
        .collect();
    assert!(replies[0] && replies[1..].iter().all(|replies| !replies));
    let beyond = sender.send(send(body, parts, Repeat::No)).await.unwrap();
    assert!(matches!(beyond, Err(PostError::Rejected(_))));
}

/// Sends a body as the outbox does: what Telegram does not take as it is goes out as it may be.
async fn send_fitting(api: &ScriptedApi, body: Body, fit: Fit) -> Performed {
    let mut order = send(body, 0, Repeat::No);
    if let Perform::Send { fit: whole, .. } = &mut order {
        *whole = fit;
    }
    perform(api, order).await
}

#[actix::test]
async fn refused_entities_are_told_and_the_same_text_goes_without_them() {
    let api = ScriptedApi::start().await;
    let refusal = Reply::Refusal(400, "Bad Request: can't parse entities: bad offset");
    api.reply("sendMessage", [refusal]);
    let body = Body::Markdown("**bold**".to_owned());
    let sent = send_fitting(&api, body.clone(), Fit::default()).await;
    assert!(matches!(sent, Err(PostError::MarkupRefused(_))), "{sent:?}");
    let bare = Fit::default().without_markup().unwrap();
    let sent = send_fitting(&api, body, bare).await;
    assert_eq!(sent, Ok(delivered(Some(MessageId(100)))));
    let calls = api.calls("sendMessage");
    assert_eq!(calls.len(), 2);
    assert!(calls[0].get("entities").is_some());
    assert!(calls[1].get("entities").is_none());
    assert_eq!(calls[0]["text"], calls[1]["text"]);
}

#[actix::test]
async fn a_text_refused_as_too_long_is_told_and_goes_in_halves() {
    let api = ScriptedApi::start().await;
    let refusal = Reply::Refusal(400, "Bad Request: message is too long");
    api.reply("sendMessage", [refusal]);
    let body = Body::Plain("one two three four".to_owned());
    let sent = send_fitting(&api, body.clone(), Fit::default()).await;
    assert!(matches!(sent, Err(PostError::TooLong(_))), "{sent:?}");
    let first = Fit::default().halved().unwrap();
    for fit in [first, first.next_piece().unwrap()] {
        send_fitting(&api, body.clone(), fit).await.unwrap();
    }
    assert_eq!(
        texts(&api.calls("sendMessage")),
        ["one two three four", "one two ", "three four"]
    );
    let nothing = send_fitting(&api, Body::Plain("x".to_owned()), first).await;
    assert!(matches!(nothing, Err(PostError::Rejected(_))));
}

#[actix::test]
async fn an_edit_is_one_call_and_shows_the_beginning_of_what_is_too_long() {
    let api = ScriptedApi::start().await;
    let refusal = Reply::Refusal(400, "Bad Request: message is too long");
    api.reply("editMessageText", [refusal]);
    let edited = perform(&api, edit_to("one two three four")).await;
    assert!(matches!(edited, Err(PostError::TooLong(_))), "{edited:?}");
    let mut order = edit_to("one two three four");
    if let Perform::Edit { fit, .. } = &mut order {
        *fit = fit.halved().unwrap();
    }
    perform(&api, order).await.unwrap();
    assert_eq!(
        texts(&api.calls("editMessageText")),
        ["one two three four", "one two "]
    );
}

#[actix::test]
async fn a_possible_repeat_is_marked() {
    let api = ScriptedApi::start().await;
    let body = Body::Plain("hello".to_owned());
    perform(&api, send(body, 0, Repeat::Possible))
        .await
        .unwrap();
    assert_eq!(texts(&api.calls("sendMessage")), ["↻ hello"]);
    let full = Body::Plain("x".repeat(4096));
    let sent = perform(&api, send(full, 0, Repeat::Possible)).await;
    assert!(matches!(sent, Err(PostError::TooLong(_))), "{sent:?}");
    assert_eq!(api.calls("sendMessage").len(), 1, "telegram is not asked");
}

#[actix::test]
async fn an_answer_that_breaks_off_leaves_a_send_unknown_and_an_edit_undone() {
    let api = ScriptedApi::start().await;
    api.reply("sendMessage", [Reply::Break, Reply::Raw(200, "<html>")]);
    api.reply("editMessageText", [Reply::Break]);
    for _ in 0..2 {
        let sent = perform(&api, plain("hello")).await;
        assert!(matches!(sent, Err(PostError::FateUnknown(_))), "{sent:?}");
    }
    let edited = perform(&api, edit_to("hello")).await;
    assert!(matches!(edited, Err(PostError::NotDelivered(_))));
}

/// Answers one request with these bytes and closes the connection; returns its address.
fn answer_once(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        assert!(stream.read(&mut request).unwrap() > 0);
        stream.write_all(bytes).unwrap();
    });
    url
}

#[actix::test]
async fn a_connection_that_ends_after_the_request_leaves_a_send_unknown() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"ok\":true,";
    for bytes in [&b""[..], &half[..]] {
        let sender = sender(connect(&answer_once(bytes))).start();
        let sent = sender.send(plain("hello")).await.unwrap();
        assert!(matches!(sent, Err(PostError::FateUnknown(_))), "{sent:?}");
        assert!(!format!("{sent:?}").contains("secret"));
    }
}

#[actix::test]
async fn without_a_connection_nothing_was_delivered_and_no_secret_is_told() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let sender = sender(connect(&url)).start();
    let sent = sender.send(plain("hello")).await.unwrap();
    assert!(matches!(sent, Err(PostError::NotDelivered(_))), "{sent:?}");
    let told = format!("{sent:?}");
    assert!(!told.contains(TOKEN) && !told.contains("secret"), "{told}");
    assert!(!format!("{:?}", connect(&url)).contains("secret"));
}

#[actix::test]
async fn refusals_come_back_as_what_they_mean() {
    let api = ScriptedApi::start().await;
    let wait = r#"{"ok":false,"error_code":429,"description":"","parameters":{"retry_after":7}}"#;
    api.reply(
        "sendMessage",
        [
            Reply::Raw(429, wait),
            Reply::Refusal(403, "Forbidden: bot was blocked by the user"),
            Reply::Refusal(500, "Internal Server Error"),
        ],
    );
    let after = Duration::from_secs(7);
    assert_eq!(
        perform(&api, plain("1")).await,
        Err(PostError::RetryAfter { after })
    );
    assert!(matches!(
        perform(&api, plain("2")).await,
        Err(PostError::ChatGone(_))
    ));
    assert!(matches!(
        perform(&api, plain("3")).await,
        Err(PostError::NotDelivered(_))
    ));
}

#[actix::test]
async fn an_edit_that_changes_nothing_has_succeeded() {
    let api = ScriptedApi::start().await;
    let refusal = Reply::Refusal(400, "Bad Request: message is not modified: same content");
    api.reply("editMessageText", [refusal]);
    let edited = perform(&api, edit_to("hello")).await;
    assert_eq!(edited, Ok(delivered(Some(MessageId(77)))));
}

#[actix::test]
async fn a_document_carries_its_name_its_content_and_its_caption() {
    let api = ScriptedApi::start().await;
    let body = Body::Document {
        name: "answer.md".to_owned(),
        content: "# Title".to_owned(),
        caption: "The whole answer".to_owned(),
    };
    let sent = perform(&api, send(body, 0, Repeat::Possible)).await;
    assert_eq!(sent, Ok(delivered(Some(MessageId(100)))));
    let calls = api.calls("sendDocument");
    let form = calls[0].as_str().unwrap();
    for part in [
        "filename=\"answer.md\"",
        "# Title",
        "↻ The whole answer",
        r#"{"message_id":9,"allow_sending_without_reply":true}"#,
    ] {
        assert!(form.contains(part), "{part} is not in {form}");
    }
}

#[actix::test]
async fn signs_go_out_and_a_press_of_long_ago_is_no_error() {
    let api = ScriptedApi::start().await;
    let late = "Bad Request: query is too old and response timeout expired";
    api.reply("answerCallbackQuery", [Reply::Refusal(400, late)]);
    let message = MessageId(9);
    let (chat, emoji) = (ChatId(5), Some("👀"));
    let signs = [
        Sign::Typing { key: key() },
        Sign::React {
            chat,
            message,
            emoji,
        },
        Sign::React {
            chat,
            message,
            emoji: None,
        },
        Sign::AnswerCallback {
            callback: CallbackId("c1".to_owned()),
            text: Some("x".repeat(300)),
        },
    ];
    for sign in signs {
        let shown = perform(&api, Perform::Sign(sign)).await;
        assert_eq!(shown, Ok(delivered(None)));
    }
    assert_eq!(
        api.calls("sendChatAction"),
        [json!({ "chat_id": 5, "action": "typing" })]
    );
    let reactions = api.calls("setMessageReaction");
    assert_eq!(
        reactions[0]["reaction"],
        json!([{ "type": "emoji", "emoji": "👀" }])
    );
    assert_eq!(reactions[1]["reaction"], json!([]));
    let answers = api.calls("answerCallbackQuery");
    assert_eq!(answers[0]["text"].as_str().unwrap().len(), 200);
}
