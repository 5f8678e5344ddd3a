//! Tests of the records.

use proptest::prelude::*;

use super::*;

fn user() -> impl Strategy<Value = UserRecord> {
    let names = (proptest::option::of("[a-z_]{1,32}"), ".{0,64}");
    (
        any::<i64>(),
        any::<i64>(),
        names,
        any::<u64>(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(user, chat, (username, first_name), created_at, is_active, is_admin)| UserRecord {
                user: UserId(user),
                chat: ChatId(chat),
                username,
                first_name,
                created_at: UnixSeconds(created_at),
                is_active,
                is_admin,
            },
        )
}

proptest! {
    #[test]
    fn users_survive_their_encoding(user in user()) {
        prop_assert_eq!(decode_user(&encode_user(&user).unwrap()).unwrap(), user);
    }

    #[test]
    fn sessions_survive_their_encoding(
        conversation in proptest::option::of("[0-9a-f-]{36}"),
        folder in "/[^\\x00]{0,100}",
    ) {
        let record = SessionRecord {
            conversation: conversation.map(ConversationId),
            folder: PathBuf::from(folder),
        };
        prop_assert_eq!(decode_session(&encode_session(&record).unwrap()).unwrap(), record);
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        // Neither may panic.
        decode_user(&bytes).ok();
        decode_session(&bytes).ok();
    }

    #[test]
    fn keys_sort_as_their_numbers(one: i64, other: i64) {
        prop_assert_eq!(user_key(UserId(one)).cmp(&user_key(UserId(other))), one.cmp(&other));
    }
}

#[test]
fn a_record_of_the_first_version_stays_readable() {
    let bytes = br#"{"v":1,"user_id":5,"chat_id":5,"is_active":true,"is_admin":false}"#;
    let user = decode_user(bytes).unwrap();
    assert_eq!((user.user, user.first_name.as_str()), (UserId(5), ""));
}

#[test]
fn a_record_of_a_newer_bridge_is_refused() {
    let bytes = br#"{"v":2,"soul":"none"}"#;
    assert_eq!(decode_session(bytes), Err(RecordError::Newer(2)));
}

#[test]
fn a_value_that_is_too_large_is_refused() {
    let folder = PathBuf::from("/".repeat(MAX_VALUE_BYTES + 1));
    let record = SessionRecord {
        conversation: None,
        folder,
    };
    assert!(matches!(
        encode_session(&record),
        Err(RecordError::TooLarge(_))
    ));
}

#[test]
fn topics_of_a_chat_lie_behind_it() {
    let chat = session_key(SessionKey::of_chat(ChatId(-5)));
    let topic = session_key(SessionKey {
        chat: ChatId(-5),
        topic: Some(TopicId(3)),
    });
    assert!(topic.starts_with(&chat) && topic.len() > chat.len());
}
