//! What stored bytes promise.

use std::path::PathBuf;

use bridge_actors::chat_settings::Choices;
use bridge_actors::chat_settings::Detail;
use bridge_actors::chat_settings::Drafts;
use bridge_actors::chat_settings::Rich;
use bridge_actors::chat_settings::Trust;
use bridge_actors::clock::UnixSeconds;
use bridge_actors::ids::{
    ChatId, ConversationId, MessageId, PromptId, SessionKey, TopicId, UserId,
};
use bridge_actors::login_end::LoginEnd;
use bridge_actors::ports::{
    Admitter, GroupRecord, GroupStanding, JoinRequest, Memory, RequestMessage, SessionRecord,
    Standing, TurnCard, UserRecord,
};
use bridge_actors::rating::Ratings;
use expect_test::expect;
use proptest::prelude::*;

use super::*;

fn keys() -> impl Strategy<Value = SessionKey> {
    (any::<i64>(), proptest::option::of(any::<i64>())).prop_map(|(chat, topic)| SessionKey {
        chat: ChatId(chat),
        topic: topic.map(TopicId),
    })
}

prop_compose! {
    fn sessions()(
        conversation in proptest::option::of(".{0,100}"),
        folder in "[^\0]{0,200}",
        home in proptest::option::of(any::<i64>()),
        drafts in prop::sample::select(vec![Drafts::Off, Drafts::On]),
        rich in prop::sample::select(vec![Rich::Off, Rich::On]),
        (up, down) in any::<(u32, u32)>(),
        card in proptest::option::of((any::<i64>(), ".{0,600}")),
    ) -> SessionRecord {
        SessionRecord {
            conversation: conversation.map(ConversationId),
            folder: PathBuf::from(folder),
            home: home.map(ChatId),
            messages_with_buttons: Vec::new(),
            turn_card: card.map(|(message, text)| TurnCard {
                message: MessageId(message),
                prompt: PromptId("0b7c".to_owned()),
                text,
            }),
            detail: Detail::default(),
            drafts,
            rich,
            ratings: Ratings { up, down },
            choices: Choices::default(),
            trust: Trust::Untrusted,
            told_of_voice: None,
            is_told_of_home: false,
            login_page: Some(MessageId(12)),
            told_of_login: LoginEnd::Soon,
            in_background: Vec::new(),
            timers: Vec::new(),
            works_for: None,
            memory: Memory {
                answered: home.map(|_| PromptId("0b7d".to_owned())),
                passed_over: vec!["a: b".to_owned()],
                is_nearly_full: true,
            },
        }
    }
}

fn standings() -> impl Strategy<Value = Standing> {
    let cards = prop::collection::vec(any::<(i64, i64)>(), 0..20);
    let waiting = ("[0-9a-f]{24}", cards).prop_map(|(nonce, cards)| {
        let cards = cards.into_iter().map(|(chat, message)| RequestMessage {
            chat: ChatId(chat),
            message: MessageId(message),
        });
        Standing::Waiting(JoinRequest {
            nonce,
            messages: cards.collect(),
        })
    });
    prop_oneof![
        Just(Standing::Active),
        waiting,
        Just(Standing::Declined),
        Just(Standing::Deactivated),
        Just(Standing::Removed),
    ]
}

fn admitters() -> impl Strategy<Value = Option<Admitter>> {
    prop_oneof![
        Just(None),
        Just(Some(Admitter::Host)),
        any::<i64>().prop_map(|user| Some(Admitter::Admin(UserId(user)))),
    ]
}

prop_compose! {
    fn groups()(
        chat in any::<i64>(),
        standing in prop_oneof![
            any::<i64>().prop_map(|by| GroupStanding::Allowed { by: UserId(by) }),
            any::<u64>().prop_map(|at| GroupStanding::Pending { leave_at: UnixSeconds(at) }),
        ],
    ) -> GroupRecord {
        GroupRecord { chat: ChatId(chat), standing }
    }
}

prop_compose! {
    fn users()(
        (user, chat, created_at) in any::<(i64, i64, u64)>(),
        username in proptest::option::of(".{0,40}"),
        first_name in ".{0,64}",
        language in proptest::option::of("[a-z]{2}"),
        last_seen in proptest::option::of(any::<u64>()),
        standing in standings(),
        admitted_by in admitters(),
        is_admin in any::<bool>(),
    ) -> UserRecord {
        UserRecord {
            user: UserId(user),
            chat: ChatId(chat),
            username,
            first_name,
            language,
            created_at: UnixSeconds(created_at),
            last_seen: last_seen.map(UnixSeconds),
            standing,
            admitted_by,
            is_admin,
        }
    }
}

