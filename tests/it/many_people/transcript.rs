//! Two people and an administrator, from the first word to the last, as they saw it.

use expect_test::expect_file;

use super::{ANNA, BEN, shared_world};
use crate::support::bridge::{OWNER, works};

#[test]
fn the_transcript_in_the_documents_is_what_happens() {
    let world = shared_world();
    let bridge = world.start();
    world.playground.set_username(ANNA, Some("anna_l"));

    world.ask(ANNA, "Hello?", "I asked the administrators");
    let card = world.see(OWNER, "wants to use this bot");
    world.press_and_see(OWNER, &card, "Approve", "Let in");
    world.see(ANNA, "You can use this bot now");
    world.ask(ANNA, "rehearse: say Here is the report.", "report");

    world.ask(OWNER, &format!("/add_user {BEN} Ben"), "can use this bot");
    world.ask(BEN, "rehearse: say Tests pass.", "Tests pass");
    world.ask(BEN, &format!("/promote {BEN}"), "Only administrators");
    world.ask(BEN, "/whoami", "let in by");

    world.ask(OWNER, "/users", "3 can use this bot");
    let said = world.playground.say(ANNA, "rehearse: silence");
    world.wait("Anna's turn", |view| works(view, ANNA).then_some(()));
    world.ask(OWNER, &format!("/deactivate {ANNA}"), "cannot use this bot");
    world.see_after(ANNA, said.message_id, "topped");
    world.ask(ANNA, "Am I out?", "You cannot use this bot");
    world.ask(OWNER, &format!("/activate {ANNA}"), "can use this bot");
    world.see_after(ANNA, said.message_id + 3, "You can use this bot now");
    world.ask(OWNER, &format!("/demote {OWNER}"), "bridge.toml makes");
    bridge.stop();

    let transcript = world.playground.transcript_of(&[OWNER, ANNA, BEN]);
    // The page quotes the file.
    expect_file!["../../../docs/many-people.txt"].assert_eq(&transcript);
    let page = include_str!("../../../docs/many-people.md");
    assert!(
        page.contains(transcript.trim()),
        "docs/many-people.md quotes another transcript"
    );
    world.assert_no_violations();
}
