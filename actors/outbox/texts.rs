//! What the outbox itself has to say to a person.

use bridge_texts::Say;

use super::{Body, RefusedFile, Rejection};

/// How much of a reason is shown, in characters.
const REASON_SHOWN: usize = 200;

/// Says that Telegram does not take a message.
pub(super) fn refused(say: Say, body: &Body, why: &Rejection) -> String {
    let why = rejection(say, why);
    match body {
        Body::Document { name, .. } => say.file_refused(name, why),
        Body::Markdown(_)
        | Body::Rich(_)
        | Body::Plain(_)
        | Body::Choice { .. }
        | Body::Live { .. }
        | Body::Folded(_)
        | Body::Quoted(_)
        | Body::Card { .. } => say.post_refused(why),
        Body::Files { files, .. } => {
            let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
            say.file_refused(names.join(", "), why)
        }
    }
}

/// Says that Telegram does not take files.
pub(super) fn refused_files(say: Say, refused: &[RefusedFile]) -> String {
    let line = |file: &RefusedFile| say.file_refused(&file.name, rejection(say, &file.why));
    refused.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn rejection(say: Say, why: &Rejection) -> String {
    match why {
        Rejection::Telegram(why) => why.chars().take(REASON_SHOWN).collect(),
        Rejection::FileTooBig => say.rejection_file_too_big(),
        Rejection::NoCopy(why) => say.rejection_no_copy(why),
        Rejection::NoPart { part, parts } => say.rejection_no_part(part, parts),
        Rejection::NoCharacter => say.rejection_no_character(),
        Rejection::ChatMovedToItself => say.rejection_chat_moved_to_itself(),
        Rejection::ButtonData { n_bytes, most } => say.rejection_button_data(n_bytes, most),
        Rejection::NoLabel => say.rejection_no_label(),
    }
}
