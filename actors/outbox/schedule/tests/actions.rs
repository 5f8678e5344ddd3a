//! Messages with buttons, edits of what an earlier run sent, leaving a group.

use std::time::Duration;

use expect_test::expect;

use super::desk::{Desk, edit, notice, send, with_body};
use crate::ids::{ChatId, MessageId, PostId, SessionKey};
use crate::outbox::chat_queue::bound::MAX_QUEUED;
use crate::outbox::queued_post::NOTICE_PATIENCE;
use crate::outbox::{Body, Button, Post, PostAction, PostError, Rank};

fn choice(chat: i64, id: u64, text: &str) -> Post {
    let button = Button {
        label: "Let in".to_owned(),
        data: "in".to_owned(),
    };
    let body = Body::Choice {
        text: text.to_owned(),
        rows: vec![vec![button]],
    };
    with_body(send(chat, id, ""), body)
}

fn edit_message(chat: i64, id: u64, message: i64, text: &str) -> Post {
    Post {
        key: SessionKey::of_chat(ChatId(chat)),
        action: PostAction::EditMessage {
            id: PostId(id),
            message: MessageId(message),
            body: Body::Plain(text.to_owned()),
        },
        rank: Rank::Answer,
    }
}

fn leave(chat: i64) -> Post {
    Post {
        key: SessionKey::of_chat(ChatId(chat)),
        action: PostAction::Leave,
        rank: Rank::Notice,
    }
}

fn retry_after(seconds: u64) -> PostError {
    let after = Duration::from_secs(seconds);
    PostError::RetryAfter { after }
}

