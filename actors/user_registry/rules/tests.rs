//! Every combination of lists, strangers and records, against the sentences of the design.

use expect_test::expect;

use super::*;
use crate::clock::UnixSeconds;
use crate::ids::ChatId;
use crate::ports::{Admitter, JoinRequest};

const THEM: UserId = UserId(7);
const OTHER: UserId = UserId(8);

const RECORDS: [&str; 8] = [
    "none",
    "active by rules",
    "admitted",
    "stored admin",
    "waiting",
    "declined",
    "deactivated",
    "removed",
];

const LISTS: [&str; 3] = ["empty", "lists them", "lists others"];

const STRANGERS: [Strangers; 3] = [Strangers::Ask, Strangers::Open, Strangers::Refuse];

#[derive(Debug, Clone, Copy)]
struct Case {
    is_denied: bool,
    is_admin: bool,
    list: &'static str,
    strangers: Strangers,
    record: &'static str,
}

fn every_case() -> Vec<Case> {
    let mut cases = Vec::new();
    for is_denied in [false, true] {
        for is_admin in [false, true] {
            for list in LISTS {
                for strangers in STRANGERS {
                    cases.extend(RECORDS.map(|record| Case {
                        is_denied,
                        is_admin,
                        list,
                        strangers,
                        record,
                    }));
                }
            }
        }
    }
    cases
}

fn record(kind: &str) -> Option<UserRecord> {
    let standing = match kind {
        "none" => return None,
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
        user: THEM,
        chat: ChatId(THEM.0),
        username: None,
        first_name: "Ada".into(),
        language: None,
        created_at: UnixSeconds(0),
        last_seen: None,
        standing,
        admitted_by: (kind == "admitted").then_some(Admitter::Host),
        is_admin: kind == "stored admin",
    })
}

fn decide(case: Case) -> Admission {
    let only = |condition: bool, user| condition.then_some(user).into_iter().collect();
    let lists = Lists {
        denied: only(case.is_denied, THEM),
        admins: only(case.is_admin, THEM),
        allowed: match case.list {
            "empty" => HashSet::new(),
            "lists them" => HashSet::from([THEM]),
            _ => HashSet::from([OTHER]),
        },
        strangers: case.strangers,
    };
    lists.decide(THEM, record(case.record).as_ref())
}

type Applies = fn(Case) -> bool;

/// The sentences of the design in their order; the first that applies decides.
const SENTENCES: [(Applies, Admission); 11] = [
    // "`denied_users` … beats everything, admins included"
    (|case| case.is_denied, Admission::Denied),
    // "or an inactive user → refused"
    (|case| case.record == "declined", Admission::Barred),
    (|case| case.record == "deactivated", Admission::Barred),
    (|case| case.record == "removed", Admission::Barred),
    // "`admin_users` → in"
    (|case| case.is_admin, Admission::In),
    // "`allowed_users` not empty → in if listed"
    (|case| case.list == "lists them", Admission::In),
    // "A user added by an admin's command is allowed whatever the list says"; made an
    // administrator counts as much.
    (
        |case| ["admitted", "stored admin"].contains(&case.record),
        Admission::In,
    ),
    // "`allowed_users` empty → … `strangers` decides about people not seen before", so not about
    // those who were seen and came in.
    (
        |case| case.list == "empty" && case.record == "active by rules",
        Admission::In,
    ),
    // "else `strangers`": open, refuse, ask.
    (|case| case.strangers == Strangers::Open, Admission::In),
    (
        |case| case.strangers == Strangers::Refuse,
        Admission::Refused,
    ),
    // "a stranger under `ask` gets one answer and a quiet wait"
    (|case| case.record == "waiting", Admission::Waiting),
];

fn expectation(case: Case) -> Admission {
    let sentence = SENTENCES.iter().find(|(applies, _)| applies(case));
    sentence.map_or(Admission::Ask, |(_, verdict)| *verdict)
}

#[test]
fn every_combination_is_decided_as_the_design_says() {
    let cases = every_case();
    assert_eq!(cases.len(), 2 * 2 * 3 * 3 * 8);
    for case in cases {
        assert_eq!(decide(case), expectation(case), "{case:?}");
    }
}

#[test]
fn whoever_is_denied_never_comes_in_and_nobody_who_is_barred_is_asked_for_again() {
    for case in every_case() {
        let verdict = decide(case);
        let is_barred = ["declined", "deactivated", "removed"].contains(&case.record);
        assert!(!case.is_denied || verdict == Admission::Denied, "{case:?}");
        assert!(!is_barred || verdict != Admission::In, "{case:?}");
        assert!(!is_barred || verdict != Admission::Ask, "{case:?}");
    }
}

#[test]
fn the_telling_rows_can_be_read() {
    let mut table = String::new();
    for list in LISTS {
        for record in RECORDS {
            let verdicts = STRANGERS.map(|strangers| {
                let case = Case {
                    is_denied: false,
                    is_admin: false,
                    list,
                    strangers,
                    record,
                };
                format!("{:?}", decide(case))
            });
            let [ask, open, refuse] = verdicts;
            table += &format!("{list:12} | {record:15} | {ask:7} | {open:6} | {refuse}\n");
        }
    }
    expect![[r#"
        empty        | none            | Ask     | In     | Refused
        empty        | active by rules | In      | In     | In
        empty        | admitted        | In      | In     | In
        empty        | stored admin    | In      | In     | In
        empty        | waiting         | Waiting | In     | Refused
        empty        | declined        | Barred  | Barred | Barred
        empty        | deactivated     | Barred  | Barred | Barred
        empty        | removed         | Barred  | Barred | Barred
        lists them   | none            | In      | In     | In
        lists them   | active by rules | In      | In     | In
        lists them   | admitted        | In      | In     | In
        lists them   | stored admin    | In      | In     | In
        lists them   | waiting         | In      | In     | In
        lists them   | declined        | Barred  | Barred | Barred
        lists them   | deactivated     | Barred  | Barred | Barred
        lists them   | removed         | Barred  | Barred | Barred
        lists others | none            | Ask     | In     | Refused
        lists others | active by rules | Ask     | In     | Refused
        lists others | admitted        | In      | In     | In
        lists others | stored admin    | In      | In     | In
        lists others | waiting         | Waiting | In     | Refused
        lists others | declined        | Barred  | Barred | Barred
        lists others | deactivated     | Barred  | Barred | Barred
        lists others | removed         | Barred  | Barred | Barred
    "#]]
    .assert_eq(&table);
}

#[test]
fn a_bridge_of_one_person_names_its_owner_and_lists_nobody() {
    let rules = AccessRules::SingleUser { owner: Some(THEM) };
    assert!(rules.names_admin(THEM));
    assert!(!rules.names_admin(OTHER));
    assert_eq!(rules.named_admins(), [THEM]);
    assert!(!rules.denies(OTHER) && !rules.lists(THEM));
}
