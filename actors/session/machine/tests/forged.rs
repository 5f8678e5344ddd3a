//! Presses of buttons by whoever has no right to them.

use proptest::prelude::*;

use super::support::Player;
use crate::ids::{CallbackId, MessageId, PromptId, UserId};
use crate::instruction::Role;
use crate::ports::{AgentInput, PermissionDecision};
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::{Instruct, Press};

/// One attempt to answer without the right to.
#[derive(Debug, Clone)]
struct Forgery {
    data: String,
    by: i64,
    is_admin: bool,
}

fn forgery() -> impl Strategy<Value = Forgery> {
    let letter = prop::sample::select(vec!["y", "s", "e", "n", "d", "o0", "o1", "o99", "", "yy"]);
    let nonce = prop_oneof![
        // Right ones of a request that is decided, of an offer, of nobody.
        Just("n1".to_owned()),
        Just("n9".to_owned()),
        Just(String::new()),
        "[a-z0-9.]{0,30}",
    ];
    let kind = prop::sample::select(vec!["a1", "a2", "t1", "j1", ""]);
    (kind, letter, nonce, 0..20_i64, any::<bool>()).prop_map(
        |(kind, letter, nonce, by, is_admin)| Forgery {
            data: format!("{kind}.{letter}.{nonce}"),
            by,
            is_admin,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    /// Ten at a time: the first request is decided, the second is open under a nonce that none of
    /// them knows, or knows without the right to press.
    #[test]
    fn no_forged_press_is_accepted(forgeries in prop::collection::vec(forgery(), 10)) {
        let mut player = Player::new(None);
        for line in "prompt clean up\ngranted\nready\nattempt\nasks r1 Bash one\nanswer n n1 7\nasks r2 Bash two".lines() {
            let event = player.parse(line);
            player.step(event);
        }
        for forgery in forgeries {
            let press = Press {
                callback: CallbackId("press".to_owned()),
                message: Some(MessageId(900)),
                data: forgery.data.clone(),
                by: UserId(forgery.by),
                name: "Mallory".to_owned(),
                role: if forgery.is_admin { Role::Admin } else { Role::User },
                id: PromptId("p900".to_owned()),
            };
            let effects = player.step(Event::Instructed(Instruct::Press(press)));
            prop_assert!(!effects.iter().any(|effect| matches!(effect, Effect::Write(_))), "{forgery:?}");
        }
        for by in [8, -7, 0] {
            let press = Press {
                callback: CallbackId("press".to_owned()),
                message: Some(MessageId(900)),
                data: "a1.y.n2".to_owned(),
                by: UserId(by),
                name: "Mallory".to_owned(),
                role: Role::User,
                id: PromptId("p900".to_owned()),
            };
            let effects = player.step(Event::Instructed(Instruct::Press(press)));
            prop_assert!(!effects.iter().any(|effect| matches!(effect, Effect::Write(_))));
        }
        // And it was open all the time.
        let right = player.parse("answer y n2 7");
        let effects = player.step(right);
        let allows = |effect: &Effect| matches!(
            effect,
            Effect::Write(AgentInput::Permission { decision: PermissionDecision::Allow { .. }, .. })
        );
        prop_assert!(effects.iter().any(allows));
    }
}
