//! A bridge that is locked down.

use super::super::super::{Change, News, Notice, Strangers, Toast};
use super::super::*;
use super::intruders::requests;
use super::support::*;

/// A shared bridge with a user, which the first administrator has locked down.
fn locked() -> Door {
    let mut door = Door::asking();
    door.work(SECOND);
    door.manage(BOSS, Change::Add { name: None }, GUEST);
    door.work(GUEST);
    let ruling = door.come(&private(BOSS, Request::LockDown));
    assert_eq!(
        ruling,
        Ruling::settled(vec![
            Order::LockDown,
            Order::Answer(Notice::LockedDown),
            Order::Tell(UserId(SECOND), News::LockedDown(UserId(BOSS))),
        ])
    );
    door
}

#[test]
fn every_administrator_can_lock_the_bridge_down_and_unlock_it_and_all_of_them_are_told() {
    let mut door = locked();
    let ruling = door.come(&private(SECOND, Request::Unlock));
    assert_eq!(
        ruling,
        Ruling::settled(vec![
            Order::Unlock,
            Order::Answer(Notice::Unlocked),
            Order::Tell(UserId(BOSS), News::Unlocked(UserId(SECOND))),
        ])
    );
    assert_eq!(door.work(GUEST), Access::Granted(Role::User));
    let logged: Vec<_> = door
        .audit
        .iter()
        .filter(|line| line.contains("lock"))
        .collect();
    assert_eq!(
        logged,
        [
            "User(UserId(1)) lockdown None Done",
            "User(UserId(2)) unlock None Done"
        ]
    );
}

#[test]
fn the_owner_of_a_bridge_of_one_person_can_lock_it_down() {
    let owner = Some(UserId(BOSS));
    let mut door = Door::new(AccessRules::SingleUser { owner });
    let ruling = door.come(&private(BOSS, Request::LockDown));
    assert_eq!(ruling.orders[0], Order::LockDown);
    assert_eq!(
        door.work(BOSS),
        refused(Refusal::LockedDown(Role::Owner)),
        "they are told how to lift it"
    );
    door.come(&private(BOSS, Request::Unlock));
    assert_eq!(door.work(BOSS), Access::Granted(Role::Owner));
}

#[test]
fn nothing_but_unlock_of_an_administrator_is_taken_in_and_a_person_is_told_once_an_hour() {
    let mut door = locked();
    for user in [BOSS, SECOND, GUEST] {
        for request in requests() {
            let is_key = matches!(request, Request::Unlock | Request::LockDown);
            if user != GUEST && is_key {
                continue;
            }
            for arrival in [
                private(user, request.clone()),
                in_group(user, request.clone()),
            ] {
                let saves = door.saves.len();
                let ruling = door.come(&arrival);
                let is_press = matches!(request, Request::Press { .. });
                match ruling.access {
                    Access::Refused(_) => assert!(ruling.orders.is_empty()),
                    Access::Settled if is_press => {
                        let toast = vec![Order::AnswerPress(Toast::LockedDown)];
                        assert_eq!(ruling.orders, toast, "{arrival:?}");
                    }
                    other => panic!("{arrival:?} {other:?}"),
                }
                assert_eq!(door.saves.len(), saves, "{arrival:?} is not kept");
            }
        }
        let told = |door: &mut Door| match door.work(user) {
            Access::Refused(refusal) => refusal.is_some(),
            other => panic!("{other:?}"),
        };
        assert!(!told(&mut door), "they were told by the first of these");
        door.seconds += 3600;
        assert!(told(&mut door));
        assert!(!told(&mut door));
    }
    assert!(door.lockdown.is_some());
}

#[test]
fn strangers_learn_nothing_of_a_lockdown_and_ask_nobody() {
    let mut door = locked();
    for request in requests() {
        let ruling = door.come(&private(9, request));
        assert_eq!(ruling, Ruling::of(Access::Refused(None)));
    }
    assert!(!door.records.contains_key(&UserId(9)));
}

#[test]
fn a_lockdown_survives_a_restart() {
    let mut door = locked();
    door.restart();
    assert_eq!(door.users.lockdown(), door.lockdown);
    assert_eq!(door.work(GUEST), refused(Refusal::LockedDown(Role::User)));
    door.come(&private(BOSS, Request::Unlock));
    door.restart();
    assert_eq!(door.work(GUEST), Access::Granted(Role::User));
}

