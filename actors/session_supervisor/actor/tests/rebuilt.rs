//! What a session that was rebuilt after a fault may do with slots and agents.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::SHORT;
use super::support::{Ends, World, world};
use crate::chat_settings::Detail;
use crate::ids::{ChatId, MessageId, PromptId, SessionKey, UserId};
use crate::instruction::Role;
use crate::session::policy::RETIREMENT_AGE;
use crate::session::{Command, CommandKind, Instruct, Prompt};
use crate::session_supervisor::Deliver;

const LONG: Duration = Duration::from_secs(5);

fn starts(world: &World, chat: i64) -> usize {
    let lines = world.journal.of_chat(chat);
    lines.iter().filter(|line| *line == "agent started").count()
}

#[actix::test]
async fn no_agent_starts_while_the_one_of_the_broken_value_is_dying() {
    let world = world(8, None);
    *world.ends.lock().unwrap() = Ends::Later;
    world.say(1, "panic").await;
    world.pass(LONG).await;
    assert_eq!(starts(&world, 1), 1, "the old one is still there");
    *world.ends.lock().unwrap() = Ends::AtOnce;
    world.exit(1);
    world.pass(SHORT).await;
    assert_eq!(starts(&world, 1), 2);
}

#[actix::test]
async fn the_slot_of_a_dying_agent_is_nobody_elses() {
    let world = world(1, None);
    *world.ends.lock().unwrap() = Ends::Later;
    world.say(1, "panic").await;
    world.say(2, "hang").await;
    world.pass(LONG).await;
    assert_eq!(starts(&world, 2), 0, "one slot, and an agent that is dying");
    world.exit(1);
    world.pass(SHORT).await;
    assert_eq!(starts(&world, 2), 1);
}

#[actix::test]
async fn the_slot_of_an_agent_whose_session_was_given_up_is_free_when_it_is_gone() {
    let world = world(1, None);
    let is_parked = |world: &World| {
        let lines = world.journal.of_chat(1);
        lines.iter().any(|line| line.contains("pauses this chat"))
    };
    for step in 0..6_000 {
        if step % 800 == 0 {
            world.say(1, "panic").await;
        }
        world.pass(Duration::from_millis(10)).await;
        if is_parked(&world) {
            break;
        }
    }
    assert!(is_parked(&world));
    world.say(2, "hang").await;
    world.pass(Duration::from_secs(1)).await;
    assert_eq!(starts(&world, 2), 0, "its tree may still be dying");
    world.pass(LONG).await;
    assert_eq!(starts(&world, 2), 1);
}

/// Wants a slot twice before the first is granted, so that a second grant is on its way when the
/// session breaks on what the first one brings.
async fn break_with_a_grant_on_its_way(world: &World, chat: i64) {
    let key = SessionKey::of_chat(ChatId(chat));
    let prompt = |text: &str| {
        let id = PromptId(text.to_owned());
        Instruct::Prompt(Prompt::new(id, UserId(chat), MessageId(1), text.to_owned()))
    };
    let stop = Instruct::Command(Command {
        id: PromptId("stop".to_owned()),
        by: UserId(chat),
        role: Role::User,
        message: MessageId(1),
        kind: CommandKind::Stop,
    });
    for instruction in [prompt("stopped"), stop, prompt("panic")] {
        world.accept(key, &instruction);
        let deliver = Deliver { key, instruction };
        world.supervisor.try_send(deliver).unwrap();
    }
}

#[actix::test]
async fn a_grant_for_the_broken_value_starts_no_agent_without_a_slot() {
    let world = world(1, None);
    break_with_a_grant_on_its_way(&world, 1).await;
    world.pass(SHORT).await;
    assert_eq!(starts(&world, 1), 1, "it broke on the first grant");
    // Takes the slot while the broken session pauses.
    world.say(2, "hang").await;
    world.pass(LONG).await;
    assert_eq!(starts(&world, 2), 1);
    assert_eq!(starts(&world, 1), 1, "the only slot is taken");
}

/// What is timed goes on after a fault: here, that a session ends which slept for long.
#[actix::test]
async fn a_session_that_was_rebuilt_keeps_time() {
    let world = world(8, None);
    let n_sessions = || Arc::strong_count(&world.store) - 2;
    // The first thing that a session does, so that its first timer is the one that it breaks with.
    world.store.breaks.store(true, Ordering::Relaxed);
    let instruction = Instruct::Command(Command {
        id: PromptId("verbose".to_owned()),
        by: UserId(1),
        role: Role::User,
        message: MessageId(1),
        kind: CommandKind::Show(Some(Detail::Log)),
    });
    let key = SessionKey::of_chat(ChatId(1));
    world.accept(key, &instruction);
    world
        .supervisor
        .try_send(Deliver { key, instruction })
        .unwrap();
    world.pass(LONG).await;
    assert!(!world.store.breaks.load(Ordering::Relaxed), "it broke");
    assert_eq!(n_sessions(), 1);
    world.pass(RETIREMENT_AGE * 2).await;
    assert_eq!(n_sessions(), 0);
}
