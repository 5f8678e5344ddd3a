//! What the outbox itself has to say to a person.

use super::Body;

/// How much of a reason is shown, in characters.
const REASON_SHOWN: usize = 200;

/// Says that the fate of a message stays unknown.
pub(super) fn unconfirmed() -> String {
    "⚠ Telegram did not confirm one of my messages. I keep trying, more and more slowly. If it \
     shows up twice, the repeat begins with ↻."
        .to_owned()
}

/// Says that Telegram does not take a message.
pub(super) fn refused(body: &Body, why: &str) -> String {
    let what = match body {
        Body::Document { name, .. } => format!("the file {name}"),
        Body::Markdown(_) | Body::Plain(_) | Body::Choice { .. } | Body::Live { .. } => {
            "one of my messages".to_owned()
        }
    };
    let why: String = why.chars().take(REASON_SHOWN).collect();
    format!("⚠ Telegram refused {what}, so you cannot see it here: {why}")
}
