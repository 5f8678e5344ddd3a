//! Pure: what a message is by what came before it.
//!
//! An edit is a change, a command, or the first that is said to the bot, and brings only what the
//! message is now. What it was is remembered: that it was said to the bot, and which command it
//! was. Of an album in a group often one message alone names the bot: that is remembered of the
//! album.

use super::slash_command::{Parsed, Words, album_of};
use super::{ChatKind, Inbound, InboundContent, Sender};
use crate::ids::{ChatId, MessageId, Trace};
use crate::instruction::Joint;

/// Returns what is to be remembered of a message that was dealt with.
pub(super) fn traces(Parsed { inbound, words }: &Parsed) -> Vec<Trace> {
    let Some(message) = message_of(&inbound.content) else {
        return Vec::new();
    };
    let chat = inbound.chat();
    let command = match words {
        Words::Command(command) => Some(trace_of(chat, message, &format!("{command:?}"))),
        Words::Overheard | Words::OverheardAlbum => return Vec::new(),
        Words::Other => None,
    };
    // In private every message is said to the bot.
    let said = match inbound.chat_kind {
        ChatKind::Group => Some(said(chat, message)),
        ChatKind::Private | ChatKind::Channel => None,
    };
    let album = said.as_ref().and_then(|_| said_album(inbound));
    command.into_iter().chain(said).chain(album).collect()
}

/// Returns what an update is, by what is remembered of its message; `None` for an edit of a command
/// that is the same command still.
pub(super) fn settled(parsed: Parsed, is_remembered: impl Fn(&Trace) -> bool) -> Option<Parsed> {
    if parsed.words == Words::OverheardAlbum {
        let is_said = said_album(&parsed.inbound).is_some_and(|album| is_remembered(&album));
        let Parsed { mut inbound, .. } = parsed;
        let words = match (is_said, &mut inbound.content) {
            (true, _) => Words::Other,
            (false, InboundContent::Text { goes_on, .. }) => {
                *goes_on = Some(Joint::Overheard);
                Words::OverheardAlbum
            }
            (false, _) => Words::Overheard,
        };
        return Some(Parsed { inbound, words });
    }
    let message = match parsed.inbound.content {
        InboundContent::Edited { message, .. } => message,
        // Only those to messages of the bot count.
        InboundContent::Reaction { message, .. } => {
            let sent = Trace::of_sent(parsed.inbound.chat(), message);
            return is_remembered(&sent).then_some(parsed);
        }
        InboundContent::Text { .. }
        | InboundContent::Unsupported { .. }
        | InboundContent::Button { .. }
        | InboundContent::DraftStopped { .. }
        | InboundContent::Joined
        | InboundContent::Left
        | InboundContent::Moved { .. } => return Some(parsed),
    };
    match (&parsed.words, parsed.inbound.chat_kind) {
        (Words::Command(command), _) => {
            let trace = trace_of(parsed.inbound.chat(), message, &format!("{command:?}"));
            (!is_remembered(&trace)).then_some(parsed)
        }
        (Words::Other, ChatKind::Group)
            if !is_remembered(&said(parsed.inbound.chat(), message)) =>
        {
            let Parsed { inbound, words } = parsed;
            let content = as_said_first(inbound.content);
            let inbound = Inbound { content, ..inbound };
            Some(Parsed { inbound, words })
        }
        (Words::Other | Words::Overheard | Words::OverheardAlbum, _) => Some(parsed),
    }
}

/// Returns an edited message as one that was never said to the bot before.
fn as_said_first(content: InboundContent) -> InboundContent {
    let InboundContent::Edited {
        message,
        prompt,
        text,
        markdown,
        pointing,
        reply_to,
        context,
        files,
    } = content
    else {
        return content;
    };
    InboundContent::Text {
        message,
        prompt,
        text,
        markdown,
        context,
        goes_on: None,
        pointing,
        reply_to,
        files,
    }
}

fn message_of(content: &InboundContent) -> Option<MessageId> {
    match content {
        InboundContent::Text { message, .. }
        | InboundContent::Edited { message, .. }
        | InboundContent::Unsupported { message, .. } => Some(*message),
        InboundContent::Button { .. }
        | InboundContent::DraftStopped { .. }
        | InboundContent::Reaction { .. }
        | InboundContent::Joined
        | InboundContent::Left
        | InboundContent::Moved { .. } => None,
    }
}

fn said(chat: ChatId, message: MessageId) -> Trace {
    trace_of(chat, message, "said")
}

/// Returns the trace of an album of which a message was said to the bot.
fn said_album(inbound: &Inbound) -> Option<Trace> {
    let album = album_of(&inbound.content)?;
    let Sender::Person(person) = &inbound.sender else {
        return None;
    };
    let (chat, author) = (inbound.chat().0, person.user.0);
    Some(Trace(format!("{chat} album {album} of {author} said")))
}

fn trace_of(chat: ChatId, message: MessageId, what: &str) -> Trace {
    Trace(format!("{} {} {what}", chat.0, message.0))
}

#[cfg(test)]
mod tests;