#[test]
fn who_keeps_track_is_told_which_message_a_choice_became_and_of_nothing_else() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "words"));
    desk.post(choice(1, 2, "asks"));
    desk.run_dry();
    expect![[r#"
        0.000 1 send words part 0
        0.000 1 send choice:asks part 0
        0.000 ! post 2 of 1 is 102
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_choice_that_is_sent_again_is_told_when_it_arrived() {
    let mut desk = Desk::new();
    desk.post(choice(1, 1, "asks"));
    desk.fail(PostError::NotDelivered("no route".into()));
    desk.run_dry();
    expect![[r#"
        0.000 1 send choice:asks part 0
        0.000 ! 1 retry in 500ms
        0.500 1 send choice:asks part 0
        0.500 ! post 1 of 1 is 101
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_choice_that_is_edited_into_words_loses_its_buttons() {
    let mut desk = Desk::new();
    desk.post(choice(1, 1, "asks"));
    desk.ok();
    desk.post(edit(1, 1, "decided"));
    desk.run_dry();
    expect![[r#"
        0.000 1 send choice:asks part 0
        0.000 ! post 1 of 1 is 101
        0.000 1 edit 101 to decided
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_choice_that_is_decided_before_it_leaves_never_asks() {
    let mut desk = Desk::new();
    desk.post(send(1, 1, "first"));
    desk.post(choice(1, 2, "asks"));
    desk.post(edit(1, 2, "decided"));
    desk.run_dry();
    expect![[r#"
        0.000 1 send first part 0
        0.000 1 send decided part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_choice_that_is_decided_on_its_way_is_told_and_edited() {
    let mut desk = Desk::new();
    desk.post(choice(1, 1, "asks"));
    desk.post(edit(1, 1, "decided"));
    desk.run_dry();
    expect![[r#"
        0.000 1 send choice:asks part 0
        0.000 ! post 1 of 1 is 101
        0.000 1 edit 101 to decided
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_message_of_an_earlier_run_is_edited_and_can_be_edited_on() {
    let mut desk = Desk::new();
    desk.post(edit_message(1, 1, 55, "decided"));
    desk.ok();
    desk.post(edit(1, 1, "decided by A"));
    desk.run_dry();
    expect![[r#"
        0.000 1 edit 55 to plain:decided
        0.000 1 edit 55 to decided by A
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn newer_edits_of_a_message_under_the_same_name_replace_the_one_that_waits() {
    let mut desk = Desk::new();
    desk.post(send(1, 9, "first"));
    for text in ["one", "two", "three"] {
        desk.post(edit_message(1, 1, 55, text));
    }
    desk.run_dry();
    expect![[r#"
        0.000 1 send first part 0
        0.000 1 edit 55 to plain:three
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_newer_edit_of_a_message_replaces_one_that_waits_under_another_name() {
    let mut desk = Desk::new();
    desk.post(send(1, 9, "first"));
    desk.post(edit_message(1, 1, 55, "one"));
    desk.post(edit_message(1, 3, 56, "of another message"));
    desk.post(edit_message(1, 2, 55, "two"));
    desk.run_dry();
    expect![[r#"
        0.000 1 send first part 0
        0.000 1 edit 55 to plain:two
        0.000 1 edit 56 to plain:of another message
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn an_edit_of_a_message_survives_a_request_to_wait_with_the_newest_content() {
    let mut desk = Desk::new();
    desk.post(edit_message(1, 1, 55, "old"));
    desk.post(edit_message(1, 1, 55, "new"));
    desk.fail(retry_after(5));
    desk.run_dry();
    expect![[r#"
        0.000 1 edit 55 to plain:old
        0.000 ! 1 held for 5s
        5.000 1 edit 55 to plain:new
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn an_edit_of_a_message_that_is_gone_has_nothing_left_to_do() {
    let mut desk = Desk::new();
    desk.post(edit_message(1, 1, 55, "answer"));
    desk.fail(PostError::MessageGone("no".into()));
    desk.post(notice(edit_message(1, 2, 56, "notice")));
    desk.fail(PostError::MessageGone("no".into()));
    desk.run_dry();
    expect![[r#"
        0.000 1 edit 55 to plain:answer
        0.000 ! 1 dropped Answer: NothingToEdit
        0.000 1 edit 56 to plain:notice
        0.000 ! 1 dropped Notice: NothingToEdit
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn an_edit_of_a_message_is_not_made_in_the_chat_that_a_group_has_become() {
    let mut desk = Desk::new();
    desk.post(edit_message(-5, 1, 55, "decided"));
    desk.fail(PostError::Migrated { to: ChatId(-100) });
    desk.post(edit_message(-5, 2, 56, "decided"));
    desk.run_dry();
    expect![[r#"
        0.000 -5 edit 55 to plain:decided
        0.000 ! -5 is now -100
        0.000 ! -100 dropped Answer: NothingToEdit
        0.000 ! -5 has moved to -100
        0.000 ! -100 dropped Answer: NothingToEdit
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn the_bot_leaves_a_group_after_what_was_posted_before() {
    let mut desk = Desk::new();
    desk.post(send(-5, 1, "goodbye"));
    desk.post(leave(-5));
    desk.run_dry();
    expect![[r#"
        0.000 -5 send goodbye part 0
        0.000 -5 leave
    "#]]
    .assert_eq(&desk.transcript());
    assert!(desk.schedule.is_idle());
}

#[test]
fn what_waits_behind_a_leave_is_dropped_with_it() {
    let mut desk = Desk::new();
    desk.post(leave(-5));
    desk.post(send(-5, 1, "the bridge was stopped"));
    desk.post(notice(send(-5, 2, "a notice")));
    desk.run_dry();
    expect![[r#"
        0.000 -5 leave
        0.000 ! -5 gone with 1 answers, 1 notices: the bot has left it
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_group_that_takes_the_bot_back_is_posted_to_again() {
    let mut desk = Desk::new();
    desk.post(leave(-5));
    desk.ok();
    desk.post(send(-5, 1, "hello again"));
    desk.run_dry();
    expect![[r#"
        0.000 -5 leave
        0.000 -5 send hello again part 0
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn leaving_is_tried_until_it_is_done() {
    let mut desk = Desk::new();
    desk.post(leave(-5));
    for error in [
        PostError::FateUnknown("silence".into()),
        retry_after(NOTICE_PATIENCE.as_secs()),
        PostError::NotDelivered("no route".into()),
    ] {
        desk.fail(error);
        desk.pass(NOTICE_PATIENCE);
    }
    desk.ok();
    expect![[r#"
        0.000 -5 leave
        0.000 ! -5 retry in 500ms
        0.500 -5 leave
        600.000 ! -5 held for 600s
        1200.000 -5 leave
        1200.000 ! -5 retry in 1s
        1201.000 -5 leave
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_leave_is_not_what_a_full_queue_drops() {
    let mut desk = Desk::new();
    for id in 0..MAX_QUEUED as u64 {
        desk.post(send(-5, id, "answer"));
    }
    desk.post(leave(-5));
    for id in 0..2 {
        desk.post(send(-5, id, "late"));
    }
    desk.run_dry();
    let transcript = desk.transcript();
    let n_answers = transcript.matches("send answer").count();
    assert_eq!(n_answers, MAX_QUEUED);
    let end = "-5 gone with 2 answers, 0 notices: the bot has left it\n";
    assert!(transcript.ends_with(end), "{transcript}");
}

#[test]
fn a_group_that_moved_is_left_under_its_new_id() {
    let mut desk = Desk::new();
    desk.post(leave(-5));
    desk.fail(PostError::Migrated { to: ChatId(-100) });
    desk.run_dry();
    expect![[r#"
        0.000 -5 leave
        0.000 ! -5 is now -100
        0.000 ! -5 has moved to -100
        0.000 -100 leave
    "#]]
    .assert_eq(&desk.transcript());
}
