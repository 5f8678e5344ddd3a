//! Pure: the buttons below the word that a prompt waits.

use crate::ids::{PostId, PromptId};
use crate::outbox::Button;

/// What begins the data of these buttons; the number is the version of their form.
const KIND: &str = "q1";

/// The message that says that a prompt waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingNotice {
    /// The prompt.
    pub prompt: PromptId,
    /// The post.
    pub post: PostId,
    /// What its buttons carry.
    pub nonce: String,
}

/// What can be done with a prompt that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Claude gets it while it works.
    SendNow,
    /// It does not run.
    Remove,
}

/// Returns the buttons.
pub fn rows(nonce: &str) -> Vec<Vec<Button>> {
    let button = |label: &str, letter| Button {
        label: label.to_owned(),
        data: format!("{KIND}.{letter}.{nonce}"),
    };
    vec![vec![button("▶ Send now", 'n'), button("✕ Remove", 'r')]]
}

/// Returns what a button means and which prompt it is about, if it is one of these.
pub fn parse_wish(data: &str) -> Option<(Wish, &str)> {
    let rest = data.strip_prefix(KIND)?.strip_prefix('.')?;
    let (letter, nonce) = rest.split_once('.')?;
    let wish = match letter {
        "n" => Wish::SendNow,
        "r" => Wish::Remove,
        _ => return None,
    };
    Some((wish, nonce))
}
