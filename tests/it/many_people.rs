//! Promise: many people share a bridge, each with a session that nobody else can see or touch.

mod groups;
mod intruders;
mod joining;
mod settings;
mod transcript;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use playground::Post;

use crate::support::bridge::{LONG, OWNER, World, works};
use crate::support::eventually::eventually;

/// Whoever is let in in most tests.
const ANNA: i64 = 2002;
/// Somebody else.
const BEN: i64 = 3003;
/// Another administrator.
const DORA: i64 = 4004;

/// Returns a world that many people share; the owner of the configuration is an administrator.
fn shared_world() -> World {
    let mut world = World::new();
    world.set("multi_user.enabled", true);
    for (person, name) in [(ANNA, "Anna"), (BEN, "Ben"), (DORA, "Dora")] {
        world.playground.user(person, name);
    }
    world
}

/// Returns a shared world in which these come in as users.
fn world_of(people: &[i64]) -> World {
    let mut world = shared_world();
    world.set("multi_user.allowed_users", format!("{people:?}"));
    world
}

impl World {
    /// Lets a person write in private and waits for a post that contains `expected`.
    fn ask(&self, person: i64, text: &str, expected: &str) -> Post {
        let said = self.playground.say(person, text);
        self.see_after(person, said.message_id, expected)
    }

    /// Waits for a post in a chat that contains `expected`, edits included.
    fn see(&self, chat: i64, expected: &str) -> Post {
        self.see_after(chat, 0, expected)
    }

    /// Returns the conversation of each executed prompt.
    fn conversations(&self) -> Vec<String> {
        let ledger = self.ledger().into_iter();
        let parse = |line: String| serde_json::from_str::<serde_json::Value>(&line).unwrap();
        ledger
            .map(|line| parse(line)["conversation"].to_string())
            .collect()
    }

    /// Waits for the press of a button to be answered with a text.
    fn press_and_see(&self, person: i64, post: &Post, button: &str, expected: &str) {
        let press = self
            .playground
            .press(person, person, post.message_id, button)
            .expect("the button is there");
        self.wait(&format!("a toast with {expected:?}"), |view| {
            let answer = view.press_answer(&press.query_id)?;
            assert!(answer.contains(expected), "{answer}");
            Some(())
        });
    }
}

