//! Drafts beside the queue.

use std::time::Duration;

use expect_test::expect;

use super::desk::{Desk, draft, draft_in, edit, notice, send};
use crate::ids::{ChatId, SessionKey, TopicId};
use crate::outbox::PostError;
use crate::outbox::Rejection;

#[test]
fn of_a_chat_one_draft_is_under_way_and_the_newest_waits() {
    let mut desk = Desk::new();
    for text in ["a", "ab", "abc"] {
        desk.sign(draft(1, text));
    }
    desk.sign(draft(2, "other"));
    desk.pass(Duration::from_secs(3));
    desk.ok();
    expect![[r#"
        0.000 1 draft a
        0.000 2 draft other
        3.000 1 draft abc
    "#]]
    .assert_eq(&desk.transcript());
}

/// The answer waits for the draft that is under way, and drops the one that is not.
#[test]
fn no_draft_arrives_behind_the_answer_that_it_became() {
    let mut desk = Desk::new();
    desk.sign(draft(1, "a"));
    desk.sign(draft(1, "ab"));
    desk.post(send(1, 1, "abc"));
    desk.pass(Duration::from_millis(200));
    desk.ok();
    desk.pass(Duration::from_secs(10));
    desk.ok();
    desk.pass(Duration::from_secs(10));
    expect![[r#"
        0.000 1 draft a
        0.200 1 send abc part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn the_draft_of_the_next_turn_waits_for_the_answer_of_the_last() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "long"));
    desk.sign(draft(1, "next"));
    desk.ok_in_parts(2);
    desk.pass(Duration::from_secs(1));
    desk.ok_in_parts(2);
    expect![[r#"
        0.000 1 send long part 0
        0.000 1 send long part 1
        1.000 1 draft next
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn an_edit_does_not_end_a_draft_and_a_topic_not_that_of_another() {
    let mut desk = Desk::new();
    let topic = |topic| SessionKey {
        chat: ChatId(1),
        topic: Some(TopicId(topic)),
    };
    desk.post(notice(send(1, 1, "queued")));
    desk.sign(draft_in(topic(3), "in three"));
    desk.sign(draft(1, "in none"));
    desk.post(notice(edit(1, 1, "begun")));
    desk.post(send(1, 2, "answer"));
    desk.run_dry();
    expect![[r#"
        0.000 1 send queued part 0
        0.000 1 send answer part 0
        0.000 1 edit 101 to begun
        0.000 1/3 draft in three
    "#]]
    .assert_eq(&desk.transcript());
}

/// One a second is what a chat earns; of the five in a row the last is left to a post.
#[test]
fn drafts_keep_to_the_pace_of_their_chat_and_leave_room_for_a_post() {
    let mut desk = Desk::new();
    for n in 0..60 {
        desk.sign(draft(1, &n.to_string()));
        if desk.in_flight() > 0 {
            desk.ok();
        }
        desk.pass(Duration::from_millis(100));
    }
    desk.ok();
    desk.post(send(1, 1, "at once"));
    expect![[r#"
        0.000 1 draft 0
        0.100 1 draft 1
        0.200 1 draft 2
        0.300 1 draft 3
        1.000 1 draft 9
        2.000 1 draft 19
        3.000 1 draft 29
        4.000 1 draft 39
        5.000 1 draft 49
        6.000 1 draft 59
        6.000 1 send at once part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_chat_that_is_to_be_quiet_gets_no_draft_and_none_is_repeated() {
    let mut desk = Desk::new();
    desk.sign(draft(1, "a"));
    desk.sign(draft(1, "ab"));
    desk.fail(PostError::RetryAfter {
        after: Duration::from_secs(7),
    });
    desk.sign(draft(1, "abc"));
    desk.pass(Duration::from_secs(8));
    desk.sign(draft(1, "abcd"));
    desk.fail(PostError::NotDelivered("no route".into()));
    desk.pass(Duration::from_secs(60));
    expect![[r#"
        0.000 1 draft a
        0.000 ! 1 held for 7s
        8.000 1 draft abcd
        8.000 ! sign failed: cannot reach telegram: no route
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn whoever_keeps_track_is_told_that_a_draft_is_refused() {
    let mut desk = Desk::new();
    desk.sign(draft(1, "a"));
    desk.sign(draft(1, "ab"));
    desk.fail(PostError::Rejected(Rejection::Telegram(
        "method not found".into(),
    )));
    // One that says no more than "not found" must not silence the bot.
    desk.sign(draft(1, "a"));
    desk.fail(PostError::TokenRefused);
    desk.sign(draft(1, "a"));
    desk.fail(PostError::MarkupRefused("bad offset".into()));
    desk.post(send(1, 1, "answer"));
    expect![[r#"
        0.000 1 draft a
        0.000 ! 1 draft refused: telegram refused: method not found
        0.000 ! draft 9 of 1 is refused
        0.000 1 draft a
        0.000 ! 1 draft refused: telegram does not accept the bot token
        0.000 ! draft 9 of 1 is refused
        0.000 1 draft a
        0.000 ! 1 draft refused: telegram takes it only without its markup: bad offset
        0.000 ! draft 9 of 1 is refused
        0.000 1 send answer part 0
    "#]]
    .assert_eq(&desk.transcript());
}
