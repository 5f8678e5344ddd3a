//! Promise: what the bridge remembers can be checked, saved and brought back.

use std::fs;
use std::process::{Command, Output};

use crate::support::bridge::{Bridge, LONG, OWNER, World};
use crate::support::eventually::eventually;

fn store(world: &World, arguments: &[&str]) -> Output {
    let mut command = world.command();
    command.arg("store").args(arguments);
    command.output().expect("the bridge runs")
}

fn told(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(text).unwrap()
}

#[test]
fn a_restored_bridge_knows_its_owner_and_goes_on_with_the_conversation() {
    let world = World::unclaimed();
    let bridge = world.start();
    let line = bridge.wait_for_line("/start ");
    let code = line.split("/start ").nth(1).unwrap().trim().to_owned();
    world.say_and_see(&format!("/start {code}"), "yours");
    world.say_and_see("rehearse: say before", "before");
    // Every day has its backup, made while the bridge runs.
    let backups = world.path("data/backups");
    eventually("the backup of the day", LONG, || {
        let mut files = fs::read_dir(&backups).ok()?;
        files.next().map(drop)
    });
    let refused = store(&world, &["check"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(told(&refused).contains("a bridge is running"));
    bridge.stop();

    let checked = store(&world, &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", told(&checked));
    let expected = "everything can be read: 1 session, 1 user, 0 groups\n";
    assert_eq!(told(&checked), expected);
    let saved = world.path("saved.jsonl").display().to_string();
    let backed_up = store(&world, &["backup", &saved]);
    assert_eq!(backed_up.status.code(), Some(0), "{}", told(&backed_up));
    let occupied = store(&world, &["restore", &saved]);
    assert_eq!(occupied.status.code(), Some(1));
    assert!(told(&occupied).contains("move store and store.mark away"));

    fs::remove_dir_all(world.path("data")).unwrap();
    let restored = store(&world, &["restore", &saved]);
    assert_eq!(restored.status.code(), Some(0), "{}", told(&restored));
    let bridge = world.start();
    world.say_and_see("rehearse: say after", "after");
    bridge.stop();
    let ledger = world.ledger();
    let conversation = |line: &String| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        line["conversation"].to_string()
    };
    assert_eq!(conversation(&ledger[0]), conversation(&ledger[1]));
}

/// The limit on the size of files stands for the end of the disk: a write fails in the middle of
/// the traffic, wherever it happens to be.
#[test]
fn a_disk_that_is_full_ends_the_bridge_and_loses_nothing() {
    let mut world = World::new();
    world.set("limits.messages_per_minute", 1_000);
    // Blocks of 512 bytes: the store begins its second segment of half a megabyte beyond that.
    let limited = "trap '' XFSZ; ulimit -f 1030; exec \"$@\"";
    let bridge = world.command();
    let mut command = Command::new("sh");
    command.args(["-c", limited, "sh"]);
    command.arg(bridge.get_program()).args(bridge.get_args());
    command.arg("run").current_dir(world.path("home"));
    command.env_clear();
    for (name, value) in bridge.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let mut bridge = Bridge::spawn(command);
    let padding = "x".repeat(3_000);
    let mut said = 0;
    let status = loop {
        said += 1;
        assert!(said < 1_000, "the disk is never full");
        let text = format!("rehearse: say number{said}. {padding}");
        world.playground.say(OWNER, &text);
        let answer = format!("number{said}.");
        let ended = eventually("an answer, or the end of the disk", LONG, || {
            match bridge.try_wait() {
                Some(status) => Some(Some(status)),
                None => world.playground.look(|view| {
                    let mut posts = view.bot_posts(OWNER);
                    posts
                        .any(|post| post.text.contains(&answer))
                        .then_some(None)
                }),
            }
        });
        if let Some(status) = ended {
            break status;
        }
    };
    assert_eq!(status.code(), Some(1), "{}", bridge.output());
    let output = bridge.output();
    let last = output.lines().last().unwrap_or_default();
    assert!(
        last.contains("store") && last.contains("too large"),
        "the last line is {last:?}"
    );
    let _bridge = world.start();
    world.say_and_see("rehearse: say and on", "and on");
    let texts = world.bot_texts(OWNER);
    let ledger = world.ledger();
    for number in 1..=said {
        let name = format!("number{number}.");
        let answered = texts.iter().any(|text| text.contains(&name));
        let offered = texts
            .iter()
            .any(|text| text.contains("Nothing repeats unless you say so."));
        assert!(
            answered || (number == said && offered),
            "{name} of {said}: {texts:#?}"
        );
        let ran = ledger.iter().filter(|line| line.contains(&name)).count();
        assert!(ran <= 1, "{name} ran {ran} times");
    }
}
