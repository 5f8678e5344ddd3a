//! Who may come in, case by case.

use std::time::Duration;

use super::*;

const NOW: Time = Time(Duration::from_secs(50_000));
const CREATED_AT: UnixSeconds = UnixSeconds(1_700_000_000);
const CODE: &str = "AB9A9A9H";

fn person(id: i64) -> Person {
    Person {
        user: UserId(id),
        username: Some(format!("user{id}")),
        first_name: "Ada".into(),
    }
}

fn arrival(id: i64, code: Option<&str>) -> Arrival {
    Arrival {
        chat: ChatId(id),
        chat_kind: ChatKind::Private,
        sender: Sender::Person(person(id)),
        start_code: code.map(str::to_owned),
    }
}

fn owned_by(id: i64) -> Users {
    let mut users = Users::new(None, CODE);
    users.on_read(vec![record_of(&person(id), CREATED_AT)]);
    users
}

fn unclaimed() -> Users {
    let mut users = Users::new(None, CODE);
    users.on_read(Vec::new());
    users
}

/// Decides and stores as the actor does, with a store that works.
fn come(users: &mut Users, arrival: &Arrival) -> Access {
    match users.decide(arrival, NOW, CREATED_AT) {
        Decision::Answer(access) => access,
        Decision::Store(record, purpose) => users.on_stored(record, purpose, Storing::Done, NOW),
    }
}

fn refused(refusal: Refusal) -> Access {
    Access::Refused(Some(refusal))
}

const SILENCE: Access = Access::Refused(None);

#[test]
fn only_a_person_alone_with_the_bot_comes_in() {
    let chat_kinds = [ChatKind::Private, ChatKind::Group, ChatKind::Channel];
    for chat_kind in chat_kinds {
        for sender in [
            Sender::Person(person(1)),
            Sender::Person(person(2)),
            Sender::Nobody,
        ] {
            for chat in [1, 2, -1] {
                let mut users = owned_by(1);
                let is_owner_alone = chat == 1
                    && chat_kind == ChatKind::Private
                    && sender == Sender::Person(person(1));
                let is_stranger_alone = chat == 2
                    && chat_kind == ChatKind::Private
                    && sender == Sender::Person(person(2));
                let arrival = Arrival {
                    chat: ChatId(chat),
                    chat_kind,
                    sender: sender.clone(),
                    start_code: Some(CODE.into()),
                };
                let expected = match (is_owner_alone, is_stranger_alone) {
                    (true, _) => Access::Granted,
                    (_, true) => refused(Refusal::Stranger),
                    (false, false) => SILENCE,
                };
                assert_eq!(come(&mut users, &arrival), expected, "{arrival:?}");
            }
        }
    }
}

#[test]
fn the_code_cannot_be_given_in_a_group() {
    let mut users = unclaimed();
    let in_group = Arrival {
        chat: ChatId(-7),
        chat_kind: ChatKind::Group,
        ..arrival(1, Some(CODE))
    };
    assert_eq!(come(&mut users, &in_group), SILENCE);
    assert_eq!(
        come(&mut users, &arrival(1, None)),
        refused(Refusal::Unclaimed)
    );
}

#[test]
fn the_first_right_code_claims_and_closes_the_door() {
    let mut users = unclaimed();
    assert_eq!(
        come(&mut users, &arrival(1, None)),
        refused(Refusal::Unclaimed)
    );
    assert_eq!(
        come(&mut users, &arrival(1, Some(" ab9a9a9h "))),
        Access::Claimed
    );
    assert_eq!(come(&mut users, &arrival(1, Some(CODE))), Access::Granted);
    assert_eq!(
        come(&mut users, &arrival(2, Some(CODE))),
        refused(Refusal::Stranger)
    );
}

