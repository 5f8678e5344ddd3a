//! Promise: a person gets at every conversation of their own, goes on with it, has it as a file,
//! deletes it; nobody else does, and no two processes have one.

use std::fs;

use playground::Post;

use crate::support::bridge::{OWNER, World};
use crate::support::eventually::eventually;
use crate::support::messages_api::RequestKind;
use crate::support::real_claude::{DEADLINE, RealClaude, for_each_version};

for_each_version!(
    a_chat_goes_on_with_an_earlier_conversation_also_after_a_kill,
    a_conversation_that_another_process_has_is_left_to_it,
    what_was_said_comes_as_a_file_without_what_was_not_said,
    a_conversation_is_deleted_after_a_question,
    nobody_gets_at_the_conversation_of_somebody_else,
);

/// Says something in a conversation of its own; returns its id.
fn conversation(world: &World, claude: &RealClaude, words: &str) -> String {
    world.say_and_see(&format!("say {words}"), words);
    let id = world.conversation();
    claude.until_written_down(&id, words, 2);
    id
}

/// Has two conversations begun; the chat continues the second one.
fn two(world: &World, claude: &RealClaude) -> (String, String) {
    let first = conversation(world, claude, "pears are in");
    world.say_and_see("/new", "New conversation");
    let second = conversation(world, claude, "plums are out");
    (first, second)
}

/// Opens the conversation with these words in its title.
fn opened(world: &World, words: &str, id: &str) -> Post {
    let list = world.say_and_see(&format!("/sessions {words}"), "1 conversation with");
    world.press(&list, "1");
    world.see_edited(&list, id)
}

/// Tells whether the model was told words in its last request.
fn knows(claude: &RealClaude, words: &str) -> bool {
    let requests = claude.api.requests();
    let mut main = requests
        .iter()
        .filter(|request| request.kind == RequestKind::Main);
    main.next_back().expect("a request").contains(words)
}

fn a_chat_goes_on_with_an_earlier_conversation_also_after_a_kill(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    let (first, second) = two(&world, claude);
    let list = world.say_and_see("/sessions", "2 conversations in this folder");
    for part in ["● 📱 1 prompt", "say pears are in", "say plums are out"] {
        assert!(list.text.contains(part), "{part}: {}", list.text);
    }
    let one = opened(&world, "pears", &first);
    world.press(&one, "▶ Resume");
    world.see_edited(&one, "This chat goes on with “say pears are in”");
    bridge.kill();
    let _bridge = world.start();
    world.say_and_see("say and on", "and on");
    assert_eq!(world.conversation(), first);
    assert!(knows(claude, "pears are in") && !knows(claude, "plums are out"));
    let one = opened(&world, "PLUMS", &second);
    world.press(&one, "▶ Resume");
    world.see_edited(&one, "This chat goes on with");
    world.say_and_see("say and back", "and back");
    assert!(knows(claude, "plums are out"));
    world.assert_no_violations();
}

fn a_conversation_that_another_process_has_is_left_to_it(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    let (first, second) = two(&world, claude);
    let mut terminal = claude.start(&[&format!("--resume={first}")]);
    terminal.prompt("say over here");
    terminal.until_idle();
    let one = opened(&world, "pears", &first);
    world.press(&one, "▶ Resume");
    world.see_after(OWNER, one.message_id, "has this conversation open: process");
    world.press(&one, "Delete …");
    let asked = world.see_edited(&one, "Delete “say pears are in”?");
    world.press(&asked, "Delete it");
    eventually("a second refusal", DEADLINE, || {
        let texts = world.bot_texts(OWNER);
        let refused = texts.iter().filter(|it| it.contains("open: process"));
        (refused.count() == 2).then_some(())
    });
    terminal.end();
    let one = opened(&world, "pears", &first);
    world.press(&one, "▶ Resume");
    world.see_edited(&one, "This chat goes on with");
    // What a terminal goes on with while the chat sleeps is not torn in two.
    assert_eq!(world.conversation(), first);
    let mut terminal = claude.start(&[&format!("--resume={first}")]);
    terminal.prompt("say once more");
    terminal.until_idle();
    let refused = world.say_and_see("say here", "has its conversation open");
    assert!(refused.text.contains("/new"), "{}", refused.text);
    terminal.end();
    world.say_and_see("say at last", "at last");
    assert!(knows(claude, "once more"));
    assert_ne!(first, second);
    drop(bridge);
    world.assert_no_violations();
}

