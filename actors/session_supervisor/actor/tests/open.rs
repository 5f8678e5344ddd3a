//! Prompts that must outlive their session.

use std::sync::Arc;
use std::time::Duration;

use super::SHORT;
use super::support::world;
use crate::ids::{ChatId, ConversationId, MessageId, PromptId, SessionKey, UserId};
use crate::instruction::Joint;
use crate::ports::{Conversation, HostUptime, Open, OpenPrompt, PromptJournal, Stage};
use crate::session::TakeOver;
use crate::session::policy::RETIREMENT_AGE;
use crate::session::{Instruct, Memory, Prompt, Revoke};
use crate::session_supervisor::{Deliver, EndAll, EndChat, MoveChat, ResumeSession};

fn open(id: &str, stage: Stage) -> Open {
    Open::Prompt(OpenPrompt {
        prompt: Prompt::new(
            PromptId(id.to_owned()),
            UserId(1),
            MessageId(1),
            id.to_owned(),
        ),
        stage,
        host: HostUptime::Unbroken,
        replays: 0,
    })
}

fn key(chat: i64) -> SessionKey {
    SessionKey::of_chat(ChatId(chat))
}

#[actix::test]
async fn a_prompt_reaches_the_agent_only_when_it_is_on_disk_that_it_was_started() {
    let world = world(1, None);
    world.open.hold_disk();
    world.say(1, "hello").await;
    world.pass(Duration::from_secs(5)).await;
    assert_eq!(world.journal.of_chat(1), ["agent started"]);
    assert_eq!(world.open.open(), ["1: hello-1 started"]);
    world.open.release_disk();
    world.pass(SHORT).await;
    assert_eq!(world.journal.of_chat(1), ["agent started", "hello"]);
    assert_eq!(world.open.open(), [""; 0]);
}

#[actix::test]
async fn a_session_begins_with_what_an_earlier_run_left_open() {
    let world = world(1, None);
    world
        .open
        .leave_open(key(1), open("first", Stage::Accepted));
    world
        .open
        .leave_open(key(1), open("second", Stage::Accepted));
    let (key, from) = (key(1), TakeOver::EarlierRun);
    world
        .supervisor
        .send(ResumeSession { key, from })
        .await
        .unwrap();
    world.pass(SHORT).await;
    let lines = world.journal.of_chat(1);
    assert!(lines[0].contains("2 waiting messages run now"), "{lines:?}");
    assert_eq!(lines[1..], ["agent started", "first", "second"]);
    assert_eq!(world.open.open(), [""; 0]);
}

#[actix::test]
async fn what_was_said_to_a_group_at_large_is_forgotten_after_ten_seconds_without_a_word() {
    let world = world(1, None);
    let Open::Prompt(mut overheard) = open("matter", Stage::Accepted) else {
        panic!("a prompt");
    };
    overheard.prompt.goes_on = Some(Joint::Overheard);
    world.open.leave_open(key(1), Open::Prompt(overheard));
    let (key, from) = (key(1), TakeOver::EarlierRun);
    let resume = ResumeSession { key, from };
    world.supervisor.send(resume).await.unwrap();
    world.pass(Duration::from_secs(9)).await;
    assert_eq!(world.open.open(), ["1: matter accepted"]);
    world.pass(Duration::from_secs(2)).await;
    assert_eq!(world.open.open(), [""; 0]);
    assert_eq!(world.journal.of_chat(1), [""; 0]);
}

#[actix::test]
async fn a_session_that_starts_late_goes_on_with_what_is_open_and_tells_no_prompt_twice() {
    let world = world(1, None);
    world
        .open
        .leave_open(key(1), open("before", Stage::Accepted));
    world.say(1, "now").await;
    world.pass(SHORT).await;
    let lines = world.journal.of_chat(1);
    assert_eq!(lines.iter().filter(|line| *line == "before").count(), 1);
    assert_eq!(lines.iter().filter(|line| *line == "now").count(), 1);
    assert_eq!(world.open.open(), [""; 0]);
}

#[actix::test]
async fn what_waits_when_the_bridge_stops_stays_open() {
    let world = world(1, None);
    world.say(1, "hang").await;
    world.say(1, "hello").await;
    world.pass(SHORT).await;
    let grace = Duration::ZERO;
    world.supervisor.send(EndAll { grace }).await.unwrap();
    assert_eq!(
        world.open.open(),
        ["1: hang-1 interrupted", "1: hello-2 accepted"]
    );
}

#[actix::test]
async fn what_a_fault_left_waiting_runs_after_it() {
    let world = world(1, None);
    world.say(1, "panic").await;
    world.say(1, "hello").await;
    world.pass(Duration::from_secs(10)).await;
    let lines = world.journal.of_chat(1);
    assert_eq!(lines.last().unwrap(), "hello", "{lines:?}");
    assert_eq!(world.open.open(), ["1: panic-1 interrupted"]);
}

