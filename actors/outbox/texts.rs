//! What the outbox itself has to say to a person.

use bridge_texts::Say;

use super::Body;

/// How much of a reason is shown, in characters.
const REASON_SHOWN: usize = 200;

/// Says that Telegram does not take a message.
pub(super) fn refused(say: Say, body: &Body, why: &str) -> String {
    let why: String = why.chars().take(REASON_SHOWN).collect();
    match body {
        Body::Document { name, .. } => say.file_refused(name, why),
        Body::Markdown(_) | Body::Plain(_) | Body::Choice { .. } | Body::Live { .. } => {
            say.post_refused(why)
        }
    }
}
