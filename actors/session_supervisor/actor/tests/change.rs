//! What the supervisor passes on: revocations, a new configuration, moves, ends.

mod moves;

use std::sync::Arc;
use std::time::Duration;

use super::SHORT;
use super::support::{World, book, world};
use crate::agent_event::AgentEvent;
use crate::chat_settings::Choices;
use crate::chat_settings::Detail;
use crate::chat_settings::Drafts;
use crate::chat_settings::Trust;
use crate::ids::{ChatId, ConversationId, MessageId, PromptId, SessionKey, TopicId, UserId};
use crate::instruction::Role;
use crate::login_end::LoginEnd;
use crate::ports::{Conversation, LaunchOrder, SessionRecord};
use crate::session::{Command, CommandKind, Instruct, Memory, Revoke};
use crate::session_supervisor::{Deliver, EndChat, MoveChat, Reconfigure};

impl World {
    async fn revoke(&self, user: i64, memory: Memory) {
        let user = UserId(user);
        self.supervisor.send(Revoke { user, memory }).await.unwrap();
        self.pass(SHORT).await;
    }

    async fn move_chat(&self, from: i64, to: i64) {
        let (from, to) = (ChatId(from), ChatId(to));
        self.supervisor.send(MoveChat { from, to }).await.unwrap();
        self.pass(SHORT).await;
    }

    async fn say_and_wait(&self, chat: i64, text: &str) {
        self.say(chat, text).await;
        self.pass(SHORT).await;
    }

    fn stored(&self, chat: i64) -> Option<SessionRecord> {
        let key = SessionKey::of_chat(ChatId(chat));
        self.store.records.lock().unwrap().get(&key).cloned()
    }

    fn last_order(&self) -> LaunchOrder {
        self.orders.lock().unwrap().last().unwrap().clone()
    }
}

fn record(conversation: &str, folder: &str, home: Option<i64>) -> SessionRecord {
    SessionRecord {
        conversation: Some(ConversationId(conversation.to_owned())),
        folder: folder.into(),
        home: home.map(ChatId),
        messages_with_buttons: Vec::new(),
        turn_card: None,
        detail: Detail::default(),
        drafts: Drafts::default(),
        rich: crate::chat_settings::Rich::Off,
        ratings: crate::rating::Ratings::default(),
        choices: Choices::default(),
        trust: Trust::Untrusted,
        told_of_voice: None,
        is_told_of_home: false,
        login_page: None,
        told_of_login: LoginEnd::default(),
        in_background: Vec::new(),
        timers: Vec::new(),
        works_for: None,
        memory: crate::ports::Memory::default(),
    }
}

#[actix::test]
async fn a_revocation_reaches_every_session_in_which_something_of_that_person_runs() {
    let world = world(8, None);
    world.say(1, "hang").await;
    world.say_as(1, -5, "hang").await;
    world.say_as(2, -6, "hang").await;
    world.say_and_wait(2, "hang").await;
    world.revoke(1, Memory::Kept).await;
    for (chat, is_ended) in [(1, true), (-5, true), (-6, false), (2, false)] {
        let lines = world.journal.of_chat(chat);
        let was_dropped = lines.contains(&"agent dropped".to_owned());
        assert_eq!(was_dropped, is_ended, "{chat}: {lines:?}");
    }
    assert_eq!(world.stored(1), Some(record("c1", "/folders/1", None)));
}

#[actix::test]
async fn a_removed_person_returns_to_a_new_conversation() {
    let world = world(8, None);
    world.say_and_wait(1, "hello").await;
    world.say_and_wait(2, "hello").await;
    world.revoke(1, Memory::Forgotten).await;
    assert_eq!(world.stored(2), Some(record("c2", "/folders/2", None)));
    world.say_and_wait(1, "hello again").await;
    let opened = Conversation::New(ConversationId("c3".to_owned()));
    assert_eq!(world.last_order().conversation, opened);
}

