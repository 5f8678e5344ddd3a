//! What has to be waited for: what Telegram asked for, and every call that was made.

use std::time::Duration;

use expect_test::expect;

use super::desk::{Desk, draft, react, replying, send};
use crate::outbox::PostError;
use crate::outbox::chat_queue::STRICT_TIME;

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
fn a_message_that_took_five_calls_takes_five_from_the_pace() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.post(send(1, 2, "b"));
    desk.ok_in_calls(5);
    desk.pass(SECOND * 2);
    expect![[r#"
        0.000 1 send a part 0
        1.000 1 send b part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn what_one_chat_took_beyond_its_calls_is_earned_by_the_bot() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.ok_in_calls(25);
    for chat in 2..=20 {
        desk.post(send(chat, chat.unsigned_abs(), "x"));
    }
    assert_eq!(desk.in_flight(), 5, "what is left of the burst of the bot");
}

#[test]
fn what_a_draft_took_beyond_its_call_is_charged_to_its_chat() {
    let mut desk = Desk::new();
    desk.sign(draft(1, "a"));
    desk.ok_in_calls(5);
    desk.post(send(1, 1, "b"));
    assert_eq!(desk.in_flight(), 0);
    desk.pass(SECOND);
    assert_eq!(desk.in_flight(), 1);
}
