//! A chat whose data is deleted, from the sessions' side.

use super::SHORT;
use super::support::world;
use crate::ids::{ChatId, SessionKey};
use crate::session::TakeOver;
use crate::session_supervisor::{EmptyChat, ReopenChat, ResumeSession};

#[actix::test]
async fn the_agent_ends_first_nothing_starts_until_it_is_over_and_others_go_on() {
    let world = world(2, None);
    world.say(1, "hang").await;
    world.say(1, "later").await;
    world.pass(SHORT).await;
    let emptied = world.supervisor.send(EmptyChat(ChatId(1)));
    emptied.await.unwrap();
    let lines = world.journal.lines();
    assert!(lines.contains(&"1: agent dropped".to_owned()), "{lines:?}");
    assert_eq!(world.open.open(), [""; 0], "nothing of it waits");
    let starts = world.orders.lock().unwrap().len();
    // Neither a message nor what was open begins anything.
    world.say(1, "too early").await;
    let key = SessionKey::of_chat(ChatId(1));
    let from = TakeOver::EarlierRun;
    let resumed = world.supervisor.send(ResumeSession { key, from });
    resumed.await.unwrap();
    world.pass(SHORT).await;
    assert_eq!(world.orders.lock().unwrap().len(), starts);
    let told = world.journal.lines();
    assert!(
        told.iter().any(|line| line.contains("being deleted")),
        "{told:?}"
    );
    world.say(2, "hello").await;
    world.pass(SHORT).await;
    assert_eq!(world.orders.lock().unwrap().len(), starts + 1);
    world.supervisor.send(ReopenChat(ChatId(1))).await.unwrap();
    world.say(1, "anew").await;
    world.pass(SHORT).await;
    assert_eq!(world.orders.lock().unwrap().len(), starts + 2);
}

#[actix::test]
async fn a_chat_without_a_session_is_empty_at_once() {
    let world = world(2, None);
    let emptied = world.supervisor.send(EmptyChat(ChatId(1)));
    emptied.await.unwrap();
}
