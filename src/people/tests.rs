//! What people at the host are shown and told.

use bridge_actors::clock::UnixSeconds;
use bridge_actors::ids::{ChatId, UserId};
use expect_test::expect;

use super::transfer::{export, parse_entries};
use super::*;

const NOW: UnixSeconds = UnixSeconds(1_795_500_000);

fn ids(records: &[UserRecord]) -> Vec<UserId> {
    records.iter().map(|record| record.user).collect()
}

fn record(id: i64) -> UserRecord {
    UserRecord {
        user: UserId(id),
        chat: ChatId(id),
        username: Some("ada".into()),
        first_name: "Ada".into(),
        language: Some("de".into()),
        created_at: UnixSeconds(1_700_000_000),
        last_seen: Some(NOW),
        standing: Standing::Active,
        admitted_by: Some(Admitter::Host),
        is_admin: false,
    }
}

#[test]
fn people_stand_in_columns_and_their_names_cannot_break_them() {
    let hostile = UserRecord {
        first_name: "\u{1b}[2J\u{202e}Eve\n\n99 admin".repeat(9),
        username: None,
        last_seen: None,
        standing: Standing::Deactivated,
        ..record(4_503_599_627_370_495)
    };
    let admin = UserRecord {
        is_admin: true,
        ..record(7)
    };
    let wide = UserRecord {
        first_name: "山田太郎".into(),
        ..record(8)
    };
    let rows: Vec<_> = [record(5), admin, wide, hostile]
        .iter()
        .map(UserRow::of)
        .collect();
    expect![[r#"
        id                state   role   name                               last seen             known since
        5                 active  user   Ada @ada                           2026-11-24T06:00:00Z  2023-11-14T22:13:20Z
        7                 active  admin  Ada @ada                           2026-11-24T06:00:00Z  2023-11-14T22:13:20Z
        8                 active  user   山田太郎 @ada                      2026-11-24T06:00:00Z  2023-11-14T22:13:20Z
        4503599627370495  off     user   [2JEve 99 admin[2JEve 99 admin[2…  never                 2023-11-14T22:13:20Z
    "#]].assert_eq(&table(&rows));
    assert_eq!(table(&[]), "no users yet\n");
}

#[test]
fn what_is_exported_comes_back_the_same() {
    let records = [
        record(5),
        UserRecord {
            is_admin: true,
            username: None,
            last_seen: None,
            ..record(7)
        },
        UserRecord {
            standing: Standing::Declined,
            ..record(8)
        },
        UserRecord {
            standing: Standing::Deactivated,
            ..record(9)
        },
        UserRecord {
            standing: Standing::Removed,
            ..record(10)
        },
    ];
    let text = export(&records).unwrap();
    let entries = parse_entries(&text, NOW).unwrap();
    assert_eq!(ids(&entries), [5, 7, 8, 9].map(UserId));
    assert_eq!(entries, records[..4]);
    assert_eq!(export(&entries).unwrap(), text);
}

#[test]
fn files_of_older_bridges_come_in_with_all_they_say() {
    let text = r#"{
        "123": {"chat_id": 123, "username": "@ada", "first_name": "Ada",
                "created_at": "2024-05-06T07:08:09.123456", "is_active": true, "is_admin": true},
        "124": {"chat_id": 124, "username": null, "first_name": "Bo",
                "created_at": "2024-05-06T09:08:09+02:00", "is_active": false, "is_admin": false,
                "messages": 17},
        "125": {"chat_id": 125, "created_at": 1714979289.5},
        "126": {"chat_id": 126, "first_name": "No date"}
    }"#;
    let entries = parse_entries(text, NOW).unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|it| {
            let name = it.username.as_deref().unwrap_or("-");
            let (active, admin) = (it.is_active(), it.is_admin);
            format!(
                "{} {name} {:?} {} {active} {admin}",
                it.user, it.first_name, it.created_at.0
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "123 ada \"Ada\" 1714979289 true true",
            "124 - \"Bo\" 1714979289 false false",
            "125 - \"\" 1714979289 true false",
            "126 - \"No date\" 1795500000 true false",
        ]
    );
    // Nobody who was imported owns the bridge by that.
    assert!(entries.iter().all(|it| it.admitted_by.is_some()));
    let list = r#"[{"chat_id": 5}, {"chat_id": 6}]"#;
    assert_eq!(
        ids(&parse_entries(list, NOW).unwrap()),
        [UserId(5), UserId(6)]
    );
}

#[test]
fn one_entry_that_cannot_be_taken_refuses_the_file_and_is_named() {
    let long = format!(
        r#"{{"5": {{"chat_id": 5, "first_name": "{}"}}}}"#,
        "x".repeat(300)
    );
    let told: Vec<String> = [
        "",
        "5",
        "{\"5\": 5}",
        r#"{"5": {"chat_id": 6}}"#,
        r#"{"-100": {"chat_id": -100}}"#,
        r#"{"0": {"chat_id": 0}}"#,
        r#"{"5": {"chat_id": "5"}}"#,
        r#"{"5": {"chat_id": 9223372036854775808}}"#,
        r#"{"5": {"chat_id": 5, "created_at": "yesterday"}}"#,
        r#"{"5": {"chat_id": 5, "created_at": -1}}"#,
        r#"{"5": {"chat_id": 5, "is_admin": "yes"}}"#,
        r#"[{"chat_id": 5}, {"chat_id": 5}]"#,
        r#"{"5": {"chat_id": 5}, "5": {"chat_id": 5}}"#,
        r#"{"entry 1": {"chat_id": 5}}"#,
        r#"{"5": {"chat_id": 5, "created_at": 1767225600000}}"#,
        r#"{"5": {"chat_id": 5, "created_at": 1e300}}"#,
        "{\"5\": {\"chat_id\": 5, \"created_at\": \"\u{202e}\u{9b}2J\"}}",
        &long,
    ]
    .iter()
    .map(|text| format!("{:#}\n", parse_entries(text, NOW).unwrap_err()))
    .collect();
    expect![[r#"
        EOF while parsing a value at line 1 column 0
        invalid type: integer `5`, expected users by chat id, or a list of users at line 1 column 1
        user "5": invalid type: integer `5`, expected an object with chat_id, first_name and so on
        user "5": its chat_id is 6; the two must match
        user "-100": -100 is the id of a group
        user "0": nobody can have the id 0
        user "5": invalid type: string "5", expected i64
        user "5": invalid value: integer `9223372036854775808`, expected i64
        user "5": created_at: "yesterday" is not a date such as "2026-01-31T12:00:00Z"
        user "5": created_at: -1 is not a date such as "2026-01-31T12:00:00Z"
        user "5": invalid type: string "yes", expected a boolean
        user number 2: the id 5 appears twice
        user "5": the id 5 appears twice
        user "entry 1": its chat_id is 5; the two must match
        user "5": created_at: 1767225600000 is not a date such as "2026-01-31T12:00:00Z"
        user "5": created_at: 1e+300 is not a date such as "2026-01-31T12:00:00Z"
        user "5": created_at: "2J" is not a date such as "2026-01-31T12:00:00Z"
        user "5": a name has 300 characters; the limit is 256
    "#]]
    .assert_eq(&told.concat());
}
