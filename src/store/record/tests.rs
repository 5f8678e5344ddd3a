//! What stored bytes promise.

use std::path::PathBuf;

use bridge_actors::clock::UnixSeconds;
use bridge_actors::ids::{ChatId, ConversationId, SessionKey, TopicId, UserId};
use bridge_actors::ports::{SessionRecord, UserRecord};
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
    ) -> SessionRecord {
        SessionRecord {
            conversation: conversation.map(ConversationId),
            folder: PathBuf::from(folder),
        }
    }
}

prop_compose! {
    fn users()(
        (user, chat, created_at) in any::<(i64, i64, u64)>(),
        username in proptest::option::of(".{0,40}"),
        first_name in ".{0,64}",
        (is_active, is_admin) in any::<(bool, bool)>(),
    ) -> UserRecord {
        UserRecord {
            user: UserId(user),
            chat: ChatId(chat),
            username,
            first_name,
            created_at: UnixSeconds(created_at),
            is_active,
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
    fn keys_sort_like_their_numbers_and_never_clash(left in keys(), right in keys()) {
        let by_key = session_key(left).cmp(&session_key(right));
        prop_assert_eq!(by_key, left.cmp(&right));
    }

    #[test]
    fn random_bytes_are_an_error_or_a_record_never_a_panic(bytes in any::<Vec<u8>>()) {
        decode_session(&bytes).ok();
        decode_user(&bytes).ok();
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
    };
    let user = UserRecord {
        user: UserId(7),
        chat: ChatId(7),
        username: None,
        first_name: "Ada".to_owned(),
        created_at: UnixSeconds(1_700_000_000),
        is_active: true,
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
    assert!(!user.is_active);
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
    };
    let error = encode_session(&record).unwrap_err();
    assert!(matches!(error, RecordError::TooLarge { found } if found > MAX_VALUE_BYTES));
}
