//! A bridge of one person: the claim, the owner, names and silence.

use super::super::super::{Change, Notice};
use super::super::claim::MAX_WRONG_CODES;
use super::super::*;
use super::support::*;

fn unclaimed() -> Door {
    Door::new(AccessRules::SingleUser { owner: None })
}

fn owned() -> Door {
    let mut door = unclaimed();
    let ruling = door.come(&private(BOSS, start(CODE)));
    assert_eq!(ruling, Ruling::of(Access::Claimed));
    door
}

#[test]
fn the_code_claims_the_bridge_once_and_for_good() {
    let mut door = owned();
    assert_eq!(door.work(BOSS), Access::Granted(Role::Owner));
    let ruling = door.come(&private(GUEST, start(CODE)));
    assert_eq!(ruling.access, refused(Refusal::Stranger));
    door.restart();
    assert_eq!(door.work(BOSS), Access::Granted(Role::Owner));
    assert_eq!(door.work(SECOND), refused(Refusal::Stranger));
    assert_eq!(door.saves.len(), 1);
    let Write::User(record) = &door.saves[0] else {
        panic!("a claim is said, so it is no note");
    };
    assert!(record.is_admin && record.is_active());
}

#[test]
fn without_the_code_nobody_comes_in_and_it_is_said_once_an_hour() {
    let mut door = unclaimed();
    assert_eq!(door.work(GUEST), refused(Refusal::Unclaimed));
    assert_eq!(door.work(GUEST), Access::Refused(None));
    door.seconds = 3600;
    assert_eq!(door.work(GUEST), refused(Refusal::Unclaimed));
    assert!(door.saves.is_empty());
}

#[test]
fn five_wrong_codes_lock_a_person_out_and_nobody_else() {
    let mut door = unclaimed();
    for _ in 0..MAX_WRONG_CODES {
        let ruling = door.come(&private(GUEST, start("WRONG")));
        assert_eq!(ruling.access, refused(Refusal::WrongCode));
    }
    let ruling = door.come(&private(GUEST, start(CODE)));
    assert_eq!(ruling.access, refused(Refusal::Locked));
    let ruling = door.come(&private(GUEST, start(CODE)));
    assert_eq!(ruling.access, Access::Refused(None));
    let ruling = door.come(&private(BOSS, start(CODE)));
    assert_eq!(ruling.access, Access::Claimed);
}

#[test]
fn twenty_wrong_codes_of_all_people_lock_everybody_out() {
    let mut door = unclaimed();
    for user in 10..30 {
        door.come(&private(user, start("WRONG")));
    }
    let ruling = door.come(&private(BOSS, start(CODE)));
    assert_eq!(ruling.access, refused(Refusal::Locked));
}

#[test]
fn a_claim_that_cannot_be_stored_is_none() {
    let mut door = unclaimed();
    door.is_broken = true;
    let ruling = door.come(&private(BOSS, start(CODE)));
    assert_eq!(ruling.access, refused(Refusal::StoreFailed));
    assert_eq!(door.work(BOSS), refused(Refusal::Unclaimed));
    door.is_broken = false;
    let ruling = door.come(&private(BOSS, start(CODE)));
    assert_eq!(ruling.access, Access::Claimed);
}

#[test]
fn a_code_in_a_group_claims_nothing() {
    let mut door = unclaimed();
    let ruling = door.come(&in_group(BOSS, start(CODE)));
    assert_ne!(ruling.access, Access::Claimed);
    assert!(door.saves.is_empty());
}

#[test]
fn a_configured_owner_beats_a_stored_one() {
    let mut door = owned();
    let owner = Some(UserId(SECOND));
    door.rules = Arc::new(AccessRules::SingleUser { owner });
    door.restart();
    assert_eq!(door.work(SECOND), Access::Granted(Role::Owner));
    assert_eq!(door.work(BOSS), refused(Refusal::Stranger));
}

#[test]
fn an_inactive_owner_stays_out() {
    let mut door = owned();
    let owner = door.records.get_mut(&UserId(BOSS)).unwrap();
    owner.standing = Standing::Deactivated;
    door.rules = Arc::new(AccessRules::SingleUser {
        owner: Some(UserId(BOSS)),
    });
    door.restart();
    assert_eq!(door.work(BOSS), refused(Refusal::Barred));
}

#[test]
fn new_names_are_stored_once_and_a_failure_to_do_so_keeps_nobody_out() {
    let mut door = owned();
    let mut renamed = private(BOSS, Request::Work);
    renamed.sender = Sender::Person(crate::user_registry::Person {
        first_name: "Eve".into(),
        username: None,
        ..person(BOSS)
    });
    door.is_broken = true;
    assert_eq!(door.come(&renamed).access, Access::Granted(Role::Owner));
    assert_eq!(door.saves.len(), 1);
    door.is_broken = false;
    for _ in 0..3 {
        assert_eq!(door.come(&renamed).access, Access::Granted(Role::Owner));
    }
    assert_eq!(door.saves.len(), 2);
    let Write::Note(record) = &door.saves[1] else {
        panic!("nothing rests on a name");
    };
    assert_eq!(
        (record.first_name.as_str(), &record.username),
        ("Eve", &None)
    );
}

#[test]
fn management_is_for_bridges_of_many() {
    let mut door = owned();
    let ruling = door.manage(BOSS, Change::Promote, GUEST);
    assert_eq!(ruling, Ruling::answer(Notice::SingleUser));
    let ruling = door.come(&private(BOSS, Request::Users));
    assert_eq!(ruling, Ruling::answer(Notice::SingleUser));
    assert_eq!(door.saves.len(), 1);
}

#[test]
fn whoever_claimed_the_bridge_manages_it_when_many_share_it() {
    let mut door = owned();
    door.rules = Arc::new(AccessRules::MultiUser(super::super::super::Lists::default()));
    door.restart();
    assert_eq!(door.work(BOSS), Access::Granted(Role::Admin));
}
