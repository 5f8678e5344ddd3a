//! What a playground with a memory is the next time.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use playground::{Options, Page, Playground, Upload};
use serde_json::{Value, json};

use crate::bot::Bot;

fn start(folder: &Path, port: u16) -> (Playground, Bot) {
    let playground = Playground::start(Options {
        port,
        page: Page::On,
        memory: Some(folder.to_owned()),
        people: vec![(7, "Owner".to_owned())],
        ..Options::default()
    })
    .unwrap();
    let bot = Bot::of(&playground);
    (playground, bot)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn page_address_and_history_are_those_of_the_last_run() {
    let memory = folder();
    let (playground, bot) = start(memory.path(), 0);
    let url = playground.page_url();
    playground.say(7, "before");
    bot.ok("sendMessage", json!({ "chat_id": 7, "text": "an answer" }));
    let upload = Upload::document("notes.txt", "text/plain", b"the bytes".to_vec());
    playground.send_file(7, upload);
    drop(playground);
    let (playground, bot) = start(memory.path(), 0);
    assert_eq!(playground.page_url(), url);
    let chat = playground.chat(7);
    let texts: Vec<_> = chat.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(texts, ["before", "an answer", ""]);
    assert!(!chat[0].is_by_bot() && chat[1].is_by_bot());
    assert_eq!(&*chat[2].attachment.as_ref().unwrap().bytes, b"the bytes");
    let edit = json!({ "chat_id": 7, "message_id": chat[1].message_id, "text": "a better one" });
    bot.ok("editMessageText", edit);
    let news = playground.say(7, "after");
    assert!(news.message_id > chat[2].message_id);
}

#[test]
fn what_the_bot_had_not_confirmed_comes_again_and_no_id_twice() {
    let memory = folder();
    let (playground, bot) = start(memory.path(), 0);
    let confirmed = playground.say(7, "seen").update_id.unwrap();
    let waiting = playground.say(7, "not seen").update_id.unwrap();
    bot.ok(
        "getUpdates",
        json!({ "offset": confirmed + 1, "timeout": 0 }),
    );
    drop(playground);
    let (playground, bot) = start(memory.path(), 0);
    let next = playground.say(7, "new").update_id.unwrap();
    let updates = bot.ok("getUpdates", json!({}));
    let ids = updates.as_array().unwrap().iter();
    let ids: Vec<_> = ids
        .map(|update| update["update_id"].as_i64().unwrap())
        .collect();
    assert_eq!(ids, [waiting, next]);
    assert!(next > waiting);
}

#[test]
fn what_was_written_before_a_kill_is_enough_to_go_on() {
    let (memory, copy) = (folder(), folder());
    let (playground, _bot) = start(memory.path(), 0);
    let said = playground.say(7, "before");
    // What a killed run leaves is what it last wrote by itself.
    let file = memory.path().join("playground.json");
    let written = || fs::read_to_string(&file).unwrap_or_default();
    while !written().contains("before") {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    fs::create_dir(copy.path().join("files")).unwrap();
    fs::copy(&file, copy.path().join("playground.json")).unwrap();
    let last = playground.say(7, "lost");
    drop(playground);
    let (playground, _bot) = start(copy.path(), 0);
    assert_eq!(playground.chat(7)[0].message_id, said.message_id);
    let next = playground.say(7, "after");
    assert!(next.message_id > last.message_id && next.update_id > last.update_id);
}

#[test]
fn a_file_that_no_chat_has_any_more_goes() {
    let memory = folder();
    let (playground, _bot) = start(memory.path(), 0);
    let upload = Upload::document("notes.txt", "text/plain", b"the bytes".to_vec());
    playground.send_file(7, upload);
    drop(playground);
    let files = memory.path().join("files");
    let count = || fs::read_dir(&files).unwrap().count();
    fs::write(files.join("of-a-post-that-is-gone"), "old").unwrap();
    assert_eq!(count(), 2);
    drop(start(memory.path(), 0));
    assert_eq!(count(), 1);
}

#[test]
fn the_key_of_the_page_is_for_its_owner_alone() {
    let memory = folder();
    let inside = memory.path().join("inside");
    drop(start(&inside, 0));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&inside), 0o700);
    assert_eq!(mode(&inside.join("playground.json")), 0o600);
    let text = fs::read_to_string(inside.join("playground.json")).unwrap();
    let memory: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(memory["at_rest"], true);
}

#[test]
fn a_port_that_is_taken_costs_the_address_only() {
    let memory = folder();
    let (first, _bot) = start(memory.path(), 0);
    first.say(7, "before");
    let url = first.page_url().unwrap();
    drop(first);
    let port = url.split([':', '/']).nth(4).unwrap().parse().unwrap();
    let _taken = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let (second, _bot) = start(memory.path(), 0);
    assert_ne!(second.page_url().unwrap(), url);
    assert_eq!(second.chat(7)[0].text, "before");
}

#[test]
fn a_memory_that_is_damaged_is_told_with_the_way_out() {
    let memory = folder();
    fs::write(memory.path().join("playground.json"), "{").unwrap();
    let options = Options {
        memory: Some(memory.path().to_owned()),
        ..Options::default()
    };
    let error = Playground::start(options).unwrap_err().to_string();
    assert!(
        error.ends_with("is damaged; remove it to begin anew"),
        "{error}"
    );
}
