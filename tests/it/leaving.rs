//! Promise: what a person has here is deleted by their word, whole, wherever the bridge is killed.

use std::fs;
use std::path::PathBuf;

use playground::{Post, Upload};

use crate::support::bridge::{LONG, OWNER, World, works};
use crate::support::eventually::eventually;

const ANNA: i64 = 2002;
const BEN: i64 = 3003;

/// Where the bridge is killed in the middle of a deletion.
const POINTS: [&str; 4] = ["erase.noted", "erase.away", "erase.forgotten", "erase.gone"];

/// A shared bridge with something of two people in their rooms, and a conversation of each.
fn shared() -> World {
    let mut world = World::new();
    world.set("multi_user.enabled", true);
    world.set("multi_user.allowed_users", format!("[{ANNA}, {BEN}]"));
    for (person, name) in [(ANNA, "Anna"), (BEN, "Ben")] {
        world.playground.user(person, name);
    }
    world
}

fn fill(world: &World) {
    for person in [ANNA, BEN] {
        let note = Upload {
            caption: "rehearse: say got it".to_owned(),
            ..Upload::document("note.txt", "text/plain", "plum\n")
        };
        let said = world.playground.send_file(person, note);
        world.see_after(person, said.message_id, "got it");
        assert!(room(world, person).join("inbox").exists());
    }
}

fn room(world: &World, person: i64) -> PathBuf {
    world.path("data/chats").join(person.to_string())
}

fn ask(world: &World, person: i64, text: &str, expected: &str) -> Post {
    let said = world.playground.say(person, text);
    world.see_after(person, said.message_id, expected)
}

fn press(world: &World, person: i64, post: &Post, button: &str) {
    let message = post.message_id;
    let pressed = (world.playground).press(person, person, message, button);
    pressed.expect("the button is there");
}

fn deletions(world: &World) -> Vec<String> {
    let log = fs::read_to_string(world.path("data/audit.jsonl")).expect("a log");
    let lines = log.lines().filter(|line| line.contains("delete_room"));
    let lines = lines.map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let shown = lines.map(|line| {
        let of = |name: &str| line[name].to_string().trim_matches('"').to_owned();
        format!("{} {} {}", of("actor"), of("target"), of("outcome"))
    });
    shown.collect()
}

#[test]
fn what_somebody_has_goes_at_their_word_while_they_work_and_nobody_elses_does() {
    let world = shared();
    let _bridge = world.start();
    fill(&world);
    let asked = ask(
        &world,
        ANNA,
        "/delete_my_data",
        "Delete what you have here?",
    );
    press(&world, ANNA, &asked, "Keep it");
    world.see_edited(&asked, "Nothing was deleted");
    world.playground.say(ANNA, "rehearse: silence");
    world.wait("Anna's turn", |view| works(view, ANNA).then_some(()));
    let asked = ask(
        &world,
        ANNA,
        "/delete_my_data",
        "Delete what you have here?",
    );
    press(&world, ANNA, &asked, "🗑 Delete it");
    world.see_edited(&asked, "🗑 Deleting");
    world.see_after(ANNA, asked.message_id, "🗑 Deleted: 1 file,");
    assert!(!room(&world, ANNA).exists() && room(&world, BEN).join("inbox").exists());
    let left = fs::read_dir(world.path("data/leaving")).expect("a folder");
    assert_eq!(left.count(), 0);
    let by_anna = |outcome| format!("user:{ANNA} {ANNA} {outcome}");
    assert_eq!(deletions(&world), [by_anna("begun"), by_anna("done")]);
    // It begins anew, as somebody who was never here.
    ask(&world, ANNA, "rehearse: say anew", "anew");
    ask(&world, BEN, "rehearse: say still here", "still here");
    world.assert_no_violations();
}

#[test]
fn a_deletion_is_ended_by_the_next_start_wherever_the_bridge_is_killed_and_is_told() {
    for point in POINTS {
        let mut world = shared();
        let bridge = world.start();
        fill(&world);
        bridge.stop();
        world.env("FAILPOINTS", &format!("{point}=1*return"));
        let mut bridge = world.start();
        let asked = ask(
            &world,
            ANNA,
            "/delete_my_data",
            "Delete what you have here?",
        );
        press(&world, ANNA, &asked, "🗑 Delete it");
        bridge.wait();
        world.unset_env("FAILPOINTS");
        let _bridge = world.start();
        if point != "erase.gone" {
            world.see_after(ANNA, asked.message_id, "🗑 Deleted: what you had here");
        }
        // The press may have come again.
        let leaving = world.path("data/leaving");
        let is_over = || (!leaving.exists()).then_some(());
        eventually("the end of the deletion", LONG, is_over);
        assert!(!room(&world, ANNA).exists(), "{point}");
        assert!(room(&world, BEN).join("inbox").exists(), "{point}");
        if point != "erase.gone" {
            let ended = format!("bridge {ANNA} done");
            assert!(deletions(&world).contains(&ended), "{point}");
        }
        ask(&world, ANNA, "rehearse: say anew", "anew");
    }
}

#[test]
fn what_somebody_left_is_kept_until_an_administrator_deletes_it() {
    let world = shared();
    let _bridge = world.start();
    fill(&world);
    let removed = ask(
        &world,
        OWNER,
        &format!("/remove_user {ANNA}"),
        "was removed",
    );
    assert!(
        removed.text.contains("bridge rooms delete 2002"),
        "{}",
        removed.text
    );
    assert!(room(&world, ANNA).join("inbox").exists());
    press(&world, OWNER, &removed, "🗑 Delete it");
    world.see_after(
        OWNER,
        removed.message_id,
        "🗑 Deleted what 2002 left: 1 file",
    );
    assert!(!room(&world, ANNA).exists() && room(&world, BEN).exists());
    world.assert_no_violations();
}
