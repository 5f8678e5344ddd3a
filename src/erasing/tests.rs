//! Deletions that are cut off, over the real store.

use std::fs;

use bridge_actors::chat_settings::{Choices, Detail, Drafts, Rich, Trust};
use bridge_actors::ids::{MessageId, PromptId, SessionKey, TopicId, UserId};
use bridge_actors::instruction::{Instruct, Prompt};
use bridge_actors::login_end::LoginEnd;
use bridge_actors::ports::{SessionRecord, SessionStore};
use bridge_actors::rating::Ratings;

use super::*;

use bridge_actors::money::{Bill, Charge, Charged};
use bridge_actors::ports::{JournalEntry, MoneyLedger as _};

/// A data folder of two chats, one of them with a topic.
fn house() -> (tempfile::TempDir, Vec<SessionKey>) {
    let data = tempfile::tempdir().unwrap();
    let topic = SessionKey {
        topic: Some(TopicId(3)),
        ..SessionKey::of_chat(ChatId(7))
    };
    let keys = vec![
        SessionKey::of_chat(ChatId(7)),
        topic,
        SessionKey::of_chat(ChatId(70)),
    ];
    let store = open(&data);
    for (number, key) in keys.iter().enumerate() {
        SessionStore::save(&store, *key, &record()).unwrap();
        let id = PromptId(format!("p{number}"));
        let prompt = Prompt::new(id, UserId(7), MessageId(1), "words".into());
        store.accept(*key, &Instruct::Prompt(prompt)).unwrap();
    }
    for room in ["7", "7_3", "70"] {
        let inbox = data.path().join("chats").join(room).join("inbox");
        fs::create_dir_all(&inbox).unwrap();
        fs::write(inbox.join("a"), "words").unwrap();
    }
    store.flush().unwrap();
    (data, keys)
}

fn record() -> SessionRecord {
    SessionRecord {
        conversation: None,
        folder: "/w".into(),
        home: None,
        messages_with_buttons: Vec::new(),
        turn_card: None,
        detail: Detail::Card,
        drafts: Drafts::Off,
        rich: Rich::Off,
        choices: Choices::default(),
        trust: Trust::Untrusted,
        ratings: Ratings::default(),
        told_of_voice: None,
        is_told_of_home: false,
        login_page: None,
        told_of_login: LoginEnd::default(),
        in_background: Vec::new(),
        timers: Vec::new(),
        works_for: None,
        memory: bridge_actors::ports::Memory::default(),
    }
}

fn open(data: &tempfile::TempDir) -> Store {
    Store::open(data.path(), Box::new(|fault| panic!("{fault}"))).unwrap()
}

/// Says whether a chat has a room, a record and something open.
fn has(data: &tempfile::TempDir, store: &Store, key: SessionKey) -> [bool; 3] {
    let rooms = Rooms::new(data.path(), &[]);
    [
        rooms.left_by(key.chat).unwrap().files > 0,
        SessionStore::load(store, key).unwrap().is_some(),
        !store.left_open(key).unwrap().is_empty(),
    ]
}

#[test]
fn a_deletion_is_ended_by_the_next_start_wherever_it_was_cut_off() {
    type Step = fn(&Rooms, &Store);
    let steps: [Step; 3] = [
        |_, _| {},
        |rooms, _| rooms.take_away(ChatId(7)).unwrap(),
        |rooms, store| {
            rooms.take_away(ChatId(7)).unwrap();
            store.forget_chat(ChatId(7)).unwrap();
            store.flush().unwrap();
        },
    ];
    for step in steps {
        let (data, keys) = house();
        let rooms = Rooms::new(data.path(), &[]);
        let store = open(&data);
        rooms.note_leaving(ChatId(7), Some(ChatId(1))).unwrap();
        step(&rooms, &store);
        drop(store);
        let store = open(&data);
        let told = end_erasures(&rooms, &store).unwrap();
        let told = told
            .iter()
            .map(|it| (it.entry.target, &it.entry.outcome, &it.told_in));
        let told: Vec<_> = told.collect();
        let orderer = BTreeSet::from([ChatId(1)]);
        assert_eq!(told, [(Some(7), &AuditOutcome::Done, &orderer)]);
        drop(store);
        let store = open(&data);
        assert_eq!(has(&data, &store, keys[0]), [false; 3]);
        assert_eq!(has(&data, &store, keys[1]), [false; 3]);
        assert_eq!(has(&data, &store, keys[2]), [true; 3], "another's");
        assert_eq!(end_erasures(&rooms, &store).unwrap(), [], "it is over");
    }
}

#[test]
fn nothing_goes_of_which_nobody_noted_that_it_is_to_go() {
    let (data, keys) = house();
    let store = open(&data);
    assert_eq!(
        end_erasures(&Rooms::new(data.path(), &[]), &store).unwrap(),
        []
    );
    for key in keys {
        assert_eq!(has(&data, &store, key), [true; 3]);
    }
}

/// Lets somebody spend something in a session, so many days ago.
fn spend(store: &Store, by: i64, key: SessionKey, days_ago: u32) {
    let charge = Charge {
        by: UserId(by),
        day: Day::of(unix_now()).before(days_ago),
        of: Charged::Turn,
        bill: Bill {
            cost: Some(500_000),
            tokens: 0,
        },
    };
    let entry = JournalEntry {
        charges: vec![charge],
        ..JournalEntry::default()
    };
    store.write(key, &entry).unwrap();
}

/// Returns who spent something, in which chat and how many days ago.
fn spenders(store: &Store) -> Vec<(i64, i64, u32)> {
    let lines = store.spent(Day(0), Day(u32::MAX)).unwrap();
    let today = Day::of(unix_now()).0;
    let spender =
        |line: &bridge_actors::money::SpentThere| (line.by.0, line.key.chat.0, today - line.day.0);
    lines.iter().map(spender).collect()
}

#[test]
fn what_a_person_spent_goes_with_them_but_for_today_which_goes_with_its_day() {
    let (data, _) = house();
    let store = open(&data);
    let (own, group) = (
        SessionKey::of_chat(ChatId(7)),
        SessionKey::of_chat(ChatId(-5)),
    );
    for days_ago in [0, 1, 30] {
        spend(&store, 7, own, days_ago);
        spend(&store, 7, group, days_ago);
        spend(&store, 70, group, days_ago);
    }
    let rooms = Rooms::new(data.path(), &[]);
    rooms.note_leaving(ChatId(7), None).unwrap();
    erase(&rooms, &store, ChatId(7)).unwrap();
    let others = [(70, -5, 30), (70, -5, 1)];
    let today = [(7, -5, 0), (7, 7, 0), (70, -5, 0)];
    assert_eq!(spenders(&store), [&others[..], &today[..]].concat());
    spend(&store, 7, own, 0);
    let tomorrow = Day(Day::of(unix_now()).0 + 1);
    store.forget_old_spending(tomorrow).unwrap();
    let expected = [(70, -5, 30), (70, -5, 1), (70, -5, 0)];
    assert_eq!(spenders(&store), expected);
}

#[test]
fn what_was_spent_is_kept_for_400_days() {
    let (data, _) = house();
    let store = open(&data);
    let key = SessionKey::of_chat(ChatId(7));
    for days_ago in [0, 399, 400, 500] {
        spend(&store, 7, key, days_ago);
    }
    store.forget_old_spending(Day::of(unix_now())).unwrap();
    assert_eq!(spenders(&store), [(7, 7, 399), (7, 7, 0)]);
}
