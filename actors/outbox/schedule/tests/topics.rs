//! The topics of a forum: one queue, but each lives and ends for itself.

use expect_test::expect;

use super::desk::{Desk, send};
use crate::ids::{ChatId, SessionKey, TopicId};
use crate::outbox::chat_queue::bound::MAX_QUEUED;
use crate::outbox::{Post, PostError};

fn in_topic(topic: i64, id: u64, text: &str) -> Post {
    let key = SessionKey {
        chat: ChatId(-5),
        topic: Some(TopicId(topic)),
    };
    Post {
        key,
        ..send(-5, id, text)
    }
}

fn gone() -> PostError {
    PostError::TopicGone("TOPIC_CLOSED".into())
}

#[test]
fn a_topic_that_is_closed_takes_no_answer_of_another_topic_along() {
    let mut desk = Desk::new();
    desk.post(in_topic(1, 1, "one"));
    desk.post(in_topic(2, 2, "two"));
    desk.post(in_topic(1, 3, "one more"));
    desk.post(send(-5, 4, "in no topic"));
    desk.fail(gone());
    desk.run_dry();
    expect![[r#"
        0.000 -5/1 send one part 0
        0.000 ! -5/1 gone with 2 answers, 0 notices: TOPIC_CLOSED
        0.000 -5/2 send two part 0
        0.000 -5 send in no topic part 0
    "#]]
    .assert_eq(&desk.transcript());
    assert_eq!(desk.n_kept(), 2);
}

#[test]
fn what_waits_in_the_journal_for_other_topics_outlives_one_that_is_closed() {
    let mut desk = Desk::new();
    for id in 0..MAX_QUEUED as u64 {
        desk.post(in_topic(1, id, "closed"));
    }
    desk.post(in_topic(2, 1000, "two"));
    desk.post(in_topic(1, 1001, "closed"));
    desk.transcript();
    desk.fail(gone());
    desk.ok();
    desk.fail(gone());
    desk.run_dry();
    expect![[r#"
        0.000 ! -5/1 gone with 256 answers, 0 notices: TOPIC_CLOSED
        0.000 -5/2 send two part 0
        0.000 -5/1 send closed part 0
        0.000 ! -5/1 gone with 1 answers, 0 notices: TOPIC_CLOSED
    "#]]
    .assert_eq(&desk.transcript());
    assert!(desk.n_kept() > 0 && desk.schedule.is_idle());
}

#[test]
fn a_group_that_is_gone_takes_all_its_topics_along() {
    let mut desk = Desk::new();
    desk.post(send(-5, 1, "in no topic"));
    desk.post(in_topic(1, 2, "one"));
    desk.fail(PostError::ChatGone("kicked".into()));
    expect![[r#"
        0.000 -5 send in no topic part 0
        0.000 ! -5 gone with 2 answers, 0 notices: kicked
    "#]]
    .assert_eq(&desk.transcript());
    assert!(desk.n_kept() > 0 && desk.schedule.is_idle());
}
