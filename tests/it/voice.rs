//! Promise: what a person says in a voice message is written down once, shown, and runs once, by a
//! program that sees nothing of the bridge and ends with it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use playground::{AttachmentKind, Post, Said, Upload};

use crate::support::bridge::{LONG, OWNER, World};
use crate::support::eventually::eventually;
use crate::support::programs::running;

/// A program that hears what a file says letter by letter, or what its first word tells it to do.
const HEARER: &str = r#"#!/bin/sh
cd "$(dirname "$0")"
echo run >> runs
env > environment
if [ -e hang ]; then rm hang; sleep 1000; fi
case "$(head -c 4 "$1")" in
HANG) sleep 1000 ;;
FAIL) echo "no model" >&2; exit 3 ;;
MUCH) yes ;;
*) cat "$1" ;;
esac
"#;

/// Returns a world that listens.
fn hearing() -> World {
    let mut world = World::new();
    let program = world.path("hearer");
    fs::write(&program, HEARER).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let program = program.display().to_string();
    world.set("voice.transcribe", format!("[{program:?}, \"{{file}}\"]"));
    world
}

/// Lets the owner say something in a voice message.
fn speak(world: &World, words: impl Into<Vec<u8>>) -> Said {
    let voice = Upload {
        kind: AttachmentKind::Voice,
        ..Upload::document("voice.ogg", "audio/ogg", words)
    };
    world.playground.send_file(OWNER, voice)
}

fn speak_and_see(world: &World, words: impl Into<Vec<u8>>, expected: &str) -> Post {
    let said = speak(world, words);
    world.see_after(OWNER, said.message_id, expected)
}

/// Returns how often the program was started.
fn runs(world: &World) -> usize {
    let runs = fs::read_to_string(world.path("runs")).unwrap_or_default();
    runs.lines().count()
}

fn wait_until_it_hangs(world: &World) {
    eventually("the program hangs", LONG, || {
        (!running(world, "sleep").is_empty()).then_some(())
    });
}

#[test]
fn a_voice_message_is_quoted_and_runs() {
    let world = hearing();
    let _bridge = world.start();
    let said = speak(&world, " rehearse: say tea\n");
    let heard = world.see_after(OWNER, said.message_id, "🎙 I heard:\nrehearse: say tea");
    assert_eq!(heard.reply_to, Some(said.message_id));
    let kinds: Vec<_> = heard.entities.iter().map(|it| &it["type"]).collect();
    assert_eq!(kinds, ["expandable_blockquote"]);
    let told = "tea\n[Transcribed by a program from a voice message: ";
    world.see_after(OWNER, heard.message_id, told);
    assert_eq!((world.ledger().len(), runs(&world)), (1, 1));
    world.assert_no_violations();
}

#[test]
fn the_program_sees_no_secret() {
    let mut world = hearing();
    let token = world.playground.token().to_owned();
    world.env("TELEGRAM_BOT_TOKEN", &token);
    world.env("BRIDGE__TELEGRAM__TOKEN", &token);
    world.env("ANTHROPIC_API_KEY", "sk-ant-secret");
    let _bridge = world.start();
    speak_and_see(&world, "rehearse: say tea", "tea\n[Transcribed");
    let environment = fs::read_to_string(world.path("environment")).unwrap();
    assert!(environment.contains("PATH="), "{environment}");
    for secret in [token.as_str(), "BRIDGE__", "sk-ant-secret"] {
        assert!(!environment.contains(secret), "{secret} in {environment}");
    }
}

/// Agents write into the inbox: what lies there must run with nobody's recording.
#[test]
fn the_program_works_on_a_copy_where_no_agent_writes() {
    let mut world = World::new();
    let script =
        r#"ls -A; case "$PWD" in */inbox*) echo in the inbox;; esac; [ -L "$0" ] || cat "$0""#;
    world.set(
        "voice.transcribe",
        format!("['sh', '-c', '{script}', '{{file}}']"),
    );
    let inbox = world.path("data").join(format!("chats/{OWNER}/inbox"));
    fs::create_dir_all(&inbox).unwrap();
    fs::write(inbox.join("planted.py"), "").unwrap();
    let bridge = world.start();
    let heard = speak_and_see(&world, "tea", "🎙 I heard:\nrecording.ogg\ntea").text;
    assert!(
        !heard.contains("planted") && !heard.contains("inbox"),
        "{heard}"
    );
    let listening = world.path("data").join(format!("chats/{OWNER}/listening"));
    eventually("the copy goes", LONG, || {
        (fs::read_dir(&listening).unwrap().count() == 0).then_some(())
    });
    bridge.stop();
    fs::create_dir(listening.join("left")).unwrap();
    fs::write(listening.join("left/recording.ogg"), "tea").unwrap();
    let _bridge = world.start();
    world.say_and_see("rehearse: say up", "up");
    assert!(
        !listening.join("left").exists(),
        "a start sweeps what was left"
    );
}

#[test]
fn a_bridge_that_is_killed_takes_the_program_along_and_begins_again() {
    let world = hearing();
    fs::write(world.path("hang"), "").unwrap();
    let bridge = world.start();
    let said = speak(&world, "rehearse: say after all");
    let after = world.playground.say(OWNER, "rehearse: say in its turn");
    wait_until_it_hangs(&world);
    world.wait("the confirmation", |view| {
        (view.unconfirmed_updates() == 0).then_some(())
    });
    bridge.kill();
    world.assert_nothing_left_within_two_seconds();
    let _bridge = world.start();
    let answer = world.see_after(OWNER, said.message_id, "after all\n[Transcribed");
    let next = world.see_after(OWNER, after.message_id, "in its turn");
    assert!(next.message_id > answer.message_id, "the order stays");
    assert_eq!((world.ledger().len(), runs(&world)), (2, 2));
}

