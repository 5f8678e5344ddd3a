//! Files in both directions.

use playground::{AttachmentKind, Upload};
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::bot::start;

#[test]
fn a_file_of_a_person_can_be_downloaded_with_an_escaped_slash() {
    let (playground, bot) = start();
    playground.send_file(7, Upload::document("notes.txt", "text/plain", *b"remember"));
    let document = bot.ok("getUpdates", json!({}))[0]["message"]["document"].clone();
    assert_eq!(document["file_name"], "notes.txt");
    let file = bot.ok("getFile", json!({ "file_id": document["file_id"] }));
    let path = file["file_path"].as_str().unwrap();
    for path in [path.to_owned(), path.replace('/', "%2F")] {
        let base = format!("{}/file/bot{}", playground.api_url(), playground.token());
        let request = bot.client().get(format!("{base}/{path}"));
        assert_eq!(bot.send(request).unwrap(), (200, b"remember".to_vec()));
    }
}

#[test]
fn a_document_of_the_bot_arrives_by_name_and_by_attachment() {
    let (playground, bot) = start();
    let part = || Part::bytes(b"fn main() {}".to_vec()).file_name("main.rs");
    let named = Form::new().text("chat_id", "7").part("document", part());
    let attached = Form::new()
        .text("chat_id", "7")
        .text("document", "attach://x")
        .part("x", part());
    for form in [named, attached.text("caption", "the fix")] {
        let (status, answer) = bot.post_form("sendDocument", form);
        assert_eq!(
            (status, &answer["result"]["document"]["file_name"]),
            (200, &json!("main.rs"))
        );
    }
    let posts = playground.chat(7);
    let file = posts[1].attachment.as_ref().unwrap();
    assert_eq!(
        (&*file.bytes, file.kind),
        (&b"fn main() {}"[..], AttachmentKind::Document)
    );
    assert_eq!(posts[1].text, "the fix");
    assert_eq!(playground.violations(), []);
}

#[test]
fn an_album_is_a_message_for_each_file_and_takes_documents_apart() {
    let (playground, bot) = start();
    let form = |media: serde_json::Value| {
        let part = || Part::bytes(b"a".to_vec()).file_name("a.png");
        let form = Form::new()
            .text("chat_id", "7")
            .text("media", media.to_string());
        form.part("x", part()).part("y", part())
    };
    let item =
        |kind: &str, part: &str| json!({ "type": kind, "media": format!("attach://{part}") });
    let mixed = json!([item("photo", "x"), item("document", "y")]);
    assert_eq!(bot.post_form("sendMediaGroup", form(mixed)).0, 400);
    assert_eq!(playground.violations().len(), 1);
    let mut first = item("photo", "x");
    first["caption"] = json!("look");
    let (status, answer) =
        bot.post_form("sendMediaGroup", form(json!([first, item("photo", "y")])));
    assert_eq!(status, 200, "{answer}");
    let album = answer["result"].as_array().unwrap();
    assert_eq!(album[0]["media_group_id"], album[1]["media_group_id"]);
    let posts = playground.chat(7);
    assert_eq!((posts.len(), posts[0].text.as_str()), (2, "look"));
    assert_eq!(playground.violations().len(), 1);
}

#[test]
fn a_stray_part_is_a_violation() {
    let (playground, bot) = start();
    let part = Part::bytes(b"a".to_vec()).file_name("a");
    let form = Form::new()
        .text("chat_id", "7")
        .text("text", "hi")
        .part("stray", part);
    assert_eq!(bot.post_form("sendMessage", form).0, 400);
    assert_eq!(playground.violations().len(), 1);
}

#[test]
fn a_file_above_20_mib_cannot_be_downloaded() {
    let (playground, bot) = start();
    playground.send_file(
        7,
        Upload::document("big", "text/plain", vec![0; (20 << 20) + 1]),
    );
    let document = bot.ok("getUpdates", json!({}))[0]["message"]["document"].clone();
    let refused = bot.refused("getFile", json!({ "file_id": document["file_id"] }));
    assert_eq!(refused, "400 Bad Request: file is too big");
}
