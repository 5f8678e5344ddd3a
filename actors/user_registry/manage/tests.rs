//! Every change of everybody, and that somebody can always manage the bridge.

use std::collections::{BTreeMap, HashSet};

use expect_test::expect;
use proptest::prelude::*;

use super::*;
use crate::ports::JoinRequest;
use crate::user_registry::{Lists, Strangers};

const THEM: UserId = UserId(7);
const BOSS: UserId = UserId(1);
const NOW: UnixSeconds = UnixSeconds(1000);
const BY: Admitter = Admitter::Admin(BOSS);

const STANDINGS: [&str; 9] = [
    "unknown",
    "active by rules",
    "admitted",
    "second admin",
    "last admin",
    "waiting",
    "declined",
    "deactivated",
    "removed",
];

fn changes() -> [Change; 6] {
    [
        Change::Add { name: None },
        Change::Remove,
        Change::Activate,
        Change::Deactivate,
        Change::Promote,
        Change::Demote,
    ]
}

fn record(user: UserId, kind: &str) -> Option<UserRecord> {
    let standing = match kind {
        "unknown" => return None,
        "waiting" => Standing::Waiting(JoinRequest {
            nonce: "n".repeat(22),
            messages: Vec::new(),
        }),
        "declined" => Standing::Declined,
        "deactivated" => Standing::Deactivated,
        "removed" => Standing::Removed,
        _ => Standing::Active,
    };
    Some(UserRecord {
        first_name: "Ada".into(),
        standing,
        admitted_by: (kind == "admitted").then_some(Admitter::Host),
        is_admin: kind.ends_with("admin"),
        ..stranger(user, UnixSeconds(5))
    })
}

fn rules(admins: &[UserId], denied: &[UserId]) -> AccessRules {
    AccessRules::MultiUser(Lists {
        admins: admins.iter().copied().collect(),
        denied: denied.iter().copied().collect(),
        allowed: HashSet::new(),
        strangers: Strangers::Refuse,
    })
}

fn outcome(change: &Change, kind: &str, rules: &AccessRules) -> String {
    let known = record(THEM, kind);
    let mut staff = Staff::default();
    if kind != "last admin" {
        staff.note(&record(BOSS, "second admin").unwrap(), rules);
    }
    known.iter().for_each(|known| staff.note(known, rules));
    match change.apply(THEM, known.as_ref(), (rules, &staff), BY, NOW) {
        Err(obstacle) => format!("– {}", obstacle.for_audit()),
        Ok(after) => {
            assert_eq!(after.user, THEM);
            let say = if after.is_admin { " admin" } else { "" };
            let by = match after.admitted_by {
                Some(by) if by == BY => " by us",
                Some(_) => " by others",
                None => "",
            };
            format!("{:?}{say}{by}", after.standing)
        }
    }
}

fn table(rules: &AccessRules) -> String {
    let mut table = String::new();
    for change in changes() {
        for kind in STANDINGS {
            let outcome = outcome(&change, kind, rules);
            let action = change.action().as_str();
            table += &format!("{action:11} {kind:15} {outcome}\n");
        }
    }
    table
}

