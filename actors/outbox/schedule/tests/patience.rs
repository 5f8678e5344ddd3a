//! What becomes of an answer that Telegram does not confirm, or does not take.

use std::time::Duration;

use expect_test::expect;

use super::super::*;
use super::desk::{Desk, edit, notice, send, with_body};
use crate::ids::{ChatId, PostId};
use crate::outbox::Rejection;
use crate::outbox::chat_queue::bound::MAX_QUEUED;
use crate::outbox::chat_queue::resting::MAX_RESTING;
use crate::outbox::journal_note::JournalNote;
use crate::outbox::{Body, Post, PostError};

const SECOND: Duration = Duration::from_secs(1);

fn fate_unknown() -> PostError {
    PostError::FateUnknown("timed out".into())
}

/// Lets the answer in flight fail as often as it is repeated at once, and once more.
fn lose_until_it_rests(desk: &mut Desk) {
    for _ in 0..3 {
        desk.fail(fate_unknown());
        desk.pass(SECOND * 5);
        desk.ok();
        desk.pass(SECOND * 5);
    }
    desk.fail(fate_unknown());
}

#[test]
fn an_answer_whose_fate_stays_unknown_rests_and_is_tried_for_ever() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.post(send(1, 2, "b"));
    lose_until_it_rests(&mut desk);
    desk.ok();
    desk.ok();
    desk.pass(SECOND * 60);
    desk.ok();
    desk.fail(fate_unknown());
    desk.pass(SECOND * 120);
    desk.ok();
    desk.ok();
    expect![[r#"
        0.000 1 send a part 0
        0.000 ! 1 retry in 500ms
        0.500 1 typing
        5.000 1 send a part 0 ↻
        10.000 ! 1 retry in 500ms
        10.500 1 typing
        15.000 1 send a part 0 ↻
        20.000 ! 1 retry in 500ms
        20.500 1 typing
        25.000 1 send a part 0 ↻
        30.000 ! 1 rests for 60s
        30.000 1 send b part 0
        30.000 1 send plain:⚠ Telegram did not confirm one of my messages. I keep trying, less and less often. If it arrives twice, the second one begins with ↻. part 0
        90.000 1 typing
        90.000 1 send a part 0 ↻
        90.000 ! 1 rests for 120s
        210.000 1 typing
        210.000 1 send a part 0 ↻
    "#]]
    .assert_eq(&desk.transcript());
    assert!(desk.journal_is_empty());
}

#[test]
fn the_tries_of_an_answer_come_down_to_one_an_hour() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    lose_until_it_rests(&mut desk);
    desk.ok();
    desk.transcript();
    for _ in 0..30 {
        desk.pass_to_wake_up();
        desk.ok();
        desk.fail(fate_unknown());
    }
    let transcript = desk.transcript();
    assert_eq!(transcript.matches(" ↻\n").count(), 30);
    assert!(!transcript.contains("dropped"));
    assert!(!transcript.contains("plain:"), "the person is told once");
    assert!(transcript.ends_with("rests for 3600s\n"));
    assert!(!desk.journal_is_empty());
}

