//! What is turned away and holds a secret is deleted all the same.

use super::*;
use crate::outbox::Sign;
use crate::router::secrets::deletion_of_refused;

#[test]
fn a_code_of_a_login_that_nobody_takes_is_deleted_and_nothing_else_is() {
    let half = "aB3_".repeat(8);
    let code = format!("{half}#{half}");
    let deleted = |said: &str, access| {
        let parsed = parse(inbound(text(said)), Some("our_bot"));
        deletion_of_refused(&parsed, access)
    };
    let deletion = Some(Sign::Delete {
        chat: ChatId(7),
        message: MessageId(40),
    });
    for refusal in [
        Refusal::LockedDown(Role::User),
        Refusal::Barred,
        Refusal::TooManyCommands { per_minute: 20 },
        Refusal::StoreFailed,
    ] {
        let refused = Access::Refused(Some(refusal));
        assert_eq!(deleted(&code, refused), deletion, "{refusal:?}");
        let login = format!("/login {code}");
        assert_eq!(deleted(&login, refused), deletion, "{refusal:?}");
        for other in ["/login", "say hi", &half] {
            assert_eq!(deleted(other, refused), None, "{other}");
        }
    }
    // Its session deletes it, or a crowd sends it.
    for access in [Access::Granted(Role::User), Access::Refused(None)] {
        assert_eq!(deleted(&code, access), None);
    }
}
