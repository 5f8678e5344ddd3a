//! More posts than a chat takes.

use std::time::Duration;

use expect_test::expect;

use super::desk::{Desk, edit, notice, send};
use crate::ids::ChatId;
use crate::outbox::PostError;
use crate::outbox::chat_queue::bound::{MAX_NOTICES, MAX_QUEUED};

#[test]
fn a_full_queue_gives_up_its_oldest_notice_first_and_says_so() {
    let mut desk = Desk::new();
    desk.post(notice(send(1, 0, "in flight")));
    desk.post(notice(send(1, 1, "oldest notice")));
    for id in 2..MAX_QUEUED as u64 {
        desk.post(send(1, id, "answer"));
    }
    desk.transcript();
    desk.post(send(1, 1000, "one more"));
    desk.post(send(1, 1001, "waits in the journal"));
    desk.post(notice(send(1, 1002, "would overtake it")));
    desk.post(send(1, 1003, "comes behind"));
    expect![[r#"
        0.000 ! 1 dropped Notice: QueueFull
        0.000 ! 1 dropped Notice: QueueFull
    "#]]
    .assert_eq(&desk.transcript());
    assert_eq!(desk.in_memory(1), MAX_QUEUED);
    desk.run_dry();
    let transcript = desk.transcript();
    assert!(!transcript.contains("oldest notice") && !transcript.contains("overtake"));
    let last: Vec<_> = transcript.lines().rev().take(3).collect();
    let last: Vec<_> = last.iter().rev().map(|line| &line[8..]).collect();
    assert_eq!(
        last,
        [
            "1 send one more part 0",
            "1 send waits in the journal part 0",
            "1 send comes behind part 0"
        ]
    );
    assert!(desk.schedule.is_idle());
}

#[test]
fn a_flood_of_notices_keeps_no_answer_waiting_for_long() {
    let mut desk = Desk::new();
    for id in 0..1000 {
        desk.post(notice(send(-5, id, "status")));
    }
    desk.post(send(-5, 1000, "what the prompt came to"));
    for id in 1001..2000 {
        desk.post(notice(send(-5, id, "status")));
    }
    assert!(desk.in_memory(-5) <= MAX_NOTICES + 2);
    desk.run_dry();
    let transcript = desk.transcript();
    let sent: Vec<_> = (transcript.lines())
        .filter(|line| line.contains(" send "))
        .collect();
    // Two notices were on their way or first in the queue when the flood came.
    assert!(sent.len() <= MAX_NOTICES + 2, "{}", sent.len());
    assert!(sent[1].contains("what the prompt came to"), "{sent:#?}");
}

#[test]
fn what_waits_in_the_journal_alone_is_edited_there_and_goes_with_its_chat() {
    let mut desk = Desk::new();
    for id in 0..MAX_QUEUED as u64 {
        desk.post(send(-5, id, "answer"));
    }
    desk.post(send(-5, 1000, "asks"));
    desk.post(edit(-5, 1000, "decided"));
    desk.transcript();
    desk.fail(PostError::Migrated { to: ChatId(-100) });
    desk.run_dry();
    let transcript = desk.transcript();
    assert!(
        transcript.ends_with(" -100 send decided part 0\n"),
        "{transcript}"
    );
    desk.pass(Duration::from_secs(60));
    for id in 0..=MAX_QUEUED as u64 {
        desk.post(send(-5, 2000 + id, "answer"));
    }
    desk.transcript();
    desk.fail(PostError::ChatGone("kicked".into()));
    assert_eq!(
        desk.transcript().split_once(" ! ").unwrap().1,
        "-100 gone with 257 answers, 0 notices: kicked\n"
    );
    assert!(desk.journal_is_empty() && desk.schedule.is_idle());
}