#[test]
fn an_edit_changes_an_answer_that_rests_before_it_is_tried_again() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "asks"));
    lose_until_it_rests(&mut desk);
    desk.ok();
    desk.transcript();
    desk.post(edit(1, 1, "decided"));
    desk.ok();
    desk.ok();
    expect![[r#"
        30.000 1 typing
        30.000 1 send decided part 0 ↻
    "#]]
    .assert_eq(&desk.transcript());
    assert!(desk.journal_is_empty());
}

#[test]
fn an_answer_that_rests_does_not_land_between_the_messages_of_another() {
    let mut desk = Desk::new();
    desk.post(send(-5, 1, "lost"));
    lose_until_it_rests(&mut desk);
    desk.ok();
    desk.post(send(-5, 2, "long"));
    desk.transcript();
    desk.ok_in_parts(40);
    desk.pass(SECOND * 3);
    for _ in 0..20 {
        desk.ok_in_parts(40);
        desk.pass(SECOND * 4);
    }
    assert!(!desk.transcript().contains("lost"));
}

#[test]
fn a_chat_in_which_everything_stays_unknown_lets_only_so_many_answers_rest() {
    let mut desk = Desk::new();
    for id in 0..2 * MAX_RESTING as u64 {
        desk.post(send(1, id, "a"));
    }
    for _ in 0..4 * MAX_RESTING {
        for _ in 0..4 {
            desk.fail_if_flying(fate_unknown());
            desk.pass(SECOND * 2);
            desk.ok_if_flying();
            desk.pass(SECOND * 2);
        }
    }
    assert_eq!(desk.resting(1), MAX_RESTING);
    assert!(!desk.transcript().contains("dropped Answer"));
    desk.run_dry();
    assert!(desk.journal_is_empty());
}

/// Loses every send of chat 1 for so many rounds; a probe is answered.
fn lose_all(desk: &mut Desk, rounds: usize) {
    for _ in 0..rounds {
        while desk.in_flight() == 0 {
            desk.pass_to_wake_up();
        }
        if desk.is_probing() {
            desk.ok();
        } else {
            desk.fail(fate_unknown());
        }
    }
}

/// Returns a desk at which as many answers of chat 1 rest as may, each for an hour between two
/// tries, and one more waits at its place.
fn desk_with_one_too_many_to_rest() -> Desk {
    let mut desk = Desk::new();
    for id in 0..=MAX_RESTING as u64 {
        desk.post(send(1, id, &format!("lost {id}")));
    }
    lose_all(&mut desk, 1000);
    while desk.resting(1) < MAX_RESTING {
        lose_all(&mut desk, 1);
    }
    desk
}

#[test]
fn an_answer_too_many_to_rest_holds_its_chat_up_for_a_minute_at_most() {
    let mut desk = desk_with_one_too_many_to_rest();
    for _ in 0..100 {
        let since = desk.now;
        lose_all(&mut desk, 1);
        assert!(desk.now.since(since) <= SECOND * 60);
    }
    assert!(!desk.journal_is_empty());
    desk.run_dry();
    assert!(desk.journal_is_empty());
}

#[test]
fn an_answer_that_has_rested_does_not_wait_for_the_back_off_of_another() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "rested"));
    lose_until_it_rests(&mut desk);
    desk.ok();
    desk.pass(SECOND * 55);
    desk.post(send(1, 2, "b"));
    for _ in 0..3 {
        desk.fail(PostError::NotDelivered("no route".into()));
        desk.pass_to_wake_up();
    }
    desk.transcript();
    desk.fail(PostError::NotDelivered("no route".into()));
    desk.run_dry();
    expect![[r#"
        88.500 ! 1 retry in 4s
        90.000 1 typing
        90.000 1 send rested part 0 ↻
        92.500 1 send b part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn what_rests_goes_with_its_chat_and_moves_with_its_group() {
    let mut desk = Desk::new();
    desk.post(send(-5, 1, "a"));
    lose_until_it_rests(&mut desk);
    desk.fail(PostError::Migrated { to: ChatId(-1005) });
    desk.run_dry();
    assert!(desk.journal_is_empty());

    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    lose_until_it_rests(&mut desk);
    desk.fail(PostError::ChatGone("blocked".into()));
    assert!(
        desk.transcript()
            .ends_with("gone with 2 answers, 0 notices: blocked\n")
    );
    desk.hear(SessionKey::of_chat(ChatId(1)));
    desk.run_dry();
    assert!(desk.transcript().contains("send a part 0 ↻"));
    assert!(desk.journal_is_empty());
}

#[test]
fn an_answer_that_telegram_refuses_is_told_to_the_person() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "a"));
    desk.fail(PostError::Rejected(Rejection::Telegram("no".into())));
    desk.fail(PostError::Rejected(Rejection::Telegram("still no".into())));
    desk.ok();
    let file = Body::Document {
        name: "answer.md".to_owned(),
        content: "all".to_owned(),
        caption: String::new(),
    };
    desk.post(with_body(send(1, 2, ""), file));
    desk.fail(PostError::Rejected(Rejection::Telegram(
        "not enough rights to send documents".into(),
    )));
    desk.fail(PostError::Rejected(Rejection::Telegram(
        "no words either".into(),
    )));
    desk.pass(SECOND);
    desk.post(notice(send(1, 3, "note")));
    desk.fail(PostError::Rejected(Rejection::Telegram("no".into())));
    expect![[r#"
        0.000 1 send a part 0
        0.000 ! 1 goes on as plain text
        0.000 1 send plain:a part 0
        0.000 ! 1 dropped Answer: Rejected(Telegram("still no"))
        0.000 1 send plain:⚠ One of my messages could not be shown here: still no part 0
        0.000 1 send file:answer.md part 0
        0.000 ! 1 dropped Answer: Rejected(Telegram("not enough rights to send documents"))
        0.000 1 send plain:⚠ The file answer.md could not be sent: not enough rights to send documents part 0
        0.000 ! 1 dropped Answer: Rejected(Telegram("no words either"))
        1.000 1 send note part 0
        1.000 ! 1 dropped Notice: Rejected(Telegram("no"))
    "#]]
    .assert_eq(&desk.transcript());
}

/// Posts one answer that Telegram refuses, and so many behind it.
fn refuse_first_of(desk: &mut Desk, n_behind: u64) {
    desk.post(with_body(send(1, 0, ""), Body::Plain("a".to_owned())));
    for id in 1..=n_behind {
        desk.post(send(1, id, "b"));
    }
    desk.fail(PostError::Rejected(Rejection::Telegram("no".into())));
}

#[test]
fn that_an_answer_is_refused_is_told_however_much_waits() {
    let mut desk = Desk::new();
    refuse_first_of(&mut desk, 2 * MAX_QUEUED as u64);
    desk.run_dry();
    let transcript = desk.transcript();
    assert_eq!(
        transcript
            .matches("of my messages could not be shown")
            .count(),
        1
    );
    assert!(desk.journal_is_empty());
}

#[test]
fn that_the_fate_of_an_answer_is_unknown_is_told_however_much_waits() {
    let mut desk = Desk::new();
    for id in 0..2 * MAX_QUEUED as u64 {
        desk.post(send(1, id, "a"));
    }
    lose_until_it_rests(&mut desk);
    desk.run_dry();
    let transcript = desk.transcript();
    assert_eq!(transcript.matches("did not confirm").count(), 1);
    assert!(desk.journal_is_empty());
}

#[test]
fn what_is_told_of_an_answer_is_tried_until_it_arrives() {
    let mut desk = Desk::new();
    refuse_first_of(&mut desk, 0);
    desk.transcript();
    lose_until_it_rests(&mut desk);
    desk.run_dry();
    let transcript = desk.transcript();
    assert!(
        transcript.ends_with("could not be shown here: no part 0 ↻\n"),
        "{transcript}"
    );
    assert!(
        !transcript.contains("did not confirm"),
        "nothing is said of what is said"
    );
    assert!(desk.journal_is_empty());
}

#[test]
fn what_is_told_of_an_answer_is_kept_before_the_answer_is_forgotten() {
    let mut schedule = Schedule::new(Language::English);
    let post = with_body(send(1, 7, ""), Body::Plain("a".to_owned()));
    schedule.push(post);
    let now = Time::ZERO + SECOND;
    let departed = schedule.next(now).departures.remove(0);
    let refused = Err(PostError::Rejected(Rejection::Telegram("no".into())));
    schedule.on_outcome(departed.ticket, refused, now);
    let notes = schedule.take_notes();
    assert!(
        matches!(
            notes[..],
            [
                JournalNote::Keep(Post { .. }),
                JournalNote::Settle(PostId(7))
            ]
        ),
        "{notes:?}"
    );
}