#[test]
fn a_lockdown_is_never_refused_for_haste() {
    let mut door = Door::paced(lists(Strangers::Ask), 1);
    for _ in 0..500 {
        door.work(BOSS);
    }
    for request in [Request::LockDown, Request::Unlock] {
        for _ in 0..500 {
            let ruling = door.come(&private(BOSS, request.clone()));
            assert_eq!(ruling.access, Access::Settled);
        }
    }
}

#[test]
fn a_lockdown_that_cannot_be_saved_holds_until_the_restart_and_says_so() {
    let mut door = Door::asking();
    door.work(BOSS);
    door.is_broken = true;
    let ruling = door.come(&private(BOSS, Request::LockDown));
    let others = |news| Order::Tell(UserId(SECOND), news);
    let unsaved = Order::Answer(Notice::LockedDownUnsaved);
    let told = others(News::LockedDownUnsaved(UserId(BOSS)));
    let locked = vec![Order::LockDown, unsaved.clone(), told];
    assert_eq!(ruling, Ruling::settled(locked));
    let logged = "User(UserId(1)) lockdown None Done".to_owned();
    assert_eq!(door.audit.last(), Some(&logged), "it holds all the same");
    assert_eq!(door.work(SECOND), refused(Refusal::LockedDown(Role::Admin)));
    let again = door.come(&private(BOSS, Request::LockDown));
    assert_eq!(again, Ruling::settled(vec![Order::LockDown, unsaved]));
    let ruling = door.come(&private(BOSS, Request::Unlock));
    assert_eq!(ruling, Ruling::answer(Notice::NotStored), "it stays locked");
    door.is_broken = false;
    let ruling = door.come(&private(BOSS, Request::LockDown));
    assert!(door.lockdown.is_some(), "the next try saves it");
    assert!(
        ruling
            .orders
            .contains(&others(News::LockedDown(UserId(BOSS))))
    );
}

#[test]
fn a_lockdown_that_is_saved_stays_saved_whatever_the_store_does_later() {
    let mut door = locked();
    door.is_broken = true;
    let ruling = door.come(&private(SECOND, Request::LockDown));
    let already = Notice::LockedDownAlready(door.lockdown.unwrap(), door.moment().unix);
    assert_eq!(ruling.orders, [Order::LockDown, Order::Answer(already)]);
}

#[test]
fn who_is_no_administrator_cannot_lock_the_bridge_down_and_the_try_is_written_down() {
    let mut door = Door::asking();
    door.manage(BOSS, Change::Add { name: None }, GUEST);
    for arrival in [
        private(GUEST, Request::LockDown),
        private(GUEST, Request::Unlock),
    ] {
        let ruling = door.come(&arrival);
        assert_eq!(ruling, Ruling::answer(Notice::AdminsOnly));
    }
    assert_eq!(door.lockdown, None);
    let last = door.audit.last().unwrap();
    assert_eq!(
        last,
        "User(UserId(7)) unlock None Refused(\"not an administrator\")"
    );
}

#[test]
fn an_administrator_can_lock_the_bridge_down_from_a_group_that_nobody_has_allowed() {
    let mut door = Door::asking();
    let ruling = door.come(&in_group(BOSS, Request::LockDown));
    assert_eq!(ruling.orders[0], Order::LockDown);
    let anonymous = Arrival {
        sender: Sender::Anonymous,
        ..in_group(BOSS, Request::Unlock)
    };
    door.come(&anonymous);
    assert!(door.lockdown.is_some(), "nobody knows who that is");
}

#[test]
fn a_second_lockdown_says_whose_the_first_is_and_ends_agents_again() {
    let mut door = locked();
    door.seconds += 60;
    let ruling = door.come(&private(SECOND, Request::LockDown));
    let first = door.lockdown.unwrap();
    assert_eq!(first.by, UserId(BOSS));
    let already = Notice::LockedDownAlready(first, door.moment().unix);
    assert_eq!(
        ruling.orders,
        [Order::LockDown, Order::Answer(already)],
        "the bridge may have died between the first one and its end"
    );
}

#[test]
fn an_unlock_that_started_nothing_is_carried_out_again_when_it_is_sent_again() {
    let mut door = locked();
    for _ in 0..2 {
        let ruling = door.come(&private(BOSS, Request::Unlock));
        assert!(ruling.orders.contains(&Order::Unlock), "{ruling:?}");
    }
}
