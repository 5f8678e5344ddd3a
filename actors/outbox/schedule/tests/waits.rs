//! What has to be waited for: what Telegram asked for, and every call that was made.

use std::time::Duration;

use expect_test::expect;

use super::desk::{Desk, edit, react, replying, send, with_body};
use crate::outbox::chat_queue::STRICT_TIME;
use crate::outbox::{Body, Button, PostError, Rejection};

const SECOND: Duration = Duration::from_secs(1);

fn retry_after(seconds: u64) -> PostError {
    PostError::RetryAfter {
        after: Duration::from_secs(seconds),
    }
}

#[test]
fn a_shorter_wait_of_another_chat_does_not_end_the_strictness_of_a_longer_one() {
    let mut desk = Desk::new();
    desk.post(replying(send(1, 1, "a")));
    desk.fail(retry_after(1000));
    desk.post(replying(send(2, 2, "b")));
    desk.fail(retry_after(1));
    desk.pass(SECOND * 2 + STRICT_TIME);
    desk.run_dry_until(SECOND);
    desk.transcript();
    // The first wait is not over, so first answers are charged to the bot as all others are.
    for chat in 10..=60 {
        desk.post(replying(send(chat, chat.unsigned_abs(), "x")));
    }
    assert_eq!(desk.in_flight(), 30, "the burst of the bot");
}

#[test]
fn a_second_wait_of_a_chat_shortens_none_that_the_whole_bot_takes_from_it() {
    let mut desk = Desk::new();
    for chat in 1..=3 {
        desk.post(send(chat, chat.unsigned_abs(), "a"));
    }
    desk.sign(react(1));
    // The answers to chat 1, then the sign to it, then chats 2 and 3.
    desk.fail(retry_after(90));
    desk.fail_last(retry_after(2));
    desk.fail(retry_after(60));
    desk.fail(retry_after(70));
    assert!(
        desk.transcript().ends_with("all held for 60s\n"),
        "the shortest of the waits that hold"
    );
}

#[test]
fn each_piece_of_a_message_waits_for_the_pace() {
    let mut desk = Desk::new();
    desk.post(replying(send(1, 1, "a")));
    desk.post(send(1, 2, "b"));
    for _ in 0..2 {
        desk.fail(PostError::TooLong("too long".into()));
    }
    desk.fail(PostError::MarkupRefused("bad offset".into()));
    desk.run_dry();
    expect![[r#"
        0.000 1 send a part 0 to 5
        0.000 1 send a part 0 first half to 5
        0.000 1 send a part 0 first half first half to 5
        0.000 ! 1 goes on as plain text
        0.000 1 send a part 0 first half first half bare to 5
        0.000 1 send a part 0 first half second half bare
        0.000 1 send a part 0 second half bare
        1.000 1 send b part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_message_that_went_out_in_part_goes_on_with_the_piece_that_is_missing() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.fail(PostError::TooLong("too long".into()));
    desk.ok();
    desk.fail(retry_after(10));
    desk.pass(SECOND * 10);
    desk.fail(PostError::FateUnknown("timed out".into()));
    desk.run_dry();
    expect![[r#"
        0.000 1 send a part 0
        0.000 1 send a part 0 first half
        0.000 1 send a part 0 second half
        0.000 ! 1 held for 10s
        10.000 1 send a part 0 second half
        10.000 ! 1 retry in 500ms
        10.500 1 typing
        10.500 1 send a part 0 second half ↻
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn an_edit_that_is_too_long_shows_its_beginning_and_a_newer_one_is_tried_whole() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.ok();
    desk.post(edit(1, 1, "long"));
    desk.fail(PostError::TooLong("too long".into()));
    desk.fail(PostError::NotDelivered("no route".into()));
    desk.post(edit(1, 1, "short"));
    desk.run_dry();
    expect![[r#"
        0.000 1 send a part 0
        0.000 1 edit 101 to long
        0.000 1 edit 101 to long first half
        0.000 ! 1 retry in 500ms
        0.500 1 edit 101 to short
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn an_answer_that_telegram_refuses_as_a_rich_message_goes_out_as_ordinary_ones() {
    let refusals = [
        PostError::TooLong("too long".into()),
        PostError::MarkupRefused("RICH_MESSAGE_INVALID".into()),
        PostError::Rejected(Rejection::Telegram("method not found".into())),
    ];
    let transcripts = refusals.map(|refusal| {
        let mut desk = Desk::new();
        desk.post(with_body(send(1, 1, ""), Body::Rich("a".to_owned())));
        desk.fail(PostError::FateUnknown("timed out".into()));
        desk.pass(SECOND);
        // The probe, after which the answer is sent again.
        desk.ok();
        desk.fail(refusal);
        desk.ok_in_parts(2);
        desk.run_dry();
        assert!(desk.journal_is_empty(), "the answer is delivered");
        desk.transcript()
    });
    expect![[r#"
        0.000 1 send rich:a part 0
        0.000 ! 1 retry in 500ms
        0.500 1 typing
        1.000 1 send rich:a part 0 ↻
        1.000 ! 1 goes on as plain text
        1.000 1 send a part 0 ↻
        1.000 1 send a part 1
    "#]]
    .assert_eq(&transcripts[0]);
    assert!(transcripts.iter().all(|one| *one == transcripts[0]));
}

#[test]
fn the_buttons_of_a_message_in_pieces_are_those_of_its_last() {
    let mut desk = Desk::new();
    let body = Body::Choice {
        text: "long".to_owned(),
        rows: vec![vec![Button {
            label: "Yes".to_owned(),
            data: "1".to_owned(),
        }]],
    };
    desk.post(with_body(send(1, 1, ""), body));
    desk.fail(PostError::TooLong("too long".into()));
    desk.ok();
    desk.ok();
    desk.post(edit(1, 1, "decided"));
    expect![[r#"
        0.000 1 send choice:long part 0
        0.000 1 send choice:long part 0 first half
        0.000 1 send choice:long part 0 second half
        0.000 ! post 1 of 1 is 102
        0.000 1 edit 102 to decided
    "#]]
    .assert_eq(&desk.transcript());
}
