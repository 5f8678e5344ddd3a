//! Files that lie in rooms.

use bridge_actors::outbox::{FileCopy, FileForm, Together};

use super::*;

fn file(name: &str, form: FileForm) -> FileCopy {
    FileCopy {
        copy: format!("content of {name}"),
        name: name.to_owned(),
        size: 9,
        form,
        caption: format!("about {name}"),
    }
}

fn body(together: Together) -> Body {
    let files = vec![
        file("a.png", FileForm::Photo),
        file("b \"quoted\".pdf", FileForm::Document),
    ];
    Body::Files { files, together }
}

/// Returns the one form that a method was called with.
fn form(api: &ScriptedApi, method: &str) -> String {
    let [form] = &api.calls(method)[..] else {
        panic!("{method} was not called once");
    };
    form.as_str().unwrap().to_owned()
}

#[actix::test]
async fn a_file_goes_out_as_what_it_is_with_its_caption() {
    let api = ScriptedApi::start().await;
    let sent = perform(&api, send(body(Together::Apart), 0, Repeat::No)).await;
    let two_parts = |message| Delivered {
        parts: 2,
        ..delivered(Some(message))
    };
    assert_eq!(sent, Ok(two_parts(MessageId(101))));
    let sent = perform(&api, send(body(Together::Apart), 1, Repeat::Possible)).await;
    assert_eq!(sent, Ok(two_parts(MessageId(100))));
    let photo = form(&api, "sendPhoto");
    for part in ["name=\"photo\"", "content of a.png", "\r\n\r\nabout a.png"] {
        assert!(photo.contains(part), "{part} is not in {photo}");
    }
    let document = form(&api, "sendDocument");
    for part in ["name=\"document\"", "content of b", "\r\n\r\n↻ about b"] {
        assert!(document.contains(part), "{part} is not in {document}");
    }
}

#[actix::test]
async fn an_album_is_one_call_with_all_files_and_its_first_one_is_marked() {
    let api = ScriptedApi::start().await;
    let sent = perform(&api, send(body(Together::Album), 0, Repeat::Possible)).await;
    let first = delivered(Some(MessageId(102)));
    let others = vec![MessageId(103)];
    assert_eq!(sent, Ok(Delivered { others, ..first }));
    let album = form(&api, "sendMediaGroup");
    for part in [
        r#"{"type":"photo","media":"attach://file0","caption":"↻ about a.png"}"#,
        r#"{"type":"document","media":"attach://file1","caption":"about b \"quoted\".pdf"}"#,
        "content of a.png",
        "content of b",
    ] {
        assert!(album.contains(part), "{part} is not in {album}");
    }
}

#[actix::test]
async fn a_copy_that_is_gone_is_refused_and_telegram_is_not_called() {
    let api = ScriptedApi::start().await;
    let mut gone = file("a.pdf", FileForm::Document);
    gone.copy = "gone".to_owned();
    let body = Body::Files {
        files: vec![gone],
        together: Together::Album,
    };
    let sent = perform(&api, send(body, 0, Repeat::No)).await;
    let Err(PostError::Rejected(Rejection::NoCopy(why))) = &sent else {
        panic!("{sent:?}");
    };
    assert!(why.contains("not found"), "{why}");
    assert!(api.calls("sendDocument").is_empty());
}

#[actix::test]
async fn a_group_that_takes_no_photos_is_not_gone() {
    let api = ScriptedApi::start().await;
    let why = "Bad Request: not enough rights to send photos to the chat";
    api.reply("sendPhoto", [Reply::Refusal(400, why)]);
    let sent = perform(&api, send(body(Together::Apart), 0, Repeat::No)).await;
    let refused = PostError::Rejected(Rejection::Telegram(why.to_owned()));
    assert_eq!(sent, Err(refused));
}
