//! Tests of the supervisor with real sessions, a scripted launcher and recorders.

mod calls;
mod change;
mod isolation;
mod leaving;
mod lockdown;
mod many;
mod open;
mod people;
mod rebuilt;
mod support;

use std::time::Duration;

use self::support::world;
use crate::session_supervisor::EndAll;

/// Long enough for everything that needs no time.
const SHORT: Duration = Duration::from_millis(50);

#[actix::test]
async fn chats_are_served_side_by_side() {
    let world = world(8, None);
    world.say(1, "hang").await;
    world.say(2, "hello").await;
    world.pass(SHORT).await;
    assert_eq!(world.journal.of_chat(1), ["agent started"]);
    assert_eq!(world.journal.of_chat(2), ["agent started", "hello"]);
}

#[actix::test]
async fn a_session_that_panics_is_rebuilt_told_and_leaves_the_others_alone() {
    let world = world(2, None);
    world.say(2, "hang").await;
    world.say(1, "panic").await;
    world.pass(Duration::from_secs(5)).await;
    let lines = world.journal.of_chat(1);
    assert_eq!(lines[..2], ["agent started", "agent dropped"]);
    assert!(
        lines[2].contains("restarted this chat's session"),
        "{lines:?}"
    );
    // What broke it three times is not tried again by itself.
    let starts = lines.iter().filter(|line| *line == "agent started");
    assert_eq!(starts.count(), 3);
    assert!(
        lines.last().unwrap().contains("started 3 times"),
        "{lines:?}"
    );
    assert_eq!(world.open.open()[1..], ["1: panic-2 interrupted"]);
    // Its slot is free again: with two slots and one chat hanging it is served.
    world.say(1, "still there?").await;
    world.pass(SHORT).await;
    assert_eq!(world.journal.of_chat(1).last().unwrap(), "still there?");
    assert_eq!(world.journal.of_chat(2), ["agent started"]);
}

#[actix::test]
async fn a_session_that_panics_again_and_again_is_parked_and_the_person_told() {
    let world = world(8, None);
    for _ in 0..6 {
        world.say(1, "panic").await;
        world.pass(Duration::from_secs(8)).await;
    }
    world.pass(Duration::from_secs(20)).await;
    world.say(1, "hello").await;
    world.pass(SHORT).await;
    let lines = world.journal.of_chat(1);
    assert!(
        lines.last().unwrap().contains("paused for 10 min"),
        "{lines:?}"
    );
    // What it may have failed on is offered, and does not run again by itself.
    let is_decided_by_a_person = |line: &String| line.ends_with("interrupted");
    let open = world.open.open();
    assert!(open.iter().all(is_decided_by_a_person), "{open:?}");
    world
        .pass(crate::session_supervisor::children::PARKING_TIME)
        .await;
    let starts = |world: &support::World| {
        let lines = world.journal.of_chat(1);
        lines.iter().filter(|line| *line == "agent started").count()
    };
    let before = starts(&world);
    world.say(1, "hello again").await;
    world.pass(SHORT).await;
    assert_eq!(world.journal.of_chat(1).last().unwrap(), "hello again");
    assert_eq!(starts(&world), before + 1);
}

#[actix::test]
async fn a_chat_beyond_max_live_takes_over_from_an_idle_one() {
    let world = world(1, None);
    world.say(1, "one").await;
    world.pass(SHORT).await;
    world.say(2, "two").await;
    world.pass(SHORT).await;
    assert_eq!(
        world.journal.of_chat(1),
        ["agent started", "one", "agent dropped"]
    );
    let lines = world.journal.of_chat(2);
    assert_eq!(lines.last().unwrap(), "two");
    assert!(lines[0].contains("You are next"), "{lines:?}");
}

#[actix::test]
async fn a_store_that_cannot_be_read_starts_nothing() {
    let world = world(8, Some(1));
    world.say(1, "hello").await;
    world.pass(SHORT).await;
    let lines = world.journal.of_chat(1);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("cannot read its data"), "{lines:?}");
}

#[actix::test]
async fn ending_all_ends_every_agent_and_answers_when_they_are_gone() {
    let world = world(8, None);
    world.say(1, "hang").await;
    world.say(2, "hello").await;
    world.pass(SHORT).await;
    world
        .supervisor
        .send(EndAll {
            grace: Duration::ZERO,
        })
        .await
        .unwrap();
    for chat in [1, 2] {
        assert!(
            world
                .journal
                .of_chat(chat)
                .contains(&"agent dropped".to_owned())
        );
    }
}

#[actix::test]
async fn ending_all_without_sessions_is_immediate() {
    let world = world(8, None);
    world
        .supervisor
        .send(EndAll {
            grace: Duration::ZERO,
        })
        .await
        .unwrap();
}
