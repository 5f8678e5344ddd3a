//! Places that cannot be written to: what was for them is delivered when somebody is heard there.

use expect_test::expect;

use super::desk::{Desk, edit, notice, replying, send};
use crate::ids::{ChatId, SessionKey, TopicId};
use crate::outbox::{Post, PostError};

fn topic(chat: i64, topic: i64) -> SessionKey {
    SessionKey {
        chat: ChatId(chat),
        topic: Some(TopicId(topic)),
    }
}

fn in_topic(chat: i64, of: i64, id: u64, text: &str) -> Post {
    let key = topic(chat, of);
    Post {
        key,
        ..send(chat, id, text)
    }
}

#[test]
fn answers_for_a_person_who_blocked_the_bot_arrive_when_they_are_back() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.post(notice(send(1, 2, "card")));
    desk.post(send(1, 3, "b"));
    desk.fail(PostError::ChatGone("blocked".into()));
    desk.run_dry();
    assert_eq!(desk.n_kept(), 2);
    desk.hear(SessionKey::of_chat(ChatId(2)));
    desk.hear(SessionKey::of_chat(ChatId(1)));
    desk.post(send(1, 4, "c"));
    desk.run_dry();
    desk.hear(SessionKey::of_chat(ChatId(1)));
    expect![[r#"
        0.000 1 send a part 0
        0.000 ! 1 gone with 2 answers, 1 notices: blocked
        0.000 1 send a part 0
        0.000 1 send b part 0
        0.000 1 send c part 0
    "#]]
    .assert_eq(&desk.transcript());
    assert!(desk.journal_is_empty() && desk.schedule.is_idle());
}

#[test]
fn who_is_heard_and_cannot_be_written_to_is_tried_again_the_next_time() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    for _ in 0..3 {
        desk.fail(PostError::ChatGone("blocked".into()));
        assert_eq!(desk.n_kept(), 1);
        desk.hear(SessionKey::of_chat(ChatId(1)));
    }
    desk.run_dry();
    assert!(desk.journal_is_empty());
}

#[test]
fn what_was_for_a_closed_topic_waits_for_that_topic_alone() {
    let mut desk = Desk::new();
    desk.post(in_topic(-5, 1, 1, "one"));
    desk.post(in_topic(-5, 2, 2, "two"));
    desk.fail(PostError::TopicGone("TOPIC_CLOSED".into()));
    desk.run_dry();
    desk.hear(topic(-5, 2));
    assert_eq!(desk.n_kept(), 1);
    desk.hear(topic(-5, 1));
    desk.run_dry();
    expect![[r#"
        0.000 -5/1 send one part 0
        0.000 ! -5/1 gone with 1 answers, 0 notices: TOPIC_CLOSED
        0.000 -5/2 send two part 0
        0.000 -5/1 send one part 0
    "#]]
    .assert_eq(&desk.transcript());
    assert!(desk.journal_is_empty());
}

#[test]
fn answers_for_a_private_topic_that_is_gone_go_to_the_chat_itself() {
    let mut desk = Desk::new();
    desk.post(replying(in_topic(5, 1, 1, "one")));
    desk.post(notice(in_topic(5, 1, 2, "card")));
    desk.post(in_topic(5, 1, 3, "more"));
    desk.post(in_topic(5, 2, 4, "of another"));
    desk.fail(PostError::TopicGone("thread not found".into()));
    desk.run_dry();
    desk.post(in_topic(5, 1, 5, "later"));
    desk.run_dry();
    expect![[r#"
        0.000 5/1 send one part 0 to 5
        0.000 ! 5/1 dropped Notice: NothingToEdit
        0.000 ! 5/1 left: thread not found
        0.000 5 send one part 0
        0.000 5 send more part 0
        0.000 5/2 send of another part 0
        0.000 5 send later part 0
    "#]]
    .assert_eq(&desk.transcript());
    assert!(desk.journal_is_empty());
}

#[test]
fn what_waits_for_a_group_follows_it_to_its_new_id() {
    let mut desk = Desk::new();
    desk.post(send(-5, 1, "a"));
    desk.fail(PostError::ChatGone("kicked".into()));
    desk.post(send(-5, 2, "b"));
    desk.fail(PostError::Migrated { to: ChatId(-1005) });
    desk.run_dry();
    desk.hear(SessionKey::of_chat(ChatId(-1005)));
    desk.run_dry();
    expect![[r#"
        0.000 -5 send a part 0
        0.000 ! -5 gone with 1 answers, 0 notices: kicked
        0.000 -5 send b part 0
        0.000 ! -5 is now -1005
        0.000 ! -5 has moved to -1005
        0.000 -1005 send b part 0
        0.000 -1005 send a part 0
    "#]]
    .assert_eq(&desk.transcript());
    assert!(desk.journal_is_empty());
}

#[test]
fn an_answer_waits_behind_no_card_of_ten_busy_topics() {
    let mut desk = Desk::new();
    for id in 0..10 {
        desk.post(notice(in_topic(-5, id + 1, id as u64, "card")));
    }
    desk.run_dry();
    desk.pass(std::time::Duration::from_secs(60));
    desk.transcript();
    for n in 0..20 {
        for id in 0..10 {
            let text = format!("card {id}.{n}");
            let key = topic(-5, id + 1);
            desk.post(notice(Post {
                key,
                ..edit(-5, id as u64, &text)
            }));
        }
        desk.run_dry_until(std::time::Duration::from_secs(1));
    }
    desk.transcript();
    desk.post(in_topic(-5, 3, 100, "the answer"));
    desk.post(in_topic(-5, 4, 101, "another answer"));
    let shown = desk.transcript();
    assert!(shown.contains("-5/3 send the answer"), "at once: {shown}");
    desk.ok();
    let shown = desk.transcript();
    assert!(
        shown.contains("-5/4 send another answer"),
        "at once: {shown}"
    );
    desk.run_dry_until(std::time::Duration::from_secs(120));
    let shown = desk.transcript();
    assert!(
        shown.matches(".19").count() >= 8,
        "the cards go on: {shown}"
    );
}