#[test]
fn every_change_of_somebody_whom_the_configuration_does_not_name() {
    expect![[r#"
        add_user    unknown         Active by us
        add_user    active by rules Active by us
        add_user    admitted        – already so
        add_user    second admin    – already so
        add_user    last admin      – already so
        add_user    waiting         Active by us
        add_user    declined        Active by us
        add_user    deactivated     Active by us
        add_user    removed         Active by us
        remove_user unknown         – not a user
        remove_user active by rules Removed
        remove_user admitted        Removed
        remove_user second admin    Removed
        remove_user last admin      – the last administrator
        remove_user waiting         Removed
        remove_user declined        Removed
        remove_user deactivated     Removed
        remove_user removed         – already so
        activate    unknown         – not a user
        activate    active by rules Active by us
        activate    admitted        – already so
        activate    second admin    – already so
        activate    last admin      – already so
        activate    waiting         Active by us
        activate    declined        Active by us
        activate    deactivated     Active by us
        activate    removed         – not a user
        deactivate  unknown         – not a user
        deactivate  active by rules Deactivated
        deactivate  admitted        Deactivated by others
        deactivate  second admin    Deactivated admin
        deactivate  last admin      – the last administrator
        deactivate  waiting         Deactivated
        deactivate  declined        Deactivated
        deactivate  deactivated     – already so
        deactivate  removed         – not a user
        promote     unknown         – not a user
        promote     active by rules Active admin by us
        promote     admitted        Active admin by others
        promote     second admin    – already so
        promote     last admin      – already so
        promote     waiting         – not active
        promote     declined        – not active
        promote     deactivated     – not active
        promote     removed         – not a user
        demote      unknown         – not a user
        demote      active by rules – already so
        demote      admitted        – already so
        demote      second admin    Active
        demote      last admin      – the last administrator
        demote      waiting         – already so
        demote      declined        – already so
        demote      deactivated     – already so
        demote      removed         – not a user
    "#]]
    .assert_eq(&table(&rules(&[], &[])));
}

#[test]
fn every_change_of_an_administrator_whom_the_configuration_names() {
    expect![[r#"
        add_user    unknown         Active by us
        add_user    active by rules Active by us
        add_user    admitted        – already so
        add_user    second admin    – already so
        add_user    last admin      – already so
        add_user    waiting         Active by us
        add_user    declined        Active by us
        add_user    deactivated     Active by us
        add_user    removed         Active by us
        remove_user unknown         – named in the configuration
        remove_user active by rules – named in the configuration
        remove_user admitted        – named in the configuration
        remove_user second admin    – named in the configuration
        remove_user last admin      – named in the configuration
        remove_user waiting         – named in the configuration
        remove_user declined        – named in the configuration
        remove_user deactivated     – named in the configuration
        remove_user removed         – named in the configuration
        activate    unknown         – already so
        activate    active by rules Active by us
        activate    admitted        – already so
        activate    second admin    – already so
        activate    last admin      – already so
        activate    waiting         Active by us
        activate    declined        Active by us
        activate    deactivated     Active by us
        activate    removed         – not a user
        deactivate  unknown         Deactivated
        deactivate  active by rules Deactivated
        deactivate  admitted        Deactivated by others
        deactivate  second admin    Deactivated admin
        deactivate  last admin      – the last administrator
        deactivate  waiting         Deactivated
        deactivate  declined        Deactivated
        deactivate  deactivated     – already so
        deactivate  removed         – not a user
        promote     unknown         – already so
        promote     active by rules – already so
        promote     admitted        – already so
        promote     second admin    – already so
        promote     last admin      – already so
        promote     waiting         – already so
        promote     declined        – already so
        promote     deactivated     – already so
        promote     removed         – already so
        demote      unknown         – named in the configuration
        demote      active by rules – named in the configuration
        demote      admitted        – named in the configuration
        demote      second admin    – named in the configuration
        demote      last admin      – named in the configuration
        demote      waiting         – named in the configuration
        demote      declined        – named in the configuration
        demote      deactivated     – named in the configuration
        demote      removed         – named in the configuration
    "#]]
    .assert_eq(&table(&rules(&[THEM], &[])));
}

#[test]
fn every_change_of_somebody_whom_the_configuration_denies() {
    expect![[r#"
        add_user    unknown         – denied in the configuration
        add_user    active by rules – denied in the configuration
        add_user    admitted        – denied in the configuration
        add_user    second admin    – denied in the configuration
        add_user    last admin      – denied in the configuration
        add_user    waiting         – denied in the configuration
        add_user    declined        – denied in the configuration
        add_user    deactivated     – denied in the configuration
        add_user    removed         – denied in the configuration
        remove_user unknown         – not a user
        remove_user active by rules Removed
        remove_user admitted        Removed
        remove_user second admin    Removed
        remove_user last admin      Removed
        remove_user waiting         Removed
        remove_user declined        Removed
        remove_user deactivated     Removed
        remove_user removed         – already so
        activate    unknown         – denied in the configuration
        activate    active by rules – denied in the configuration
        activate    admitted        – denied in the configuration
        activate    second admin    – denied in the configuration
        activate    last admin      – denied in the configuration
        activate    waiting         – denied in the configuration
        activate    declined        – denied in the configuration
        activate    deactivated     – denied in the configuration
        activate    removed         – denied in the configuration
        deactivate  unknown         – not a user
        deactivate  active by rules Deactivated
        deactivate  admitted        Deactivated by others
        deactivate  second admin    Deactivated admin
        deactivate  last admin      Deactivated admin
        deactivate  waiting         Deactivated
        deactivate  declined        Deactivated
        deactivate  deactivated     – already so
        deactivate  removed         – not a user
        promote     unknown         – denied in the configuration
        promote     active by rules – denied in the configuration
        promote     admitted        – denied in the configuration
        promote     second admin    – denied in the configuration
        promote     last admin      – denied in the configuration
        promote     waiting         – denied in the configuration
        promote     declined        – denied in the configuration
        promote     deactivated     – denied in the configuration
        promote     removed         – denied in the configuration
        demote      unknown         – not a user
        demote      active by rules – already so
        demote      admitted        – already so
        demote      second admin    Active
        demote      last admin      Active
        demote      waiting         – already so
        demote      declined        – already so
        demote      deactivated     – already so
        demote      removed         – not a user
    "#]]
    .assert_eq(&table(&rules(&[], &[THEM])));
}

#[test]
fn who_is_removed_leaves_nothing_behind_but_that() {
    let known = record(THEM, "admitted").unwrap();
    let rules = rules(&[BOSS], &[]);
    let staff = Staff::default();
    let removed = Change::Remove.apply(THEM, Some(&known), (&rules, &staff), BY, NOW);
    assert_eq!(removed, Ok(stranger(THEM, NOW)));
}

/// A bridge with its records, changed by those who can manage it.
struct Office {
    rules: AccessRules,
    staff: Staff,
    records: BTreeMap<UserId, UserRecord>,
}

impl Office {
    fn change(&mut self, by: UserId, change: &Change, user: UserId) {
        if !self.staff.is_admin(by, &self.rules) {
            return;
        }
        let known = self.records.get(&user);
        let around = (&self.rules, &self.staff);
        let Ok(after) = change.apply(user, known, around, Admitter::Admin(by), NOW) else {
            return;
        };
        self.staff.note(&after, &self.rules);
        self.records.insert(user, after);
    }
}

proptest! {
    #[test]
    fn whatever_administrators_do_somebody_can_manage_the_bridge(
        named in any::<bool>(),
        stored in 1..4i64,
        steps in proptest::collection::vec((1..6i64, 0..6usize, 1..6i64), 0..60),
    ) {
        let named: &[UserId] = if named { &[UserId(5)] } else { &[] };
        let mut office = Office {
            rules: rules(named, &[UserId(4)]),
            staff: Staff::default(),
            records: BTreeMap::new(),
        };
        for user in (1..=stored).map(UserId) {
            let record = record(user, "second admin").unwrap();
            office.staff.note(&record, &office.rules);
            office.records.insert(user, record);
        }
        for (by, change, user) in steps {
            office.change(UserId(by), &changes()[change], UserId(user));
            let admins = office.staff.admins(&office.rules);
            prop_assert!(!admins.is_empty());
            prop_assert!(!admins.contains(&UserId(4)), "denied");
            for user in named {
                let standing = office.records.get(user).map(|record| &record.standing);
                prop_assert!(standing != Some(&Standing::Removed), "named in the configuration");
            }
        }
    }
}
