//! Promise: Claude sees the pictures that a person sends, reads the files of its own chat unasked,
//! and is refused those of every other one.

use std::fs;
use std::path::PathBuf;

use playground::{AttachmentKind, Upload};
use serde_json::json;

use crate::support::bridge::{OWNER, World};
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    a_picture_is_shown_and_its_file_can_be_read,
    the_files_of_other_chats_are_refused,
);

/// A red dot.
const PNG: &[u8] = include_bytes!("../fixtures/media/dot.png");

fn inbox(world: &World, chat: &str) -> PathBuf {
    let chats = world.path("data/chats");
    chats.join(chat).join("inbox")
}

fn a_picture_is_shown_and_its_file_can_be_read(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let photo = Upload {
        kind: AttachmentKind::Photo,
        caption: "say I see it".to_owned(),
        ..Upload::document("dot.png", "image/png", PNG)
    };
    let said = world.playground.send_file(OWNER, photo);
    let answer = world.see_after(OWNER, said.message_id, "I see it");
    let requests = claude.api.requests();
    // A title for the conversation may be asked for as well, by a request without the picture.
    let mut asked = requests.iter().filter(|it| it.contains("say I see it"));
    assert!(
        asked.any(|it| it.contains("image/png")),
        "the picture is in a request with the caption"
    );
    let text = Upload {
        caption: "say I have it".to_owned(),
        ..Upload::document("notes.txt", "text/plain", "the notes of the day")
    };
    let said = world.playground.send_file(OWNER, text);
    world.see_after(OWNER, said.message_id, "I have it");
    let mut files = fs::read_dir(inbox(&world, "1001")).unwrap();
    let notes = files.find_map(|file| {
        let path = file.ok()?.path();
        path.to_str()?.contains("notes-").then_some(path)
    });
    let notes = notes.expect("the file is there").canonicalize().unwrap();
    let read = json!({ "file_path": notes });
    world.say_and_see(
        &format!("tool Read {read} ;; say it was read"),
        "it was read",
    );
    assert!(
        last_result(claude).contains("the notes of the day"),
        "{}",
        last_result(claude)
    );
    let about = (world.playground).reply(OWNER, OWNER, answer.reply_to.unwrap(), "say same one");
    world.see_after(
        OWNER,
        about.message_id,
        "In reply to my own message (a photo)",
    );
    let requests = claude.api.requests();
    let asked = requests.iter().find(|it| it.contains("say same one"));
    let asked = asked.expect("a request with the reply");
    let told = "[The message that is replied to has a photo: ";
    assert!(asked.contains(told), "the picture of the answered message");
}

/// Puts a file into the data folder that no agent of this chat may read.
fn hide(world: &World, name: &str) -> PathBuf {
    let path = world.path("data").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "a secret of theirs").unwrap();
    path.canonicalize().unwrap()
}

fn the_files_of_other_chats_are_refused(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.permission_mode", "\"acceptEdits\"");
    let mut secrets = vec![hide(&world, "chats/2002/inbox/theirs.txt")];
    let _bridge = world.start();
    world.say_and_see("say up", "up");
    // What comes after the agent was started is refused as well, however it is called.
    for later in ["10017", "100", "-1001", "1001_5"] {
        secrets.push(hide(&world, &format!("chats/{later}/inbox/theirs.txt")));
    }
    for beside in [
        "new.txt",
        "chat",
        "chatsx",
        "deep/new.txt",
        "_x",
        "Zoo",
        "-x",
        ".hidden",
    ] {
        secrets.push(hide(&world, beside));
    }
    for secret in secrets {
        refused(&world, claude, "Read", &json!({ "file_path": secret }));
        let write = json!({ "file_path": secret.with_extension("new"), "content": "evil" });
        refused(&world, claude, "Write", &write);
    }
    let own = inbox(&world, "1001").canonicalize().unwrap();
    let own = own.join("mine.txt");
    fs::write(&own, "mine").unwrap();
    let read = json!({ "file_path": own });
    world.say_and_see(&format!("tool Read {read} ;; say mine it is"), "mine it is");
    assert!(last_result(claude).contains("mine"));
}

fn refused(world: &World, claude: &RealClaude, tool: &str, input: &serde_json::Value) {
    let path = input["file_path"].as_str().unwrap();
    let word = format!("tried {tool}");
    world.say_and_see(&format!("tool {tool} {input} ;; say {word}"), &word);
    let result = last_result(claude);
    assert!(result.contains("denied"), "{tool} {path}: {result}");
}

fn last_result(claude: &RealClaude) -> String {
    let requests = claude.api.requests();
    let result = requests.iter().rev().find_map(|it| it.tool_result.clone());
    result.unwrap_or_default()
}
