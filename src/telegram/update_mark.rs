//! Pure: what an update is known by when Telegram delivers it again.

use bridge_actors::ids::{UpdateId, UpdateMark};
use serde_json::Value;
use uuid::Uuid;

use super::bot_identity::BotIdentity;

/// The namespace of marks. It never changes: a mark that comes out differently after an update of
/// the bridge would not be known again.
const MARK_NAMESPACE: Uuid = Uuid::from_u128(0x6f0c_1f63_6a3f_4ed2_9f0a_5d1c_73b8_2e41);

/// Returns the mark of an update, the same in every run of the bridge.
pub(super) fn mark_of(us: &BotIdentity, update: UpdateId, raw: &Value) -> UpdateMark {
    let name = format!("{}:{}:{raw}", us.id, update.0);
    UpdateMark(Uuid::new_v5(&MARK_NAMESPACE, name.as_bytes()).as_u128())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mark(bot: i64, update: i64, text: &str) -> UpdateMark {
        let us = BotIdentity {
            id: bot,
            username: None,
            can_read_all_group_messages: false,
        };
        let raw = json!({ "update_id": update, "text": text });
        mark_of(&us, UpdateId(update), &raw)
    }

    #[test]
    fn the_same_update_is_known_and_an_old_id_with_new_words_is_not() {
        assert_eq!(mark(1, 7, "hello"), mark(1, 7, "hello"));
        assert_ne!(mark(1, 7, "hello"), mark(1, 7, "good bye"));
        assert_ne!(mark(1, 7, "hello"), mark(1, 8, "hello"));
        assert_ne!(mark(1, 7, "hello"), mark(2, 7, "hello"));
    }

    #[test]
    fn a_mark_is_the_same_in_every_version_of_the_bridge() {
        let expected = expect_test::expect!["fd3d1c1fbad3532e813eb02dd4b899fa"];
        expected.assert_eq(&format!("{:032x}", mark(1, 7, "hello").0));
    }
}
