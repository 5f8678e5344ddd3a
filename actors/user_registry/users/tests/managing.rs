//! What administrators can do in the chat, and what everybody else cannot.

use std::collections::HashSet;

use super::super::super::Change;
use super::super::super::{BadTarget, Lists, News, Notice, Obstacle, Strangers, Toast, UserPage};
use super::super::*;
use super::support::*;
use crate::session::{Memory, Revoke};
use crate::user_registry::Person;

fn open() -> Door {
    let mut door = Door::new(lists(Strangers::Open));
    door.work(BOSS);
    door.work(SECOND);
    door.work(GUEST);
    door.audit.clear();
    door
}

fn revokes(orders: &[Order]) -> Vec<(i64, Memory)> {
    let revokes = orders.iter().filter_map(|order| match order {
        Order::Revoke(Revoke { user, memory }) => Some((user.0, *memory)),
        _ => None,
    });
    revokes.collect()
}

#[test]
fn removing_and_deactivating_end_what_runs_at_once() {
    for (change, memory) in [
        (Change::Remove, Memory::Forgotten),
        (Change::Deactivate, Memory::Kept),
    ] {
        let mut door = open();
        let ruling = door.manage(BOSS, change, GUEST);
        assert_eq!(revokes(&ruling.orders), [(GUEST, memory)]);
        let menu = Order::SetMenu(UserId(GUEST), Role::User);
        assert!(ruling.orders.contains(&menu));
        assert_eq!(door.work(GUEST), refused(Refusal::Barred));
        assert_eq!(door.work(GUEST), Access::Refused(None));
    }
}

#[test]
fn a_removal_that_comes_again_after_a_crash_is_carried_out_to_its_end() {
    for (change, memory) in [
        (Change::Remove, Memory::Forgotten),
        (Change::Deactivate, Memory::Kept),
    ] {
        let mut door = open();
        // Stored, and the bridge died before it could do the rest.
        drop(door.manage(BOSS, change.clone(), GUEST));
        door.restart();
        let ruling = door.manage(BOSS, change.clone(), GUEST);
        assert_eq!(revokes(&ruling.orders), [(GUEST, memory)]);
        let already = Notice::Stopped(change, UserId(GUEST), Obstacle::AlreadySo);
        assert!(ruling.orders.contains(&Order::Answer(already)));
    }
}

#[test]
fn a_new_administrator_learns_how_many_wait() {
    let mut door = Door::asking();
    assert_eq!(door.work(7), Access::Settled);
    assert_eq!(door.work(8), Access::Settled);
    door.manage(BOSS, Change::Add { name: None }, 9);
    let ruling = door.manage(BOSS, Change::Promote, 9);
    let told = Order::Tell(UserId(9), News::MadeAdmin { waiting: 2 });
    assert!(ruling.orders.contains(&told), "{:?}", ruling.orders);
}

#[test]
fn who_is_promoted_manages_from_their_next_message_on() {
    let mut door = open();
    let ruling = door.manage(BOSS, Change::Promote, GUEST);
    let (user, role) = (UserId(GUEST), Role::Admin);
    assert!(ruling.orders.contains(&Order::SetMenu(user, role)));
    assert!(
        ruling
            .orders
            .contains(&Order::Tell(user, News::MadeAdmin { waiting: 0 }))
    );
    assert_eq!(door.work(GUEST), Access::Granted(Role::Admin));
    door.restart();
    assert_eq!(door.work(GUEST), Access::Granted(Role::Admin));
    let ruling = door.manage(GUEST, Change::Demote, GUEST);
    let told = Order::Tell(user, News::NoLongerAdmin);
    assert!(ruling.orders.contains(&told));
    assert_eq!(door.work(GUEST), Access::Granted(Role::User));
}

