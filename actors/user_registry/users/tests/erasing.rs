//! What a person leaves is deleted by their own word, or by an administrator's after they went.

use super::super::super::{
    Change, Erasure, ErasureState, Notice, Strangers, Toast, erase_button, erase_mine_button,
    keep_button,
};
use super::super::*;
use super::support::*;
use crate::ids::MessageId;

fn open() -> Door {
    let mut door = Door::new(lists(Strangers::Open));
    door.work(BOSS);
    door.work(GUEST);
    door.audit.clear();
    door
}

/// The order that deletes what a chat has, if there is one.
fn erased(ruling: &Ruling) -> Option<Erasure> {
    ruling.orders.iter().find_map(|order| match order {
        Order::Erase(erasure) => Some(*erasure),
        _ => None,
    })
}

fn until(door: &mut Door, user: i64) -> UnixSeconds {
    let asked = door.come(&private(user, Request::DeleteMyData));
    match asked.orders.as_slice() {
        [Order::Answer(Notice::AskToErase { until })] => *until,
        other => panic!("{other:?}"),
    }
}

#[test]
fn whoever_asks_is_asked_and_their_press_deletes_what_they_have_and_nobody_elses() {
    for rules in [
        lists(Strangers::Open),
        AccessRules::SingleUser {
            owner: Some(UserId(GUEST)),
        },
    ] {
        let mut door = Door::new(rules);
        let until = until(&mut door, GUEST);
        let ruling = door.come(&private(GUEST, press(&erase_mine_button(until))));
        let shown = (ChatId(GUEST), MessageId(500));
        let erasure = Erasure {
            chat: ChatId(GUEST),
            by: UserId(GUEST),
            shown,
        };
        let expected = [
            Order::AnswerPress(Toast::Silent),
            Order::ShowErasure(shown, ErasureState::Begun),
            Order::Erase(erasure),
        ];
        assert_eq!(ruling.orders, expected);
        let logged = format!("User(UserId({GUEST})) delete_room Some({GUEST}) Begun");
        assert_eq!(door.audit, [logged]);
        // They stay who they are.
        assert!(matches!(door.work(GUEST), Access::Granted(_)));
    }
}

#[test]
fn an_old_question_and_a_group_delete_nothing() {
    let mut door = open();
    let until = until(&mut door, GUEST);
    door.seconds += 601;
    let late = door.come(&private(GUEST, press(&erase_mine_button(until))));
    assert_eq!(late, Ruling::toast(Toast::OutOfUse));
    door.come(&in_group(BOSS, Request::AllowGroup));
    let asked = door.come(&in_group(GUEST, Request::DeleteMyData));
    assert_eq!(asked, Ruling::answer(Notice::PrivateOnly));
    let far = UnixSeconds(u64::MAX);
    for data in [erase_mine_button(far), erase_button(UserId(GUEST))] {
        let pressed = door.come(&in_group(BOSS, press(&data)));
        assert_eq!(pressed, Ruling::toast(Toast::OutOfUse), "{data}");
    }
}

#[test]
fn what_somebody_left_goes_by_an_administrators_press_once_they_are_removed_and_not_before() {
    let mut door = open();
    let press = |by: i64| private(by, press(&erase_button(UserId(GUEST))));
    for change in [None, Some(Change::Deactivate), Some(Change::Activate)] {
        if let Some(change) = change {
            door.manage(BOSS, change, GUEST);
        }
        assert_eq!(door.come(&press(BOSS)), Ruling::toast(Toast::OutOfUse));
    }
    door.manage(BOSS, Change::Remove, GUEST);
    assert_eq!(erased(&door.come(&press(8))), None, "no administrator");
    let erasure = erased(&door.come(&press(BOSS))).expect("an order");
    assert_eq!((erasure.chat, erasure.by), (ChatId(GUEST), UserId(BOSS)));
}

#[test]
fn whoever_keeps_it_deletes_nothing() {
    let mut door = open();
    let ruling = door.come(&private(GUEST, press(&keep_button())));
    let shown = (ChatId(GUEST), MessageId(500));
    let kept = Order::ShowErasure(shown, ErasureState::Kept);
    assert_eq!(ruling.orders, [Order::AnswerPress(Toast::Silent), kept]);
    assert!(door.audit.is_empty());
}
