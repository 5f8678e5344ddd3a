//! Whatever sled has already, what is read is what was written.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Step {
    Put(u8, String),
    Remove(u8),
    Checkpoint,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0u8..12, "[a-z]{1,3}").prop_map(|(key, value)| Step::Put(key, value)),
        2 => (0u8..12).prop_map(Step::Remove),
        1 => Just(Step::Checkpoint),
    ];
    prop::collection::vec(step, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_read_is_what_was_written_wherever_it_lies(steps in steps(), from in 0u8..12) {
        let db = sled::Config::new().temporary(true).open().unwrap();
        let users = db.open_tree("users").unwrap();
        let trees = Trees { sessions: users.clone(), users: users.clone(), groups: users.clone(), bridge: users.clone(), spending: users.clone() };
        let mut overlay = Overlay::default();
        let mut expected = BTreeMap::new();
        for (seq, step) in (1..).zip(steps) {
            let change = match step {
                Step::Put(key, value) => {
                    expected.insert(vec![key], value.clone().into_bytes());
                    KeyedChange::put(Tree::Users, &[key], value.into_bytes()).unwrap()
                }
                Step::Remove(key) => {
                    expected.remove(&vec![key]);
                    KeyedChange::remove(Tree::Users, &[key])
                }
                Step::Checkpoint => {
                    trees.apply(overlay.all()).unwrap();
                    overlay.forget_up_to(seq);
                    continue;
                }
            };
            overlay.apply(seq, change).unwrap();
        }
        let range: Range = (Bound::Included(vec![from]), Bound::Unbounded);
        let stored = users.range(range.clone());
        let read: Vec<_> = merged(stored, overlay.range(Tree::Users, &range))
            .map(Result::unwrap)
            .collect();
        let expected: Vec<_> = expected.range(vec![from]..)
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        prop_assert_eq!(read, expected);
    }
}

#[test]
fn hex_is_read_back_and_nothing_else_is_hex() {
    let bytes: Vec<u8> = (0..=255).collect();
    assert_eq!(from_hex(&to_hex(&bytes)), Some(bytes));
    for text in ["0", "0g", "+1", "ä"] {
        assert_eq!(from_hex(text), None);
    }
}
