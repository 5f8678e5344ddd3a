//! Promise: what the bridge remembers can be checked, saved and brought back.

use std::fs;
use std::process::Output;

use crate::support::bridge::{LONG, World};
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
    let expected = "everything can be read: 1 sessions, 1 users, 0 groups\n";
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
