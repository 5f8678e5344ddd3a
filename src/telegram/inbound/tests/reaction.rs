//! What people think of messages.

use super::*;

fn reacted(user: &Value, old: &[&str], new: &[&str]) -> String {
    let signs = |signs: &[&str]| -> Vec<Value> {
        let of = |sign: &&str| json!({ "type": "emoji", "emoji": sign });
        signs.iter().map(of).collect()
    };
    let mut raw = json!({ "update_id": 1, "message_reaction": {
        "chat": { "id": -1_001_234_567_890_i64, "type": "supergroup", "title": "Group" },
        "message_id": 41,
        "date": 1,
        "old_reaction": signs(old),
        "new_reaction": signs(new),
    }});
    if !user.is_null() {
        raw["message_reaction"]["user"] = user.clone();
    }
    told(&raw)
}

#[test]
fn thumbs_are_read_and_every_other_sign_is_ignored() {
    let person = json!({ "id": 5001, "is_bot": false, "first_name": "Person A" });
    let of = |old: &[&str], new: &[&str]| reacted(&person, old, new);
    let by = "Group -1001234567890, 5001 Person A: thinks of 41";
    assert_eq!(of(&[], &["👍"]), format!("{by}: up Given, down None"));
    assert_eq!(
        of(&["👍"], &["👎", "🎉"]),
        format!("{by}: up TakenBack, down Given")
    );
    assert_eq!(of(&["👎"], &[]), format!("{by}: up None, down TakenBack"));
    for (old, new) in [(&[][..], &["🎉"][..]), (&["👍"], &["👍", "🔥"]), (&[], &[])] {
        assert_eq!(of(old, new), "ignored: a reaction that is not counted");
    }
    let anonymous = reacted(&Value::Null, &[], &["👍"]);
    assert!(anonymous.contains("nobody"), "{anonymous}");
}
