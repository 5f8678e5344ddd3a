//! More posts than a chat takes.

use std::time::Duration;

use expect_test::expect;

use super::desk::{Desk, edit, notice, send, with_body};
use crate::ids::{ChatId, SessionKey, TopicId};
use crate::outbox::chat_queue::bound::{MAX_NOTICES, MAX_QUEUED};
use crate::outbox::parked::MAX_PARKED;
use crate::outbox::{Body, Post, PostError};

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
    assert!(desk.n_kept() == MAX_PARKED && desk.schedule.is_idle());
}

/// Returns a message that must arrive and is not in the journal, as that of a request.
fn request(chat: i64, id: u64, text: &str) -> Post {
    let body = Body::Live {
        text: text.to_owned(),
        code: None,
        rows: Vec::new(),
    };
    with_body(send(chat, id, "none"), body)
}

/// Returns the texts of the messages that left.
fn sent(transcript: &str) -> Vec<&str> {
    let texts = transcript
        .lines()
        .filter_map(|line| line.split_once(" send "));
    texts
        .map(|(_, text)| text.split_once(" part ").unwrap().0)
        .collect()
}

#[test]
fn a_request_does_not_overtake_the_plan_that_waits_in_the_journal() {
    let mut desk = Desk::new();
    for id in 0..MAX_QUEUED as u64 {
        desk.post(send(1, id, "answer"));
    }
    desk.post(send(1, 1000, "a plan"));
    desk.post(request(1, 1001, "asks"));
    desk.post(send(1, 1002, "the whole of another"));
    desk.post(request(1, 1003, "asks again"));
    desk.post(edit(1, 1003, "decided"));
    desk.post(send(1, 1004, "the answer"));
    desk.transcript();
    desk.run_dry();
    let transcript = desk.transcript();
    let sent = sent(&transcript);
    assert_eq!(
        sent[MAX_QUEUED - 1..],
        [
            "a plan",
            "live:asks",
            "the whole of another",
            "decided",
            "the answer"
        ]
    );
    assert!(desk.journal_is_empty() && desk.schedule.is_idle());
}

#[test]
fn requests_behind_what_waits_in_the_journal_are_bounded_and_keep_their_order() {
    let mut desk = Desk::new();
    for id in 0..MAX_QUEUED as u64 {
        desk.post(send(1, id, "answer"));
    }
    let mut expected = Vec::new();
    for id in 0..MAX_QUEUED as u64 {
        desk.post(send(1, 1000 + id, &format!("plan {id}")));
        desk.post(request(1, 2000 + id, &format!("request {id}")));
        expected.extend([format!("plan {id}"), format!("live:request {id}")]);
    }
    desk.transcript();
    assert_eq!(desk.in_memory(1), 2 * MAX_QUEUED);
    desk.post(request(1, 9000, "one too many"));
    assert_eq!(desk.transcript(), "0.000 ! 1 dropped Answer: QueueFull\n");
    while !desk.schedule.is_idle() {
        assert!(desk.in_memory(1) <= 2 * MAX_QUEUED);
        desk.pass(Duration::from_secs(1));
        while desk.in_flight() > 0 {
            desk.ok();
        }
    }
    let transcript = desk.transcript();
    assert_eq!(sent(&transcript)[MAX_QUEUED - 1..], expected);
    assert!(desk.journal_is_empty());
}

#[test]
fn a_request_waits_for_the_journal_when_all_before_went_with_a_topic() {
    let mut desk = Desk::new();
    let of_topic = |mut post: Post| {
        post.key = SessionKey {
            chat: ChatId(-5),
            topic: Some(TopicId(3)),
        };
        post
    };
    for id in 0..MAX_QUEUED as u64 {
        desk.post(of_topic(send(-5, id, "answer")));
    }
    desk.post(send(-5, 1000, "a plan"));
    desk.post(request(-5, 1001, "asks"));
    desk.transcript();
    desk.fail(PostError::ChatGone("closed".into()));
    desk.run_dry();
    assert_eq!(sent(&desk.transcript()), ["a plan", "live:asks"]);
    assert!(desk.n_kept() == MAX_PARKED && desk.schedule.is_idle());
}

#[test]
fn a_group_that_moves_takes_its_requests_along_in_their_order() {
    let mut desk = Desk::new();
    desk.post(send(-100, 1, "of the new group"));
    for id in 0..MAX_QUEUED as u64 {
        desk.post(send(-5, 500 + id, "answer"));
    }
    desk.post(send(-5, 1000, "a plan"));
    desk.post(request(-5, 1001, "asks"));
    desk.ok();
    desk.transcript();
    desk.fail(PostError::Migrated { to: ChatId(-100) });
    desk.post(send(-100, 1002, "another plan"));
    desk.post(request(-100, 1003, "asks again"));
    desk.run_dry();
    assert_eq!(
        sent(&desk.transcript())[MAX_QUEUED..],
        ["a plan", "live:asks", "another plan", "live:asks again"]
    );
    assert!(desk.journal_is_empty() && desk.schedule.is_idle());
}
