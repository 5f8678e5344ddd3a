//! What becomes of the sessions of a group that has another id.

use super::*;

#[actix::test]
async fn a_running_session_follows_its_group() {
    let world = world(8, None);
    world.say_and_wait(-5, "hello").await;
    world.move_chat(-5, -100).await;
    world.say_and_wait(-100, "to the new id").await;
    world.say_and_wait(-5, "to the old id").await;
    assert_eq!(world.journal.of_chat(-5), ["agent started", "hello"]);
    assert_eq!(
        world.journal.of_chat(-100),
        ["to the new id", "to the old id"]
    );
    assert_eq!(world.stored(-5), None);
    assert_eq!(
        world.stored(-100),
        Some(record("c1", "/folders/-5", Some(-5)))
    );
}

#[actix::test]
async fn a_session_that_is_only_stored_follows_its_group() {
    let world = world(8, None);
    let key = SessionKey::of_chat(ChatId(-5));
    let stored = record("old", "/folders/-5", None);
    world.store.records.lock().unwrap().insert(key, stored);
    world.move_chat(-5, -100).await;
    assert_eq!(world.stored(-5), None);
    assert_eq!(
        world.stored(-100),
        Some(record("old", "/folders/-5", Some(-5)))
    );
    world.say_and_wait(-5, "hello").await;
    let order = world.last_order();
    assert_eq!(order.key, SessionKey::of_chat(ChatId(-100)));
    assert_eq!(
        order.conversation,
        Conversation::Resume(ConversationId("old".to_owned()))
    );
    assert_eq!(order.folder.to_str(), Some("/folders/-5"));
}

#[actix::test]
async fn the_second_news_of_a_move_changes_nothing() {
    let world = world(8, None);
    world.say_and_wait(-5, "hello").await;
    world.move_chat(-5, -100).await;
    world.say_and_wait(-100, "hello again").await;
    let before = world.stored(-100);
    world.move_chat(-5, -100).await;
    world.say_and_wait(-100, "still here").await;
    assert_eq!(world.stored(-100), before);
    assert_eq!(world.orders.lock().unwrap().len(), 1);
}

#[actix::test]
async fn a_conversation_that_begins_while_its_group_moves_is_stored_under_the_new_id() {
    let world = world(8, None);
    world.say_and_wait(-5, "silent").await;
    // Before either is told, both messages lie in their mailboxes: the session stores its
    // conversation under the old id, behind the supervisor's back.
    let (from, to) = (ChatId(-5), ChatId(-100));
    world.supervisor.try_send(MoveChat { from, to }).unwrap();
    let order = world.last_order();
    world.report(
        order.generation,
        AgentEvent::TurnStarted {
            conversation: ConversationId("c1".to_owned()),
            commands: Vec::new(),
        },
    );
    world.pass(SHORT).await;
    assert_eq!(
        world.stored(-100),
        Some(record("c1", "/folders/-5", Some(-5)))
    );
    assert_eq!(world.stored(-5), None);
}

#[actix::test]
async fn what_a_session_stores_on_its_way_out_does_not_stay_under_the_old_id() {
    let world = world(8, None);
    world.say_and_wait(-5, "silent").await;
    world.say_and_wait(-100, "hello").await;
    let order = world.orders.lock().unwrap()[0].clone();
    let (from, to) = (ChatId(-5), ChatId(-100));
    world.supervisor.try_send(MoveChat { from, to }).unwrap();
    world.report(
        order.generation,
        AgentEvent::TurnStarted {
            conversation: ConversationId("c1".to_owned()),
            commands: Vec::new(),
        },
    );
    world.pass(SHORT).await;
    assert_eq!(world.stored(-5), None);
    let open = world.open.open();
    assert!(
        open.iter().all(|line| line.starts_with("-100: ")),
        "{open:?}"
    );
    assert!(!open.is_empty(), "what was cut short is offered");
}

#[actix::test]
async fn what_a_session_writes_before_it_hears_of_a_move_follows_it() {
    let world = world(8, None);
    world.say_and_wait(-5, "hang").await;
    let (from, to) = (ChatId(-5), ChatId(-100));
    // It becomes a prompt when the supervisor has moved what is open, and before the session hears
    // of it.
    let key = SessionKey::of_chat(from);
    let instruction = Instruct::Command(Command {
        id: PromptId("new".to_owned()),
        by: UserId(1),
        role: Role::User,
        message: MessageId(7),
        kind: CommandKind::NewConversation {
            prompt: Some("hang".to_owned()),
            context: String::new(),
            goes_on: None,
            files: Vec::new(),
        },
    });
    world.accept(key, &instruction);
    (world.supervisor.try_send(Deliver { key, instruction })).unwrap();
    world.supervisor.try_send(MoveChat { from, to }).unwrap();
    world.pass(SHORT).await;
    let open = world.open.open();
    assert!(open.iter().any(|line| line.contains("new ")), "{open:?}");
    assert!(
        open.iter().all(|line| line.starts_with("-100: ")),
        "{open:?}"
    );
}

#[actix::test]
async fn a_group_that_moves_while_it_waits_for_a_slot_keeps_its_place() {
    let world = world(1, None);
    world.say_and_wait(3, "hang").await;
    world.say_and_wait(-5, "hello").await;
    world.say_and_wait(2, "second").await;
    world.move_chat(-5, -100).await;
    world.revoke(3, Memory::Kept).await;
    world.pass(SHORT).await;
    assert!(world.journal.of_chat(-100).contains(&"hello".to_owned()));
    assert_eq!(world.journal.of_chat(2).last().unwrap(), "second");
}

#[actix::test]
async fn a_moved_session_that_breaks_is_rebuilt_where_it_is() {
    let world = world(1, None);
    world.say_and_wait(-5, "hello").await;
    world.move_chat(-5, -100).await;
    world.say(-100, "panic").await;
    world.pass(Duration::from_secs(5)).await;
    world.say_and_wait(-100, "still there?").await;
    assert_eq!(world.journal.of_chat(-100).last().unwrap(), "still there?");
    let order = world.last_order();
    assert_eq!(order.folder.to_str(), Some("/folders/-5"));
    assert_eq!(
        order.conversation,
        Conversation::Resume(ConversationId("c1".to_owned()))
    );
}

#[actix::test]
async fn a_group_whose_new_id_has_a_session_already_goes_on_with_that_one() {
    let world = world(8, None);
    world.say_and_wait(-5, "hang").await;
    world.say_and_wait(-100, "hello").await;
    world.move_chat(-5, -100).await;
    assert!(
        world
            .journal
            .of_chat(-5)
            .contains(&"agent dropped".to_owned())
    );
    assert!(
        !world
            .journal
            .of_chat(-100)
            .contains(&"agent dropped".to_owned())
    );
    world.say_and_wait(-100, "again").await;
    assert_eq!(world.journal.of_chat(-100).last().unwrap(), "again");
    assert_eq!(world.orders.lock().unwrap().len(), 2, "the agent goes on");
    assert_eq!(world.stored(-5), None);
    assert_eq!(
        world.stored(-100),
        Some(record("c2", "/folders/-100", None))
    );
}
