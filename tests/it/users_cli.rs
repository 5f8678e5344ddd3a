//! Promise: whoever has the host can see and change who comes in, by the same rules as the chat.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use crate::support::bridge::{OWNER, World};

/// Runs `bridge users` with these arguments, divided by spaces.
fn users(world: &World, arguments: &str) -> Output {
    let mut command = world.command();
    command.arg("users").args(arguments.split_whitespace());
    command.output().expect("the bridge runs")
}

/// Runs it, expects success, and returns what it printed.
fn done(world: &World, arguments: &str) -> String {
    let output = users(world, arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments}: {told}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs it, expects a refusal, and returns what it said.
fn refused(world: &World, arguments: &str, code: i32) -> String {
    let output = users(world, arguments);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments}: {told}");
    assert!(output.stdout.is_empty());
    told
}

fn shared() -> World {
    let mut world = World::unclaimed();
    world.set("multi_user.enabled", true);
    world
}

#[test]
fn a_person_is_added_promoted_and_removed_and_every_step_is_written_down() {
    let world = shared();
    assert_eq!(done(&world, "list"), "no users yet\n");
    assert_eq!(done(&world, "add 2002 --name Stan"), "added 2002\n");
    assert_eq!(done(&world, "promote 2002"), "promoted 2002\n");
    let listed = done(&world, "list");
    assert!(listed.contains("2002") && listed.contains("admin") && listed.contains("Stan"));
    let told = refused(&world, "demote 2002", 1);
    assert!(told.contains("last administrator"), "{told}");
    assert_eq!(done(&world, "add 1001"), "added 1001\n");
    assert_eq!(done(&world, "promote 1001"), "promoted 1001\n");
    assert_eq!(done(&world, "deactivate 2002"), "deactivated 2002\n");
    assert_eq!(done(&world, "activate 2002"), "activated 2002\n");
    assert_eq!(done(&world, "remove 2002"), "removed 2002\n");
    assert!(!done(&world, "list").contains("2002"));
    assert!(done(&world, "list --all").contains("removed"));
    let told = refused(&world, "promote 2002", 1);
    assert!(told.contains("bridge users add 2002"), "{told}");

    let rows: serde_json::Value = serde_json::from_str(&done(&world, "list --json")).unwrap();
    assert_eq!(rows[0]["chat_id"], 1001);
    assert_eq!(rows[0]["is_admin"], true);
    assert_eq!(rows[0]["admitted_by"], "host");

    let log = done(&world, "log");
    assert_eq!(log.lines().count(), 9, "{log}");
    assert!(
        log.contains("host  demote 2002  refused: the last administrator"),
        "{log}"
    );
    assert_eq!(done(&world, "log --last 1").lines().count(), 1);
    let line: serde_json::Value =
        serde_json::from_str(done(&world, "log --last 1 --json").trim()).unwrap();
    assert_eq!(line["outcome"], "refused");
    let mode = fs::metadata(world.path("data/audit.jsonl"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    // The bridge that could not start before has an administrator now.
    let bridge = world.start();
    world.say_and_see("/whoami", "administrator");
    bridge.stop();
}

#[test]
fn what_is_no_persons_number_is_told() {
    let world = shared();
    for (id, told) in [
        ("-5", "a group, not a person"),
        ("+5", "plain digits"),
        ("007", "plain digits"),
        ("5x", "plain digits"),
        ("0", "nobody can have"),
        ("4503599627370496", "nobody can have"),
        ("99999999999999999999", "nobody can have"),
        ("@stan", "somebody else can take the same name"),
        ("stan", "somebody else can take the same name"),
    ] {
        let said = refused(&world, &format!("add {id}"), 2);
        assert!(said.contains(told), "{id}: {said}");
    }
}

#[test]
fn a_running_bridge_keeps_its_store_and_the_log_can_be_read_beside_it() {
    let world = World::new();
    let bridge = world.start();
    world.say_and_see("rehearse: say here", "here");
    let told = refused(&world, "list", 1);
    assert!(
        told.contains("a bridge is running") && told.contains("/add_user"),
        "{told}"
    );
    world.playground.say(2002, "hello");
    world.see_after(2002, 0, "private");
    let log = done(&world, "log");
    assert!(
        log.contains("user 2002  enter  refused: not a user"),
        "{log}"
    );
    bridge.stop();
    let told = users(&world, "add 2002").stderr;
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("only the owner is let in"), "{told}");
}

#[test]
fn an_older_bridges_file_comes_in_and_goes_out_again() {
    let world = shared();
    let old = world.path("old.json");
    fs::write(
        &old,
        r#"{"1001": {"chat_id": 1001, "username": "olga", "first_name": "Olga",
            "created_at": "2024-05-06T07:08:09.5", "is_active": true, "is_admin": true},
            "2002": {"chat_id": 2002, "username": null, "first_name": "Stan",
            "created_at": "2024-05-06T07:08:09", "is_active": false, "is_admin": false}}"#,
    )
    .unwrap();
    assert_eq!(
        done(&world, "import old.json"),
        "imported 2, skipped 0 already known\n"
    );
    assert_eq!(
        done(&world, "import old.json --json"),
        "{\"imported\":0,\"kept\":2}\n"
    );
    assert_eq!(done(&world, "export new.json"), "exported 2\n");
    let mode = fs::metadata(world.path("new.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let exported = fs::read_to_string(world.path("new.json")).unwrap();
    assert_eq!(done(&world, "export"), exported);
    let other = shared();
    fs::write(other.path("new.json"), &exported).unwrap();
    assert_eq!(
        done(&other, "import new.json"),
        "imported 2, skipped 0 already known\n"
    );
    assert_eq!(done(&other, "export"), exported);

    fs::write(
        &old,
        r#"{"3003": {"chat_id": 3003}, "4004": {"chat_id": -4}}"#,
    )
    .unwrap();
    let told = refused(&world, "import old.json", 1);
    assert!(told.contains("4004") && told.contains("group"), "{told}");
    assert!(!done(&world, "list").contains("3003"), "all or none");
    let log = done(&world, "log --last 1");
    assert!(log.contains("host  import  refused"), "{log}");

    fs::write(&old, r#"{"1001": {"chat_id": 1001, "is_active": false}}"#).unwrap();
    let told = refused(&world, "import old.json --replace", 1);
    assert!(told.contains("nobody would be left"), "{told}");

    let bridge = world.start();
    assert_eq!(OWNER, 1001);
    world.say_and_see("rehearse: say imported", "imported");
    world.playground.say(2002, "hello");
    world.see_after(2002, 0, "You cannot use this bot");
    bridge.stop();
}
