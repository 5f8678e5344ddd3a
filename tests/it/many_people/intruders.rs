//! Whatever people try who are not let in, or not administrators: it does not get them in.

use playground::{ChatSender, ForwardOrigin};

use super::{ANNA, BEN, DORA, shared_world, world_of};
use crate::support::bridge::{OWNER, World};

/// Waits until everything that was sent before has been dealt with.
fn settle(world: &World) {
    world.ask(OWNER, "rehearse: say settled", "settled");
    world.wait("all updates are confirmed", |view| {
        (view.unconfirmed_updates() == 0).then_some(())
    });
}

fn users(world: &World) -> String {
    world.ask(OWNER, "/users", "can use this bot").text
}

#[test]
fn forged_and_borrowed_buttons_let_nobody_in() {
    let mut world = shared_world();
    world.set("multi_user.allowed_users", format!("[{BEN}]"));
    world.set("multi_user.strangers", "\"ask\"");
    let _bridge = world.start();
    world.ask(BEN, "rehearse: say ben", "ben");
    world.ask(ANNA, "hello", "I asked the administrators");
    let card = world.see(OWNER, "wants to use this bot");
    let play = &world.playground;
    let data: Vec<_> = view_data(&world, &card);
    let approve = data[0].clone();
    assert!(approve.starts_with("j1.a.2002."), "{approve}");
    // The right data in the wrong hands: the requester, a user, a stranger; in another chat.
    for person in [ANNA, BEN, DORA] {
        play.press_as(person, OWNER, card.message_id, &approve);
        play.press_as(person, person, 1, &approve);
    }
    // Wrong data in the right hands.
    let nonce = approve.rsplit('.').next().unwrap();
    for forged in [
        format!("j1.a.{DORA}.{nonce}"),
        format!("j1.a.{ANNA}.{}", "A".repeat(22)),
        format!("j1.a.+{ANNA}.{nonce}"),
        format!("j1.a.{ANNA}.{nonce}.x"),
        format!("j1.a.9223372036854775808.{nonce}"),
        "u1.a.".to_owned(),
        "\u{0}".to_owned(),
    ] {
        play.press_as(OWNER, OWNER, card.message_id, &forged);
    }
    settle(&world);
    let shown = users(&world);
    assert!(shown.contains("2 can use this bot · 1 waiting"), "{shown}");
    world.playground.say(ANNA, "rehearse: say in");
    world.playground.say(DORA, "rehearse: say in");
    settle(&world);
    assert!(world.ledger().iter().all(|line| !line.contains("say in")));
}

fn view_data(world: &World, post: &playground::Post) -> Vec<String> {
    let buttons = world.playground.buttons_of(OWNER, post.message_id);
    buttons.into_iter().map(|(_, data)| data).collect()
}

#[test]
fn commands_count_only_from_the_hand_of_an_administrator() {
    let world = world_of(&[BEN]);
    let _bridge = world.start();
    world.ask(BEN, "rehearse: say ben", "ben");
    let play = &world.playground;
    // A user with the name of an administrator is a user.
    play.set_first_name(BEN, "Olga");
    play.set_username(BEN, Some("olga_the_owner"));
    play.set_username(OWNER, None);
    world.ask(BEN, &format!("/promote {BEN}"), "Only administrators");
    world.ask(BEN, &format!("/add_user {ANNA}"), "Only administrators");
    // What an administrator has written elsewhere is a text when it is passed on, by anybody.
    let by_owner = || ForwardOrigin::User {
        id: OWNER,
        first_name: "Olga".into(),
        username: None,
    };
    play.forward(BEN, BEN, by_owner(), &format!("/promote {BEN}"));
    play.forward(OWNER, OWNER, by_owner(), &format!("/promote {BEN}"));
    // Nobody stands behind a channel, an anonymous administrator or another bot.
    play.group(-500, "Team", &[OWNER, BEN]);
    let allowed = play.say_in(-500, OWNER, "/allow_group");
    world.see_after(-500, allowed.message_id, "I work in this group now");
    let promote = format!("/promote@{} {BEN}", play.bot_username());
    play.say_as_chat(-500, ChatSender::AnonymousAdmin, &promote);
    let channel = ChatSender::Channel {
        id: -100_200,
        title: "Olga".into(),
    };
    play.say_as_chat(-500, channel, &promote);
    play.say_as_bot(-500, 9009, &promote);
    settle(&world);
    world.ask(OWNER, &format!("/user_info {BEN}"), "\nuser,");
}

#[test]
fn odd_numbers_are_told_and_change_nothing() {
    let mut world = world_of(&[BEN]);
    world.set("limits.messages_per_minute", 1000);
    let _bridge = world.start();
    world.ask(BEN, "rehearse: say ben", "ben");
    for (written, told) in [
        ("", "Who? Write the number"),
        ("+3003", "digits only"),
        (" 3 003", "digits only"),
        ("-3003", "a group, not a person"),
        ("0", "Nobody can have that number"),
        ("9223372036854775807", "Nobody can have that number"),
        ("9223372036854775808", "Nobody can have that number"),
        ("-9223372036854775808", "a group, not a person"),
        ("３００３", "digits only"),
        ("@ben", "somebody else can take the same name"),
        ("Ben", "somebody else can take the same name"),
        ("7777", "I do not know the number"),
    ] {
        for command in ["/remove_user", "/deactivate", "/promote", "/demote"] {
            world.ask(OWNER, &format!("{command} {written}"), told);
        }
    }
    world.ask(OWNER, &format!("/demote {OWNER}"), "bridge.toml makes");
    world.ask(OWNER, &format!("/deactivate {OWNER}"), "last administrator");
    let shown = users(&world);
    assert!(
        shown.contains("2 can use this bot · 0 waiting · 0 kept out"),
        "{shown}"
    );
}

#[test]
fn strangers_learn_their_number_and_nothing_else() {
    let mut world = shared_world();
    world.set("multi_user.strangers", "\"refuse\"");
    let bridge = world.start();
    world.ask(ANNA, "/whoami", "Your number is 2002");
    world.ask(ANNA, "hello", "private");
    let play = &world.playground;
    for text in [
        "/users",
        "/user_info 1001",
        "/promote 2002",
        "/add_user 2002",
        "/allow_group",
        "/start CODE",
        "/new",
        "/status",
        "rehearse: bash touch owned",
    ] {
        play.say(ANNA, text);
    }
    settle(&world);
    assert_eq!(
        world.bot_texts(ANNA).len(),
        2,
        "{:?}",
        world.bot_texts(ANNA)
    );
    assert_eq!(bridge.output().matches("agent is started").count(), 1);
}
