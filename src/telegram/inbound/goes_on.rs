//! Pure: whether what somebody says may go on in their next message.

use bridge_actors::instruction::Joint;
use bridge_actors::sent_file::SentFile;

use crate::telegram::update::Message;

/// The longest text of a message, in UTF-16 units: a longer one is cut there if it has no better
/// place.
const LONGEST_TEXT: usize = 4_096;

/// From here on a text may be a part of one that was too long, in UTF-16 units: people's programs
/// cut at the end of a line or a word, and Telegram takes the spaces off the ends.
const LONG_TEXT: usize = 4_000;

/// Returns how what may come next would be joined to a message: Telegram cuts a long text into
/// several, and passes several on one by one; so it does with an album. What is to be done with a
/// file that comes without words is often said behind it.
pub(super) fn goes_on(message: &Message, file: Option<&SentFile>) -> Option<Joint> {
    if message.forward_origin.is_some() {
        return Some(Joint::Apart);
    }
    if let Some(file) = file {
        let has_words = message
            .caption
            .as_ref()
            .is_some_and(|it| !it.trim().is_empty());
        let is_whole = message.media_group_id.is_none() && (has_words || file.kind.speaks());
        return (!is_whole).then_some(Joint::File);
    }
    match message.text.as_ref()?.encode_utf16().count() {
        LONGEST_TEXT.. => Some(Joint::Word),
        LONG_TEXT.. => Some(Joint::Line),
        _ => None,
    }
}
