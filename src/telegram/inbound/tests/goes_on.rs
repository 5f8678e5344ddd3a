//! Which messages may go on in the next one.

use bridge_actors::instruction::Joint;

use super::*;

fn goes_on(text: &str, more: &[(&str, Value)]) -> Option<Joint> {
    let mut raw = fixture("text.json");
    raw["message"]["text"] = json!(text);
    for (name, value) in more {
        raw["message"][name] = value.clone();
    }
    let content = read_update(&us(), &raw).unwrap().content;
    let InboundContent::Text { goes_on, .. } = content else {
        panic!("{content:?}");
    };
    goes_on
}

#[test]
fn a_text_that_is_nearly_as_long_as_can_be_may_go_on_and_counts_as_telegram_counts() {
    assert_eq!(goes_on(&"a".repeat(3_999), &[]), None);
    assert_eq!(goes_on(&"ä".repeat(4_000), &[]), Some(Joint::Line));
    assert_eq!(goes_on(&"😀".repeat(1_999), &[]), None);
    assert_eq!(goes_on(&"😀".repeat(2_000), &[]), Some(Joint::Line));
    assert_eq!(goes_on(&"a".repeat(4_095), &[]), Some(Joint::Line));
    assert_eq!(goes_on(&"😀".repeat(2_048), &[]), Some(Joint::Word));
    // What is added for Claude makes no text longer.
    let code = json!([{ "type": "code", "offset": 0, "length": 3_999 }]);
    assert_eq!(goes_on(&"a".repeat(3_999), &[("entities", code)]), None);
}

#[test]
fn what_is_passed_on_may_go_on_whatever_its_length() {
    let origin = json!({ "type": "hidden_user", "sender_user_name": "Eve" });
    let long = "a".repeat(4_096);
    for text in ["a", &long] {
        let joint = goes_on(text, &[("forward_origin", origin.clone())]);
        assert_eq!(joint, Some(Joint::Apart));
    }
}
