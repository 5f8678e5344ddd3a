//! What becomes of posts when Telegram or the way to it fails.

use std::time::Duration;

use expect_test::expect;

use super::desk::{Desk, edit, notice, replying, send, typing};
use crate::ids::ChatId;
use crate::outbox::PostError;
use crate::outbox::Rejection;

const SECOND: Duration = Duration::from_secs(1);

fn retry_after(seconds: u64) -> PostError {
    PostError::RetryAfter {
        after: Duration::from_secs(seconds),
    }
}

fn not_delivered() -> PostError {
    PostError::NotDelivered("no route".into())
}

fn fate_unknown() -> PostError {
    PostError::FateUnknown("timed out".into())
}

#[test]
fn a_chat_that_is_to_wait_holds_no_other_chat() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.fail(retry_after(3600));
    desk.sign(typing(1));
    desk.post(send(2, 2, "b"));
    desk.ok();
    desk.pass(SECOND * 3600);
    desk.ok();
    expect![[r#"
        0.000 1 send a part 0
        0.000 ! 1 held for 3600s
        0.000 2 send b part 0
        3600.000 1 send a part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn three_chats_that_are_to_wait_hold_the_whole_bot() {
    let mut desk = Desk::new();
    for chat in 1..=3 {
        desk.post(send(chat, chat.unsigned_abs(), "a"));
    }
    for seconds in [9, 7, 8] {
        desk.fail(retry_after(seconds));
    }
    desk.post(send(4, 4, "other"));
    desk.pass(SECOND * 7);
    expect![[r#"
        0.000 1 send a part 0
        0.000 2 send a part 0
        0.000 3 send a part 0
        0.000 ! 1 held for 9s
        0.000 ! 2 held for 7s
        0.000 ! 3 held for 8s
        0.000 ! all held for 7s
        7.000 4 send other part 0
        7.000 2 send a part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn what_did_not_arrive_is_sent_again_in_its_order_ever_more_slowly() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.post(send(1, 2, "b"));
    for _ in 0..9 {
        desk.fail(not_delivered());
        desk.pass(SECOND * 60);
    }
    desk.run_dry();
    expect![[r#"
        0.000 1 send a part 0
        0.000 ! 1 retry in 500ms
        0.500 1 send a part 0
        60.000 ! 1 retry in 1s
        61.000 1 send a part 0
        120.000 ! 1 retry in 2s
        122.000 1 send a part 0
        180.000 ! 1 retry in 4s
        184.000 1 send a part 0
        240.000 ! 1 retry in 8s
        248.000 1 send a part 0
        300.000 ! 1 retry in 16s
        316.000 1 send a part 0
        360.000 ! 1 retry in 32s
        392.000 1 send a part 0
        420.000 ! 1 retry in 60s
        480.000 1 send a part 0
        480.000 ! 1 retry in 60s
        540.000 1 send a part 0
        540.000 1 send b part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_notice_is_tried_for_ten_minutes() {
    let mut desk = Desk::new();
    desk.post(notice(send(1, 1, "a")));
    desk.fail(not_delivered());
    desk.pass(SECOND * 599);
    desk.fail(not_delivered());
    desk.pass(SECOND);
    desk.transcript();
    desk.fail(not_delivered());
    expect![[r#"
        600.000 ! 1 dropped Notice: TooLate
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn an_answer_of_unknown_fate_is_repeated_with_a_mark_once_telegram_is_back() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.post(send(1, 2, "b"));
    desk.fail(fate_unknown());
    desk.pass(SECOND);
    desk.fail(not_delivered());
    desk.pass(SECOND);
    desk.run_dry();
    expect![[r#"
        0.000 1 send a part 0
        0.000 ! 1 retry in 500ms
        0.500 1 typing
        1.000 ! 1 retry in 1s
        2.000 1 typing
        2.000 1 send a part 0 ↻
        2.000 1 send b part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_notice_of_unknown_fate_is_not_repeated_but_an_edit_is() {
    let mut desk = Desk::new();
    desk.post(notice(send(1, 1, "card")));
    desk.fail(fate_unknown());
    desk.post(notice(edit(1, 1, "lost card")));
    desk.post(notice(send(1, 2, "card two")));
    desk.ok();
    desk.post(notice(edit(1, 2, "done")));
    desk.fail(fate_unknown());
    desk.pass(SECOND);
    desk.ok();
    expect![[r#"
        0.000 1 send card part 0
        0.000 ! 1 dropped Notice: FateUnknown
        0.000 ! 1 dropped Notice: NothingToEdit
        0.000 1 send card two part 0
        0.000 1 edit 101 to done
        0.000 ! 1 retry in 500ms
        1.000 1 edit 101 to done
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_dead_chat_loses_its_queue_and_later_posts_are_tried_again() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.post(notice(send(1, 2, "b")));
    desk.post(send(1, 3, "c"));
    desk.fail(PostError::ChatGone("blocked".into()));
    desk.post(send(1, 4, "d"));
    expect![[r#"
        0.000 1 send a part 0
        0.000 ! 1 gone with 2 answers, 1 notices: blocked
        0.000 1 send d part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_group_that_moved_takes_its_queue_along_and_later_posts_follow() {
    let mut desk = Desk::new();
    desk.post(send(-5, 1, "card"));
    desk.ok();
    desk.post(send(-5, 2, "a"));
    desk.post(edit(-5, 1, "final card"));
    desk.fail(PostError::Migrated { to: ChatId(-1005) });
    desk.post(send(-5, 3, "b"));
    desk.run_dry();
    expect![[r#"
        0.000 -5 send card part 0
        0.000 -5 send a part 0
        0.000 ! -5 is now -1005
        0.000 ! -5 has moved to -1005
        0.000 -1005 send a part 0
        0.000 -1005 send final card part 0
        0.000 -1005 send b part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn an_edit_without_its_message_becomes_a_new_message_if_it_is_an_answer() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.ok();
    desk.post(edit(1, 1, "b"));
    desk.fail(PostError::MessageGone("deleted".into()));
    desk.ok();
    desk.pass(SECOND);
    desk.post(notice(edit(1, 1, "c")));
    desk.fail(PostError::MessageGone("deleted".into()));
    expect![[r#"
        0.000 1 send a part 0
        0.000 1 edit 101 to b
        0.000 1 send b part 0
        1.000 1 edit 102 to c
        1.000 ! 1 dropped Notice: NothingToEdit
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_refused_answer_is_tried_once_as_plain_text() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.fail(PostError::Rejected(Rejection::Telegram(
        "can't parse".into(),
    )));
    desk.fail(PostError::Rejected(Rejection::Telegram("still not".into())));
    desk.post(notice(send(1, 2, "b")));
    desk.fail(PostError::Rejected(Rejection::Telegram(
        "can't parse".into(),
    )));
    expect![[r#"
        0.000 1 send a part 0
        0.000 ! 1 goes on as plain text
        0.000 1 send plain:a part 0
        0.000 ! 1 dropped Answer: Rejected(Telegram("still not"))
        0.000 1 send plain:⚠ One of my messages could not be shown here: still not part 0
        0.000 ! 1 dropped Answer: Rejected(Telegram("can't parse"))
        0.000 1 send b part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn an_answer_refused_in_its_middle_starts_again_as_plain_text_with_a_mark() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "long"));
    desk.ok_in_parts(2);
    desk.fail(PostError::Rejected(Rejection::Telegram(
        "can't parse".into(),
    )));
    desk.ok_in_parts(2);
    desk.ok_in_parts(2);
    expect![[r#"
        0.000 1 send long part 0
        0.000 1 send long part 1
        0.000 ! 1 goes on as plain text
        0.000 1 send plain:long part 0 ↻
        0.000 1 send plain:long part 1
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn only_the_first_message_answers_another_and_none_in_a_chat_that_moved() {
    let mut desk = Desk::new();
    desk.post(replying(send(-5, 1, "long")));
    desk.ok_in_parts(2);
    desk.ok_in_parts(2);
    desk.post(replying(send(-5, 2, "moved")));
    desk.fail(PostError::Migrated { to: ChatId(-1005) });
    desk.ok();
    desk.post(replying(send(-5, 3, "under the old id")));
    expect![[r#"
        0.000 -5 send long part 0 to 5
        0.000 -5 send long part 1
        0.000 -5 send moved part 0 to 5
        0.000 ! -5 is now -1005
        0.000 ! -5 has moved to -1005
        0.000 -1005 send moved part 0
        0.000 -1005 send under the old id part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn an_answer_whose_addressee_is_gone_is_sent_without_it() {
    let mut desk = Desk::new();
    desk.post(replying(send(1, 1, "a")));
    desk.fail(PostError::MessageGone(
        "message to be replied not found".into(),
    ));
    expect![[r#"
        0.000 1 send a part 0 to 5
        0.000 1 send a part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_refused_token_keeps_everything_for_later() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.post(send(2, 2, "b"));
    desk.fail(PostError::TokenRefused);
    desk.fail(PostError::TokenRefused);
    desk.pass(SECOND * 60);
    desk.run_dry();
    expect![[r#"
        0.000 1 send a part 0
        0.000 2 send b part 0
        0.000 ! token refused
        60.000 1 send a part 0
        60.000 2 send b part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_failed_edit_gives_way_to_a_newer_one_that_matters_as_much() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.ok();
    desk.post(edit(1, 1, "v1"));
    desk.post(notice(edit(1, 1, "v2")));
    desk.fail(not_delivered());
    // The notice has taken over the rank of the answer it replaces.
    desk.fail(PostError::MessageGone("deleted".into()));
    desk.run_dry();
    expect![[r#"
        0.000 1 send a part 0
        0.000 1 edit 101 to v1
        0.000 ! 1 retry in 500ms
        0.000 1 edit 101 to v2
        0.000 1 send v2 part 0
    "#]]
    .assert_eq(&desk.transcript());
}