fn what_was_said_comes_as_a_file_without_what_was_not_said(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("/export", "no conversation yet");
    let id = conversation(&world, claude, "pears are in");
    let said = world.playground.say(OWNER, "/export");
    let file = world.wait("a file", |view| {
        let mut posts = view.bot_posts(OWNER);
        posts
            .find(|post| post.message_id > said.message_id && post.attachment.is_some())
            .cloned()
    });
    let file = file.attachment.expect("a file");
    assert_eq!(file.file_name, "say-pears-are-in.md");
    let text = String::from_utf8(file.bytes.to_vec()).expect("a text");
    for part in [
        "# say pears are in",
        &id,
        "## You",
        "## Claude",
        "\npears are in\n",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let transcript = claude.transcript_of(&id).expect("a transcript");
    assert!(transcript.contains("system"), "there is more in it");
    assert!(text.len() < 500, "{text}");
    let outgoing = world.path(&format!("data/chats/{OWNER}/outgoing"));
    eventually("the end of the copy", DEADLINE, || {
        let left = fs::read_dir(&outgoing).map_or(0, Iterator::count);
        (left == 0).then_some(())
    });
    world.assert_no_violations();
}

fn a_conversation_is_deleted_after_a_question(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let (first, second) = two(&world, claude);
    let one = opened(&world, "pears", &first);
    world.press(&one, "Delete …");
    let asked = world.see_edited(&one, "Delete “say pears are in”?");
    world.press(&asked, "Keep it");
    let one = world.see_edited(&one, &first);
    world.press(&one, "Delete …");
    let asked = world.see_edited(&one, "Delete “say pears are in”?");
    world.press(&asked, "Delete it");
    world.see_edited(&one, "✓ The conversation is deleted.");
    assert!(claude.transcript_of(&first).is_none());
    assert!(claude.transcript_of(&second).is_some());
    world.say_and_see("/sessions", "1 conversation in this folder");
    let current = opened(&world, "plums", &second);
    let has = |button: &str| {
        let mut rows = current.buttons.iter().flatten();
        rows.any(|it| it.label == button)
    };
    assert!(has("Export") && !has("Delete …") && !has("▶ Resume"));
    world.assert_no_violations();
}

/// Anna's conversations, of which Ben has all that he can know: ids, buttons, the folder.
fn nobody_gets_at_the_conversation_of_somebody_else(claude: &RealClaude) {
    const ANNA: i64 = 2002;
    const BEN: i64 = 3003;
    let mut world = World::with_real_claude(claude);
    world.set("multi_user.enabled", true);
    world.set("multi_user.allowed_users", format!("[{ANNA}, {BEN}]"));
    world.set("claude.isolation", "\"off\"");
    // All in one folder, with nothing between them: the worst that one can write.
    world.set("workspace.per_user", false);
    let _bridge = world.start();
    let say = |who: i64, text: &str, expected: &str| {
        let said = world.playground.say(who, text);
        world.see_after(who, said.message_id, expected)
    };
    say(ANNA, "say pears are mine", "pears are mine");
    let status = say(ANNA, "/status", "Conversation: ").text;
    let id = status
        .lines()
        .find_map(|it| it.strip_prefix("Conversation: "));
    let id = id.expect("an id").to_owned();
    claude.until_written_down(&id, "pears are mine", 2);
    say(ANNA, "/sessions", "1 conversation in this folder");
    say(
        BEN,
        "/sessions",
        "There are no conversations in this folder",
    );
    say(BEN, "/sessions pears", "No conversation");
    world.say_and_see("/sessions", "There are no conversations in this folder");
    let list = say(
        BEN,
        "/sessions",
        "There are no conversations in this folder",
    );
    let forged = [
        format!("v1.o.0.{id}"),
        format!("v1.r.{id}"),
        format!("v1.e.{id}"),
        format!("v1.j.{id}"),
        format!("v1.d.0.{id}"),
        format!("v1.x.{id}"),
        format!("v1.r.../-/{id}"),
        format!("v1.e.{id}.jsonl"),
        "v1.e.../../../etc/passwd".to_owned(),
        "v1.x...".to_owned(),
        "v1.o.99999999999999999999.x".to_owned(),
        "v1.p.18446744073709551615.".to_owned(),
    ];
    for data in &forged {
        world.playground.press_as(BEN, BEN, list.message_id, data);
    }
    say(BEN, "say plums are mine", "plums are mine");
    let texts = world.bot_texts(BEN).join("\n");
    assert!(!texts.contains("pears are mine"), "{texts}");
    assert!(claude.transcript_of(&id).is_some());
    world.wait("no file for Ben", |view| {
        let mut posts = view.bot_posts(BEN);
        posts.all(|post| post.attachment.is_none()).then_some(())
    });
    let status = say(BEN, "/status", "Conversation: ").text;
    assert!(!status.contains(&id));
    world.assert_no_violations();
}
