//! A message that is to be deleted may hold a secret: what keeps Telegram from it passes.

use std::time::Duration;

use expect_test::expect;

use super::desk::Desk;
use crate::ids::{ChatId, MessageId};
use crate::outbox::deletions::MAX_TRIES;
use crate::outbox::{PostError, Rejection, Sign};

const HOUR: Duration = Duration::from_secs(3600);

fn delete(message: i64) -> Sign {
    Sign::Delete {
        chat: ChatId(1),
        message: MessageId(message),
    }
}

fn not_seen() -> PostError {
    PostError::NotDelivered("no route".into())
}

#[test]
fn a_deletion_waits_as_long_as_telegram_says_and_is_tried_again() {
    let mut desk = Desk::new();
    desk.sign(delete(7));
    desk.fail(PostError::RetryAfter {
        after: Duration::from_secs(9),
    });
    desk.pass(HOUR);
    desk.ok();
    desk.pass(HOUR);
    expect![[r#"
        0.000 1 delete
        0.000 ! 1 held for 9s
        9.000 1 delete
    "#]]
    .assert_eq(&desk.transcript());
}

#[test]
fn a_deletion_outlives_an_outage_of_minutes_and_ends_with_a_longer_one() {
    let mut desk = Desk::new();
    desk.sign(delete(7));
    for _ in 0..MAX_TRIES {
        desk.fail(not_seen());
        desk.pass(Duration::from_secs(320));
    }
    expect![[r#"
        0.000 1 delete
        5.000 1 delete
        330.000 1 delete
        660.000 1 delete
        1000.000 1 delete
        1360.000 1 delete
        1760.000 1 delete
        2240.000 1 delete
        2240.000 ! sign failed: cannot reach telegram: no route
    "#]]
    .assert_eq(&desk.transcript());
    assert_eq!(desk.in_flight(), 0);
}

#[test]
fn a_deletion_that_telegram_refuses_is_not_tried_again() {
    let mut desk = Desk::new();
    desk.sign(delete(7));
    desk.fail(PostError::Rejected(Rejection::Telegram(
        "message can't be deleted".into(),
    )));
    desk.pass(HOUR);
    expect![[r#"
        0.000 1 delete
        0.000 ! sign failed: telegram refused: message can't be deleted
    "#]]
    .assert_eq(&desk.transcript());
}
