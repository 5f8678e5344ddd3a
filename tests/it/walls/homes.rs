//! A home that is full: the person is told, and decides whether Claude starts there.

use std::fs;

use super::rooms::{ANNA, ask, check, has_namespaces, shared};
use crate::support::bridge::OWNER;

#[test]
fn in_a_full_home_claude_starts_only_when_its_person_says_so_and_can_tidy_up() {
    if !has_namespaces() {
        return;
    }
    let mut world = shared();
    world.set("limits.home_per_chat", r#""1MB""#);
    let home = world.path("data/chats/2002/home");
    fs::create_dir_all(&home).expect("a home");
    fs::write(home.join("cache"), vec![1; 3 << 20]).expect("a file");
    let checked = check(&mut world.command(), &[]);
    assert!(
        checked.contains("home in chat 2002 is full: 3 MB of 1 MB"),
        "{checked}"
    );
    let bridge = world.start();
    let asked = ask(
        &world,
        ANNA,
        "rehearse: bash rm ~/cache; echo tidied",
        "Your message did not run",
    );
    world.see_after(OWNER, 0, "home in chat 2002 is full: 3 MB of 1 MB");
    assert!(home.join("cache").exists());
    ask(&world, ANNA, "/status", "home: 3 MB of 1 MB");
    let pressed = world
        .playground
        .press(ANNA, ANNA, asked.message_id, "▶ Start anyway");
    pressed.expect("the button is there");
    world.see_after(ANNA, asked.message_id, "tidied");
    assert!(!home.join("cache").exists());
    ask(&world, ANNA, "rehearse: bash echo goes on", "goes on");
    // Nobody else is held up, and told of nothing.
    ask(&world, OWNER, "rehearse: say hi", "hi");
    drop(bridge);
    let listed = check(&mut world.command(), &[]);
    assert!(!listed.contains("home in chat 2002"), "{listed}");
}
