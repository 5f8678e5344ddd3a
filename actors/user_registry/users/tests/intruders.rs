//! People who are not let in try everything.

use proptest::prelude::*;

use super::super::super::{Change, JoinAnswer, Strangers, join_button};
use super::super::*;
use super::support::*;
use crate::ports::GroupStanding;

const USER: i64 = 3;

/// Every request that anybody can make, with data that is forged as well as can be.
pub(super) fn requests() -> Vec<Request> {
    let nonce = format!("{:022}", 3);
    let button = |answer, user| press(&join_button(answer, UserId(user), &nonce));
    let to = |change| Request::Manage {
        change,
        target: Target::User(UserId(GUEST)),
    };
    vec![
        Request::Work,
        Request::Command,
        Request::Stop,
        Request::StopDraft,
        Request::Start { code: None },
        start("WRONG"),
        Request::UserInfo(None),
        Request::UserInfo(Some(Target::User(UserId(BOSS)))),
        Request::Users,
        to(Change::Add { name: None }),
        to(Change::Activate),
        to(Change::Promote),
        Request::Manage {
            change: Change::Remove,
            target: Target::User(UserId(USER)),
        },
        Request::Manage {
            change: Change::Deactivate,
            target: Target::User(UserId(BOSS)),
        },
        Request::AllowGroup,
        Request::DeleteMyData,
        press("e1.m.9999999999"),
        press("e1.u.7"),
        Request::LockDown,
        Request::Unlock,
        button(JoinAnswer::Approve, GUEST),
        button(JoinAnswer::Approve, 8),
        button(JoinAnswer::Deny, GUEST),
        press("u1.f"),
        press("v1.allow.forged"),
        Request::Overheard,
        Request::UnknownKind,
        Request::OverheardAlbum,
        Request::Reaction,
    ]
}

/// An arrival of somebody who is not let in.
fn arrival() -> impl Strategy<Value = Arrival> {
    let senders = prop_oneof![Just(None), Just(Some(GUEST)), Just(Some(8)), Just(Some(9))];
    let kinds = prop_oneof![
        Just(ChatKind::Private),
        Just(ChatKind::Group),
        Just(ChatKind::Channel),
    ];
    let chats = prop_oneof![
        3 => Just(None),
        1 => prop_oneof![Just(BOSS), Just(USER), Just(GROUP.0), Just(-5)].prop_map(Some),
    ];
    let requests = proptest::sample::select(requests());
    (senders, kinds, chats, requests).prop_map(|(sender, chat_kind, chat, request)| Arrival {
        chat: ChatId(chat.or(sender).unwrap_or(BOSS)),
        chat_kind,
        sender: match sender {
            Some(user) => Sender::Person(person(user)),
            None => Sender::Nobody,
        },
        request,
        album: None,
    })
}

fn check(door: &Door, arrival: &Arrival, ruling: &Ruling) -> Result<(), TestCaseError> {
    let is_out = matches!(ruling.access, Access::Settled | Access::Refused(_));
    prop_assert!(is_out, "{arrival:?} {ruling:?}");
    for order in &ruling.orders {
        let is_harmless = match order {
            Order::Answer(_) | Order::Ask { .. } | Order::TellGroup(..) => true,
            Order::LeaveGroup(chat) => *chat != GROUP,
            Order::AnswerPress(_)
            | Order::Tell(..)
            | Order::Close { .. }
            | Order::TurnPage { .. }
            | Order::Revoke(_)
            | Order::SetMenu(..)
            | Order::EndGroup(_)
            | Order::LockDown
            | Order::Erase(_)
            | Order::ShowErasure(..)
            | Order::Unlock
            | Order::MoveGroup { .. } => false,
        };
        prop_assert!(is_harmless, "{arrival:?} {order:?}");
    }
    for (user, record) in &door.records {
        let is_insider = [BOSS, USER].contains(&user.0);
        prop_assert_eq!(record.is_active(), is_insider, "{:?}", arrival);
        prop_assert!(is_insider || !record.is_admin);
    }
    for (chat, group) in &door.groups {
        let is_allowed = matches!(group.standing, GroupStanding::Allowed { .. });
        prop_assert_eq!(is_allowed, *chat == GROUP);
    }
    Ok(())
}

proptest! {
    #[test]
    fn whoever_is_not_let_in_changes_nothing_for_anybody(
        asks in any::<bool>(),
        arrivals in proptest::collection::vec(arrival(), 1..40),
    ) {
        let strangers = if asks { Strangers::Ask } else { Strangers::Refuse };
        let mut door = Door::new(lists(strangers));
        door.come(&in_group(BOSS, Request::AllowGroup));
        door.manage(BOSS, Change::Add { name: None }, USER);
        for arrival in arrivals {
            let ruling = door.come(&arrival);
            check(&door, &arrival, &ruling)?;
        }
    }

    #[test]
    fn nobody_claims_a_bridge_without_its_code(
        arrivals in proptest::collection::vec(arrival(), 1..40),
    ) {
        let mut door = Door::new(AccessRules::SingleUser { owner: None });
        for arrival in arrivals {
            let ruling = door.come(&arrival);
            let is_out = matches!(ruling.access, Access::Settled | Access::Refused(_));
            prop_assert!(is_out, "{arrival:?} {ruling:?}");
            prop_assert!(door.records.is_empty());
        }
    }
}
