//! Groups that take the bot in, throw it out or move; and the language of people.

use super::*;

fn change(kind: &str, old: &Value, new: &Value) -> Value {
    let member = |standing: &Value| {
        let mut standing = standing.clone();
        standing["user"] = json!({ "id": BOT, "is_bot": true, "first_name": "Bridge" });
        standing
    };
    json!({ "update_id": 1, "my_chat_member": {
        "chat": { "id": -1_001_234_567_890_i64, "type": kind, "title": "Group" },
        "from": { "id": 5001, "is_bot": false, "first_name": "Person A", "language_code": "de" },
        "date": 1,
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }})
}

#[test]
fn what_a_change_of_standing_means() {
    let standings = [
        ("left", json!({ "status": "left" })),
        ("banned", json!({ "status": "kicked", "until_date": 0 })),
        (
            "muted, outside",
            json!({ "status": "restricted", "is_member": false }),
        ),
        (
            "muted, inside",
            json!({ "status": "restricted", "is_member": true }),
        ),
        ("member", json!({ "status": "member" })),
        (
            "admin",
            json!({ "status": "administrator", "can_be_edited": false }),
        ),
        ("unknown", json!({ "status": "something_new" })),
    ];
    let meaning = |old: &Value, new: &Value| match read_update(&us(), &change("group", old, new)) {
        Ok(update) => format!("{:?}", update.content),
        Err(Ignored::Rights) => "stays".to_owned(),
        Err(reason) => reason.to_string(),
    };
    let [left, .., unknown] = &standings;
    let mut lines = String::new();
    for (name, new) in &standings {
        let meanings =
            [left, &standings[3], &standings[4], unknown].map(|old| meaning(&old.1, new));
        lines += &format!("{name}: {}\n", meanings.join(" | "));
    }
    expect![[r#"
        left: Left | Left | Left | Left
        banned: Left | Left | Left | Left
        muted, outside: Left | Left | Left | Left
        muted, inside: Joined | stays | stays | malformed: unknown status "something_new"
        member: Joined | stays | stays | malformed: unknown status "something_new"
        admin: Joined | stays | stays | malformed: unknown status "something_new"
        unknown: malformed: unknown status "something_new" | malformed: unknown status "something_new" | malformed: unknown status "something_new" | malformed: unknown status "something_new"
    "#]].assert_eq(&lines);
    for (_, old) in &standings[..3] {
        assert_eq!(meaning(old, &standings[4].1), "Joined");
    }
}

#[test]
fn who_took_the_bot_in_is_told() {
    let outside = json!({ "status": "left" });
    let inside = json!({ "status": "member" });
    for kind in ["group", "supergroup"] {
        let update = read_update(&us(), &change(kind, &outside, &inside)).unwrap();
        let expected = Inbound {
            update: UpdateId(1),
            key: SessionKey::of_chat(ChatId(-1_001_234_567_890)),
            chat_kind: ChatKind::Group,
            sender: Sender::Person(Person {
                user: UserId(5001),
                username: None,
                first_name: "Person A".to_owned(),
                language: Some("de".to_owned()),
            }),
            addressed: Addressed::ToUs,
            content: InboundContent::Joined,
        };
        assert_eq!(update, expected);
    }
    let mut by_bot = change("group", &outside, &inside);
    by_bot["my_chat_member"]["from"]["is_bot"] = json!(true);
    assert_eq!(read_update(&us(), &by_bot).unwrap().sender, Sender::Nobody);
}

#[test]
fn only_groups_take_the_bot_in() {
    let [old, new] = [json!({ "status": "kicked" }), json!({ "status": "member" })];
    for kind in ["private", "channel"] {
        assert_eq!(
            read_update(&us(), &change(kind, &old, &new)),
            Err(Ignored::StandingOutsideGroups)
        );
    }
    let mut raw = change("group", &old, &new);
    raw["my_chat_member"]["old_chat_member"] = Value::Null;
    assert!(matches!(
        read_update(&us(), &raw),
        Err(Ignored::Malformed(_))
    ));
}

#[test]
fn both_ends_of_a_move_say_the_same() {
    let said = |field: &str, here: i64, there: &Value| {
        let mut raw = fixture("joined.json");
        let message = raw["message"].as_object_mut().unwrap();
        message.remove("new_chat_members");
        message.insert("chat".to_owned(), json!({ "id": here, "type": "group" }));
        message.insert(field.to_owned(), there.clone());
        read_update(&us(), &raw).map(|update| (update.key, update.content))
    };
    let (from, to) = (-55, -1_001_234_567_890);
    let moved = InboundContent::Moved {
        from: ChatId(from),
        to: ChatId(to),
    };
    assert_eq!(
        said("migrate_to_chat_id", from, &json!(to)),
        Ok((SessionKey::of_chat(ChatId(from)), moved.clone()))
    );
    assert_eq!(
        said("migrate_from_chat_id", to, &json!(from)),
        Ok((SessionKey::of_chat(ChatId(to)), moved))
    );
    for junk in [json!("x"), json!(u64::MAX), Value::Null] {
        assert_eq!(
            said("migrate_to_chat_id", from, &junk),
            Err(Ignored::ServiceMessage)
        );
    }
}

#[test]
fn a_language_is_a_short_tag_or_nothing() {
    let spoken = |code: Value| {
        let mut raw = fixture("text.json");
        raw["message"]["from"]["language_code"] = code;
        match read_update(&us(), &raw).unwrap().sender {
            Sender::Person(person) => person.language,
            Sender::Anonymous | Sender::Nobody => panic!("the language cost the person"),
        }
    };
    for good in ["de", "pt-br", "zh-Hans", "0123456789abcdef"] {
        assert_eq!(spoken(json!(good)).as_deref(), Some(good));
    }
    let long = "x".repeat(10_240);
    for bad in ["", "0123456789abcdefg", "d e", "pt_br", "dé", "\n", &long] {
        assert_eq!(spoken(json!(bad)), None);
    }
    for junk in [Value::Null, json!(7), json!({}), json!(["de"])] {
        assert_eq!(spoken(junk), None);
    }
}