#[test]
fn management_is_for_administrators_and_every_try_is_written_down() {
    let mut door = open();
    for change in [Change::Add { name: None }, Change::Remove, Change::Promote] {
        let ruling = door.manage(GUEST, change, BOSS);
        assert_eq!(ruling, Ruling::answer(Notice::AdminsOnly));
    }
    let ruling = door.come(&private(GUEST, Request::Users));
    assert_eq!(ruling, Ruling::answer(Notice::AdminsOnly));
    let about = Request::UserInfo(Some(Target::User(UserId(BOSS))));
    let ruling = door.come(&private(GUEST, about));
    assert_eq!(ruling, Ruling::answer(Notice::AdminsOnly));
    assert_eq!(door.audit.len(), 5);
    let is_refusal = |line: &String| line.contains("Refused(\"not an administrator\")");
    assert!(door.audit.iter().all(is_refusal), "{:?}", door.audit);
}

#[test]
fn administrators_of_the_configuration_are_not_managed_away() {
    let mut door = open();
    for change in [Change::Demote, Change::Remove] {
        let stopped = Notice::Stopped(change.clone(), UserId(SECOND), Obstacle::NamedInConfig);
        let ruling = door.manage(BOSS, change, SECOND);
        assert_eq!(ruling, Ruling::answer(stopped));
    }
    door.manage(BOSS, Change::Deactivate, SECOND);
    let ruling = door.manage(BOSS, Change::Deactivate, BOSS);
    let stopped = Notice::Stopped(Change::Deactivate, UserId(BOSS), Obstacle::LastAdmin);
    assert_eq!(ruling, Ruling::answer(stopped));
}

#[test]
fn a_bad_target_changes_nothing() {
    let mut door = open();
    let saves = door.saves.len();
    let request = Request::Manage {
        change: Change::Promote,
        target: Target::Bad(BadTarget::Name),
    };
    let ruling = door.come(&private(BOSS, request));
    assert_eq!(ruling, Ruling::answer(Notice::BadTarget(BadTarget::Name)));
    assert_eq!(door.saves.len(), saves);
}

#[test]
fn what_cannot_be_stored_is_not_done() {
    let mut door = open();
    door.is_broken = true;
    let ruling = door.manage(BOSS, Change::Remove, GUEST);
    assert_eq!(ruling, Ruling::answer(Notice::NotStored));
    assert_eq!(door.work(GUEST), Access::Granted(Role::User));
    assert!(door.audit.is_empty());
}

#[test]
fn the_excess_is_answered_once_and_stop_and_presses_are_not_of_it() {
    let mut door = Door::paced(lists(Strangers::Open), 3);
    let came: Vec<_> = (0..6).map(|_| door.work(GUEST)).collect();
    let (fits, silent) = (Access::Granted(Role::User), Access::Refused(None));
    let told = refused(Refusal::TooFast { per_minute: 3 });
    assert_eq!(came, [fits, fits, fits, told, silent, silent]);
    for _ in 0..20 {
        assert_eq!(door.come(&private(GUEST, Request::Stop)).access, fits);
        let pressed = door.come(&private(GUEST, press("v1.allow.x")));
        assert_eq!(pressed.access, fits);
    }
    assert_eq!(door.work(BOSS), Access::Granted(Role::Admin));
}

#[test]
fn what_does_not_tell_a_language_leaves_the_known_one() {
    let mut door = open();
    let come = |door: &mut Door, language: Option<&str>, request| {
        let person = Person {
            language: language.map(str::to_owned),
            ..person(GUEST)
        };
        let sender = Sender::Person(person);
        door.come(&Arrival {
            sender,
            ..private(GUEST, request)
        });
        door.records[&UserId(GUEST)].language.clone()
    };
    assert_eq!(
        come(&mut door, Some("de"), Request::Work).as_deref(),
        Some("de")
    );
    assert_eq!(come(&mut door, None, press("")).as_deref(), Some("de"));
    assert_eq!(
        come(&mut door, Some("fr"), Request::Work).as_deref(),
        Some("fr")
    );
}

#[test]
fn a_last_sight_is_stored_now_and_then_and_keeps_nobody_waiting() {
    let mut door = open();
    let saves = door.saves.len();
    for second in (0..3 * SEEN_INTERVAL.as_secs()).step_by(10) {
        door.seconds = second;
        door.work(GUEST);
    }
    let sights = &door.saves[saves..];
    assert_eq!(sights.len(), 2);
    assert!(sights.iter().all(|it| matches!(it, Write::Note(_))));
}