#[actix::test]
async fn a_removed_person_whose_session_sleeps_on_disk_is_forgotten_with_all_topics() {
    let world = world(8, None);
    let topics = [None, Some(TopicId(3))];
    for topic in topics {
        let key = SessionKey {
            chat: ChatId(1),
            topic,
        };
        let mut records = world.store.records.lock().unwrap();
        records.insert(key, record("old", "/folders/1", None));
        records.insert(
            SessionKey {
                chat: ChatId(2),
                ..key
            },
            record("theirs", "/folders/2", None),
        );
    }
    world.revoke(1, Memory::Kept).await;
    assert_eq!(world.store.records.lock().unwrap().len(), 4);
    world.revoke(1, Memory::Forgotten).await;
    let records = world.store.records.lock().unwrap();
    assert!(
        records.keys().all(|key| key.chat == ChatId(2)),
        "{records:?}"
    );
    assert_eq!(records.len(), 2);
}

#[actix::test]
async fn a_new_configuration_reaches_sessions_that_run_and_those_to_come() {
    let world = world(8, None);
    world.say_and_wait(1, "hello").await;
    assert_eq!(world.last_order().settings.model, "");
    let book = Arc::new(book("opus"));
    world
        .supervisor
        .send(Reconfigure { book, max_live: 8 })
        .await
        .unwrap();
    world.pass(SHORT).await;
    for chat in [1, 2] {
        world.say_and_wait(chat, "hello").await;
        let order = world.last_order();
        assert_eq!(
            (order.key.chat, order.settings.model.as_str()),
            (ChatId(chat), "opus")
        );
    }
}

#[actix::test]
async fn a_larger_number_of_agents_lets_those_who_wait_start_at_once() {
    let world = world(1, None);
    for chat in 1..=3 {
        world.say_and_wait(chat, "hang").await;
    }
    assert_eq!(world.orders.lock().unwrap().len(), 1);
    let book = Arc::new(book(""));
    world
        .supervisor
        .send(Reconfigure { book, max_live: 3 })
        .await
        .unwrap();
    world.pass(SHORT).await;
    assert_eq!(world.orders.lock().unwrap().len(), 3);
}

#[actix::test]
async fn a_smaller_number_of_agents_holds_for_those_who_come() {
    let world = world(3, None);
    for chat in 1..=3 {
        world.say_and_wait(chat, "hang").await;
    }
    let book = Arc::new(book(""));
    world
        .supervisor
        .send(Reconfigure { book, max_live: 1 })
        .await
        .unwrap();
    world.say_and_wait(4, "hello").await;
    assert_eq!(world.orders.lock().unwrap().len(), 3);
    for chat in 1..=2 {
        world.revoke(chat, Memory::Kept).await;
    }
    assert_eq!(world.orders.lock().unwrap().len(), 3, "one still works");
    world.revoke(3, Memory::Kept).await;
    assert_eq!(world.journal.of_chat(4).last().unwrap(), "hello");
}

#[actix::test]
async fn ending_a_chat_ends_all_its_topics_and_nothing_else() {
    let world = world(8, None);
    world.say(-5, "hang").await;
    world.say_in_topic(-5, 3, "hang").await;
    world.say(-6, "hang").await;
    world.say_and_wait(5, "hang").await;
    world.supervisor.send(EndChat(ChatId(-5))).await.unwrap();
    world.pass(SHORT).await;
    let is_ended = |key: &str| {
        let dropped = format!("{key}: agent dropped");
        world.journal.lines().contains(&dropped)
    };
    assert_eq!(
        ["-5", "-5/3", "-6", "5"].map(is_ended),
        [true, true, false, false]
    );
    world.say_and_wait(-5, "back again").await;
    assert_eq!(world.journal.of_chat(-5).last().unwrap(), "back again");
}

#[actix::test]
async fn a_revocation_reaches_a_session_whose_mailbox_is_full() {
    let world = world(8, None);
    world.say_and_wait(1, "hang").await;
    for _ in 0..400 {
        let key = SessionKey::of_chat(ChatId(1));
        let instruction = Instruct::Command(Command {
            id: PromptId("status".to_owned()),
            by: UserId(1),
            role: Role::User,
            message: MessageId(1),
            kind: CommandKind::Status,
        });
        (world.supervisor.try_send(Deliver { key, instruction })).unwrap();
    }
    world.revoke(1, Memory::Kept).await;
    assert_eq!(
        world
            .journal
            .of_chat(1)
            .iter()
            .filter(|line| *line == "agent dropped")
            .count(),
        1
    );
}