#[actix::test]
async fn what_was_open_in_a_chat_that_was_left_is_closed() {
    let world = world(1, None);
    world.say(-5, "hang").await;
    world.say(-5, "hello").await;
    world.pass(SHORT).await;
    world.supervisor.send(EndChat(ChatId(-5))).await.unwrap();
    world.pass(SHORT).await;
    assert_eq!(world.open.open(), [""; 0]);
}

#[actix::test]
async fn a_prompt_that_no_session_takes_is_closed_with_the_word_about_it() {
    let world = world(8, Some(1));
    world.say(1, "hello").await;
    world.pass(SHORT).await;
    assert_eq!(world.open.open(), [""; 0]);
    assert_eq!(world.open.kept_posts().len(), 1);
}

#[actix::test]
async fn what_a_removed_person_left_open_in_a_resting_chat_never_runs() {
    let world = world(1, None);
    world
        .open
        .leave_open(key(-5), open("never", Stage::Accepted));
    let revoke = Revoke {
        user: UserId(1),
        memory: Memory::Kept,
    };
    world.supervisor.send(revoke).await.unwrap();
    assert_eq!(world.open.open(), [""; 0]);
}

#[actix::test]
async fn a_session_that_sleeps_for_long_makes_room_and_goes_on_with_its_conversation() {
    let world = world(1, None);
    world.say(1, "one").await;
    world.pass(SHORT).await;
    let n_sessions = || Arc::strong_count(&world.store) - 2;
    assert_eq!(n_sessions(), 1);
    world.pass(RETIREMENT_AGE * 2).await;
    assert_eq!(n_sessions(), 0);
    world.say(1, "two").await;
    world.pass(SHORT).await;
    assert_eq!(world.journal.of_chat(1).last().unwrap(), "two");
    let conversations: Vec<_> = world
        .orders
        .lock()
        .unwrap()
        .iter()
        .map(|order| order.conversation.clone())
        .collect();
    let begun = ConversationId("c1".to_owned());
    let expected = [
        Conversation::New(begun.clone()),
        Conversation::Resume(begun),
    ];
    assert_eq!(conversations, expected);
}

/// A message that crosses the end of its session on the way lies in a closed mailbox.
#[actix::test]
async fn what_a_retired_session_did_not_see_runs_in_the_next_one() {
    let world = world(1, None);
    world.say(1, "one").await;
    world.pass(SHORT).await;
    world.open.leave_open(key(1), open("late", Stage::Accepted));
    world.pass(RETIREMENT_AGE * 2).await;
    let lines = world.journal.of_chat(1);
    assert!(lines.contains(&"late".to_owned()), "{lines:?}");
    assert_eq!(world.open.open(), [""; 0]);
}

#[actix::test]
async fn what_is_open_in_a_group_that_moved_goes_on_where_it_went() {
    let world = world(2, None);
    world.say(-5, "hang").await;
    world.say(-5, "waits").await;
    world.say(-6, "there").await;
    world.pass(SHORT).await;
    let (from, to) = (ChatId(-5), ChatId(-6));
    world.supervisor.send(MoveChat { from, to }).await.unwrap();
    world.pass(Duration::from_secs(60)).await;
    let lines = world.journal.of_chat(-6);
    assert_eq!(lines.last().unwrap(), "waits", "{lines:?}");
    assert_eq!(world.open.open(), ["-6: hang-1 interrupted"]);
}

#[actix::test]
async fn what_was_interrupted_in_a_group_that_moved_is_decided_where_it_went() {
    let world = world(2, None);
    world.say(-5, "hang").await;
    world.say(-6, "there").await;
    world.pass(SHORT).await;
    let (from, to) = (ChatId(-5), ChatId(-6));
    world.supervisor.send(MoveChat { from, to }).await.unwrap();
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(world.open.open(), ["-6: hang-1 interrupted"]);
    world.press(-6, "t1.d.nonce").await;
    world.pass(SHORT).await;
    assert_eq!(world.open.open(), [""; 0]);
}

/// The word that the session has ended is behind the message in the supervisor's mailbox.
#[actix::test]
#[expect(clippy::disallowed_methods, reason = "the test outlives the task")]
async fn a_message_that_meets_a_session_which_has_just_ended_runs_in_the_next_one() {
    let world = world(1, None);
    world.say(-5, "one").await;
    // Its agent is gone by then, and it ends at once.
    world.pass(Duration::from_secs(20 * 60)).await;
    world.supervisor.try_send(EndChat(ChatId(-5))).unwrap();
    // Runs when the supervisor has told the session to end, and before the session does.
    let (supervisor, journal) = (world.supervisor.clone(), world.open.clone());
    actix::spawn(async move {
        let Open::Prompt(two) = open("two", Stage::Accepted) else {
            panic!("a prompt");
        };
        let instruction = Instruct::Prompt(two.prompt);
        PromptJournal::accept(&journal, key(-5), &instruction).unwrap();
        let key = key(-5);
        supervisor.try_send(Deliver { key, instruction }).unwrap();
    });
    world.pass(Duration::from_secs(30)).await;
    let lines = world.journal.of_chat(-5);
    assert!(lines.contains(&"two".to_owned()), "{lines:?}");
    assert_eq!(world.open.open(), [""; 0]);
}
