//! How strangers come in, or do not.

use super::super::super::{
    Change, JoinAnswer, JoinVerdict, Lists, News, Notice, RequestPlace, Strangers, Toast,
};
use super::super::requests::MAX_WAITING;
use super::super::*;
use super::support::*;
use crate::ids::{MessageId, PostId};
use crate::ports::Admitter;

/// A stranger has asked: the door, and the posts of the two administrators.
fn waiting() -> (Door, Vec<(i64, PostId)>) {
    let mut door = Door::asking();
    let ruling = door.come(&private(GUEST, Request::Work));
    assert_eq!(ruling.access, Access::Settled);
    let asked = asked(&ruling);
    (door, asked)
}

#[test]
fn the_first_message_of_somebody_who_may_come_in_makes_a_record() {
    let mut door = Door::new(lists(Strangers::Open));
    assert_eq!(door.work(GUEST), Access::Granted(Role::User));
    let Write::User(record) = &door.saves[0] else {
        panic!("that they come in is said, so it is no note");
    };
    assert_eq!((record.is_active(), record.is_admin), (true, false));
    assert_eq!(record.username.as_deref(), Some("name7"));
    assert_eq!(door.work(GUEST), Access::Granted(Role::User));
    assert_eq!(door.saves.len(), 1);
}

#[test]
fn a_stranger_gets_one_answer_and_every_administrator_one_card() {
    let (mut door, asked) = waiting();
    let admins: Vec<i64> = asked.iter().map(|(admin, _)| *admin).collect();
    assert_eq!(admins, [BOSS, SECOND]);
    for _ in 0..20 {
        let ruling = door.come(&private(GUEST, Request::Work));
        assert_eq!(ruling, Ruling::of(Access::Refused(None)));
    }
    door.restart();
    assert_eq!(door.work(GUEST), Access::Refused(None));
    assert_eq!(door.saves.len(), 1);
}

#[test]
fn the_first_press_decides_and_every_card_is_closed_once() {
    for (answer, toast, news) in [
        (JoinAnswer::Approve, Toast::Approved, News::LetIn),
        (JoinAnswer::Deny, Toast::Denied, News::NotLetIn),
    ] {
        let (mut door, asked) = waiting();
        let nonce = door.nonce(GUEST);
        // One card is a message already, the other is on its way.
        door.posted(asked[0].1, BOSS, 500);
        let ruling = door.press(SECOND, answer, &nonce);
        let message = RequestPlace::Message(ChatId(BOSS), MessageId(500));
        let post = RequestPlace::Post(ChatId(SECOND), asked[1].1);
        assert_eq!(closed(&ruling), [message, post]);
        assert_eq!(ruling.orders[0], Order::AnswerPress(toast));
        let told = Order::Tell(UserId(GUEST), news);
        assert!(ruling.orders.contains(&told));
        let second = door.press(BOSS, JoinAnswer::Approve, &nonce);
        assert_eq!(second.orders[0], Order::AnswerPress(Toast::OutOfUse));
        let may_come = door.work(GUEST) == Access::Granted(Role::User);
        assert_eq!(may_come, answer == JoinAnswer::Approve);
    }
}

#[test]
fn who_is_let_in_is_so_by_the_one_who_pressed() {
    let (mut door, _) = waiting();
    let nonce = door.nonce(GUEST);
    door.press(SECOND, JoinAnswer::Approve, &nonce);
    let record = &door.records[&UserId(GUEST)];
    assert_eq!(record.admitted_by, Some(Admitter::Admin(UserId(SECOND))));
    assert!(!record.is_admin);
}

#[test]
fn a_late_press_shows_who_let_the_person_in() {
    let (mut door, _) = waiting();
    let nonce = door.nonce(GUEST);
    door.press(SECOND, JoinAnswer::Approve, &nonce);
    let late = door.press(BOSS, JoinAnswer::Deny, &nonce);
    let verdicts: Vec<_> = (late.orders.iter())
        .filter_map(|order| match order {
            Order::Close { verdict, .. } => Some(*verdict),
            _ => None,
        })
        .collect();
    assert_eq!(verdicts, [JoinVerdict::Approved(UserId(SECOND))]);
}

#[test]
fn a_request_survives_a_restart_and_its_cards_close() {
    let (mut door, asked) = waiting();
    door.posted(asked[0].1, BOSS, 500);
    door.posted(asked[1].1, SECOND, 501);
    door.restart();
    let nonce = door.nonce(GUEST);
    let ruling = door.press(BOSS, JoinAnswer::Approve, &nonce);
    let message = |chat, message| RequestPlace::Message(ChatId(chat), MessageId(message));
    assert_eq!(closed(&ruling), [message(BOSS, 500), message(SECOND, 501)]);
    assert_eq!(door.work(GUEST), Access::Granted(Role::User));
}

#[test]
fn a_decision_that_cannot_be_stored_is_none_and_its_cards_can_still_be_closed() {
    let (mut door, asked) = waiting();
    let nonce = door.nonce(GUEST);
    door.is_broken = true;
    let ruling = door.press(BOSS, JoinAnswer::Approve, &nonce);
    assert_eq!(ruling, Ruling::toast(Toast::NotStored));
    door.is_broken = false;
    assert_eq!(door.work(GUEST), Access::Refused(None));
    door.posted(asked[0].1, BOSS, 500);
    door.posted(asked[1].1, SECOND, 501);
    let ruling = door.press(BOSS, JoinAnswer::Approve, &nonce);
    assert_eq!(closed(&ruling).len(), 2);
}

