//! Order, pace and edits while Telegram does what it is asked.

use std::time::Duration;

use expect_test::expect;

use super::desk::{Desk, edit, notice, send, typing, with_body};
use crate::ids::{CallbackId, ChatId, MessageId, SessionKey, TopicId};
use crate::outbox::chat_queue::STRICT_TIME;
use crate::outbox::{Body, Post, PostAction, PostError, Sign};

#[test]
fn a_chats_posts_leave_one_by_one_and_in_order() {
    let mut desk = Desk::new();
    for (id, text) in [(1, "a"), (2, "b"), (3, "c")] {
        desk.post(send(1, id, text));
    }
    assert_eq!(desk.in_flight(), 1);
    desk.run_dry();
    expect![[r#"
        0.000 1 send a part 0
        0.000 1 send b part 0
        0.000 1 send c part 0
    "#]]
    .assert_eq(&desk.transcript());
    assert!(desk.schedule.is_idle());
}

#[test]
fn topics_keep_their_order_and_share_the_pace_of_the_group() {
    let mut desk = Desk::new();
    for id in 0..7 {
        let topic = Some(TopicId(i64::try_from(id % 2).unwrap() + 1));
        let key = SessionKey {
            chat: ChatId(-5),
            topic,
        };
        desk.post(Post {
            key,
            ..send(-5, id, &format!("p{id}"))
        });
    }
    desk.run_dry();
    expect![[r#"
        0.000 -5/1 send p0 part 0
        0.000 -5/2 send p1 part 0
        0.000 -5/1 send p2 part 0
        0.000 -5/2 send p3 part 0
        0.000 -5/1 send p4 part 0
        4.000 -5/2 send p5 part 0
        8.000 -5/1 send p6 part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn every_message_of_a_long_text_counts_for_the_pace() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "long"));
    desk.post(send(1, 2, "next"));
    for _ in 0..6 {
        desk.ok_in_parts(6);
        desk.pass(Duration::from_secs(1));
    }
    expect![[r#"
        0.000 1 send long part 0
        0.000 1 send long part 1
        1.000 1 send long part 2
        2.000 1 send long part 3
        3.000 1 send long part 4
        4.000 1 send long part 5
        5.000 1 send next part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn waiting_edits_become_the_latest_one_and_the_first_message_is_edited() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "card"));
    desk.ok_in_parts(2);
    desk.ok_in_parts(2);
    desk.post(send(1, 2, "busy"));
    desk.post(edit(1, 1, "v1"));
    desk.post(send(1, 3, "later"));
    desk.post(edit(1, 1, "v2"));
    desk.post(edit(1, 1, "v3"));
    desk.run_dry();
    expect![[r#"
        0.000 1 send card part 0
        0.000 1 send card part 1
        0.000 1 send busy part 0
        0.000 1 edit 101 to v3
        0.000 1 send later part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn an_edit_of_a_waiting_post_changes_what_is_sent() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "busy"));
    desk.post(send(1, 2, "old"));
    desk.post(edit(1, 2, "new"));
    desk.run_dry();
    expect![[r#"
        0.000 1 send busy part 0
        0.000 1 send new part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn an_edit_of_a_post_in_flight_waits_behind_later_posts() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "old"));
    desk.post(send(1, 2, "next"));
    desk.post(edit(1, 1, "new"));
    desk.run_dry();
    expect![[r#"
        0.000 1 send old part 0
        0.000 1 send next part 0
        0.000 1 edit 101 to new
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_waiting_file_is_sent_before_words_take_its_place() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "busy"));
    let file = Body::Document {
        name: "log.txt".into(),
        content: "content".into(),
        caption: String::new(),
    };
    desk.post(with_body(send(1, 2, ""), file));
    desk.post(edit(1, 2, "words"));
    desk.run_dry();
    expect![[r#"
        0.000 1 send busy part 0
        0.000 1 send file:log.txt part 0
        0.000 1 edit 102 to words
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn an_edit_waits_for_its_turn_behind_what_keeps_the_chat_busy_and_ends_as_the_latest() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "v0"));
    desk.post(edit(1, 1, "v1"));
    desk.post(send(1, 2, "later"));
    desk.fail(PostError::NotDelivered("no route".into()));
    desk.post(edit(1, 1, "v2"));
    desk.run_dry();
    expect![[r#"
        0.000 1 send v0 part 0
        0.000 ! 1 retry in 500ms
        0.500 1 send v0 part 0
        0.500 1 edit 101 to v2
        0.500 1 send later part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn chats_share_the_bots_pace_in_turn() {
    let mut desk = Desk::new();
    for chat in 1..=20 {
        desk.post(send(chat, 2 * chat.unsigned_abs(), "a"));
        desk.post(send(chat, 2 * chat.unsigned_abs() + 1, "b"));
    }
    desk.run_dry();
    expect![[r#"
        0.000 1 send a part 0
        0.000 2 send a part 0
        0.000 3 send a part 0
        0.000 4 send a part 0
        0.000 5 send a part 0
        0.000 6 send a part 0
        0.000 7 send a part 0
        0.000 8 send a part 0
        0.000 9 send a part 0
        0.000 10 send a part 0
        0.000 11 send a part 0
        0.000 12 send a part 0
        0.000 13 send a part 0
        0.000 14 send a part 0
        0.000 15 send a part 0
        0.000 16 send a part 0
        0.000 17 send a part 0
        0.000 18 send a part 0
        0.000 19 send a part 0
        0.000 20 send a part 0
        0.000 1 send b part 0
        0.000 2 send b part 0
        0.000 3 send b part 0
        0.000 4 send b part 0
        0.000 5 send b part 0
        0.000 6 send b part 0
        0.000 7 send b part 0
        0.000 8 send b part 0
        0.000 9 send b part 0
        0.000 10 send b part 0
        0.033 11 send b part 0
        0.067 12 send b part 0
        0.100 13 send b part 0
        0.133 14 send b part 0
        0.167 15 send b part 0
        0.200 16 send b part 0
        0.233 17 send b part 0
        0.267 18 send b part 0
        0.300 19 send b part 0
        0.333 20 send b part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn signs_pass_waiting_posts_and_typing_is_not_shown_twice_in_four_seconds() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "in flight"));
    desk.post(send(1, 2, "waits"));
    desk.sign(Sign::AnswerCallback {
        callback: CallbackId("c".into()),
        text: None,
    });
    desk.sign(typing(1));
    desk.sign(typing(1));
    desk.pass(Duration::from_secs(4));
    desk.sign(typing(1));
    expect![[r#"
        0.000 1 send in flight part 0
        0.000 answer callback
        0.000 1 typing
        4.000 1 typing
    "#]]
    .assert_eq(&desk.transcript());
}

/// Returns the answer to a message of the person.
fn answer_to(chat: i64, id: u64, message: i64) -> Post {
    let mut post = send(chat, id, &format!("a{id}"));
    if let PostAction::Send { reply_to, .. } = &mut post.action {
        *reply_to = Some(MessageId(message));
    }
    post
}

#[test]
fn the_first_answer_to_each_message_of_a_person_leaves_at_once() {
    let mut desk = Desk::new();
    for id in 0..8 {
        desk.post(answer_to(1, id, i64::try_from(id).unwrap()));
    }
    for id in 8..15 {
        desk.post(answer_to(1, id, 0));
    }
    desk.run_dry();
    expect![[r#"
        0.000 1 send a0 part 0 to 0
        0.000 1 send a1 part 0 to 1
        0.000 1 send a2 part 0 to 2
        0.000 1 send a3 part 0 to 3
        0.000 1 send a4 part 0 to 4
        0.000 1 send a5 part 0 to 5
        0.000 1 send a6 part 0 to 6
        0.000 1 send a7 part 0 to 7
        0.000 1 send a8 part 0 to 0
        0.000 1 send a9 part 0 to 0
        0.000 1 send a10 part 0 to 0
        0.000 1 send a11 part 0 to 0
        0.000 1 send a12 part 0 to 0
        1.000 1 send a13 part 0 to 0
        2.000 1 send a14 part 0 to 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_group_gets_no_answer_beside_its_pace() {
    let mut desk = Desk::new();
    for id in 0..7 {
        desk.post(answer_to(-5, id, i64::try_from(id).unwrap()));
    }
    desk.run_dry();
    expect![[r#"
        0.000 -5 send a0 part 0 to 0
        0.000 -5 send a1 part 0 to 1
        0.000 -5 send a2 part 0 to 2
        0.000 -5 send a3 part 0 to 3
        0.000 -5 send a4 part 0 to 4
        4.000 -5 send a5 part 0 to 5
        8.000 -5 send a6 part 0 to 6
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_chat_that_was_told_to_wait_earns_every_message_for_a_while() {
    let mut desk = Desk::new();
    desk.post(answer_to(1, 0, 100));
    desk.fail(PostError::RetryAfter {
        after: Duration::from_secs(3),
    });
    for id in 1..8 {
        desk.post(answer_to(1, id, i64::try_from(id).unwrap()));
    }
    desk.run_dry();
    desk.pass(STRICT_TIME);
    for id in 20..28 {
        desk.post(answer_to(1, id, i64::try_from(id).unwrap()));
    }
    desk.run_dry();
    expect![[r#"
        0.000 1 send a0 part 0 to 100
        0.000 ! 1 held for 3s
        3.000 1 send a0 part 0 to 100
        3.000 1 send a1 part 0 to 1
        3.000 1 send a2 part 0 to 2
        3.000 1 send a3 part 0 to 3
        3.000 1 send a4 part 0 to 4
        4.500 1 send a5 part 0 to 5
        6.000 1 send a6 part 0 to 6
        7.500 1 send a7 part 0 to 7
        307.500 1 send a20 part 0 to 20
        307.500 1 send a21 part 0 to 21
        307.500 1 send a22 part 0 to 22
        307.500 1 send a23 part 0 to 23
        307.500 1 send a24 part 0 to 24
        307.500 1 send a25 part 0 to 25
        307.500 1 send a26 part 0 to 26
        307.500 1 send a27 part 0 to 27
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn first_answers_are_not_charged_to_the_bot_until_telegram_asks_for_patience() {
    let mut desk = Desk::new();
    for chat in 1..=40 {
        desk.post(answer_to(chat, chat.unsigned_abs(), 1));
    }
    desk.run_dry();
    assert_eq!(
        desk.transcript()
            .lines()
            .filter(|line| line.starts_with("0.000"))
            .count(),
        40
    );

    desk.post(answer_to(50, 50, 1));
    desk.fail(PostError::RetryAfter {
        after: Duration::from_secs(1),
    });
    for chat in 51..=90 {
        desk.post(answer_to(chat, chat.unsigned_abs(), 1));
    }
    desk.run_dry();
    // The burst of the bot, and the refused one.
    let transcript = desk.transcript();
    let at_once = transcript
        .lines()
        .filter(|line| line.starts_with("0.000"))
        .count();
    assert!(
        (30..34).contains(&at_once),
        "{at_once} of 40 and what came before"
    );
}

/// Whoever decides about a request must not wait because the card of the turn was renewed.
#[test]
fn a_card_leaves_room_for_what_is_decided_and_what_comes_next() {
    let mut desk = Desk::new();
    desk.post(notice(send(1, 1, "card")));
    desk.ok();
    for state in 1..=5 {
        desk.post(notice(edit(1, 1, &format!("state {state}"))));
        desk.pass(Duration::from_secs(1));
        desk.run_dry();
    }
    desk.post(edit(1, 2, "allowed"));
    desk.post(send(1, 3, "may it run?"));
    desk.run_dry();
    expect![[r#"
        0.000 1 send card part 0
        0.000 1 edit 101 to state 1
        1.000 1 edit 101 to state 2
        2.000 1 edit 101 to state 3
        3.000 1 edit 101 to state 4
        4.000 1 edit 101 to state 5
        5.000 1 send allowed part 0
        5.000 1 send may it run? part 0
    "#]]
    .assert_eq(&desk.transcript());
}
