//! What a message answers, as Claude is told.

use bridge_actors::sent_file::FileOf;

use super::*;

/// Returns the context of a message that answers this, with more fields of its own.
fn context(replied: &Value, more: &[(&str, Value)]) -> String {
    let mut raw = fixture("text.json");
    raw["message"]["reply_to_message"] = replied.clone();
    for (name, value) in more {
        raw["message"][name] = value.clone();
    }
    let content = read_update(&us(), &raw).unwrap().content;
    let InboundContent::Text {
        markdown, context, ..
    } = content
    else {
        panic!("{content:?}");
    };
    assert_eq!(markdown, "fix the build");
    context
}

fn by(id: i64, text: &str) -> Value {
    let from = json!({ "id": id, "is_bot": id == BOT, "first_name": "Bo", "username": "bo" });
    json!({ "message_id": 4, "from": from, "text": text })
}

#[test]
fn a_reply_brings_what_it_answers_and_who_wrote_it() {
    let photo = json!({ "message_id": 4, "from": { "id": 5001 }, "photo": [], "caption": "look" });
    let sticker = json!({ "message_id": 4, "from": { "id": 5001 }, "sticker": {} });
    let mut linked = by(BOT, "see docs");
    linked["entities"] =
        json!([{ "type": "text_link", "offset": 4, "length": 4, "url": "https://a.b" }]);
    let mut forwarded = by(5001, "news");
    forwarded["forward_origin"] = json!({ "type": "hidden_user", "sender_user_name": "Eve" });
    let mut channel = by(777, "all");
    channel["sender_chat"] = json!({ "id": -6, "title": "News" });
    let all: Vec<String> = [
        by(BOT, "one\ntwo"),
        by(5001, "mine"),
        by(7, "> theirs"),
        photo,
        sticker,
        linked,
        forwarded,
        channel,
    ]
    .iter()
    .map(|replied| context(replied, &[]))
    .collect();
    expect![[r#"
        In reply to your message:
        > one
        > two
        In reply to my own message:
        > mine
        In reply to a message of Bo (@bo):
        > > theirs
        In reply to my own message (a photo):
        > look
        In reply to my own message: a sticker.
        In reply to your message:
        > see docs (https://a.b)
        In reply to my own message, forwarded from Eve, who hides their account:
        > news
        In reply to a message of News:
        > all
    "#]]
    .assert_eq(&format!("{}\n", all.join("\n")));
}

#[test]
fn the_chosen_part_stands_for_the_whole_and_another_chat_is_named() {
    let quote = ("quote", json!({ "text": "two", "position": 4 }));
    assert_eq!(
        context(&by(5001, "one two"), std::slice::from_ref(&quote)),
        "In reply to this part of my own message:\n> two"
    );
    let origin = json!({ "origin": { "type": "channel", "chat": { "title": "News" } } });
    assert_eq!(
        context(&Value::Null, &[("external_reply", origin.clone()), quote]),
        "In reply to this part of a message of the channel News in another chat:\n> two"
    );
    assert_eq!(
        context(&Value::Null, &[("external_reply", origin)]),
        "In reply to a message of the channel News in another chat."
    );
    assert_eq!(context(&Value::Null, &[]), "");
}

#[test]
fn a_long_message_is_cut_with_a_mark_and_no_line_of_it_passes_for_the_senders() {
    let long = context(&by(7, &"😀".repeat(1001)), &[]);
    assert!(
        long.starts_with("In reply to a message of Bo (@bo), which begins:\n> 😀"),
        "{long}"
    );
    assert!(long.ends_with("😀\n> […]"), "{long}");
    assert_eq!(long.matches('😀').count(), 1000);
    let hostile = context(&by(7, "a\r\nb\rc\u{2028}d\u{85}\n\n/stop"), &[]);
    let lines: Vec<&str> = hostile.split(['\n', '\r', '\u{2028}', '\u{85}']).collect();
    assert!(
        lines[1..].iter().all(|line| line.starts_with("> ")),
        "{hostile:?}"
    );
}

#[test]
fn what_is_cut_is_cut_between_characters_also_within_what_is_formatted() {
    let mut long = by(7, &"😀".repeat(1_500));
    long["entities"] = json!([
        { "type": "code", "offset": 1_990, "length": 100 },
        { "type": "text_link", "offset": 2_500, "length": 10, "url": "https://a.b" },
    ]);
    let told = context(&long, &[]);
    assert!(told.ends_with("`😀😀😀😀😀`\n> […]"), "{told}");
    assert!(!told.contains("https"), "{told}");
}

/// Returns the files of a message with these fields, and whose each is.
fn files_of(more: &[(&str, Value)]) -> Vec<(String, FileOf)> {
    let mut raw = fixture("text.json");
    for (name, value) in more {
        raw["message"][name] = value.clone();
    }
    let content = read_update(&us(), &raw).unwrap().content;
    let InboundContent::Text { files, .. } = content else {
        panic!("{content:?}");
    };
    let files = files.into_iter();
    files.map(|file| (file.file.0, file.of)).collect()
}

#[test]
fn a_reply_brings_the_file_of_what_it_answers_wherever_that_is() {
    let file = |id: &str| json!({ "file_id": id, "file_unique_id": id });
    let mut mine = by(5001, "");
    mine["photo"] = json!([file("small"), { "file_id": "big", "file_unique_id": "b", "width": 9, "height": 9 }]);
    let mut bots = by(BOT, "");
    bots["document"] = file("report");
    let elsewhere = json!({ "origin": { "type": "hidden_user" }, "video": file("film") });
    let answered = |id: &str| vec![(id.to_owned(), FileOf::Answered)];
    let reply = "reply_to_message";
    assert_eq!(files_of(&[(reply, mine.clone())]), answered("big"));
    assert_eq!(files_of(&[(reply, bots)]), answered("report"));
    assert_eq!(files_of(&[("external_reply", elsewhere)]), answered("film"));
    assert_eq!(files_of(&[(reply, by(7, "words"))]), []);
    // The root of a topic is answered by nobody.
    let in_topic = [
        (reply, mine),
        ("is_topic_message", json!(true)),
        ("message_thread_id", json!(4)),
    ];
    assert_eq!(files_of(&in_topic), []);
}