#[test]
fn each_person_works_in_a_folder_and_a_conversation_of_their_own() {
    let world = world_of(&[ANNA, BEN]);
    let _bridge = world.start();
    let folder = |person: i64| world.path("project").join(person.to_string());
    for person in [ANNA, BEN] {
        let place = folder(person).display().to_string();
        world.ask(person, "rehearse: bash pwd", &place);
        let mode = fs::metadata(folder(person)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
    // The owner goes on where they have always worked.
    let place = format!("{}\n", world.path("project").display());
    world.ask(OWNER, "rehearse: bash pwd; echo", place.trim());
    let mut conversations = world.conversations();
    conversations.sort();
    conversations.dedup();
    assert_eq!(conversations.len(), 3);
    world.assert_no_violations();
}

#[test]
fn a_long_turn_of_one_keeps_nobody_waiting() {
    let world = world_of(&[ANNA, BEN]);
    let _bridge = world.start();
    world.playground.say(ANNA, "rehearse: silence");
    world.wait("Anna's turn", |view| works(view, ANNA).then_some(()));
    world.ask(BEN, "rehearse: say for ben", "for ben");
    world.ask(OWNER, "rehearse: say for olga", "for olga");
    assert_eq!(world.bot_texts(ANNA), [""; 0]);
}

#[test]
fn switching_on_keeps_the_owners_session_and_makes_the_owner_an_administrator() {
    let mut world = World::unclaimed();
    let bridge = world.start();
    let line = bridge.wait_for_line("/start ");
    let code = line.split("/start ").nth(1).unwrap().trim().to_owned();
    world.ask(OWNER, &format!("/start {code}"), "yours");
    world.ask(OWNER, "rehearse: say before", "before");
    bridge.stop();

    world.set("multi_user.enabled", true);
    let bridge = world.start();
    world.ask(OWNER, "rehearse: say after", "after");
    let ledger = world.ledger();
    let conversation = |line: &String| line.split_whitespace().nth(1).map(str::to_owned);
    assert_eq!(
        conversation(&ledger[0]),
        conversation(&ledger[1]),
        "{ledger:?}"
    );
    world.ask(OWNER, "/whoami", "administrator");
    world.ask(ANNA, "hello", "asked the administrators");
    world.see(OWNER, "wants to use this bot");
    world.wait("the administrator's menu", |view| {
        let menu = view.commands_for(Some(OWNER));
        menu.iter().any(|(name, _)| name == "promote").then_some(())
    });
    // And back: the owner is the owner.
    bridge.stop();
    world.set("multi_user.enabled", false);
    let _bridge = world.start();
    world.ask(OWNER, "rehearse: say again", "again");
    world.ask(BEN, "hello", "private");
}

#[test]
fn nobody_starts_a_bridge_that_asks_and_has_nobody_to_ask() {
    let mut world = World::unclaimed();
    world.set("multi_user.enabled", true);
    let mut bridge = world.start();
    let status = bridge.wait();
    assert_eq!(status.code(), Some(1));
    let output = bridge.output();
    for way_out in ["multi_user.admin_users", "\"refuse\"", "\"open\""] {
        assert!(output.contains(way_out), "{output}");
    }
}

#[test]
fn removing_somebody_ends_their_turn_and_agent_within_a_second() {
    for command in ["/remove_user", "/deactivate"] {
        let world = world_of(&[ANNA, BEN]);
        let _bridge = world.start();
        world
            .playground
            .say(ANNA, "rehearse: bash sleep 1000 & sleep 1000");
        eventually("the agent's tools", LONG, || {
            (world.processes_of_agents().len() >= 4).then_some(())
        });
        world.ask(ANNA, "rehearse: say never", "Queued");
        world.ask(OWNER, &format!("{command} {ANNA}"), "Anna");
        eventually("the end of the agent", Duration::from_secs(1), || {
            world.processes_of_agents().is_empty().then_some(())
        });
        world.ask(ANNA, "rehearse: say let me", "You cannot use this bot");
        world.ask(OWNER, &format!("/user_info {BEN}"), "user");
        assert_eq!(world.ledger().len(), 1, "{:?}", world.ledger());
        world.assert_no_violations();
    }
}

#[test]
fn too_many_messages_are_answered_once_and_stop_always_works() {
    let mut world = world_of(&[ANNA]);
    world.set("limits.messages_per_minute", 3);
    let _bridge = world.start();
    world.playground.say(ANNA, "rehearse: silence");
    for number in 0..6 {
        let text = format!("rehearse: say number {number}");
        world.playground.say(ANNA, &text);
    }
    world.see(ANNA, "3 messages a minute");
    world.ask(ANNA, "/stop", "topped");
    world.ask(OWNER, "rehearse: say unharmed", "unharmed");
    let told = world.bot_texts(ANNA);
    let excess = told
        .iter()
        .filter(|text| text.contains("3 messages a minute"));
    assert_eq!(excess.count(), 1, "{told:?}");
    assert!(
        !told.iter().any(|text| text.contains("number 5")),
        "{told:?}"
    );
}

#[test]
fn administrators_and_users_have_their_own_menus() {
    let world = world_of(&[ANNA]);
    let _bridge = world.start();
    let names = |person| {
        let menu = world.playground.commands_for(Some(person));
        menu.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    let has_promote = |person| names(person).iter().any(|name| name == "promote");
    world.ask(ANNA, "rehearse: say hi", "hi");
    eventually("Olga's menu", LONG, || has_promote(OWNER).then_some(()));
    assert!(names(ANNA).iter().any(|name| name == "stop"));
    assert!(!has_promote(ANNA));
    world.ask(OWNER, &format!("/promote {ANNA}"), "administrator");
    eventually("Anna's new menu", LONG, || has_promote(ANNA).then_some(()));
    world.see(ANNA, "You are an administrator");
    world.ask(ANNA, "/help", "/promote, /demote");
    world.ask(OWNER, &format!("/demote {ANNA}"), "no longer");
    eventually("Anna's old menu", LONG, || {
        (!has_promote(ANNA)).then_some(())
    });
    world.ask(ANNA, &format!("/promote {ANNA}"), "Only administrators");
    world.assert_no_violations();
}
