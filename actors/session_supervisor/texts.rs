//! Pure: what the supervisor says to people.

use std::time::Duration;

/// Said once, when the chat begins to rest.
pub(super) fn parked(left: Duration) -> String {
    let minutes = minutes(left);
    format!(
        "⚠ This chat's session failed several times in a row and rests for {minutes} min. Nothing \
         runs here by itself then. Other chats are not affected."
    )
}

/// Said of whatever comes while the chat rests.
pub(super) fn turned_away(left: Duration) -> String {
    let minutes = minutes(left);
    format!(
        "⚠ This chat's session failed several times in a row and rests for {minutes} min more. \
         Nothing was done with this: send it again then."
    )
}

/// Said as the answer to a press while the chat rests; Telegram shows 200 characters of it.
pub(super) fn press_turned_away(left: Duration) -> String {
    let minutes = minutes(left);
    format!("This chat rests after several faults. Please press it again in {minutes} min.")
}

/// Said of a prompt that was open when the chat began to rest.
pub(super) fn parked_prompt(has_begun: bool, doing: Option<&str>) -> String {
    let what = match (doing, has_begun) {
        (Some(doing), _) => format!("The last thing Claude did, in part or in full: {doing}"),
        (None, true) => "It may have partly run.".to_owned(),
        (None, false) => "It had not begun, as far as the bridge knows.".to_owned(),
    };
    format!(
        "⚠ This was under way or waiting when the session failed. {what}\n\nIt does not run again \
         by itself. What should become of it?"
    )
}

/// Said of commands and presses that were open when the chat began to rest.
pub(super) fn dropped_commands(count: usize) -> String {
    match count {
        1 => "One command or press was not carried out. Send it again if you still want it."
            .to_owned(),
        n => format!(
            "{n} commands or presses were not carried out. Send them again if you still want them."
        ),
    }
}

fn minutes(left: Duration) -> u64 {
    left.as_secs().div_ceil(60)
}

/// Said to whoever wrote, and as the answer to a press.
pub(super) fn too_many_messages() -> (String, String) {
    let text = "Not taken: too many messages at once. Send it again in a moment.";
    let press = "Not taken: too many messages at once. Press it again in a moment.";
    (text.to_owned(), press.to_owned())
}

/// Said to whoever wrote, and as the answer to a press.
pub(super) fn store_failed() -> (String, String) {
    let text = "⚠ The bridge cannot read its store, so nothing was done with your message. Its \
                operator finds the reason in the log.";
    let press = "The bridge cannot read its store. Its operator finds the reason in the log.";
    (text.to_owned(), press.to_owned())
}
