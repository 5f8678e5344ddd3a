//! Groups: silence until an administrator allows them, and for strangers afterwards.

use super::super::super::{Change, GroupNews, Notice, Strangers};
use super::super::*;
use super::support::*;
use crate::ports::GroupStanding;

fn strict() -> Door {
    Door::new(lists(Strangers::Refuse))
}

fn allowed() -> Door {
    let mut door = strict();
    let ruling = door.come(&in_group(BOSS, Request::AllowGroup));
    assert!(ruling.orders.contains(&Order::Answer(Notice::GroupAllowed)));
    door.manage(BOSS, Change::Add { name: None }, 8);
    door
}

fn silence() -> Ruling {
    Ruling::of(Access::Refused(None))
}

#[test]
fn an_unknown_group_is_told_once_and_nothing_more() {
    let mut door = strict();
    let told = Order::TellGroup(GROUP, GroupNews::NotAllowedYet);
    let ruling = door.come(&in_group(GUEST, Request::Overheard));
    assert_eq!(ruling, Ruling::settled(vec![told]));
    for user in [GUEST, BOSS] {
        for request in [Request::Work, Request::Overheard, Request::Users] {
            assert_eq!(door.come(&in_group(user, request)), silence());
        }
    }
    let joined = door.come(&in_group(GUEST, Request::Joined));
    assert_eq!(joined, Ruling::of(Access::Settled));
}

#[test]
fn what_may_be_a_part_of_an_album_for_the_bot_is_heard_of_whoever_may_come_in_and_nobody_is_told() {
    let mut door = strict();
    let album = |user| in_group(user, Request::OverheardAlbum);
    door.come(&album(BOSS));
    assert_eq!(
        door.come(&album(BOSS)),
        silence(),
        "nobody allowed the group"
    );
    door.come(&in_group(BOSS, Request::AllowGroup));
    assert_eq!(door.come(&album(BOSS)).access, Access::Granted(Role::Admin));
    assert_eq!(door.come(&album(GUEST)), silence());
}

#[test]
fn only_an_administrator_allows_a_group() {
    let mut door = strict();
    door.manage(BOSS, Change::Add { name: None }, 8);
    door.come(&in_group(BOSS, Request::Joined));
    let stranger = door.come(&in_group(GUEST, Request::AllowGroup));
    assert_eq!(stranger, silence());
    let user = door.come(&in_group(8, Request::AllowGroup));
    assert_eq!(user, Ruling::answer(Notice::AdminsOnly));
    let admin = door.come(&in_group(BOSS, Request::AllowGroup));
    assert_eq!(admin, Ruling::answer(Notice::GroupAllowed));
    let again = door.come(&in_group(BOSS, Request::AllowGroup));
    assert_eq!(again, Ruling::answer(Notice::GroupAllowedAlready));
    door.restart();
    let work = door.come(&in_group(8, Request::Work));
    assert_eq!(work.access, Access::Granted(Role::User));
    let alone = door.come(&private(BOSS, Request::AllowGroup));
    assert_eq!(alone, Ruling::answer(Notice::GroupOnly));
}

#[test]
fn an_allowed_group_hears_its_users_and_refuses_strangers_once_an_hour() {
    let mut door = allowed();
    for user in [8, BOSS, GUEST] {
        assert_eq!(door.come(&in_group(user, Request::Overheard)), silence());
    }
    let work = in_group(GUEST, Request::Work);
    assert_eq!(door.come(&work).access, refused(Refusal::Stranger));
    assert_eq!(door.come(&work), silence());
    assert_eq!(door.come(&in_group(GUEST, press("u1.f"))), silence());
    let work = door.come(&in_group(8, Request::Work));
    assert_eq!(work.access, Access::Granted(Role::User));
}

#[test]
fn an_administrator_manages_in_a_group_and_lists_nobody_there() {
    let mut door = allowed();
    let request = Request::Manage {
        change: Change::Promote,
        target: Target::User(UserId(8)),
    };
    door.come(&in_group(BOSS, request));
    assert!(door.records[&UserId(8)].is_admin);
    let list = door.come(&in_group(BOSS, Request::Users));
    assert_eq!(list, Ruling::answer(Notice::PrivateOnly));
    let about = Request::UserInfo(Some(Target::User(UserId(8))));
    let about = door.come(&in_group(BOSS, about));
    assert_eq!(about, Ruling::answer(Notice::PrivateOnly));
}

#[test]
fn bots_and_channels_get_nothing_for_any_request() {
    let mut door = allowed();
    for request in super::intruders::requests() {
        for kind in [ChatKind::Private, ChatKind::Group, ChatKind::Channel] {
            let arrival = Arrival {
                sender: Sender::Nobody,
                chat_kind: kind,
                ..in_group(BOSS, request.clone())
            };
            assert_eq!(door.come(&arrival), silence(), "{request:?}");
        }
    }
}