#[test]
fn what_was_heard_waits_for_a_word_over_a_restart_and_is_not_heard_again() {
    let mut world = hearing();
    world.set("voice.confirm", "true");
    let bridge = world.start();
    let first = speak_and_see(&world, "rehearse: say tea", "Is this what you said?");
    let second = speak_and_see(&world, "rehearse: say teeth", "say teeth");
    let third = speak_and_see(&world, "rehearse: say no", "say no");
    world.say_and_see("rehearse: say not held up", "not held up");
    bridge.kill();
    let _bridge = world.start();
    world.press(&first, "▶ Run");
    world.see_edited(&first, "▶ Running what I heard:\nrehearse: say tea");
    world.see_after(OWNER, third.message_id, "tea\n[Transcribed");
    let message = second.message_id;
    let reply = (world.playground).reply(OWNER, OWNER, message, "rehearse: say coffee");
    world.see_edited(&second, "Your reply runs instead");
    world.see_after(OWNER, reply.message_id, "coffee");
    world.press(&third, "✕ Discard");
    world.see_edited(&third, "✕ Discarded");
    assert_eq!((world.ledger().len(), runs(&world)), (3, 3));
    world.assert_no_violations();
}

#[test]
fn what_cannot_be_heard_is_one_line_and_loses_nothing() {
    let mut world = hearing();
    world.set("voice.timeout", "\"2s\"");
    let _bridge = world.start();
    speak_and_see(&world, "HANG", "within 2 s");
    speak_and_see(&world, "MUCH", "far more than anybody says");
    speak_and_see(&world, b"tea \xff", "something that is not text");
    speak_and_see(&world, " \n", "I heard no words in this");
    let failed = speak_and_see(&world, "FAIL", "exit code 3 and said “no model”");
    assert_eq!(world.ledger(), [""; 0]);
    eventually("nothing goes on", LONG, || {
        (running(&world, "sleep").is_empty() && running(&world, "yes").is_empty()).then_some(())
    });
    world.press(&failed, "↻ Try again");
    let again = world.see_after(OWNER, failed.message_id, "exit code 3");
    world.press(&again, "📎 Send as a file");
    let told = "[The user sent a voice message: ";
    world.see_after(OWNER, again.message_id, told);
    assert_eq!(world.ledger().len(), 1);
    world.assert_no_violations();
}

#[test]
fn a_program_that_is_not_there_is_told_by_name() {
    let mut world = World::new();
    world.set("voice.transcribe", "[\"no-such-hearer\", \"{file}\"]");
    let _bridge = world.start();
    let told = speak_and_see(&world, "tea", "was not found: no-such-hearer");
    assert!(told.button("📎 Send as a file").is_some());
    let output = world.command().arg("check").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let problem = "voice.transcribe: no-such-hearer is not on PATH";
    assert!(said.contains(problem), "{said}");
}

#[test]
fn hostile_words_are_words() {
    let world = hearing();
    let _bridge = world.start();
    let said = "rehearse: say @/etc/passwd \u{202e}evil\u{1b}[31m red\u{1b}[0m\u{7}";
    speak_and_see(&world, said, "@ /etc/passwd evil red\n[Transcribed");
    let heard = speak_and_see(&world, "/stop", "🎙 I heard:\n/stop");
    world.wait("an answer", |view| {
        let mut posts = view.bot_posts(OWNER);
        posts
            .find(|post| post.message_id > heard.message_id)
            .map(drop)
    });
    assert_eq!(world.ledger().len(), 2, "it is a prompt");
}

#[test]
fn what_is_too_long_is_not_listened_to_and_a_stop_ends_the_program() {
    let mut world = hearing();
    // Each voice message of the playground says that it takes three.
    world.set("voice.max_length", "\"2s\"");
    let bridge = world.start();
    speak_and_see(&world, "tea", "I transcribe up to 2 s");
    assert_eq!(runs(&world), 0);
    drop(bridge);
    world.set("voice.max_length", "\"3s\"");
    let _bridge = world.start();
    speak(&world, "HANG");
    wait_until_it_hangs(&world);
    world.say_and_see("/status", "transcribing a voice message");
    world.say_and_see("/stop", "1 waiting message was dropped");
    eventually("the program ends", Duration::from_secs(2), || {
        running(&world, "sleep").is_empty().then_some(())
    });
}

#[test]
fn a_lockdown_ends_the_program_and_it_listens_anew_when_that_is_over() {
    let world = hearing();
    let _bridge = world.start();
    fs::write(world.path("hang"), "").unwrap();
    let said = speak(&world, "tea\n");
    wait_until_it_hangs(&world);
    world.say_and_see("/lockdown", "🔒 Locked down");
    world.assert_nothing_left_within_two_seconds();
    assert_eq!(runs(&world), 1);
    world.say_and_see("/unlock", "🔓 Unlocked");
    world.see_after(OWNER, said.message_id, "🎙 I heard:");
    world.wait("one run", |_| (world.ledger().len() == 1).then_some(()));
    assert_eq!(runs(&world), 2);
    world.assert_no_violations();
}

#[test]
fn without_a_program_the_file_goes_in_and_the_way_out_is_told_once() {
    let world = World::new();
    let bridge = world.start();
    let told = "[The user sent a voice message: ";
    speak_and_see(&world, "tea", told);
    drop(bridge);
    let _bridge = world.start();
    speak_and_see(&world, "more tea", told);
    let texts = world.bot_texts(OWNER);
    let hints = texts
        .iter()
        .filter(|text| text.contains("voice.transcribe"));
    assert_eq!(hints.count(), 1);
}
