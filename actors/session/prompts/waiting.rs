//! Pure: the buttons below the word that a prompt waits.
//!
//! They carry the message of the prompt and nothing secret: whoever may press them is checked, and a
//! press means the same after a restart.

use crate::ids::MessageId;
use crate::outbox::Button;

/// What begins the data of these buttons; the number is the version of their form.
const KIND: &str = "q1";

/// What can be done with a prompt that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Wish {
    /// Claude gets it while it works.
    SendNow,
    /// It does not run.
    Remove,
}

/// Returns the buttons.
pub(in crate::session) fn rows(message: MessageId) -> Vec<Vec<Button>> {
    let button = |label: &str, letter| Button {
        label: label.to_owned(),
        data: format!("{KIND}.{letter}.{}", message.0),
    };
    vec![vec![button("▶ Send now", 'n'), button("✕ Remove", 'r')]]
}

/// Returns what a button means and in which message the prompt came that it is about, if it is one
/// of these.
pub(in crate::session) fn parse_wish(data: &str) -> Option<(Wish, MessageId)> {
    let rest = data.strip_prefix(KIND)?.strip_prefix('.')?;
    let (letter, message) = rest.split_once('.')?;
    let wish = match letter {
        "n" => Wish::SendNow,
        "r" => Wish::Remove,
        _ => return None,
    };
    Some((wish, MessageId(message.parse().ok()?)))
}