#[test]
fn an_anonymous_administrator_has_no_rights_and_is_told_why_once_an_hour() {
    let told = Ruling::of(Access::Refused(Some(Refusal::Anonymous)));
    for request in super::intruders::requests() {
        let mut door = allowed();
        let arrival = |chat_kind| Arrival {
            sender: Sender::Anonymous,
            chat_kind,
            ..in_group(BOSS, request.clone())
        };
        let is_of_telegram = matches!(
            request,
            Request::Joined | Request::Left | Request::Moved { .. }
        );
        for kind in [ChatKind::Private, ChatKind::Channel] {
            if !is_of_telegram {
                assert_eq!(door.come(&arrival(kind)), silence(), "{request:?}");
            }
        }
        let is_silent = matches!(
            request,
            Request::Overheard
                | Request::OverheardAlbum
                | Request::Reaction
                | Request::Press { .. }
                | Request::StopDraft
        );
        if is_silent || is_of_telegram {
            continue;
        }
        let mut come = |seconds| {
            door.seconds += seconds;
            door.come(&arrival(ChatKind::Group))
        };
        assert_eq!(come(0), told, "{request:?}");
        assert_eq!(come(3_599), silence(), "{request:?}");
        assert_eq!(come(1), told, "{request:?}");
    }
}

#[test]
fn a_group_that_nobody_allows_is_left_after_an_hour() {
    let mut door = strict();
    door.come(&in_group(GUEST, Request::Joined));
    door.seconds = 3599;
    assert_eq!(door.sweep(), []);
    door.restart();
    door.seconds = 3600;
    let farewell = Order::TellGroup(GROUP, GroupNews::Leaving);
    assert_eq!(door.sweep(), [farewell, Order::LeaveGroup(GROUP)]);
    assert_eq!(door.sweep(), []);
    assert!(door.groups.is_empty());
}

#[test]
fn an_allowed_group_is_never_due() {
    let mut door = allowed();
    door.seconds = 1_000_000;
    assert_eq!(door.sweep(), []);
}

#[test]
fn the_fifty_first_group_that_waits_is_left_at_once() {
    let mut door = strict();
    let join = |door: &mut Door, chat| {
        let arrival = Arrival {
            chat: ChatId(chat),
            ..in_group(GUEST, Request::Joined)
        };
        door.come(&arrival).orders
    };
    for chat in 1..=50 {
        let told = Order::TellGroup(ChatId(-chat), GroupNews::NotAllowedYet);
        assert_eq!(join(&mut door, -chat), [told]);
    }
    let left = join(&mut door, -51);
    assert_eq!(left.last(), Some(&Order::LeaveGroup(ChatId(-51))));
    assert_eq!(door.groups.len(), 50);
}

#[test]
fn a_group_without_the_bot_is_forgotten() {
    let mut door = allowed();
    let ruling = door.come(&in_group(BOSS, Request::Left));
    assert_eq!(ruling.orders, [Order::EndGroup(GROUP)]);
    assert!(door.groups.is_empty());
    let ruling = door.come(&in_group(BOSS, Request::Joined));
    let told = Order::TellGroup(GROUP, GroupNews::NotAllowedYet);
    assert_eq!(ruling.orders, [told]);
}

#[test]
fn a_group_that_moves_keeps_its_allowance_whichever_side_is_told_first() {
    let new = ChatId(-1007);
    let moved = Request::Moved {
        from: GROUP,
        to: new,
    };
    for is_new_side_first in [false, true] {
        let mut door = allowed();
        let at_new = |request| Arrival {
            chat: new,
            ..in_group(8, request)
        };
        if is_new_side_first {
            door.come(&at_new(Request::Joined));
        }
        for arrival in [in_group(8, moved.clone()), at_new(moved.clone())] {
            door.come(&arrival);
        }
        door.restart();
        let ruling = door.come(&at_new(Request::Work));
        assert_eq!(ruling.access, Access::Granted(Role::User));
        let standing = door.groups[&new].standing;
        assert_eq!(standing, GroupStanding::Allowed { by: UserId(BOSS) });
        assert!(!door.groups.contains_key(&GROUP));
    }
}

#[test]
fn who_sends_what_is_not_known_is_told_once_an_hour_and_goes_on_working() {
    let mut door = allowed();
    let told = Ruling::of(Access::Refused(Some(Refusal::UnknownKind)));
    for arrival in [
        private(BOSS, Request::UnknownKind),
        in_group(8, Request::UnknownKind),
    ] {
        assert_eq!(door.come(&arrival), told);
        assert_eq!(door.come(&arrival), silence());
        let work = Arrival {
            request: Request::Work,
            ..arrival.clone()
        };
        assert!(matches!(door.come(&work).access, Access::Granted(_)));
        door.seconds += 3_600;
        assert_eq!(door.come(&arrival), told);
    }
}
