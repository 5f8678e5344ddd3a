//! Pure: what an edited message is: a change, a command, or the first that is said to the bot.
//!
//! An edit brings only what the message is now. What it was is remembered: that it was said to the
//! bot, and which command it was.

use super::slash_command::{Parsed, Words};
use super::{ChatKind, Inbound, InboundContent};
use crate::ids::{ChatId, MessageId, Trace};

/// Returns what is to be remembered of a message that was dealt with.
pub(super) fn traces(Parsed { inbound, words }: &Parsed) -> Vec<Trace> {
    let Some(message) = message_of(&inbound.content) else {
        return Vec::new();
    };
    let chat = inbound.chat();
    let command = match words {
        Words::Command(command) => Some(trace_of(chat, message, &format!("{command:?}"))),
        Words::Overheard => return Vec::new(),
        Words::Other => None,
    };
    // In private every message is said to the bot.
    let said = match inbound.chat_kind {
        ChatKind::Group => Some(said(chat, message)),
        ChatKind::Private | ChatKind::Channel => None,
    };
    command.into_iter().chain(said).collect()
}

/// Returns what an update is, by what is remembered of its message; `None` for an edit of a command
/// that is the same command still.
pub(super) fn settled(parsed: Parsed, is_remembered: impl Fn(&Trace) -> bool) -> Option<Parsed> {
    let InboundContent::Edited { message, .. } = parsed.inbound.content else {
        return Some(parsed);
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
        (Words::Other | Words::Overheard, _) => Some(parsed),
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
        | InboundContent::Joined
        | InboundContent::Left
        | InboundContent::Moved { .. } => None,
    }
}

fn said(chat: ChatId, message: MessageId) -> Trace {
    trace_of(chat, message, "said")
}

fn trace_of(chat: ChatId, message: MessageId, what: &str) -> Trace {
    Trace(format!("{} {} {what}", chat.0, message.0))
}

#[cfg(test)]
mod tests;