fn shown(ruling: &Ruling) -> UserPage {
    let pages = ruling.orders.iter().find_map(|order| match order {
        Order::Answer(Notice::Users(page)) => Some((**page).clone()),
        Order::TurnPage { page, .. } => Some((**page).clone()),
        _ => None,
    });
    pages.expect("a page is shown")
}

fn ids(page: &UserPage) -> Vec<i64> {
    page.users.iter().map(|it| it.record.user.0).collect()
}

#[test]
fn thirty_five_users_can_be_paged_forth_and_back() {
    let mut door = open();
    for user in 100..134 {
        door.work(user);
    }
    for user in 100..102 {
        door.manage(BOSS, Change::Remove, user);
    }
    let mut page = shown(&door.come(&private(BOSS, Request::Users)));
    assert_eq!(page.before, None);
    assert_eq!((page.census.active, page.census.removed), (35, 2));
    let mut forth = vec![ids(&page)];
    while let Some(data) = page.after.clone() {
        page = shown(&door.come(&private(BOSS, press(&data))));
        forth.push(ids(&page));
    }
    let lengths: Vec<_> = forth.iter().map(Vec::len).collect();
    assert_eq!(lengths, [10, 10, 10, 5]);
    let all: HashSet<_> = forth.iter().flatten().copied().collect();
    assert_eq!(all.len(), 35);
    assert!(!all.contains(&100) && !all.contains(&101));
    let mut back = vec![ids(&page)];
    while let Some(data) = page.before.clone() {
        page = shown(&door.come(&private(BOSS, press(&data))));
        back.insert(0, ids(&page));
    }
    assert_eq!(back, forth);
}

#[test]
fn a_page_is_turned_for_administrators_only() {
    let mut door = open();
    let ruling = door.come(&private(GUEST, press("u1.f")));
    assert_eq!(ruling, Ruling::toast(Toast::AdminsOnly));
}

#[test]
fn new_rules_end_what_thrown_out_people_have_running() {
    let mut door = open();
    let denied = [UserId(GUEST)].into();
    let rules = AccessRules::MultiUser(Lists {
        denied,
        admins: [UserId(BOSS), UserId(9)].into(),
        strangers: Strangers::Open,
        ..Lists::default()
    });
    let orders = door.set_rules(rules).unwrap();
    assert_eq!(revokes(&orders), [(GUEST, Memory::Kept)]);
    assert!(orders.contains(&Order::SetMenu(UserId(9), Role::Admin)));
    assert!(orders.contains(&Order::SetMenu(UserId(SECOND), Role::User)));
    assert_eq!(door.work(GUEST), refused(Refusal::Barred));
    assert_eq!(door.work(SECOND), Access::Granted(Role::User));
}

#[test]
fn rules_that_would_ask_nobody_are_refused_and_the_old_ones_hold() {
    let mut door = open();
    let nobody = AccessRules::MultiUser(Lists::default());
    assert_eq!(door.set_rules(nobody), None);
    assert_eq!(door.work(BOSS), Access::Granted(Role::Admin));
    assert_eq!(door.work(8), Access::Granted(Role::User));
}

#[test]
fn whom_others_made_an_administrator_owns_nothing_under_other_rules() {
    let mut door = open();
    door.manage(BOSS, Change::Promote, GUEST);
    assert_eq!(door.work(GUEST), Access::Granted(Role::Admin));
    door.set_rules(AccessRules::SingleUser { owner: None });
    assert_eq!(door.work(GUEST), refused(Refusal::Unclaimed));
}

#[test]
fn a_flood_of_reactions_is_counted_to_a_point_and_costs_no_message() {
    let mut door = Door::paced(lists(Strangers::Open), 3);
    door.work(GUEST);
    let counted = (0..1000)
        .filter(|_| {
            let ruling = door.come(&private(GUEST, Request::Reaction));
            match ruling.access {
                Access::Granted(_) => true,
                Access::Refused(None) => false,
                other => panic!("{other:?}"),
            }
        })
        .count();
    assert_eq!(counted, 30);
    assert_eq!(door.work(GUEST), Access::Granted(Role::User));
    door.seconds += 60;
    let ruling = door.come(&private(GUEST, Request::Reaction));
    assert_eq!(ruling.access, Access::Granted(Role::User));
}