proptest! {
    #[test]
    fn session_comes_back_as_it_was(record in sessions()) {
        let bytes = encode_session(&record).unwrap();
        prop_assert_eq!(decode_session(&bytes).unwrap(), record);
    }

    #[test]
    fn user_comes_back_as_it_was(record in users()) {
        let bytes = encode_user(&record).unwrap();
        prop_assert_eq!(decode_user(&bytes).unwrap(), record);
    }

    #[test]
    fn group_comes_back_as_it_was(record in groups()) {
        let bytes = encode_group(&record).unwrap();
        prop_assert_eq!(decode_group(&bytes).unwrap(), record);
    }

    #[test]
    fn keys_sort_like_their_numbers_and_never_clash(left in keys(), right in keys()) {
        let by_key = session_key(left).cmp(&session_key(right));
        prop_assert_eq!(by_key, left.cmp(&right));
    }

    #[test]
    fn random_bytes_are_an_error_or_a_record_never_a_panic(bytes in any::<Vec<u8>>()) {
        decode_session(&bytes).ok();
        decode_user(&bytes).ok();
        decode_group(&bytes).ok();
    }

    #[test]
    fn damaged_record_is_an_error_or_a_record_never_a_panic(
        record in users(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = encode_user(&record).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        decode_user(&bytes).ok();
    }
}

#[test]
fn bytes_of_version_one_stay_as_they_are() {
    let session = SessionRecord {
        conversation: Some(ConversationId("0b7c".to_owned())),
        folder: PathBuf::from("/srv/site"),
        home: None,
        messages_with_buttons: Vec::new(),
        turn_card: None,
        detail: Detail::default(),
        drafts: Drafts::default(),
        rich: Rich::Off,
        ratings: Ratings::default(),
        choices: Choices::default(),
        trust: Trust::Untrusted,
        told_of_voice: None,
        is_told_of_home: false,
        login_page: None,
        told_of_login: LoginEnd::default(),
        in_background: Vec::new(),
        timers: Vec::new(),
        works_for: None,
        memory: Memory::default(),
    };
    let user = UserRecord {
        user: UserId(7),
        chat: ChatId(7),
        username: None,
        first_name: "Ada".to_owned(),
        language: None,
        created_at: UnixSeconds(1_700_000_000),
        last_seen: None,
        standing: Standing::Active,
        admitted_by: None,
        is_admin: false,
    };
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    expect![[r#"{"v":1,"conversation":"0b7c","folder":"/srv/site"}"#]]
        .assert_eq(&text(encode_session(&session).unwrap()));
    expect![[r#"{"v":1,"user":7,"chat":7,"username":null,"first_name":"Ada","created_at":1700000000,"is_active":true,"is_admin":false}"#]]
        .assert_eq(&text(encode_user(&user).unwrap()));
}

#[test]
fn user_record_that_says_little_lets_nobody_in() {
    let user = decode_user(br#"{"v":1,"user":7,"chat":7}"#).unwrap();
    assert!(!user.is_active());
    assert!(!user.is_admin);
}

#[test]
fn record_of_a_newer_version_is_refused_whatever_else_it_says() {
    let newer = br#"{"v":2,"surprise":true}"#;
    assert_eq!(decode_user(newer), Err(RecordError::Newer { found: 2 }));
    assert_eq!(decode_session(newer), Err(RecordError::Newer { found: 2 }));
}

#[test]
fn record_beyond_eight_kibibytes_is_refused() {
    let record = SessionRecord {
        conversation: None,
        folder: PathBuf::from("x".repeat(MAX_VALUE_BYTES)),
        home: None,
        messages_with_buttons: Vec::new(),
        turn_card: None,
        detail: Detail::default(),
        drafts: Drafts::default(),
        rich: Rich::Off,
        ratings: Ratings::default(),
        choices: Choices::default(),
        trust: Trust::Untrusted,
        told_of_voice: None,
        is_told_of_home: false,
        login_page: None,
        told_of_login: LoginEnd::default(),
        in_background: Vec::new(),
        timers: Vec::new(),
        works_for: None,
        memory: Memory::default(),
    };
    let error = encode_session(&record).unwrap_err();
    assert!(matches!(error, RecordError::TooLarge { found } if found > MAX_VALUE_BYTES));
}

#[test]
fn records_of_the_first_bridges_stay_readable() {
    let active = br#"{"v":1,"user":7,"chat":7,"username":"ada","first_name":"Ada","created_at":5,"is_active":true,"is_admin":true}"#;
    let user = decode_user(active).unwrap();
    assert_eq!(user.standing, Standing::Active);
    assert!(user.is_admin);
    let inactive = br#"{"v":1,"user":7,"chat":7,"is_active":false}"#;
    assert_eq!(
        decode_user(inactive).unwrap().standing,
        Standing::Deactivated
    );
    let session = decode_session(br#"{"v":1,"conversation":"c","folder":"/srv"}"#).unwrap();
    assert_eq!(session.home, None);
    assert_eq!(session.drafts, Drafts::Off);
}

#[test]
fn a_record_that_contradicts_itself_lets_nobody_in() {
    let both = br#"{"v":1,"user":7,"chat":7,"is_active":true,"kept_out":"removed"}"#;
    assert_eq!(decode_user(both).unwrap().standing, Standing::Removed);
    let both = br#"{"v":1,"chat":-5,"allowed_by":1,"leave_at":9}"#;
    let leave_at = UnixSeconds(9);
    assert_eq!(
        decode_group(both).unwrap().standing,
        GroupStanding::Pending { leave_at }
    );
}
