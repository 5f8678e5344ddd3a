//! Whoever is not known asks once, and an administrator decides.

use playground::Post;

use super::{ANNA, BEN, DORA, shared_world};
use crate::support::bridge::{LONG, OWNER, World};
use crate::support::eventually::eventually;

/// Lets Anna ask, and returns the card that an administrator got.
fn ask_to_join(world: &World, admin: i64) -> Post {
    world.ask(ANNA, "hello", "I asked the administrators");
    world.see(admin, "wants to use this bot")
}

fn text_of(world: &World, chat: i64, post: &Post) -> (String, usize) {
    let text = world.playground.text_of(chat, post.message_id);
    let buttons = world.playground.buttons_of(chat, post.message_id);
    (text.unwrap_or_default(), buttons.len())
}

#[test]
fn one_answer_one_request_and_the_first_press_decides_for_all() {
    let mut world = shared_world();
    world.set("multi_user.admin_users", format!("[{DORA}]"));
    let _bridge = world.start();
    world.ask(DORA, "/whoami", "administrator");
    let olgas = ask_to_join(&world, OWNER);
    let doras = world.see(DORA, "wants to use this bot");
    // A quiet wait: nothing more is said, nothing runs, nobody is asked again.
    for _ in 0..3 {
        world.playground.say(ANNA, "rehearse: say let me in");
    }
    world.ask(OWNER, "rehearse: say busy", "busy");
    assert_eq!(world.bot_texts(ANNA).len(), 1);
    let cards = |admin: i64| {
        let texts = world.bot_texts(admin).into_iter();
        texts.filter(|text| text.contains("wants to use")).count()
    };
    assert_eq!((cards(OWNER), cards(DORA)), (1, 1));

    world.press_and_see(DORA, &doras, "Approve", "Let in");
    world.see(ANNA, "You can use this bot now");
    let decision = format!("Administrator {DORA} let in");
    eventually("both cards are the decision", LONG, || {
        let (olgas, doras) = (
            text_of(&world, OWNER, &olgas),
            text_of(&world, DORA, &doras),
        );
        let is_closed =
            |(text, buttons): &(String, usize)| text.contains(&decision) && *buttons == 0;
        (is_closed(&olgas) && is_closed(&doras)).then_some(())
    });
    world.ask(ANNA, "rehearse: say at last", "at last");
    world.assert_no_violations();
}

#[test]
fn a_request_survives_a_restart_and_the_old_card_still_decides() {
    let world = shared_world();
    let bridge = world.start();
    let card = ask_to_join(&world, OWNER);
    // The card is noted when it has been sent; an answer that took a while comes after that.
    world.ask(OWNER, "rehearse: bash sleep 1; echo noted", "noted");
    bridge.kill();
    let _bridge = world.start();
    world.playground.say(ANNA, "hello again");
    world.ask(OWNER, "rehearse: say back", "back");
    assert_eq!(world.bot_texts(ANNA).len(), 1);
    world.press_and_see(OWNER, &card, "Deny", "Not let in");
    world.see(ANNA, "decided not to let you in");
    eventually("the card is the decision", LONG, || {
        let (text, buttons) = text_of(&world, OWNER, &card);
        (text.contains("did not let in") && buttons == 0).then_some(())
    });
    world.ask(ANNA, "please", "You cannot use this bot");
}

#[test]
fn adding_somebody_by_number_settles_their_request() {
    let world = shared_world();
    let _bridge = world.start();
    let card = ask_to_join(&world, OWNER);
    world.ask(OWNER, "/users", "1 waiting");
    world.ask(OWNER, &format!("/add_user {ANNA}"), "can use this bot");
    eventually("the card is the decision", LONG, || {
        let (text, buttons) = text_of(&world, OWNER, &card);
        (text.contains(&format!("Administrator {OWNER} let in")) && buttons == 0).then_some(())
    });
    world.see(ANNA, "You can use this bot now");
    world.ask(ANNA, "rehearse: say thanks", "thanks");
    // Somebody whom nobody has ever seen can be added too.
    world.ask(OWNER, &format!("/add_user {BEN} Ben"), "Ben");
    world.ask(BEN, "rehearse: say me too", "me too");
}

#[test]
fn a_shared_contact_and_a_forwarded_message_stand_for_the_number() {
    let world = shared_world();
    let _bridge = world.start();
    let contact = world
        .playground
        .send_contact(OWNER, OWNER, "+100", "Anna", Some(ANNA));
    let said = world
        .playground
        .reply(OWNER, OWNER, contact.message_id, "/add_user");
    world.see_after(OWNER, said.message_id, "Anna (2002) can use this bot");
    let origin = playground::ForwardOrigin::User {
        id: BEN,
        first_name: "Ben".into(),
        username: None,
    };
    let forwarded = world.playground.forward(OWNER, OWNER, origin, "hi there");
    let said = world
        .playground
        .reply(OWNER, OWNER, forwarded.message_id, "/add_user");
    world.see_after(OWNER, said.message_id, "Ben (3003) can use this bot");
    let hidden = playground::ForwardOrigin::Hidden("Somebody".into());
    let forwarded = world.playground.forward(OWNER, OWNER, hidden, "hi there");
    let said = world
        .playground
        .reply(OWNER, OWNER, forwarded.message_id, "/add_user");
    world.see_after(OWNER, said.message_id, "does not say who wrote");
}

#[test]
fn users_are_shown_page_by_page() {
    let world = shared_world();
    let _bridge = world.start();
    for number in 0..24 {
        let text = format!("/add_user {} Person {number}", 7000 + number);
        world.ask(OWNER, &text, &format!("Person {number} ("));
    }
    let first = world.ask(OWNER, "/users", "25 can use this bot");
    assert!(first.text.contains("Olga") && first.text.contains("Person 8 ("));
    assert!(!first.text.contains("Person 9 ("), "{}", first.text);
    let turn = |button: &str, expected: &str| {
        world
            .playground
            .press(OWNER, OWNER, first.message_id, button)
            .expect("the button is there");
        eventually("the page is turned", LONG, || {
            let (text, _) = text_of(&world, OWNER, &first);
            text.contains(expected).then_some(())
        });
    };
    turn("More ›", "Person 9 (");
    turn("More ›", "Person 23 (");
    turn("‹ Back", "Person 9 (");
    turn("‹ Back", "Olga");
    world.assert_no_violations();
}
