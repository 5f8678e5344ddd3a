//! A bridge that is locked down, from the sessions' side.

use std::time::Duration;

use super::SHORT;
use super::support::{Ends, World, world};
use crate::agent_event::AgentEvent;
use crate::ids::{ChatId, SessionKey};
use crate::session::TakeOver;
use crate::session_supervisor::{EndAll, LockDown, ResumeSession, Unlock};

async fn lock(world: &World) {
    world.supervisor.send(LockDown).await.unwrap();
    world.pass(SHORT).await;
}

/// Does what the router does.
async fn unlock(world: &World, chats: &[i64]) {
    world.supervisor.send(Unlock).await.unwrap();
    for chat in chats {
        let key = SessionKey::of_chat(ChatId(*chat));
        let from = TakeOver::Lockdown;
        let resumed = world.supervisor.send(ResumeSession { key, from });
        resumed.await.unwrap();
    }
    world.pass(SHORT).await;
}

/// Lets the first agent be seen to work.
async fn begin(world: &World) {
    let generation = world.orders.lock().unwrap()[0].generation;
    world.report(generation, AgentEvent::AttemptStarted);
    world.pass(SHORT).await;
}

#[actix::test]
async fn an_unlock_says_whether_anything_was_locked_so_that_one_that_failed_can_be_sent_again() {
    let world = world(2, None);
    let unlock = || world.supervisor.send(Unlock);
    assert!(!unlock().await.unwrap());
    world.supervisor.send(LockDown).await.unwrap();
    assert!(unlock().await.unwrap());
    assert!(!unlock().await.unwrap());
}

fn starts(world: &World) -> usize {
    world.orders.lock().unwrap().len()
}

#[actix::test]
async fn every_agent_ends_at_once_and_what_was_open_stays_open_without_a_word() {
    let world = world(2, None);
    world.say(1, "hang").await;
    world.say(1, "later").await;
    world.say(2, "hello").await;
    world.say(3, "waits").await;
    world.pass(SHORT).await;
    let before = world.journal.lines().len();
    lock(&world).await;
    let lines = world.journal.lines();
    let after = &lines[before..];
    assert!(after.contains(&"1: agent dropped".to_owned()), "{lines:?}");
    assert!(lines.contains(&"2: agent dropped".to_owned()), "{lines:?}");
    let open = world.open.open();
    assert!(open.contains(&"1: later-2 accepted".to_owned()), "{open:?}");
    assert!(
        open.iter().any(|it| it.starts_with("1: hang-1")),
        "{open:?}"
    );
    assert!(
        lines.iter().all(|line| !line.contains("interrupted")),
        "{lines:?}"
    );
}

#[actix::test]
async fn no_agent_starts_while_it_is_locked_down_whatever_comes() {
    let world = world(8, None);
    world.say(1, "hang").await;
    world.pass(SHORT).await;
    lock(&world).await;
    let before = starts(&world);
    // What the router had let in before it heard of the lockdown.
    world.say(1, "late").await;
    world.say(2, "late").await;
    world.press(3, "s1.x.nonce").await;
    let key = SessionKey::of_chat(ChatId(1));
    let from = TakeOver::EarlierRun;
    let resumed = world.supervisor.send(ResumeSession { key, from });
    resumed.await.unwrap();
    world.pass(Duration::from_secs(3600)).await;
    assert_eq!(starts(&world), before);
    let open = world.open.open();
    assert!(open.contains(&"2: late-3 accepted".to_owned()), "{open:?}");
}

#[actix::test]
async fn what_was_open_goes_on_when_it_is_unlocked() {
    let world = world(8, None);
    world.say(1, "hang").await;
    world.pass(SHORT).await;
    begin(&world).await;
    lock(&world).await;
    world.say(1, "late").await;
    unlock(&world, &[1]).await;
    let lines = world.journal.of_chat(1);
    assert!(lines[2].contains("This message has not run"), "{lines:?}");
    assert!(
        lines[3].contains("locked down while Claude worked on this"),
        "{lines:?}"
    );
    assert!(lines[4].contains("is unlocked"), "{lines:?}");
    assert_eq!(lines[5..], ["agent started", "late"]);
    world.say(2, "hello").await;
    world.pass(SHORT).await;
    assert_eq!(world.journal.of_chat(2).last().unwrap(), "hello");
}

#[actix::test]
async fn an_unlock_before_the_last_agent_is_gone_loses_nothing() {
    let world = world(8, None);
    world.say(1, "hang").await;
    world.pass(SHORT).await;
    begin(&world).await;
    *world.ends.lock().unwrap() = Ends::Later;
    world.say(1, "later").await;
    lock(&world).await;
    unlock(&world, &[1]).await;
    assert_eq!(starts(&world), 1, "a chat never has two agents");
    *world.ends.lock().unwrap() = Ends::AtOnce;
    world.exit(1);
    world.pass(SHORT).await;
    let lines = world.journal.of_chat(1);
    assert_eq!(lines.last().unwrap(), "later");
    assert!(
        lines
            .iter()
            .any(|it| it.contains("locked down while Claude worked on this")),
        "it says what ended the work: {lines:?}"
    );
    assert!(
        lines.iter().any(|it| it.contains("The bridge is unlocked")),
        "{lines:?}"
    );
}

#[actix::test]
async fn a_session_that_breaks_meanwhile_starts_no_agent() {
    let world = world(8, None);
    world.say(1, "panic").await;
    lock(&world).await;
    world.pass(Duration::from_secs(60)).await;
    let before = starts(&world);
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(starts(&world), before);
    let lines = world.journal.of_chat(1);
    assert_ne!(lines.last().unwrap(), "agent started", "{lines:?}");
}

#[actix::test]
async fn a_bridge_that_is_locked_down_can_be_stopped() {
    let world = world(8, None);
    world.say(1, "hang").await;
    world.pass(SHORT).await;
    lock(&world).await;
    let grace = Duration::from_secs(60);
    world.supervisor.send(EndAll { grace }).await.unwrap();
}

#[actix::test]
async fn what_comes_while_it_is_locked_down_is_told_that_it_waits() {
    let world = world(8, None);
    lock(&world).await;
    world.say(1, "late").await;
    world.press(2, "s1.x.nonce").await;
    world.pass(SHORT).await;
    let told = world.journal.of_chat(1);
    assert!(
        told[0].contains("It runs when the bridge is unlocked"),
        "{told:?}"
    );
    let told = world.journal.lines();
    assert_eq!(told[1..], ["toast: 🔒 The bridge is locked down."]);
    let open = world.open.open();
    assert!(open.contains(&"1: late-1 accepted".to_owned()), "{open:?}");
}
