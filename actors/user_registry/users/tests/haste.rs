//! Presses and commands have buckets of their own, and what stops something is never refused.

use super::super::super::{Change, Notice, Strangers, Toast};
use super::super::*;
use super::support::*;

const FORGED: &str = "v1.allow.forged";
/// What may be pressed or commanded however much was.
const BRAKES: [&str; 3] = ["s1.x.n", "a1.n.n", "k1.0.n"];

/// A bridge with a small number of messages, whose guest has pressed and commanded too much.
fn hurried() -> Door {
    let mut door = Door::paced(lists(Strangers::Open), 3);
    for _ in 0..60 {
        assert_eq!(door.come(&private(GUEST, press(FORGED))).access, granted());
        let came = door.come(&private(GUEST, Request::Command));
        assert_eq!(came.access, granted());
    }
    door
}

fn granted() -> Access {
    Access::Granted(Role::User)
}

fn nothing() -> Ruling {
    Ruling::settled(Vec::new())
}

#[test]
fn the_excess_of_presses_is_answered_every_other_second_and_then_not_even_looked_up() {
    let mut door = hurried();
    let press = private(GUEST, press(FORGED));
    let told = Ruling::toast(Toast::TooMany);
    assert_eq!(door.come(&press), told);
    for _ in 0..10_000 {
        assert_eq!(door.users.haste(&press, door.moment().now), Haste::Dropped);
        assert_eq!(dropped(&press), nothing());
    }
    // A token has come back after a second, and is used up.
    door.seconds += 1;
    assert_eq!(door.come(&press).access, granted());
    assert_eq!(door.come(&press), nothing());
    door.seconds += 1;
    assert_eq!(door.come(&press).access, granted());
    assert_eq!(door.come(&press), told);
}

#[test]
fn the_excess_of_commands_is_told_once_a_minute_in_a_chat_and_then_not_even_looked_up() {
    let mut door = hurried();
    let commands = [
        Request::Command,
        Request::Users,
        Request::UserInfo(None),
        start("WRONG"),
    ];
    let told = refused(Refusal::TooManyCommands { per_minute: 60 });
    let came = door.come(&private(GUEST, Request::Command));
    assert_eq!(came.access, told);
    for request in commands {
        let arrival = private(GUEST, request);
        let now = door.moment().now;
        assert_eq!(door.users.haste(&arrival, now), Haste::Dropped);
        assert_eq!(dropped(&arrival), Ruling::of(Access::Refused(None)));
    }
}

#[test]
fn what_stops_something_always_comes_in_and_leaves_no_record_in_excess() {
    let mut door = hurried();
    let unrecorded = Access::Unrecorded(Role::User);
    for _ in 0..100 {
        for data in BRAKES {
            let came = door.come(&private(GUEST, press(data)));
            assert_eq!(came.access, unrecorded, "{data}");
        }
        for request in [Request::Stop, Request::StopDraft] {
            let came = door.come(&private(GUEST, request));
            assert_eq!(came.access, unrecorded);
        }
    }
    // Whoever may not come in gets nowhere by it.
    door.manage(BOSS, Change::Deactivate, GUEST);
    for request in [Request::Stop, Request::StopDraft, press(BRAKES[0])] {
        let came = door.come(&private(GUEST, request));
        assert!(matches!(came.access, Access::Refused(_)), "{came:?}");
    }
}

#[test]
fn an_administrator_locks_down_however_much_they_commanded_and_nobody_else_does() {
    let mut door = hurried();
    for request in [Request::LockDown, Request::Unlock] {
        let came = door.come(&private(GUEST, request));
        assert_eq!(came, Ruling::of(Access::Refused(None)));
    }
    for _ in 0..70 {
        door.come(&private(BOSS, Request::Command));
    }
    for (request, notice) in [
        (Request::LockDown, Notice::LockedDown),
        (Request::Unlock, Notice::Unlocked),
    ] {
        let came = door.come(&private(BOSS, request));
        assert!(came.orders.contains(&Order::Answer(notice)), "{came:?}");
    }
}

#[test]
fn presses_commands_and_messages_take_nothing_from_one_another_or_from_anybody_else() {
    let mut door = Door::paced(lists(Strangers::Open), 3);
    for _ in 0..100 {
        door.come(&private(GUEST, press(FORGED)));
    }
    assert_eq!(
        door.come(&private(GUEST, Request::Command)).access,
        granted()
    );
    for _ in 0..100 {
        door.come(&private(GUEST, Request::Command));
    }
    for _ in 0..3 {
        assert_eq!(door.work(GUEST), granted());
    }
    for request in [press(FORGED), Request::Command, Request::Work] {
        assert_eq!(door.come(&private(8, request)).access, granted());
    }
}

#[test]
fn not_taken_is_said_once_a_minute_in_a_group_whoever_is_too_fast() {
    let mut door = Door::paced(lists(Strangers::Open), 1);
    door.come(&in_group(BOSS, Request::AllowGroup));
    let mut told = Vec::new();
    for seconds in [0, 1, 59, 60, 61] {
        door.seconds = seconds;
        for user in [GUEST, 8] {
            for _ in 0..3 {
                let access = door.come(&in_group(user, Request::Work)).access;
                if access == refused(Refusal::TooFast { per_minute: 1 }) {
                    told.push(seconds);
                }
            }
        }
    }
    assert_eq!(told, [0, 60]);
}

#[test]
fn a_stranger_who_presses_and_commands_without_end_is_told_no_more_than_before() {
    let mut door = Door::paced(lists(Strangers::Refuse), 3);
    let mut told = 0;
    for _ in 0..200 {
        for request in [press(FORGED), Request::Command, Request::Stop] {
            let came = door.come(&private(9, request));
            assert!(came.orders.is_empty(), "{came:?}");
            told += usize::from(matches!(came.access, Access::Refused(Some(_))));
        }
    }
    assert_eq!(told, 1);
    assert!(door.records.is_empty());
}