#[test]
fn a_claim_is_stored_as_an_active_administrator() {
    let decision = unclaimed().decide(&arrival(1, Some(CODE)), NOW, CREATED_AT);
    let record = UserRecord {
        user: UserId(1),
        chat: ChatId(1),
        username: Some("user1".into()),
        first_name: "Ada".into(),
        created_at: CREATED_AT,
        is_active: true,
        is_admin: true,
    };
    assert_eq!(decision, Decision::Store(record, Purpose::Claim));
}

#[test]
fn a_claim_that_cannot_be_stored_is_none_and_can_be_tried_again() {
    let mut users = unclaimed();
    let claim = arrival(1, Some(CODE));
    let Decision::Store(record, purpose) = users.decide(&claim, NOW, CREATED_AT) else {
        panic!("a claim is stored");
    };
    let access = users.on_stored(record, purpose, Storing::Failed, NOW);
    assert_eq!(access, refused(Refusal::StoreFailed));
    assert_ne!(come(&mut users, &arrival(1, None)), Access::Granted);
    assert_eq!(come(&mut users, &claim), Access::Claimed);
}

#[test]
fn five_wrong_codes_lock_one_person_and_nobody_else() {
    let mut users = unclaimed();
    for _ in 0..5 {
        assert_eq!(
            come(&mut users, &arrival(1, Some("NO"))),
            refused(Refusal::WrongCode)
        );
    }
    assert_eq!(
        come(&mut users, &arrival(1, Some(CODE))),
        refused(Refusal::Locked)
    );
    assert_eq!(come(&mut users, &arrival(1, Some(CODE))), SILENCE);
    assert_eq!(come(&mut users, &arrival(2, Some(CODE))), Access::Claimed);
}

#[test]
fn twenty_wrong_codes_lock_everybody() {
    let mut users = unclaimed();
    let wrong = (0..1000)
        .map(|id| come(&mut users, &arrival(id, Some("NO"))))
        .filter(|access| *access == refused(Refusal::WrongCode))
        .count();
    assert_eq!(wrong, 20);
    assert!(!matches!(
        come(&mut users, &arrival(5000, Some(CODE))),
        Access::Claimed | Access::Granted
    ));
}

#[test]
fn nobody_comes_in_before_the_store_was_read() {
    let mut users = Users::new(Some(UserId(1)), CODE);
    let access = come(&mut users, &arrival(1, Some(CODE)));
    assert_eq!(access, refused(Refusal::StoreFailed));
}

#[test]
fn a_configured_owner_beats_a_stored_one() {
    let mut users = Users::new(Some(UserId(1)), CODE);
    users.on_read(vec![record_of(&person(2), CREATED_AT)]);
    assert_eq!(come(&mut users, &arrival(1, None)), Access::Granted);
    assert_eq!(
        come(&mut users, &arrival(2, None)),
        refused(Refusal::Stranger)
    );
}

#[test]
fn an_inactive_owner_stays_out() {
    let inactive = UserRecord {
        is_active: false,
        ..record_of(&person(1), CREATED_AT)
    };
    let mut users = Users::new(Some(UserId(1)), CODE);
    users.on_read(vec![inactive]);
    assert_eq!(
        come(&mut users, &arrival(1, None)),
        refused(Refusal::Stranger)
    );
}

#[test]
fn changed_names_are_stored_once_and_a_failure_to_store_them_keeps_nobody_out() {
    let mut users = owned_by(1);
    let mut renamed = arrival(1, None);
    renamed.sender = Sender::Person(Person {
        first_name: "Eve".into(),
        username: None,
        ..person(1)
    });
    let Decision::Store(record, Purpose::Names) = users.decide(&renamed, NOW, CREATED_AT) else {
        panic!("new names are stored");
    };
    assert_eq!(
        (record.first_name.as_str(), &record.username),
        ("Eve", &None)
    );
    let access = users.on_stored(record, Purpose::Names, Storing::Failed, NOW);
    assert_eq!(access, Access::Granted);
    assert_eq!(come(&mut users, &renamed), Access::Granted);
    let decision = users.decide(&renamed, NOW, CREATED_AT);
    assert_eq!(decision, Decision::Answer(Access::Granted));
}