#[test]
fn no_press_but_the_right_one_decides() {
    let (mut door, _) = waiting();
    let nonce = door.nonce(GUEST);
    let wrong = door.press(BOSS, JoinAnswer::Approve, &"x".repeat(22));
    assert_eq!(wrong.orders[0], Order::AnswerPress(Toast::OutOfUse));
    let other = crate::user_registry::join_button(JoinAnswer::Approve, UserId(8), &nonce);
    let other = door.come(&private(BOSS, press(&other)));
    assert_eq!(other, Ruling::toast(Toast::OutOfUse));
    for stranger in [GUEST, 9] {
        let ruling = door.press(stranger, JoinAnswer::Approve, &nonce);
        assert_eq!(ruling, Ruling::of(Access::Refused(None)));
    }
    let data = crate::user_registry::join_button(JoinAnswer::Approve, UserId(GUEST), &nonce);
    door.come(&in_group(BOSS, Request::AllowGroup));
    let in_group = door.come(&in_group(BOSS, press(&data)));
    assert_eq!(in_group, Ruling::toast(Toast::OutOfUse));
    assert_eq!(door.nonce(GUEST), nonce);
}

#[test]
fn who_is_no_administrator_any_more_decides_nothing() {
    let (mut door, _) = waiting();
    let nonce = door.nonce(GUEST);
    door.manage(BOSS, Change::Deactivate, SECOND);
    let ruling = door.press(SECOND, JoinAnswer::Approve, &nonce);
    assert_eq!(ruling, Ruling::of(Access::Refused(None)));
    door.manage(BOSS, Change::Add { name: None }, 9);
    let ruling = door.press(9, JoinAnswer::Approve, &nonce);
    assert_eq!(ruling, Ruling::toast(Toast::AdminsOnly));
    assert_eq!(door.nonce(GUEST), nonce);
}

#[test]
fn a_card_that_is_posted_after_the_decision_is_not_kept() {
    let (mut door, asked) = waiting();
    let nonce = door.nonce(GUEST);
    door.press(BOSS, JoinAnswer::Approve, &nonce);
    let saves = door.saves.len();
    door.posted(asked[1].1, SECOND, 501);
    assert_eq!(door.saves.len(), saves);
    assert_eq!(door.standing(GUEST), Some(Standing::Active));
}

#[test]
fn the_thirty_first_who_waits_is_told_to_come_later() {
    let mut door = Door::asking();
    let limit = i64::try_from(MAX_WAITING).unwrap();
    for user in 100..100 + limit {
        assert_eq!(door.work(user), Access::Settled);
    }
    assert_eq!(door.work(99), refused(Refusal::CrowdedOut));
    door.manage(BOSS, Change::Add { name: None }, 100);
    assert_eq!(door.work(98), Access::Settled);
    assert_eq!(door.work(97), refused(Refusal::CrowdedOut));
}

#[test]
fn a_stranger_learns_their_number_once_an_hour() {
    let mut door = Door::new(lists(Strangers::Refuse));
    let whoami = private(GUEST, Request::UserInfo(None));
    let told = Ruling::answer(Notice::YourId(UserId(GUEST)));
    assert_eq!(door.come(&whoami), told);
    assert_eq!(door.come(&whoami).access, Access::Refused(None));
    door.seconds = 3600;
    assert_eq!(door.come(&whoami), told);
}

#[test]
fn refusals_are_said_once_an_hour() {
    let mut door = Door::new(lists(Strangers::Refuse));
    assert_eq!(door.work(GUEST), refused(Refusal::Stranger));
    assert_eq!(door.work(GUEST), Access::Refused(None));
    door.seconds = 3600;
    assert_eq!(door.work(GUEST), refused(Refusal::Stranger));
    assert_eq!(door.audit.len(), 2);
}

#[test]
fn a_username_like_an_administrators_gives_nothing() {
    let mut door = Door::new(lists(Strangers::Refuse));
    door.work(BOSS);
    let mut twin = private(GUEST, Request::Users);
    twin.sender = Sender::Person(crate::user_registry::Person {
        user: UserId(GUEST),
        ..person(BOSS)
    });
    assert_eq!(door.come(&twin).access, refused(Refusal::Stranger));
}

#[test]
fn whoever_the_lists_let_in_meanwhile_closes_their_own_cards() {
    let (mut door, _) = waiting();
    let allowed = AccessRules::MultiUser(Lists {
        allowed: [UserId(GUEST)].into(),
        admins: [UserId(BOSS)].into(),
        ..Lists::default()
    });
    assert!(door.set_rules(allowed).is_some());
    let ruling = door.come(&private(GUEST, Request::Work));
    assert_eq!(ruling.access, Access::Granted(Role::User));
    assert_eq!(closed(&ruling).len(), 2);
    assert_eq!(door.standing(GUEST), Some(Standing::Active));
}

#[test]
fn a_decision_that_comes_again_after_a_crash_is_told_to_the_person() {
    for (answer, news) in [
        (JoinAnswer::Approve, News::LetIn),
        (JoinAnswer::Deny, News::NotLetIn),
    ] {
        let (mut door, _) = waiting();
        let nonce = door.nonce(GUEST);
        // Stored, and the bridge died before it could do the rest.
        drop(door.press(BOSS, answer, &nonce));
        door.restart();
        let ruling = door.press(BOSS, answer, &nonce);
        let told = Order::Tell(UserId(GUEST), news);
        assert!(ruling.orders.contains(&told), "{:?}", ruling.orders);
        // Who presses another card later tells nobody again.
        let late = door.press(SECOND, JoinAnswer::Approve, &nonce);
        let tells = |order: &Order| matches!(order, Order::Tell(..));
        assert!(!late.orders.iter().any(tells), "{:?}", late.orders);
    }
}
