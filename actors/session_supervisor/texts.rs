//! Pure: what the supervisor says to people.

use std::time::Duration;

pub(super) fn parked(left: Duration) -> String {
    let minutes = left.as_secs().div_ceil(60);
    format!(
        "⚠ This chat's session failed several times in a row and rests for {minutes} min. Nothing \
         was done with your message: send it again then. Other chats are not affected."
    )
}

pub(super) fn too_many_messages() -> String {
    "Not taken: too many messages at once. Send it again in a moment.".to_owned()
}

pub(super) fn store_failed() -> String {
    "⚠ The bridge cannot read its store, so nothing was done with your message. Its operator finds \
     the reason in the log."
        .to_owned()
}
